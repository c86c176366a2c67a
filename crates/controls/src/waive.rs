//! The one function that applies waivers: for the command line, admission, background scans and the UI alike.

use rampart_model::evaluation::Waived;
use rampart_model::waiver::SubjectSelector;
use rampart_model::{Finding, Settings, Waiver};

/// Splits findings into those that count and those that a waiver in force excuses.
pub fn apply(findings: Vec<Finding>, settings: &Settings) -> (Vec<Finding>, Vec<Waived>) {
    let today = jiff::tz::Offset::UTC.to_datetime(settings.now).date();
    let (mut open, mut waived) = (Vec::new(), Vec::new());
    for finding in findings {
        match settings.waivers.iter().find(|waiver| waiver.expires >= today && matches(waiver, &finding)) {
            Some(waiver) => waived.push(Waived { finding, waiver: waiver.clone() }),
            None => open.push(finding),
        }
    }
    (open, waived)
}

/// True where the waiver speaks of this finding, expired or not.
pub fn matches(waiver: &Waiver, finding: &Finding) -> bool {
    let SubjectSelector { kind, namespace, name, key } = &waiver.subject;
    let fits = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|pattern| glob(pattern, text));
    glob(&waiver.rule, finding.rule)
        && fits(kind, &finding.subject.kind)
        && fits(namespace, &finding.subject.namespace)
        && fits(name, &finding.subject.name)
        && fits(key, &finding.key)
}

/// `*` stands for any text, `?` for one character. Linear in the text for each star.
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), text.get(t)) {
            (Some('*'), _) => {
                retry = Some((p, t));
                p += 1;
            }
            (Some(wanted), Some(found)) if *wanted == '?' || wanted == found => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    p = star + 1;
                    t = from + 1;
                    retry = Some((star, t));
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a?c", "abc", true),
            ("a*b*c", "axbxbxc", true),
            ("a*b", "abc", false),
            ("", "x", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
