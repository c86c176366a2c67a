//! What must hold of any bytes; the fuzz targets and the plain tests share it.

use rampart_cel::check::{Declarations, Type, check, report};
use rampart_cel::{Environment, Program, Val, parse, references};

/// A small limit: an input that is slow within it is a finding.
const LIMIT: u64 = 20_000;

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| text.len() < 4_096)
}

/// Parsing ends with a tree whose places lie in the text, or with a place in it.
pub(crate) fn cel_parse(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    match parse(text) {
        Ok(tree) => {
            assert!(tree.start <= tree.end && tree.end <= length && tree.operator <= length);
            let _ = references(&tree);
        }
        Err(error) => assert!(error.offset <= length),
    }
}

/// Checking ends, its places lie in the text, and its report can be printed.
pub(crate) fn cel_check(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Ok(tree) = parse(text) else { return };
    for homogeneous in [false, true] {
        let mut declarations =
            Declarations::new([("object", Type::Dyn), ("x", Type::Int), ("l", Type::list(Type::String))]);
        declarations.homogeneous = homogeneous;
        let checked = check(&tree, &declarations);
        assert!(checked.issues.iter().all(|issue| usize::try_from(issue.offset).is_ok_and(|at| at <= text.len())));
        let _ = report(text, &checked.issues);
        let _ = checked.result.to_string();
    }
}

/// What compiles runs to an end within its limit, and twice to the same end.
pub(crate) fn cel_run(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let environment = Environment { unchecked: true, ..Environment::new(["object", "x", "l"]) };
    let Ok(program) = Program::compile(text, &environment) else { return };
    let run = || {
        let list = Val::list(vec![Val::text("a"), Val::text("b")]);
        program.run(vec![Some(Val::Null), Some(Val::Int(3)), Some(list)], LIMIT)
    };
    let (first, second) = (run(), run());
    assert_eq!(first.cost, second.cost);
    assert_eq!(first.value.is_ok(), second.value.is_ok());
}
