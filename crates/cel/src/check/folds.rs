//! The types of macros, as those of the loops that they stand for.

use super::types::Type;
use super::walk::Checker;
use crate::ast::{Expr, Fold, FoldKind};

impl Checker<'_> {
    pub(super) fn fold(&mut self, expr: &Expr, fold: &Fold) -> Type {
        let range = self.expression(&fold.range);
        let (index, element) = self.elements(&fold.range, &range);
        let names = match &fold.second {
            Some(second) => vec![(fold.first.clone(), index.clone()), (second.clone(), element.clone())],
            // Of a map a single name is the key.
            None if matches!(range, Type::Map(..)) => vec![(fold.first.clone(), index.clone())],
            None => vec![(fold.first.clone(), element.clone())],
        };
        let single = names.first().map_or(Type::Dyn, |(_, of)| of.clone());
        let (filter, body) = self.within(names, |checker| {
            let filter = fold.filter.as_ref().map(|filter| checker.expression(filter));
            (filter, checker.expression(&fold.body))
        });
        match fold.kind {
            FoldKind::All | FoldKind::Exists => {
                if !self.types.assign(&Type::Bool, &body) {
                    let body = self.types.settled(&body, true);
                    self.issue(fold.body.operator, format!("expected type 'bool' but found '{body}'"));
                }
                Type::Bool
            }
            FoldKind::ExistsOne => {
                self.call_operator(expr.operator, "_?_:_", &[body, Type::Int, Type::Int]);
                Type::Bool
            }
            FoldKind::Filter => {
                let list = Type::list(single);
                self.call_operator(expr.operator, "_?_:_", &[body, list.clone(), list.clone()]);
                list
            }
            FoldKind::ToList => {
                let list = Type::list(body);
                self.filtered(expr, filter, &list);
                list
            }
            FoldKind::SortBy => {
                self.call_method(expr.operator, "sort", &Type::list(body));
                Type::list(single)
            }
            FoldKind::ToMap => {
                let map = Type::map(index, body);
                self.filtered(expr, filter, &map);
                map
            }
            FoldKind::ToMapEntry => {
                let (key, value) = (self.types.fresh(), self.types.fresh());
                let map = Type::map(key, value);
                if !self.types.assign(&map, &body) {
                    let body = self.types.settled(&body, true);
                    self.issue(
                        expr.operator,
                        format!("found no matching overload for 'cel.@mapInsert' applied to '(map(dyn, dyn), {body})'"),
                    );
                }
                self.filtered(expr, filter, &map);
                map
            }
        }
    }

    fn filtered(&mut self, expr: &Expr, filter: Option<Type>, made: &Type) {
        if let Some(filter) = filter {
            self.call_operator(expr.operator, "_?_:_", &[filter, made.clone(), made.clone()]);
        }
    }

    /// The types of the positions or keys, and of the elements or values, of what a macro runs over.
    fn elements(&mut self, place: &Expr, range: &Type) -> (Type, Type) {
        match range {
            Type::List(element) => (Type::Int, (**element).clone()),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            Type::Var(_) => {
                self.types.assign(&Type::Dyn, range);
                (Type::Dyn, Type::Dyn)
            }
            range if range.is_open() => (Type::Dyn, Type::Dyn),
            range => {
                let range = self.types.settled(range, true);
                let message = format!(
                    "expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)"
                );
                self.issue(place.operator, message);
                (Type::Error, Type::Error)
            }
        }
    }

    pub(super) fn opt_map(&mut self, expr: &Expr, operand: &Expr, name: &str, body: &Expr, flat: bool) -> Type {
        let operand = self.expression(operand);
        self.call_method(expr.operator, "hasValue", &operand);
        let inside = operand.unwrapped().cloned().unwrap_or(Type::Dyn);
        let body = self.within([(name.to_owned(), inside)], |checker| checker.expression(body));
        if !flat {
            return Type::optional(body);
        }
        let none = Type::optional(self.types.fresh());
        self.call_operator(expr.operator, "_?_:_", &[Type::Bool, body, none])
    }
}
