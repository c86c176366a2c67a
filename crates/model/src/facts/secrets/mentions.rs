//! Names by which objects may mean a Secret, taken generously: only a Secret that no object names at all is unused.

use std::collections::HashSet;

use crate::document::{Kind, Value};
use crate::name::{Name, Names};
use crate::object::Object;

pub(super) struct Mentions<'f, 'd> {
    pub(super) found: &'f mut HashSet<(Name, Name)>,
    pub(super) names: &'f mut Names,
    pub(super) namespace: &'d str,
}

/// Kinds that name no Secrets, or (with pods) whose references are read one by one.
fn is_silent(group: &str, kind: &str) -> bool {
    match group {
        "" => {
            matches!(kind, "ConfigMap" | "Event" | "Node" | "Namespace" | "Endpoints" | "LimitRange" | "ResourceQuota")
        }
        "events.k8s.io"
        | "discovery.k8s.io"
        | "coordination.k8s.io"
        | "policy"
        | "apiextensions.k8s.io"
        | "metrics.k8s.io"
        | "networking.k8s.io" => kind != "Ingress",
        _ => false,
    }
}

impl<'d> Mentions<'_, 'd> {
    pub(super) fn of(&mut self, object: &Object<'d>) {
        let value = object.value();
        match (object.group(), object.kind()) {
            (group, kind) if is_silent(group, kind) => {}
            ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => self.of_role(value),
            ("", "Pod" | "PodTemplate" | "ReplicationController") | ("apps" | "batch" | "extensions", _)
                if object.kind() != "Ingress" =>
            {
                self.of_annotations(value);
                self.of_commands(value, 0);
            }
            _ => {
                self.of_annotations(value);
                for (key, part) in value.entries().filter(|(key, _)| !matches!(*key, "metadata" | "status")) {
                    self.walk(part, means_secret(key), 0);
                }
            }
        }
    }

    fn add(&mut self, namespace: &str, name: &str) {
        // `namespace/name`, as annotations and flags write it.
        let (namespace, name) = name.split_once('/').unwrap_or((namespace, name));
        if (1..=253).contains(&name.len()) {
            self.found.insert((self.names.intern(namespace), self.names.intern(name)));
        }
    }

    fn of_annotations(&mut self, value: Value<'d>) {
        let annotations = value.dig(&["metadata", "annotations"]).into_iter().flat_map(Value::entries);
        for (_, value) in annotations.filter(|(key, _)| means_secret(key)) {
            if let Some(text) = value.str() {
                text.split(',').for_each(|name| self.add(self.namespace, name.trim()));
            }
        }
    }

    /// Whoever may read a Secret by name will do so.
    fn of_role(&mut self, value: Value<'d>) {
        for rule in value.field("rules").into_iter().flat_map(Value::items) {
            let mut resources = rule.field("resources").into_iter().flat_map(Value::items);
            if !resources.any(|resource| matches!(resource.str(), Some("secrets" | "*"))) {
                continue;
            }
            let names = rule.field("resourceNames").into_iter().flat_map(Value::items).filter_map(Value::str);
            names.for_each(|name| self.add(self.namespace, name));
        }
    }

    /// Flags and variables of pods that name a Secret for the program to read through the API.
    fn of_commands(&mut self, value: Value<'d>, depth: u32) {
        if depth > 12 {
            return;
        }
        for (key, child) in value.entries() {
            match (key, child.kind()) {
                ("command" | "args", Kind::Array) => {
                    let mut is_next = false;
                    for word in child.items().filter_map(Value::str) {
                        let (flag, text) = word.split_once('=').unwrap_or((word, ""));
                        if is_next {
                            self.add(self.namespace, word);
                        }
                        is_next = false;
                        if flag.starts_with('-') && (means_secret(flag) || flag.contains("certificate")) {
                            self.add(self.namespace, text);
                            is_next = text.is_empty();
                        }
                    }
                }
                ("env", Kind::Array) => {
                    for variable in child.items() {
                        let name = variable.text_at(&["name"]).unwrap_or_default();
                        if let Some(text) = variable.text_at(&["value"]).filter(|_| means_secret(name)) {
                            self.add(self.namespace, text);
                        }
                    }
                }
                (_, Kind::Object | Kind::Array) if key != "metadata" && key != "status" => {
                    self.of_commands(child, depth + 1);
                }
                _ => {}
            }
        }
        for item in value.items().filter(|item| item.kind() == Kind::Object) {
            self.of_commands(item, depth + 1);
        }
    }

    /// In custom objects, every string under a key that speaks of secrets, and the names of maps under such keys.
    fn walk(&mut self, value: Value<'d>, in_secret: bool, depth: u32) {
        if depth > 24 {
            return;
        }
        if let Some(text) = value.str() {
            if in_secret {
                self.add(self.namespace, text);
            }
            return;
        }
        let is_reference = value.text_at(&["kind"]) == Some("Secret");
        for (key, child) in value.entries() {
            let is_name = matches!(key, "name" | "secret" | "key") && (in_secret || is_reference);
            if let Some(name) = child.str().filter(|_| is_name || means_secret(key)) {
                let namespace = value.text_at(&["namespace"]).unwrap_or(self.namespace);
                self.add(namespace, name);
            } else if child.str().is_none() {
                self.walk(child, means_secret(key), depth + 1);
            }
        }
        for item in value.items() {
            self.walk(item, in_secret, depth + 1);
        }
    }
}

