//! What holds of all expressions: none panics, and a document in place is worth the same as its data written out.

#![expect(clippy::expect_used, reason = "a case that does not hold must stop the test with its text")]

use std::sync::Arc;

use rampart_cel::check::{Declarations, Type, check, report};
use rampart_cel::value::equal;
use rampart_cel::{Environment, Program, Val, parse, references};
use rampart_model::source::SourceText;
use rampart_model::{Document, Limits};

/// Numbers that look random and are the same at each run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("less than the sides")
    }

    fn pick<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words.get(self.roll(words.len())).expect("the roll is below the sides")
    }
}

const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    "?",
    ":",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    " in ",
    "object",
    "x",
    "y",
    "1",
    "-1",
    "0",
    "2u",
    "1.5",
    "1e308",
    "9223372036854775807",
    "-9223372036854775808",
    "'a'",
    "'ä☃'",
    "b'\\xff'",
    "r'\\d+'",
    "true",
    "false",
    "null",
    ".size()",
    ".all(x, ",
    ".exists(x, ",
    ".map(x, ",
    ".filter(x, ",
    ".?a",
    "[?0]",
    "[1, 2]",
    "{'a': 1}",
    "has(object.a)",
    "cel.bind(x, ",
    ".orValue(",
    "quantity('1.5Gi')",
    ".add(",
    ".asInteger()",
    "semver('1.2.3')",
    "url('http://a/b?c=d')",
    ".getQuery()",
    "format.named('uri')",
    ".value()",
    ".validate(",
    "duration('1h')",
    "timestamp('2026-01-01T00:00:00Z')",
    ".getHours('Europe/Berlin')",
    "'%s %d'.format([",
    ".substring(",
    ".indexOf(",
    ".lastIndexOf(",
    ".replace(",
    ".split(",
    ".join(",
    ".charAt(",
    ".matches(",
    "string(",
    "int(",
    "uint(",
    "double(",
    "bytes(",
    "type(",
    "dyn(",
    ".sortBy(x, ",
    ".transformMap(x, y, ",
    "math.greatest(",
    "math.bitShiftLeft(",
    "regex.replace('abc', '(b)', ",
    "ip('::1')",
    "cidr('10.0.0.0/8')",
    "base64.decode(",
    "lists.range(5)",
    ".slice(",
    ".flatten(",
    "optional.of(",
    ".optMap(x, ",
    "sets.contains(",
    "\\",
    "\"",
    "'''",
    "`",
    "// ",
    "\n",
];

const SPEAKING: &[&str] = &[
    "object.a.b == 1 && has(object.c) ? object.c[0].d : object.?e.orValue('x')",
    "object.spec.containers.all(c, c.image.startsWith('a') || c.?x.hasValue())",
    "'%s-%.3f-%x'.format([object, 1.5, 'abc'])",
    "quantity('1.5Gi').add(quantity('200m')).compareTo(quantity('1e3'))",
    "semver('1.2.3-rc.1+b').isLessThan(semver('v1', true))",
    "url('https://u:p@[::1]:80/a%20b?c=d&e#f').getEscapedPath()",
    "timestamp('2026-01-31T23:59:59.999Z') + duration('-1.5h') < timestamp(0)",
    "[3, 1, 2].sort().map(x, x * 2).filter(x, x > 2).sum()",
    "regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1').reverse()",
    "format.qualifiedName().validate('a/b').orValue(['x'])[0].charAt(1)",
    "cel.bind(x, {'a': [1, 2u, 3.0]}, x.a.transformList(i, v, i + v)).distinct()",
];

