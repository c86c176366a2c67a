//! What a rule finds and what it leaves alone, out of its fixture: for `explain` and the documentation.

include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

/// The manifests of the first failing and the first passing case of a rule's fixture; empty where it has none.
pub fn of(rule: &str) -> (String, String) {
    let fixture = FIXTURES.iter().find(|(id, _)| *id == rule).map_or("", |(_, text)| text);
    (case(fixture, "fail"), case(fixture, "pass"))
}

/// The text behind `# case: VERDICT`, up to the next case.
fn case(fixture: &str, verdict: &str) -> String {
    let mut cases = fixture.split("# case: ").skip(1);
    let body = cases.find_map(|case| case.strip_prefix(verdict)?.split_once('\n')).map_or("", |(_, body)| body);
    body.trim_end().trim_end_matches("---").trim_end().replace("# finding: ", "# ← ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_rule_shows_its_first_failing_and_passing_case() {
        let (failing, passing) = super::of("rbac/wildcard-verb");
        assert!(failing.contains("# ← ") && failing.contains("kind: ClusterRole"), "{failing}");
        assert!(passing.contains("kind: Role") && !passing.contains("# case"), "{passing}");
    }
}
