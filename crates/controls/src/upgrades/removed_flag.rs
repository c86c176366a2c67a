//! Flags and flag values of control-plane components that the target release does not know.

use rampart_model::facts::control_plane::{Component, Role};
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Remedy, Reporter, Rule, Severity};

use super::cluster_target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/removed-flag",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "Component is started with a removed flag",
    why: "A component refuses to start with a flag, admission plugin or cloud provider that it does not know: the \
          control plane stays down after the upgrade.",
    fix: "Remove the flag or value before the upgrade, and set what replaced it.",
    maps_to: &[],
    check: Check::Cluster { run },
};

const ROLES: [Role; 3] = [Role::ApiServer, Role::ControllerManager, Role::Scheduler];

/// Releases by which the flag is gone for certain; some went one or two earlier.
const FLAGS: [(Role, &str, u32); 21] = [
    (Role::ApiServer, "address", 24),
    (Role::ApiServer, "basic-auth-file", 19),
    (Role::ApiServer, "insecure-bind-address", 24),
    (Role::ApiServer, "insecure-port", 24),
    (Role::ApiServer, "kubelet-https", 24),
    (Role::ApiServer, "port", 24),
    (Role::ControllerManager, "address", 24),
    (Role::ControllerManager, "enable-taint-manager", 27),
    (Role::ControllerManager, "experimental-cluster-signing-duration", 25),
    (Role::ControllerManager, "pod-eviction-timeout", 27),
    (Role::ControllerManager, "port", 24),
    (Role::Scheduler, "address", 24),
    (Role::Scheduler, "algorithm-provider", 23),
    (Role::Scheduler, "lock-object-name", 24),
    (Role::Scheduler, "lock-object-namespace", 24),
    (Role::Scheduler, "policy-config-file", 23),
    (Role::Scheduler, "policy-configmap", 23),
    (Role::Scheduler, "policy-configmap-namespace", 23),
    (Role::Scheduler, "port", 24),
    (Role::Scheduler, "scheduler-name", 24),
    (Role::Scheduler, "use-legacy-policy-config", 23),
];

const PLUGINS: [(&str, u32); 6] = [
    ("DenyEscalatingExec", 21),
    ("DenyExecOnPrivileged", 21),
    ("Initializers", 14),
    ("PodPreset", 20),
    ("PodSecurityPolicy", 25),
    ("SecurityContextDeny", 30),
];

const PROVIDERS: [(&str, u32); 5] = [("aws", 27), ("azure", 31), ("gce", 31), ("openstack", 26), ("vsphere", 31)];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let target = cluster_target(facts, report);
    let components: Vec<_> = ROLES.into_iter().flat_map(|role| facts.components(role, report)).collect();
    for component in components {
        flags(component, target, report);
        let plugins = ["enable-admission-plugins", "disable-admission-plugins", "admission-control"];
        for name in plugins.into_iter().filter(|_| component.role == Role::ApiServer) {
            let gone = |member: &&str| PLUGINS.iter().any(|(plugin, release)| plugin == member && *release <= target);
            for plugin in component.list_of(name).filter(gone) {
                let message = format!("`--{name}` names the plugin `{plugin}`, which v1.{target} does not know");
                let key = format!("{} {plugin}", component.role.id());
                report.finding(&component.origin.subject, component.evidence(name), key, message);
            }
        }
        let provider = component.value("cloud-provider").unwrap_or_default();
        if PROVIDERS.iter().any(|(name, release)| *name == provider && *release <= target) {
            let message = format!(
                "`--cloud-provider={provider}` is not built in any more in v1.{target}: run its cloud controller manager and set `external`"
            );
            let key = format!("{} cloud-provider", component.role.id());
            report.finding(&component.origin.subject, component.evidence("cloud-provider"), key, message);
        }
    }
}

fn flags(component: &Component, target: u32, report: &mut Reporter<'_>) {
    for flag in &component.flags {
        let is_gone = FLAGS
            .iter()
            .any(|(role, name, release)| *role == component.role && **name == *flag.name && *release <= target);
        if is_gone {
            let name = component.role.id();
            let message = format!("{name} of v1.{target} does not know `--{}`", flag.name);
            let key = format!("{name} {}", flag.name);
            let entry = report.finding(&component.origin.subject, flag.evidence.clone(), key, message);
            if flag.is_one_word {
                entry.remedy(Remedy::Remove { path: flag.evidence.path.clone() });
            }
        }
    }
}
