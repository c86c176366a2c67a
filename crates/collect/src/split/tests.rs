//! Streams of JSON and YAML are cut apart where a whole parse would cut them, with the same places.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn split_by(text: &[u8], chunk: u64, piece_bytes: usize) -> (Vec<Piece>, Vec<Diagnostic>, Option<Envelope>) {
    let mut splitter = Splitter::new(Name::from("t.json"), text, piece_bytes);
    splitter.buffer.chunk = chunk;
    let (mut pieces, mut mistakes) = (Vec::new(), Vec::new());
    while let Some(step) = splitter.next() {
        match step {
            Ok(piece) => pieces.push(piece),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    (pieces, mistakes, splitter.envelope().cloned())
}

fn split(text: &str) -> (Vec<Piece>, Vec<Diagnostic>, Option<Envelope>) {
    split_by(text.as_bytes(), 7, 1 << 20)
}

#[test]
fn items_of_a_list_know_their_place() {
    let text = "{\n \"kind\": \"List\",\n \"items\": [\n  {\"é\": \"]}\"}, {\"b\":\n 2} ] , \"x\": 1}\n{\"c\": 3}";
    let (pieces, mistakes, _) = split(text);
    let found: Vec<_> =
        pieces.iter().map(|piece| (piece.text.as_str(), piece.line, piece.column, piece.position)).collect();
    assert_eq!(found, [("{\"é\": \"]}\"}", 4, 3, 0), ("{\"b\":\n 2}", 4, 16, 0), ("{\"c\": 3}", 6, 1, 1)]);
    assert_eq!(mistakes, []);
}

#[test]
fn typed_list_gives_its_items_their_type_and_its_next_page() {
    let text = r#"{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"abc"},"items":[{"metadata":{}}]}"#;
    let (pieces, _, envelope) = split(text);
    assert_eq!(pieces[0].listed_as, Some((Name::from("v1"), Name::from("Pod"))));
    assert_eq!(envelope.unwrap().next_page.as_deref(), Some("abc"));
    let (pieces, _, envelope) = split(r#"{"apiVersion":"v1","items":[{"metadata":{}}],"kind":"PodList"}"#);
    assert_eq!((pieces[0].listed_as.clone(), pieces[0].is_type_late), (None, true));
    assert_eq!(envelope.unwrap().item_type(), Some((Name::from("v1"), Name::from("Pod"))));
}

#[test]
fn object_with_items_that_is_no_list_stays_whole() {
    for text in
        [r#"{"kind":"Basket","items":[1,2]}"#, r#"{"spec":{},"items":[1]}"#, r#"{"data":{"items":[{}]}}"#, "[{}]"]
    {
        let (pieces, mistakes, _) = split(text);
        assert_eq!((pieces.len(), pieces[0].text.as_str(), mistakes.len()), (1, text, 0));
    }
}

#[test]
fn oversized_item_costs_itself_only() {
    let text = format!("{{\"kind\":\"List\",\"items\":[{{}},\n {{\"a\":\"{}\"}},\n {{\"b\":1}}]}}", "x\\n".repeat(100));
    let (pieces, mistakes, _) = split_by(text.as_bytes(), 16, 100);
    assert_eq!(pieces.iter().map(|piece| piece.line).collect::<Vec<_>>(), [1, 3]);
    assert_eq!((mistakes.len(), mistakes[0].line, mistakes[0].column), (1, 2, 2));
    assert!(mistakes[0].message.contains("larger than 100 bytes"));
}

#[test]
fn truncated_stream_gives_what_came_before() {
    let (pieces, mistakes, _) = split("{\"kind\":\"List\",\"items\":[{\"a\":1},\n{\"b\":");
    assert_eq!((pieces.len(), mistakes.len()), (1, 1));
    assert_eq!(mistakes[0].line, 2);
    for text in ["{", "{\"a\"", "{\"kind\":\"List\",\"items\":[,]}", "}", "\"abc", "{\"kind\":\"List\",\"items\":[1,]}"]
    {
        assert_eq!(split(text).1.len(), 1, "{text}");
    }
    assert_eq!(split("").1.len(), 0);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\"\\\\\\[\\]{},: \n\u{e9}]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\]{0,6}", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn pieces_are_the_items_as_a_full_parser_sees_them(
        lists in prop::collection::vec(prop::collection::vec(any_json(), 0..5), 0..3),
        chunk in 1_u64..40,
        is_pretty in any::<bool>(),
    ) {
        let mut text = String::new();
        for items in &lists {
            let list = json!({"kind": "List", "metadata": {"x": ["]"]}, "items": items});
            let written = if is_pretty { serde_json::to_string_pretty(&list) } else { serde_json::to_string(&list) };
            text += &written.unwrap();
            text.push('\n');
        }
        let (pieces, mistakes, _) = split_by(text.as_bytes(), chunk, 1 << 20);
        prop_assert_eq!(mistakes, vec![]);
        let found: Vec<Value> = pieces.iter().map(|piece| serde_json::from_str(&piece.text).unwrap()).collect();
        let expected: Vec<Value> = lists.into_iter().flatten().collect();
        prop_assert_eq!(found, expected);
        let lines: Vec<&str> = text.lines().collect();
        for piece in pieces {
            let line = lines[piece.line as usize - 1];
            let rest: String = line.chars().skip(piece.column as usize - 1).collect();
            prop_assert!(rest.starts_with(piece.text.lines().next().unwrap()));
        }
    }

    #[test]
    fn no_bytes_make_it_panic_or_run_on(bytes in prop::collection::vec(any::<u8>(), 0..200), chunk in 1_u64..40) {
        let (pieces, mistakes, _) = split_by(&bytes, chunk, 50);
        prop_assert!(pieces.len() + mistakes.len() <= bytes.len());
    }

    #[test]
    fn no_brackets_make_it_panic_or_run_on(text in "[\\[\\]{}\",:\\\\ itemskndL1]{0,80}", chunk in 1_u64..9) {
        let (pieces, mistakes, _) = split_by(text.as_bytes(), chunk, 50);
        prop_assert!(pieces.len() + mistakes.len() <= text.len());
    }
}
