//! The CEL specification's simple tests, as far as they need no protocol buffer messages, against a list that only grows.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]
#![expect(clippy::print_stdout, reason = "what was skipped and the count are said aloud")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rampart_cel::check::{Declarations, Type, check, named};
use rampart_cel::value::{Map, equal};
use rampart_cel::{DEFAULT_COST, Environment, Program, Val};
use serde_json::Value as Json;

fn corpus() -> Option<Vec<Json>> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join("cel-spec.json.zst")) else {
        println!("SKIPPED: {} has no cel-spec.json.zst; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    Some(serde_json::from_slice(&bytes).expect("the corpus is JSON"))
}

/// A value as the corpus writes it; none for those that are protocol buffer messages.
fn value(json: &Json) -> Option<Val<'static>> {
    let (kind, body) = json.as_object()?.iter().next()?;
    let text = || body.as_str().map(str::to_owned);
    Some(match kind.as_str() {
        "null" => Val::Null,
        "bool" => Val::Bool(body.as_bool()?),
        "int" => Val::Int(text()?.parse().ok()?),
        "uint" => Val::UInt(text()?.parse().ok()?),
        "double" => Val::Double(match text()?.as_str() {
            "inf" | "Infinity" => f64::INFINITY,
            "-inf" | "-Infinity" => f64::NEG_INFINITY,
            "nan" | "NaN" => f64::NAN,
            number => number.parse().ok()?,
        }),
        "string" => Val::text(text()?),
        "bytes" => Val::Bytes(body.as_array()?.iter().filter_map(|byte| u8::try_from(byte.as_u64()?).ok()).collect()),
        "list" => Val::list(body.as_array()?.iter().map(value).collect::<Option<Vec<_>>>()?),
        "map" => {
            let entries = body.as_array()?.iter().map(|entry| Some((value(entry.get(0)?)?, value(entry.get(1)?)?)));
            Val::Map(Map::of(entries.collect::<Option<Vec<_>>>()?).ok()?)
        }
        "type" => return None,
        "duration" => Val::Duration(nanos(body)?),
        "timestamp" => Val::Timestamp(nanos(body)?),
        _ => return None,
    })
}

fn nanos(body: &Json) -> Option<i128> {
    Some(i128::from(body.get(0)?.as_i64()?) * 1_000_000_000 + i128::from(body.get(1)?.as_i64()?))
}

fn is_same(found: &Val<'_>, expect: &Json) -> bool {
    if let Some(name) = expect.get("type").and_then(Json::as_str) {
        return matches!(found, Val::Type(found) if *found == name);
    }
    let Some(expected) = value(expect) else { return false };
    let both_nan = matches!((found, &expected), (Val::Double(a), Val::Double(b)) if a.is_nan() && b.is_nan());
    both_nan || (found.type_name() == expected.type_name() && equal(found, &expected))
}

fn passes(test: &Json) -> bool {
    let text = |key: &str| test[key].as_str().unwrap_or("");
    let bindings = test["bindings"].as_object().cloned().unwrap_or_default();
    let mut environment = Environment::new(bindings.keys().cloned());
    environment.container = text("container").to_owned();
    environment.unchecked = test["disable_check"] == true;
    let values: Vec<Option<Val<'static>>> = bindings.values().map(value).collect();
    let result = Program::compile(text("expr"), &environment).map(|program| program.run(values, DEFAULT_COST).value);
    match (text("matcher"), result) {
        ("eval_error", Err(_) | Ok(Err(_))) => true,
        ("default_true", Ok(Ok(Val::Bool(true)))) => true,
        ("value" | "typed_result", Ok(Ok(found))) => is_same(&found, &test["expect"]),
        _ => false,
    }
}

/// A declared type for a binding of the corpus, by its value.
fn type_of(json: &Json) -> Type {
    let kind = json.as_object().and_then(|body| body.keys().next()).map_or("", String::as_str);
    match kind {
        "null" => Type::Null,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        kind => named(kind).filter(|of| !matches!(of, Type::Opaque(..))).unwrap_or(Type::Dyn),
    }
}