/// Parses, checks, compiles and runs; the outcome does not matter, only that there is one.
fn survive(text: &str) {
    let environment = Environment { unchecked: text.len().is_multiple_of(2), ..Environment::new(["object", "x"]) };
    if let Ok(tree) = parse(text) {
        let _ = references(&tree);
        let declarations = Declarations::new([("object", Type::Dyn), ("x", Type::list(Type::Int))]);
        let checked = check(&tree, &declarations);
        let printed = report(text, &checked.issues);
        assert_eq!(printed.is_empty(), checked.issues.is_empty());
    }
    if let Ok(program) = Program::compile(text, &environment) {
        let evaluated = program.run(vec![Some(Val::list(vec![Val::Int(1), Val::text("b")])), None], 20_000);
        if let Err(error) = evaluated.value {
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn no_row_of_words_panics() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..40_000 {
        let count = 1 + dice.roll(14);
        let text: String = (0..count).map(|_| dice.pick(WORDS)).collect();
        survive(&text);
    }
}

#[test]
fn no_expression_that_is_changed_somewhere_panics() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    for _ in 0..20_000 {
        let mut characters: Vec<char> = dice.pick(SPEAKING).chars().collect();
        for _ in 0..=dice.roll(4) {
            let place = dice.roll(characters.len());
            match dice.roll(4) {
                0 => drop(characters.remove(place)),
                1 => characters.insert(place, ['\0', 'é', '\'', '(', '9', '\\', '-', ' '][dice.roll(8)]),
                2 => {
                    let other = dice.roll(characters.len());
                    characters.swap(place, other);
                }
                _ => drop(characters.splice(place..place, dice.pick(WORDS).chars())),
            }
            if characters.is_empty() {
                break;
            }
        }
        survive(&characters.into_iter().collect::<String>());
    }
}

const LEAVES: &[&str] = &[
    "x",
    "object",
    "0",
    "1",
    "-1",
    "64",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615u",
    "0u",
    "1.5",
    "-0.0",
    "1e308",
    "0.0 / 0.0",
    "1.0 / 0.0",
    "''",
    "'a'",
    "'ä☃b'",
    "'-'",
    "'1.2.3'",
    "'10Mi'",
    "'/a?b=c'",
    "'%s%d%.3f%x'",
    "'(a)'",
    "b''",
    "b'\\xff\\x00'",
    "true",
    "null",
    "[]",
    "[1, 2, 3]",
    "['a', 'b']",
    "[[1], [2]]",
    "{}",
    "{'a': 1}",
    "duration('1h')",
    "duration('-315576000000s')",
    "timestamp('9999-12-31T23:59:59.999999999Z')",
    "timestamp('0001-01-01T00:00:00Z')",
    "quantity('-1.5Gi')",
    "quantity('9223372036854775807')",
    "semver('1.2.3-a')",
    "url('http://[::1]:8/a')",
    "ip('::ffff:a00:1')",
    "cidr('::/0')",
    "format.byte()",
    "optional.of(1)",
    "optional.none()",
    "int",
    "'Europe/Berlin'",
    "'-12:00'",
];

const GLOBALS: &[&str] = &[
    "size",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "bool",
    "type",
    "dyn",
    "duration",
    "timestamp",
    "matches",
    "quantity",
    "isQuantity",
    "sign",
    "url",
    "isURL",
    "semver",
    "isSemver",
    "ip",
    "isIP",
    "ip.isCanonical",
    "cidr",
    "isCIDR",
    "format.named",
    "regex.replace",
    "regex.extract",
    "regex.extractAll",
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "lists.range",
    "strings.quote",
    "base64.encode",
    "base64.decode",
    "optional.of",
    "optional.ofNonZeroValue",
    "optional.unwrap",
    "math.greatest",
    "math.least",
    "math.ceil",
    "math.floor",
    "math.round",
    "math.trunc",
    "math.isNaN",
    "math.abs",
    "math.sign",
    "math.sqrt",
    "math.bitAnd",
    "math.bitOr",
    "math.bitXor",
    "math.bitNot",
    "math.bitShiftLeft",
    "math.bitShiftRight",
];

const METHODS: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "find",
    "findAll",
    "charAt",
    "indexOf",
    "lastIndexOf",
    "lowerAscii",
    "upperAscii",
    "trim",
    "reverse",
    "replace",
    "split",
    "substring",
    "join",
    "format",
    "slice",
    "flatten",
    "sort",
    "distinct",
    "isSorted",
    "sum",
    "min",
    "max",
    "first",
    "last",
    "includes",
    "hasValue",
    "value",
    "or",
    "orValue",
    "unwrapOpt",
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
    "add",
    "sub",
    "sign",
    "isInteger",
    "asInteger",
    "asApproximateFloat",
    "compareTo",
    "isLessThan",
    "isGreaterThan",
    "getScheme",
    "getHost",
    "getHostname",
    "getPort",
    "getEscapedPath",
    "getQuery",
    "major",
    "minor",
    "patch",
    "validate",
    "family",
    "isLoopback",
    "isGlobalUnicast",
    "containsIP",
    "containsCIDR",
    "masked",
    "prefixLength",
    "ip",
];

