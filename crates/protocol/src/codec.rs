//! Bodies on the wire: JSON in zstd, both bounded before anything is allocated for them.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The media type of a body.
pub const MEDIA_TYPE: &str = "application/vnd.rampart.v1+json+zstd";
/// The largest compressed body.
pub const MAX_BYTES: usize = 8 << 20;
/// The largest body after decompression; parts of a batch are far smaller.
pub const MAX_DECODED_BYTES: usize = 32 << 20;

/// # Errors
/// The value is too large to be sent.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let text = serde_json::to_vec(value).map_err(|error| format!("cannot write it as JSON: {error}"))?;
    if text.len() > MAX_DECODED_BYTES {
        return Err(format!("{} bytes are more than the {MAX_DECODED_BYTES} that may be sent at once", text.len()));
    }
    let body = zstd::bulk::compress(&text, 3).map_err(|error| format!("cannot compress it: {error}"))?;
    if body.len() > MAX_BYTES {
        return Err(format!("{} bytes are more than the {MAX_BYTES} that may be sent at once", body.len()));
    }
    Ok(body)
}

/// # Errors
/// The body is too large, no zstd, or not the JSON that is wanted; the text is safe to send back.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    use std::io::Read;
    if body.len() > MAX_BYTES {
        return Err(format!("the body is larger than {MAX_BYTES} bytes"));
    }
    let reader = zstd::stream::read::Decoder::new(body).map_err(|error| format!("the body is no zstd: {error}"))?;
    let mut text = Vec::new();
    let limit = MAX_DECODED_BYTES as u64 + 1;
    reader.take(limit).read_to_end(&mut text).map_err(|error| format!("the body is no zstd: {error}"))?;
    if text.len() > MAX_DECODED_BYTES {
        return Err(format!("the body is larger than {MAX_DECODED_BYTES} bytes when decompressed"));
    }
    serde_json::from_slice(&text).map_err(|error| format!("the body cannot be understood: {error}"))
}
