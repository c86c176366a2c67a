//! The known frameworks, or the requirements of one, for the terminal.

use rampart_model::Rule;

use super::Framework;
use crate::text::{pad, visible, width, wrap};

/// A line for each framework, or, where it is only one, a line for each requirement with how many rules answer it.
pub fn list(frameworks: &[&Framework], rules: &[&Rule], columns: usize) -> String {
    let [framework] = frameworks else {
        let wide = frameworks.iter().map(|framework| width(&framework.id)).max().unwrap_or(0);
        let line = |framework: &&Framework| {
            let answered = framework.requirements.iter().filter(|one| answers(framework, one, rules) > 0).count();
            format!(
                "{}  {} of {} requirements  {} {}\n",
                pad(&framework.id, wide),
                pad(&answered.to_string(), 3),
                pad(&framework.requirements.len().to_string(), 3),
                visible(&framework.title),
                visible(&framework.version)
            )
        };
        return frameworks.iter().map(line).collect();
    };
    let mut text = format!("{} {}\n", visible(&framework.title), visible(&framework.version));
    if !framework.source.is_empty() {
        wrap(&visible(&framework.source), columns).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let wide = framework.requirements.iter().map(|one| width(&visible(&one.id))).max().unwrap_or(0).min(24);
    for requirement in &framework.requirements {
        let count = match answers(framework, requirement, rules) {
            0 => "not assessable here".to_owned(),
            count => crate::text::count(count as u64, "rule"),
        };
        text.push_str(&format!("{}  {}: {count}\n", pad(&visible(&requirement.id), wide), visible(&requirement.title)));
        if let Some(note) = &requirement.note {
            let indent = " ".repeat(wide + 2);
            for line in wrap(&visible(note), columns.saturating_sub(wide + 2)) {
                text.push_str(&format!("{indent}{line}\n"));
            }
        }
    }
    text
}

fn answers(framework: &Framework, requirement: &super::Requirement, rules: &[&Rule]) -> usize {
    let maps_to = |rule: &Rule| rule.maps_to.iter().map(|mapping| (mapping.0.title(), mapping.1)).collect::<Vec<_>>();
    rules
        .iter()
        .filter(|rule| requirement.asks(framework.standard.as_deref(), rule.id, maps_to(rule).into_iter()))
        .count()
}
