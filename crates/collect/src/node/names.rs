//! Names of users or groups by their number, from `passwd` or `group`.

use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names(BTreeMap<u32, String>);

impl Names {
    /// `name:password:number:..`; of several names of a number the first counts.
    pub(super) fn read(text: &str) -> Self {
        let mut names = BTreeMap::new();
        for line in text.lines() {
            let mut fields = line.split(':');
            let (name, number) = (fields.next(), fields.nth(1).and_then(|number| number.parse().ok()));
            if let (Some(name), Some(number)) = (name, number) {
                names.entry(number).or_insert_with(|| name.to_owned());
            }
        }
        Self(names)
    }

    /// Number 0 has one name everywhere, also where the files are not there.
    pub(super) fn of(&self, number: u32) -> Option<String> {
        self.0.get(&number).cloned().or_else(|| (number == 0).then(|| "root".to_owned()))
    }
}
