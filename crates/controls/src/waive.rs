//! The one function that applies waivers: for the command line, admission, background scans and the UI alike.

pub(crate) mod rules;

use jiff::civil::Date;
use rampart_model::evaluation::Waived;
use rampart_model::waiver::SubjectSelector;
use rampart_model::{Finding, Waiver};

/// Findings after waivers.
#[derive(Debug, Default)]
pub struct Judged {
    /// Those that count, with a finding for each waiver that is expired or excuses nothing.
    pub open: Vec<Finding>,
    /// Those that a waiver in force excuses; they keep their true severity.
    pub waived: Vec<Waived>,
}

/// Applies `waivers` on the day `today`.
pub fn apply(findings: Vec<Finding>, waivers: &[Waiver], today: Date) -> Judged {
    if waivers.is_empty() {
        return Judged { open: findings, ..Judged::default() };
    }
    let mut judged = Judged { open: Vec::with_capacity(findings.len()), ..Judged::default() };
    let mut used = vec![false; waivers.len()];
    for finding in findings {
        let mut in_force = None;
        for (waiver, used) in waivers.iter().zip(&mut used).filter(|(waiver, _)| matches(waiver, &finding)) {
            *used = true;
            if waiver.expires >= today && in_force.is_none() {
                in_force = Some(waiver.clone());
            }
        }
        match in_force {
            Some(waiver) => judged.waived.push(Waived { finding, waiver }),
            None => judged.open.push(finding),
        }
    }
    for (waiver, used) in waivers.iter().zip(used) {
        judged.open.extend(rules::judge(waiver, used, today));
    }
    judged
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

/// `*` stands for any text, `?` for one character. Time is bounded by the product of both lengths.
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
    use super::*;
    use rampart_model::{Control, Severity, Subject};

    fn finding() -> Finding {
        Finding {
            rule: "pod-security/privileged",
            control: Control::PodSecurity,
            severity: Severity::Critical,
            subject: Subject { api_version: "v1".into(), kind: "Pod".into(), namespace: "a".into(), name: "p".into() },
            key: "app".into(),
            message: String::new(),
            evidence: Box::default(),
            remedies: Vec::new(),
            cause: None,
            due: None,
        }
    }

    fn waiver(rule: &str, expires: &str) -> Waiver {
        Waiver {
            rule: rule.into(),
            subject: SubjectSelector { namespace: Some("a".into()), ..SubjectSelector::default() },
            reason: "r".into(),
            owner: "o".into(),
            expires: expires.parse().unwrap(),
            origin: ".rampart.yaml:1:1".into(),
        }
    }

    fn judged(waivers: &[Waiver]) -> (Vec<&'static str>, usize) {
        let judged = apply(vec![finding()], waivers, "2026-06-01".parse().unwrap());
        (judged.open.iter().map(|finding| finding.rule).collect(), judged.waived.len())
    }

    #[test]
    fn a_waiver_in_force_excuses_on_its_last_day() {
        assert_eq!(judged(&[waiver("pod-security/*", "2026-06-01")]), (vec![], 1));
    }

    #[test]
    fn an_expired_waiver_excuses_nothing_and_is_a_finding() {
        assert_eq!(
            judged(&[waiver("pod-security/*", "2026-05-31")]),
            (vec!["pod-security/privileged", "waivers/expired"], 0)
        );
    }

    #[test]
    fn a_waiver_that_matches_nothing_is_a_finding() {
        assert_eq!(judged(&[waiver("rbac/*", "2026-07-01")]), (vec!["pod-security/privileged", "waivers/stale"], 0));
    }

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
