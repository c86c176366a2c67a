//! Values in one column as JSON: lists of globs, grants, settings.

use crate::failure::Failure;

pub(crate) fn write<T: serde::Serialize>(list: &T) -> Result<String, Failure> {
    serde_json::to_string(list).map_err(|error| Failure::other(format!("a value cannot be written as JSON: {error}")))
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::corrupt(format!("a stored value is not what was written: {error}")))
}
