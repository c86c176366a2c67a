//! Reports on demand.

use std::io::{self, BufWriter, Write};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, header};
use rampart_report::{Format, Layout, write_report};
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::IntoParams;

use super::build::{self, Wanted};
use super::frameworks;
use super::shapes::{All, ReportFormat};
use crate::auth::{Caller, Role};
use crate::input::Params;
use crate::{Plane, Problem};

/// Pieces that wait for a slow reader.
const WAITING: usize = 8;
const PIECE: usize = 64 << 10;

/// Every format.
#[utoipa::path(get, path = "/reports/formats", tag = "reports", responses((status = 200, body = All<ReportFormat>), (status = 401)))]
pub async fn formats(_caller: Caller) -> Json<All<ReportFormat>> {
    Json(All::of(Format::ALL.iter().map(|format| ReportFormat::from(*format)).collect()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The id of a format.
    format: String,
    /// A cluster; without one, all that the caller may see.
    cluster: Option<String>,
    /// The id of a framework that the report answers to.
    framework: Option<String>,
}

/// # Errors
/// There is no such format, or it says nothing of frameworks.
pub(super) fn format(word: &str, framework: Option<&str>) -> Result<Format, Problem> {
    let format: Format = word.parse().map_err(|message: String| Problem::invalid("format", message))?;
    if framework.is_some() && !format.answers_frameworks() {
        return Err(Problem::invalid("framework", format!("`{format}` says nothing of frameworks; use html or pdf")));
    }
    Ok(format)
}

/// Whether auditors read it: then it sums up all frameworks unasked.
pub(super) fn sums(format: Format) -> bool {
    matches!(format, Format::Html | Format::Pdf)
}

/// What the caller may see of a cluster or of all, in a format.
#[utoipa::path(
    get, path = "/reports/download", tag = "reports", params(Asked),
    responses((status = 200, content_type = "application/octet-stream"), (status = 401), (status = 404), (status = 422)),
)]
pub async fn download(
    State(plane): State<Plane>,
    caller: Caller,
    Params(asked): Params<Asked>,
) -> Result<Response, Problem> {
    let chosen = asked.framework.filter(|id| !id.is_empty());
    let format = format(&asked.format, chosen.as_deref())?;
    let (scope, now, state) = (caller.scope(Role::Viewer), plane.now(), plane.clone());
    let cluster = asked.cluster.filter(|name| !name.is_empty());
    let report = plane
        .read(move |tx| {
            let framework = chosen.as_deref().map(|id| frameworks::one(tx, id)).transpose()?;
            let wanted = Wanted {
                scope: scope.clone(),
                cluster: cluster.clone(),
                framework: framework.map(|(framework, _)| framework),
                sums: sums(format),
                now,
            };
            build::report(tx, &state, &wanted)
        })
        .await?;
    let name = file_name(&report.target, format);
    let (send, receive) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(PIECE, Pieces(send.clone()));
        let written = write_report(&report, &layout(), format, &mut out).and_then(|()| out.flush());
        if let Err(error) = written {
            // The reader went away, or gets to know that the rest is missing.
            let _ = send.blocking_send(Err(error));
        }
    });
    let body = stream::unfold(receive, |mut receive| async move { receive.recv().await.map(|piece| (piece, receive)) });
    // Connections ask once more after the end, which the stream itself does not bear.
    let mut response = Body::from_stream(body.fuse()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

pub(super) fn layout() -> Layout {
    Layout { width: 100, colour: false, limit: 0 }
}

fn file_name(target: &str, format: Format) -> String {
    let plain: String = target
        .chars()
        .map(
            |character| {
                if character.is_ascii_alphanumeric() || matches!(character, '-' | '.') { character } else { '-' }
            },
        )
        .collect();
    format!("rampart-{plain}.{}", format.extension())
}

/// Hands what is written to the connection, as fast as it takes it.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the reader went away");
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
