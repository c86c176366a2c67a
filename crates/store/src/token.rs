//! API tokens of people: hashed, bounded in role, place and time, and never worth more than who made them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::principal::{Principal, Source};
use crate::role::{Role, RoleGrant};
use crate::row::Row;
use crate::secret::{self, Secret};
use crate::session::COARSE;
use crate::tx::Tx;
use crate::{audit, bounds, json, user, values};

/// What every token begins with, so that scanners of leaks know it.
pub const PREFIX: &str = "rmp_";
/// The longest life of a token.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    pub id: String,
    pub name: String,
    pub owner: String,
    #[serde(skip)]
    pub owner_id: String,
    pub role: Role,
    pub clusters: Vec<String>,
    pub namespaces: Vec<String>,
    pub created: Timestamp,
    pub expires: Timestamp,
    /// To the minute.
    pub last_used: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub clusters: Vec<String>,
    #[serde(default)]
    pub namespaces: Vec<String>,
    pub expires: Timestamp,
}

/// A token that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    pub id: String,
    pub principal: Principal,
    /// True where [`touch`] is due.
    pub stale: bool,
}

const COLUMNS: &str =
    "t.id, t.name, u.name, t.user_id, t.role, t.clusters, t.namespaces, t.created, t.expires, t.last_used";
const FROM: &str = "FROM api_token t JOIN user_account u ON u.id = t.user_id";

fn read(row: &mut Row) -> Result<Token, Failure> {
    Ok(Token {
        id: row.take()?,
        name: row.take()?,
        owner: row.take()?,
        owner_id: row.take()?,
        role: row.take::<String>()?.parse().map_err(Failure::corrupt)?,
        clusters: json::read(&row.take::<String>()?)?,
        namespaces: json::read(&row.take::<String>()?)?,
        created: row.take()?,
        expires: row.take()?,
        last_used: row.take()?,
    })
}

/// The secret is shown once and cannot be asked for again.
///
/// # Errors
/// The owner came with a token, or may not do what the new one shall, or the request is not well formed.
pub fn create(tx: &mut Tx<'_>, owner: &Principal, wanted: &Wanted, now: Timestamp) -> Result<(Token, Secret), Failure> {
    if owner.source == Source::Token {
        return Err(Failure::denied("a token cannot make tokens, which would outlive it: sign in"));
    }
    bounds::text("name", &wanted.name, 100)?;
    bounds::globs("clusters", &wanted.clusters)?;
    bounds::globs("namespaces", &wanted.namespaces)?;
    if wanted.expires <= now || wanted.expires.duration_since(now) > LONGEST {
        return Err(Failure::invalid("expires", "a token ends later than now and within 366 days"));
    }
    let grant =
        RoleGrant { role: wanted.role, clusters: wanted.clusters.clone(), namespaces: wanted.namespaces.clone() };
    if !grant.is_within(&owner.grants) {
        return Err(Failure::denied("the token would be allowed more than you are: ask for less"));
    }
    insert(tx, owner, &wanted.name, &grant, wanted.expires, now)
}

/// For a program that signs in as its owner, as `rampart login` does: it may what the owner may, at each moment.
///
/// # Errors
/// The owner has no role, or the database refuses.
pub fn create_for_program(
    tx: &mut Tx<'_>,
    owner: &Principal,
    name: &str,
    expires: Timestamp,
    now: Timestamp,
) -> Result<(Token, Secret), Failure> {
    let role = owner.role().ok_or_else(|| Failure::denied("you have no role: ask an administrator"))?;
    // Wider than the owner where roles are bounded: what is presented is cut down to the owner's grants.
    insert(tx, owner, name, &RoleGrant::everywhere(role), expires, now)
}

fn insert(
    tx: &mut Tx<'_>,
    owner: &Principal,
    name: &str,
    grant: &RoleGrant,
    expires: Timestamp,
    now: Timestamp,
) -> Result<(Token, Secret), Failure> {
    let (id, secret) = (secret::id("t")?, Secret::random(PREFIX)?);
    tx.execute(
        "INSERT INTO api_token (id, hash, user_id, name, role, clusters, namespaces, created, expires) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        values![
            &id,
            secret.hash(),
            &owner.id,
            name.trim(),
            grant.role.id(),
            json::write(&grant.clusters)?,
            json::write(&grant.namespaces)?,
            now,
            expires,
        ],
    )?;
    let token = tx.first(&format!("SELECT {COLUMNS} {FROM} WHERE t.id = ?1"), values![&id], read)?;
    let token = token.ok_or_else(|| Failure::missing("such user"))?;
    let detail = serde_json::json!({ "name": token.name, "grant": grant, "expires": token.expires.to_string() });
    audit::done(tx, now, &owner.actor(), "token.create", &id, detail)?;
    Ok((token, secret))
}

/// None where there is no such token, it is over, or its owner is disabled or left without any of its rights.
///
/// # Errors
/// The database refuses.
pub fn find(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<Option<Presented>, Failure> {
    let found = tx.first(
        &format!("SELECT {COLUMNS} {FROM} WHERE t.hash = ?1 AND t.expires > ?2 AND u.disabled = 0"),
        values![secret.hash(), now],
        read,
    )?;
    let Some(token) = found else { return Ok(None) };
    let Some(owner) = user::get(tx, &token.owner_id)? else { return Ok(None) };
    let owner = owner.principal(tx)?;
    let grant = RoleGrant { role: token.role, clusters: token.clusters, namespaces: token.namespaces };
    let grants = grant.limited_by(&owner.grants);
    if grants.is_empty() {
        return Ok(None);
    }
    let name = format!("{} (token {})", owner.name, token.name);
    let stale = token.last_used.is_none_or(|last| now.duration_since(last) >= COARSE);
    let principal = Principal { id: owner.id, name, email: owner.email, source: Source::Token, grants };
    Ok(Some(Presented { id: token.id, principal, stale }))
}

/// Writes down that the token was used, at most once a minute.
///
/// # Errors
/// The database refuses.
pub fn touch(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    tx.execute(
        "UPDATE api_token SET last_used = ?1 WHERE id = ?2 AND (last_used IS NULL OR last_used <= ?3)",
        values![now, id, now.saturating_sub(COARSE).unwrap_or(now)],
    )?;
    Ok(())
}

/// Those of one user, or of all.
///
/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>, owner: Option<&str>) -> Result<Vec<Token>, Failure> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE (t.user_id = ?1 OR ?1 IS NULL) ORDER BY t.created DESC, t.id");
    tx.query(&sql, values![owner], read)
}

/// `owner` limits it to the tokens of one user.
///
/// # Errors
/// There is no such token.
pub fn revoke(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    id: &str,
    owner: Option<&str>,
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "DELETE FROM api_token WHERE id = ?1 AND (user_id = ?2 OR ?2 IS NULL)";
    if tx.execute(sql, values![id, owner])? == 0 {
        return Err(Failure::missing(format!("token `{}`", id.escape_debug())));
    }
    audit::done(tx, now, actor, "token.revoke", id, serde_json::Value::Null)
}

/// Forgets what is over.
///
/// # Errors
/// The database refuses.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Failure> {
    tx.execute("DELETE FROM api_token WHERE expires <= ?1", values![now])
}
