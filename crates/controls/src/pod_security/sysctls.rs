//! Kernel settings that are not known to stay within the pod.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/sysctls",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Unsafe sysctl",
    why: "A kernel setting outside the safe set may act on the whole node: on its other pods, its memory or its \
          defences.",
    fix: "Remove the sysctl, or set it on dedicated nodes by their own configuration.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "baseline: Sysctls")],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

/// The safe sysctls and the minor release from which on each of them is one.
const SAFE: &[(&str, u32)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_notsent_lowat", 37),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.tcp_wmem", 32),
];

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    for sysctl in pod.setting(&["sysctls"]).into_iter().flat_map(Value::items) {
        let name = sysctl.field("name");
        let text = name.and_then(Value::str).unwrap_or("");
        let is_safe = SAFE.iter().any(|(safe, since)| *safe == text && version >= KubernetesVersion::minor(*since));
        if !is_safe {
            found.at(name.unwrap_or(sysctl), text, format!("sysctl `{text}` is not in the safe set of {version}"));
        }
    }
}
