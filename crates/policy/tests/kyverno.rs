//! What Kyverno's JMESPath does otherwise than the specification, and its own functions.

#![expect(clippy::expect_used, clippy::panic, reason = "a broken harness must stop the test with its reason")]

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use rampart_policy::jmespath::{Context, Error, Expression, Mode, Val};
use serde_json::{Value as Json, json};

const DATA: &str = r#"{
    "text": "abc", "number": 3, "null": null, "list": [{"name": "a", "on": true}, {"name": "b"}, {"other": 1}],
    "map": {"x": 1, "y": {"z": 2}}, "labels": {"app": "web", "tier": "front"}, "angle": {"a": "<b>"}
}"#;

fn run_in(mode: Mode, text: &str) -> Result<Json, Error> {
    let source = Arc::new(SourceText::new("data.json", DATA));
    let document = Document::from_json(source, &Limits::STANDARD).expect("JSON");
    let expression = Expression::parse(text, mode).unwrap_or_else(|error| panic!("{text}: {error}"));
    let now = "2026-03-01T12:00:00Z".parse().expect("a time");
    let context = Context { now: Some(now), ..Context::default() };
    expression.run(&Val::of(document.root()), &context).map(|value| value.to_json())
}

fn run(text: &str) -> Result<Json, Error> {
    run_in(Mode::Kyverno, text)
}

