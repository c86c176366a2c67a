//! Probes and lifecycle hooks that the kubelet sends to an address of the pod author's choice.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::PodView;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/host-probes",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Probe or hook aims at another host",
    why: "Probes and hooks are sent by the kubelet from the node's network. With a `host` the pod's author makes the \
          node call services that the pod itself could not reach.",
    fix: "Remove `host`: the kubelet then calls the pod's own address.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "baseline: Host Probes / Lifecycle Hooks")],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 34, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    for container in &pod.containers {
        for (field, value) in container.container.value.entries() {
            match field {
                "livenessProbe" | "readinessProbe" | "startupProbe" => hosts(container.name(), field, value, found),
                "lifecycle" => {
                    for hook in ["postStart", "preStop"] {
                        if let Some(handler) = value.field(hook) {
                            hosts(container.name(), hook, handler, found);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn hosts<'d>(container: &str, field: &str, handler: Value<'d>, found: &mut Violations<'d>) {
    for action in ["httpGet", "tcpSocket"] {
        let Some(host) = handler.dig(&[action, "host"]).filter(|host| host.str() != Some("")) else { continue };
        let message = format!("`{field}` of container `{container}` goes to host `{}`", host.brief());
        found.at(host, format!("{container} {field} {action}"), message).remove();
    }
}
