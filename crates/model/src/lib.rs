//! The vocabulary of Rampart: what is read ([`Document`], [`Object`]), what is asked ([`Rule`], [`Control`]), and what is
//! answered ([`Finding`], [`Gap`], [`Evaluation`]).
//!
//! Nothing here does input or output, reads a clock or logs: values in, values out. Every other crate speaks these words.

pub mod base64;
pub mod baseline;
pub mod certificate;
pub mod control;
pub mod document;
pub mod evaluation;
pub mod evidence;
pub mod facts;
pub mod finding;
pub mod gap;
pub mod image;
pub mod kubernetes_version;
pub mod name;
pub mod node;
pub mod object;
pub mod path;
pub mod redact;
pub mod remedy;
pub mod reporter;
pub mod rule;
pub mod secret;
pub mod selector;
pub mod settings;
pub mod severity;
pub mod source;
pub mod subject;
pub mod waiver;
pub mod workload;

pub use baseline::{BaselinePart, NamespaceBaseline, PartState};
pub use control::{Control, Layer, Phase};
pub use document::{Document, Limits, Value};
pub use evaluation::{ControlSummary, Counts, Evaluation, Verdict};
pub use evidence::{Evidence, Location, Place};
pub use facts::Facts;
pub use finding::Finding;
pub use gap::Gap;
pub use image::ImageReference;
pub use kubernetes_version::KubernetesVersion;
pub use name::{Name, Names};
pub use node::Node;
pub use object::Object;
pub use path::{FieldPath, Step};
pub use redact::Redacted;
pub use remedy::Remedy;
pub use reporter::Reporter;
pub use rule::{Check, Kinds, Mapping, Outcome, Rule, Standard};
pub use selector::LabelSelector;
pub use settings::Settings;
pub use severity::Severity;
pub use source::{Diagnostic, SourceText};
pub use subject::Subject;
pub use waiver::Waiver;
pub use workload::{Container, ContainerKind, Pod};
