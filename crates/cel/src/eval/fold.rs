//! The macros over lists and maps.

use crate::ast::FoldKind;
use crate::plan::FoldNode;
use crate::value::{Error, Map, Outcome, Val, overload};

use super::{Machine, cost};

impl<'a> Machine<'_, 'a> {
    pub(super) fn fold(&mut self, fold: &FoldNode) -> Outcome<'a> {
        let range = self.run(&fold.range)?;
        match fold.kind {
            FoldKind::All => self.quantify(fold, &range, false),
            FoldKind::Exists => self.quantify(fold, &range, true),
            FoldKind::ExistsOne => self.exists_one(fold, &range),
            FoldKind::Filter => self.filter(fold, &range),
            FoldKind::ToList => self.transform_list(fold, &range),
            FoldKind::SortBy => self.sort_by(fold, &range),
            FoldKind::ToMap | FoldKind::ToMapEntry => self.transform_map(fold, &range),
        }
    }

    /// Calls `each` with the values that the fold's names stand for, until it says that it has seen enough.
    fn each(
        &mut self,
        fold: &FoldNode,
        range: &Val<'a>,
        mut each: impl FnMut(&mut Self, &[Val<'a>]) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        match range {
            Val::List(list) => {
                for (position, item) in (0i64..).zip(list.iter()) {
                    let names = if fold.two_names { vec![Val::Int(position), item] } else { vec![item] };
                    if !self.with(names, &mut each)? {
                        break;
                    }
                }
            }
            Val::Map(map) => {
                for (key, value) in map.entries() {
                    let names = if fold.two_names { vec![key, value] } else { vec![key] };
                    if !self.with(names, &mut each)? {
                        break;
                    }
                }
            }
            other => return Err(overload("comprehension", std::slice::from_ref(other))),
        }
        Ok(())
    }

    fn with(
        &mut self,
        names: Vec<Val<'a>>,
        each: &mut impl FnMut(&mut Self, &[Val<'a>]) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        self.pay(1)?;
        self.within(names.clone(), |machine| each(machine, &names))
    }

    /// `all` and `exists`: one deciding element settles it, whatever errors others give.
    fn quantify(&mut self, fold: &FoldNode, range: &Val<'a>, deciding: bool) -> Outcome<'a> {
        let mut decided = false;
        let mut failure = None;
        let mut rounds = 0usize;
        // Before each element the server looks whether the outcome is open, then joins what it has with the element's.
        let looks = if deciding { 3 } else { 2 };
        self.each(fold, range, |machine, _| {
            rounds += 1;
            machine.charge(looks + 1)?;
            match machine.truth(&fold.body) {
                Err(Error::CostExceeded) => return Err(Error::CostExceeded),
                Err(error) => failure = failure.take().or(Some(error)),
                Ok(value) => decided = value == deciding,
            }
            Ok(!decided)
        })?;
        let count = match range {
            Val::List(list) => list.len(),
            Val::Map(map) => map.len(),
            _ => 0,
        };
        self.charge(if rounds < count { looks + 1 } else { 1 })?;
        match (decided, failure) {
            (false, Some(error)) => Err(error),
            (decided, _) => Ok(Val::Bool(decided == deciding)),
        }
    }

    fn exists_one(&mut self, fold: &FoldNode, range: &Val<'a>) -> Outcome<'a> {
        let mut count = 0;
        self.each(fold, range, |machine, _| {
            if machine.truth(&fold.body)? {
                machine.charge(2)?;
                count += 1;
            }
            Ok(true)
        })?;
        self.charge(2)?;
        Ok(Val::Bool(count == 1))
    }

    fn filter(&mut self, fold: &FoldNode, range: &Val<'a>) -> Outcome<'a> {
        let mut kept = Vec::new();
        self.each(fold, range, |machine, names| {
            if machine.truth(&fold.body)? {
                machine.charge(cost::LIST + 3)?;
                machine.meter.elements(1)?;
                kept.extend(names.first().cloned());
            }
            Ok(true)
        })?;
        self.charge(cost::LIST + 1)?;
        Ok(Val::list(kept))
    }

    fn takes_part(&mut self, fold: &FoldNode) -> Result<bool, Error> {
        fold.filter.as_ref().map_or(Ok(true), |filter| self.truth(filter))
    }

    fn transform_list(&mut self, fold: &FoldNode, range: &Val<'a>) -> Outcome<'a> {
        let mut made = Vec::new();
        self.each(fold, range, |machine, _| {
            if machine.takes_part(fold)? {
                machine.charge(cost::LIST + 2)?;
                machine.meter.elements(1)?;
                made.push(machine.run(&fold.body)?);
            }
            Ok(true)
        })?;
        self.charge(cost::LIST + 1)?;
        Ok(Val::list(made))
    }

    /// The elements in the order of what the body makes of them.
    fn sort_by(&mut self, fold: &FoldNode, range: &Val<'a>) -> Outcome<'a> {
        let mut pairs = Vec::new();
        self.each(fold, range, |machine, names| {
            machine.charge(cost::LIST + 2)?;
            machine.meter.elements(2)?;
            let key = machine.run(&fold.body)?;
            pairs.extend(names.first().map(|item| (key, item.clone())));
            Ok(true)
        })?;
        self.charge(2 * cost::LIST + 4)?;
        crate::functions::sorted("sortBy", pairs, &mut self.meter).map(Val::list)
    }

    fn transform_map(&mut self, fold: &FoldNode, range: &Val<'a>) -> Outcome<'a> {
        let mut made = Vec::new();
        self.each(fold, range, |machine, names| {
            if !machine.takes_part(fold)? {
                return Ok(true);
            }
            machine.charge(if fold.kind == FoldKind::ToMap { 3 } else { 2 })?;
            let value = machine.run(&fold.body)?;
            match (fold.kind, value, names.first()) {
                (FoldKind::ToMapEntry, Val::Map(entries), _) => {
                    machine.meter.pay(entries.len() as u64)?;
                    machine.meter.make(entries.len().saturating_mul(super::ENTRY))?;
                    made.extend(entries.entries());
                }
                (FoldKind::ToMapEntry, other, _) => return Err(overload("transformMapEntry", &[other])),
                (_, value, Some(key)) => made.push((key.clone(), value)),
                (_, _, None) => {}
            }
            Ok(true)
        })?;
        self.charge(cost::MAP + 1)?;
        self.keys(&made)?;
        Map::of(made).map(Val::Map)
    }
}
