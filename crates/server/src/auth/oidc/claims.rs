//! Who signs in, as the provider tells it: claims beyond the standard ones are kept as they come, since every provider has its
//! own place for groups.

use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Claims that the standard does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extra {
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

impl AdditionalClaims for Extra {}

/// A person, as far as the provider vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub issuer: String,
    /// What the provider calls the person, forever; names and addresses change hands.
    pub subject: String,
    pub name: String,
    pub email: Option<String>,
    pub groups: Vec<String>,
}

const MOST_GROUPS: usize = 1000;
const LONGEST_GROUP: usize = 256;

/// The groups under `claim`: none where the claim is absent (then the user-info endpoint may have it).
pub fn groups(claims: &Map<String, Value>, claim: &str) -> Result<Option<Vec<String>>, String> {
    let Some(value) = find(claims, claim) else {
        if claims.contains_key("_claim_names") || claims.get("hasgroups") == Some(&Value::Bool(true)) {
            return Err(format!(
                "the provider left out the claim `{claim}` since the person is in too many groups: let it send only the groups \
                 assigned to this application, or use application roles"
            ));
        }
        return Ok(None);
    };
    let texts: Vec<&str> = match value {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        Value::Null => vec![],
        _ => return Err(format!("the claim `{claim}` is neither a text nor a list of texts")),
    };
    let mut groups: Vec<String> = texts
        .into_iter()
        .filter(|group| !group.is_empty() && group.len() <= LONGEST_GROUP)
        .map(str::to_owned)
        .collect();
    groups.sort();
    groups.dedup();
    if groups.len() > MOST_GROUPS {
        return Err(format!("the claim `{claim}` lists more than {MOST_GROUPS} groups: let the provider send fewer"));
    }
    Ok(Some(groups))
}

/// A claim by its full name (`https://example.com/groups`) or by a path into nested ones (`realm_access.roles`).
fn find<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a Value> {
    claims.get(claim).or_else(|| {
        let mut parts = claim.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    })
}

/// A text of a claim for people to read: no control characters, not endless.
pub fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(claims: Value, claim: &str) -> Result<Option<Vec<String>>, String> {
        groups(claims.as_object().unwrap(), claim)
    }

    #[test]
    fn groups_come_as_a_list_a_text_or_nested() {
        let list = |names: &[&str]| Ok(Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()));
        assert_eq!(read(json!({"groups": ["b", "a", "b", 1, ""]}), "groups"), list(&["a", "b"]));
        assert_eq!(read(json!({"role": "admin"}), "role"), list(&["admin"]));
        assert_eq!(read(json!({"realm_access": {"roles": ["x"]}}), "realm_access.roles"), list(&["x"]));
        assert_eq!(read(json!({"https://a.example/groups": ["x"]}), "https://a.example/groups"), list(&["x"]));
        assert_eq!(read(json!({"groups": null}), "groups"), list(&[]));
    }

    #[test]
    fn an_absent_claim_is_not_an_empty_one() {
        assert_eq!(read(json!({}), "groups"), Ok(None));
        assert_eq!(read(json!({"realm_access": "x"}), "realm_access.roles"), Ok(None));
    }

    #[test]
    fn what_cannot_be_groups_is_refused() {
        assert!(read(json!({"groups": 5}), "groups").is_err());
        assert!(read(json!({"_claim_names": {"groups": "src1"}}), "groups").unwrap_err().contains("too many groups"));
        let many: Vec<String> = (0..2000).map(|number| format!("g{number}")).collect();
        assert!(read(json!({"groups": many}), "groups").is_err());
    }
}
