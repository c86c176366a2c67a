//! JSONPath as client-go templates have it, as far as benchmarks use it: fields, indices, slices, `[*]`, `..` not, and
//! `range`. What is missing prints nothing.

use rampart_model::Value;
use rampart_model::document::Kind;

/// # Errors
/// The template is none that is read here.
pub(super) fn text(template: &str, root: Value<'_>) -> Result<String, String> {
    let pieces = pieces(template)?;
    let mut out = String::new();
    render(&pieces, root, root, &mut out)?;
    Ok(out)
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Path(String),
    Range(String, Vec<Piece>),
}

fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    // What is read now, and around it the ranges that are open.
    let mut open: Vec<(String, Vec<Piece>)> = Vec::new();
    let mut here = Vec::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        if !before.is_empty() {
            here.push(Piece::Text(before.to_owned()));
        }
        let end = closing(behind).ok_or_else(|| format!("`{template}` has an open brace"))?;
        let (inside, after) = behind.split_at_checked(end).ok_or_else(|| format!("`{template}` has an open brace"))?;
        rest = after.strip_prefix('}').unwrap_or(after);
        let inside = inside.trim();
        if let Some(path) = inside.strip_prefix("range ") {
            open.push((path.trim().to_owned(), std::mem::take(&mut here)));
        } else if inside == "end" {
            let (path, outer) = open.pop().ok_or_else(|| format!("`{template}` ends a range that is not open"))?;
            let body = std::mem::replace(&mut here, outer);
            here.push(Piece::Range(path, body));
        } else if let Some(text) = inside.strip_prefix(['\'', '"']) {
            let text = text.trim_end_matches(['\'', '"']);
            here.push(Piece::Text(text.replace("\\n", "\n").replace("\\t", "\t")));
        } else {
            here.push(Piece::Path(inside.to_owned()));
        }
    }
    if !rest.is_empty() {
        here.push(Piece::Text(rest.to_owned()));
    }
    if open.is_empty() { Ok(here) } else { Err(format!("`{template}` has an open range")) }
}

/// Where the brace is closed, quotes left aside.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '}') => return Some(at),
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

fn render<'d>(pieces: &[Piece], here: Value<'d>, root: Value<'d>, out: &mut String) -> Result<(), String> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Path(path) => {
                let shown: Vec<String> = select(path, here, root)?.into_iter().map(shown).collect();
                out.push_str(&shown.join(" "));
            }
            Piece::Range(path, body) => {
                for value in select(path, here, root)? {
                    // A list that was named whole is walked, as by `[*]`.
                    if value.kind() == Kind::Array {
                        for item in value.items() {
                            render(body, item, root, out)?;
                        }
                    } else {
                        render(body, value, root, out)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn select<'d>(path: &str, here: Value<'d>, root: Value<'d>) -> Result<Vec<Value<'d>>, String> {
    let (mut found, mut rest) = match path.strip_prefix('$') {
        Some(rest) => (vec![root], rest),
        None => (vec![here], path.strip_prefix('@').unwrap_or(path)),
    };
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('[') {
            let (inside, after) = behind.split_once(']').ok_or_else(|| format!("`{path}` has an open bracket"))?;
            rest = after;
            found =
                indexed(&found, inside.trim()).ok_or_else(|| format!("`[{inside}]` in `{path}` is not read here"))?;
        } else if let Some(behind) = rest.strip_prefix('.') {
            let length = behind.find(['.', '[']).unwrap_or(behind.len());
            let (name, after) = behind.split_at_checked(length).unwrap_or((behind, ""));
            rest = after;
            match name {
                "" if rest.is_empty() || rest.starts_with('[') => {}
                "" => return Err(format!("`..` in `{path}` is not read here")),
                "*" => found = found.iter().flat_map(|value| children(*value)).collect(),
                name => found = found.iter().filter_map(|value| value.get(name)).collect(),
            }
        } else {
            return Err(format!("`{rest}` in `{path}` is not read here"));
        }
    }
    Ok(found)
}

fn children(value: Value<'_>) -> Vec<Value<'_>> {
    value.items().chain(value.entries().map(|(_, value)| value)).collect()
}

fn indexed<'d>(found: &[Value<'d>], inside: &str) -> Option<Vec<Value<'d>>> {
    if inside == "*" {
        return Some(found.iter().flat_map(|value| children(*value)).collect());
    }
    if let Some(name) = inside.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Some(found.iter().filter_map(|value| value.get(name)).collect());
    }
    let position = |text: &str, default: usize, length: usize| match text.trim() {
        "" => Some(default),
        text => match text.parse::<i64>().ok()? {
            number @ 0.. => usize::try_from(number).ok(),
            number => Some(length.saturating_sub(usize::try_from(number.unsigned_abs()).ok()?)),
        },
    };
    let mut chosen = Vec::new();
    for value in found {
        let items: Vec<Value<'d>> = value.items().collect();
        match inside.split_once(':') {
            Some((from, to)) => {
                let (from, to) = (position(from, 0, items.len())?, position(to, items.len(), items.len())?);
                chosen.extend(items.iter().take(to).skip(from).copied());
            }
            None => chosen.extend(items.get(position(inside, 0, items.len())?).copied()),
        }
    }
    Some(chosen)
}

/// As the reference prints a value: maps and lists in its own words.
fn shown(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Null => "<nil>".to_owned(),
        Kind::Array => format!("[{}]", value.items().map(shown).collect::<Vec<_>>().join(" ")),
        Kind::Object => {
            let mut entries: Vec<String> =
                value.entries().map(|(key, value)| format!("{key}:{}", shown(value))).collect();
            entries.sort();
            format!("map[{}]", entries.join(" "))
        }
        Kind::Bool => (value.bool() == Some(true)).to_string(),
        Kind::Number => value.number().unwrap_or_default().to_owned(),
        Kind::String => value.str().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rampart_model::document::{Document, Limits};
    use rampart_model::source::SourceText;

    fn text(template: &str) -> String {
        let source = Arc::new(SourceText::new("a", "{a: {b: true, l: [x, u, z]}, num: 0}"));
        let (documents, _) = Document::all_from_yaml(&source, &Limits::STANDARD);
        super::text(template, documents[0].root()).unwrap_or_else(|message| format!("error: {message}"))
    }

    #[test]
    fn templates_print_as_those_of_the_api_client() {
        assert_eq!(text("{.a.b}"), "true");
        assert_eq!(text("{.num}}"), "0}");
        assert_eq!(text("{.a.missing.deeper}"), "");
        assert_eq!(text("{range .a.l[:]}{}{','}{end}"), "x,u,z,");
        assert_eq!(text("{.a.l[1]} {.a.l[-1]}"), "u z");
        assert_eq!(text("{.a}"), "map[b:true l:[x u z]]");
        assert!(text("{range .a").starts_with("error"));
    }
}
