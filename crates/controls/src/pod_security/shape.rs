//! The types of the fields that the checks read, as the API server asks for them.
//!
//! A scan takes a field of the wrong type for the dangerous value and goes on. Where a verdict about one pod is asked
//! for, the pod is refused instead: the API server would not take it at any level.

use rampart_model::document::Kind;
use rampart_model::{Pod, Value};

enum Shape {
    Bool,
    Integer,
    Text,
    /// A map with values of one shape under any key.
    Each(&'static Shape),
    Map(&'static [(&'static str, Shape)]),
    List(&'static Shape),
}

use Shape::{Bool, Each, Integer, List, Map, Text};

const PROFILE: Shape = Map(&[("type", Text), ("localhostProfile", Text)]);
const SE_LINUX: Shape = Map(&[("type", Text), ("user", Text), ("role", Text), ("level", Text)]);
const WINDOWS: Shape = Map(&[("hostProcess", Bool)]);
const HANDLER: Shape = Map(&[("httpGet", Map(&[("host", Text)])), ("tcpSocket", Map(&[("host", Text)]))]);
const CONTAINERS: Shape = List(&Map(&[
    ("name", Text),
    ("ports", List(&Map(&[("hostPort", Integer), ("containerPort", Integer)]))),
    ("livenessProbe", HANDLER),
    ("readinessProbe", HANDLER),
    ("startupProbe", HANDLER),
    ("lifecycle", Map(&[("postStart", HANDLER), ("preStop", HANDLER)])),
    (
        "securityContext",
        Map(&[
            ("allowPrivilegeEscalation", Bool),
            ("appArmorProfile", PROFILE),
            ("capabilities", Map(&[("add", List(&Text)), ("drop", List(&Text))])),
            ("privileged", Bool),
            ("procMount", Text),
            ("runAsNonRoot", Bool),
            ("runAsUser", Integer),
            ("seLinuxOptions", SE_LINUX),
            ("seccompProfile", PROFILE),
            ("windowsOptions", WINDOWS),
        ]),
    ),
]));

const POD: Shape = Map(&[
    ("metadata", Map(&[("name", Text), ("annotations", Each(&Text))])),
    (
        "spec",
        Map(&[
            ("containers", CONTAINERS),
            ("initContainers", CONTAINERS),
            ("ephemeralContainers", CONTAINERS),
            ("volumes", List(&Map(&[("name", Text)]))),
            ("hostIPC", Bool),
            ("hostNetwork", Bool),
            ("hostPID", Bool),
            ("hostUsers", Bool),
            ("os", Map(&[("name", Text)])),
            (
                "securityContext",
                Map(&[
                    ("appArmorProfile", PROFILE),
                    ("runAsNonRoot", Bool),
                    ("runAsUser", Integer),
                    ("seLinuxOptions", SE_LINUX),
                    ("seccompProfile", PROFILE),
                    ("sysctls", List(&Map(&[("name", Text), ("value", Text)]))),
                    ("windowsOptions", WINDOWS),
                ]),
            ),
        ]),
    ),
]);

/// What keeps the pod from being one: the first field of a wrong type, or that it has no container.
pub fn malformed(pod: &Pod<'_>) -> Option<String> {
    if let Some((value, wanted)) = misfit(pod.template, &POD) {
        return Some(format!("`{}` is a {}; it must be a {wanted}", value.path(), value.kind()));
    }
    let has_containers = pod.spec.field("containers").is_some_and(|containers| !containers.is_empty());
    (!has_containers).then(|| "the pod has no containers; give it at least one".to_owned())
}

/// The first value of another type than `shape`, and the type that is wanted. Null stands for absence anywhere.
fn misfit<'d>(value: Value<'d>, shape: &Shape) -> Option<(Value<'d>, Kind)> {
    let wanted = match shape {
        Bool => Kind::Bool,
        Integer => Kind::Number,
        Text => Kind::String,
        List(_) => Kind::Array,
        Each(_) | Map(_) => Kind::Object,
    };
    match (value.kind(), shape) {
        (Kind::Null, _) => None,
        (kind, _) if kind != wanted => Some((value, wanted)),
        (_, Integer) => value.i64().is_none().then_some((value, wanted)),
        (_, List(inner)) => value.items().find_map(|item| misfit(item, inner)),
        (_, Each(inner)) => value.entries().find_map(|(_, entry)| misfit(entry, inner)),
        (_, Map(fields)) => {
            fields.iter().find_map(|(key, inner)| value.field(key).and_then(|field| misfit(field, inner)))
        }
        (_, Bool | Text) => None,
    }
}
