//! The one way to say no: a status, a code for programs and a sentence for people, as JSON.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// An answer that is no success. `{"error":{"code":"not_found","message":"..","field":".."}}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    /// For programs: lower case, forever.
    pub code: &'static str,
    /// For people: what is wrong and what to do. Never holds a secret.
    pub message: String,
    /// The part of the request that is meant.
    pub field: Option<String>,
    /// Seconds to wait before the next attempt.
    pub retry_after: Option<u32>,
}

/// The body of a [`Problem`].
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    error: ProblemDetail,
}

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemDetail {
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), field: None, retry_after: None }
    }

    /// The request cannot be understood.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", message)
    }

    /// Nobody is signed in.
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", message)
    }

    /// Somebody is signed in and may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// There is no such thing, or the caller may not know of it.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// It is not in the state that the request takes it to be in.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// A value is understood and not acceptable.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message);
        Self { field: Some(field.into()), ..problem }
    }

    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    }

    pub fn too_many(retry_after: u32, message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", message);
        Self { retry_after: Some(retry_after), ..problem }
    }

    /// Something that the plane needs does not answer at the moment; it goes on trying.
    pub fn unavailable(message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
        Self { retry_after: Some(5), ..problem }
    }

    /// A defect of the plane. The cause goes to the log; the caller learns nothing of the inside.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed by a defect");
        let message = "the plane failed to answer; its log says why";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }
}

impl From<rampart_store::Failure> for Problem {
    fn from(failure: rampart_store::Failure) -> Self {
        use rampart_store::Kind;
        match failure.kind {
            Kind::Missing => Self::not_found(failure.message()),
            Kind::Conflict => Self::conflict(failure.message()),
            Kind::Denied => Self::forbidden(failure.message()),
            Kind::Invalid => Self::invalid(failure.field().unwrap_or_default(), failure.message()),
            Kind::Busy | Kind::Full | Kind::Gone | Kind::Corrupt => {
                tracing::warn!(%failure, "the store does not answer");
                Self::unavailable(failure.message())
            }
            Kind::Other => Self::internal(failure),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let detail = ProblemDetail { code: self.code.to_owned(), message: self.message, field: self.field };
        let mut response = (self.status, axum::Json(ProblemBody { error: detail })).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
