//! One line of a watch.

use std::sync::Arc;

use rampart_model::{Diagnostic, Document, Limits};

use crate::cluster::Resource;
use crate::live::{self, Stripped, unlined};

pub(super) enum Event {
    /// The object is there in this form.
    Put {
        object: Stripped,
        version: Option<String>,
    },
    Removed {
        object: Stripped,
        version: Option<String>,
    },
    /// Nothing happened up to this version.
    Bookmark {
        version: Option<String>,
    },
    /// The server ends the watch with this status code.
    Ended {
        code: i64,
        message: String,
    },
}

/// Reads a line; the error is about an object that cannot be read.
pub(super) fn read(resource: &Resource, line: String, limits: &Limits) -> Result<Event, Diagnostic> {
    let document = Document::from_json(Arc::new(unlined(resource.path(), line)), limits)?;
    let root = document.root();
    let Some(object) = root.field("object") else {
        return Err(Diagnostic::lost(resource.path(), "an event of the watch holds no object"));
    };
    let version =
        object.text_at(&["metadata", "resourceVersion"]).filter(|version| !version.is_empty()).map(str::to_owned);
    match root.text_at(&["type"]) {
        Some("ADDED" | "MODIFIED") => Ok(Event::Put { object: live::strip(resource, object), version }),
        Some("DELETED") => Ok(Event::Removed { object: live::strip(resource, object), version }),
        Some("BOOKMARK") => Ok(Event::Bookmark { version }),
        Some("ERROR") => Ok(Event::Ended {
            code: object.i64_at(&["code"]).unwrap_or(0),
            message: object.text_at(&["message"]).unwrap_or_default().to_owned(),
        }),
        _ => Err(Diagnostic::lost(resource.path(), "an event of the watch has no known type")),
    }
}
