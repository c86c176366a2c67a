//! What limits and what opens traffic: policies, the plugin that enforces them, Services, Ingresses and Gateways.

mod exposure;
mod plugin;
pub mod policy;

pub use exposure::{Gateway, Listener, Route, Service};
pub use plugin::{Enforcement, Plugin};
pub use policy::{NetworkPolicy, TierPolicy, Traffic};

use super::Origin;
use crate::name::Names;
use crate::object::Object;

#[derive(Debug, Default, Clone)]
pub struct NetworkFacts {
    pub policies: Vec<NetworkPolicy>,
    /// Policies of the cluster's administrators: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy.
    pub tier_policies: Vec<TierPolicy>,
    /// Policies of a plugin's own kinds (Cilium, Calico, ...), which are known to be there and not evaluated.
    pub foreign_policies: Vec<Origin>,
    pub plugins: Vec<Plugin>,
    pub services: Vec<Service>,
    pub gateways: Vec<Gateway>,
    pub routes: Vec<Route>,
}

impl NetworkFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        match (object.group(), object.kind()) {
            ("networking.k8s.io" | "extensions", "NetworkPolicy") => {
                self.policies.extend(NetworkPolicy::of(object, names));
            }
            ("policy.networking.k8s.io", _) => self.tier_policies.extend(TierPolicy::of(object, names)),
            ("cilium.io" | "projectcalico.org" | "crd.projectcalico.org" | "crd.antrea.io" | "k8s.ovn.org", kind)
                if policy::is_foreign(kind) =>
            {
                self.foreign_policies.push(Origin::of(object, names));
            }
            ("", "Service") => self.services.push(Service::of(object, names)),
            ("gateway.networking.k8s.io", "Gateway") => self.gateways.push(Gateway::of(object, names)),
            ("gateway.networking.k8s.io", "HTTPRoute") => self.routes.push(Route::of(object, names)),
            ("apps" | "extensions", "DaemonSet")
            | ("", "Pod" | "ConfigMap" | "Node")
            | ("operator.tigera.io", "Installation") => {
                self.plugins.extend(Plugin::of(object, names));
            }
            _ => {}
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        let Self { policies, tier_policies, foreign_policies, plugins, services, gateways, routes } = other;
        self.policies.extend(policies);
        self.tier_policies.extend(tier_policies);
        self.foreign_policies.extend(foreign_policies);
        self.plugins.extend(plugins);
        self.services.extend(services);
        self.gateways.extend(gateways);
        self.routes.extend(routes);
    }

    pub(super) fn sort(&mut self) {
        self.policies.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.tier_policies.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.foreign_policies.sort();
        self.plugins.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.services.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.gateways.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.routes.sort_by(|a, b| a.origin.cmp(&b.origin));
    }

    /// Whether policies have any effect, as far as the plugins that were seen tell.
    pub fn enforcement(&self) -> Enforcement {
        let any = |wanted| self.plugins.iter().any(|plugin| plugin.enforcement == wanted);
        let is_switched_off = self.plugins.iter().any(|plugin| &*plugin.origin.subject.kind == "ConfigMap");
        if any(Enforcement::Yes) && !is_switched_off {
            Enforcement::Yes
        } else if any(Enforcement::No) && !any(Enforcement::Unknown) {
            Enforcement::No
        } else {
            Enforcement::Unknown
        }
    }
}
