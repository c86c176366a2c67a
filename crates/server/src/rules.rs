//! Rules: what each asks, why it matters, how it is put right, and where it found something.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use rampart_controls::example;
use rampart_store::finding::{Filter, group};
use rampart_store::page::LARGEST;
use rampart_store::{Failure, Scope, Tx};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::{Asked, Listed};
use crate::auth::{Caller, Role};
use crate::csv::Row;
use crate::input::{Params, Segments};
use crate::problem::ProblemBody;
use crate::shape::Page;
use crate::shape::rule::{Examples, Rule};
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Every rule, in the order of the checklist, with how many findings are open in the caller's scope.
#[utoipa::path(get, path = "/rules", tag = "rules",
    params(("limit" = Option<u16>, Query), ("format" = Option<String>, Query, description = "`json` or `csv`")),
    responses((status = 200, body = Page<Rule>), (status = 401, body = ProblemBody)))]
async fn list(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = Asked::of(pairs, &[])?;
    let (scope, rules) = (caller.scope(Role::Viewer), plane.rules().to_vec());
    // They are few, so that the list comes whole whatever the limit.
    let load = move |tx: &mut rampart_store::Tx<'_>, _cursor: Option<&str>, _limit| {
        let counts = counts(tx, &scope, Vec::new())?;
        let of = |id: &str| counts.get(id).copied().unwrap_or_default();
        let shown = |rule: &&'static rampart_model::Rule| Rule::of(rule, of(rule.id).0, of(rule.id).1);
        Ok(Listed { items: rules.iter().map(shown).collect(), next: None, total: None })
    };
    asked.list(&plane, "rules", load).await
}

/// One rule with its documentation and an example of what it finds.
#[utoipa::path(get, path = "/rules/{control}/{name}", tag = "rules", params(("control" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Rule), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn show(
    State(plane): State<Plane>,
    caller: Caller,
    Segments((control, name)): Segments<(String, String)>,
) -> Result<Json<Rule>, Problem> {
    let rule = plane.rule(&format!("{control}/{name}")).ok_or_else(|| Problem::not_found("there is no such rule"))?;
    let scope = caller.scope(Role::Viewer);
    let counts = plane.read(move |tx| counts(tx, &scope, vec![rule.id.to_owned()])).await?;
    let (open, clusters) = counts.get(rule.id).copied().unwrap_or_default();
    let (bad, _) = example::of(rule.id);
    let examples = Examples { bad: Some(bad).filter(|bad| !bad.is_empty()) };
    Ok(Json(Rule { examples: Some(examples), ..Rule::of(rule, open, clusters) }))
}

/// Open findings and clusters with any, by rule.
fn counts(tx: &mut Tx<'_>, scope: &Scope, rules: Vec<String>) -> Result<BTreeMap<String, (u64, u64)>, Failure> {
    let filter = Filter { rules, ..Filter::default() };
    let (mut counts, mut cursor) = (BTreeMap::new(), None::<String>);
    loop {
        let step = group::list(tx, scope, group::By::Rule, &filter, cursor.as_deref(), LARGEST, &|_| String::new())?;
        counts.extend(step.items.into_iter().map(|group| (group.key, (group.findings, group.clusters))));
        cursor = step.next;
        if cursor.is_none() {
            return Ok(counts);
        }
    }
}

impl Row for Rule {
    const HEAD: &'static [&'static str] =
        &["id", "control", "severity", "title", "why", "fix", "mapsTo", "open", "clusters"];

    fn cells(&self) -> Vec<String> {
        let mappings: Vec<String> =
            self.maps_to.iter().map(|mapping| format!("{} {}", mapping.standard, mapping.id)).collect();
        vec![
            self.id.to_owned(),
            self.control.to_owned(),
            self.severity.to_owned(),
            self.title.to_owned(),
            self.why.to_owned(),
            self.fix.to_owned(),
            mappings.join("; "),
            self.open.to_string(),
            self.clusters.to_string(),
        ]
    }
}
