//! Texts and numbers: service accounts, JSON, digests, rounding.

use std::sync::Arc;

use rampart_cel::host::Purse;
use rampart_cel::value::{Map, Outcome};
use rampart_cel::{Form, Val};
use rampart_model::{Document, Limits, SourceText};
use sha2::{Digest, Sha256};

use super::{Table, invalid, no};
use crate::expression::{Run, values};

pub(super) const TABLE: Table = &[
    ("parseServiceAccount", Form::Global, Some(1), service_account),
    ("json.Unmarshal", Form::Global, Some(1), unmarshal),
    ("json.unmarshal", Form::Global, Some(1), unmarshal),
    ("json.Marshal", Form::Global, Some(1), marshal),
    ("sha256", Form::Global, Some(1), sha256),
    ("math.round", Form::Global, Some(2), round),
    ("yaml.parse", Form::Global, Some(1), yaml),
    ("listObjToMap", Form::Global, Some(4), list_to_map),
    ("gzip.Decompress", Form::Global, None, absent),
    ("gzip.Compress", Form::Global, None, absent),
    ("x509.decode", Form::Global, None, absent),
    ("random", Form::Global, None, random),
    ("jsonpatch.escapeKey", Form::Global, Some(1), escape_key),
];

fn service_account<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(user)] = args else { return no(name, args) };
    let parts = user.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'));
    let (namespace, account) = parts.unwrap_or_default();
    Ok(values::map([("Namespace", Val::text(namespace)), ("Name", Val::text(account))]))
}

fn unmarshal<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(text)] = args else { return no(name, args) };
    purse.make(text.len().saturating_mul(8))?;
    match serde_json::from_str(text) {
        Ok(tree) => Ok(values::of_tree(&tree)),
        Err(error) => invalid(format!("the text is no JSON: {error}")),
    }
}

fn marshal<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [value] = args else { return no(name, args) };
    match values::to_tree(value) {
        Ok(tree) => {
            let text = tree.to_string();
            purse.make(text.len())?;
            Ok(Val::text(text))
        }
        Err(message) => invalid(message),
    }
}

fn sha256<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(text)] = args else { return no(name, args) };
    let digest = Sha256::digest(text.as_bytes());
    Ok(Val::text(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// Rounds to so many digits.
fn round<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let (value, digits) = match args {
        [Val::Double(value), Val::Int(digits)] => (*value, *digits),
        _ => return no(name, args),
    };
    let Ok(digits) = i32::try_from(digits) else { return invalid("so many digits no number has") };
    let scale = 10f64.powi(digits.clamp(-300, 300));
    Ok(Val::Double((value * scale).round() / scale))
}

/// The first document of a YAML text.
fn yaml<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(text)] = args else { return no(name, args) };
    purse.make(text.len().saturating_mul(8))?;
    let source = Arc::new(SourceText::new("text", &**text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    match (documents.first(), error) {
        (_, Some(error)) => invalid(format!("the text is no YAML: {error}")),
        (Some(document), None) => Ok(values::of_tree(&document.root().to_json())),
        (None, None) => Ok(Val::Null),
    }
}

/// A map of the values of one field in the first list, by the values of another field in the second list.
fn list_to_map<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::List(keys), Val::List(found), Val::Str(key), Val::Str(value)] = args else { return no(name, args) };
    if keys.len() != found.len() {
        return invalid(format!("`{name}` takes two lists of one length, not {} and {}", keys.len(), found.len()));
    }
    purse.make(keys.len().saturating_mul(128))?;
    let entries = keys.iter().zip(found.iter()).map(|(k, v)| Ok((k.field(key)?, v.field(value)?)));
    Map::of(entries.collect::<Result<_, _>>()?).map(Val::Map)
}

fn absent<'d>(_: &Run<'_, 'd>, name: &str, _: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    invalid(format!("`{name}` is not known here yet"))
}

fn random<'d>(_: &Run<'_, 'd>, _: &str, _: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    invalid("`random` has no value here: a judgement must be the same each time")
}

/// Escapes a key for a JSON pointer.
fn escape_key<'d>(_: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(key)] = args else { return no(name, args) };
    purse.make(key.len().saturating_mul(2))?;
    Ok(Val::text(key.replace('~', "~0").replace('/', "~1")))
}
