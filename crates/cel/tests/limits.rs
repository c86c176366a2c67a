//! No expression, however hostile, takes much more time or memory than the limit says.

#![expect(clippy::panic, reason = "a failing expression must stop the test with its text")]

use std::time::{Duration, Instant};

use rampart_cel::{DEFAULT_COST, Environment, Error, Program};

/// Generous: tests are not optimised, and other tests run beside them.
const PATIENCE: Duration = Duration::from_secs(20);

fn exceeds(text: &str) {
    let begin = Instant::now();
    let program = match Program::compile(text, &Environment::default()) {
        Ok(program) => program,
        Err(error) => panic!("{error}: {text:.200}"),
    };
    let result = program.run(Vec::new(), DEFAULT_COST / 10);
    assert_eq!(result.value.err(), Some(Error::CostExceeded), "{text:.200}");
    drop(program);
    assert!(begin.elapsed() < PATIENCE, "{:?}: {text:.200}", begin.elapsed());
}

/// `a` bound to `seed`, then doubled by `step` so many times, and used in `body`.
fn doubled(seed: &str, step: &str, times: usize, body: &str) -> String {
    let binds: String = (0..times).map(|_| format!("cel.bind(a, {step}, ")).collect();
    format!("cel.bind(a, {seed}, {binds}{body}{})", ")".repeat(times))
}

#[test]
fn loops_within_loops_end() {
    exceeds("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))");
    exceeds("lists.range(100000).map(a, lists.range(100000))");
    exceeds("lists.range(10000).exists(a, lists.range(10000).exists(b, false)) || true");
}

#[test]
fn doubling_ends_before_memory_does() {
    exceeds(&doubled("'0123456789'", "a + a", 60, "a.size()"));
    exceeds(&doubled("[1]", "a + a", 60, "a.size()"));
    exceeds(&doubled("b'0123456789'", "a + a", 60, "a.size()"));
    exceeds(&doubled("'abc'", "a.replace('', a)", 30, "a"));
    exceeds(&doubled("'abc'", "regex.replace(a, '', a)", 30, "a"));
    exceeds(&doubled("'abc'", "[a, a].join(a)", 60, "a"));
    exceeds(&doubled("'abc'", "'%s%s'.format([a, a])", 60, "a"));
    exceeds(&doubled("'\"'", "strings.quote(a)", 60, "a"));
}

#[test]
fn values_that_share_their_parts_are_paid_for_by_what_they_show() {
    exceeds(&doubled("[1]", "[a, a]", 60, "a == a"));
    exceeds(&doubled("[1]", "[a, a]", 60, "a in [a]"));
    exceeds(&doubled("[1]", "[a, a]", 60, "'%s'.format([a])"));
    exceeds(&doubled("[1]", "[a, a]", 60, "a.flatten(100)"));
    exceeds(&doubled("{'x': 1}", "{'x': a, 'y': a}", 60, "a == a"));
    exceeds(&doubled("[1]", "[a, a]", 60, "[a, a].distinct()"));
    exceeds(&doubled("[1]", "[a, a]", 60, "sets.contains([a], [a])"));
    exceeds(&doubled("[1]", "[a, a]", 60, "[a].indexOf(a)"));
    exceeds(&doubled("[1]", "[a, a]", 60, "[a].includes(a)"));
}

#[test]
fn comparisons_of_long_lists_are_paid_for() {
    exceeds("cel.bind(a, lists.range(50000), a.distinct())");
    exceeds("cel.bind(a, lists.range(50000), sets.equivalent(a, a))");
    exceeds("cel.bind(a, lists.range(10000), a.all(x, -1 in a || true))");
    exceeds("cel.bind(a, lists.range(10000), a.all(x, a == a))");
    exceeds("cel.bind(a, lists.range(10000), a.all(x, a.indexOf(-1) < 0))");
    exceeds("cel.bind(a, lists.range(10000), a.all(x, a.sort() != []))");
    exceeds("cel.bind(a, lists.range(10000), a.map(x, [a, a].flatten()))");
    exceeds(&doubled("'0123456789'", "a + a", 14, "lists.range(10000).all(x, a == a)"));
    exceeds(&doubled("'0123456789'", "a + a", 14, "lists.range(10000).map(x, a).isSorted()"));
    exceeds(&doubled("'0123456789'", "a + a", 14, "lists.range(10000).map(x, a).max() == a"));
    exceeds(&doubled("'0123456789'", "a + a", 14, "lists.range(10000).all(x, {a: x} != {})"));
    exceeds(&doubled("'0123456789'", "a + a", 14, "lists.range(10000).all(x, a.split('').size() > 0)"));
}

#[test]
fn patterns_that_are_made_anew_are_paid_for() {
    exceeds("lists.range(100000).all(x, !'a'.matches('(a{50}){50}' + string(x)))");
    exceeds("lists.range(100000).all(x, 'a'.find(string(x)) == '')");
}

#[test]
fn depth_is_bounded_before_anything_recurses() {
    let deep = |text: String| assert!(Program::compile(&text, &Environment::default()).is_err(), "{text:.80}");
    for count in [600, 100_000] {
        deep(format!("{}1{}", "(".repeat(count), ")".repeat(count)));
        deep(format!("{}1{}", "[".repeat(count), "]".repeat(count)));
        deep(format!("1{}", " + 1".repeat(count)));
        deep(format!("{}1", "true ? 1 : ".repeat(count)));
        deep(format!("a{}", ".b".repeat(count)));
        deep(format!("[]{}", ".map(x, [x])".repeat(count)));
        let slots: String = (0..count).map(|slot| format!(", [cel.index({slot})]")).collect();
        deep(format!("cel.block([1{slots}], 1)"));
    }
    let nested = |times: usize| doubled(&format!("{}1{}", "[".repeat(100), "]".repeat(100)), "[[[[a]]]]", times, "a");
    deep(nested(200));
    deep(doubled("1", "[a].map(x, [[[[x]]]])", 100, "a"));
}

#[test]
fn what_is_as_deep_as_may_be_runs() {
    let value = |text: &str| {
        let program = Program::compile(text, &Environment::default()).map_err(|error| format!("{error}: {text:.80}"));
        program.map(|program| program.run(Vec::new(), DEFAULT_COST).value.is_ok())
    };
    let list = format!("{}1{}", "[".repeat(98), "]".repeat(98));
    assert_eq!(value(&format!("{list} == {list}")), Ok(true));
    assert_eq!(value(&format!("'%s'.format([{}1{}])", "[".repeat(96), "]".repeat(96))), Ok(true));
    assert_eq!(value(&format!("1{}", " + 1".repeat(290))), Ok(true));
    assert_eq!(value(&format!("true{}", " && true".repeat(20_000))), Ok(true));
    assert_eq!(value(&format!("false{} || true && true", " || false".repeat(20_000))), Ok(true));
    assert_eq!(value(&doubled("1", "[a]", 95, "a == a")), Ok(true));
    assert_eq!(value(&format!("[1]{}", ".map(x, x)".repeat(140))), Ok(true));
    let nested = "(1 + 1 == 2 && [1].exists(x, x == 1 && ";
    assert_eq!(value(&format!("{}true{}", nested.repeat(40), "))".repeat(40))), Ok(true));
}
