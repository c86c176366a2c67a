//! Text edits of one document, by the spans of its values. The caller proves the result.

use rampart_model::document::Kind;
use rampart_model::{Document, FieldPath, Remedy, Step, Value};
use serde_json::Value as Json;

use super::expect::read;
use super::render;

/// A replacement of a byte range.
struct Splice {
    start: usize,
    end: usize,
    text: String,
}

/// True where the text is a JSON file, in which keys and strings must be quoted.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

pub(super) fn edit(text: &str, document: &Document, remedy: &Remedy) -> Result<String, String> {
    let page = Page { text, strict: is_json(text) };
    let splice = match remedy {
        Remedy::Set { path, json } => page.set(document.root(), path, &read(json)?)?,
        Remedy::Append { path, json } => page.append(document.root(), path, &read(json)?)?,
        Remedy::Remove { path } => page.remove(document.root(), path)?,
        Remedy::Add { .. } => return Err("a new document is not an edit".to_owned()),
    };
    let (head, tail) = (text.get(..splice.start), text.get(splice.end..));
    match (head, tail) {
        (Some(head), Some(tail)) => Ok(format!("{head}{}{tail}", splice.text)),
        _ => Err("the place of the field is not clear in the text; change it by hand".to_owned()),
    }
}

struct Page<'t> {
    text: &'t str,
    strict: bool,
}

