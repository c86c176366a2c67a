//! Objects of a believable cluster: mostly workloads, with the settings, access and networking around them.

use super::random::Random;
use super::tree::{Tree, map};

const TEAMS: [&str; 12] = [
    "payments", "catalog", "search", "checkout", "identity", "ledger", "reports", "media", "mail", "fraud", "mobile",
    "edge",
];
const APPS: [&str; 10] =
    ["api", "worker", "frontend", "scheduler", "gateway", "importer", "exporter", "cache", "proxy", "notifier"];
const REGISTRIES: [&str; 4] =
    ["registry.example.com/platform", "ghcr.io/example", "docker.io/library", "quay.io/example"];
const SETTINGS: [&str; 12] = [
    "LOG_LEVEL",
    "HTTP_PORT",
    "CACHE_TTL",
    "QUEUE_URL",
    "METRICS_PATH",
    "REGION",
    "FEATURE_FLAGS",
    "TRACE_RATIO",
    "SHUTDOWN_GRACE",
    "UPSTREAM_URL",
    "POOL_SIZE",
    "LOCALE",
];

/// The namespace of object number `index`.
pub fn namespace(index: usize) -> String {
    let team = TEAMS.get(index / 7 % TEAMS.len()).copied().unwrap_or_default();
    format!("{team}-{}", index / 97 % 20)
}

/// Object number `index`. `scale`: how much it holds; 2 gives objects of about 5 KB as YAML.
pub fn object(index: usize, scale: usize, random: &mut Random) -> Tree {
    let app = APPS.get(index % APPS.len()).copied().unwrap_or_default();
    let name = format!("{app}-{index}");
    match random.below(100) {
        0..40 => workload("apps/v1", "Deployment", &name, index, scale, random),
        40..47 => workload("apps/v1", "StatefulSet", &name, index, scale, random),
        47..50 => workload("apps/v1", "DaemonSet", &name, index, scale, random),
        50..56 => cron_job(&name, index, scale, random),
        56..66 => config_map(&name, index, scale, random),
        66..72 => secret(&name, index, random),
        72..82 => service(&name, index),
        82..86 => ingress(&name, index),
        86..90 => network_policy(&name, index),
        90..93 => role(&name, index, random),
        93..96 => role_binding(&name, index),
        96..98 => head("v1", "ServiceAccount", &name, index).with("automountServiceAccountToken", false),
        _ => head("policy/v1", "PodDisruptionBudget", &name, index)
            .with("spec", map([("minAvailable", 1.into()), ("selector", selector(&name))])),
    }
}

/// Object number `index` of what a cluster holds: more than half of it is made by controllers.
pub fn stored(index: usize, random: &mut Random) -> Tree {
    let app = APPS.get(index % APPS.len()).copied().unwrap_or_default();
    match random.below(100) {
        0..40 => {
            let name = format!("{app}-{index}-{}", random.hex(5));
            let template = template(&name, 1, random);
            let spec = template.get("spec").with("nodeName", format!("node-{}", index % 500));
            made_by("v1", "Pod", &name, "ReplicaSet", index, random)
                .with("spec", spec)
                .with("status", status(index, random))
        }
        40..60 => {
            let name = format!("{app}-{}", random.hex(10));
            let spec =
                map([("replicas", 0.into()), ("selector", selector(&name)), ("template", template(&name, 1, random))]);
            made_by("apps/v1", "ReplicaSet", &name, "Deployment", index, random).with("spec", spec)
        }
        _ => object(index, 1, random),
    }
}

fn made_by(api_version: &str, kind: &str, name: &str, owner: &str, index: usize, random: &mut Random) -> Tree {
    let reference = map([
        ("apiVersion", "apps/v1".into()),
        ("kind", owner.into()),
        ("name", format!("owner-{index}").into()),
        ("uid", random.hex(32).into()),
        ("controller", true.into()),
    ]);
    let metadata = map([
        ("name", name.into()),
        ("namespace", namespace(index).into()),
        ("uid", random.hex(32).into()),
        ("labels", labels(name)),
        ("ownerReferences", vec![reference].into()),
    ]);
    map([("apiVersion", api_version.into()), ("kind", kind.into()), ("metadata", metadata)])
}

fn status(index: usize, random: &mut Random) -> Tree {
    let container = map([
        ("name", "c0".into()),
        ("ready", true.into()),
        ("restartCount", 0.into()),
        ("imageID", format!("registry.example.com/platform/c0@sha256:{}", random.hex(64)).into()),
    ]);
    let condition = |kind: &str| map([("type", kind.into()), ("status", "True".into())]);
    map([
        ("phase", "Running".into()),
        ("podIP", format!("10.{}.{}.{}", index / 65536, index / 256 % 256, index % 256).into()),
        ("conditions", vec![condition("Ready"), condition("PodScheduled"), condition("Initialized")].into()),
        ("containerStatuses", vec![container].into()),
    ])
}

