//! Each kind of complaint in the words of the API server, and the types of what is right.

use std::sync::Arc;

use rampart_model::source::SourceText;
use rampart_model::{Document, Limits};

use super::{Declarations, Type, check, of_schema, report};
use crate::parse;

fn pod() -> Type {
    let schema = r#"{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string"},
        "namespace":{"type":"string"},"labels":{"type":"object","additionalProperties":{"type":"string"}}}},
        "spec":{"$ref":"spec"},"any":{"x-kubernetes-preserve-unknown-fields":true,"type":"object"}}}"#;
    let spec = r##"{"type":"object","properties":{"replicas":{"type":"integer"},"port":{"x-kubernetes-int-or-string":true},
        "containers":{"type":"array","items":{"type":"object","properties":{"image":{"type":"string"},"self":{"$ref":"spec"}}}}}}"##;
    let read = |text: &str| Document::from_json(Arc::new(SourceText::new("schema", text)), &Limits::STANDARD).unwrap();
    let (schema, spec) = (read(schema), read(spec));
    of_schema(schema.root(), "Pod", &|reference| (reference == "spec").then(|| spec.root()))
}

fn declarations() -> Declarations {
    let mut declarations = Declarations::new([("object", pod()), ("params", Type::Dyn), ("x", Type::Int)]);
    declarations.open_structs.push("Object".to_owned());
    declarations.declare("resource.Get(string) map(string, dyn)").unwrap();
    declarations
}

fn issues(text: &str) -> Vec<String> {
    let checked = check(&parse(text).unwrap(), &declarations());
    checked.issues.iter().map(|issue| format!("{}: {}", issue.offset, issue.message)).collect()
}

fn type_of(text: &str) -> String {
    let checked = check(&parse(text).unwrap(), &declarations());
    assert_eq!(checked.issues, [], "{text}");
    checked.result.to_string()
}

#[test]
fn names_that_are_not_there_are_named() {
    assert_eq!(issues("y + 1"), ["0: undeclared reference to 'y' (in container '')"]);
    assert_eq!(issues("foo(1)"), ["3: undeclared reference to 'foo' (in container '')"]);
    assert_eq!(issues("'a'.foo(1)"), ["7: undeclared reference to 'foo' (in container '')"]);
    assert_eq!(
        issues("y.all(a, a == b)"),
        ["0: undeclared reference to 'y' (in container '')", "14: undeclared reference to 'b' (in container '')"]
    );
}

#[test]
fn arguments_that_do_not_fit_are_shown_with_their_types() {
    assert_eq!(issues("1 == 'a'"), ["2: found no matching overload for '_==_' applied to '(int, string)'"]);
    assert_eq!(issues("'a'.size(1)"), ["8: found no matching overload for 'size' applied to 'string.(int)'"]);
    assert_eq!(issues("[] + 1"), ["3: found no matching overload for '_+_' applied to '(list(dyn), int)'"]);
    assert_eq!(
        issues("true ? 1 : 'a'"),
        ["5: found no matching overload for '_?_:_' applied to '(bool, int, string)'"]
    );
    assert_eq!(issues("1 in ['a']"), ["2: found no matching overload for '@in' applied to '(int, list(string))'"]);
    assert_eq!(issues("true && 1"), ["8: expected type 'bool' but found 'int'"]);
    assert_eq!(issues("!x"), ["0: found no matching overload for '!_' applied to '(int)'"]);
    assert_eq!(issues("[1, 'a']"), ["4: expected type 'int' but found 'string'"]);
    assert_eq!(issues("'%d %s'.format([1, 'a']) == ''"), Vec::<String>::new());
}

#[test]
fn cross_type_numbers_are_ordered_but_not_equal() {
    assert_eq!(type_of("1 < 2.0 && 2u >= 1"), "bool");
    assert_eq!(issues("1 == 1.0"), ["2: found no matching overload for '_==_' applied to '(int, double)'"]);
}