impl Page<'_> {
    fn set(&self, root: Value<'_>, path: &FieldPath, json: &Json) -> Result<Splice, String> {
        let (found, missing) = follow(root, path);
        let Some((first, deeper)) = missing.split_first() else {
            return Ok(self.replace(found, json));
        };
        let Step::Key(key) = first else { return Err(format!("`{path}` has no such element")) };
        let json = nest(deeper, json)?;
        match found.kind() {
            Kind::Object => Ok(self.insert_entry(found, key, &json)),
            Kind::Null => {
                let mut map = serde_json::Map::new();
                map.insert(key.to_string(), json);
                Ok(self.replace(found, &Json::Object(map)))
            }
            kind => Err(format!("`{}` is a {kind}, not a map", found.path())),
        }
    }

    /// Replaces a whole value.
    fn replace(&self, value: Value<'_>, json: &Json) -> Splice {
        let (start, end) = bytes(value.span());
        let is_block = matches!(value.kind(), Kind::Array | Kind::Object) && !self.is_flow(value);
        if is_block || value.kind() == Kind::Null {
            // From behind the colon to the end of the last line of the value.
            let end = if is_block { self.content_end(value) } else { end };
            if let Some((_, key_end)) = value.key_span() {
                let colon = self.text.get(key_end as usize..).and_then(|rest| rest.find(':')).map_or(0, |at| at + 1);
                let start = key_end as usize + colon;
                return Splice { start, end: end.max(start), text: format!(" {}", render::flow(json, self.strict)) };
            }
            return Splice { start, end, text: render::flow(json, self.strict) };
        }
        Splice { start, end, text: render::flow(json, self.strict) }
    }

    fn insert_entry(&self, map: Value<'_>, key: &str, json: &Json) -> Splice {
        if self.is_flow(map) {
            let key = if self.strict { Json::String(key.to_owned()).to_string() } else { render::text(key) };
            return self.insert_flow(map, &format!("{key}: {}", render::flow(json, self.strict)));
        }
        let indent = self.column(bytes(map.span()).0);
        let at = self.line_end(self.content_end(map));
        Splice { start: at, end: at, text: format!("\n{}", render::block(key, json, indent)) }
    }

    /// Puts `item` before the closing bracket, on a line of its own where the last element has one.
    fn insert_flow(&self, container: Value<'_>, item: &str) -> Splice {
        let (_, end) = bytes(container.span());
        let close = end.saturating_sub(1);
        let last = children(container).last().map(|child| bytes(child.span()).1);
        let Some(last) = last else { return Splice { start: close, end: close, text: item.to_owned() } };
        let gap = self.text.get(last..close).unwrap_or_default();
        let text = match gap.contains('\n') {
            true => format!(",\n{}{item}", " ".repeat(self.indent_of_line(last))),
            false => format!(", {item}"),
        };
        Splice { start: last, end: last, text }
    }

    fn append(&self, root: Value<'_>, path: &FieldPath, json: &Json) -> Result<Splice, String> {
        let (found, missing) = follow(root, path);
        if !missing.is_empty() || found.kind() == Kind::Null {
            return self.set(root, path, &Json::Array(vec![json.clone()]));
        }
        if found.kind() != Kind::Array {
            return Err(format!("`{path}` is a {}, not a list", found.kind()));
        }
        if self.is_flow(found) {
            return Ok(self.insert_flow(found, &render::flow(json, self.strict)));
        }
        let first = found.items().next().ok_or_else(|| format!("`{path}` is written in an unusual way"))?;
        let dash = self.dash_before(bytes(first.span()).0).ok_or_else(|| format!("no `-` before `{path}[0]`"))?;
        let at = self.line_end(self.content_end(found));
        let text = format!("\n{}- {}", " ".repeat(self.column(dash)), render::flow(json, false));
        Ok(Splice { start: at, end: at, text })
    }

    fn remove(&self, root: Value<'_>, path: &FieldPath) -> Result<Splice, String> {
        let value = root.follow(path).ok_or_else(|| format!("`{path}` is not there"))?;
        let above = FieldPath(path.0.split_last().map(|(_, above)| above.to_vec()).unwrap_or_default());
        let parent = root.follow(&above).ok_or_else(|| format!("`{above}` is not there"))?;
        if children(parent).count() == 1 {
            let empty = if parent.kind() == Kind::Array {
                Json::Array(Vec::new())
            } else {
                Json::Object(serde_json::Map::new())
            };
            return Ok(self.replace(parent, &empty));
        }
        let start = self.entry_start(parent, value).ok_or_else(|| format!("the start of `{path}` is not clear"))?;
        if self.is_flow(parent) {
            return Ok(self.remove_flow(parent, value, start));
        }
        let end = self.line_end(self.content_end(value));
        let line_start = self.line_start(start);
        // The first entry behind a dash: what follows moves up to it.
        if self.text.get(line_start..start).is_some_and(|before| !before.trim().is_empty()) {
            let next = children(parent).nth(1).and_then(|next| self.entry_start(parent, next));
            let next = next.ok_or_else(|| format!("the entry after `{path}` is not clear"))?;
            return Ok(Splice { start, end: next, text: String::new() });
        }
        Ok(Splice { start: line_start, end: (end + 1).min(self.text.len()), text: String::new() })
    }

    fn remove_flow(&self, parent: Value<'_>, value: Value<'_>, start: usize) -> Splice {
        let (_, end) = bytes(value.span());
        let starts: Vec<usize> = children(parent).filter_map(|child| self.entry_start(parent, child)).collect();
        if let Some(next) = starts.iter().copied().find(|other| *other > start) {
            return Splice { start, end: next, text: String::new() };
        }
        let previous_end = children(parent).map(|child| bytes(child.span()).1).filter(|other| *other <= start).max();
        Splice { start: previous_end.unwrap_or(start), end, text: String::new() }
    }

    /// Where an entry begins: its key (with its quote), or the dash of a block list.
    fn entry_start(&self, parent: Value<'_>, value: Value<'_>) -> Option<usize> {
        if parent.kind() == Kind::Object {
            let (start, _) = value.key_span()?;
            let start = start as usize;
            let quoted = start
                .checked_sub(1)
                .and_then(|at| self.text.as_bytes().get(at))
                .is_some_and(|byte| matches!(byte, b'"' | b'\''));
            return Some(if quoted { start - 1 } else { start });
        }
        let (start, _) = bytes(value.span());
        if self.is_flow(parent) { Some(start) } else { self.dash_before(start) }
    }

    fn is_flow(&self, value: Value<'_>) -> bool {
        let open = match value.kind() {
            Kind::Array => b'[',
            Kind::Object => b'{',
            _ => return false,
        };
        // A block list may be said to begin at its first element, which may be a map in flow style.
        self.text.as_bytes().get(bytes(value.span()).0) == Some(&open)
    }

    /// The end of the last character that belongs to a value, without the comments and blank lines behind it.
    fn content_end(&self, value: Value<'_>) -> usize {
        let last = children(value).last().filter(|_| !self.is_flow(value));
        match last {
            Some(child) => self.content_end(child),
            None => {
                let (start, end) = bytes(value.span());
                let end = match value.key_span() {
                    // An empty value has no text of its own: its key is the last of it.
                    Some((_, key_end)) if end <= start => end.max(key_end as usize + 1),
                    _ => end,
                };
                self.text.get(..end).map_or(end, |before| before.trim_end().len())
            }
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
    }

    /// The position of the line break (or the end of text) behind `at`.
    fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |offset| at + offset)
    }

    /// Characters between the start of the line and `at`.
    fn column(&self, at: usize) -> usize {
        self.text.get(self.line_start(at)..at).map_or(0, |before| before.chars().count())
    }

    fn indent_of_line(&self, at: usize) -> usize {
        let line = self.text.get(self.line_start(at)..at).unwrap_or_default();
        line.len() - line.trim_start().len()
    }

    fn dash_before(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?.trim_end_matches([' ', '\n', '\r']);
        before.ends_with('-').then(|| before.len() - 1)
    }
}

fn bytes((start, end): (u32, u32)) -> (usize, usize) {
    (start as usize, end as usize)
}

fn children(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    value.entries().map(|(_, child)| child).chain(value.items())
}

/// The deepest value on the path that exists, and the steps that do not.
fn follow<'d, 'p>(root: Value<'d>, path: &'p FieldPath) -> (Value<'d>, &'p [Step]) {
    let mut here = root;
    let mut rest = path.0.as_slice();
    while let Some((step, deeper)) = rest.split_first() {
        let next = match step {
            Step::Key(key) => here.get(key),
            Step::Index(index) => here.items().nth(*index as usize),
        };
        let Some(next) = next else { break };
        (here, rest) = (next, deeper);
    }
    (here, rest)
}

