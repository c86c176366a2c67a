//! The pod as the checks of the Pod Security Standards look at it: what several of them ask for, found once.

use rampart_model::{Container, ContainerKind, Pod, Value};

/// A pod with its containers in one list and its pod-wide fields at hand.
pub struct PodView<'d> {
    pub pod: Pod<'d>,
    /// The pod's own `securityContext`.
    pub context: Option<Value<'d>>,
    pub volumes: Option<Value<'d>>,
    /// Init, regular and ephemeral containers: all are judged alike.
    pub containers: Vec<ContainerView<'d>>,
    /// `spec.os.name` is `windows`: fields that only Linux knows must be absent, says the API server itself.
    pub is_windows: bool,
    /// `hostUsers: false`: root in the pod is an ordinary user of the node.
    pub has_own_users: bool,
}

#[derive(Clone, Copy)]
pub struct ContainerView<'d> {
    pub container: Container<'d>,
    pub context: Option<Value<'d>>,
}

impl<'d> PodView<'d> {
    pub fn of(pod: &Pod<'d>) -> Self {
        let mut view = Self {
            pod: *pod,
            context: None,
            volumes: None,
            containers: Vec::new(),
            is_windows: false,
            has_own_users: false,
        };
        let mut lists = [None; 3];
        for (key, value) in pod.spec.entries().filter(|(_, value)| !value.is_null()) {
            match key {
                "initContainers" => lists[0] = Some((ContainerKind::Init, value)),
                "containers" => lists[1] = Some((ContainerKind::Regular, value)),
                "ephemeralContainers" => lists[2] = Some((ContainerKind::Ephemeral, value)),
                "securityContext" => view.context = Some(value),
                "volumes" => view.volumes = Some(value),
                "os" => view.is_windows = value.text_at(&["name"]) == Some("windows"),
                "hostUsers" => view.has_own_users = value.bool() == Some(false),
                _ => {}
            }
        }
        view.containers.reserve_exact(lists.iter().flatten().map(|(_, list)| list.len()).sum());
        for (kind, list) in lists.into_iter().flatten() {
            view.containers.extend(list.items().map(|value| ContainerView {
                container: Container { kind, value },
                context: value.field("securityContext"),
            }));
        }
        view
    }

    pub fn annotations(&self) -> impl Iterator<Item = (&'d str, Value<'d>)> + use<'d> {
        self.pod.template.dig(&["metadata", "annotations"]).into_iter().flat_map(Value::entries)
    }

    /// The field at `keys` of the pod's own security context.
    pub fn setting(&self, keys: &[&str]) -> Option<Value<'d>> {
        self.context.and_then(|context| context.dig(keys))
    }
}

impl<'d> ContainerView<'d> {
    pub fn name(&self) -> &'d str {
        self.container.name()
    }

    /// The field at `keys` of the container's security context.
    pub fn setting(&self, keys: &[&str]) -> Option<Value<'d>> {
        self.context.and_then(|context| context.dig(keys))
    }

    /// The elements of a list of capabilities: `add` or `drop`.
    pub fn capabilities(&self, list: &str) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.setting(&["capabilities", list]).into_iter().flat_map(Value::items)
    }
}

/// True unless the field is absent, null or false. What is no boolean is taken for the dangerous value: it is never
/// read as harmless.
pub fn is_on(field: Option<Value<'_>>) -> bool {
    field.is_some_and(|value| value.bool() != Some(false))
}

/// True where the text is one of `allowed`; what is no text never is.
pub fn is_one_of(value: Value<'_>, allowed: &[&str]) -> bool {
    value.str().is_some_and(|text| allowed.contains(&text))
}
