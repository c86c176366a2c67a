//! Controls that objects cannot answer: they stand in the matrix as unknown, with the command that checks them.

use rampart_model::{Check, Control, Rule, Severity};

const fn rule(
    id: &'static str,
    control: Control,
    title: &'static str,
    why: &'static str,
    command: &'static str,
) -> Rule {
    Rule {
        id,
        control,
        severity: Severity::Info,
        title,
        why,
        fix: "Run the command that the gap names, on the images or the nodes of this cluster.",
        maps_to: &[],
        check: Check::Elsewhere { command },
    }
}

pub(crate) const RULES: &[&Rule] = &[&IMAGES, &CIS, &MINIMAL_OS, &OS_HARDENING, &ENGINES];

static IMAGES: Rule = rule(
    "image-scanning/images-scanned",
    Control::ImageScanning,
    "Images were not scanned",
    "Manifests name images; the packages inside them, and their known vulnerabilities, are seen only in the images.",
    "rampart image scan REF",
);
static CIS: Rule = rule(
    "cis-kubernetes/nodes-collected",
    Control::CisKubernetes,
    "Nodes were not collected",
    "The benchmark asks for files, flags and modes on each node, which the API does not show.",
    "rampart node benchmark",
);
static MINIMAL_OS: Rule = rule(
    "minimal-os/nodes-collected",
    Control::MinimalOs,
    "Nodes were not collected",
    "How small an operating system is shows in its packages, users and services, not in Kubernetes objects.",
    "rampart node scan",
);
static OS_HARDENING: Rule = rule(
    "os-hardening/nodes-collected",
    Control::OsHardening,
    "Nodes were not collected",
    "Kernel parameters, mounts and services are read on the node itself.",
    "rampart node scan",
);
static ENGINES: Rule = rule(
    "cis-docker/engines-collected",
    Control::CisDocker,
    "Container engines were not collected",
    "The configuration of Docker, containerd and CRI-O lies in files and sockets of each node.",
    "rampart node scan",
);
