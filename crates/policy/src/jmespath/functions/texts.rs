//! Standard functions of text.

use super::super::Mode;
use super::super::eval::Machine;
use super::super::value::{Error, Outcome, Val, Writer};
use super::Args;

pub(super) fn starts_with<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    machine.pay_text(args.text(1)?.len())?;
    Ok(Val::Bool(args.text(0)?.starts_with(&**args.text(1)?)))
}

pub(super) fn ends_with<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    machine.pay_text(args.text(1)?.len())?;
    Ok(Val::Bool(args.text(0)?.ends_with(&**args.text(1)?)))
}

pub(super) fn join<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let glue = args.text(0)?;
    let mut joined = String::new();
    for (position, item) in args.list(1)?.iter().enumerate() {
        let Val::Text(item) = item else { return Err(args.not(1, "array of strings")) };
        if joined.len() + glue.len() + item.len() > machine.room() {
            return Err(Error::Limit("output"));
        }
        machine.pay_text(glue.len() + item.len())?;
        if position > 0 {
            joined.push_str(glue);
        }
        joined.push_str(&item);
    }
    Ok(Val::text(joined))
}

/// Text stays as it is, all else becomes JSON.
pub(super) fn to_string<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let value = args.value(0)?;
    if let Val::Text(_) = value {
        return Ok(value.clone());
    }
    let escapes_html = machine.mode == Mode::Kyverno;
    let mut writer = Writer { text: String::new(), room: machine.room(), escapes_html };
    writer.value(value)?;
    machine.pay_text(writer.text.len())?;
    Ok(Val::text(writer.text))
}

pub(super) fn type_of<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    Ok(Val::text(args.value(0)?.type_name()))
}