/// Whether a value may be of a type.
fn fits(value: &Val<'_>, of: &Type) -> bool {
    match (value, of) {
        (_, Type::Dyn) => true,
        (Val::List(list), Type::List(element)) => list.iter().all(|item| fits(&item, element)),
        (Val::Map(map), Type::Map(key, value)) => map.entries().all(|(k, v)| fits(&k, key) && fits(&v, value)),
        (Val::Optional(None), Type::Opaque(name, _)) => &**name == "optional_type",
        (Val::Optional(Some(inside)), Type::Opaque(_, parts)) => parts.first().is_some_and(|part| fits(inside, part)),
        (Val::Opaque(value), of) => value.type_name() == of.to_string(),
        (Val::Type(_), of) => matches!(of, Type::Type(_)),
        (Val::Null, of) => matches!(of, Type::Null | Type::Opaque(..)),
        (value, of) => {
            named(value.type_name()).is_some_and(|found| found == *of) || {
                let short = of.to_string();
                value.type_name().to_lowercase().ends_with(&format!(".{}", short.to_lowercase()))
            }
        }
    }
}

/// What the checker has against a test whose expression is right, or the type that its value is not of.
fn complaint(test: &Json) -> Option<String> {
    let text = |key: &str| test[key].as_str().unwrap_or("");
    let bindings = test["bindings"].as_object().cloned().unwrap_or_default();
    let mut declarations = Declarations::new(bindings.iter().map(|(name, value)| (name.clone(), type_of(value))));
    declarations.container = text("container").to_owned();
    declarations.homogeneous = false;
    let checked = check(&rampart_cel::parse(text("expr")).ok()?, &declarations);
    if let Some(issue) = checked.issues.first() {
        return Some(issue.message.clone());
    }
    let environment = Environment { container: declarations.container, ..Environment::new(bindings.keys().cloned()) };
    let values: Vec<Option<Val<'static>>> = bindings.values().map(value).collect();
    let value = Program::compile(text("expr"), &environment).ok()?.run(values, DEFAULT_COST).value.ok()?;
    (!fits(&value, &checked.result)).then(|| format!("{} is not the type of {value:?}", checked.result))
}

#[test]
fn the_checker_accepts_what_the_specification_has_checked() {
    let Some(tests) = corpus() else { return };
    let list = include_str!("spec.passing");
    let known: BTreeSet<&str> = list.lines().collect();
    let wanted = |test: &&Json| {
        let is_right = matches!(test["matcher"].as_str(), Some("value" | "typed_result" | "default_true"));
        is_right && test["disable_check"] == false && known.contains(name(test).as_str())
    };
    let mut count = 0;
    let mut refused = BTreeSet::new();
    for test in tests.iter().filter(wanted) {
        count += 1;
        if let Some(complaint) = complaint(test) {
            refused.insert(format!("{}: {}: {complaint}", name(test), test["expr"]));
        }
    }
    println!("{} of {count} are accepted, and their values are of the types found", count - refused.len());
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.into_iter().collect::<Vec<_>>().join("\n"));
}

fn name(test: &Json) -> String {
    let part = |key: &str| test[key].as_str().unwrap_or("").to_owned();
    format!("{}/{}/{}", part("file"), part("section"), part("name"))
}

#[test]
fn the_specification_is_met_as_far_as_the_list_says() {
    let Some(tests) = corpus() else { return };
    // Enumerations and message literals are protocol buffers too, though the corpus does not mark all of them.
    let is_proto = |test: &&Json| matches!(test["file"].as_str(), Some("enums" | "proto2" | "proto3" | "proto2_ext"));
    let wanted = |test: &&Json| test["proto"] == false && test["check_only"] == false && !is_proto(test);
    let (mut passing, mut failing) = (BTreeSet::new(), BTreeSet::new());
    for test in tests.iter().filter(wanted) {
        if passes(test) {
            passing.insert(name(test))
        } else {
            failing.insert(name(test))
        };
    }
    let passing: BTreeSet<String> = passing.difference(&failing).cloned().collect();
    println!("{} of {} pass", passing.len(), passing.len() + failing.len());
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec.passing");
    if std::env::var_os("RAMPART_RATCHET").is_some() {
        let text: String = passing.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(&list, text).expect("the list is written");
        let text: String = failing.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(std::env::temp_dir().join("cel-spec.failing"), text).expect("the list is written");
    }
    let known = std::fs::read_to_string(&list).unwrap_or_default();
    let lost: Vec<&str> = known.lines().filter(|name| failing.contains(*name)).collect();
    assert!(lost.is_empty(), "{} passed before: {lost:?}", lost.len());
    assert!(!known.is_empty(), "no list of passing tests; write it with RAMPART_RATCHET=1");
}
