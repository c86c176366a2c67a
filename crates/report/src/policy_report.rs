//! Reports as Kubernetes objects, for `kubectl apply` and the viewers that read them: PolicyReport of the policy working
//! group, and its successor OpenReports. One for each namespace, and one for what is cluster-scoped. They differ in names
//! only.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rampart_model::Severity;

use crate::document::{FindingEntry, GapEntry, Report, WaiverEntry};
use crate::text::visible;
use crate::tree::Tree;
use crate::yaml;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    version: &'static str,
    namespaced: &'static str,
    cluster: &'static str,
    /// OpenReports names the program also at the report itself.
    has_source: bool,
}

pub(crate) const POLICY_REPORT: Api = Api {
    version: "wgpolicyk8s.io/v1alpha2",
    namespaced: "PolicyReport",
    cluster: "ClusterPolicyReport",
    has_source: false,
};
pub(crate) const OPEN_REPORTS: Api =
    Api { version: "openreports.io/v1alpha1", namespaced: "Report", cluster: "ClusterReport", has_source: true };

struct Entry {
    result: &'static str,
    tree: Tree,
}

pub(crate) fn write(report: &Report<'_>, api: Api, out: &mut dyn Write) -> io::Result<()> {
    let mut spaces: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    // The cluster's report is always there: an empty one says that nothing was found.
    spaces.entry("").or_default();
    for finding in &report.findings {
        spaces.entry(&finding.subject.namespace).or_default().push(of_finding(report, finding, None));
    }
    for waived in &report.waived {
        let entry = of_finding(report, &waived.finding, Some(&waived.waiver));
        spaces.entry(&waived.finding.subject.namespace).or_default().push(entry);
    }
    spaces.entry("").or_default().extend(report.gaps.iter().map(of_gap));
    for (position, (namespace, entries)) in spaces.into_iter().enumerate() {
        if position > 0 {
            writeln!(out, "---")?;
        }
        yaml::document(&object(api, namespace, entries), out)?;
    }
    Ok(())
}

fn object(api: Api, namespace: &str, entries: Vec<Entry>) -> Tree {
    let kind = if namespace.is_empty() { api.cluster } else { api.namespaced };
    let labels = Tree::map([("app.kubernetes.io/managed-by", "rampart".into())]);
    let metadata = Tree::map([("name", "rampart".into())])
        .with("namespace", (!namespace.is_empty()).then(|| namespace.into()))
        .with("labels", Some(labels));
    let summary = ["pass", "fail", "warn", "error", "skip"].map(|result| {
        let number = entries.iter().filter(|entry| entry.result == result).count() as u64;
        (result, Tree::from(number))
    });
    Tree::map([("apiVersion", api.version.into()), ("kind", kind.into()), ("metadata", metadata)])
        .with("source", api.has_source.then(|| "rampart".into()))
        .with("summary", Some(Tree::map(summary)))
        .with("results", Some(Tree::list(entries.into_iter().map(|entry| entry.tree))))
}

fn of_finding(report: &Report<'_>, finding: &FindingEntry<'_>, waiver: Option<&WaiverEntry<'_>>) -> Entry {
    let result = match (waiver, finding.severity) {
        (Some(_), _) => "skip",
        (None, Severity::Info) => "warn",
        (None, _) => "fail",
    };
    let subject = &finding.subject;
    let resource =
        Tree::map([("apiVersion", subject.api_version.as_ref().into()), ("kind", subject.kind.as_ref().into())])
            .with("namespace", (!subject.namespace.is_empty()).then(|| subject.namespace.as_ref().into()))
            .with("name", Some(subject.name.as_ref().into()));
    // Properties are texts, all of them.
    let properties = Tree::map([("fingerprint", finding.fingerprint.as_ref().into())])
        .with("path", (!finding.path.is_empty()).then(|| finding.path.as_ref().into()))
        .with(
            "location",
            finding
                .location
                .as_ref()
                .map(|location| format!("{}:{}:{}", location.file, location.line, location.column).into()),
        )
        .with("fix", report.rules.get(&finding.rule).map(|rule| rule.fix.as_ref().into()))
        .with(
            "waiver",
            waiver.map(|waiver| format!("{} until {}: {}", waiver.owner, waiver.expires, waiver.reason).into()),
        );
    let tree = Tree::map([
        ("source", "rampart".into()),
        ("policy", finding.control.id().into()),
        ("rule", finding.rule.as_ref().into()),
        ("category", finding.control.title().into()),
        ("severity", finding.severity.id().into()),
        ("result", result.into()),
        ("scored", (finding.severity > Severity::Info).into()),
        ("message", visible(&finding.message).into_owned().into()),
    ])
    // The cluster itself is no object that a report could refer to.
    .with("resources", (!subject.name.is_empty()).then(|| Tree::List(vec![resource])))
    .with("properties", Some(properties));
    Entry { result, tree }
}

/// What could not be evaluated is an error in the words of this format, never a pass.
fn of_gap(gap: &GapEntry<'_>) -> Entry {
    let tree = Tree::map([("source", "rampart".into()), ("policy", gap.control.id().into())])
        .with("rule", (!gap.rule.is_empty()).then(|| gap.rule.as_ref().into()))
        .with("category", Some(gap.control.title().into()))
        .with("result", Some("error".into()))
        .with("message", Some(visible(&gap.reason).into_owned().into()))
        .with("properties", Some(Tree::map([("remedy", visible(&gap.remedy).into_owned().into())])));
    Entry { result: "error", tree }
}
