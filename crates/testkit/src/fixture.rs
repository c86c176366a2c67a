//! Rule fixtures: YAML files in which comments say what a rule must answer.
//!
//! A line `# case: pass`, `# case: fail` or `# case: unknown` begins a case, which goes on to the next such line; behind
//! the verdict may stand a comma-separated list in brackets: `(unseen: Secret)` for a kind that could not be listed,
//! `(version: 1.25)` for the release to judge by, `(live)` for objects of a cluster, `(now: 2026-01-01)`,
//! `(registries: a.example b.example)` for the allowed registries. A line that ends in `# finding: TEXT` must
//! carry a finding whose message contains TEXT, and no other line may. Two texts on a line are parted by `|`.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// `pass`, `fail` or `unknown`.
    pub verdict: String,
    /// The words in brackets, as (key, value); a flag has an empty value.
    pub options: Vec<(String, String)>,
    pub yaml: String,
    /// The line (from 1) in the fixture on which `yaml` begins.
    pub first_line: u32,
    /// Line in the fixture and text of each expected finding.
    pub expected: Vec<(u32, String)>,
}

/// Splits a fixture into its cases.
pub fn cases(fixture: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (line, number) in fixture.lines().zip(1u32..) {
        if let Some(head) = line.strip_prefix("# case: ") {
            let (verdict, rest) = head.split_once('(').unwrap_or((head, ""));
            let options = rest
                .trim_end_matches([')', ' '])
                .split(',')
                .map(str::trim)
                .filter(|option| !option.is_empty())
                .map(|option| option.split_once(':').unwrap_or((option, "")))
                .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
                .collect();
            cases.push(Case {
                verdict: verdict.trim().to_owned(),
                options,
                yaml: String::new(),
                first_line: number + 1,
                expected: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some((_, texts)) = line.split_once("# finding: ") {
            case.expected.extend(texts.split('|').map(|text| (number, text.trim().to_owned())));
        }
        case.yaml.push_str(line);
        case.yaml.push('\n');
    }
    cases
}
