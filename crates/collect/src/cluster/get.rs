//! One bounded GET, and what is to be made of its failure.

use futures_util::AsyncReadExt;
use http::Request;
use http::header::ACCEPT;
use kube::Client;

pub(crate) const JSON: &str = "application/json";

/// Only names, labels and the like of each object.
pub(crate) const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/// Bytes of one answer. A page of the largest objects that etcd takes stays below it.
const ANSWER_BYTES: u64 = 256 << 20;

pub(crate) async fn get(client: &Client, path: &str, accept: &str) -> kube::Result<Vec<u8>> {
    let request = Request::get(path).header(ACCEPT, accept).body(Vec::new()).map_err(kube::Error::HttpError)?;
    let answer = client.request_stream(request).await?;
    let mut bytes = Vec::new();
    answer.take(ANSWER_BYTES).read_to_end(&mut bytes).await.map_err(kube::Error::ReadEvents)?;
    Ok(bytes)
}

/// The status code that the API server answered with; none where it did not answer.
pub(crate) fn code(error: &kube::Error) -> Option<u16> {
    match error {
        kube::Error::Api(status) => Some(status.code),
        _ => None,
    }
}

/// The innermost cause, which says most: what the network or the server said.
pub(crate) fn cause(error: &kube::Error) -> String {
    if let kube::Error::Api(status) = error {
        let message = status.message.trim();
        return match message.is_empty() {
            true => format!("the API server answered {}", status.code),
            false => format!("the API server answered {}: {}", status.code, one_line(message)),
        };
    }
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    one_line(&innermost.to_string())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

/// A part of a URL with everything but letters, digits and `-._~` escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