fn means_secret(key: &str) -> bool {
    let bytes = key.as_bytes();
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
    has(b"secret") || has(b"certificateref") || has(b"credential") || has(b"passwordref") || has(b"tokenref")
}

/// Namespace and name of the Secrets that a controller makes from this object.
pub(super) fn made_by<'d>(object: &Object<'d>) -> Vec<(&'d str, &'d str)> {
    let value = object.value();
    let here = object.namespace();
    let or_own_name = |path: &[&str]| vec![(here, value.text_at(path).unwrap_or_else(|| object.name()))];
    match (object.group(), object.kind()) {
        ("external-secrets.io", "ExternalSecret") => or_own_name(&["spec", "target", "name"]),
        ("external-secrets.io", "ClusterExternalSecret") => {
            let name = value.text_at(&["spec", "externalSecretSpec", "target", "name"]);
            vec![("", name.or(value.text_at(&["spec", "externalSecretName"])).unwrap_or_else(|| object.name()))]
        }
        ("bitnami.com", "SealedSecret") => or_own_name(&["spec", "template", "metadata", "name"]),
        ("cert-manager.io", "Certificate") => or_own_name(&["spec", "secretName"]),
        ("secrets.hashicorp.com", _) => or_own_name(&["spec", "destination", "name"]),
        ("secrets.infisical.com", _) => or_own_name(&["spec", "managedSecretReference", "secretName"]),
        ("onepassword.com", "OnePasswordItem") => or_own_name(&[]),
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => {
            let made = value.dig(&["spec", "secretObjects"]).into_iter().flat_map(Value::items);
            made.filter_map(|made| Some((here, made.text_at(&["secretName"])?))).collect()
        }
        ("isindir.github.com", "SopsSecret") => {
            let made = value.dig(&["spec", "secretTemplates"]).into_iter().flat_map(Value::items);
            made.filter_map(|made| Some((here, made.text_at(&["name"])?))).collect()
        }
        ("networking.k8s.io" | "extensions", "Ingress")
            if ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer", "kubernetes.io/tls-acme"]
                .iter()
                .any(|annotation| object.annotation(annotation).is_some()) =>
        {
            let tls = value.dig(&["spec", "tls"]).into_iter().flat_map(Value::items);
            tls.filter_map(|entry| Some((here, entry.text_at(&["secretName"])?))).collect()
        }
        _ => Vec::new(),
    }
}
