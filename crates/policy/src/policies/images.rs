//! `images`: the images of the containers in question, by the list that they stand in, and by the policy's own lists.

use rampart_cel::value::Map;
use rampart_cel::{Program, Val};
use serde_json::Value as Tree;

use crate::expression::{Refusal, Run, Scope, items, text, values};
use crate::{Review, wildcard};

/// The lists of containers that a pod has.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Where images stand beside the pod's containers, and which of them a policy is about.
pub(super) struct Images {
    own: Vec<(String, Program)>,
    globs: Vec<String>,
    /// Whether some references are chosen by expressions, which this does not narrow by.
    is_open: bool,
}

impl Images {
    pub(super) fn read(spec: &Tree, scope: &Scope) -> Result<Self, Refusal> {
        let references: Vec<_> = items(spec, "matchImageReferences").collect();
        let globs = references.iter().map(|reference| text(reference, "glob")).filter(|glob| !glob.is_empty());
        Ok(Self {
            own: scope.named(spec, "images", "name", "expression")?,
            is_open: references.is_empty() || references.iter().any(|reference| reference.get("glob").is_none()),
            globs: globs.map(str::to_owned).collect(),
        })
    }

    fn wants(&self, image: &str) -> bool {
        self.is_open || self.globs.iter().any(|glob| wildcard::matches(glob, image))
    }

    /// The value of `images`.
    ///
    /// # Errors
    /// What an expression of the policy runs into.
    pub(super) fn value<'d>(&self, run: &Run<'_, 'd>) -> Result<Val<'d>, String> {
        let mut lists = Vec::new();
        for list in LISTS {
            let images = of_list(run.review, list).into_iter().filter(|image| self.wants(image));
            lists.push((Val::text(list), values::texts(images)));
        }
        for (name, program) in &self.own {
            let found =
                run.evaluate(program).map_err(|error| format!("images `{name}` cannot be evaluated: {error}"))?;
            let Val::List(found) = found else {
                return Err(format!("images `{name}` gives a {}, not a list of strings", found.type_name()));
            };
            let wanted = found.iter().filter(|image| matches!(image, Val::Str(image) if self.wants(image)));
            lists.push((Val::text(name.as_str()), Val::list(wanted.collect())));
        }
        Map::of(lists).map(Val::Map).map_err(|error| error.to_string())
    }
}

/// The images of a list of containers, of a pod or of what makes pods.
fn of_list<'d>(review: &Review<'d>, list: &str) -> Vec<&'d str> {
    let Some(subject) = review.subject() else { return Vec::new() };
    let path: &[&str] = match subject.kind() {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    };
    let containers = subject.value().dig(path).and_then(|pod| pod.field(list));
    containers.into_iter().flat_map(|list| list.items()).filter_map(|item| item.text_at(&["image"])).collect()
}
