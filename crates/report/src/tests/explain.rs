//! Pages about rules.

use super::*;
use crate::explain::{Examples, index, page};

#[test]
fn a_rule_is_explained_with_examples() {
    let examples = Examples {
        failing: "kind: ClusterRole\nrules:\n  - verbs: [\"*\"]\n",
        passing: "kind: ClusterRole\nrules:\n  - verbs: [get]\n",
    };
    for format in [Format::Terminal, Format::Markdown] {
        let text = page(sample::RULES[2], examples, format, &context().layout);
        insta::assert_snapshot!(format!("explain-{format}"), text);
    }
    assert!(!page(sample::RULES[0], Examples::default(), Format::Terminal, &context().layout).contains("Found in"));
}

#[test]
fn the_index_lists_every_rule_below_its_control() {
    insta::assert_snapshot!("explain-index", index(&sample::RULES));
}
