//! Ports of the node.

use rampart_model::{Check, Control, KubernetesVersion, Mapping, Rule, Severity, Standard, Value};

use super::standard::{Level, PodCheck, Violations};
use super::view::{PodView, is_on};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/host-ports",
    control: Control::PodSecurity,
    severity: Severity::High,
    title: "Container takes a port of its node",
    why: "A host port is open on every address of the node, past Services, Ingresses and most network policies, and \
          can pose as a service of the node.",
    fix: "Remove `hostPort` and publish the port through a Service.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.12"),
        Mapping(Standard::PodSecurityStandards, "baseline: Host Ports"),
        Mapping(Standard::MitreAttack, "T1133"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Baseline, since: 0, run };

fn run<'d>(pod: &PodView<'d>, _: KubernetesVersion, found: &mut Violations<'d>) {
    let mut shares_network = None;
    for container in &pod.containers {
        for port in container.container.value.field("ports").into_iter().flat_map(Value::items) {
            let Some(host_port) = port.field("hostPort").filter(|port| port.f64() != Some(0.0)) else { continue };
            // In the node's network every port is a host port: the API server fills the field in, and host-namespaces
            // reports the cause.
            if *shares_network.get_or_insert_with(|| is_on(pod.pod.spec.field("hostNetwork")))
                && port.field("containerPort") == Some(host_port)
            {
                continue;
            }
            let (name, number) = (container.name(), host_port.brief());
            let message = format!("container `{name}` listens on port {number} of its node");
            found.at(host_port, format!("{name} {number}"), message).remove();
        }
    }
}
