//! Text functions.

use rampart_model::base64;

use super::super::eval::Machine;
use super::super::functions::Args;
use super::super::value::{Error, Outcome, Val, integer};

fn changed<'a>(machine: &mut Machine, text: impl AsRef<str>) -> Outcome<'a> {
    machine.pay_text(text.as_ref().len())?;
    Ok(Val::text(text.as_ref()))
}

pub(super) fn compare<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let ordering = args.text(0)?.cmp(args.text(1)?);
    Ok(Val::Number(f64::from(ordering as i8)))
}

pub(super) fn equal_fold<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (one, other) = (args.text(0)?, args.text(1)?);
    machine.pay_text(one.len())?;
    let folded = |text: &str| text.to_uppercase().to_lowercase();
    Ok(Val::Bool(folded(one) == folded(other)))
}

pub(super) fn replace<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    // A negative number of times is as often as it occurs.
    let times = usize::try_from(integer(args.number(3)?.trunc()).unwrap_or(-1)).unwrap_or(usize::MAX);
    replaced(machine, args, times)
}

pub(super) fn replace_all<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    replaced(machine, args, usize::MAX)
}

fn replaced<'a>(machine: &mut Machine, args: &Args<'_, 'a>, times: usize) -> Outcome<'a> {
    let (text, old, new) = (args.text(0)?, args.text(1)?, args.text(2)?);
    machine.pay_text(text.len())?;
    let count = text.matches(&**old).take(times).count();
    if text.len().saturating_add(count.saturating_mul(new.len())) > machine.room() {
        return Err(Error::Limit("output"));
    }
    changed(machine, text.replacen(&**old, new, count))
}

pub(super) fn to_upper<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    changed(machine, args.text(0)?.to_uppercase())
}

pub(super) fn to_lower<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    changed(machine, args.text(0)?.to_lowercase())
}

/// Cuts any of the characters of the second text off both ends.
pub(super) fn trim<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (text, set) = (args.text(0)?, args.text(1)?);
    machine.pay(1 + (text.len() as u64).saturating_mul(set.len() as u64) / 16)?;
    changed(machine, text.trim_matches(|next| set.contains(next)))
}

pub(super) fn trim_prefix<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    changed(machine, text.strip_prefix(&**args.text(1)?).unwrap_or(text))
}

pub(super) fn trim_suffix<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    changed(machine, text.strip_suffix(&**args.text(1)?).unwrap_or(text))
}

pub(super) fn split<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (text, separator) = (args.text(0)?, args.text(1)?);
    machine.pay_text(text.len())?;
    let parts: Vec<Val<'a>> = match separator.is_empty() {
        true => text.chars().map(|next| Val::text(next.to_string())).collect(),
        false => text.split(&**separator).map(Val::text).collect(),
    };
    machine.pay(parts.len() as u64)?;
    Ok(Val::list(parts))
}

pub(super) fn truncate<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let (text, length) = (args.text(0)?, args.number(1)?);
    let length = integer(length.trunc()).map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let end = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
    changed(machine, text.get(..end).unwrap_or(text))
}

/// Lexically: no `.`, no `//`, `..` resolved as far as there is something to leave.
pub(super) fn path_canonicalize<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let path = args.text(0)?;
    if path.is_empty() {
        return Ok(Val::text(""));
    }
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => drop(parts.pop()),
            ("..", None) if is_absolute => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    changed(
        machine,
        match (is_absolute, joined.is_empty()) {
            (true, _) => format!("/{joined}"),
            (false, true) => ".".to_owned(),
            (false, false) => joined,
        },
    )
}

pub(super) fn to_boolean<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    let text = args.text(0)?;
    match text.as_bytes() {
        text if text.eq_ignore_ascii_case(b"true") => Ok(Val::Bool(true)),
        text if text.eq_ignore_ascii_case(b"false") => Ok(Val::Bool(false)),
        _ => args.failed(format!("`{}` is neither `true` nor `false`", &**text)),
    }
}

pub(super) fn base64_decode<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    match base64::decode(args.text(0)?) {
        Some(bytes) => changed(machine, String::from_utf8_lossy(&bytes)),
        // The text may be a secret, so it is not quoted.
        None => args.failed("the text is no base64"),
    }
}

pub(super) fn base64_encode<'a>(machine: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = args.text(0)?;
    let mut encoded = String::with_capacity(text.len() / 3 * 4 + 4);
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let symbol = ALPHABET.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            encoded.push(if at <= chunk.len() { char::from(symbol) } else { '=' });
        }
    }
    changed(machine, encoded)
}
