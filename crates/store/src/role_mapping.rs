//! Which groups of the identity provider hold which roles. Every version is kept; a change names the one it is based on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::role::RoleGrant;
use crate::row::Row;
use crate::tx::Tx;
use crate::user::{self, User};
use crate::{audit, bounds, json, values};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupGrants {
    pub group: String,
    pub grants: Vec<RoleGrant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleMapping {
    /// 0 before the first change.
    pub version: u64,
    pub changed_by: Option<String>,
    pub changed_at: Option<Timestamp>,
    pub groups: Vec<GroupGrants>,
}

/// What a mapping would change for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    pub name: String,
    pub before: Vec<RoleGrant>,
    pub after: Vec<RoleGrant>,
}

impl RoleMapping {
    /// Of somebody who is in `groups`.
    pub fn grants_of(&self, groups: &[String]) -> Vec<RoleGrant> {
        grants_of(&self.groups, groups)
    }
}

fn grants_of(mapping: &[GroupGrants], groups: &[String]) -> Vec<RoleGrant> {
    let held = mapping.iter().filter(|entry| groups.contains(&entry.group));
    let mut grants: Vec<RoleGrant> = held.flat_map(|entry| entry.grants.iter().cloned()).collect();
    grants.sort();
    grants.dedup();
    grants
}

fn read(row: &mut Row) -> Result<RoleMapping, Failure> {
    Ok(RoleMapping {
        version: row.take()?,
        changed_by: row.take()?,
        changed_at: row.take()?,
        groups: json::read(&row.take::<String>()?)?,
    })
}

/// # Errors
/// The database refuses.
pub fn current(tx: &mut Tx<'_>) -> Result<RoleMapping, Failure> {
    let sql = "SELECT version, changed_by, changed_at, mapping FROM role_mapping ORDER BY version DESC LIMIT 1";
    Ok(tx.first(sql, values![], read)?.unwrap_or_default())
}

/// The newest first, at most `limit`.
///
/// # Errors
/// The database refuses.
pub fn versions(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<RoleMapping>, Failure> {
    let sql = "SELECT version, changed_by, changed_at, mapping FROM role_mapping ORDER BY version DESC LIMIT ?1";
    tx.query(sql, values![limit], read)
}

/// # Errors
/// Somebody else changed it since `based_on`, or it is not well formed.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    based_on: u64,
    groups: &[GroupGrants],
    now: Timestamp,
) -> Result<RoleMapping, Failure> {
    check(groups)?;
    let changed =
        || Failure::conflict("the roles were changed by somebody else meanwhile: load them and change them again");
    if current(tx)?.version != based_on {
        return Err(changed());
    }
    // Of two changes based on one version, the key lets one in.
    let made = tx.first(
        "INSERT INTO role_mapping (version, changed_by, changed_at, mapping) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (version) DO NOTHING RETURNING version, changed_by, changed_at, mapping",
        values![based_on + 1, actor.name, now, json::write(&groups)?],
        read,
    )?;
    let made = made.ok_or_else(changed)?;
    let detail = serde_json::json!({ "version": made.version, "groups": groups });
    audit::done(tx, now, actor, "roles.change", &format!("version {}", made.version), detail)?;
    Ok(made)
}

/// The users whose grants `groups` would change, by name.
///
/// # Errors
/// The database refuses, or the mapping is not well formed.
pub fn preview(tx: &mut Tx<'_>, groups: &[GroupGrants]) -> Result<Vec<Effect>, Failure> {
    check(groups)?;
    let now = current(tx)?;
    let effect = |user: User| Effect {
        before: now.grants_of(&user.groups),
        after: grants_of(groups, &user.groups),
        name: user.name,
    };
    let users = user::list(tx)?.into_iter().filter(|user| user.issuer.is_some() && !user.disabled);
    Ok(users.map(effect).filter(|effect| effect.before != effect.after).collect())
}

fn check(groups: &[GroupGrants]) -> Result<(), Failure> {
    if groups.len() > 1000 {
        return Err(Failure::invalid("groups", "more than 1000 groups: map fewer"));
    }
    let mut names: Vec<&str> = groups.iter().map(|entry| entry.group.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| matches!(pair, [one, two] if one == two)) {
        return Err(Failure::invalid("groups", "a group stands there twice: give it once, with all its grants"));
    }
    for entry in groups {
        bounds::text("group", &entry.group, 500)?;
        for grant in &entry.grants {
            bounds::globs("clusters", &grant.clusters)?;
            bounds::globs("namespaces", &grant.namespaces)?;
        }
    }
    Ok(())
}
