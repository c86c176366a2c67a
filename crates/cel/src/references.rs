//! What an expression uses: the variables and functions that it names, and where.

use crate::ast::{Expr, ExprKind};

/// A name that an expression uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// A variable's first name with the fields that follow it (`object.spec.containers`), or a function's name, with its
    /// namespace where names stand before it (`sets.contains`).
    pub name: String,
    /// Byte offset in the source.
    pub offset: u32,
}

/// All that an expression uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    pub variables: Vec<Reference>,
    /// Those without a target.
    pub functions: Vec<Reference>,
    pub methods: Vec<Reference>,
}

/// The variables and functions that an expression uses, in the order of the text. Names that macros bind are none.
pub fn references(expr: &Expr) -> References {
    let mut visitor = Visitor { bound: Vec::new(), found: References::default() };
    visitor.visit(expr);
    visitor.found
}

struct Visitor<'e> {
    bound: Vec<&'e str>,
    found: References,
}

impl<'e> Visitor<'e> {
    fn visit(&mut self, expr: &'e Expr) {
        if let Some((name, head)) = path(expr) {
            if !self.bound.contains(&head) {
                self.found.variables.push(Reference { name, offset: expr.start });
            }
            return;
        }
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Ident { .. } => {}
            ExprKind::Has { operand, field } => match path(operand) {
                Some((name, head)) if !self.bound.contains(&head) => {
                    self.found.variables.push(Reference { name: format!("{name}.{field}"), offset: operand.start });
                }
                _ => self.visit(operand),
            },
            ExprKind::Select { operand, .. } | ExprKind::Unary { operand, .. } => self.visit(operand),
            ExprKind::Index { operand: left, index: right, .. } | ExprKind::Binary { left, right, .. } => {
                self.visit(left);
                self.visit(right);
            }
            ExprKind::Call { function, target, args } => self.call(expr, function, target.as_deref(), args),
            ExprKind::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|part| self.visit(part));
            }
            ExprKind::List(elements) => elements.iter().for_each(|(element, _)| self.visit(element)),
            ExprKind::Map(entries) => {
                entries.iter().flat_map(|entry| [&entry.key, &entry.value]).for_each(|part| self.visit(part));
            }
            ExprKind::Struct { fields, .. } => fields.iter().for_each(|(_, value, _)| self.visit(value)),
            ExprKind::Fold(fold) => {
                self.visit(&fold.range);
                let names = std::iter::once(fold.first.as_str()).chain(fold.second.as_deref());
                self.within(names, fold.filter.iter().chain([&fold.body]));
            }
            ExprKind::Bind { name, value, body } | ExprKind::OptMap { name, operand: value, body, .. } => {
                self.visit(value);
                self.within([name.as_str()], [&**body]);
            }
            ExprKind::Block { slots, body } => slots.iter().chain([&**body]).for_each(|part| self.visit(part)),
        }
    }

    fn within(&mut self, names: impl IntoIterator<Item = &'e str>, parts: impl IntoIterator<Item = &'e Expr>) {
        let depth = self.bound.len();
        self.bound.extend(names);
        parts.into_iter().for_each(|part| self.visit(part));
        self.bound.truncate(depth);
    }

    fn call(&mut self, expr: &'e Expr, function: &str, target: Option<&'e Expr>, args: &'e [Expr]) {
        let namespace = target.and_then(path).map(|(name, _)| format!("{name}.{function}"));
        let global = match (&namespace, target) {
            (Some(full), _) => crate::functions::global(full).map(|_| full.clone()),
            (None, None) => Some(function.trim_start_matches('.').to_owned()),
            (None, Some(_)) => None,
        };
        match (global, target) {
            (Some(name), _) => self.found.functions.push(Reference { name, offset: expr.start }),
            (None, Some(target)) => {
                self.visit(target);
                self.found.methods.push(Reference { name: function.to_owned(), offset: expr.start });
            }
            (None, None) => {}
        }
        args.iter().for_each(|argument| self.visit(argument));
    }
}

/// A name and the fields behind it, with the name alone.
fn path(expr: &Expr) -> Option<(String, &str)> {
    match &expr.kind {
        ExprKind::Ident { name, .. } => Some((name.clone(), name)),
        ExprKind::Select { operand, field, .. } => path(operand).map(|(path, head)| (format!("{path}.{field}"), head)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Reference, references};
    use crate::parse;

    fn names(found: &[Reference]) -> Vec<(&str, u32)> {
        found.iter().map(|reference| (reference.name.as_str(), reference.offset)).collect()
    }

    #[test]
    fn variables_carry_their_fields_and_their_place() {
        let tree = parse("object.spec.containers.all(c, c.image in params.images) && has(oldObject.spec)").unwrap();
        let found = references(&tree);
        assert_eq!(
            names(&found.variables),
            [("object.spec.containers", 0), ("params.images", 41), ("oldObject.spec", 63)]
        );
    }

    #[test]
    fn functions_are_told_from_methods() {
        let found = references(&parse("sets.contains([size(a)], b.c.split(',')) || x.matches('y')").unwrap());
        assert_eq!(names(&found.functions), [("sets.contains", 0), ("size", 15)]);
        assert_eq!(names(&found.methods), [("split", 25), ("matches", 44)]);
        assert_eq!(names(&found.variables), [("a", 20), ("b.c", 25), ("x", 44)]);
    }

    #[test]
    fn names_that_macros_bind_are_no_variables() {
        let text = "cel.bind(a, b, a + [1].map(x, x + y)[0]) + [2].exists(i, v, i == v) + z.optMap(o, o).orValue(o)";
        let found = references(&parse(text).unwrap());
        let names: Vec<_> = found.variables.iter().map(|reference| reference.name.as_str()).collect();
        assert_eq!(names, ["b", "y", "z", "o"]);
    }
}
