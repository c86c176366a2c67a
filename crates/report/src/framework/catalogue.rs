//! The frameworks that Rampart knows.

use std::sync::LazyLock;

use super::{Framework, read};

const FILES: [(&str, &str); 7] = [
    ("cis-kubernetes.yaml", include_str!("../../frameworks/cis-kubernetes.yaml")),
    ("pod-security-standards.yaml", include_str!("../../frameworks/pod-security-standards.yaml")),
    ("nsa-cisa.yaml", include_str!("../../frameworks/nsa-cisa.yaml")),
    ("nist-800-190.yaml", include_str!("../../frameworks/nist-800-190.yaml")),
    ("pci-dss.yaml", include_str!("../../frameworks/pci-dss.yaml")),
    ("soc-2.yaml", include_str!("../../frameworks/soc-2.yaml")),
    ("mitre-attack.yaml", include_str!("../../frameworks/mitre-attack.yaml")),
];

/// Those of this program, in the order in which they are shown. A test sees that each can be read.
pub fn builtin() -> &'static [Framework] {
    static BUILTIN: LazyLock<Vec<Framework>> =
        LazyLock::new(|| FILES.iter().filter_map(|(name, text)| read(name, text, &[]).ok()).collect());
    &BUILTIN
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rampart_model::{Document, Limits, SourceText};

    use super::*;

    #[test]
    fn every_framework_is_read_without_a_doubt() {
        for (name, text) in FILES {
            assert_eq!(read(name, text, &[]).map(|_| ()), Ok(()), "{name}");
        }
        assert_eq!(builtin().len(), FILES.len());
    }

    #[test]
    fn every_framework_fulfils_the_schema() {
        let schema = include_str!("../../../../docs/schema/rampart.framework-v1.schema.json");
        for (name, text) in FILES {
            let (documents, _) = Document::all_from_yaml(&Arc::new(SourceText::new(name, text)), &Limits::STANDARD);
            let value = documents[0].root().to_json();
            assert_eq!(crate::tests::schema::errors(schema, &value), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn what_is_not_assessable_says_why() {
        for framework in builtin() {
            for requirement in &framework.requirements {
                let answered = !requirement.rules.is_empty() || framework.standard.is_some();
                assert!(answered || requirement.note.is_some(), "{} {}", framework.id, requirement.id);
            }
        }
    }
}
