//! Hostile expressions: any text, towers of brackets, and results that grow with every step end in an error, not in a crash.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rampart_model::{Document, Limits, SourceText};
use rampart_policy::jmespath::{Context, Error, Expression, Mode, Val};

fn document() -> Document {
    let text = r#"{"a": {"b": [1, "x", {"c": null}], "d": "2021-01-02T15:04:05Z"}, "b": [[1], [2, [3]]], "e": "1Gi", "f": -0.5}"#;
    Document::from_json(Arc::new(SourceText::new("data.json", text)), &Limits::STANDARD).expect("JSON")
}

fn run(text: &str, mode: Mode) -> Option<Result<serde_json::Value, Error>> {
    let document = document();
    let expression = Expression::parse(text, mode).ok()?;
    Some(expression.run(&Val::of(document.root()), &Context::default()).map(|value| value.to_json()))
}

/// Pieces that make texts which get beyond the parser.
const PIECES: [&str; 60] = [
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    ".",
    "[",
    "]",
    "[]",
    "[?",
    "[*]",
    "*",
    "(",
    ")",
    "{",
    "}",
    ",",
    ":",
    "|",
    "||",
    "&&",
    "!",
    "&",
    "@",
    "==",
    "<",
    ">=",
    "0",
    "-1",
    "2",
    "`1`",
    "`\"x\"`",
    "`[1, {}]`",
    "'y'",
    "''",
    "\"b\"",
    " ",
    "sort_by(",
    "map(&",
    "length(",
    "to_string(",
    "parse_json(",
    "parse_yaml(",
    "add(",
    "divide(",
    "split(",
    "truncate(",
    "time_add(",
    "time_truncate(",
    "semver_compare(",
    "path_canonicalize(",
    "regex_replace_all('(.)', ",
    "replace(",
    "round(",
    "items(",
    "object_from_lists(",
    "time_parse('2006-01-02T15:04:05Z07:00', ",
    "pattern_match('*?', ",
    "image_normalize(",
];

const TEXT_FUNCTIONS: [&str; 22] = [
    "to_number",
    "to_upper",
    "base64_decode",
    "base64_encode",
    "to_boolean",
    "parse_json",
    "parse_yaml",
    "path_canonicalize",
    "time_to_cron",
    "time_utc",
    "is_external_url",
    "image_normalize",
    "md5",
    "sha1",
    "sha256",
    "reverse",
    "length",
    "type",
    "random",
    "x509_decode",
    "to_lower",
    "to_array",
];

const PAIR_FUNCTIONS: [&str; 21] = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "modulo",
    "time_add",
    "time_truncate",
    "time_diff",
    "time_parse",
    "split",
    "trim",
    "trim_prefix",
    "trim_suffix",
    "compare",
    "equal_fold",
    "regex_match",
    "pattern_match",
    "semver_compare",
    "contains",
    "starts_with",
    "join",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_brings_it_down(text in "\\PC{0,60}") {
        run(&text, Mode::Standard);
        run(&text, Mode::Kyverno);
    }

    #[test]
    fn no_sequence_of_pieces_brings_it_down(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..20)) {
        let text = pieces.concat();
        run(&text, Mode::Standard);
        run(&text, Mode::Kyverno);
    }

    #[test]
    fn no_argument_brings_a_function_down(
        one in "[-+0-9a-zA-Z.:/@µé \\[\\]{}<>=|*?$()_]{0,24}",
        other in "[-+0-9hmsunµEGKMTi.x|<>= :Z]{0,24}",
        function in prop::sample::select(&TEXT_FUNCTIONS[..]),
        pair in prop::sample::select(&PAIR_FUNCTIONS[..]),
    ) {
        run(&format!("{function}('{one}')"), Mode::Kyverno);
        run(&format!("{function}('{other}')"), Mode::Kyverno);
        for (one, other) in [(&one, &other), (&other, &one), (&other, &other)] {
            run(&format!("{pair}('{one}', '{other}')"), Mode::Kyverno);
        }
        run(&format!("replace('{one}', '{other}', '{one}', `3`)"), Mode::Kyverno);
        run(&format!("regex_replace_all('{one}', '{other}', '{other}')"), Mode::Kyverno);
        run(&format!("time_since('{one}', '{other}', '{other}')"), Mode::Kyverno);
    }

    #[test]
    fn no_number_brings_a_function_down(one in any::<f64>(), other in any::<f64>()) {
        for pair in ["add", "subtract", "multiply", "divide", "modulo", "round"] {
            run(&format!("{pair}(`{one:e}`, `{other:e}`)"), Mode::Kyverno);
            run(&format!("{pair}('9.2e18', `{other:e}`)"), Mode::Kyverno);
            run(&format!("{pair}('2562047h', `{other:e}`)"), Mode::Kyverno);
        }
        run(&format!("truncate('abc', `{one:e}`)"), Mode::Kyverno);
        run(&format!("replace('abc', 'b', 'c', `{one:e}`)"), Mode::Kyverno);
        run(&format!("lookup(b, `{one:e}`)"), Mode::Kyverno);
    }
}

