//! Certificates inside objects, read once, and who relies on them: hosts of Ingresses and Gateways, webhooks.
//!
//! Only public parts are remembered. A certificate in a Secret is shown by its names and dates, never by its text.

use std::sync::Arc;

use super::Origin;
use crate::base64;
use crate::certificate::{Certificate, read_pem};
use crate::document::Value;
use crate::evidence::Evidence;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::redact;

/// Encoded text beyond this is no certificate bundle that a rule could say anything useful about.
const TEXT_LIMIT: usize = 2 << 20;

#[derive(Debug, Default, Clone)]
pub struct CertificateFacts {
    pub bundles: Vec<Bundle>,
    pub hosts: Vec<TlsHost>,
    /// Namespace and name of the Secrets that cert-manager keeps filled.
    pub managed: Vec<(Name, Name)>,
    /// Every Secret that an entry point can serve, by namespace and name.
    pub tls_secrets: Vec<(Name, Name)>,
    pub callers: Vec<WebhookClient>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The first certificate answers for a server or a client, the others lead to its root.
    Leaf,
    /// All of them are trusted.
    Trust,
    /// Issued by the cluster's signers on request.
    Issued,
}

/// The certificates of one field.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub origin: Origin,
    pub evidence: Evidence,
    /// Which field: `tls.crt`, or the name of the webhook.
    pub field: Name,
    pub usage: Use,
    pub content: Content,
}

#[derive(Debug, Clone)]
pub enum Content {
    Read(Arc<[Certificate]>),
    /// Why it cannot be read.
    Broken(String),
    /// The scan or the snapshot left the value out.
    Hidden,
}

/// A host that is served with the certificate of a Secret.
#[derive(Debug, Clone)]
pub struct TlsHost {
    pub origin: Origin,
    pub evidence: Evidence,
    /// Empty where every host is meant.
    pub host: Name,
    pub secret_namespace: Name,
    pub secret: Name,
    /// True where an annotation asks cert-manager to make the Secret.
    pub is_managed: bool,
}

/// Somebody whom the API server calls over TLS, at a Service.
#[derive(Debug, Clone)]
pub struct WebhookClient {
    pub origin: Origin,
    pub evidence: Evidence,
    pub name: Name,
    pub has_bundle: bool,
    /// True where an annotation asks a controller to fill the bundle in.
    pub is_injected: bool,
}

impl Bundle {
    /// The certificates, where they could be read.
    pub fn certificates(&self) -> &[Certificate] {
        match &self.content {
            Content::Read(certificates) => certificates,
            Content::Broken(_) | Content::Hidden => &[],
        }
    }

    /// The certificate that a server or client shows.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.certificates().first().filter(|_| self.usage != Use::Trust)
    }
}