fn gives(cases: &[(&str, Json)]) {
    for (text, expected) in cases {
        let found = run(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // Numbers are doubles, however they are written.
        assert_eq!(found, *expected, "{text}");
    }
}

fn fails(texts: &[&str]) {
    for text in texts {
        let outcome = run(text);
        assert!(matches!(outcome, Err(Error::Failed { .. } | Error::Type { .. })), "{text}: {outcome:?}");
    }
}

#[test]
fn a_missing_key_is_an_error_that_names_it() {
    for text in
        ["missing", "map.missing", "missing.deeper", "missing[0]", "map.y.missing", "text && missing", "list[2].name"]
    {
        assert!(matches!(run(text), Err(Error::UnknownKey(_))), "{text}: {:?}", run(text));
        assert!(run_in(Mode::Standard, text).is_ok(), "{text}");
    }
    assert_eq!(run("map.missing").unwrap_err().to_string(), "Unknown key \"missing\" in path");
}

#[test]
fn operators_swallow_a_missing_key() {
    gives(&[
        ("missing || 'x'", json!("x")),
        ("missing || map.missing", json!(null)),
        ("missing && 'x'", json!(null)),
        ("!missing", json!(true)),
        ("missing == 'x'", json!(false)),
        ("missing != 'x'", json!(true)),
        ("missing == `null`", json!(true)),
        ("missing > `1`", json!(null)),
        ("to_string(missing)", json!("null")),
        ("not_null(missing, map.missing, 'x')", json!("x")),
        ("missing | @", json!(null)),
        ("map | missing", json!(null)),
        ("list[*].name", json!(["a", "b"])),
        ("list[].on", json!([true])),
        ("map.*.z", json!([2])),
        ("list[?on].name", json!(["a"])),
        ("list[?on == `true`].name | [0]", json!("a")),
        ("{a: missing, b: text}", json!({"a": null, "b": "abc"})),
        ("[missing, text]", json!([null, "abc"])),
        ("missing[*].name", json!(null)),
        ("missing[].name", json!(null)),
        ("missing[?on]", json!(null)),
        ("missing.*", json!(null)),
        ("map(&name, list)", json!(["a", "b", null])),
    ]);
}

#[test]
fn what_is_no_map_has_no_keys_and_that_is_no_error() {
    gives(&[
        ("text.x", json!(null)),
        ("null.x", json!(null)),
        ("list.x", json!(null)),
        ("list[9]", json!(null)),
        ("text[0]", json!(null)),
    ]);
}

#[test]
fn flattening_and_filtering_swallow_every_error_on_their_left() {
    gives(&[("length(number)[]", json!(null)), ("length(number)[?x]", json!(null)), ("length(number).*", json!(null))]);
    for text in ["length(number)[]", "length(number)[*]", "length(missing)"] {
        assert!(matches!(run_in(Mode::Standard, text), Err(Error::Type { .. })), "{text}");
    }
    assert!(matches!(run("length(number)[*]"), Err(Error::Type { .. })));
    assert!(matches!(run("length(missing)"), Err(Error::Type { .. })));
}

#[test]
fn functions_of_text() {
    gives(&[
        ("compare('a', 'b')", json!(-1)),
        ("equal_fold('Go', 'GO')", json!(true)),
        ("replace('a-b-c', '-', '+', `1`)", json!("a+b-c")),
        ("replace('a-b-c', '-', '+', `-1`)", json!("a+b+c")),
        ("replace_all('a-b-c', '-', '')", json!("abc")),
        ("to_upper(text)", json!("ABC")),
        ("to_lower('ABC')", json!("abc")),
        ("trim('¡¡¡Hello!!!', '!¡')", json!("Hello")),
        ("trim_prefix('sha256:1', 'sha256:')", json!("1")),
        ("split('a,b,c', ',')", json!(["a", "b", "c"])),
        ("split('ab', '')", json!(["a", "b"])),
        ("truncate('random string', `5`)", json!("rando")),
        ("truncate('ab', `-1`)", json!("")),
        ("truncate('ab', `9`)", json!("ab")),
        ("path_canonicalize('///')", json!("/")),
        ("path_canonicalize('/a/../b//./c')", json!("/b/c")),
        ("path_canonicalize('../a/..')", json!("..")),
        ("to_boolean('TruE')", json!(true)),
        ("base64_encode('Hello, world!')", json!("SGVsbG8sIHdvcmxkIQ==")),
        ("base64_decode('SGVsbG8sIHdvcmxkIQ==')", json!("Hello, world!")),
        ("to_string(angle)", json!("{\"a\":\"\\u003cb\\u003e\"}")),
        ("sha256('a')", json!("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")),
        ("md5('a')", json!("0cc175b9c0f1b6a831c399e269772661")),
        ("sha1('a')", json!("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")),
    ]);
    fails(&["to_boolean('yes')", "base64_decode('!')", "to_upper(number)", "split(missing, ',')"]);
}

#[test]
fn functions_of_patterns() {
    gives(&[
        ("regex_match('12.*', '123')", json!(true)),
        ("regex_match('12.*', `123`)", json!(true)),
        ("regex_match(text, 'xabcx')", json!(true)),
        ("regex_replace_all('([a-z])([0-9])', 'a1b2', '$2$1')", json!("1a2b")),
        ("regex_replace_all('^docker.io/(.*)$', 'docker.io/nginx', 'harbor.corp/${1}')", json!("harbor.corp/nginx")),
        ("regex_replace_all_literal('[0-9]', 'a1b2', '$1')", json!("a$1b$1")),
        ("pattern_match('prefix-*', 'prefix-foo')", json!(true)),
        ("pattern_match('12?', `123`)", json!(true)),
        ("label_match(`{\"app\": \"web\"}`, labels)", json!(true)),
        ("label_match(`{\"app\": \"db\"}`, labels)", json!(false)),
        ("label_match(`{\"zone\": \"a\"}`, labels)", json!(false)),
        ("label_match(`{}`, labels)", json!(true)),
    ]);
    fails(&["regex_match('(', 'a')", "regex_match(text, map)", "pattern_match(`1`, 'a')"]);
    let expression = Expression::parse("text || regex_match('(', 'a')", Mode::Kyverno).expect("it parses");
    assert_eq!(expression.doubts().len(), 1);
}

#[test]
fn arithmetic_of_numbers_quantities_and_durations() {
    gives(&[
        ("add(`3`, `2`)", json!(5)),
        ("add('12Ki', '3Mi')", json!("3084Ki")),
        ("add('600Mi', '1Gi')", json!("1624Mi")),
        ("add('10s', '-5m1s')", json!("-4m51s")),
        ("sum(`[1, 2, 3]`)", json!(6)),
        ("sum(`[\"1Mi\", \"1Mi\"]`)", json!("2Mi")),
        ("sum(`[\"100m\"]`)", json!("100m")),
        ("sum(`[\"500m\", \"500m\"]`)", json!("1")),
        ("subtract('1Ki', '12Mi')", json!("-12287Ki")),
        ("subtract('1h30s', '30m0s')", json!("30m30s")),
        ("multiply('10Ki', `3`)", json!("30Ki")),
        ("multiply(`0.5`, '1Gi')", json!("512Mi")),
        ("multiply('4s', `2`)", json!("8s")),
        ("divide(`25`, `2`)", json!(12.5)),
        ("divide('12M', '3')", json!(4_000_000)),
        ("divide('12Ki', `3`)", json!("4Ki")),
        ("divide('25m12s', '3s')", json!(504)),
        ("divide('360m24s', `2`)", json!("3h0m12s")),
        ("modulo(`25`, `2`)", json!(1)),
        ("modulo('12Ki', '5')", json!("3")),
        ("modulo('1h5s', '10s')", json!("5s")),
        ("round(`2.71859`, `1`)", json!(2.7)),
        ("round(`2.5`, `0`)", json!(3)),
    ]);
    fails(&[
        "add('1Mi', '1h')",
        "add('1', `1`)",
        "divide(`1`, `0`)",
        "divide('1Mi', '0')",
        "modulo(`1.5`, `1`)",
        "sum(`[]`)",
        "add(map, `1`)",
        "multiply('1Mi', '1Mi')",
        "round(`1`, `-1`)",
        "multiply(`1e308`, `1e308`)",
    ]);
}

#[test]
fn functions_of_times_take_now_from_the_caller() {
    gives(&[
        ("time_now_utc()", json!("2026-03-01T12:00:00Z")),
        ("time_since('', '2021-01-02T15:04:05-07:00', '2021-01-10T03:14:05-07:00')", json!("180h10m0s")),
        (
            "time_since('Mon Jan _2 15:04:05 MST 2006', 'Mon Jan 02 15:04:05 MST 2021', 'Mon Jan 10 03:14:16 MST 2021')",
            json!("180h10m11s"),
        ),
        ("time_since('', '2026-03-01T11:00:00Z', '')", json!("1h0m0s")),
        ("time_to_cron('2023-02-02T15:04:05Z')", json!("4 15 2 2 4")),
        ("time_add('2021-01-02T15:04:05-07:00', '3h')", json!("2021-01-02T18:04:05-07:00")),
        ("time_parse('2006-01-02', '2024-02-29')", json!("2024-02-29T00:00:00Z")),
        ("time_parse('1', '0')", json!("1970-01-01T00:00:00Z")),
        ("time_utc('2021-01-02T15:04:05-07:00')", json!("2021-01-02T22:04:05Z")),
        ("time_diff('2021-01-02T15:04:05Z', '2021-01-02T15:04:04.5Z')", json!("-500ms")),
        ("time_before('2021-01-02T15:04:05Z', '2021-01-02T15:04:06Z')", json!(true)),
        ("time_after('2021-01-02T15:04:05Z', '2021-01-02T15:04:06Z')", json!(false)),
        ("time_between('2021-01-02T15:04:05Z', '2021-01-02T15:04:05Z', '2021-01-03T15:04:05Z')", json!(false)),
        ("time_truncate('2021-01-02T17:08:30Z', '1h')", json!("2021-01-02T17:00:00Z")),
    ]);
    fails(&["time_utc('yesterday')", "time_add('2021-01-02T15:04:05Z', '1d')"]);
    let expression = Expression::parse("time_now()", Mode::Kyverno).expect("it parses");
    assert!(expression.run(&Val::Null, &Context::default()).is_err(), "no clock was given");
}

#[test]
fn functions_of_data() {
    gives(&[
        ("parse_json('{\"a\": [1, null]}').a", json!([1, null])),
        ("parse_yaml('a: [1, x]\nb: yes please').a", json!([1, "x"])),
        ("lookup(map, 'x')", json!(1)),
        ("lookup(map, 'missing')", json!(null)),
        ("lookup(list, `1`).name", json!("b")),
        ("lookup(list, `-1`)", json!(null)),
        ("items(labels, 'k', 'v')", json!([{"k": "app", "v": "web"}, {"k": "tier", "v": "front"}])),
        ("items(`[\"a\"]`, 'k', 'v')", json!([{"k": 0, "v": "a"}])),
        ("object_from_lists(`[\"a\", \"b\"]`, `[1]`)", json!({"a": 1, "b": null})),
        ("image_normalize('nginx')", json!("docker.io/nginx:latest")),
        ("image_normalize('docker.io/library/nginx')", json!("docker.io/library/nginx:latest")),
        ("image_normalize('registry:5000/a/b:1.2')", json!("registry:5000/a/b:1.2")),
        ("semver_compare('4.1.3', '>=4.1.x')", json!(true)),
        ("semver_compare('no version', '<1.0.0')", json!(true)),
        ("is_external_url('http://127.0.0.1:80/x')", json!(false)),
        ("is_external_url('https://[2606:4700::1]/')", json!(true)),
    ]);
    fails(&[
        "parse_json('{')",
        "parse_yaml('a: [')",
        "lookup(map, `1`)",
        "lookup(list, 'a')",
        "image_normalize('A B')",
    ]);
}

#[test]
fn what_is_not_pure_is_refused_with_the_reason() {
    for (text, part) in [
        ("random('[a-z]{3}')", "drawn by chance"),
        ("is_external_url('http://example.com/')", "resolved"),
        ("x509_decode('x')", "cannot be decoded yet"),
    ] {
        let message = run(text).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn functions_that_do_not_exist_show_before_they_are_reached() {
    let expression = Expression::parse("text || nothing(`2`)", Mode::Kyverno).expect("it parses");
    assert_eq!(expression.doubts().iter().map(|doubt| doubt.offset).collect::<Vec<_>>(), [8]);
    assert!(run("text || nothing(`2`)").is_ok());
    assert_eq!(run("nothing(`2`)"), Err(Error::UnknownFunction("nothing".to_owned())));
    assert_eq!(run_in(Mode::Standard, "to_upper(text)"), Err(Error::UnknownFunction("to_upper".to_owned())));
}

#[test]
fn kinds_of_operands_mix_only_where_kyverno_lets_them() {
    gives(&[
        ("add('12Ki', '13')", json!("12301")),
        ("add('12s', '13s')", json!("25s")),
        ("sum(['12Ki', '13Ki', '1Ki', '4Ki'])", json!("30Ki")),
        ("sum(['12s', '13s', '1s', '4s'])", json!("30s")),
        ("sum(['12Ki'])", json!("12Ki")),
        ("subtract(`12`, `13`)", json!(-1)),
        ("subtract('12Ki', '13Ki')", json!("-1Ki")),
        ("subtract('12Ki', '13')", json!("12275")),
        ("subtract('12s', '13s')", json!("-1s")),
        ("multiply(`2.5`, `2.5`)", json!(6.25)),
        ("multiply(`2.5`, '12Ki')", json!("30Ki")),
        ("multiply(`2.5`, '12')", json!("30")),
        ("multiply(`2.5`, '40s')", json!("1m40s")),
        ("divide('8', '3')", json!(8.0 / 3.0)),
        ("divide('12Ki', '200')", json!(61.44)),
        ("divide('12s', '5s')", json!(2.4)),
        ("divide('12s', `3`)", json!("4s")),
        ("divide(`14`, `3`)", json!(14.0 / 3.0)),
        ("divide('0', '1m')", json!(0)),
        ("modulo('12Ki', '5Ki')", json!("2Ki")),
        ("modulo('13s', '2s')", json!("1s")),
    ]);
    let functions = ["add", "subtract", "multiply", "divide", "modulo"];
    for (one, other) in [("'12Ki'", "'13s'"), ("'12s'", "'13'"), ("`12`", "'x'"), ("null", "`1`")] {
        for function in functions {
            fails(&[&format!("{function}({one}, {other})"), &format!("{function}({other}, {one})")]);
        }
    }
    for zero in ["'0Ki'", "'0s'", "`0`"] {
        for dividend in ["'4Ki'", "'4s'", "`4`", "'4'"] {
            fails(&[&format!("divide({dividend}, {zero})"), &format!("modulo({dividend}, {zero})")]);
        }
    }
    fails(&[
        "add(`12`, '13')",
        "multiply('12s', '12s')",
        "divide(`14`, '5')",
        "modulo('4', '1.5')",
        "modulo(`14.5`, `2`)",
    ]);
}

#[test]
fn values_survive_being_written_and_read() {
    for json in [
        r#"{"a":"b"}"#,
        "true",
        r#"[1,2,3,{"a":"b"}]"#,
        "null",
        "[]",
        "{}",
        "0",
        "1.2",
        r#"[1.2,true,{"a":{"a":"b"}}]"#,
    ] {
        assert_eq!(run(&format!("to_string(parse_json('{json}'))")), Ok(json!(json)), "{json}");
    }
    gives(&[
        ("parse_yaml('\n- 1\n- a: b')", json!([1, {"a": "b"}])),
        ("parse_yaml('bar: >\n  spans more than\n  one line').bar", json!("spans more than one line")),
        ("parse_yaml('\n---\nfoo: ~\nbar: null\n')", json!({"foo": null, "bar": null})),
        ("regex_replace_all('([Hh]e|G)l', 'Hello world, helworldlo', '${2}G')", json!("Glo world, Gworldlo")),
        ("regex_replace_all_literal('[Hh]el?', 'Hello world, helworldlo', 'G')", json!("Glo world, Gworldlo")),
        ("regex_match('12.*', abs(`-12`))", json!(true)),
        ("truncate('Lorem ipsum', `2.6`)", json!("Lo")),
        ("path_canonicalize('/../../')", json!("/")),
        ("path_canonicalize('/var/run///containerd////')", json!("/var/run/containerd")),
        ("semver_compare('4.1.3', '!4.x.x')", json!(false)),
        ("semver_compare('2.1.5', '<2.0.0 || >=3.0.0')", json!(false)),
        ("time_parse('1702691171', '1702691171')", json!("2023-12-16T01:46:11Z")),
        (
            "time_add(time_parse('Mon Jan 02 15:04:05 -0700 2006', 'Sat Jan 02 15:04:05 -0700 2021'), '5h30m40s')",
            json!("2021-01-02T20:34:45-07:00"),
        ),
        ("time_to_cron(time_utc('2023-02-02T15:04:05-07:00'))", json!("4 22 2 2 4")),
    ]);
}