#[test]
fn towers_are_refused() {
    for piece in ["(", "!", "[", "{a:", "a.", "a[?", "a|", "a||", "@[0]", "length(", "*.", "[*].", "&", "[]", "a[1:2]"]
    {
        let tower = piece.repeat(20_000) + "a";
        assert!(Expression::parse(&tower, Mode::Kyverno).is_err(), "{piece}");
    }
}

fn ends_by_a_limit(text: &str) {
    let start = Instant::now();
    let outcome = run(text, Mode::Kyverno);
    assert!(matches!(outcome, Some(Err(Error::Limit(_)))), "{text:.200}: {outcome:?}");
    // Far more than it takes where nothing is optimized.
    assert!(start.elapsed() < Duration::from_secs(5), "{text} took {:?}", start.elapsed());
}

#[test]
fn results_that_double_with_every_step_end_by_a_limit() {
    let doubled = |step: &str, times: usize| vec![step; times].join(" | ");
    ends_by_a_limit(&doubled("[@, @]", 60));
    ends_by_a_limit(&format!("{} | to_string(@)", doubled("[@, @]", 60)));
    ends_by_a_limit(&format!("{} | @ == [@, @][0]", doubled("[@, @]", 60)));
    ends_by_a_limit(&doubled("[@, @][]", 60));
    ends_by_a_limit(&doubled("{a: @, b: @}", 60));
    ends_by_a_limit(&format!("'ab' | {}", doubled("join('', [@, @])", 60)));
    ends_by_a_limit(&format!("'ab' | {}", doubled("replace_all(@, '', @)", 60)));
    ends_by_a_limit(&format!("'ab' | {}", doubled("regex_replace_all('.', @, '$0$0')", 60)));
    ends_by_a_limit(&format!("`{:?}` | {}", vec![1; 200], doubled("map(&[@, @], [@, @][])", 40)));
    ends_by_a_limit(&format!("regex_match('(a|b|ab){{1,500}}c', '{}')", "ab".repeat(100_000)));
    ends_by_a_limit(&format!("regex_replace_all('.*[^A-Z]|[A-Z]', '{}', 'x')", "A".repeat(200_000)));
    ends_by_a_limit(&format!("pattern_match('{}b', '{}')", "*a".repeat(5_000), "a".repeat(100_000)));
    ends_by_a_limit(&format!("trim('{}', '{}')", "a".repeat(100_000), "bcdefghijkla".repeat(1_000)));
}

#[test]
fn the_deepest_towers_that_are_allowed_need_little_stack() {
    let towers =
        [("[", "@", "]"), ("{a: ", "@", "}"), ("!", "@", ""), ("(", "@", ")"), ("map(&", "@, b", ")"), ("", "@", "[]")]
            .into_iter()
            .chain([
                ("", "@", " | [@]"),
                ("", "@", " || @"),
                ("to_array(", "@", ")"),
                ("[?", "@", "]"),
                ("", "@", ".*"),
            ]);
    for (open, middle, close) in towers {
        let deepest = (1..300).rev().find_map(|levels| {
            let inside = if middle == "@, b" { "@".to_owned() } else { middle.to_owned() };
            let close = if middle == "@, b" { ", b)" } else { close };
            let text = format!("{}{inside}{}", open.repeat(levels), close.repeat(levels));
            Expression::parse(&text, Mode::Kyverno).is_ok().then_some((levels, text))
        });
        let (levels, text) = deepest.expect("some depth is allowed");
        assert!(levels > 40, "`{open}` only {levels} deep");
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || run(&text, Mode::Kyverno).is_some());
        assert_eq!(thread.expect("a thread").join().ok(), Some(true), "{open}{close}");
    }
}
