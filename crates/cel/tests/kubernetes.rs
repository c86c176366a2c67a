//! The Kubernetes libraries, by the facts of the API server's documentation and tests. Each line is an expression that is true.

#![expect(clippy::panic, reason = "a failing expression must stop the test with its text")]

use rampart_cel::{DEFAULT_COST, Environment, Error, Program, Val};

fn run(text: &str) -> Result<Val<'static>, String> {
    let program = Program::compile(text, &Environment::default()).map_err(|error| error.to_string())?;
    program.run(Vec::new(), DEFAULT_COST).value.map_err(|error| error.to_string())
}

fn all_true(expressions: &[&str]) {
    for text in expressions {
        match run(text) {
            Ok(Val::Bool(true)) => {}
            other => panic!("{text}\n  gives {other:?}"),
        }
    }
}

fn all_fail(expressions: &[&str]) {
    for text in expressions {
        if let Ok(value) = run(text) {
            panic!("{text}\n  gives {value:?}, not an error");
        }
    }
}

#[test]
fn quantities_are_read_and_compared_whatever_their_suffix() {
    all_true(&[
        r#"quantity("12Mi") == quantity("12582912")"#,
        r#"isQuantity("20") && isQuantity("20M") && isQuantity("20Mi") && isQuantity("1.3G") && isQuantity("10000k")"#,
        r#"!isQuantity("20Mo") && !isQuantity("10Mm") && !isQuantity("200K") && !isQuantity("Three")"#,
        r#"!isQuantity("Mi") && !isQuantity("1,3G") && !isQuantity("") && !isQuantity("1e") && !isQuantity("1i")"#,
        r#"isQuantity("12e6") && isQuantity("+1.") && isQuantity(".5") && isQuantity("-1E3") && isQuantity("1E")"#,
        r#"quantity("200M") == quantity("0.2G") && quantity("0.2G") == quantity("200M")"#,
        r#"quantity("2M") == quantity("0.002G") && quantity("2000k") == quantity("2M")"#,
        r#"quantity("200M") != quantity("0.3G")"#,
        r#"quantity("50M").isLessThan(quantity("50Mi")) && !quantity("100M").isLessThan(quantity("50M"))"#,
        r#"quantity("50Mi").isGreaterThan(quantity("50M")) && !quantity("50M").isGreaterThan(quantity("100M"))"#,
        r#"quantity("200M").compareTo(quantity("0.2G")) == 0"#,
        r#"quantity("50M").compareTo(quantity("50Mi")) == -1"#,
        r#"quantity("50Mi").compareTo(quantity("50M")) == 1"#,
        r#"quantity("-1").isLessThan(quantity("-0.5")) && quantity("-0") == quantity("0")"#,
        r#"quantity("0.1n") == quantity("1n")"#,
        r#"quantity("100Ei") == quantity("9223372036854775807")"#,
    ]);
    all_fail(&[r#"quantity("10Mo")"#, r#"quantity("10Mm")"#, "isQuantity([1, 2, 3])", r#"quantity("1e99999999")"#]);
}

#[test]
fn quantities_are_added_exactly() {
    all_true(&[
        r#"quantity("50k").add(quantity("20")) == quantity("50.02k")"#,
        r#"quantity("50k").add(20) == quantity("50020")"#,
        r#"quantity("50k").sub(quantity("20")) == quantity("49.98k")"#,
        r#"quantity("50k").sub(20) == quantity("49980")"#,
        r#"quantity("50k").add(20).sub(quantity("100k")).asInteger() == -49980"#,
        r#"quantity("50k").add(20).sub(quantity("100k")).sub(-50000).asInteger() == 20"#,
        r#"quantity("0.1").add(quantity("0.2")) == quantity("0.3")"#,
        r#"quantity("9999999999999999999999999999999999999G").add(1).sub(quantity("9999999999999999999999999999999999999G")) == quantity("1")"#,
        r#"quantity("1").sub(quantity("1n")) == quantity("999999999n")"#,
        r#"quantity("5").sign() == 1 && quantity("-5").sign() == -1 && quantity("0").sign() == 0"#,
    ]);
}

#[test]
fn quantities_become_numbers_where_the_api_server_lets_them() {
    all_true(&[
        r#"quantity("50k").asInteger() == 50000 && quantity("50").isInteger() && quantity("50000000G").isInteger()"#,
        r#"!quantity("9999999999999999999999999999999999999G").isInteger()"#,
        r#"!quantity("1000m").isInteger() && quantity("1.5k").isInteger()"#,
        r#"quantity("50.703k").asApproximateFloat() == 50703.0"#,
        r#"quantity("50k").sub(20000).asApproximateFloat() == 30000.0"#,
        r#"quantity("250m").asApproximateFloat() == 0.25"#,
    ]);
    all_fail(&[r#"quantity("9999999999999999999999999999999999999G").asInteger()"#, r#"quantity("100m").asInteger()"#]);
}

#[test]
fn urls_are_absolute_and_give_their_parts() {
    all_true(&[
        "isURL('https://user:pass@example.com:80/path?query=val#fragment') && isURL('/absolute-path')",
        "!isURL('https://a:b:c/') && !isURL('../relative-path') && !isURL('') && !isURL('http://a b/') && !isURL(':x')",
        "!isURL('http://[::1/') && !isURL('/a%zz') && !isURL('http://a/\\n') && isURL('mailto:a@b')",
        "url('/path').getScheme() == '' && url('HTTPS://example.com/').getScheme() == 'https'",
        "url('https://example.com:80/').getHost() == 'example.com:80' && url('https://example.com/').getHost() == 'example.com'",
        "url('https://[::1]:80/').getHost() == '[::1]:80' && url('https://[::1]/').getHost() == '[::1]'",
        "url('/path').getHost() == '' && url('/path').getHostname() == '' && url('/path').getPort() == ''",
        "url('https://example.com:80/').getHostname() == 'example.com' && url('https://127.0.0.1:80/').getHostname() == '127.0.0.1'",
        "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]/').getHostname() == '::1'",
        "url('https://example.com:80/').getPort() == '80' && url('https://example.com/').getPort() == ''",
        "url('https://example.com/path').getEscapedPath() == '/path'",
        "url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'",
        "url('https://example.com/a%20b').getEscapedPath() == '/a%20b' && url('https://example.com').getEscapedPath() == ''",
        "url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
        "url('https://example.com/path?key with spaces=value with spaces').getQuery() == {'key with spaces': ['value with spaces']}",
        "url('https://example.com/path?a%3D=b+c%20d').getQuery() == {'a=': ['b c d']}",
        "url('https://example.com/path?').getQuery() == {} && url('https://example.com/path').getQuery() == {}",
        "url('https://example.com/a#b').getEscapedPath() == '/a' && url('https://a.b/') == url('https://a.b/')",
        "url('https://a.b/') != url('https://a.b/c')",
    ]);
    all_fail(&["url('https://a:b:c/')", "url('../relative-path')", "url(1)"]);
}

#[test]
fn formats_tell_what_is_wrong() {
    all_true(&[
        r#"!format.dns1123Label().validate("my-label-name").hasValue()"#,
        r#"!format.dns1123Subdomain().validate("apiextensions.k8s.io").hasValue()"#,
        r#"!format.dns1035Label().validate("my-label-name").hasValue() && format.dns1035Label().validate("1a").hasValue()"#,
        r#"!format.qualifiedName().validate("apiextensions.k8s.io/v1beta1").hasValue()"#,
        r#"!format.qualifiedName().validate("my.name").hasValue()"#,
        r#"!format.dns1123LabelPrefix().validate("my-label-prefix-").hasValue()"#,
        r#"!format.dns1123SubdomainPrefix().validate("mysubdomain.prefix.-").hasValue()"#,
        r#"!format.dns1035LabelPrefix().validate("my-label-prefix-").hasValue()"#,
        r#"!format.uri().validate("http://example.com").hasValue() && format.uri().validate("../a").hasValue()"#,
        r#"!format.uuid().validate("123e4567-e89b-12d3-a456-426614174000").hasValue()"#,
        r#"format.uuid().validate("123e4567-e89b-12d3-a456-42661417400").value().size() == 1"#,
        r#"!format.byte().validate("aGVsbG8=").hasValue() && format.byte().validate("aGVsbG8").value().size() == 1"#,
        r#"!format.date().validate("2021-01-01").hasValue() && format.date().validate("2020-01-32").value().size() == 1"#,
        r#"!format.datetime().validate("2021-01-01T00:00:00Z").hasValue()"#,
        r#"!format.datetime().validate("2021-01-01t00:00:00.25+02:00").hasValue()"#,
        r#"format.datetime().validate("2020-01-32T00:00:00Z").value().size() == 1"#,
        r#"format.dns1123Label().validate("contains a space").value().size() == 1"#,
        r#"format.dns1123Subdomain().validate("contains a space").value().size() == 1"#,
        r#"format.dns1123LabelPrefix().validate("contains a space-").value().size() == 1"#,
        r#"format.qualifiedName().validate("contains a space").value().size() == 1"#,
        r#"format.qualifiedName().validate("").value().size() == 2"#,
        r#"!format.labelValue().validate("my-cool-label-Value").hasValue() && !format.labelValue().validate("").hasValue()"#,
        r#"format.labelValue().validate("my-cool-label-Value!!\n\n!!!").value().size() == 1"#,
        r#"!format.named("unknown").hasValue() && format.named("uri").hasValue()"#,
    ]);
    for (name, _) in rampart_cel::named_format::NamedFormat::ALL {
        all_true(&[&format!("format.named('{name}').value() == format.{name}()")]);
        for (other, _) in rampart_cel::named_format::NamedFormat::ALL {
            all_true(&[&format!("(format.{name}() == format.{other}()) == ('{name}' == '{other}')")]);
        }
    }
}

#[test]
fn versions_are_strict_unless_they_are_to_be_normalised() {
    all_true(&[
        r#"isSemver("1.2.3-beta.1+build.1") && !isSemver("") && !isSemver("v1.0.0") && !isSemver(" 1.0.0")"#,
        r#"!isSemver("1. 0.0") && !isSemver("1.0.0 ") && !isSemver("01.01.01") && !isSemver("1") && !isSemver("1.1")"#,
        r#"!isSemver("", true) && !isSemver(" 1.0.0", true) && !isSemver("1. 0.0", true) && !isSemver("1.0.0 ", true)"#,
        r#"isSemver("v1.0.0", true) && isSemver("01.01.01", true) && isSemver("1", true) && isSemver("1.1", true)"#,
        r#"!isSemver("1.1-rc", true) && !isSemver("1.0.0-01") && !isSemver("1.0.0-") && !isSemver("1.0.0+")"#,
        r#"semver("v01.01", true) == semver("1.1.0") && semver("1.2.3") == semver("1.2.3")"#,
        r#"semver("1.2.3") != semver("1.0.0") && semver("1.0.0+a") == semver("1.0.0+b")"#,
        r#"semver("1.0.0").isLessThan(semver("1.2.3")) && !semver("1.0.0").isLessThan(semver("1.0.0"))"#,
        r#"semver("1.2.3").isGreaterThan(semver("1.0.0")) && !semver("1.0.0").isGreaterThan(semver("1.0.0"))"#,
        r#"semver("1.2.3").compareTo(semver("1.2.3")) == 0 && semver("1.0.0").compareTo(semver("1.2.3")) == -1"#,
        r#"semver("1.2.3").compareTo(semver("1.0.0")) == 1"#,
        r#"semver("1.0.0-rc.2").isLessThan(semver("1.0.0-rc.10")) && semver("1.0.0-rc.10").isLessThan(semver("1.0.0"))"#,
        r#"semver("1.0.0-1").isLessThan(semver("1.0.0-a")) && semver("1.0.0-a").isLessThan(semver("1.0.0-a.0"))"#,
        r#"semver("1.2.3").major() == 1 && semver("1.2.3").minor() == 2 && semver("1.2.3").patch() == 3"#,
    ]);
    all_fail(&[r#"semver("v1.0")"#, "isSemver([1, 2, 3])", r#"semver("1.0.0").isLessThan(quantity("1"))"#]);
}

#[test]
fn lists_are_searched_and_sorted() {
    all_true(&[
        "[1, 2, 3].isSorted() && ['a', 'b', 'b', 'c'].isSorted() && ![2.0, 1.0].isSorted() && [].isSorted()",
        "[1, 3].sum() == 4 && [1.0, 3.0].sum() == 4.0 && [].sum() == 0 && [duration('1m'), duration('1s')].sum() == duration('61s')",
        "[1, 3].min() == 1 && [1, 3].max() == 3 && [1].min() == 1",
        "[1, 2, 2, 3].indexOf(2) == 1 && ['a', 'b', 'b', 'c'].lastIndexOf('b') == 2 && [1.0].indexOf(1.1) == -1",
        "[1, 2, 3].includes(2) && ![1, 2, 3].includes(4) && 'model-a'.includes('model-a') && !'model-a'.includes('model')",
        "lists.range(60).map(i, i % 7 == 0 ? 0.0 / 0.0 : double((i * 37) % 61)).sort().size() == 60",
        "lists.range(60).map(i, (i * 37) % 61).sort().isSorted()",
        "['b1', 'a1', 'b0', 'a0'].sortBy(w, w.charAt(0)) == ['a1', 'a0', 'b1', 'b0']",
        "['ccc', 'a', 'bb'].sortBy(word, word.size()) == ['a', 'bb', 'ccc'] && [].sortBy(x, x) == []",
    ]);
    all_fail(&["[].min()", "[[1], [2]].sortBy(x, x)", "[1, 'a'].sort()", "[[1]].sort()"]);
}

#[test]
fn patterns_replace_and_extract() {
    all_true(&[
        "regex.replace('abc', '^', 'start_') == 'start_abc' && regex.replace('abc', '$', '_end') == 'abc_end'",
        r"regex.replace('a-b', r'\b', '|') == '|a|-|b|'",
        r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1') == 'ba fo'",
        r"regex.replace('foo bar', 'foo', r'\\') == '\\ bar'",
        r"regex.replace('ac', 'a(b)?c', r'[\1]') == '[]' && regex.replace('abc', 'b(.)', r'x\1') == 'axc'",
        r"regex.replace('foo bar baz', r'\w+', r'(\0)') == '(foo) (bar) (baz)'",
        "regex.replace('', 'a', 'b') == '' && regex.replace('hello ☃', '☃', '❄') == 'hello ❄'",
        r"regex.replace('User: Al, Age: 3', r'User: (?P<n>\w+), Age: (?P<a>\d+)', '${n} is ${a}') == '${n} is ${a}'",
        "regex.replace('banana', 'a', 'x', 0) == 'banana' && regex.replace('banana', 'a', 'x', 1) == 'bxnana'",
        "regex.replace('banana', 'a', 'x', 100) == 'bxnxnx' && regex.replace('banana', 'a', 'x', -1) == 'bxnxnx'",
        r"regex.replace('abc def', r'(abc)', r'\\1') == r'\1 def'",
        "regex.extract('hello world', 'hello(.*)') == optional.of(' world')",
        r"regex.extract('The color is red', r'The color is \w+') == optional.of('The color is red')",
        "regex.extract('HELLO', 'hello') == optional.none() && regex.extract('4122345432', '22').orValue('777') == '22'",
        r"regex.extractAll('id:123, id:456', 'assa') == [] && regex.extractAll('id:1, id:4', r'id:\d+') == ['id:1', 'id:4']",
        "regex.extractAll('val=a, val=, val=c', 'val=([^,]*)') == ['a', 'c'] && regex.extractAll('banananana', '(ana)') == ['ana', 'ana']",
        r"regex.extractAll('a b c', r'(\S*)\s*') == ['a', 'b', 'c']",
    ]);
    all_fail(&[
        "regex.replace('abc', '^', 1)",
        "regex.replace('abc', '^', '1', '')",
        "regex.extract('foo bar', 1)",
        "regex.extractAll()",
        "regex.extract('foo bar', '(')",
        r"regex.replace('id=123', r'id=(?P<value>\d+)', r'value: \values')",
        r"regex.replace('test', '(.)', r'\2')",
        r"regex.replace('id=123', r'id=(\d+)', r'value: \')",
        r"regex.extract('phone: 415-5551212', r'phone: ((\d{3})-)?')",
        "regex.extractAll('testuser@testdomain', '(.*)@([^.]*)')",
    ]);
}

#[test]
fn an_older_release_does_not_declare_what_came_later() {
    use rampart_model::kubernetes_version::KubernetesVersion;
    let cases = [
        (28, "optional.none().hasValue()"),
        (28, "{'a': 1}.?a.orValue(2)"),
        (28, "[1][?0].optMap(x, x)"),
        (28, "[?optional.of(1)]"),
        (28, "quantity('1').add(1)"),
        (29, "sets.contains([1], [1])"),
        (29, "'%d'.format([1])"),
        (30, "ip('127.0.0.1').isLoopback()"),
        (30, "cidr('10.0.0.0/8').containsIP('10.0.0.1')"),
        (31, "format.uri()"),
        (31, "format.named('uri')"),
        (32, "[1].exists(i, v, v == 1)"),
        (32, "{'a': 1}.transformMap(k, v, v)"),
        (33, "semver('1.2.3')"),
        (33, "isSemver('1', true)"),
        (34, "[2, 1].sort()"),
        (34, "lists.range(2)"),
        (34, "[1].sortBy(x, x)"),
        (37, "[1].includes(1)"),
        (0, "url('/a').getHost() + 'a'.replace('a', 'b') + 'ab'.find('b')"),
        (0, "[1, 2].isSorted() && [1].indexOf(1) == 0"),
    ];
    for (since, text) in cases {
        let at = |minor| {
            let kubernetes = KubernetesVersion::minor(minor);
            Program::compile(text, &Environment { kubernetes, ..Environment::default() })
        };
        assert!(at(since).is_ok(), "{text} at 1.{since}: {:?}", at(since).err());
        assert!(Program::compile(text, &Environment::default()).is_ok(), "{text} at the latest");
        if since > 0 {
            assert!(at(since - 1).is_err(), "{text} before 1.{since}");
        }
    }
}

#[test]
fn errors_name_the_quantity_in_plain_digits() {
    let program = Program::compile("quantity('1.50').asInteger()", &Environment::default());
    let value = program.map(|program| program.run(Vec::new(), DEFAULT_COST).value);
    assert!(matches!(value, Ok(Err(Error::Invalid(message))) if message.contains(" 1.5 ")));
}
