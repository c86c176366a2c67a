//! Reports for people and auditors: downloads in every format, reports by the clock, and compliance frameworks.

mod build;
mod download;
mod frameworks;
mod schedules;
mod shapes;
#[cfg(test)]
mod tests;
mod written;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Plane;

pub(crate) use written::start;

/// Below `/api/v1`.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(download::formats))
        .routes(routes!(download::download))
        .routes(routes!(schedules::list, schedules::create))
        .routes(routes!(schedules::remove))
        .routes(routes!(schedules::latest))
        .routes(routes!(frameworks::list, frameworks::put))
        .routes(routes!(frameworks::show, frameworks::remove))
}
