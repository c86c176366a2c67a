//! What a reader has found so far, within bounds: hostile files must cost neither memory nor a reader's terminal.

use super::{Doubt, Found, Package};

const MOST_PACKAGES: usize = 200_000;
const MOST_DOUBTS: usize = 1_000;
const LONGEST_NAME: usize = 1_024;

#[derive(Default)]
pub(super) struct Basket {
    packages: Vec<Package>,
    doubts: Vec<Doubt>,
}

impl Basket {
    pub(super) fn add(&mut self, package: Package) {
        let line = package.line;
        for (what, text) in [("name", &package.name), ("version", &package.version)] {
            if text.is_empty() {
                return self.doubt(line, format!("a package without {what}"));
            }
            if text.len() > LONGEST_NAME {
                return self.doubt(line, format!("a package with a {what} of {} bytes", text.len()));
            }
            if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
                return self.doubt(line, format!("a package whose {what} has white space or control characters"));
            }
        }
        match self.packages.len() {
            MOST_PACKAGES => self.doubt(line, format!("more than {MOST_PACKAGES} packages: the rest is left out")),
            _ => self.packages.push(package),
        }
    }

    pub(super) fn doubt(&mut self, line: usize, message: impl Into<String>) {
        let message = match self.doubts.len() {
            MOST_DOUBTS.. => return,
            last if last + 1 == MOST_DOUBTS => "more doubts than are kept".to_owned(),
            _ => message.into(),
        };
        self.doubts.push(Doubt { line, message });
    }

    pub(super) fn found(self) -> Found {
        (self.packages, self.doubts)
    }
}
