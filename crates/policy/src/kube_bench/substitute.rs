//! Names such as `$apiserverbin` in a definition, replaced by what was found on the node, before it is parsed.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Substitutes {
    /// In the order in which they are replaced.
    pairs: Vec<(String, String)>,
}

impl Substitutes {
    pub(super) fn add(&mut self, component: &str, extension: &str, value: String) {
        if !value.is_empty() {
            self.pairs.push((format!("${component}{extension}"), value));
        }
    }

    /// What stands for a name, such as `$kubeletbin`.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.pairs {
            if text.contains(name.as_str()) {
                // Several words must stay one word of the script.
                let value = if value.split_whitespace().count() > 1 { format!("'{value}'") } else { value.clone() };
                text = text.replace(name.as_str(), &value);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Substitutes;

    #[test]
    fn programs_of_several_words_are_quoted() {
        let mut substitutes = Substitutes::default();
        substitutes.add("kubelet", "bin", "hyperkube kubelet".into());
        substitutes.add("kubelet", "conf", "/etc/k".into());
        let text = substitutes.apply("ps -fC $kubeletbin; cat $kubeletconf $proxyconf");
        assert_eq!(text, "ps -fC 'hyperkube kubelet'; cat /etc/k $proxyconf");
    }
}
