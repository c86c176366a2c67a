//! Frameworks, report downloads and their schedules.

use utoipa_axum::router::OpenApiRouter;

use crate::Plane;

/// Below `/api/v1`.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
}
