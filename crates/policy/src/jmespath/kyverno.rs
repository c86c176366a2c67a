//! Kyverno's own functions.

use super::functions::Function;

pub(super) static FUNCTIONS: [Function; 0] = [];