#[test]
fn fields_come_from_the_schema() {
    assert_eq!(type_of("object.spec.replicas"), "int");
    assert_eq!(type_of("object.metadata.labels['a']"), "string");
    assert_eq!(type_of("object.metadata.namespace + object.metadata.__namespace__"), "string");
    assert_eq!(type_of("object.spec.containers.map(c, c.image)"), "list(string)");
    assert_eq!(type_of("object.any.what.ever"), "dyn");
    assert_eq!(type_of("object.spec.port == 'a' || object.spec.port == 1"), "bool");
    assert_eq!(type_of("object.spec.containers[0].self.replicas"), "dyn");
    assert_eq!(type_of("has(object.spec.replicas) && object.?spec.?replicas.orValue(1) > 0"), "bool");
    assert_eq!(type_of("object.?spec.containers[?0].?image"), "optional_type(string)");
    assert_eq!(issues("has(object.spec.foo)"), ["15: undefined field 'foo'"].map(|text| text.replace("15", "3")));
    assert_eq!(issues("object.spec.foo > 1"), ["11: undefined field 'foo'"]);
    assert_eq!(issues("object.metadata.name.first"), ["20: type 'string' does not support field selection"]);
    assert_eq!(issues("object.spec.replicas == 'a'").len(), 1);
    assert_eq!(issues("object == params || params.a.b == 1"), Vec::<String>::new());
}

#[test]
fn macros_have_the_types_of_their_loops() {
    assert_eq!(type_of("[1, 2].all(a, a > 0) && {'a': 1}.exists(k, k == 'a')"), "bool");
    assert_eq!(type_of("[1, 2].map(a, string(a))"), "list(string)");
    assert_eq!(type_of("[1, 2].filter(a, a > 1)"), "list(int)");
    assert_eq!(type_of("[1, 2].transformMap(i, v, v > 1, string(v))"), "map(int, string)");
    assert_eq!(type_of("{'a': 1}.transformMapEntry(k, v, {v: k})"), "map(int, string)");
    assert_eq!(type_of("{'a': 1}.transformList(k, v, v)"), "list(int)");
    assert_eq!(type_of("['b'].sortBy(a, size(a))"), "list(string)");
    assert_eq!(type_of("cel.bind(a, [1], a[0] + 1)"), "int");
    assert_eq!(type_of("optional.of(1).optMap(a, string(a))"), "optional_type(string)");
    assert_eq!(type_of("optional.of(1).optFlatMap(a, optional.of('x'))"), "optional_type(string)");
    assert_eq!(type_of("resource.Get('a').spec"), "dyn");
    assert_eq!(
        issues("1.all(a, true)"),
        ["0: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"]
    );
    assert_eq!(issues("[1].all(a, a)"), ["11: expected type 'bool' but found 'int'"]);
    assert_eq!(
        issues("[1].filter(a, a)"),
        ["10: found no matching overload for '_?_:_' applied to '(int, list(int), list(int))'"]
    );
    assert_eq!(issues("x.optMap(a, a)"), ["8: found no matching overload for 'hasValue' applied to 'int.()'"]);
}

#[test]
fn what_is_open_is_settled_by_what_surrounds_it() {
    assert_eq!(type_of("[[], [[]], [[[]]], [[[[]]]]]"), "list(list(list(list(list(dyn)))))");
    assert_eq!(type_of("[[[[[]]]], [], [[[]]]]"), "list(list(list(list(list(dyn)))))");
    assert_eq!(type_of("([].map(x, x))[0].foo"), "dyn");
    assert_eq!(type_of("[optional.none(), optional.of(1)]"), "list(optional_type(int))");
    assert_eq!(type_of("[optional.of(1), optional.of(dyn(1))]"), "list(optional_type(dyn))");
    assert_eq!(type_of("[optional.of(dyn(1)), optional.of(1)]"), "list(optional_type(dyn))");
    assert_eq!(type_of("true ? optional.of(dyn(1)) : optional.of(1)"), "optional_type(dyn)");
    assert_eq!(type_of("[optional.of(1), null][0]"), "optional_type(int)");
    assert_eq!(type_of("[] + [1] + []"), "list(int)");
    assert_eq!(type_of("{}"), "map(dyn, dyn)");
    assert_eq!(type_of("dyn([1])[0] + 1"), "int");
    assert_eq!(type_of("type(1)"), "type(int)");
    assert_eq!(type_of("[?optional.of(1), 2]"), "list(int)");
    assert_eq!(type_of("Object.spec{a: 1}"), "Object.spec");
    assert_eq!(type_of("math.greatest(1, 2) + math.least([1, 2])"), "int");
}

