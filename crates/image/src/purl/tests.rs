//! Reading and writing are each other's inverse.

use proptest::prelude::*;

use super::{InvalidPurl, Purl};

proptest! {
    #[test]
    fn what_is_read_is_written_in_a_form_that_reads_the_same(
        kind in "(npm|deb|pypi|golang|generic|GitHub|git|rpm)",
        path in "[a-zA-Z@%/ .é0-9-]{0,12}",
        rest in "(@[a-z0-9:+/@]{0,6})?([?][a-z=&A]{0,8})?(#[a-z./]{0,6})?",
    ) {
        if let Ok(purl) = Purl::parse_leniently(&format!("pkg:{kind}/{path}{rest}")) {
            let written = purl.to_string();
            let again = Purl::parse(&written);
            prop_assert_eq!(again.as_ref(), Ok(&purl), "{}", &written);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), path in ".{0,24}") {
        let _ = Purl::parse(&text);
        let _ = Purl::parse(&format!("pkg:{path}"));
    }
}

#[test]
fn a_refusal_names_the_part() {
    assert_eq!(Purl::parse("npm/a"), Err(InvalidPurl::Scheme));
    assert_eq!(Purl::parse("pkg:npm/"), Err(InvalidPurl::NoName));
    assert_eq!(Purl::parse("pkg:npm/%ff"), Err(InvalidPurl::Encoding));
    assert_eq!(
        Purl::parse("pkg:julia/Dates").unwrap_err().to_string(),
        "it has no qualifier `uuid`, which its type needs"
    );
}
