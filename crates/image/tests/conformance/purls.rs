//! Package URLs read, built and brought into their canonical form.

use rampart_image::purl::{Parts, Purl};
use serde_json::Value as Json;

use crate::corpus::{self, Tally};

fn parts(json: &Json) -> Parts {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    let qualifiers = json["qualifiers"].as_object().into_iter().flatten();
    Parts {
        kind: text("type").unwrap_or_default(),
        namespace: text("namespace"),
        name: text("name").unwrap_or_default(),
        version: text("version"),
        qualifiers: qualifiers.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect(),
        subpath: text("subpath"),
    }
}

/// Equal where the texts are; the corpus writes what is absent as null or leaves it out.
fn is_met(test: &Json) -> bool {
    let (input, expected) = (&test["input"], &test["expected_output"]);
    let is_failure = test["expected_failure"] == true;
    match test["test_type"].as_str() {
        Some("parse") => match Purl::parse(input.as_str().unwrap_or_default()) {
            Ok(purl) => !is_failure && *purl.parts() == parts(expected),
            Err(_) => is_failure,
        },
        Some("build") => match Purl::build(parts(input)) {
            Ok(purl) => !is_failure && Some(purl.to_string().as_str()) == expected.as_str(),
            Err(_) => is_failure,
        },
        Some("validate") => match Purl::parse_leniently(input.as_str().unwrap_or_default()) {
            Ok(purl) => !is_failure && Some(purl.to_string().as_str()) == expected.as_str(),
            Err(_) => is_failure,
        },
        _ => false,
    }
}

#[test]
fn package_urls_are_read_and_built_as_specified() {
    let Some(files) = corpus::texts("purl.tar.zst") else { return };
    let mut tally = Tally::default();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
        let document: Json = serde_json::from_str(text).expect("the tests are JSON");
        let file = path.rsplit('/').next().unwrap_or_default();
        for test in document["tests"].as_array().into_iter().flatten() {
            tally.count(file, is_met(test), || {
                format!("{} {} => {}", test["test_type"], test["input"], test["expected_output"])
            });
        }
    }
    tally.check("purls.passing");
}
