//! File names as SARIF wants them: relative URIs over a base that the reader knows, or absolute `file:` URIs.

use crate::tree::Tree;

/// The name of the base; code-scanning services take it for the root of the repository.
pub(super) const BASE: &str = "%SRCROOT%";

pub(super) fn artifact(file: &str) -> Tree {
    let path = file.replace('\\', "/");
    let path = path.trim_start_matches("./");
    if let Some(absolute) = path.strip_prefix('/') {
        return Tree::map([("uri", format!("file:///{}", encode(absolute)).into())]);
    }
    // Standard input has no name of its own.
    let name = if path == "-" { "stdin" } else { path };
    Tree::map([("uri", encode(name).into()), ("uriBaseId", BASE.into())])
}

/// Everything but unreserved characters and slashes is written as `%XX`.
fn encode(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn names_become_uris() {
        assert_eq!(encode("a b/ä:c#?.yaml"), "a%20b/%C3%A4%3Ac%23%3F.yaml");
    }
}
