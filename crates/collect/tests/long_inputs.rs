//! Inputs too long to be held as a whole: cut apart, with every object's own line.

#![expect(clippy::unwrap_used, reason = "a test that cannot lay its files out has failed")]

use std::fmt::Write;
use std::path::PathBuf;

use rampart_collect::{Collected, Options, Target, read};
use rampart_model::Object;

const COUNT: usize = 2000;

/// Writes a text of more than 4 MiB and reads it: `(name, line of its name)` of each object in the order of lines.
fn scan(file: &str, text: &str) -> (Vec<(String, u32)>, Collected) {
    assert!(text.len() > 4 << 20);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    let target = Target::Folder(PathBuf::from(folder.path()));
    let (collected, states) = read(&target, &Options::new(), Vec::new, |found: &mut Vec<_>, document| {
        for object in Object::all(document) {
            assert_eq!(object.kind(), "Pod");
            let place = object.value().dig(&["metadata", "name"]).unwrap().location();
            found.push((object.name().to_owned(), place.line));
        }
    })
    .unwrap();
    let mut found: Vec<(String, u32)> = states.into_iter().flatten().collect();
    found.sort_by_key(|(_, line)| *line);
    (found, collected)
}

fn expect_all(found: &[(String, u32)], line_of: impl Fn(usize) -> usize) {
    assert_eq!(found.len(), COUNT);
    for (number, (name, line)) in found.iter().enumerate() {
        assert_eq!((name.as_str(), *line as usize), (format!("p{number}").as_str(), line_of(number)));
    }
}

fn padding() -> String {
    "x".repeat(2200)
}

#[test]
fn long_json_list_is_read_item_by_item() {
    let mut text = "{\"apiVersion\": \"v1\",\n\"kind\": \"List\", \"items\": [\n".to_owned();
    for number in 0..COUNT {
        let comma = if number == 0 { "" } else { "," };
        write!(text, "{comma}{{\"apiVersion\": \"v1\", \"kind\": \"Pod\",\n\"metadata\": {{\"name\": \"p{number}\",\n\"x\": \"{}\"}}}}\n", padding()).unwrap();
    }
    text += "]}\n";
    let (found, collected) = scan("dump.json", &text);
    expect_all(&found, |number| 4 + 3 * number);
    assert_eq!((collected.diagnostics, collected.sources), (vec![], 1));
}

#[test]
fn typed_list_with_sorted_keys_gives_its_items_their_type() {
    let item = |number| format!("{{\"metadata\":{{\"name\":\"p{number}\",\"x\":\"{}\"}}}}", padding());
    let items: Vec<String> = (0..COUNT).map(item).collect();
    let text = format!("{{\"apiVersion\":\"v1\",\"items\":[\n{}\n],\"kind\":\"PodList\"}}", items.join(",\n"));
    let (found, collected) = scan("pods.json", &text);
    expect_all(&found, |number| 2 + number);
    assert_eq!(collected.diagnostics, []);
}

#[test]
fn long_yaml_and_json_lines_are_read_one_by_one() {
    let mut yaml = String::new();
    let mut lines = String::new();
    for number in 0..COUNT {
        write!(yaml, "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p{number}\n  x: {}\n", padding()).unwrap();
        writeln!(
            lines,
            "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"p{number}\",\"x\":\"{}\"}}}}",
            padding()
        )
        .unwrap();
    }
    expect_all(&scan("all.yaml", &yaml).0, |number| 5 + 6 * number);
    expect_all(&scan("all.ndjson", &lines).0, |number| 1 + number);
}

#[test]
fn huge_document_costs_one_diagnostic_and_spares_those_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n";
    std::fs::write(folder.path().join("a.yaml"), format!("{pod}a: {}\n", "x\n  ".repeat(2 << 20))).unwrap();
    std::fs::write(folder.path().join("b.yaml"), format!("{pod}{}", "\0".repeat(5 << 20))).unwrap();
    let target = Target::Folder(PathBuf::from(folder.path()));
    let options = Options { file_bytes: 5 << 20, ..Options::new() };
    let (collected, states) = read(&target, &options, || 0, |count, _| *count += 1).unwrap();
    assert_eq!(states.into_iter().sum::<u32>(), 1);
    let messages: Vec<String> = collected.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("a.yaml:4:1: a document larger than 5242880 bytes"), "{messages:?}");
    assert!(messages[1].contains("b.yaml: a binary file"), "{messages:?}");
}