fn labels(name: &str) -> Tree {
    map([
        ("app.kubernetes.io/name", name.into()),
        ("app.kubernetes.io/part-of", "shop".into()),
        ("app.kubernetes.io/managed-by", "argocd".into()),
    ])
}

fn selector(name: &str) -> Tree {
    map([("matchLabels", map([("app.kubernetes.io/name", name.into())]))])
}

fn head(api_version: &str, kind: &str, name: &str, index: usize) -> Tree {
    let annotations = map([
        ("example.com/owner", format!("team-{}@example.com", index % 40).into()),
        ("example.com/runbook", format!("https://runbooks.example.com/services/{name}").into()),
    ]);
    let metadata = map([
        ("name", name.into()),
        ("namespace", namespace(index).into()),
        ("labels", labels(name)),
        ("annotations", annotations),
    ]);
    map([("apiVersion", api_version.into()), ("kind", kind.into()), ("metadata", metadata)])
}

fn workload(api_version: &str, kind: &str, name: &str, index: usize, scale: usize, random: &mut Random) -> Tree {
    let mut spec = map([("selector", selector(name)), ("template", template(name, scale, random))]);
    if kind != "DaemonSet" {
        spec = spec.with("replicas", 1 + i64::try_from(index % 5).unwrap_or_default());
    }
    if kind == "StatefulSet" {
        spec = spec.with("serviceName", name);
    }
    head(api_version, kind, name, index).with("spec", spec)
}

fn cron_job(name: &str, index: usize, scale: usize, random: &mut Random) -> Tree {
    let job = map([("spec", map([("backoffLimit", 2.into()), ("template", template(name, scale, random))]))]);
    let spec = map([("schedule", format!("{} * * * *", index % 60).into()), ("jobTemplate", job)]);
    head("batch/v1", "CronJob", name, index).with("spec", spec)
}

fn template(name: &str, scale: usize, random: &mut Random) -> Tree {
    let is_hardened = random.chance(60);
    let containers =
        (0..=scale.min(2)).map(|at| container(&format!("c{at}"), scale, is_hardened, random)).collect::<Vec<_>>();
    let volumes = vec![
        map([("name", "config".into()), ("configMap", map([("name", format!("{name}-config").into())]))]),
        map([("name", "tmp".into()), ("emptyDir", map([("sizeLimit", "64Mi".into())]))]),
    ];
    let mut spec = map([
        ("serviceAccountName", name.into()),
        ("automountServiceAccountToken", (!is_hardened).into()),
        ("terminationGracePeriodSeconds", 30.into()),
        ("containers", containers.into()),
        ("volumes", volumes.into()),
    ]);
    if is_hardened {
        let seccomp = map([("type", "RuntimeDefault".into())]);
        spec = spec.with("securityContext", map([("runAsNonRoot", true.into()), ("seccompProfile", seccomp)]));
    }
    if random.chance(3) {
        spec = spec.with("hostNetwork", true);
    }
    let annotations = map([("prometheus.io/scrape", "true".into()), ("checksum/config", random.hex(64).into())]);
    map([("metadata", map([("labels", labels(name)), ("annotations", annotations)])), ("spec", spec)])
}

fn container(name: &str, scale: usize, is_hardened: bool, random: &mut Random) -> Tree {
    let registry = random.of(&REGISTRIES);
    let image = match random.below(10) {
        0 => format!("{registry}/{name}:latest"),
        1..6 => format!("{registry}/{name}@sha256:{}", random.hex(64)),
        _ => format!("{registry}/{name}:{}.{}.{}", random.below(9), random.below(30), random.below(99)),
    };
    let env: Vec<Tree> = SETTINGS.iter().take(4 * scale).map(|setting| setting_of(setting, random)).collect();
    let probe = |path: &str| {
        let get = map([("path", path.into()), ("port", "http".into())]);
        map([("httpGet", get), ("initialDelaySeconds", 5.into()), ("periodSeconds", 10.into())])
    };
    let amount = |cpu: &str, memory: &str| map([("cpu", cpu.into()), ("memory", memory.into())]);
    let mount = |name: &str, path: &str| map([("name", name.into()), ("mountPath", path.into())]);
    let mut container = map([
        ("name", name.into()),
        ("image", image.into()),
        ("imagePullPolicy", "IfNotPresent".into()),
        ("args", vec!["--config=/etc/app/config.yaml".into(), "--listen=0.0.0.0:8080".into()].into()),
        ("env", env.into()),
        ("ports", vec![map([("name", "http".into()), ("containerPort", 8080.into())])].into()),
        ("resources", map([("requests", amount("100m", "128Mi")), ("limits", amount("500m", "512Mi"))])),
        ("readinessProbe", probe("/ready")),
        ("livenessProbe", probe("/live")),
        ("volumeMounts", vec![mount("config", "/etc/app"), mount("tmp", "/tmp")].into()),
    ]);
    if is_hardened {
        container = container.with(
            "securityContext",
            map([
                ("allowPrivilegeEscalation", false.into()),
                ("readOnlyRootFilesystem", true.into()),
                ("capabilities", map([("drop", vec!["ALL".into()].into())])),
            ]),
        );
    } else if random.chance(4) {
        container = container.with("securityContext", map([("privileged", true.into())]));
    }
    container
}

