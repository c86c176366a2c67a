//! Each order is an order.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Scheme, compare};

/// Texts that look enough like versions to meet the interesting branches. `#` is Composer's wildcard, and left out.
fn version() -> impl Strategy<Value = String> {
    let number = prop_oneof![Just("0"), Just("1"), Just("2"), Just("00"), Just("01"), Just("10")];
    let separator = prop_oneof![
        Just("."),
        Just("."),
        Just("."),
        Just("-"),
        Just("_"),
        Just("+"),
        Just("~"),
        Just("^"),
        Just(""),
        Just(":"),
        Just("-r")
    ];
    let word = prop_oneof![
        Just("alpha"),
        Just("a"),
        Just("b"),
        Just("rc"),
        Just("RC"),
        Just("p"),
        Just("dev"),
        Just("post"),
        Just("sp"),
        Just("ga"),
        Just("snapshot"),
        Just("x"),
        Just("é"),
        Just("git"),
        Just("pre")
    ];
    let part = prop_oneof![3 => number.clone(), 1 => word];
    (number, proptest::collection::vec((separator, part), 0..5))
        .prop_map(|(first, rest)| rest.iter().fold(first.to_owned(), |text, (between, part)| text + between + part))
}

fn order(scheme: Scheme, a: &str, b: &str) -> Option<Ordering> {
    compare(scheme, a, b).ok()
}

/// Maven's order has cycles among versions with words behind dots.
fn has_dotted_word(text: &str) -> bool {
    text.split('.').skip(1).any(|part| !part.starts_with(|first: char| first.is_ascii_digit()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn an_order_is_antisymmetric_and_transitive(a in version(), b in version(), c in version()) {
        for scheme in Scheme::ALL {
            if scheme == Scheme::Maven && [&a, &b, &c].iter().any(|text| has_dotted_word(text)) {
                continue;
            }
            prop_assert_eq!(order(scheme, &a, &a).unwrap_or(Ordering::Equal), Ordering::Equal, "{} {}", scheme, &a);
            let (Some(ab), Some(ba)) = (order(scheme, &a, &b), order(scheme, &b, &a)) else { continue };
            prop_assert_eq!(ab, ba.reverse(), "{}: {} {}", scheme, &a, &b);
            let (Some(bc), Some(ac)) = (order(scheme, &b, &c), order(scheme, &a, &c)) else { continue };
            if ab == bc || bc == Ordering::Equal {
                prop_assert_eq!(ac, ab, "{}: {} {} {}", scheme, &a, &b, &c);
            } else if ab == Ordering::Equal {
                prop_assert_eq!(ac, bc, "{}: {} {} {}", scheme, &a, &b, &c);
            }
        }
    }

    #[test]
    fn any_texts_are_compared_or_refused(a in any::<String>(), b in any::<String>()) {
        for scheme in Scheme::ALL {
            let _ = compare(scheme, &a, &b);
        }
    }
}

#[test]
fn a_text_without_a_number_is_refused_by_name() {
    let error = compare(Scheme::Npm, "latest", "1.0.0").unwrap_err();
    assert_eq!(error.to_string(), "`latest` is no version of the npm order: it has no number to begin with");
}

#[test]
fn go_orders_modules_and_its_own_toolchain() {
    let go = |a, b| compare(Scheme::Go, a, b).unwrap();
    assert_eq!(go("v0.0.0-20210101000000-abcdefabcdef", "v0.0.0-20220101000000-000000000000"), Ordering::Less);
    assert_eq!(go("v1.2.4-0.20210101000000-abcdefabcdef", "v1.2.3"), Ordering::Greater);
    assert_eq!(go("v2.0.0+incompatible", "v2.0.0"), Ordering::Equal);
    assert_eq!(go("go1.21rc2", "1.21.0-rc.2"), Ordering::Equal);
    assert_eq!(go("go1.21rc10", "1.21.0-rc.9"), Ordering::Greater);
    assert_eq!(go("go1.22.1 X:boringcrypto", "1.22.1"), Ordering::Equal);
}

#[test]
fn a_bitnami_revision_is_newer_than_none() {
    let bitnami = |a, b| compare(Scheme::Bitnami, a, b).unwrap();
    assert_eq!(bitnami("1.2.3-4", "1.2.3"), Ordering::Greater);
    assert_eq!(bitnami("1.2.3-4", "1.2.4"), Ordering::Less);
    assert_eq!(bitnami("1.2.3-rc1", "1.2.3"), Ordering::Less);
}

#[test]
fn a_scheme_is_found_by_ecosystem_and_by_package_url_type() {
    assert_eq!(Scheme::of_ecosystem("Debian:12"), Scheme::Dpkg);
    assert_eq!(Scheme::of_ecosystem("AlmaLinux:9"), Scheme::Rpm);
    assert_eq!(Scheme::of_ecosystem("nobody's"), Scheme::Generic);
    assert_eq!(Scheme::of_purl_type("golang"), Scheme::Go);
}
