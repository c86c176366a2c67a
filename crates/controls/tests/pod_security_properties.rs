//! What holds for the Pod Security levels whatever the pod looks like.

use rampart_controls::pod_security::standard::{Level, allows, evaluate, standing};
use rampart_model::document::read_documents;
use rampart_model::{KubernetesVersion, Limits, Object, Pod, SourceText};

use proptest::prelude::*;

/// Every key that a check looks at, and some that none does.
const KEYS: &[&str] = &[
    "add",
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "configMap",
    "containerPort",
    "containers",
    "drop",
    "emptyDir",
    "ephemeralContainers",
    "host",
    "hostIPC",
    "hostNetwork",
    "hostPath",
    "hostPID",
    "hostPort",
    "hostProcess",
    "hostUsers",
    "httpGet",
    "initContainers",
    "lifecycle",
    "livenessProbe",
    "name",
    "nfs",
    "os",
    "path",
    "ports",
    "postStart",
    "preStop",
    "privileged",
    "procMount",
    "role",
    "runAsNonRoot",
    "runAsUser",
    "seccompProfile",
    "securityContext",
    "seLinuxOptions",
    "sysctls",
    "tcpSocket",
    "type",
    "user",
    "volumes",
    "windowsOptions",
];
const WORDS: &[&str] = &[
    "",
    "a",
    "ALL",
    "CHOWN",
    "Default",
    "Localhost",
    "NET_BIND_SERVICE",
    "RuntimeDefault",
    "SYS_ADMIN",
    "Unconfined",
    "Unmasked",
    "container_engine_t",
    "container_t",
    "net.ipv4.tcp_rmem",
    "windows",
];

fn anything() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        prop_oneof![Just(0i64), any::<i64>()].prop_map(Into::into),
        prop::sample::select(WORDS).prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..6)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

prop_compose! {
    /// A security context that is often right.
    fn context()(
        run_as_non_root in prop::option::of(any::<bool>()),
        escalation in prop::option::of(any::<bool>()),
        user in prop::option::of(0u8..2),
        drop in prop::option::of(prop::sample::select(WORDS)),
        add in prop::option::of(prop::sample::select(WORDS)),
        seccomp in prop::option::of(prop::sample::select(WORDS)),
        mount in prop::option::of(prop::sample::select(WORDS)),
    ) -> serde_json::Value {
        serde_json::json!({
            "runAsNonRoot": run_as_non_root,
            "allowPrivilegeEscalation": escalation,
            "runAsUser": user,
            "capabilities": {"drop": drop.map(|name| vec![name]), "add": add.map(|name| vec![name])},
            "seccompProfile": seccomp.map(|kind| serde_json::json!({"type": kind})),
            "procMount": mount,
        })
    }
}

prop_compose! {
    fn plausible_spec()(
        own in prop::option::of(context()),
        containers in prop::collection::vec(prop::option::of(context()), 0..4),
        volume in anything(),
        host_users in prop::option::of(any::<bool>()),
        os in prop::option::of(prop::sample::select(WORDS)),
    ) -> serde_json::Value {
        let containers: Vec<_> = containers
            .into_iter()
            .map(|context| serde_json::json!({"name": "a", "securityContext": context}))
            .collect();
        serde_json::json!({
            "securityContext": own,
            "containers": containers,
            "volumes": [volume],
            "hostUsers": host_users,
            "os": os.map(|name| serde_json::json!({"name": name})),
        })
    }
}

fn check(spec: &serde_json::Value) {
    let text = serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec});
    let (documents, _) = read_documents(SourceText::new("pod.json", text.to_string()), &Limits::STANDARD);
    for object in documents.iter().flat_map(Object::all) {
        for pod in Pod::all(object) {
            let standing = standing(&pod);
            for (level, since) in [(Level::Baseline, standing.baseline), (Level::Restricted, standing.restricted)] {
                assert_eq!(allows(level, KubernetesVersion::LATEST, &pod), since.is_none(), "{text}");
                for minor in since.into_iter().flat_map(|since| since..=KubernetesVersion::LATEST.minor) {
                    assert!(!allows(level, KubernetesVersion::minor(minor), &pod), "v1.{minor}: {text}");
                }
            }
            for minor in 0..=KubernetesVersion::LATEST.minor + 1 {
                let version = KubernetesVersion::minor(minor);
                let passes = |level| allows(level, version, &pod);
                assert!(passes(Level::Privileged));
                assert!(passes(Level::Baseline) || !passes(Level::Restricted), "v1.{minor}: {text}");
                for level in [Level::Baseline, Level::Restricted] {
                    assert_eq!(passes(level), evaluate(level, version, &pod).is_empty(), "v1.{minor}: {text}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn levels_are_nested_and_total_for_any_spec(spec in anything()) {
        check(&spec);
    }

    #[test]
    fn levels_are_nested_for_plausible_pods(spec in plausible_spec()) {
        check(&spec);
    }
}
