//! The walk over the tree that gives each expression its type.

use super::signatures::Signature;
use super::types::Type;
use super::unify::{Substitutions, most_general};
use super::{Checked, Declarations, Issue};
use crate::ast::{BinaryOperator, Expr, ExprKind, Literal, MapEntry, UnaryOperator};
use crate::macros;

/// More issues than anybody reads.
const MOST: usize = 1_000;

pub(super) struct Checker<'d> {
    pub(super) declarations: &'d Declarations,
    /// Names that macros bind, innermost last.
    pub(super) local: Vec<(String, Type)>,
    pub(super) types: Substitutions,
    issues: Vec<Issue>,
    /// Whether lists may mix types here, as the arguments of `format` do.
    is_mixed: bool,
}

impl<'d> Checker<'d> {
    pub(super) fn new(declarations: &'d Declarations) -> Self {
        let is_mixed = !declarations.homogeneous;
        Self { declarations, local: Vec::new(), types: Substitutions::default(), issues: Vec::new(), is_mixed }
    }

    pub(super) fn check(mut self, expr: &Expr) -> Checked {
        let result = self.expression(expr);
        Checked { result: self.types.settled(&result, true), issues: self.issues }
    }

    pub(super) fn issue(&mut self, offset: u32, message: String) -> Type {
        if self.issues.len() < MOST {
            self.issues.push(Issue { offset, message });
        }
        Type::Error
    }

    /// The type of an expression as far as it is settled.
    pub(super) fn expression(&mut self, expr: &Expr) -> Type {
        let of = self.unsettled(expr);
        self.types.settled(&of, false)
    }

