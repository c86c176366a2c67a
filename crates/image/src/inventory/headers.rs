//! Stanzas of `Field: value` lines, as Debian and Python's packages have them.

/// The fields of one stanza that were asked for.
pub(super) struct Stanza<'t, const N: usize> {
    /// The line that it begins on, from 1.
    pub(super) line: usize,
    pub(super) values: [Option<&'t str>; N],
    /// The first line that is no field.
    pub(super) odd: Option<usize>,
}

impl<const N: usize> Stanza<'_, N> {
    fn is_empty(&self) -> bool {
        self.odd.is_none() && self.values.iter().all(Option::is_none)
    }
}

/// Reads the first values of `wanted` fields, whose case does not count; lines of continuation are left out.
pub(super) fn stanzas<'t, const N: usize>(
    text: &'t str,
    wanted: [&'static str; N],
) -> impl Iterator<Item = Stanza<'t, N>> {
    let mut lines = text.lines().enumerate();
    std::iter::from_fn(move || {
        let mut stanza = Stanza { line: 0, values: [None; N], odd: None };
        loop {
            let Some((at, line)) = lines.next() else {
                return (stanza.line > 0).then_some(stanza);
            };
            if line.trim().is_empty() {
                if stanza.line > 0 {
                    return Some(stanza);
                }
                continue;
            }
            if stanza.line == 0 {
                stanza.line = at + 1;
            }
            if line.starts_with([' ', '\t']) {
                continue;
            }
            match line.split_once(':') {
                Some((field, value)) => {
                    let slots = wanted.iter().zip(&mut stanza.values);
                    for (_, slot) in slots.filter(|(name, _)| name.eq_ignore_ascii_case(field.trim_end())) {
                        slot.get_or_insert(value.trim());
                    }
                }
                None => stanza.odd = stanza.odd.or(Some(at + 1)),
            }
        }
    })
    .filter(|stanza| !stanza.is_empty())
}
