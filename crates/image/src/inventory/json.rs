//! JSON, or a doubt.

use serde_json::Value;

use super::basket::Basket;

pub(super) fn document(bytes: &[u8], basket: &mut Basket) -> Option<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice(bytes) {
        Ok(document) => Some(document),
        Err(error) => {
            basket.doubt(error.line(), "this is no JSON");
            None
        }
    }
}
