//! `--fail-on` and `--fail-below`: whether a run passes, and the sentence that says why.

use std::str::FromStr;

use rampart_model::{Evaluation, Finding, Severity, Verdict};
use rampart_report::baseline::Baseline;

use crate::exit::Exit;

/// Which findings fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailOn {
    pub severity: Severity,
    /// Only those that a machine can fix.
    pub fixable: bool,
    /// Only those that the baseline does not know.
    pub new: bool,
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split(',').map(str::trim);
        let severity = words.next().unwrap_or_default().parse()?;
        let mut gate = Self { severity, fixable: false, new: false };
        for word in words {
            match word {
                "fixable" => gate.fixable = true,
                "new" => gate.new = true,
                _ => return Err(format!("unknown condition `{word}`: use fixable or new")),
            }
        }
        Ok(gate)
    }
}

impl FailOn {
    fn counts(&self, finding: &Finding, known: Option<&Baseline>) -> bool {
        finding.severity >= self.severity
            && (!self.fixable || !finding.remedies.is_empty())
            && (!self.new || !known.is_some_and(|known| known.knows(finding)))
    }
}

/// What the user asked a run to hold to.
#[derive(Debug, Default)]
pub struct Gates<'g> {
    pub fail_on: Option<FailOn>,
    pub fail_below: Option<u8>,
    pub strict: bool,
    /// The findings known from before, where they were given.
    pub known: Option<&'g Baseline>,
}

/// The exit code and why.
pub fn judge(evaluation: &Evaluation, gates: &Gates<'_>) -> (Exit, String) {
    if evaluation.objects() == 0 {
        return (Exit::Nothing, "no Kubernetes object was found".to_owned());
    }
    if let Some(gate) = &gates.fail_on {
        let count = evaluation.findings.iter().filter(|finding| gate.counts(finding, gates.known)).count();
        if count > 0 {
            let kind = [("new ", gate.new), ("fixable ", gate.fixable)]
                .iter()
                .filter(|(_, on)| *on)
                .map(|(word, _)| *word)
                .collect::<String>();
            return (Exit::Gate, format!("{count} {kind}findings of severity {} or graver", gate.severity));
        }
    }
    if let (Some(least), Some(score)) = (gates.fail_below, evaluation.score())
        && score < least
    {
        return (Exit::Gate, format!("the score {score} is below {least}"));
    }
    let unknown = evaluation.controls.iter().filter(|summary| summary.verdict == Verdict::Unknown).count();
    if gates.strict && !evaluation.gaps.is_empty() {
        return (Exit::Incomplete, format!("{} gaps: not everything could be checked", evaluation.gaps.len()));
    }
    let gate = match (gates.fail_on.is_some(), gates.fail_below.is_some()) {
        (false, false) => "no gate was set",
        _ => "every gate held",
    };
    (Exit::Pass, format!("{gate}; {} findings, {unknown} controls unknown", evaluation.findings.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_read_with_their_conditions() {
        let gate: FailOn = "high,fixable,new".parse().unwrap();
        assert_eq!(gate, FailOn { severity: Severity::High, fixable: true, new: true });
        assert!("high,old".parse::<FailOn>().unwrap_err().contains("`old`"));
        assert!("worst".parse::<FailOn>().is_err());
    }
}
