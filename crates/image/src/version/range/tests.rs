//! Ranges by example, in each dialect.

use proptest::prelude::*;

use super::{InvalidRange, Range};
use crate::version::Scheme;

#[track_caller]
fn check(scheme: Scheme, range: &str, inside: &[&str], outside: &[&str]) {
    let read = Range::parse(scheme, range).unwrap();
    for version in inside {
        assert_eq!(read.contains(version), Ok(true), "{range} must hold {version}: {read:?}");
    }
    for version in outside {
        assert_eq!(read.contains(version), Ok(false), "{range} must not hold {version}: {read:?}");
    }
}

#[test]
fn npm_ranges_are_read() {
    let npm = |range, inside: &[&str], outside: &[&str]| check(Scheme::Npm, range, inside, outside);
    npm("^1.2 || ~2", &["1.2.0", "1.9.9", "2.9.0"], &["1.1.9", "3.0.0", "3.0.0-rc.1"]);
    npm("^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0", "0.2.2"]);
    npm("^0.0.3", &["0.0.3"], &["0.0.4"]);
    npm("^0.x", &["0.0.1", "0.9.0"], &["1.0.0"]);
    npm("~1.2.3", &["1.2.3", "1.2.9"], &["1.3.0", "1.2.2"]);
    npm("1.x", &["1.0.0", "1.99.0"], &["2.0.0", "0.9.0"]);
    npm("1.2 - 2.3", &["1.2.0", "2.3.9"], &["2.4.0"]);
    npm("1.2.3 - 2.3.4", &["1.2.3", "2.3.4"], &["2.3.5"]);
    npm(">1.2", &["1.3.0"], &["1.2.9"]);
    npm("<=1.2", &["1.2.9"], &["1.3.0"]);
    npm(">= 1.2.0 < 1.4.0", &["1.2.0", "1.3.9"], &["1.4.0"]);
    npm("<4.17.11", &["4.17.10", "4.17.11-rc.1"], &["4.17.11"]);
    npm("*", &["0.0.1", "99.0.0"], &[]);
    npm("", &["0.0.1"], &[]);
    npm("1.2.3", &["1.2.3", "v1.2.3"], &["1.2.4"]);
}

#[test]
fn a_bare_version_is_a_caret_in_cargo() {
    check(Scheme::Cargo, "1.2", &["1.2.0", "1.9.0"], &["2.0.0", "1.1.0"]);
    check(Scheme::Cargo, ">=1.2, <1.5", &["1.4.9"], &["1.5.0"]);
    check(Scheme::Cargo, "=1.2", &["1.2.7"], &["1.3.0"]);
    check(Scheme::Cargo, "1.*", &["1.0.0"], &["2.0.0"]);
}

#[test]
fn python_specifiers_are_read() {
    let python = |range, inside: &[&str], outside: &[&str]| check(Scheme::Pep440, range, inside, outside);
    python("~=1.4.2", &["1.4.2", "1.4.9"], &["1.5", "1.4.1"]);
    python("~=2.2.post3", &["2.2.post3", "2.9"], &["3.0", "2.2"]);
    python("==1.4.*", &["1.4", "1.4.0a1", "1.4.7"], &["1.40"]);
    python(">=1.0,!=1.3.*,<2", &["1.2", "1.4"], &["1.3.1", "2.0", "2.0rc1", "0.9"]);
    python("<2.0rc2", &["2.0rc1"], &["2.0rc2"]);
    python(">1.7", &["1.7.1"], &["1.7", "1.7.0.post1"]);
    python(">1.7.post2", &["1.7.post3"], &["1.7.post2"]);
    python("==1.0", &["1.0.0", "1.0+local"], &["1.0.1"]);
    python("==1.0+local", &["1.0+local"], &["1.0", "1.0+other"]);
    python("<=1.0", &["1.0+local"], &["1.0.1"]);
    python("===1.0", &["1.0"], &["1.0.0"]);
}

#[test]
fn intervals_are_read() {
    check(Scheme::Maven, "[1,2)", &["1", "1.9"], &["2", "0.9"]);
    check(Scheme::Maven, "(,1.0],[1.2,)", &["0.1", "1.0", "1.2", "9"], &["1.1"]);
    check(Scheme::Maven, "[1.5]", &["1.5", "1.5.0"], &["1.6"]);
    check(Scheme::NuGet, "1.0", &["1.0.0", "2.0.0"], &["0.9.0"]);
    check(Scheme::NuGet, "(1.0,2.0]", &["1.0.1", "2.0.0"], &["1.0.0"]);
    assert_eq!(Range::parse(Scheme::Maven, "1.0"), Err(InvalidRange::Part("1.0".into())));
    assert_eq!(Range::parse(Scheme::Maven, "[1,2").unwrap_err().to_string(), "`[1,2` is no range of versions");
}

#[test]
fn ruby_requirements_are_read() {
    check(Scheme::RubyGems, "~> 1.2.3", &["1.2.3", "1.2.9"], &["1.3", "1.3.rc1", "1.2.2"]);
    check(Scheme::RubyGems, "~> 2", &["2.0", "2.9"], &["3.0"]);
    check(Scheme::RubyGems, ">= 1.0, != 1.5, < 2", &["1.4"], &["1.5.0", "2"]);
    assert!(Range::parse(Scheme::RubyGems, ">= latest").is_err());
}

#[test]
fn composer_constraints_are_read() {
    let composer = |range, inside: &[&str], outside: &[&str]| check(Scheme::Composer, range, inside, outside);
    composer("^1.2 || ^2.0", &["1.2", "1.2.0", "v1.9.9", "2.0.0"], &["1.1.9", "3.0.0", "3.0.0-RC1"]);
    composer("^0.3", &["0.3.9"], &["0.4.0"]);
    composer("~1.2", &["1.2", "1.9"], &["2.0", "1.1"]);
    composer("~1.2.3", &["1.2.3", "1.2.9"], &["1.3"]);
    composer("1.2.*", &["1.2.0"], &["1.3.0"]);
    composer(">=1.0,<1.5", &["1.0.0", "1.4.9.1"], &["1.5", "1.5.0-beta1"]);
    composer("1.0 - 2.0", &["1.0.0", "2.0.9"], &["2.1"]);
    composer("1.0@dev", &["1.0.0"], &["1.0.1"]);
}

#[test]
fn other_ecosystems_have_signs() {
    check(Scheme::Dpkg, ">= 1:1.0~rc1, < 1:1.0-2", &["1:1.0", "1:1.0-1"], &["1:1.0-2", "0.9"]);
    check(Scheme::Go, ">=v1.2.0 <v1.3.0 || =v2.0.0", &["v1.2.5", "v2.0.0+incompatible"], &["v1.3.0"]);
}

proptest! {
    #[test]
    fn any_text_is_a_range_or_refused(text in any::<String>(), range in "[0-9.x*^~<>=!|, \\[\\]()a-]{0,16}", version in "[0-9.a-]{0,8}") {
        for scheme in Scheme::ALL {
            for text in [&text, &range] {
                if let Ok(range) = Range::parse(scheme, text) {
                    let _ = range.contains(&version);
                }
            }
        }
    }
}
