//! What agents speak to, and what people ask about agents.

use utoipa_axum::router::OpenApiRouter;

use crate::Plane;

/// Below `/agent/v1`: for agents alone.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
}

/// Below `/api/v1`: join tokens and the list of agents.
pub fn api() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
}
