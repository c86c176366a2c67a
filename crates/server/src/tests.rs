//! The real router over a real store: what each address answers to whom.

mod contract;
mod hostile;
mod people;
mod tls;
mod waiving;

use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use http::{Method, Request};
use rampart_store::Role;
use rampart_store::role::RoleGrant;
use serde_json::Value;
use tower::ServiceExt;

use crate::stage::Stage;
pub(crate) use crate::stage::{Answer, Client};
use crate::{routes, source};

/// A plane that may hold evaluations of the examples, and people who ask it.
pub(crate) struct House {
    pub stage: Stage,
}

pub(crate) fn example(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

impl House {
    pub fn empty() -> Self {
        Self { stage: Stage::new() }
    }

    /// With clusters read from folders of `examples/`.
    pub async fn with(clusters: &[&str]) -> Self {
        let house = Self::empty();
        for name in clusters {
            house.read(name, &example(name)).await;
        }
        house
    }

    /// One evaluation, as the plane does it.
    pub async fn read(&self, name: &str, folder: &Path) {
        let target = rampart_collect::Target::Folder(folder.to_owned());
        source::once(&self.stage.plane, name, target).await.unwrap();
    }

    /// Somebody with a role over everything.
    pub async fn everywhere(&self, name: &str, role: Role) -> Client {
        self.within(name, role, &[], &[]).await
    }

    pub async fn within(&self, name: &str, role: Role, clusters: &[&str], namespaces: &[&str]) -> Client {
        let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        let grant = RoleGrant { role, clusters: owned(clusters), namespaces: owned(namespaces) };
        self.stage.person(name, &[grant]).await.client()
    }

    pub async fn ask(&self, caller: Option<&Client>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let nobody = Client::default();
        let method: Method = method.parse().unwrap();
        self.stage.send(caller.unwrap_or(&nobody), method, path, body).await
    }

    pub async fn get(&self, caller: &Client, path: &str) -> Answer {
        self.ask(Some(caller), "GET", path, None).await
    }

    /// A request that a client would not make.
    pub async fn send(&self, caller: Option<&Client>, mut request: Request<Body>) -> Answer {
        for (name, value) in caller.into_iter().flat_map(|caller| &caller.headers) {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        request.headers_mut().insert("host", "plane:8443".parse().unwrap());
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 1], 4711))));
        let response = routes::router(self.stage.plane.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