#[test]
fn a_value_of_a_wrong_type_is_said_as_the_api_server_says_it() {
    let checked = check(&parse("x + 1").unwrap(), &declarations());
    assert_eq!(checked.must_be(&[Type::Bool]), Some("must evaluate to bool".to_owned()));
    assert_eq!(checked.must_be(&[Type::String, Type::Null]), Some("must evaluate to one of [string null]".to_owned()));
    assert_eq!(checked.must_be(&[Type::Int]), None);
    let checked = check(&parse("params.a").unwrap(), &declarations());
    assert_eq!(checked.must_be(&[Type::Bool]), None);
}

#[test]
fn a_warning_reads_as_the_api_server_prints_it() {
    let text = "object.spec.replica > 1";
    let checked = check(&parse(text).unwrap(), &declarations());
    assert_eq!(
        report(text, &checked.issues),
        "ERROR: <input>:1:12: undefined field 'replica'\n | object.spec.replica > 1\n | ...........^"
    );
}

#[test]
fn an_older_release_has_fewer_functions() {
    let kubernetes = rampart_model::kubernetes_version::KubernetesVersion::minor(29);
    let declarations = Declarations { kubernetes, ..Declarations::default() };
    assert_eq!(check(&parse("isIP('1.2.3.4')").unwrap(), &declarations).issues.len(), 1);
}

#[test]
fn types_that_double_end() {
    let binds = "cel.bind(a, {[a]: a, a: [a]}, ".repeat(60);
    let text = format!("cel.bind(a, 1, {binds}a == a{}", ")".repeat(61));
    let declarations = Declarations { homogeneous: false, ..Declarations::default() };
    assert!(check(&parse(&text).unwrap(), &declarations).issues.len() < 1_000);
}

#[test]
fn an_environment_says_what_is_declared() {
    use crate::host::{Form, HostFunction, StructType};
    let function = |name, form, arguments| HostFunction { name, form, arguments, id: 0 };
    let environment = crate::Environment {
        functions: vec![
            function("resource.Get", Form::Global, None),
            function("registry", Form::Method, Some(0)),
            function("image", Form::Global, Some(1)),
        ],
        structs: vec![
            StructType { name: "JSONPatch", is_nested: false, fields: Some(&["op", "path"]) },
            StructType { name: "Object", is_nested: true, fields: None },
        ],
        is_lenient: true,
        has_extensions: false,
        ..crate::Environment::new(["object"])
    };
    let issues = |text: &str| {
        let checked = check(&parse(text).unwrap(), &Declarations::of(&environment));
        checked.issues.into_iter().map(|issue| issue.message).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(issues("resource.Get('v1', 'a', object.b).c == image('x').registry()"), none);
    assert_eq!(issues("[JSONPatch{op: 'add', path: 'x'}]"), none);
    assert_eq!(issues("Object{spec: Object.spec{replicas: 3}}"), none);
    assert_eq!(issues("[1].orValue([2]) == [1]"), none);
    assert_eq!(issues("JSONPatch{what: 'add'}"), ["undefined field 'what'"]);
    assert_eq!(issues("image('x', 'y')"), ["found no matching overload for 'image' applied to '(string, string)'"]);
    assert_eq!(issues("math.greatest(1, 2)").len(), 2);
}
