//! Globs against globs: does one allow all that another does, can both match the same name? `*` stands for any text,
//! `?` for one character.

use crate::scope::matches;

/// True where the list is empty, which stands for all, or a pattern matches.
pub fn any_matches(patterns: &[String], text: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, text))
}

/// True where `outer` surely matches all that `inner` matches.
pub fn covers(outer: &str, inner: &str) -> bool {
    related(&parts(outer), &parts(inner), Relation::Covers)
}

/// True where one of `outer` covers each of `inner`; an empty list stands for all.
pub fn all_covered(outer: &[String], inner: &[String]) -> bool {
    let is_covered = |inner: &str| outer.is_empty() || outer.iter().any(|outer| covers(outer, inner));
    if inner.is_empty() { is_covered("*") } else { inner.iter().all(|inner| is_covered(inner)) }
}

/// True where some text is matched by both.
pub fn overlap(one: &str, two: &str) -> bool {
    related(&parts(one), &parts(two), Relation::Overlaps)
}

/// True where a pattern of each list overlaps; an empty list stands for all.
pub fn any_overlap(one: &[String], two: &[String]) -> bool {
    one.is_empty() || two.is_empty() || one.iter().any(|one| two.iter().any(|two| overlap(one, two)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Exactly(char),
    One,
    Any,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Covers,
    Overlaps,
}

fn parts(pattern: &str) -> Vec<Part> {
    let part = |letter| match letter {
        '*' => Part::Any,
        '?' => Part::One,
        other => Part::Exactly(other),
    };
    pattern.chars().map(part).collect()
}

/// Walks both patterns from the end: `row[j]` says whether the rest of `one` relates to the rest of `two` from `j` on.
/// Time is bounded by the product of both lengths.
fn related(one: &[Part], two: &[Part], relation: Relation) -> bool {
    let width = two.len() + 1;
    let at = |row: &[bool], index: usize| row.get(index).copied().unwrap_or(false);
    let is_free = |part: Option<&Part>| part == Some(&Part::Any);
    // Nothing is left of `one`: only stars of `two` may follow, and only where both need not be equal.
    let mut below: Vec<bool> = vec![false; width];
    for index in (0..width).rev() {
        let rest = two.get(index);
        let stays_empty = rest.is_none() || relation == Relation::Overlaps && is_free(rest) && at(&below, index + 1);
        if let Some(cell) = below.get_mut(index) {
            *cell = stays_empty;
        }
    }
    for part in one.iter().rev() {
        let mut row = vec![false; width];
        for index in (0..width).rev() {
            let other = two.get(index);
            let holds = match (part, other) {
                // The star takes nothing, or one more part of the other side.
                (Part::Any, None) => at(&below, index),
                (Part::Any, Some(_)) => at(&below, index) || at(&row, index + 1),
                (_, None) => false,
                (_, Some(Part::Any)) => relation == Relation::Overlaps && (at(&row, index + 1) || at(&below, index)),
                (Part::One, Some(_)) => at(&below, index + 1),
                (Part::Exactly(_), Some(Part::One)) => relation == Relation::Overlaps && at(&below, index + 1),
                (Part::Exactly(wanted), Some(Part::Exactly(found))) => wanted == found && at(&below, index + 1),
            };
            if let Some(cell) = row.get_mut(index) {
                *cell = holds;
            }
        }
        below = row;
    }
    at(&below, 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{all_covered, covers, overlap};
    use crate::scope::matches;

    #[test]
    fn wider_globs_cover_narrower_ones() {
        assert!(covers("*", "prod-*") && covers("prod-*", "prod-eu") && covers("prod-*", "prod-eu-*"));
        assert!(!covers("prod-eu", "prod-*") && !covers("prod-?", "prod-*") && covers("prod-*", "prod-?"));
        assert!(all_covered(&[], &[]) && !all_covered(&["a".into()], &[]) && all_covered(&["*".into()], &[]));
    }

    #[test]
    fn globs_overlap_where_a_name_fits_both() {
        assert!(overlap("prod-*", "*-eu") && overlap("a?c", "ab*") && !overlap("prod-*", "test-*"));
        assert!(overlap("", "*") && !overlap("", "?") && overlap("*", "*"));
    }

    proptest! {
        #[test]
        fn covering_and_overlapping_agree_with_matching(one in "[ab*?]{0,5}", two in "[ab*?]{0,5}", text in "[ab]{0,5}") {
            let (first, second) = (matches(&one, &text), matches(&two, &text));
            if covers(&one, &two) && second {
                prop_assert!(first, "{one} covers {two} but not {text}");
            }
            if first && second {
                prop_assert!(overlap(&one, &two), "{one} and {two} both match {text}");
            }
        }

        #[test]
        fn what_overlaps_has_a_common_name(one in "[ab*?]{0,4}", two in "[ab*?]{0,4}") {
            if overlap(&one, &two) {
                let names = (0..=8u32).flat_map(|length| (0..1u32 << length).map(move |bits| {
                    (0..length).map(|bit| if bits >> bit & 1 == 1 { 'a' } else { 'b' }).collect::<String>()
                }));
                prop_assert!(names.into_iter().any(|name| matches(&one, &name) && matches(&two, &name)));
            }
        }
    }
}
