//! Profiling left on in a component of the control plane.

use rampart_model::facts::Facts;
use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "audit/profiling",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Profiling of a control-plane component is on",
    why: "The profiling paths give away names of objects and the inner workings of the component, and let a caller keep \
          it busy, none of which an operator needs day to day.",
    fix: "Set --profiling=false on kube-apiserver, kube-controller-manager and kube-scheduler.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.15"),
        Mapping(Standard::CisKubernetes, "1.3.2"),
        Mapping(Standard::CisKubernetes, "1.4.1"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for role in [Role::ApiServer, Role::ControllerManager, Role::Scheduler] {
        for component in facts.components(role, report) {
            if let Some(file) = component.value("config").filter(|_| role == Role::Scheduler) {
                report.gap(
                    format!("the scheduler's settings in `{file}` are not among what was scanned"),
                    "run `rampart node benchmark` on the control-plane nodes",
                );
            } else if component.is_on("profiling") != Some(false) {
                let message = match component.flag("profiling") {
                    Some(_) => format!("`--profiling` of {} is on", role.id()),
                    None => format!("`--profiling` of {} is on, since it is not set to false", role.id()),
                };
                Complaint::new("profiling", message).wanted("false").report(component, report);
            }
        }
    }
}
