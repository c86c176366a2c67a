//! The macros: calls whose arguments are names and expressions, not values.

use crate::ast::{Expr, ExprKind, Fold, FoldKind};
use crate::parse::SyntaxError;

/// Turns a call of a macro into its node; any other call stays as it is.
pub(crate) fn expand(call: Expr) -> Result<Expr, SyntaxError> {
    let (start, end, operator) = (call.start, call.end, call.operator);
    let ExprKind::Call { function, target, args } = call.kind else { return Ok(call) };
    let count = args.len();
    let kind = match (function.as_str(), target) {
        ("has", None) if count == 1 => has(args)?,
        ("bind", Some(target)) if count == 3 && is_name(&target, "cel") => bind(args)?,
        ("block", Some(target)) if count == 2 && is_name(&target, "cel") => block(args)?,
        ("optMap" | "optFlatMap", Some(target)) if count == 2 => {
            let flat = function == "optFlatMap";
            let (name, body) = (name(args.first())?, args.into_iter().nth(1));
            match body {
                Some(body) => ExprKind::OptMap { operand: target, name, body: Box::new(body), flat },
                None => return Err(SyntaxError { offset: start, message: format!("`{function}` needs a body") }),
            }
        }
        (_, Some(target)) => match fold_kind(&function, count) {
            Some((kind, names, filtered)) => ExprKind::Fold(Box::new(fold(kind, names, filtered, *target, args)?)),
            None => ExprKind::Call { function, target: Some(target), args },
        },
        (_, None) => ExprKind::Call { function, target: None, args },
    };
    Ok(Expr::new(kind, start, end).at(operator))
}

/// The kind of a fold, how many names it binds, and whether a filter stands before its body.
fn fold_kind(function: &str, count: usize) -> Option<(FoldKind, usize, bool)> {
    Some(match (function, count) {
        ("all", 2 | 3) => (FoldKind::All, count - 1, false),
        ("exists", 2 | 3) => (FoldKind::Exists, count - 1, false),
        ("exists_one" | "existsOne", 2 | 3) => (FoldKind::ExistsOne, count - 1, false),
        ("filter", 2) => (FoldKind::Filter, 1, false),
        ("sortBy", 2) => (FoldKind::SortBy, 1, false),
        ("map", 2) => (FoldKind::ToList, 1, false),
        ("map", 3) => (FoldKind::ToList, 1, true),
        ("transformList", 3) => (FoldKind::ToList, 2, false),
        ("transformList", 4) => (FoldKind::ToList, 2, true),
        ("transformMap", 3) => (FoldKind::ToMap, 2, false),
        ("transformMap", 4) => (FoldKind::ToMap, 2, true),
        ("transformMapEntry", 3) => (FoldKind::ToMapEntry, 2, false),
        ("transformMapEntry", 4) => (FoldKind::ToMapEntry, 2, true),
        _ => return None,
    })
}

fn fold(kind: FoldKind, names: usize, filtered: bool, range: Expr, args: Vec<Expr>) -> Result<Fold, SyntaxError> {
    let mut args = args.into_iter();
    let place = range.start;
    let first = name(args.next().as_ref())?;
    let second = if names == 2 { Some(name(args.next().as_ref())?) } else { None };
    if second.as_ref() == Some(&first) {
        return Err(SyntaxError { offset: place, message: format!("`{first}` is named twice; use two names") });
    }
    let filter = if filtered { args.next() } else { None };
    let body = args.next().ok_or_else(|| SyntaxError { offset: place, message: "the macro has no body".to_owned() })?;
    Ok(Fold { kind, range, first, second, filter, body })
}

fn has(args: Vec<Expr>) -> Result<ExprKind, SyntaxError> {
    let argument = args.into_iter().next();
    let offset = argument.as_ref().map_or(0, |argument| argument.start);
    match argument.map(|argument| argument.kind) {
        Some(ExprKind::Select { operand, field, optional: false }) => Ok(ExprKind::Has { operand, field }),
        _ => Err(SyntaxError { offset, message: "`has` takes a field, such as `has(object.spec)`".to_owned() }),
    }
}

fn bind(args: Vec<Expr>) -> Result<ExprKind, SyntaxError> {
    let mut args = args.into_iter();
    let name = name(args.next().as_ref())?;
    match (args.next(), args.next()) {
        (Some(value), Some(body)) => Ok(ExprKind::Bind { name, value: Box::new(value), body: Box::new(body) }),
        _ => Err(SyntaxError { offset: 0, message: "`cel.bind` takes a name, a value and a body".to_owned() }),
    }
}

fn block(args: Vec<Expr>) -> Result<ExprKind, SyntaxError> {
    let mut args = args.into_iter();
    match (args.next().map(|slots| slots.kind), args.next()) {
        (Some(ExprKind::List(slots)), Some(body)) => {
            Ok(ExprKind::Block { slots: slots.into_iter().map(|(slot, _)| slot).collect(), body: Box::new(body) })
        }
        _ => Err(SyntaxError { offset: 0, message: "`cel.block` takes a list and a body".to_owned() }),
    }
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Ident { name, .. } if name == wanted)
}

/// A name that a macro binds. `cel.iterVar(n, m)` stands for one in tests of optimised expressions.
fn name(argument: Option<&Expr>) -> Result<String, SyntaxError> {
    let offset = argument.map_or(0, |argument| argument.start);
    match argument.map(|argument| &argument.kind) {
        Some(ExprKind::Ident { name, absolute: false }) => Ok(name.clone()),
        Some(ExprKind::Call { function, target: Some(target), args })
            if function == "iterVar" && is_name(target, "cel") =>
        {
            Ok(indexed("iterVar", args))
        }
        _ => Err(SyntaxError { offset, message: "a macro takes a simple name here".to_owned() }),
    }
}

/// The name of a slot or variable that is given by numbers.
pub(crate) fn indexed(what: &str, args: &[Expr]) -> String {
    let mut name = format!("@{what}");
    for argument in args {
        if let ExprKind::Literal(crate::ast::Literal::Int(number)) = argument.kind {
            name.push_str(&format!(":{number}"));
        }
    }
    name
}

/// `a.b.c` as text, where the expression is nothing but names and dots.
pub(crate) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident { name, absolute } => Some(if *absolute { format!(".{name}") } else { name.clone() }),
        ExprKind::Select { operand, field, optional: false } => Some(format!("{}.{field}", dotted(operand)?)),
        _ => None,
    }
}
