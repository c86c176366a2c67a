//! The named formats of the Kubernetes format library, and what a text lacks to have one.

use crate::url::Url;

/// A format that the Kubernetes library has under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedFormat {
    Dns1123Label,
    Dns1123Subdomain,
    Dns1035Label,
    QualifiedName,
    Dns1123LabelPrefix,
    Dns1123SubdomainPrefix,
    Dns1035LabelPrefix,
    LabelValue,
    Uri,
    Uuid,
    Byte,
    Date,
    DateTime,
}

use NamedFormat as F;

const LABEL: &str =
    "a lowercase RFC 1123 label has lower case letters, digits and `-`, and begins and ends with a letter or digit";
const SUBDOMAIN: &str =
    "a lowercase RFC 1123 subdomain has labels of lower case letters, digits and `-` with dots between them";
const OLD_LABEL: &str =
    "a DNS-1035 label has lower case letters, digits and `-`, begins with a letter and ends with a letter or digit";
const NAME: &str = "the name part has letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit";
const VALUE: &str =
    "a label's value is empty or has letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit";

impl NamedFormat {
    /// All formats by name.
    pub const ALL: [(&'static str, Self); 13] = [
        ("dns1123Label", F::Dns1123Label),
        ("dns1123Subdomain", F::Dns1123Subdomain),
        ("dns1035Label", F::Dns1035Label),
        ("qualifiedName", F::QualifiedName),
        ("dns1123LabelPrefix", F::Dns1123LabelPrefix),
        ("dns1123SubdomainPrefix", F::Dns1123SubdomainPrefix),
        ("dns1035LabelPrefix", F::Dns1035LabelPrefix),
        ("labelValue", F::LabelValue),
        ("uri", F::Uri),
        ("uuid", F::Uuid),
        ("byte", F::Byte),
        ("date", F::Date),
        ("datetime", F::DateTime),
    ];

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// What is wrong with a text; nothing where it has the format.
    pub fn faults(self, text: &str) -> Vec<String> {
        let one = |holds: bool, message: &str| if holds { Vec::new() } else { vec![message.to_owned()] };
        match self {
            F::Dns1123Label => limited(text, 63, is_label(text), LABEL),
            F::Dns1123LabelPrefix => Self::Dns1123Label.faults(&without_dash(text)),
            F::Dns1123Subdomain => limited(text, 253, text.split('.').all(is_label), SUBDOMAIN),
            F::Dns1123SubdomainPrefix => Self::Dns1123Subdomain.faults(&without_dash(text)),
            F::Dns1035Label => limited(text, 63, is_old_label(text), OLD_LABEL),
            F::Dns1035LabelPrefix => Self::Dns1035Label.faults(&without_dash(text)),
            F::QualifiedName => qualified_name(text),
            F::LabelValue => limited(text, 63, text.is_empty() || is_name(text), VALUE),
            F::Uri => Url::parse(text).err().map(|fault| format!("`{text}` is no URI: {fault}")).into_iter().collect(),
            F::Uuid => one(is_uuid(text), "does not match the UUID format"),
            F::Byte => one(is_base64(text), "invalid base64"),
            F::Date => one(is_date(text), "invalid date"),
            F::DateTime => one(is_date_time(text), "invalid datetime"),
        }
    }
}

fn limited(text: &str, most: usize, holds: bool, message: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if text.len() > most {
        faults.push(format!("must be no more than {most} bytes"));
    }
    if !holds {
        faults.push(message.to_owned());
    }
    faults
}

/// A name that others will be made of may end in a dash; what the others end in is not known.
fn without_dash(text: &str) -> String {
    match text.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let mut kept: String = rest.to_owned();
            kept.pop();
            kept.push('a');
            kept
        }
        _ => text.to_owned(),
    }
}

fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(inner)
}

fn is_old_label(text: &str) -> bool {
    is_label(text) && text.starts_with(|first: char| first.is_ascii_lowercase())
}

fn is_name(text: &str) -> bool {
    let is_end = |character: char| character.is_ascii_alphanumeric();
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.starts_with(is_end) && text.ends_with(is_end) && text.bytes().all(inner)
}

fn qualified_name(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let mut faults = Vec::new();
    let name = match parts.as_slice() {
        [name] => *name,
        [prefix, name] => {
            if prefix.is_empty() {
                faults.push("the prefix part is empty".to_owned());
            } else {
                let found = NamedFormat::Dns1123Subdomain.faults(prefix);
                faults.extend(found.into_iter().map(|fault| format!("prefix part: {fault}")));
            }
            *name
        }
        _ => return vec![format!("{NAME}; a DNS subdomain and `/` may stand before it, once")],
    };
    if name.is_empty() {
        faults.push("the name part is empty".to_owned());
    }
    faults.extend(limited(name, 63, is_name(name), NAME));
    faults
}

/// 32 hexadecimal digits; dashes may stand behind the 8th, 12th, 16th and 20th.
fn is_uuid(text: &str) -> bool {
    let mut count = 0;
    let mut was_dash = false;
    for byte in text.bytes() {
        if byte == b'-' {
            if was_dash || !matches!(count, 8 | 12 | 16 | 20) {
                return false;
            }
        } else if byte.is_ascii_hexdigit() {
            count += 1;
        } else {
            return false;
        }
        was_dash = byte == b'-';
    }
    count == 32 && !was_dash
}

fn is_base64(text: &str) -> bool {
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
    !digits.is_empty() && text.len().is_multiple_of(4) && digits.bytes().all(is_digit)
}

fn is_date(text: &str) -> bool {
    crate::time::parse_timestamp(&format!("{text}T00:00:00Z")).is_some() && !text.contains(['T', 't'])
}

fn is_date_time(text: &str) -> bool {
    let Some((date, clock)) = text.split_once(['T', 't']) else { return false };
    let zone_at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let Some((time, zone)) = clock.split_at_checked(zone_at) else { return false };
    let shape = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, wanted)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted })
    };
    let (whole, fraction) = time.split_at_checked(8).unwrap_or((time, ""));
    let in_range = |from: usize, most: &str| whole.get(from..from + 2).is_some_and(|field| field <= most);
    let is_zone = matches!(zone, "Z" | "z") || shape(zone, "+00:00") || shape(zone, "-00:00");
    let is_fraction = fraction.is_empty()
        || fraction
            .strip_prefix('.')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_date(date)
        && shape(whole, "00:00:00")
        && in_range(0, "23")
        && in_range(3, "59")
        && in_range(6, "59")
        && is_fraction
        && is_zone
}
