//! Shared strings: names repeat a hundred thousand times in a cluster, so each is kept once.

use std::collections::HashSet;
use std::sync::Arc;

/// A shared, immutable string; equal by content.
pub type Name = Arc<str>;

/// The strings seen so far by one reader.
#[derive(Debug, Default, Clone)]
pub struct Names(HashSet<Name>);

impl Names {
    /// The shared copy of `text`.
    pub fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.0.get(text) {
            return Arc::clone(name);
        }
        let name: Name = Arc::from(text);
        self.0.insert(Arc::clone(&name));
        name
    }
}
