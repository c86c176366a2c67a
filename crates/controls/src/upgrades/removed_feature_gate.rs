//! Feature gates that the target release does not know.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::cluster_target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/removed-feature-gate",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "Component names a removed feature gate",
    why: "A component refuses to start with a feature gate that it does not know: the control plane stays down after \
          the upgrade.",
    fix: "Remove the gate from --feature-gates: what it stood for is always on, or gone.",
    maps_to: &[],
    check: Check::Cluster { run },
};

/// Releases by which the gate is gone for certain; some went one or two earlier. Sorted by name.
const GATES: [(&str, u32); 40] = [
    ("AdvancedAuditing", 32),
    ("AllowInsecureBackendProxy", 27),
    ("BlockVolume", 23),
    ("BoundServiceAccountTokenVolume", 25),
    ("CSIDriverRegistry", 23),
    ("CSIMigration", 29),
    ("CSIMigrationAWS", 28),
    ("CSIMigrationGCE", 29),
    ("CSINodeInfo", 23),
    ("CSRDuration", 27),
    ("CronJobControllerV2", 25),
    ("DefaultPodTopologySpread", 27),
    ("DynamicAuditing", 20),
    ("DynamicKubeletConfig", 27),
    ("EndpointSlice", 26),
    ("EndpointSliceProxying", 26),
    ("EphemeralContainers", 28),
    ("ExpandPersistentVolumes", 28),
    ("GenericEphemeralVolume", 26),
    ("IPv6DualStack", 26),
    ("ImmutableEphemeralVolumes", 26),
    ("IndexedJob", 27),
    ("IngressClassNamespacedParams", 26),
    ("KubeletPodResources", 31),
    ("LegacyServiceAccountTokenNoAutoGeneration", 30),
    ("PodDisruptionBudget", 27),
    ("PodOverhead", 27),
    ("PodPriority", 20),
    ("PodSecurity", 29),
    ("RotateKubeletClientCertificate", 23),
    ("RunAsGroup", 25),
    ("SeccompDefault", 30),
    ("ServiceAccountIssuerDiscovery", 25),
    ("ServiceTopology", 24),
    ("StartupProbe", 25),
    ("SupportPodPidsLimit", 25),
    ("SuspendJob", 27),
    ("TTLAfterFinished", 26),
    ("TaintBasedEvictions", 22),
    ("TokenRequestProjection", 23),
];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let target = cluster_target(facts, report);
    let roles = [Role::ApiServer, Role::ControllerManager, Role::Scheduler];
    let components: Vec<_> = roles.into_iter().flat_map(|role| facts.components(role, report)).collect();
    for component in components {
        // The flag may be given several times; the gates add up.
        for flag in component.flags.iter().filter(|flag| &*flag.name == "feature-gates") {
            let gates = flag.value.split(',').filter_map(|gate| gate.split('=').next()).map(str::trim);
            for gate in gates {
                let Ok(position) = GATES.binary_search_by(|(name, _)| (*name).cmp(gate)) else { continue };
                if GATES.get(position).is_none_or(|(_, release)| *release > target) {
                    continue;
                }
                let name = component.role.id();
                let message = format!("{name} of v1.{target} does not know the feature gate `{gate}`");
                let key = format!("{name} {gate}");
                report.finding(&component.origin.subject, flag.evidence.clone(), key, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GATES;

    #[test]
    fn gates_are_sorted_for_the_search() {
        assert!(GATES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
