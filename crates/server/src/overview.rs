//! The home page, and every control against every cluster.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use rampart_store::compliance::{self, Compliance};
use rampart_store::overview::{self, Overview};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::auth::{Caller, Role};
use crate::csv::{self, Format, Row};
use crate::input::Params;
use crate::problem::ProblemBody;
use crate::shape::{self, Page};
use crate::{Plane, Problem};

pub(crate) fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new().routes(routes!(home)).routes(routes!(matrix))
}

/// The home page in one answer: the fleet's score, the controls, what to fix first, what is new, what comes to its end.
#[utoipa::path(get, path = "/overview", tag = "fleet",
    responses((status = 200, body = shape::overview::Overview), (status = 401, body = ProblemBody)))]
async fn home(State(plane): State<Plane>, caller: Caller) -> Result<Json<Overview>, Problem> {
    let (scope, now, names) = (caller.scope(Role::Viewer), plane.now(), plane.clone());
    plane.read(move |tx| overview::get(tx, &scope, now, &|rule: &str| names.title(rule))).await.map(Json)
}

/// Every control against every cluster.
#[utoipa::path(get, path = "/compliance", tag = "fleet",
    params(("format" = Option<String>, Query, description = "`json` or `csv`: a row for each cluster and control")),
    responses((status = 200, body = shape::cluster::Compliance), (status = 401, body = ProblemBody)))]
async fn matrix(
    State(plane): State<Plane>,
    caller: Caller,
    Params(pairs): Params<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let format = Asked::of(pairs, &[])?.format()?;
    let (scope, now) = (caller.scope(Role::Viewer), plane.now());
    let found = plane.read(move |tx| compliance::get(tx, &scope, now)).await?;
    match format {
        Format::Json => Ok(Json(found).into_response()),
        Format::Csv => Ok(csv::respond(format, "compliance", &Page::whole(cells(&found)))),
    }
}

/// What one cluster says of one control.
#[derive(Serialize)]
struct Cell {
    cluster: String,
    control: &'static str,
    words: [String; 5],
}

fn cells(compliance: &Compliance) -> Vec<Cell> {
    let mut cells = Vec::new();
    for line in &compliance.clusters {
        for (column, state) in compliance.controls.iter().zip(&line.cells) {
            let words = state.as_ref().map_or_else(Default::default, |state| {
                let score = state.score.map(|score| score.to_string()).unwrap_or_default();
                let counts = &state.counts;
                let open = counts.critical + counts.high + counts.medium + counts.low + counts.info;
                let (coverage, examined) = (state.coverage.to_string(), state.examined.to_string());
                [state.verdict.id().to_owned(), score, coverage, examined, open.to_string()]
            });
            cells.push(Cell { cluster: line.name.clone(), control: column.id.id(), words });
        }
    }
    cells
}

impl Row for Cell {
    const HEAD: &'static [&'static str] = &["cluster", "control", "verdict", "score", "coverage", "examined", "open"];

    fn cells(&self) -> Vec<String> {
        let head = [self.cluster.clone(), self.control.to_owned()];
        head.into_iter().chain(self.words.iter().cloned()).collect()
    }
}
