//! Where the Pod Security Standards change with the release: each control, by every minor release from v1.0 on.

#![expect(clippy::expect_used, reason = "a broken test pod must stop the test")]

use std::sync::Arc;

use rampart_controls::pod_security::standard::{Level, allows, evaluate, policy_version};
use rampart_model::{Document, KubernetesVersion, Limits, Object, Pod, SourceText};

/// Runs `ask` on the only pod of a manifest that has `rest` as its end.
fn with_pod<T>(rest: &str, ask: impl Fn(&Pod<'_>) -> T) -> T {
    let text = format!("apiVersion: v1\nkind: Pod\n{rest}");
    let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("pod.yaml", text)), &Limits::STANDARD);
    assert_eq!(error, None);
    let document = documents.first().expect("a document");
    let object = Object::of(document.root()).expect("an object");
    ask(Pod::all(object).first().expect("a pod"))
}

/// The minor releases for which `holds`, as ranges: `0-24 35-37`.
fn minors(holds: impl Fn(KubernetesVersion) -> bool) -> String {
    let newest = KubernetesVersion::LATEST.minor;
    let is_in = |minor: u32| minor <= newest && holds(KubernetesVersion::minor(minor));
    let mut ranges = Vec::new();
    let mut minor = 0;
    while minor <= newest {
        if is_in(minor) {
            let first = minor;
            while is_in(minor + 1) {
                minor += 1;
            }
            ranges.push(format!("{first}-{minor}"));
        }
        minor += 1;
    }
    ranges.join(" ")
}

/// The minor releases by whose standard the rule finds something in the pod.
fn found_by(rule: &str, rest: &str) -> String {
    with_pod(rest, |pod| {
        minors(|version| evaluate(Level::Restricted, version, pod).iter().any(|violation| violation.rule == rule))
    })
}

fn denied_at(level: Level, rest: &str) -> String {
    with_pod(rest, |pod| minors(|version| !allows(level, version, pod)))
}

#[test]
fn controls_that_never_changed_hold_for_every_release() {
    for (rule, rest) in [
        ("pod-security/privileged", "spec: {containers: [{name: a, securityContext: {privileged: true}}]}"),
        ("pod-security/host-namespaces", "spec: {hostPID: true}"),
        ("pod-security/host-namespaces", "spec: {hostIPC: true}"),
        ("pod-security/host-namespaces", "spec: {hostNetwork: true}"),
        ("pod-security/host-process", "spec: {securityContext: {windowsOptions: {hostProcess: true}}}"),
        (
            "pod-security/capabilities",
            "spec: {initContainers: [{name: a, securityContext: {capabilities: {add: [NET_RAW]}}}]}",
        ),
        ("pod-security/host-path-volumes", "spec: {volumes: [{name: a, hostPath: {path: /srv}}]}"),
        ("pod-security/host-ports", "spec: {containers: [{name: a, ports: [{containerPort: 1, hostPort: 2}]}]}"),
        ("pod-security/app-armor", "spec: {securityContext: {appArmorProfile: {type: Unconfined}}}"),
        (
            "pod-security/app-armor",
            "metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/gone: unconfined}}\nspec: {}",
        ),
        ("pod-security/se-linux", "spec: {securityContext: {seLinuxOptions: {type: spc_t}}}"),
        ("pod-security/se-linux", "spec: {securityContext: {seLinuxOptions: {user: root}}}"),
        ("pod-security/se-linux", "spec: {securityContext: {seLinuxOptions: {role: root}}}"),
        ("pod-security/sysctls", "spec: {securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}}"),
        ("pod-security/volume-types", "spec: {volumes: [{name: a, nfs: {server: s, path: /}}]}"),
        ("pod-security/run-as-non-root", "spec: {containers: [{name: a}]}"),
        (
            "pod-security/run-as-non-root",
            "spec: {ephemeralContainers: [{name: a, securityContext: {runAsNonRoot: false}}]}",
        ),
    ] {
        assert_eq!(found_by(rule, rest), "0-37", "{rule}: {rest}");
    }
}

#[test]
fn controls_begin_with_the_release_that_brought_them() {
    for (rule, rest, releases) in [
        ("pod-security/privilege-escalation", "spec: {containers: [{name: a}]}", "8-37"),
        ("pod-security/seccomp-restricted", "spec: {containers: [{name: a}]}", "19-37"),
        ("pod-security/capabilities-restricted", "spec: {containers: [{name: a}]}", "22-37"),
        (
            "pod-security/capabilities-restricted",
            "spec: {containers: [{name: a, securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}}]}",
            "22-37",
        ),
        ("pod-security/run-as-user", "spec: {containers: [{name: a, securityContext: {runAsUser: 0}}]}", "23-37"),
        ("pod-security/run-as-user", "spec: {securityContext: {runAsUser: 0}}", "23-37"),
        (
            "pod-security/host-probes",
            "spec: {containers: [{name: a, livenessProbe: {httpGet: {port: 1, host: b}}}]}",
            "34-37",
        ),
        (
            "pod-security/host-probes",
            "spec: {ephemeralContainers: [{name: a, lifecycle: {preStop: {tcpSocket: {port: 1, host: b}}}}]}",
            "34-37",
        ),
    ] {
        assert_eq!(found_by(rule, rest), releases, "{rule}: {rest}");
    }
}

