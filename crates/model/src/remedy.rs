//! A change to one document that would remove a finding, as data: the executor makes no choices.

use crate::path::FieldPath;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Sets the field to a JSON value, making the maps above it where they are absent.
    Set { path: FieldPath, json: String },
    /// Removes the entry or element.
    Remove { path: FieldPath },
    /// Adds a JSON value to the end of a list, making the list where it is absent.
    Append { path: FieldPath, json: String },
    /// Puts a new document (YAML text) beside the object, in the same file.
    Add { yaml: String },
}
