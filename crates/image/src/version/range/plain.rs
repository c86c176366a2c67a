//! Signs and versions, for ecosystems without a dialect: `>= 1.2, < 2 || = 3`.

use super::{Bound, Sign, conjunction, sign};

pub(super) fn read(text: &str) -> Result<Vec<Vec<Bound>>, String> {
    text.split("||")
        .map(|alternative| conjunction(alternative).iter().filter_map(|part| bound(part)).collect())
        .collect()
}

/// None for `*`, which bounds nothing.
fn bound(text: &str) -> Option<Result<Bound, String>> {
    match sign(text) {
        (None, "*") => None,
        (_, "") => Some(Err(text.to_owned())),
        (sign, version) => Some(Ok(Bound::new(sign.unwrap_or(Sign::Equal), version))),
    }
}
