//! Services, Gateways and routes: what leads traffic to pods.

use crate::document::Value;
use crate::evidence::Evidence;
use crate::facts::Origin;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::selector::LabelSelector;

#[derive(Debug, Clone)]
pub struct Service {
    pub origin: Origin,
    /// `ClusterIP` where none is given.
    pub service_type: Name,
    /// None for Services without selector, whose endpoints somebody else writes.
    pub selector: Option<LabelSelector>,
    pub selector_at: Option<Evidence>,
    pub has_external_ips: bool,
}

impl Service {
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Self {
        let spec = object.value().field("spec");
        let field = |key| spec.and_then(|spec| spec.field(key)).filter(|value| !value.is_empty());
        let selector = field("selector");
        Self {
            origin: Origin::of(object, names),
            service_type: names.intern(spec.and_then(|spec| spec.text_at(&["type"])).unwrap_or("ClusterIP")),
            selector: selector.map(|map| LabelSelector::of_map(Some(map), names)),
            selector_at: selector.map(Evidence::at),
            has_external_ips: field("externalIPs").is_some(),
        }
    }

    /// True where nodes or a load balancer take traffic for it from outside.
    pub fn is_external(&self) -> bool {
        self.has_external_ips || matches!(&*self.service_type, "LoadBalancer" | "NodePort")
    }
}

#[derive(Debug, Clone)]
pub struct Gateway {
    pub origin: Origin,
    pub listeners: Vec<Listener>,
}

#[derive(Debug, Clone)]
pub struct Listener {
    pub name: Name,
    pub protocol: Name,
    /// The place of the protocol.
    pub evidence: Evidence,
}

impl Gateway {
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Self {
        let listeners = object.value().dig(&["spec", "listeners"]).into_iter().flat_map(Value::items);
        let listeners = listeners
            .map(|listener| Listener {
                name: names.intern(listener.text_at(&["name"]).unwrap_or("")),
                protocol: names.intern(listener.text_at(&["protocol"]).unwrap_or("")),
                evidence: Evidence::at(listener.field("protocol").unwrap_or(listener)),
            })
            .collect();
        Self { origin: Origin::of(object, names), listeners }
    }
}

/// An HTTPRoute, with the Gateways that it hangs on.
#[derive(Debug, Clone)]
pub struct Route {
    pub origin: Origin,
    /// Namespace, name and listener (empty for all) of each parent.
    pub parents: Vec<(Name, Name, Name)>,
    /// Every rule sends the client to https.
    pub only_redirects: bool,
}

impl Route {
    pub(super) fn of(object: &Object<'_>, names: &mut Names) -> Self {
        let spec = object.value().field("spec");
        let list = |key| spec.and_then(|spec| spec.field(key)).into_iter().flat_map(Value::items);
        let parents = list("parentRefs").map(|parent| {
            let text = |key| parent.text_at(&[key]);
            (
                names.intern(text("namespace").unwrap_or(object.namespace())),
                names.intern(text("name").unwrap_or("")),
                names.intern(text("sectionName").unwrap_or("")),
            )
        });
        let parents = parents.collect();
        let mut rules = list("rules").peekable();
        let only_redirects = rules.peek().is_some() && rules.all(redirects_to_https);
        Self { origin: Origin::of(object, names), parents, only_redirects }
    }
}

fn redirects_to_https(rule: Value<'_>) -> bool {
    let mut filters = rule.field("filters").into_iter().flat_map(Value::items);
    filters.any(|filter| filter.text_at(&["requestRedirect", "scheme"]) == Some("https"))
}
