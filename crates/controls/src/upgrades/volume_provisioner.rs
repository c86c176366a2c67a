//! Persistent volumes and storage classes of drivers that the target release does not have.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Reporter, Rule, Severity, Value};

use super::{target, volume_plugin};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/volume-provisioner",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "Storage class or volume of a removed driver",
    why: "New claims of such a class stay pending and existing volumes cannot be mounted, unless the CSI driver that \
          takes over is installed before the upgrade.",
    fix: "Install the CSI driver, make a storage class with its provisioner, and move volumes over.",
    maps_to: &[],
    check: Check::Object { kinds: Kinds::Of(&["/PersistentVolume", "storage.k8s.io/StorageClass"]), run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let value = object.value();
    let found =
        match object.kind() {
            "StorageClass" => value
                .field("provisioner")
                .and_then(|provisioner| Some((provisioner, volume_plugin::by_provisioner(provisioner.str()?)?))),
            _ => value.field("spec").into_iter().flat_map(Value::entries).find_map(|(field, source)| {
                Some((source, volume_plugin::by_field(field).filter(|_| !source.is_null())?))
            }),
        };
    let Some((place, plugin)) = found.filter(|(_, plugin)| plugin.removed <= target(report)) else { return };
    let name = if object.kind() == "StorageClass" { plugin.provisioner } else { plugin.field };
    let entry = report.finding(&object.subject(), place, name, format!("`{name}` {}", plugin.fate()));
    if !plugin.driver.is_empty() {
        entry.severity(Severity::Low);
    }
}
