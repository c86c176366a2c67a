//! What a list says beside its items: its type, and where the next page begins.

use std::sync::Arc;

use rampart_model::{Document, Limits, Name, SourceText};

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) api_version: Option<Name>,
    pub(crate) kind: Option<Name>,
    pub(crate) has_spec: bool,
    /// `metadata.continue`: the token of the next page.
    pub(crate) next_page: Option<String>,
    /// `metadata.resourceVersion`: from where to watch.
    pub(crate) version: Option<String>,
}

impl Envelope {
    /// From the text up to and with the `[` of the items, and the text from their `]` on.
    pub(crate) fn read(mut head: Vec<u8>, tail: &[u8]) -> Self {
        head.extend_from_slice(tail);
        let Ok(text) = String::from_utf8(head) else { return Self::default() };
        let source = Arc::new(SourceText::new("", text));
        let Ok(document) = Document::from_json(source, &Limits::STANDARD) else { return Self::default() };
        let root = document.root();
        let listed = |key| root.text_at(&["metadata", key]).filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            api_version: root.text_at(&["apiVersion"]).map(Name::from),
            kind: root.text_at(&["kind"]).map(Name::from),
            has_spec: root.get("spec").is_some(),
            next_page: listed("continue"),
            version: listed("resourceVersion"),
        }
    }

    /// The type that the list gives its items: that of `PodList` is `Pod`; a bare `List` gives none.
    pub(crate) fn item_type(&self) -> Option<(Name, Name)> {
        let item_kind = self.kind.as_ref()?.strip_suffix("List").filter(|kind| !kind.is_empty())?;
        Some((Name::clone(self.api_version.as_ref()?), Name::from(item_kind)))
    }
}
