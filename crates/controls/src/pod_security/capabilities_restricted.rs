//! Containers that keep capabilities which they were not seen to need.

use rampart_model::document::Kind;
use rampart_model::{Check, Control, KubernetesVersion, Mapping, Place, Rule, Severity, Standard};

use super::capabilities;
use super::privilege_escalation::WINDOWS;
use super::standard::{Level, PodCheck, Violations};
use super::view::{ContainerView, PodView, is_one_of};

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/capabilities-restricted",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Capabilities are not dropped",
    why: "Runtimes give every container a dozen capabilities, among them changing owners, sending raw packets and \
          entering other users. Hardly any service needs one, and each is a tool for whoever breaks in.",
    fix: "Drop `ALL`; where the service listens below port 1024, add `NET_BIND_SERVICE`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.8"),
        Mapping(Standard::CisKubernetes, "5.2.9"),
        Mapping(Standard::PodSecurityStandards, "restricted: Capabilities"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1611"),
    ],
    check: Check::Pod { run: |pod, report| CHECK.report(pod, report) },
};

pub(super) static CHECK: PodCheck = PodCheck { rule: RULE.id, level: Level::Restricted, since: 22, run };

fn run<'d>(pod: &PodView<'d>, version: KubernetesVersion, found: &mut Violations<'d>) {
    if pod.is_windows && version >= WINDOWS {
        return;
    }
    for container in &pod.containers {
        if !container.capabilities("drop").any(|dropped| dropped.str() == Some("ALL")) {
            keeps_all(container, found);
        }
        for added in container.capabilities("add") {
            // What the baseline level forbids as well is reported there.
            if is_one_of(added, capabilities::ALLOWED) && added.str() != Some("NET_BIND_SERVICE") {
                let (name, capability) = (container.name(), added.brief());
                let message = format!("container `{name}` adds capability `{capability}`");
                found.at(added, format!("{name} {capability}"), message).severity(Severity::Low);
            }
        }
    }
}

fn keeps_all<'d>(container: &ContainerView<'d>, found: &mut Violations<'d>) {
    let name = container.name();
    let list = container.setting(&["capabilities", "drop"]).filter(|list| list.kind() == Kind::Array);
    let place = match (list, container.setting(&["capabilities"]), container.context) {
        (Some(list), _, _) => Place::At(list),
        (None, Some(capabilities), _) => Place::Missing(capabilities, "drop"),
        (None, None, Some(context)) => Place::Missing(context, "capabilities.drop"),
        (None, None, None) => Place::Missing(container.container.value, "securityContext.capabilities.drop"),
    };
    let violation = found.push(place, name, format!("container `{name}` does not drop all capabilities"));
    match list {
        Some(list) => violation.append_to(list, "\"ALL\""),
        None => violation.set("[\"ALL\"]"),
    };
}
