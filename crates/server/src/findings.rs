//! Findings: filtered lists, groups, one with its evidence, and all that is known of one workload.

mod one;

use axum::extract::State;
use axum::response::Response;
use rampart_store::finding::{self, Filter, group, list as found};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Listed};
use crate::auth::{Caller, Role};
use crate::clusters::controls;
use crate::csv::Row;
use crate::input::Params;
use crate::problem::ProblemBody;
use crate::shape::{self, Page, words};
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(groups))
        .routes(routes!(one::finding))
        .routes(routes!(one::workload))
}

/// Each may be given again and again; one of its values has to fit.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters; they are read from the pairs of the query string")]
struct Filters {
    cluster: Option<Vec<String>>,
    /// `-` stands for what belongs to a cluster as a whole.
    namespace: Option<Vec<String>>,
    control: Option<Vec<String>>,
    severity: Option<Vec<words::Severity>>,
    rule: Option<Vec<String>>,
    kind: Option<Vec<String>>,
    name: Option<Vec<String>>,
    /// Open ones where it is not given.
    state: Option<Vec<words::FindingState>>,
    fixable: Option<bool>,
    /// A part of a name, a namespace or a rule's id; or a fingerprint.
    q: Option<String>,
    /// First seen then or later: an instant or a day.
    since: Option<String>,
}

const FILTERS: [&str; 13] = [
    "cluster",
    "namespace",
    "control",
    "severity",
    "rule",
    "kind",
    "name",
    "state",
    "fixable",
    "q",
    "since",
    "sort",
    "by",
];

/// # Errors
/// A value cannot be understood; the sentence says which.
pub(crate) fn filter(asked: &Asked) -> Result<Filter, Problem> {
    let namespaces = asked.many("namespace");
    Ok(Filter {
        clusters: asked.many("cluster"),
        namespaces: namespaces.into_iter().map(|name| if name == "-" { String::new() } else { name }).collect(),
        controls: controls(asked)?,
        severities: asked.words("severity")?,
        rules: asked.many("rule"),
        kinds: asked.many("kind"),
        names: asked.many("name"),
        states: asked.words("state")?,
        fixable: asked.truth("fixable")?,
        q: asked.one("q").map(str::to_owned),
        since: asked.instant("since")?,
    })
}

/// Findings in the caller's scope.
#[utoipa::path(get, path = "/findings", tag = "findings",
    params(Filters, ("sort" = Option<String>, Query, description = "`severity`, `newest`, `oldest` or `subject`"),
        ("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query, description = "`json` or `csv`")),
    responses((status = 200, body = Page<shape::finding::FindingBrief>), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &FILTERS)?;
    let sort = match asked.one("sort") {
        None | Some("severity") => found::Sort::Severity,
        Some("newest") => found::Sort::Newest,
        Some("oldest") => found::Sort::Oldest,
        Some("subject") => found::Sort::Subject,
        Some(_) => return Err(Problem::invalid("sort", "use severity, newest, oldest or subject")),
    };
    let (filter, scope, plane_rules) = (filter(&asked)?, caller.scope(Role::Viewer), plane.clone());
    let load = move |tx: &mut rampart_store::Tx<'_>, cursor: Option<&str>, limit| {
        let titles = |rule: &str| plane_rules.title(rule);
        let step = found::list(tx, &scope, &filter, sort, cursor, limit, &titles)?;
        Ok(Listed { items: step.items, next: step.next, total: Some(step.total) })
    };
    asked.list(&plane, "findings", load).await
}

/// Findings in groups, the gravest and largest first.
#[utoipa::path(get, path = "/findings/groups", tag = "findings",
    params(Filters, ("by" = String, Query, description = "`rule`, `cause`, `cluster`, `namespace` or `control`"),
        ("cursor" = Option<String>, Query), ("limit" = Option<u16>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, body = Page<shape::finding::Group>), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn groups(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &FILTERS)?;
    let by = match asked.one("by") {
        None | Some("rule") => group::By::Rule,
        Some("cause") => group::By::Cause,
        Some("cluster") => group::By::Cluster,
        Some("namespace") => group::By::Namespace,
        Some("control") => group::By::Control,
        Some(_) => return Err(Problem::invalid("by", "use rule, cause, cluster, namespace or control")),
    };
    let (filter, scope, plane_rules) = (filter(&asked)?, caller.scope(Role::Viewer), plane.clone());
    let load = move |tx: &mut rampart_store::Tx<'_>, cursor: Option<&str>, limit| {
        let titles = |rule: &str| plane_rules.title(rule);
        let step = group::list(tx, &scope, by, &filter, cursor, limit, &titles)?;
        Ok(Listed::of(step, shape::finding::Group::of))
    };
    asked.list(&plane, "groups", load).await
}

impl shape::finding::Group {
    fn of(group: group::Group) -> Self {
        Self {
            key: group.key,
            label: group.label,
            rule: group.rule,
            severity: group.severity.id(),
            findings: group.findings,
            clusters: group.clusters,
            subjects: group.subjects,
            fixable: group.fixable,
        }
    }
}

impl Row for shape::finding::Group {
    const HEAD: &'static [&'static str] =
        &["key", "label", "rule", "severity", "findings", "clusters", "subjects", "fixable"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.key.clone(),
            self.label.clone(),
            self.rule.clone().unwrap_or_default(),
            self.severity.to_owned(),
            self.findings.to_string(),
            self.clusters.to_string(),
            self.subjects.to_string(),
            self.fixable.to_string(),
        ]
    }
}

impl Row for finding::FindingBrief {
    const HEAD: &'static [&'static str] = &[
        "cluster",
        "severity",
        "control",
        "rule",
        "title",
        "apiVersion",
        "kind",
        "namespace",
        "name",
        "key",
        "message",
        "state",
        "firstSeen",
        "lastSeen",
        "resolved",
        "fixable",
        "waiver",
        "fingerprint",
    ];

    fn cells(&self) -> Vec<String> {
        let subject = &self.subject;
        vec![
            self.cluster.clone(),
            self.severity.id().to_owned(),
            self.control.id().to_owned(),
            self.rule.clone(),
            self.title.clone(),
            subject.api_version.to_string(),
            subject.kind.to_string(),
            subject.namespace.to_string(),
            subject.name.to_string(),
            self.key.clone(),
            self.message.clone(),
            self.state.id().to_owned(),
            self.first_seen.to_string(),
            self.last_seen.to_string(),
            self.resolved.map(|at| at.to_string()).unwrap_or_default(),
            self.fixable.to_string(),
            self.waiver.clone().unwrap_or_default(),
            self.fingerprint.clone(),
        ]
    }
}
