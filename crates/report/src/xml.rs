//! What XML and HTML escape, with everything unseen written out first: XML has no way to say most of it.

use crate::text::visible;

/// Safe as content and inside double quotes.
pub(crate) fn escape(text: &str) -> String {
    let visible = visible(text);
    let mut shown = String::with_capacity(visible.len());
    for character in visible.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            _ => shown.push(character),
        }
    }
    shown
}