impl CertificateFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        match (object.group(), object.kind()) {
            ("", "Secret") => self.secret(object, names),
            ("", "ConfigMap") => self.config_map(object, names),
            ("certificates.k8s.io", "CertificateSigningRequest") => {
                if let Some(value) = object.value().dig(&["status", "certificate"]) {
                    self.encoded(object, value, "status.certificate", Use::Issued, names);
                }
            }
            ("certificates.k8s.io", "ClusterTrustBundle") => {
                if let Some(value) = object.value().dig(&["spec", "trustBundle"]) {
                    let content = value.str().map_or(Content::Hidden, read);
                    self.push(object, value, "spec.trustBundle", Use::Trust, content, names);
                }
            }
            ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => {
                for webhook in list(object.value().field("webhooks")) {
                    let name = webhook.text_at(&["name"]).unwrap_or_default();
                    if let Some(client) = webhook.field("clientConfig") {
                        self.client(object, client, "service", name, names);
                    }
                }
            }
            ("apiregistration.k8s.io", "APIService") => {
                // `insecureSkipTLSVerify` is what another rule asks about; without a service the API is local.
                if let Some(spec) = object.value().field("spec")
                    && spec.bool_at(&["insecureSkipTLSVerify"]) != Some(true)
                {
                    self.client(object, spec, "service", object.name(), names);
                }
            }
            ("apiextensions.k8s.io", "CustomResourceDefinition") => {
                let webhook = object.value().dig(&["spec", "conversion", "webhook", "clientConfig"]);
                if let Some(client) = webhook {
                    self.client(object, client, "service", "conversion", names);
                }
            }
            ("networking.k8s.io" | "extensions", "Ingress") => self.ingress(object, names),
            ("gateway.networking.k8s.io", "Gateway") => self.gateway(object, names),
            ("cert-manager.io", "Certificate") => {
                if let Some(secret) = object.value().text_at(&["spec", "secretName"]) {
                    self.managed.push((names.intern(object.namespace()), names.intern(secret)));
                }
            }
            _ => {}
        }
    }

    fn secret(&mut self, object: &Object<'_>, names: &mut Names) {
        let is_tls = object.value().text_at(&["type"]) == Some("kubernetes.io/tls");
        let has_certificate = |part: &str| object.value().dig(&[part, "tls.crt"]).is_some();
        if is_tls || has_certificate("data") || has_certificate("stringData") {
            self.tls_secrets.push((names.intern(object.namespace()), names.intern(object.name())));
        }
        if object.annotation("cert-manager.io/certificate-name").is_some() {
            self.managed.push((names.intern(object.namespace()), names.intern(object.name())));
        }
        let plain = object.value().field("stringData");
        for (key, value) in plain.into_iter().flat_map(Value::entries) {
            let Some(text) = value.str() else { continue };
            if (is_tls && key == "tls.crt") || text.starts_with("-----BEGIN CERTIFICATE") {
                self.push(object, value, key, usage(key), read(text), names);
            }
        }
        for (key, value) in object.value().field("data").into_iter().flat_map(Value::entries) {
            // What `stringData` holds wins.
            if plain.is_some_and(|plain| plain.get(key).is_some()) {
                continue;
            }
            // `-----BEGIN CERTIFICATE-` in base64.
            let is_pem = value.str().is_some_and(|text| text.starts_with("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS"));
            if is_pem || (is_tls && key == "tls.crt") {
                self.encoded(object, value, key, usage(key), names);
            }
        }
    }

    /// Root certificates that clusters publish, once; applications' own trust stores are full of roots long expired.
    fn config_map(&mut self, object: &Object<'_>, names: &mut Names) {
        let is_published = matches!(
            (object.namespace(), object.name()),
            ("kube-system", "kube-root-ca.crt" | "extension-apiserver-authentication")
        );
        for (key, value) in object.value().field("data").filter(|_| is_published).into_iter().flat_map(Value::entries) {
            if let Some(text) = value.str().filter(|text| text.starts_with("-----BEGIN CERTIFICATE")) {
                self.push(object, value, key, Use::Trust, read(text), names);
            }
        }
    }

    fn client(&mut self, object: &Object<'_>, client: Value<'_>, by: &str, name: &str, names: &mut Names) {
        // A lone line break is the usual stand-in for a bundle that a controller fills in.
        let bundle = client.field("caBundle").filter(|bundle| !matches!(bundle.str(), Some("" | "Cg==")));
        if let Some(bundle) = bundle {
            self.encoded(object, bundle, name, Use::Trust, names);
        }
        if client.field(by).is_some() {
            let injects = |(key, _): (&str, &str)| {
                key.starts_with("cert-manager.io/inject-") || key == "service.beta.openshift.io/inject-cabundle"
            };
            self.callers.push(WebhookClient {
                origin: Origin::of(object, names),
                evidence: Evidence::at(client),
                name: names.intern(name),
                has_bundle: bundle.is_some(),
                is_injected: object.annotations().any(injects),
            });
        }
    }

    fn ingress(&mut self, object: &Object<'_>, names: &mut Names) {
        let is_managed = object.annotations().any(|(key, _)| {
            matches!(key, "cert-manager.io/issuer" | "cert-manager.io/cluster-issuer" | "kubernetes.io/tls-acme")
        });
        for entry in list(object.value().dig(&["spec", "tls"])) {
            let Some(secret) = entry.field("secretName").filter(|name| name.str().is_some_and(|name| !name.is_empty()))
            else {
                continue;
            };
            let namespace = object.namespace();
            let mut hosts = list(entry.field("hosts")).peekable();
            if hosts.peek().is_none() {
                self.host(object, secret, "", (namespace, secret), is_managed, names);
            }
            for host in hosts {
                let text = host.str().unwrap_or_default();
                self.host(object, host, text, (namespace, secret), is_managed, names);
            }
        }
    }

    fn gateway(&mut self, object: &Object<'_>, names: &mut Names) {
        let is_managed = object
            .annotations()
            .any(|(key, _)| matches!(key, "cert-manager.io/issuer" | "cert-manager.io/cluster-issuer"));
        for listener in list(object.value().dig(&["spec", "listeners"])) {
            let host = listener.field("hostname");
            for reference in list(listener.dig(&["tls", "certificateRefs"])) {
                let Some(secret) = reference.field("name") else { continue };
                if reference.text_at(&["kind"]).is_some_and(|kind| kind != "Secret") {
                    continue;
                }
                let namespace = reference.text_at(&["namespace"]).unwrap_or(object.namespace());
                let text = host.and_then(Value::str).unwrap_or_default();
                self.host(object, host.unwrap_or(secret), text, (namespace, secret), is_managed, names);
            }
        }
    }

    fn host(
        &mut self,
        object: &Object<'_>,
        place: Value<'_>,
        host: &str,
        (namespace, secret): (&str, Value<'_>),
        is_managed: bool,
        names: &mut Names,
    ) {
        self.hosts.push(TlsHost {
            origin: Origin::of(object, names),
            evidence: Evidence::at(place),
            host: names.intern(host),
            secret_namespace: names.intern(namespace),
            secret: names.intern(secret.str().unwrap_or_default()),
            is_managed,
        });
    }

    /// A field that holds PEM text in base64.
    fn encoded(&mut self, object: &Object<'_>, value: Value<'_>, field: &str, usage: Use, names: &mut Names) {
        let content = match value.str() {
            Some(text) if text == redact::MASK => Content::Hidden,
            Some("") => Content::Broken("is empty".to_owned()),
            Some(text) if text.len() > TEXT_LIMIT => Content::Broken(format!("is larger than {TEXT_LIMIT} bytes")),
            Some(text) => match base64::decode(text).map(String::from_utf8) {
                Some(Ok(text)) => read(&text),
                Some(Err(_)) => Content::Broken("is not PEM text".to_owned()),
                None => Content::Broken("is not valid base64".to_owned()),
            },
            None => Content::Hidden,
        };
        self.push(object, value, field, usage, content, names);
    }

    fn push(
        &mut self,
        object: &Object<'_>,
        value: Value<'_>,
        field: &str,
        usage: Use,
        content: Content,
        names: &mut Names,
    ) {
        self.bundles.push(Bundle {
            origin: Origin::of(object, names),
            evidence: Evidence::secret(value),
            field: names.intern(field),
            usage,
            content,
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.bundles.extend(other.bundles);
        self.hosts.extend(other.hosts);
        self.managed.extend(other.managed);
        self.tls_secrets.extend(other.tls_secrets);
        self.callers.extend(other.callers);
    }

    pub(super) fn sort(&mut self) {
        self.bundles.sort_by(|a, b| (&a.origin.subject, &a.evidence).cmp(&(&b.origin.subject, &b.evidence)));
        self.hosts.sort_by(|a, b| (&a.origin.subject, &a.evidence).cmp(&(&b.origin.subject, &b.evidence)));
        self.callers.sort_by(|a, b| (&a.origin.subject, &a.evidence).cmp(&(&b.origin.subject, &b.evidence)));
        self.managed.sort();
        self.tls_secrets.sort();
    }
}

fn list(value: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    value.into_iter().flat_map(Value::items)
}

fn read(text: &str) -> Content {
    match read_pem(text) {
        _ if text == redact::MASK => Content::Hidden,
        Ok(certificates) => Content::Read(certificates.into()),
        Err(why) => Content::Broken(why),
    }
}

/// Keys such as `ca.crt` and `ca-bundle.pem` hold what is trusted.
fn usage(key: &str) -> Use {
    let is_trust =
        key.split(['.', '-', '_']).any(|word| matches!(word, "ca" | "cacert" | "cacerts" | "root" | "trust"));
    if is_trust { Use::Trust } else { Use::Leaf }
}