fn setting_of(setting: &str, random: &mut Random) -> Tree {
    let named = map([("name", setting.into())]);
    if random.chance(15) {
        let key = map([("name", "app-secrets".into()), ("key", setting.to_lowercase().into())]);
        return named.with("valueFrom", map([("secretKeyRef", key)]));
    }
    named.with(
        "value",
        format!("{}-{}", random.of(&["eu-west", "https://queue.example.com/v1", "info", "30s"]), random.below(1000)),
    )
}

fn config_map(name: &str, index: usize, scale: usize, random: &mut Random) -> Tree {
    let mut text = String::new();
    for line in 0..35 * scale {
        let word = random.of(&SETTINGS).to_lowercase();
        text.push_str(&format!("server.{word}.{line} = value-{} # tuned for {name}\n", random.below(100_000)));
    }
    let data = map([("application.properties", text.into()), ("MODE", "production".into())]);
    head("v1", "ConfigMap", name, index).with("data", data)
}

fn secret(name: &str, index: usize, random: &mut Random) -> Tree {
    // Hexadecimal digits are base64 too.
    let data = map([("username", "YXBw".into()), ("token", random.hex(64).into())]);
    head("v1", "Secret", name, index).with("type", "Opaque").with("data", data)
}

fn service(name: &str, index: usize) -> Tree {
    let port = map([("name", "http".into()), ("port", 80.into()), ("targetPort", "http".into())]);
    let selector = map([("app.kubernetes.io/name", name.into())]);
    head("v1", "Service", name, index).with("spec", map([("selector", selector), ("ports", vec![port].into())]))
}

fn ingress(name: &str, index: usize) -> Tree {
    let service = map([("name", name.into()), ("port", map([("number", 80.into())]))]);
    let path = map([("path", "/".into()), ("pathType", "Prefix".into()), ("backend", map([("service", service)]))]);
    let host = format!("{name}.example.com");
    let rule = map([("host", host.clone().into()), ("http", map([("paths", vec![path].into())]))]);
    let tls = map([("secretName", format!("{name}-tls").into()), ("hosts", vec![host.into()].into())]);
    let spec = map([("ingressClassName", "nginx".into()), ("rules", vec![rule].into()), ("tls", vec![tls].into())]);
    head("networking.k8s.io/v1", "Ingress", name, index).with("spec", spec)
}

fn network_policy(name: &str, index: usize) -> Tree {
    let from =
        map([("namespaceSelector", map([("matchLabels", map([("kubernetes.io/metadata.name", "edge-0".into())]))]))]);
    let port = map([("protocol", "TCP".into()), ("port", 8080.into())]);
    let ingress = map([("from", vec![from].into()), ("ports", vec![port].into())]);
    let spec = map([
        ("podSelector", selector(name)),
        ("policyTypes", vec!["Ingress".into(), "Egress".into()].into()),
        ("ingress", vec![ingress].into()),
    ]);
    head("networking.k8s.io/v1", "NetworkPolicy", name, index).with("spec", spec)
}

fn role(name: &str, index: usize, random: &mut Random) -> Tree {
    let verbs = if random.chance(5) { vec!["*".into()] } else { vec!["get".into(), "list".into(), "watch".into()] };
    let resources = vec![random.of(&["configmaps", "secrets", "pods", "endpoints"]).into()];
    let rule = map([("apiGroups", vec!["".into()].into()), ("resources", resources.into()), ("verbs", verbs.into())]);
    head("rbac.authorization.k8s.io/v1", "Role", name, index).with("rules", vec![rule])
}

fn role_binding(name: &str, index: usize) -> Tree {
    let subject =
        map([("kind", "ServiceAccount".into()), ("name", name.into()), ("namespace", namespace(index).into())]);
    let role = map([("apiGroup", "rbac.authorization.k8s.io".into()), ("kind", "Role".into()), ("name", name.into())]);
    head("rbac.authorization.k8s.io/v1", "RoleBinding", name, index)
        .with("roleRef", role)
        .with("subjects", vec![subject])
}