/// `json` below the keys of `steps`.
fn nest(steps: &[Step], json: &Json) -> Result<Json, String> {
    steps.iter().rev().try_fold(json.clone(), |json, step| match step {
        Step::Key(key) => Ok(Json::Object(std::iter::once((key.to_string(), json)).collect())),
        Step::Index(index) => Err(format!("there is no element {index}")),
    })
}

#[cfg(test)]
mod tests {
    use super::super::apply;
    use rampart_model::Remedy;

    fn set(text: &str, path: &str, json: &str) -> String {
        apply(text, 0, &Remedy::Set { path: path.parse().unwrap(), json: json.to_owned() }).unwrap()
    }

    fn remove(text: &str, path: &str) -> String {
        apply(text, 0, &Remedy::Remove { path: path.parse().unwrap() }).unwrap()
    }

    fn append(text: &str, path: &str, json: &str) -> String {
        apply(text, 0, &Remedy::Append { path: path.parse().unwrap(), json: json.to_owned() }).unwrap()
    }

    const POD: &str = "spec: # the pod\n  containers:\n  - name: a # first\n    securityContext:\n      privileged: true # why?\n    # a word\n  - name: b\n\n# the end\nstatus: {}\n";

    #[test]
    fn a_scalar_is_replaced_and_its_comment_stays() {
        assert!(
            set(POD, "spec.containers[0].securityContext.privileged", "false").contains("privileged: false # why?\n")
        );
    }

    #[test]
    fn absent_maps_are_made_in_block_style_at_the_right_column() {
        let text = set(POD, "spec.containers[1].securityContext.capabilities.drop", "[\"ALL\"]");
        assert!(
            text.contains(
                "  - name: b\n    securityContext:\n      capabilities:\n        drop:\n        - ALL\n\n# the end"
            ),
            "{text}"
        );
        let text = set(POD, "spec.hostUsers", "false");
        assert!(text.contains("  - name: b\n  hostUsers: false\n\n# the end"), "{text}");
    }

    #[test]
    fn entries_behind_a_dash_and_last_entries_are_removed() {
        let text = remove("l:\n- a: 1\n  b: 2\n- c: 3\n", "l[0].a");
        assert_eq!(text, "l:\n- b: 2\n- c: 3\n");
        assert_eq!(remove("l:\n- a: 1\n  b: 2\n- c: 3\n", "l[1]"), "l:\n- a: 1\n  b: 2\n");
        assert_eq!(remove("l:\n- a: 1\n", "l[0]"), "l: []\n");
        assert_eq!(remove("a:\n  b: 1 # x\nc: 2\n", "a.b"), "a: {} # x\nc: 2\n");
        assert_eq!(remove("l:\n- {a: 1}\nc: 2\n", "l[0]"), "l: []\nc: 2\n");
        assert_eq!(remove(POD, "spec.containers[0].securityContext").matches("privileged").count(), 0);
    }

    #[test]
    fn flow_style_and_json_stay_what_they_are() {
        assert_eq!(set("a: {b: 1}\n", "a.c", "\"x\""), "a: {b: 1, c: x}\n");
        assert_eq!(
            set("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", "a.c", "true"),
            "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": true\n  }\n}\n"
        );
        assert_eq!(remove("a: [1, 2, 3]\n", "a[1]"), "a: [1, 3]\n");
        assert_eq!(remove("a: [1, 2, 3]\n", "a[2]"), "a: [1, 2]\n");
        assert_eq!(remove("{\"a\": 1, \"b\": 2}", "b"), "{\"a\": 1}");
        assert_eq!(append("a: [x]\n", "a", "\"z\""), "a: [x, z]\n");
        assert_eq!(append("a:\n- x\nb: 1\n", "a", "\"z\""), "a:\n- x\n- z\nb: 1\n");
    }

    #[test]
    fn empty_values_are_filled() {
        assert_eq!(set("a:\nb: 1\n", "a.c", "1"), "a: {c: 1}\nb: 1\n");
        assert_eq!(set("a: {}\n", "a.c", "1"), "a: {c: 1}\n");
        assert_eq!(set("a: {b: ~}\n", "a.b", "1"), "a: {b: 1}\n");
    }

    #[test]
    fn an_anchor_that_others_use_is_not_touched() {
        let text = "a: &x {p: 1}\nb: *x\n";
        let error = apply(text, 0, &Remedy::Set { path: "a.p".parse().unwrap(), json: "2".to_owned() }).unwrap_err();
        assert!(error.contains("by hand"), "{error}");
    }

    #[test]
    fn block_scalars_keep_their_text() {
        let text = "data:\n  k: |\n    one\n    two\nkind: X\n";
        assert_eq!(set(text, "data.z", "1"), "data:\n  k: |\n    one\n    two\n  z: 1\nkind: X\n");
        assert_eq!(remove(text, "data"), "kind: X\n");
    }
}
