//! Pods with volumes of storage that the target release does not drive by itself.

use rampart_model::rule::Check;
use rampart_model::{Control, Pod, Reporter, Rule, Severity};

use super::{target, volume_plugin};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/removed-volume-plugin",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "Volume of a removed storage driver",
    why: "On a release without the driver the volume is not mounted, and the pod waits in ContainerCreating for ever; \
          where a CSI driver takes over, it has to be installed first.",
    fix: "Move the data to a claim of a CSI storage class, and mount the claim.",
    maps_to: &[],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for volume in pod.volumes() {
        for (field, source) in volume.entries().filter(|(_, source)| !source.is_null()) {
            let Some(plugin) = volume_plugin::by_field(field).filter(|plugin| plugin.removed <= target(report)) else {
                continue;
            };
            let name = volume.text_at(&["name"]).unwrap_or_default();
            let message = format!("volume `{name}`: `{field}` {}", plugin.fate());
            let entry = report.finding(&pod.object.subject(), source, format!("{name} {field}"), message);
            if !plugin.driver.is_empty() {
                entry.severity(Severity::Low);
            }
        }
    }
}
