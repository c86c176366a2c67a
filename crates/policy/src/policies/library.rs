//! Kyverno's CEL functions. Whatever they look up comes from the world that is given; none of them calls anything.

mod images;
mod lookups;
mod texts;

use rampart_cel::host::Purse;
use rampart_cel::value::{Outcome, overload};
use rampart_cel::{Error, Form, HostFunction, Val};

use super::super::expression::Run;

type Table = &'static [(&'static str, Form, Option<usize>, Function)];

/// A function of the library.
type Function = for<'d, 'r, 'c> fn(&'c Run<'r, 'd>, &'c str, &'c [Val<'d>], &'c mut Purse<'_>) -> Outcome<'d>;

const TABLES: [Table; 3] = [images::TABLE, lookups::TABLE, texts::TABLE];

/// The declarations of all functions; their position is their id.
pub fn functions() -> Vec<HostFunction> {
    let all = TABLES.iter().flat_map(|table| table.iter());
    let declared = all.zip(0u32..).map(|((name, form, arguments, _), id)| HostFunction {
        name,
        form: *form,
        arguments: *arguments,
        id,
    });
    declared.collect()
}

/// Calls a function by its id.
pub fn call<'d>(run: &Run<'_, 'd>, function: &HostFunction, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let mut all = TABLES.iter().flat_map(|table| table.iter());
    let found = usize::try_from(function.id).ok().and_then(|id| all.nth(id));
    match found {
        Some((name, _, _, function)) => function(run, name, args, purse),
        None => no(function.name, args),
    }
}

fn no<'d>(name: &str, args: &[Val<'d>]) -> Outcome<'d> {
    Err(overload(name, args))
}

fn invalid<'d>(message: impl Into<String>) -> Outcome<'d> {
    Err(Error::Invalid(message.into()))
}
