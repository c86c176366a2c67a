//! Storage that Kubernetes once drove by itself: since when it does not, and what drives it now.

pub(super) struct Plugin {
    /// The field of a volume or persistent volume.
    pub field: &'static str,
    /// The provisioner of storage classes; empty where there was none.
    pub provisioner: &'static str,
    /// The release without the driver.
    pub removed: u32,
    /// The CSI driver that serves the old field in its place; empty where the field is dead.
    pub driver: &'static str,
}

const fn plugin(field: &'static str, provisioner: &'static str, removed: u32, driver: &'static str) -> Plugin {
    Plugin { field, provisioner, removed, driver }
}

static PLUGINS: &[Plugin] = &[
    plugin("awsElasticBlockStore", "kubernetes.io/aws-ebs", 27, "ebs.csi.aws.com"),
    plugin("azureDisk", "kubernetes.io/azure-disk", 27, "disk.csi.azure.com"),
    plugin("azureFile", "kubernetes.io/azure-file", 30, "file.csi.azure.com"),
    plugin("cinder", "kubernetes.io/cinder", 26, "cinder.csi.openstack.org"),
    plugin("gcePersistentDisk", "kubernetes.io/gce-pd", 28, "pd.csi.storage.gke.io"),
    plugin("vsphereVolume", "kubernetes.io/vsphere-volume", 30, "csi.vsphere.vmware.com"),
    plugin("cephfs", "", 31, ""),
    plugin("flocker", "", 25, ""),
    plugin("glusterfs", "kubernetes.io/glusterfs", 26, ""),
    plugin("quobyte", "kubernetes.io/quobyte", 25, ""),
    plugin("rbd", "kubernetes.io/rbd", 31, ""),
    plugin("scaleIO", "kubernetes.io/scaleio", 22, ""),
    plugin("storageos", "kubernetes.io/storageos", 25, ""),
];

pub(super) fn by_field(field: &str) -> Option<&'static Plugin> {
    PLUGINS.iter().find(|plugin| plugin.field == field)
}

pub(super) fn by_provisioner(name: &str) -> Option<&'static Plugin> {
    PLUGINS.iter().find(|plugin| !plugin.provisioner.is_empty() && plugin.provisioner == name)
}

impl Plugin {
    /// What has become of it, to follow its name.
    pub(super) fn fate(&self) -> String {
        match self.driver {
            "" => format!("is gone since v1.{}: nothing mounts it any more", self.removed),
            driver => format!("is not built in since v1.{}: it needs the CSI driver `{driver}`", self.removed),
        }
    }
}
