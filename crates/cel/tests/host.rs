//! What an embedder adds: functions, values of its own, variables that are worked out when they are named, struct literals.

#![expect(clippy::unwrap_used, reason = "a failing expression must stop the test")]

use std::cell::Cell;
use std::sync::Arc;

use rampart_cel::host::{Foreign, Purse};
use rampart_cel::value::{Opaque, Outcome};
use rampart_cel::{DEFAULT_COST, Environment, Error, Form, Host, HostFunction, Program, StructType, Val};

#[derive(Debug)]
struct Token(String);

impl Foreign for Token {
    fn type_name(&self) -> &'static str {
        "test.Token"
    }

    fn same(&self, other: &dyn Foreign) -> bool {
        other.as_type::<Token>().is_some_and(|other| other.0 == self.0)
    }
}

#[derive(Default)]
struct Counting {
    asked: Cell<u32>,
}

impl<'a> Host<'a> for Counting {
    fn call(&self, function: &HostFunction, args: &[Val<'a>], purse: &mut Purse<'_>) -> Outcome<'a> {
        match (function.id, args) {
            (0, [Val::Str(text)]) => Ok(Val::Opaque(Arc::new(Opaque::Host(Arc::new(Token(text.to_string())))))),
            (1, [Val::Opaque(value)]) => match &**value {
                Opaque::Host(value) => Ok(Val::text(value.as_type::<Token>().unwrap().0.clone())),
                _ => Err(Error::Invalid("no token".to_owned())),
            },
            (2, _) => purse.pay(1_000_000_000).map(|()| Val::Null),
            _ => Err(Error::Invalid("no such overload".to_owned())),
        }
    }

    fn variable(&self, slot: usize) -> Option<Outcome<'a>> {
        self.asked.set(self.asked.get() + 1);
        (slot == 0).then_some(Ok(Val::Int(7)))
    }
}

fn environment() -> Environment {
    let function = |name, form, arguments, id| HostFunction { name, form, arguments: Some(arguments), id };
    Environment {
        functions: vec![
            function("token.Get", Form::Global, 1, 0),
            function("text", Form::Method, 0, 1),
            function("burn", Form::Global, 0, 2),
        ],
        structs: vec![
            StructType { name: "Object", is_nested: true, fields: None },
            StructType { name: "JSONPatch", is_nested: false, fields: Some(&["op", "path", "from", "value"]) },
        ],
        ..Environment::new(["variables.seven", "other"])
    }
}

fn run(text: &str) -> Result<Val<'static>, String> {
    let program = Program::compile(text, &environment()).map_err(|error| error.to_string())?;
    let host = Counting::default();
    program.run_with(vec![None, None], DEFAULT_COST, Some(&host)).value.map_err(|error| error.to_string())
}

#[test]
fn functions_values_and_variables_of_an_embedder_are_found() {
    for text in [
        "token.Get('a').text() == 'a' && token.Get('a') == token.Get('a') && token.Get('a') != token.Get('b')",
        "variables.seven + 1 == 8 && has(variables.seven)",
        "type(token.Get('a')) != type('a')",
        "[1].exists(token, dyn('x') == 'x')",
    ] {
        assert!(matches!(run(text), Ok(Val::Bool(true))), "{text}: {:?}", run(text));
    }
    assert!(run("other").unwrap_err().contains("no value"));
    assert!(run("burn()").unwrap_err().contains("cost"));
    assert!(run("token.Get('a', 'b')").unwrap_err().contains("undeclared"));
}

#[test]
fn a_variable_is_worked_out_once_in_a_run() {
    let program = Program::compile("[1, 2, 3].all(x, x < variables.seven)", &environment()).unwrap();
    let host = Counting::default();
    assert!(matches!(program.run_with(vec![None, None], DEFAULT_COST, Some(&host)).value, Ok(Val::Bool(true))));
    assert_eq!(host.asked.get(), 1);
}

fn field<'a>(value: &Val<'a>, name: &str) -> Option<Val<'a>> {
    value.field(name).ok()
}

fn type_and_size(value: &Val<'_>) -> Option<(String, usize)> {
    match value {
        Val::Map(map) => Some((map.type_name()?.to_owned(), map.len())),
        _ => None,
    }
}

#[test]
fn struct_literals_are_maps_that_know_their_type() {
    let made = run("Object{spec: Object.spec{replicas: 3, ?none: optional.none()}}").unwrap();
    assert_eq!(type_and_size(&made), Some(("Object".to_owned(), 1)));
    assert_eq!(type_and_size(&field(&made, "spec").unwrap()), Some(("Object.spec".to_owned(), 1)));
    assert!(matches!(run("JSONPatch{op: 'add', path: '/a', value: 1}.op == 'add'"), Ok(Val::Bool(true))));
    assert!(run("JSONPatch{what: 1}").unwrap_err().contains("no field `what`"));
    assert!(run("Objection{}").unwrap_err().contains("unknown type"));
}

#[test]
fn a_lenient_environment_takes_what_is_no_optional_for_itself() {
    let lenient = Environment { is_lenient: true, ..Environment::default() };
    let value = |environment: &Environment| {
        let program = Program::compile("dyn('a').orValue('b') == 'a'", environment).unwrap();
        program.run(Vec::new(), DEFAULT_COST).value
    };
    assert!(matches!(value(&lenient), Ok(Val::Bool(true))));
    assert!(value(&Environment::default()).is_err());
}

#[test]
fn an_environment_without_extensions_has_the_functions_of_the_api_server_only() {
    let api_server = Environment { has_extensions: false, ..Environment::default() };
    assert!(Program::compile("math.greatest(1, 2) == 2", &api_server).is_err());
    assert!(Program::compile("math.greatest(1, 2) == 2 && sets.contains([1], [1])", &Environment::default()).is_ok());
}