fn expression(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.roll(5) == 0 {
        return dice.pick(LEAVES).to_owned();
    }
    let row = |dice: &mut Dice, most: usize| {
        let count = dice.roll(most + 1);
        (0..count).map(|_| expression(dice, depth - 1)).collect::<Vec<_>>().join(", ")
    };
    match dice.roll(9) {
        0 | 1 => format!("{}({})", dice.pick(GLOBALS), row(dice, 3)),
        2..=4 => format!("({}).{}({})", expression(dice, depth - 1), dice.pick(METHODS), row(dice, 2)),
        5 => {
            let operator = dice.pick(&["+", "-", "*", "/", "%", "<", ">=", "==", "in", "&&", "||"]);
            format!("({}) {operator} ({})", expression(dice, depth - 1), expression(dice, depth - 1))
        }
        6 => format!("({})[{}]", expression(dice, depth - 1), expression(dice, depth - 1)),
        7 => {
            let fold = dice.pick(&["all", "exists", "map", "filter", "sortBy", "exists_one", "optMap"]);
            format!("({}).{fold}(x, {})", expression(dice, depth - 1), expression(dice, depth - 1))
        }
        _ => format!("[{}]", row(dice, 3)),
    }
}

#[test]
fn no_expression_that_is_well_formed_panics() {
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    for _ in 0..60_000 {
        let depth = 1 + dice.roll(4);
        survive(&expression(&mut dice, depth));
    }
}

/// Data written as JSON, which is also an expression: the literals of both look alike.
fn data(dice: &mut Dice, depth: usize) -> String {
    let kind = if depth == 0 { dice.roll(5) } else { dice.roll(9) };
    match kind {
        0 => "null".to_owned(),
        1 => dice.pick(&["true", "false"]).to_owned(),
        2 => dice.pick(&["0", "1", "-7", "9223372036854775807", "1.5", "-0.25", "1.0", "2e3"]).to_owned(),
        3 | 4 => format!("\"{}\"", dice.pick(&["", "a", "b.c/d", "ä☃", "a\\nb", "\\\"q\\\"", "10Mi", "nginx:1.27"])),
        5 | 6 => {
            let count = dice.roll(4);
            format!("[{}]", (0..count).map(|_| data(dice, depth - 1)).collect::<Vec<_>>().join(", "))
        }
        _ => {
            let keys = ["a", "b", "image", "x/y", "ü"];
            let from = dice.roll(keys.len());
            let entries = keys.iter().skip(from).map(|key| format!("\"{key}\": {}", data(dice, depth - 1)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

const QUESTIONS: &[&str] = &[
    "v",
    "v == v",
    "v.a",
    "v.?a",
    "v.?a.?b.orValue(1)",
    "has(v.a)",
    "has(v.a.b)",
    "v[0]",
    "v[?0]",
    "v['x/y']",
    "size(v)",
    "type(v)",
    "'a' in v",
    "1 in v",
    "v.map(k, k)",
    "v.all(k, k == 'a')",
    "v.exists(k, v[k] == null)",
    "v.map(i, i == 1 || i)",
    "v.transformList(i, e, [i, e])",
    "v.transformMap(k, e, e)",
    "v + v",
    "v < 1",
    "v == 1.0",
    "'%s'.format([v])",
    "string(v)",
    "[v, v].distinct()",
    "v.distinct()",
    "v.flatten()",
    "v.sort()",
    "v.a.b.size()",
    "v.b + 'x'",
    "v.image.split(':')",
    "v ? 1 : 2",
    "dyn(v) in [null, 'a', 1]",
    "{'k': v}.k == v",
    "v.first()",
    "v.indexOf('a')",
    "v.a.includes(v.b)",
    "quantity(v.a).asInteger()",
    "optional.ofNonZeroValue(v).hasValue()",
    "[v].filter(e, e.a == 'a')",
    "v.exists_one(e, e == 'a')",
    "sets.equivalent(v, v)",
];

#[test]
fn a_document_in_place_is_worth_its_data_written_out() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let placed: Vec<Program> = QUESTIONS
        .iter()
        .map(|question| Program::compile(question, &Environment::new(["v"])).expect("the question is an expression"))
        .collect();
    for _ in 0..400 {
        let text = data(&mut dice, 3);
        let source = Arc::new(SourceText::new("data.json", text.clone()));
        let document = Document::from_json(source, &Limits::STANDARD).expect("the data is JSON");
        for (question, program) in QUESTIONS.iter().zip(&placed) {
            let borrowed = program.run(vec![Some(Val::of(document.root()))], 100_000).value;
            let literal = format!("cel.bind(v, {text}, {question})");
            let written = Program::compile(&literal, &Environment::default()).expect("the data is an expression");
            let written = written.run(Vec::new(), 100_000).value;
            let same = match (&borrowed, &written) {
                (Ok(a), Ok(b)) => equal(a, b) && a.type_name() == b.type_name(),
                (Err(a), Err(b)) => a == b,
                _ => false,
            };
            if !same {
                panic!("{question} over {text}\n in place {borrowed:?}\n written  {written:?}");
            }
        }
    }
}
