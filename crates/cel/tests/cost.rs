//! What the API server charges, by the facts of its tests and of cel-go's: an expression and its cost.

#![expect(clippy::panic, reason = "a wrong cost must stop the test with its expression")]

use rampart_cel::value::Map;
use rampart_cel::{Environment, Error, Program, Val};

const INTEGERS: &str = "[1, 2, 3, 4, 5]";
const UNSIGNED: &str = "[uint(1), uint(2), uint(3), uint(4), uint(5)]";
const DOUBLES: &str = "[1.0, 2.0, 3.0, 4.0, 5.0]";
const BOOLEANS: &str = "[false, true, false, true, false]";
const TEXTS: &str = "['012345678901', '012345678901', '012345678901', '012345678901', '012345678901']";
const BYTES: &str = "[bytes('012345678901'), bytes('012345678901'), bytes('012345678901'), bytes('012345678901'), bytes('012345678901')]";
const DURATIONS: &str = "[duration('1s'), duration('2s'), duration('3s'), duration('4s'), duration('5s')]";
const TEXT: &str = "'01234567890123456789012345678901234567890123456789'";

/// An expression, its variables, and its cost.
type Case = (&'static str, Vec<(&'static str, Val<'static>)>, u64);

fn of(text: &str, variables: &[(&str, Val<'static>)], limit: u64) -> (Result<Val<'static>, Error>, u64) {
    let environment = Environment::new(variables.iter().map(|(name, _)| *name));
    let program = match Program::compile(text, &environment) {
        Ok(program) => program,
        Err(error) => panic!("{error}: {text}"),
    };
    let run = program.run(variables.iter().map(|(_, value)| Some(value.clone())).collect(), limit);
    (run.value, run.cost)
}

fn costs(cases: &[(&str, u64)]) {
    let wrong = cases.iter().filter_map(|(text, wanted)| {
        let (value, cost) = of(text, &[], 1_000_000);
        (cost != *wanted || value.is_err()).then(|| format!("{text}\n  costs {cost}, not {wanted}: {value:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    if !wrong.is_empty() {
        panic!("{}", wrong.join("\n"));
    }
}

#[test]
fn lists_cost_their_making_and_one_pass() {
    for (list, wanted) in [(INTEGERS, 15), (UNSIGNED, 20), (DOUBLES, 15), (DURATIONS, 20)] {
        costs(&[(&format!("{list}.sum()"), wanted)]);
    }
    for method in ["isSorted", "max", "min"] {
        let lists =
            [(INTEGERS, 15), (UNSIGNED, 20), (DOUBLES, 15), (BOOLEANS, 15), (TEXTS, 15), (BYTES, 25), (DURATIONS, 20)];
        for (list, wanted) in lists {
            costs(&[(&format!("{list}.{method}()"), wanted)]);
        }
    }
    for method in ["indexOf", "lastIndexOf"] {
        let lists = [
            (INTEGERS, "3", 15),
            (UNSIGNED, "uint(3)", 21),
            (DOUBLES, "3.0", 15),
            (BOOLEANS, "true", 15),
            (TEXTS, "'x'", 15),
            (BYTES, "bytes('x')", 26),
            (DURATIONS, "duration('3s')", 21),
            (TEXT, "'123'", 5),
        ];
        for (list, what, wanted) in lists {
            costs(&[(&format!("{list}.{method}({what})"), wanted)]);
        }
    }
}

#[test]
fn addresses_cost_their_text_and_nearly_nothing_more() {
    let four = "ip('192.168.0.1')";
    let six = "ip('2001:db8:3333:4444:5555:6666:7777:8888')";
    costs(&[(four, 2), (six, 4)]);
    for method in
        ["family", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast"]
    {
        costs(&[(&format!("{four}.{method}()"), 3), (&format!("{six}.{method}()"), 5)]);
    }
    costs(&[
        ("ip.isCanonical('192.168.0.1')", 3),
        ("ip.isCanonical('2001:db8:3333:4444:5555:6666:7777:8888')", 8),
        ("ip.isCanonical('2001:db8::abcd')", 3),
    ]);
    for range in ["cidr('192.168.0.0/16')", "cidr('2001:db8::/32')"] {
        costs(&[(range, 2)]);
        for method in ["ip", "prefixLength", "masked"] {
            costs(&[(&format!("{range}.{method}()"), 3)]);
        }
    }
    for (what, wanted) in [
        ("containsCIDR(cidr('192.0.0.0/30'))", 5),
        ("containsCIDR(cidr('192.168.0.0/16'))", 5),
        ("containsCIDR('192.0.0.0/30')", 5),
        ("containsCIDR('192.168.0.0/16')", 5),
        ("containsIP(ip('192.0.0.1'))", 2),
        ("containsIP(ip('192.169.0.1'))", 3),
        ("containsIP(ip('192.169.169.250'))", 3),
        ("containsIP('192.0.0.1')", 2),
        ("containsIP('192.169.0.1')", 3),
    ] {
        costs(&[(&format!("cidr('192.168.0.0/16').{what}"), 2 + wanted)]);
    }
    for (what, wanted) in [
        ("containsCIDR(cidr('2001:db8::/126'))", 5),
        ("containsCIDR(cidr('2001:db8::/32'))", 5),
        ("containsCIDR('2001:db8::/126')", 5),
        ("containsCIDR('2001:db8::/32')", 5),
        ("containsIP(ip('2001:db8:3333:4444:5555:6666:7777:8888'))", 5),
        ("containsIP(ip('2001:db8::1'))", 3),
        ("containsIP('2001:db8:3333:4444:5555:6666:7777:8888')", 5),
        ("containsIP('2001:db8::1')", 3),
    ] {
        costs(&[(&format!("cidr('2001:db8::/32').{what}"), 2 + wanted)]);
    }
}

#[test]
fn texts_cost_a_tenth_of_their_characters() {
    costs(&[
        ("'ABCDEFGHIJ abcdefghij'.lowerAscii()", 3),
        ("'ABCDEFGHIJ abcdefghij'.lowerAscii() == 'abcdefghij ABCDEFGHIJ'.lowerAscii()", 9),
        ("'ABCDEFGHIJ abcdefghij'.upperAscii()", 3),
        ("'ABCDEFGHIJ abcdefghij'.upperAscii() == 'abcdefghij ABCDEFGHIJ'.upperAscii()", 9),
        ("strings.quote('ABCDEFGHIJ abcdefghij')", 3),
        ("strings.quote('ABCDEFGHIJ abcdefghij') == strings.quote('ABCDEFGHIJ abcdefghij')", 9),
        ("'abc 123 def 123'.replace('123', '456')", 3),
        ("'abc 123 def 123'.replace('', 'x')", 3),
        ("'abc 123 def 123'.replace('123', '')", 3),
        ("'abc 123 def 123'.replace('123', '456', 1)", 3),
        ("'abc 123 def 123'.split(' ')", 3),
        ("'abc 123 def 123'.split(' ', 1)", 3),
        ("'abc 123 def 123'.substring(5)", 2),
        ("'abc 123 def 123'.substring(5, 8)", 2),
        ("'  abc 123 def 123  '.trim()", 2),
        ("['aa', 'bb', 'cc', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].join(' ')", 15),
        ("['aa', 'bb', 'cc', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].join()", 13),
        ("'abc 123 def 123'.find('123')", 2),
        ("'abc 123 def 123'.findAll('123')", 2),
        ("'abc 123 def 123'.findAll('123', 1)", 2),
        ("url('https:://kubernetes.io/').getScheme()", 4),
        ("url('https:://kubernetes.io/').getQuery()", 4),
        ("url('https:://kubernetes.io/').getEscapedPath()", 4),
    ]);
}

#[test]
fn quantities_cost_their_text_and_one_for_each_step() {
    costs(&[
        (r#"quantity("12Mi")"#, 1),
        (r#"isQuantity("20")"#, 1),
        (r#"isQuantity("20M")"#, 1),
        (r#"quantity("200M") == quantity("200M")"#, 3),
        (r#"quantity("200M") == quantity("0.2G") && quantity("0.2G") == quantity("200M")"#, 6),
        (
            r#"quantity("2M") == quantity("0.002G") && quantity("2000k") == quantity("2M") && quantity("0.002G") == quantity("2000k")"#,
            9,
        ),
        (r#"quantity("50M").isLessThan(quantity("50Mi"))"#, 3),
        (r#"quantity("50Mi").isGreaterThan(quantity("50M"))"#, 3),
        (r#"quantity("200M").compareTo(quantity("0.2G")) > 0"#, 4),
        (r#"quantity("50k").add(quantity("20")) == quantity("50.02k")"#, 5),
        (r#"quantity("50k").sub(quantity("20")) == quantity("49.98k")"#, 5),
        (r#"quantity("50k").sub(20) == quantity("49980")"#, 4),
        (r#"quantity("50k").add(20).sub(quantity("100k")).asInteger() > 0"#, 6),
        (r#"quantity("50k").add(20).sub(quantity("100k")).sub(-50000).asInteger() > 0"#, 7),
        (r#"quantity("50k").asInteger() > 0"#, 3),
        (r#"quantity("50").isInteger()"#, 2),
        (r#"quantity("50.703k").asApproximateFloat() > 0.0"#, 3),
    ]);
}

#[test]
fn sets_cost_the_product_of_their_sizes() {
    costs(&[
        ("sets.contains([], [])", 21),
        ("sets.contains([1], [])", 21),
        ("sets.contains([1], [1])", 22),
        ("sets.contains([1], [1, 1])", 23),
        ("sets.contains([1, 1], [1])", 23),
        ("sets.contains([2, 1], [1])", 23),
        ("sets.contains([1, 2, 3, 4], [2, 3])", 29),
        ("sets.contains([1], [1.0, 1])", 23),
        ("sets.contains([1, 2], [2u, 2.0])", 25),
        ("sets.contains([1, 2u], [2, 2.0])", 25),
        ("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])", 30),
        ("sets.contains([[1], [2, 3]], [[2, 3.0]])", 53),
        ("!sets.contains([1], [2])", 23),
        ("!sets.contains([1], [1, 2])", 24),
        ("!sets.contains([1], ['1', 1])", 24),
        ("!sets.contains([1], [1.1, 1u])", 24),
        ("sets.equivalent([], [])", 21),
        ("sets.equivalent([1], [1])", 23),
        ("sets.equivalent([1], [1, 1])", 25),
        ("sets.equivalent([1, 1], [1])", 25),
        ("sets.equivalent([1], [1u, 1.0])", 25),
        ("sets.equivalent([1, 2, 3], [3u, 2.0, 1])", 39),
        ("sets.equivalent([[1.0], [2, 3]], [[1], [2, 3.0]])", 69),
        ("!sets.equivalent([2, 1], [1])", 26),
        ("!sets.equivalent([1], [1, 2])", 26),
        ("!sets.equivalent([1, 2], [2u, 2, 2.0])", 34),
        ("!sets.equivalent([1, 2], [1u, 2, 2.3])", 34),
        ("sets.intersects([1], [1])", 22),
        ("sets.intersects([1], [1, 1])", 23),
        ("sets.intersects([1, 1], [1])", 23),
        ("sets.intersects([2, 1], [1])", 23),
        ("sets.intersects([1], [1, 2])", 23),
        ("sets.intersects([1], [1.0, 2])", 23),
        ("sets.intersects([1, 2], [2u, 2, 2.0])", 27),
        ("sets.intersects([1, 2], [1u, 2, 2.3])", 27),
        ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", 65),
        ("!sets.intersects([], [])", 22),
        ("!sets.intersects([1], [])", 22),
        ("!sets.intersects([1], [2])", 23),
        ("!sets.intersects([1], ['1', 2])", 24),
        ("!sets.intersects([1], [1.1, 2u])", 24),
    ]);
}

#[test]
fn the_language_itself_costs_what_it_does_in_cel_go() {
    costs(&[
        ("'Hello World!'", 0),
        ("[1, 2, 3]", 10),
        ("{'a': 1, 'b': 2, 'c': 3}", 30),
        ("[1, 2, 3].all(x, true)", 20),
        ("'123'.matches('[0-9]')", 2),
        ("false || false", 0),
        ("true || false", 0),
        ("true && false", 0),
        ("1 < 2", 1),
        ("1 == 2", 1),
        ("2 >= 1", 1),
        ("2 in [1, 2, 3]", 13),
        ("1 + 1", 1),
        ("1 % 1", 1),
        ("true ? 1 : 2", 0),
        ("size('123')", 1),
        ("'12345678901234567890' == '123456789012345678901234567890'", 2),
        ("string(1)", 1),
        ("true ? false : 1 > 3", 0),
        ("false ? false : 1 > 3", 1),
        ("(1 > 2 ? 5 : 3) > 1", 2),
        ("(1 > 2 || 2 > 1) == true", 3),
        ("[{'k1': 1}, {'k2': 2}].all(x, true)", 77),
    ]);
}

#[test]
fn variables_and_their_fields_cost_one_each() {
    let text = |length: usize| Val::text("x".repeat(length));
    let map = |key: &str, value: Val<'static>| match Map::of(vec![(Val::text(key.to_owned()), value)]) {
        Ok(map) => Val::Map(map),
        Err(error) => panic!("{error}"),
    };
    let input = |value: Val<'static>| vec![("input", value)];
    let empty = || Val::list(Vec::new());
    let truth = |value| vec![("a", Val::Bool(value)), ("b", Val::Bool(value)), ("c", Val::Bool(value))];
    let cases: Vec<Case> = vec![
        ("input", input(Val::Int(1)), 1),
        ("input['key']", input(map("key", text(1))), 2),
        ("input[0]", input(Val::list(vec![text(1)])), 2),
        ("input.key", input(map("key", text(1))), 2),
        ("input['ke' + 'y']", input(map("key", text(1))), 3),
        ("input[3-3]", input(Val::list(vec![text(1)])), 3),
        ("has(input.key)", input(map("key", text(1))), 1),
        ("has(input.key.inner)", input(map("key", map("inner", text(1)))), 2),
        ("input.all(x, true)", input(empty()), 2),
        ("input.all(x, x.all(y, true))", input(empty()), 2),
        ("input.matches('[0-9]')", input(text(500)), 103),
        ("a || b || c", truth(false), 3),
        ("a && b && c", truth(true), 3),
        ("string(input)", input(Val::Bytes(vec![b'a'; 500].into())), 51),
        ("bytes(input)", input(text(500)), 51),
        ("input.contains(other)", vec![("input", text(500)), ("other", text(500))], 2502),
        (r"input.matches('\\d+a\\d+b')", input(text(500)), 103),
        ("input.startsWith(other)", vec![("input", text(3)), ("other", text(500))], 3),
        ("input.endsWith(other)", vec![("input", text(3)), ("other", text(500))], 3),
        ("input.size()", input(text(3)), 2),
        ("size(input)", input(text(3)), 2),
        (
            "(x > 2 ? one : two).all(y, true)",
            vec![("x", Val::Int(1)), ("one", Val::list(vec![text(1)])), ("two", Val::list(vec![text(1)]))],
            6,
        ),
        ("input.all(k, input[k].single > 3)", input(map("val", map("single", Val::Int(4)))), 9),
        ("(one + two).all(x, true)", vec![("one", empty()), ("two", empty())], 4),
        ("'abcdefg'.contains(one + two)", vec![("one", text(4)), ("two", text(10))], 6),
    ];
    for (expression, variables, wanted) in cases {
        let (value, cost) = of(expression, &variables, 1_000_000);
        assert_eq!(cost, wanted, "{expression}: {value:?}");
    }
}

#[test]
fn a_limit_that_is_reached_is_not_yet_exceeded() {
    let variables = [("one", Val::text("x".repeat(4))), ("two", Val::text("x".repeat(10)))];
    let (value, _) = of("'abcdefg'.contains(one + two)", &variables, 6);
    assert_eq!(value.err(), None);
    let (value, _) = of("'abcdefg'.contains(one + two)", &variables, 5);
    assert_eq!(value.err(), Some(Error::CostExceeded));
}
