//! The parts of a version, in every spelling that PEP 440 normalises.

use super::super::number;

/// Spellings of the pre-release phases with their order; longer ones come first.
const PHASES: [(&str, u8); 8] =
    [("preview", 3), ("alpha", 1), ("beta", 2), ("pre", 3), ("rc", 3), ("a", 1), ("b", 2), ("c", 3)];
const POSTS: [(&str, u8); 3] = [("post", 1), ("rev", 1), ("r", 1)];
const DEVS: [(&str, u8); 1] = [("dev", 1)];

/// Numbers are runs of digits; an empty run is zero.
pub(crate) struct Version<'v> {
    pub(crate) epoch: &'v str,
    pub(crate) release: &'v str,
    pub(crate) pre: Option<(u8, &'v str)>,
    pub(crate) post: Option<&'v str>,
    pub(crate) dev: Option<&'v str>,
    pub(crate) local: Option<&'v str>,
}

impl<'v> Version<'v> {
    pub(crate) fn of(text: &'v str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, local) = match text.split_once('+') {
            Some((text, local)) if is_local(local) => (text, Some(local)),
            Some(_) => return None,
            None => (text, None),
        };
        let (epoch, text) = match text.split_once('!') {
            Some((epoch, text)) if number::is_number(epoch) => (epoch, text),
            Some(_) => return None,
            None => ("", text),
        };
        let (release, mut rest) = release(text)?;
        let mut take = |words| {
            let (found, behind) = phase(rest, words)?;
            rest = behind;
            Some(found)
        };
        let pre = take(&PHASES);
        let post = take(&POSTS).map(|(_, digits)| digits);
        let (post, rest) = match (post, rest.strip_prefix('-').map(number::digits)) {
            (None, Some((digits, behind))) if !digits.is_empty() => (Some(digits), behind),
            _ => (post, rest),
        };
        let (dev, rest) = phase(rest, &DEVS).map_or((None, rest), |((_, digits), behind)| (Some(digits), behind));
        rest.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }
}

fn is_local(text: &str) -> bool {
    text.split(['.', '-', '_']).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Digits between dots; a dot that no digit follows belongs to what comes behind.
fn release(text: &str) -> Option<(&str, &str)> {
    let (numbers, _) = number::cut(text, |c| c.is_ascii_digit() || c == '.');
    let numbers = numbers.trim_end_matches('.');
    numbers.split('.').all(number::is_number).then(|| text.split_at_checked(numbers.len()))?
}

/// An optional separator, one of `words`, an optional separator before digits.
fn phase<'v>(text: &'v str, words: &[(&str, u8)]) -> Option<((u8, &'v str), &'v str)> {
    let separators = ['-', '_', '.'];
    let text = text.strip_prefix(separators).unwrap_or(text);
    let (kind, rest) = words.iter().find_map(|(word, kind)| {
        let (start, rest) = text.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word).then_some((*kind, rest))
    })?;
    let (digits, behind) = number::digits(rest.strip_prefix(separators).unwrap_or(rest));
    if digits.is_empty() { Some(((kind, ""), rest)) } else { Some(((kind, digits), behind)) }
}
