//! Notifications: routes, deliveries and the senders behind them.

use utoipa_axum::router::OpenApiRouter;

use crate::Plane;

/// Below `/api/v1`.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
}
