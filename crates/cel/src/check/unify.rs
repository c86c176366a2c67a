//! Which types go where: what an unsettled type may stand for, and what it then stands for.

use super::types::Type;

/// As deep as types are looked into; deeper ones count as `dyn`.
const DEEPEST: u32 = 400;

/// What the unsettled types of one expression stand for.
#[derive(Debug, Default)]
pub(super) struct Substitutions {
    bound: Vec<Option<Type>>,
    /// What was bound before, newest last, so that an attempt can be taken back.
    trail: Vec<(usize, Option<Type>)>,
}

impl Substitutions {
    pub(super) fn fresh(&mut self) -> Type {
        self.bound.push(None);
        Type::Var(self.bound.len() - 1)
    }

    fn find(&self, variable: usize) -> Option<&Type> {
        self.bound.get(variable).and_then(Option::as_ref)
    }

    fn bind(&mut self, variable: usize, to: Type) {
        if let Some(slot) = self.bound.get_mut(variable) {
            self.trail.push((variable, slot.replace(to)));
        }
    }

    /// A type with what is settled put in. What is not becomes `dyn` where `finally`.
    pub(super) fn settled(&self, of: &Type, finally: bool) -> Type {
        self.settle(of, finally, 0)
    }

    fn settle(&self, of: &Type, finally: bool, depth: u32) -> Type {
        if depth > DEEPEST {
            return Type::Dyn;
        }
        match of {
            Type::Var(variable) => match self.find(*variable) {
                Some(bound) => self.settle(bound, finally, depth + 1),
                None if finally => Type::Dyn,
                None => of.clone(),
            },
            other => other.rebuilt(&mut |part| self.settle(part, finally, depth + 1)),
        }
    }

    /// Whether values of the second types may stand where the first are wanted. What had to be bound stays bound then.
    pub(super) fn assign_all<'t>(&mut self, pairs: impl IntoIterator<Item = (&'t Type, &'t Type)>) -> bool {
        let mark = self.trail.len();
        let fits = pairs.into_iter().all(|(to, from)| self.fits(to, from, 0));
        if !fits {
            for (variable, before) in self.trail.drain(mark..).rev() {
                if let Some(slot) = self.bound.get_mut(variable) {
                    *slot = before;
                }
            }
        }
        fits
    }

    pub(super) fn assign(&mut self, to: &Type, from: &Type) -> bool {
        self.assign_all([(to, from)])
    }

    fn fits(&mut self, a: &Type, b: &Type, depth: u32) -> bool {
        if depth > DEEPEST {
            return false;
        }
        if let Type::Var(variable) = b {
            match self.stands_for(*variable, a, depth) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Type::Var(variable) = a {
            return self.stands_for(*variable, b, depth).0;
        }
        if a.is_open() || b.is_open() {
            return true;
        }
        match (a, b) {
            (Type::Null, other) | (other, Type::Null) => other.has_null(),
            // Types are compared when they run.
            (Type::Type(_), Type::Type(_)) => true,
            _ => a.is_like(b) && a.parts().into_iter().zip(b.parts()).all(|(a, b)| self.fits(a, b, depth + 1)),
        }
    }

    /// Whether a variable may stand for a type, and whether it stood for something already.
    fn stands_for(&mut self, variable: usize, wanted: &Type, depth: u32) -> (bool, bool) {
        if matches!(wanted, Type::Var(other) if *other == variable) {
            return (true, true);
        }
        let Some(known) = self.find(variable).cloned() else {
            let is_free = !self.mentions(wanted, variable, 0);
            if is_free {
                self.bind(variable, wanted.clone());
            }
            return (is_free, false);
        };
        if known == *wanted {
            return (true, true);
        }
        if !self.fits(wanted, &known, depth + 1) {
            return (false, true);
        }
        let general = most_general(wanted, &known);
        if !self.mentions(&general, variable, 0) {
            self.bind(variable, general);
        }
        (true, true)
    }

    fn mentions(&self, inside: &Type, variable: usize, depth: u32) -> bool {
        if depth > DEEPEST {
            return true;
        }
        match inside {
            Type::Var(other) if *other == variable => true,
            Type::Var(other) => self.find(*other).is_some_and(|bound| self.mentions(bound, variable, depth + 1)),
            other => other.parts().into_iter().any(|part| self.mentions(part, variable, depth + 1)),
        }
    }
}

/// Of two types that go together the one that more values have.
pub(super) fn most_general(a: &Type, b: &Type) -> Type {
    if is_as_general(a, b) { a.clone() } else { b.clone() }
}

fn is_as_general(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Dyn | Type::Error | Type::Var(_), _) => true,
        (_, Type::Dyn | Type::Error | Type::Var(_)) => false,
        // What may be null has more values than null alone.
        (_, Type::Null) => true,
        _ => a.is_like(b) && a.parts().into_iter().zip(b.parts()).all(|(a, b)| is_as_general(a, b)),
    }
}
