//! Kyverno's own functions. All are pure: what would ask a clock, a resolver or a die is answered by the caller or refused.

mod arithmetic;
mod data;
mod digests;
mod duration;
mod images;
mod layout;
mod patterns;
mod quantity;
mod semver;
mod texts;
mod times;

use super::eval::Machine;
use super::functions::{Args, Function};
use super::value::Outcome;

pub(super) static FUNCTIONS: [Function; 52] = [
    Function::of("add", 2, arithmetic::add),
    Function::of("base64_decode", 1, texts::base64_decode),
    Function::of("base64_encode", 1, texts::base64_encode),
    Function::of("compare", 2, texts::compare),
    Function::of("divide", 2, arithmetic::divide),
    Function::of("equal_fold", 2, texts::equal_fold),
    Function::of("image_normalize", 1, images::image_normalize),
    Function::of("is_external_url", 1, images::is_external_url),
    Function::of("items", 3, data::items),
    Function::of("label_match", 2, patterns::label_match),
    Function::of("lookup", 2, data::lookup),
    Function::of("md5", 1, digests::md5),
    Function::of("modulo", 2, arithmetic::modulo),
    Function::of("multiply", 2, arithmetic::multiply),
    Function::of("object_from_lists", 2, data::object_from_lists),
    Function::of("parse_json", 1, data::parse_json),
    Function::of("parse_yaml", 1, data::parse_yaml),
    Function::of("path_canonicalize", 1, texts::path_canonicalize),
    Function::of("pattern_match", 2, patterns::pattern_match),
    Function::of("random", 1, random),
    Function::pattern("regex_match", 2, patterns::regex_match),
    Function::pattern("regex_replace_all", 3, patterns::regex_replace_all),
    Function::pattern("regex_replace_all_literal", 3, patterns::regex_replace_all_literal),
    Function::of("replace", 4, texts::replace),
    Function::of("replace_all", 3, texts::replace_all),
    Function::of("round", 2, arithmetic::round),
    Function::of("semver_compare", 2, semver::semver_compare),
    Function::of("sha1", 1, digests::sha1),
    Function::of("sha256", 1, digests::sha256),
    Function::of("split", 2, texts::split),
    Function::of("subtract", 2, arithmetic::subtract),
    Function::of("sum", 1, arithmetic::sum),
    Function::of("time_add", 2, times::time_add),
    Function::of("time_after", 2, times::time_after),
    Function::of("time_before", 2, times::time_before),
    Function::of("time_between", 3, times::time_between),
    Function::of("time_diff", 2, times::time_diff),
    Function::of("time_now", 0, times::time_now),
    Function::of("time_now_utc", 0, times::time_now),
    Function::of("time_parse", 2, times::time_parse),
    Function::of("time_since", 3, times::time_since),
    Function::of("time_to_cron", 1, times::time_to_cron),
    Function::of("time_truncate", 2, times::time_truncate),
    Function::of("time_utc", 1, times::time_utc),
    Function::of("to_boolean", 1, texts::to_boolean),
    Function::of("to_lower", 1, texts::to_lower),
    Function::of("to_upper", 1, texts::to_upper),
    Function::of("trim", 2, texts::trim),
    Function::of("trim_prefix", 2, texts::trim_prefix),
    Function::of("trim_suffix", 2, texts::trim_suffix),
    Function::of("truncate", 2, texts::truncate),
    Function::of("x509_decode", 1, x509_decode),
];

/// A text as a measure that can be compared with others of its sort: a quantity, else a duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Measure {
    /// Billionths of one.
    Quantity(i128),
    /// Nanoseconds.
    Duration(i64),
}

impl PartialOrd for Measure {
    /// Measures of different sorts have no order.
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Quantity(one), Self::Quantity(other)) => one.partial_cmp(other),
            (Self::Duration(one), Self::Duration(other)) => one.partial_cmp(other),
            _ => None,
        }
    }
}

/// A duration as Go writes it.
pub(crate) fn nanoseconds(text: &str) -> Option<i64> {
    duration::parse(text)
}

pub(crate) fn measure(text: &str) -> Option<Measure> {
    let quantity = quantity::Quantity::parse(text).map(|quantity| Measure::Quantity(quantity.nanos()));
    quantity.or_else(|| duration::parse(text).map(Measure::Duration))
}

fn random<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    args.text(0)?;
    args.failed("the same input must give the same verdict, so nothing is drawn by chance here")
}

fn x509_decode<'a>(_: &mut Machine, args: &Args<'_, 'a>) -> Outcome<'a> {
    args.text(0)?;
    args.failed("certificates cannot be decoded yet")
}
