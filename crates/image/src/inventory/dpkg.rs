//! Debian's `var/lib/dpkg/status`, and the files of `status.d` that distroless images have in its place.

use super::basket::Basket;
use super::headers::stanzas;
use super::{Found, Kind, Package, Source};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let fields = ["Package", "Version", "Architecture", "Source", "Status"];
    for stanza in stanzas(&text, fields) {
        if let Some(line) = stanza.odd {
            basket.doubt(line, "a line that is no field");
        }
        let [name, version, architecture, source, status] = stanza.values;
        if !status.is_none_or(is_there) {
            continue;
        }
        let Some(name) = name else {
            basket.doubt(stanza.line, "a stanza without `Package`");
            continue;
        };
        basket.add(Package {
            architecture: architecture.map(str::to_owned),
            source: source.and_then(self::source),
            ..Package::new(Kind::Dpkg, name, version.unwrap_or_default(), stanza.line)
        });
    }
    basket.found()
}

/// Whether a status such as `install ok installed` leaves files behind: all do but those of removed packages.
fn is_there(status: &str) -> bool {
    !matches!(status.split_whitespace().last(), Some("not-installed" | "config-files"))
}

/// `name`, or `name (version)` where the versions differ.
fn source(text: &str) -> Option<Source> {
    let (name, version) = match text.split_once('(') {
        Some((name, version)) => (name, Some(version.trim_end_matches(')').trim().to_owned())),
        None => (text, None),
    };
    let name = name.trim().to_owned();
    (!name.is_empty()).then_some(Source { name, version })
}