#[test]
fn seccomp_moves_from_annotations_to_fields_with_v1_19() {
    let annotated = "metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}\nspec: {}";
    assert_eq!(found_by("pod-security/seccomp", annotated), "0-18");
    let of_container = "metadata: {annotations: {container.seccomp.security.alpha.kubernetes.io/a: unconfined}}\n\
                        spec: {containers: [{name: a}]}";
    assert_eq!(found_by("pod-security/seccomp", of_container), "0-18");
    let of_nobody = "metadata: {annotations: {container.seccomp.security.alpha.kubernetes.io/b: unconfined}}\n\
                     spec: {containers: [{name: a}]}";
    assert_eq!(found_by("pod-security/seccomp", of_nobody), "");
    let docker = "metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: docker/default}}\nspec: {}";
    assert_eq!(found_by("pod-security/seccomp", docker), "");
    let field = "spec: {securityContext: {seccompProfile: {type: Unconfined}}}";
    assert_eq!(found_by("pod-security/seccomp", field), "19-37");
    let of_container = "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]}";
    assert_eq!(found_by("pod-security/seccomp", of_container), "19-37");
}

#[test]
fn sysctls_become_safe_with_their_release() {
    for (sysctl, unsafe_in) in [
        ("kernel.shm_rmid_forced", ""),
        ("net.ipv4.ip_local_port_range", ""),
        ("net.ipv4.ip_unprivileged_port_start", ""),
        ("net.ipv4.ping_group_range", ""),
        ("net.ipv4.tcp_syncookies", ""),
        ("net.ipv4.ip_local_reserved_ports", "0-26"),
        ("net.ipv4.tcp_fin_timeout", "0-28"),
        ("net.ipv4.tcp_keepalive_intvl", "0-28"),
        ("net.ipv4.tcp_keepalive_probes", "0-28"),
        ("net.ipv4.tcp_keepalive_time", "0-28"),
        ("net.ipv4.tcp_rmem", "0-31"),
        ("net.ipv4.tcp_wmem", "0-31"),
        ("net.ipv4.tcp_notsent_lowat", "0-36"),
        ("net.ipv4.tcp_slow_start_after_idle", "0-36"),
        ("net.core.somaxconn", "0-37"),
        ("''", "0-37"),
    ] {
        let rest = format!("spec: {{securityContext: {{sysctls: [{{name: {sysctl}, value: '1'}}]}}}}");
        assert_eq!(found_by("pod-security/sysctls", &rest), unsafe_in, "{sysctl}");
    }
}

#[test]
fn container_engines_get_their_selinux_type_with_v1_31() {
    let rest = "spec: {containers: [{name: a, securityContext: {seLinuxOptions: {type: container_engine_t}}}]}";
    assert_eq!(found_by("pod-security/se-linux", rest), "0-30");
}

#[test]
fn windows_pods_are_not_asked_for_what_only_linux_knows_from_v1_25_on() {
    let windows = "spec: {os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a}]}";
    assert_eq!(found_by("pod-security/privilege-escalation", windows), "8-24");
    assert_eq!(found_by("pod-security/seccomp-restricted", windows), "19-24");
    assert_eq!(found_by("pod-security/capabilities-restricted", windows), "22-24");
    assert_eq!(denied_at(Level::Restricted, windows), "8-24");
    let linux = windows.replace("windows", "linux");
    assert_eq!(denied_at(Level::Restricted, &linux), "8-37");
    let as_root = "spec: {os: {name: windows}, containers: [{name: a}]}";
    assert_eq!(found_by("pod-security/run-as-non-root", as_root), "0-37");
}

#[test]
fn pods_with_users_of_their_own_may_do_more_from_v1_35_on() {
    let root = "spec: {hostUsers: false, securityContext: {runAsUser: 0}, containers: [{name: a}]}";
    assert_eq!(found_by("pod-security/run-as-non-root", root), "0-34");
    assert_eq!(found_by("pod-security/run-as-user", root), "23-34");
    let unmasked = "spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}";
    assert_eq!(found_by("pod-security/proc-mount", unmasked), "0-34");
    assert_eq!(found_by("pod-security/proc-mount-restricted", unmasked), "35-37");
    assert_eq!(denied_at(Level::Baseline, unmasked), "0-34");
    assert_eq!(denied_at(Level::Restricted, unmasked), "0-37");
    let shared = unmasked.replace("false", "true");
    assert_eq!(denied_at(Level::Baseline, &shared), "0-37");
    assert_eq!(denied_at(Level::Baseline, &unmasked.replace("hostUsers: false, ", "")), "0-37");
}

#[test]
fn a_pod_without_settings_passes_baseline_and_fails_restricted() {
    let plain = "spec: {containers: [{name: a, image: b}]}";
    assert_eq!(denied_at(Level::Privileged, plain), "");
    assert_eq!(denied_at(Level::Baseline, plain), "");
    assert_eq!(denied_at(Level::Restricted, plain), "0-37");
    assert_eq!(denied_at(Level::Privileged, "spec: {hostPID: true}"), "");
}

#[test]
fn a_hardened_pod_passes_every_level_of_every_release() {
    let hardened = "spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
  volumes:
  - {name: nothing}
  - {name: model, image: {reference: registry.example/model:1}}
";
    for level in [Level::Privileged, Level::Baseline, Level::Restricted] {
        assert_eq!(denied_at(level, hardened), "");
    }
}

#[test]
fn versions_are_read_as_in_labels() {
    assert_eq!(policy_version("latest"), Ok(KubernetesVersion::LATEST));
    assert_eq!(policy_version("v1.0"), Ok(KubernetesVersion::minor(0)));
    assert_eq!(policy_version("v1.99"), Ok(KubernetesVersion::minor(99)));
    for wrong in ["", "1.25", "v1", "v1.", "v1.07", "v2.1", "v1.25.3", "Latest", "v1.-1", "v1.99999999999"] {
        assert!(policy_version(wrong).is_err(), "{wrong}");
    }
}
