//! The `[[package]]` tables of lock files that a tool writes with every key on a line of its own.
//!
//! This is not TOML as a person may write it, and need not be: cargo, poetry and uv write these files.

pub(super) struct Table<'t> {
    /// The line that it begins on, from 1.
    pub(super) line: usize,
    pub(super) name: Option<&'t str>,
    pub(super) version: Option<&'t str>,
    /// The value as it is written.
    pub(super) source: Option<&'t str>,
}

pub(super) fn packages(text: &str) -> impl Iterator<Item = Table<'_>> {
    let mut lines = text.lines().map(str::trim).enumerate();
    let mut current: Option<Table<'_>> = None;
    std::iter::from_fn(move || {
        for (at, line) in lines.by_ref() {
            if line.starts_with('[') {
                let next =
                    (line == "[[package]]").then_some(Table { line: at + 1, name: None, version: None, source: None });
                if let Some(table) = std::mem::replace(&mut current, next) {
                    return Some(table);
                }
                continue;
            }
            let (Some(table), Some((key, value))) = (&mut current, line.split_once('=')) else { continue };
            let value = value.trim();
            let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            match key.trim() {
                "name" => table.name = text,
                "version" => table.version = text,
                "source" => table.source = Some(value),
                _ => {}
            }
        }
        current.take()
    })
}
