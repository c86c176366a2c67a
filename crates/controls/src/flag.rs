//! How rules speak about a flag of a control-plane component: at the flag, or at the list that lacks it.

use rampart_model::facts::control_plane::Component;
use rampart_model::{Remedy, Reporter};

/// What is wrong with the flag `name` of one component.
pub(crate) struct Complaint<'c> {
    pub name: &'c str,
    pub message: String,
    /// The value that puts it right; none where a person has to choose.
    pub wanted: Option<&'c str>,
}

impl<'c> Complaint<'c> {
    pub(crate) fn new(name: &'c str, message: impl Into<String>) -> Self {
        Self { name, message: message.into(), wanted: None }
    }

    pub(crate) fn wanted(self, value: &'c str) -> Self {
        Self { wanted: Some(value), ..self }
    }

    pub(crate) fn report(self, component: &Component, report: &mut Reporter<'_>) {
        let evidence = component.evidence(self.name);
        let path = evidence.path.clone();
        let key = format!("{} {}", component.role.id(), self.name);
        let entry = report.finding(&component.origin.subject, evidence, key, self.message);
        let Some(wanted) = self.wanted else { return };
        let json = format!("\"--{}={wanted}\"", self.name);
        match component.flag(self.name) {
            Some(flag) if flag.is_one_word => {
                entry.remedy(Remedy::Set { path, json });
            }
            None if component.is_word_list => {
                entry.remedy(Remedy::Append { path, json });
            }
            _ => {}
        }
    }
}
