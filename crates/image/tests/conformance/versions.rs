//! Pairs of versions with their order.

use std::cmp::Ordering;

use rampart_image::version::{Scheme, compare};

use crate::corpus::{self, Tally};

fn scheme(file: &str) -> Option<Scheme> {
    Some(match file.split('-').next()? {
        "alpine" => Scheme::Apk,
        "cran" => Scheme::Cran,
        "debian" => Scheme::Dpkg,
        "hackage" => Scheme::Hackage,
        "maven" => Scheme::Maven,
        "nuget" => Scheme::NuGet,
        "packagist" => Scheme::Composer,
        "pub" => Scheme::Pub,
        "pypi" => Scheme::Pep440,
        "redhat" => Scheme::Rpm,
        "rubygems" => Scheme::RubyGems,
        "semver" => Scheme::Semver,
        _ => return None,
    })
}

/// Whether a line `a < b` holds both ways round; none for a line that is no such thing.
fn holds(scheme: Scheme, line: &str) -> Option<bool> {
    let mut words = line.split_whitespace();
    let (a, sign, b) = (words.next()?, words.next()?, words.next()?);
    let wanted = match sign {
        "<" => Ordering::Less,
        "=" => Ordering::Equal,
        ">" => Ordering::Greater,
        _ => return None,
    };
    let both = (compare(scheme, a, b).ok(), compare(scheme, b, a).ok());
    Some(both == (Some(wanted), Some(wanted.reverse())))
}

#[test]
fn versions_are_ordered_as_recorded() {
    let Some(files) = corpus::texts("version-comparisons.tar.zst") else { return };
    let mut tally = Tally::default();
    for (path, text) in &files {
        let file = path.rsplit('/').next().unwrap_or_default();
        let Some(scheme) = scheme(file) else { continue };
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("//")) {
            if let Some(is_met) = holds(scheme, line) {
                tally.count(file, is_met, || line.to_owned());
            }
        }
    }
    tally.check("versions.passing");
}
