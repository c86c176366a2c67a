//! Sign-in as clients see it: every way in, and every refusal.

mod devices;
mod passwords;
mod provider;
mod roles;
mod sessions;
mod tokens;

use crate::stage::Answer;

/// The code of a problem.
pub fn code(answer: &Answer) -> String {
    answer.json()["error"]["code"].as_str().unwrap().to_owned()
}
