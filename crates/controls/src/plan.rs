//! From findings to changed text: applies remedies to manifests, keeping comments, order and style.
//!
//! Every edit is proved before it counts: the changed text is parsed again and must equal the old value with exactly the
//! remedy applied. An edit that cannot be proved is left out and named.

mod edit;
mod expect;
mod render;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rampart_model::document::read_documents;
use rampart_model::{Document, Finding, Limits, Remedy, SourceText};

/// The outcome for one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilePlan {
    pub file: String,
    pub before: String,
    pub after: String,
    /// Rule and subject of each finding that the new text removes.
    pub applied: Vec<String>,
    /// Rule and subject of each finding whose edit could not be made, and why.
    pub refused: Vec<String>,
}

/// The files that findings with remedies point into, with those findings.
pub fn by_file(findings: &[Finding]) -> BTreeMap<String, Vec<&Finding>> {
    let mut files: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !finding.remedies.is_empty()) {
        if let Some(location) = &finding.evidence.location {
            files.entry(location.file.to_string()).or_default().push(finding);
        }
    }
    files
}

/// Applies the remedies of `findings` to the text of their file.
pub fn change(file: &str, text: &str, findings: &[&Finding]) -> FilePlan {
    let mut plan =
        FilePlan { file: file.to_owned(), before: text.to_owned(), after: text.to_owned(), ..FilePlan::default() };
    let mut done: Vec<(u32, Remedy)> = Vec::new();
    let mut findings = findings.to_vec();
    findings.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.order(b)));
    for finding in findings {
        let document = finding.evidence.document;
        let what = format!("{} {}", finding.rule, finding.subject);
        let mut after = plan.after.clone();
        let outcome =
            finding.remedies.iter().filter(|remedy| !done.contains(&(document, (*remedy).clone()))).try_for_each(
                |remedy| {
                    after = apply(&after, document, remedy)?;
                    Ok::<(), String>(())
                },
            );
        match outcome {
            Ok(()) => {
                plan.after = after;
                plan.applied.push(what);
                done.extend(finding.remedies.iter().map(|remedy| (document, remedy.clone())));
            }
            Err(reason) => plan.refused.push(format!("{what}: {reason}")),
        }
    }
    plan.applied.sort();
    plan.applied.dedup();
    plan.refused.sort();
    plan
}

/// Fields are set while indices still stand as they were read; then elements are removed, the last of each list first;
/// then documents are added.
fn order(finding: &Finding) -> (u8, Reverse<Option<&Remedy>>) {
    let phase = |remedy: &Remedy| match remedy {
        Remedy::Set { .. } | Remedy::Append { .. } => 0,
        Remedy::Remove { .. } => 1,
        Remedy::Add { .. } => 2,
    };
    let last = finding.remedies.iter().max_by_key(|remedy| phase(remedy));
    (last.map_or(0, phase), Reverse(last))
}

/// Applies one remedy to the document at `position` of a text.
///
/// # Errors
/// Why the edit cannot be made, or could not be proved.
pub fn apply(text: &str, position: u32, remedy: &Remedy) -> Result<String, String> {
    let before = parse(text)?;
    if let Remedy::Add { yaml } = remedy {
        return add(text, yaml);
    }
    let document = nth(&before, position)?;
    let after_text = edit::edit(text, document, remedy)?;
    let after = parse(&after_text)?;
    if after.len() != before.len() {
        return Err("the edit would change how many documents the file has".to_owned());
    }
    for (old, new) in before.iter().zip(&after) {
        let mut expected = old.root().to_json();
        if old.position() == position {
            expect::apply(&mut expected, remedy)?;
        }
        if new.root().to_json() != expected {
            return Err("the edit would touch more than the field; change it by hand".to_owned());
        }
    }
    Ok(after_text)
}

fn add(text: &str, yaml: &str) -> Result<String, String> {
    if edit::is_json(text) {
        return Err("a JSON file holds one document; add the object in a file of its own".to_owned());
    }
    let mut after = text.trim_end().to_owned();
    if !after.is_empty() {
        after.push_str("\n---\n");
    }
    after.push_str(yaml.trim_end());
    after.push('\n');
    parse(&after).map(|_| after)
}

fn parse(text: &str) -> Result<Vec<Document>, String> {
    let (documents, diagnostics) = read_documents(SourceText::new("edited", text), &Limits::STANDARD);
    match diagnostics.into_iter().find(|diagnostic| diagnostic.lost) {
        Some(diagnostic) => Err(diagnostic.message),
        None => Ok(documents),
    }
}

fn nth(documents: &[Document], position: u32) -> Result<&Document, String> {
    documents
        .iter()
        .find(|document| document.position() == position)
        .ok_or_else(|| format!("the file has no document {position}"))
}