    fn unsettled(&mut self, expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Literal(literal) => literal_type(literal),
            ExprKind::Ident { .. } | ExprKind::Select { .. } => self.name_or_select(expr),
            ExprKind::Has { operand, field } => {
                let operand = self.expression(operand);
                self.field(expr.operator, &operand, field);
                Type::Bool
            }
            ExprKind::Index { operand, index, optional } => {
                let arguments = [self.expression(operand), self.expression(index)];
                self.call_operator(expr.operator, if *optional { "_[?_]" } else { "_[_]" }, &arguments)
            }
            ExprKind::Call { function, target, args } => self.call(expr, function, target.as_deref(), args),
            ExprKind::Unary { operator, operand } => {
                let operand = self.expression(operand);
                let name = match operator {
                    UnaryOperator::Not => "!_",
                    UnaryOperator::Negate => "-_",
                };
                self.call_operator(expr.operator, name, &[operand])
            }
            ExprKind::Binary { operator: BinaryOperator::Or | BinaryOperator::And, left, right } => {
                let (first, second) = (self.expression(left), self.expression(right));
                self.truth(left, &first);
                self.truth(right, &second);
                Type::Bool
            }
            ExprKind::Binary { operator, left, right } => {
                let arguments = [self.expression(left), self.expression(right)];
                self.call_operator(expr.operator, operator_name(*operator), &arguments)
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                let arguments = [self.expression(condition), self.expression(then), self.expression(otherwise)];
                self.call_operator(expr.operator, "_?_:_", &arguments)
            }
            ExprKind::List(elements) => {
                let mut joined = None;
                for (element, optional) in elements {
                    let of = self.entry(element, *optional);
                    joined = Some(self.join(element, joined, of));
                }
                Type::list(joined.unwrap_or_else(|| self.types.fresh()))
            }
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Struct { name, fields } => self.literal(expr, name, fields),
            ExprKind::Fold(fold) => self.fold(expr, fold),
            ExprKind::Bind { name, value, body } => {
                let value = self.expression(value);
                self.within([(name.clone(), value)], |checker| checker.expression(body))
            }
            ExprKind::Block { slots, body } => {
                let depth = self.local.len();
                for (position, slot) in slots.iter().enumerate() {
                    let of = self.expression(slot);
                    self.local.push((format!("@index:{position}"), of));
                }
                let result = self.expression(body);
                self.local.truncate(depth);
                result
            }
            ExprKind::OptMap { operand, name, body, flat } => self.opt_map(expr, operand, name, body, *flat),
        }
    }

    pub(super) fn within<T>(
        &mut self,
        names: impl IntoIterator<Item = (String, Type)>,
        check: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let depth = self.local.len();
        self.local.extend(names);
        let result = check(self);
        self.local.truncate(depth);
        result
    }

    /// Both sides of `&&` and `||` must be true or false.
    fn truth(&mut self, side: &Expr, of: &Type) {
        if !self.types.assign(&Type::Bool, of) {
            let of = self.types.settled(of, true);
            self.issue(side.operator, format!("expected type 'bool' but found '{of}'"));
        }
    }

    /// `a.b.c` may be a variable `a.b.c`, a field `c` of a variable `a.b`, a type, or fields of `a`.
    fn name_or_select(&mut self, expr: &Expr) -> Type {
        if let Some(of) = macros::dotted(expr).and_then(|path| self.resolve(&path)) {
            return of;
        }
        match &expr.kind {
            ExprKind::Select { operand, field, optional } => {
                let operand = self.expression(operand);
                let of = self.field(expr.operator, &operand, field);
                if *optional && of.unwrapped().is_none() { Type::optional(of) } else { of }
            }
            ExprKind::Ident { name, .. } => self.undeclared(expr.start, name),
            _ => Type::Error,
        }
    }

    fn undeclared(&mut self, offset: u32, name: &str) -> Type {
        let container = &self.declarations.container;
        let message = format!("undeclared reference to '{name}' (in container '{container}')");
        self.issue(offset, message)
    }

    /// The type of a field; of an optional operand it is optional too.
    fn field(&mut self, offset: u32, operand: &Type, field: &str) -> Type {
        if let Some(inside) = operand.unwrapped() {
            let inside = inside.clone();
            let of = self.field(offset, &inside, field);
            return if of.unwrapped().is_some() { of } else { Type::optional(of) };
        }
        match operand {
            Type::Map(_, value) => (**value).clone(),
            Type::Object(object) => match object.fields.get(field) {
                Some(of) => of.clone(),
                None => self.issue(offset, format!("undefined field '{field}'")),
            },
            Type::Var(_) => {
                self.types.assign(&Type::Dyn, operand);
                Type::Dyn
            }
            operand if operand.is_open() => Type::Dyn,
            operand => {
                let operand = self.types.settled(operand, true);
                self.issue(offset, format!("type '{operand}' does not support field selection"));
                Type::Dyn
            }
        }
    }

    fn call(&mut self, expr: &Expr, function: &str, target: Option<&Expr>, args: &[Expr]) -> Type {
        let is_mixed = self.is_mixed;
        self.is_mixed = is_mixed || function == "format";
        let mut arguments: Vec<Type> = args.iter().map(|argument| self.expression(argument)).collect();
        self.is_mixed = is_mixed;
        let Some(target) = target else {
            let name = function.trim_start_matches('.');
            return match self.function(function) {
                Some((name, signatures)) => self.overload(expr.operator, &name, &signatures, &arguments, false),
                None => self.undeclared(expr.operator, name),
            };
        };
        if let Some(path) = macros::dotted(target) {
            if path == "cel" && matches!(function, "index" | "iterVar") {
                let name = macros::indexed(function, args);
                return self.resolve(&name).unwrap_or(Type::Dyn);
            }
            if path == "math" && self.declarations.has_extensions && matches!(function, "greatest" | "least") {
                return self.extreme(expr, function, args, &arguments);
            }
            let full = format!("{path}.{function}");
            let is_value = self.resolve(&path).is_some_and(|of| !matches!(of, Type::Type(_)));
            if !is_value && let Some((name, signatures)) = self.function(&full) {
                return self.overload(expr.operator, &name, &signatures, &arguments, false);
            }
        }
        arguments.insert(0, self.expression(target));
        match self.function(function) {
            Some((name, signatures)) => self.overload(expr.operator, &name, &signatures, &arguments, true),
            None => self.undeclared(expr.operator, function),
        }
    }

    pub(super) fn call_operator(&mut self, offset: u32, name: &str, arguments: &[Type]) -> Type {
        match self.function(name) {
            Some((name, signatures)) => self.overload(offset, &name, &signatures, arguments, false),
            None => self.undeclared(offset, name),
        }
    }

    /// The call of a method without arguments.
    pub(super) fn call_method(&mut self, offset: u32, name: &str, target: &Type) -> Type {
        match self.function(name) {
            Some((name, signatures)) => self.overload(offset, &name, &signatures, std::slice::from_ref(target), true),
            None => self.undeclared(offset, name),
        }
    }

    /// The result of the signatures that take the arguments; `dyn` where several do, with other results.
    fn overload(
        &mut self,
        offset: u32,
        name: &str,
        signatures: &[&Signature],
        arguments: &[Type],
        is_method: bool,
    ) -> Type {
        let mut result: Option<Type> = None;
        for signature in signatures.iter().filter(|signature| signature.is_method == is_method) {
            if signature.arguments.len() != arguments.len() {
                continue;
            }
            let mut parameters = Vec::new();
            let wanted: Vec<Type> =
                signature.arguments.iter().map(|of| self.instantiate(of, &mut parameters)).collect();
            if !self.types.assign_all(arguments.iter().zip(&wanted)) {
                continue;
            }
            let of = self.instantiate(&signature.result, &mut parameters);
            let of = self.types.settled(&of, false);
            result = match result {
                None => Some(of),
                Some(known) if known == of => Some(known),
                Some(_) => Some(Type::Dyn),
            };
        }
        result.unwrap_or_else(|| {
            let mut names = arguments.iter().map(|of| self.types.settled(of, true).to_string());
            let target = if is_method { names.next().map(|target| format!("{target}.")) } else { None };
            let names: Vec<String> = names.collect();
            let applied = format!("{}({})", target.unwrap_or_default(), names.join(", "));
            self.issue(offset, format!("found no matching overload for '{name}' applied to '{applied}'"))
        })
    }

    /// A signature's type with unsettled types for its parameters.
    fn instantiate(&mut self, of: &Type, parameters: &mut Vec<(std::sync::Arc<str>, Type)>) -> Type {
        match of {
            Type::Param(name) => match parameters.iter().find(|(known, _)| known == name) {
                Some((_, variable)) => variable.clone(),
                None => {
                    let variable = self.types.fresh();
                    parameters.push((name.clone(), variable.clone()));
                    variable
                }
            },
            other => other.rebuilt(&mut |part| self.instantiate(part, parameters)),
        }
    }

    /// `math.greatest` takes any row of numbers, or a list of them.
    fn extreme(&mut self, expr: &Expr, function: &str, args: &[Expr], arguments: &[Type]) -> Type {
        let of = match (args, arguments) {
            ([Expr { kind: ExprKind::List(elements), .. }], _) if elements.is_empty() => None,
            ([_], [Type::List(element)]) => Some((**element).clone()),
            (_, [first, rest @ ..]) => Some(if rest.iter().all(|of| of == first) { first.clone() } else { Type::Dyn }),
            _ => None,
        };
        let is_number = |of: &Type| matches!(of, Type::Int | Type::UInt | Type::Double | Type::Var(_)) || of.is_open();
        let inside =
            |of: &Type| is_number(of) || matches!((of, arguments), (Type::List(element), [_]) if is_number(element));
        match of.filter(|of| is_number(of) && arguments.iter().all(inside)) {
            Some(of) => of,
            None => self.issue(expr.operator, format!("math.{function}() takes numbers, or a list of them")),
        }
    }

    /// An element, or what an optional element holds.
    fn entry(&mut self, element: &Expr, optional: bool) -> Type {
        let of = self.expression(element);
        match (optional, of.unwrapped()) {
            (false, _) => of,
            (true, Some(inside)) => inside.clone(),
            (true, None) if of.is_open() => Type::Dyn,
            (true, None) => {
                let of = self.types.settled(&of, true);
                self.issue(element.operator, format!("expected type 'optional_type({of})' but found '{of}'"))
            }
        }
    }

    fn join(&mut self, element: &Expr, joined: Option<Type>, of: Type) -> Type {
        let Some(joined) = joined else { return of };
        if self.types.assign(&joined, &of) {
            return self.types.settled(&most_general(&joined, &of), false);
        }
        if self.is_mixed {
            return Type::Dyn;
        }
        let (wanted, found) = (self.types.settled(&joined, true), self.types.settled(&of, true));
        self.issue(element.operator, format!("expected type '{wanted}' but found '{found}'"));
        joined
    }

    fn map(&mut self, entries: &[MapEntry]) -> Type {
        let (mut keys, mut values) = (None, None);
        for entry in entries {
            let key = self.expression(&entry.key);
            keys = Some(self.join(&entry.key, keys, key));
            let value = self.entry(&entry.value, entry.optional);
            values = Some(self.join(&entry.value, values, value));
        }
        // No other values are keys; a type that branches in keys and values could grow beyond all bounds.
        let key = match keys.unwrap_or_else(|| self.types.fresh()) {
            composite if !composite.parts().is_empty() => Type::Dyn,
            simple => simple,
        };
        Type::map(key, values.unwrap_or_else(|| self.types.fresh()))
    }

    fn literal(&mut self, expr: &Expr, name: &str, fields: &[(String, Expr, bool)]) -> Type {
        let of = self.structure(name).unwrap_or_else(|| self.undeclared(expr.operator, name));
        for (field, value, optional) in fields {
            let found = self.entry(value, *optional);
            let wanted = match &of {
                Type::Object(object) => match object.fields.get(field) {
                    Some(wanted) => wanted.clone(),
                    None => self.issue(value.start, format!("undefined field '{field}'")),
                },
                _ => Type::Dyn,
            };
            if !self.types.assign(&wanted, &found) {
                let found = self.types.settled(&found, true);
                self.issue(
                    value.start,
                    format!("expected type of field '{field}' is '{wanted}' but provided type is '{found}'"),
                );
            }
        }
        of
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::UInt(_) => Type::UInt,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}

fn operator_name(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "_||_",
        BinaryOperator::And => "_&&_",
        BinaryOperator::Equal => "_==_",
        BinaryOperator::NotEqual => "_!=_",
        BinaryOperator::Less => "_<_",
        BinaryOperator::LessOrEqual => "_<=_",
        BinaryOperator::Greater => "_>_",
        BinaryOperator::GreaterOrEqual => "_>=_",
        BinaryOperator::In => "@in",
        BinaryOperator::Add => "_+_",
        BinaryOperator::Subtract => "_-_",
        BinaryOperator::Multiply => "_*_",
        BinaryOperator::Divide => "_/_",
        BinaryOperator::Remainder => "_%_",
    }
}
