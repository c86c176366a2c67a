//! RubyGems' `Gemfile.lock`: gems with four spaces under `specs:`, what they need with six.

use super::basket::Basket;
use super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let mut section = "";
    for (at, line) in text.lines().enumerate() {
        if !line.starts_with(' ') {
            section = line.trim();
            continue;
        }
        let Some(gem) = line.strip_prefix("    ").filter(|gem| !gem.starts_with(' ')) else { continue };
        // Gems of `PATH` are the project's own.
        if !matches!(section, "GEM" | "GIT") {
            continue;
        }
        match gem.trim_end().strip_suffix(')').and_then(|gem| gem.split_once(" (")) {
            // A platform follows the version: `1.13.0-x86_64-linux`.
            Some((name, version)) => {
                let version = version.split('-').next().unwrap_or_default();
                basket.add(Package::new(Kind::Gem, name, version, at + 1));
            }
            None => basket.doubt(at + 1, "a gem without version"),
        }
    }
    basket.found()
}
