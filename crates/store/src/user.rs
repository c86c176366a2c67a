//! People: local ones with a password, and those that an identity provider vouches for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::failure::Failure;
use crate::principal::{Principal, Source};
use crate::role::{Role, RoleGrant};
use crate::row::Row;
use crate::secret::{self, Concealed};
use crate::tx::Tx;
use crate::{audit, bounds, identity_provider, json, role_mapping, values};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    /// Who vouches; none for a local user.
    pub issuer: Option<String>,
    /// What the provider said at the last sign-in.
    pub groups: Vec<String>,
    /// A local user's own; those of others come from their groups.
    pub grants: Vec<RoleGrant>,
    pub disabled: bool,
    pub created: Timestamp,
    pub last_sign_in: Option<Timestamp>,
}

pub(crate) const COLUMNS: &str = "id, name, email, issuer, member_of, grants, disabled, created, last_sign_in";

/// What an identity provider says of somebody. Issuer and subject together are who it is; the rest may change.
#[derive(Debug, Clone)]
pub struct Vouched<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub groups: &'a [String],
}

impl User {
    pub(crate) fn read(row: &mut Row) -> Result<Self, Failure> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            email: row.take()?,
            issuer: row.take()?,
            groups: json::read(&row.take::<String>()?)?,
            grants: json::read(&row.take::<String>()?)?,
            disabled: row.take()?,
            created: row.take()?,
            last_sign_in: row.take()?,
        })
    }

    /// What the user may do by the roles as they are now.
    ///
    /// # Errors
    /// The database refuses.
    pub fn principal(self, tx: &mut Tx<'_>) -> Result<Principal, Failure> {
        let (source, grants) = match self.issuer {
            None => (Source::Local, self.grants),
            Some(_) => (Source::Oidc, role_mapping::current(tx)?.grants_of(&self.groups)),
        };
        Ok(Principal { id: self.id, name: self.name, email: self.email, source, grants })
    }
}

/// `password` is the hash that the caller made. The name is unique among local users, whatever its case.
///
/// # Errors
/// The name is taken or no name.
pub fn create_local(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    name: &str,
    password: &Concealed,
    grants: &[RoleGrant],
    now: Timestamp,
) -> Result<User, Failure> {
    bounds::text("name", name, 100)?;
    let name = name.trim();
    let user = tx.first(
        &format!(
            "INSERT INTO user_account (id, login, name, password, member_of, grants, disabled, created) \
             VALUES (?1, ?2, ?3, ?4, '[]', ?5, 0, ?6) ON CONFLICT (login) DO NOTHING RETURNING {COLUMNS}"
        ),
        values![secret::id("u")?, name.to_lowercase(), name, password.expose(), json::write(&grants)?, now],
        User::read,
    )?;
    let user = user.ok_or_else(|| Failure::conflict(format!("there is a user `{name}` already")))?;
    audit::done(tx, now, actor, "user.create", &user.name, serde_json::json!({ "grants": grants }))?;
    Ok(user)
}

/// The user and the password's hash, to be compared by the caller. None also where local users may not sign in.
///
/// # Errors
/// The database refuses.
pub fn local(tx: &mut Tx<'_>, name: &str) -> Result<Option<(User, Concealed)>, Failure> {
    if identity_provider::is_local_disabled(tx)? {
        return Ok(None);
    }
    tx.first(
        &format!("SELECT password, {COLUMNS} FROM user_account WHERE login = ?1 AND disabled = 0"),
        values![name.trim().to_lowercase()],
        |row| {
            let password = Concealed::new(row.take()?);
            Ok((User::read(row)?, password))
        },
    )
}

/// Meets a person that an identity provider vouches for, for the first time or again.
///
/// # Errors
/// The user was disabled here, or the database refuses.
pub fn vouched(tx: &mut Tx<'_>, who: &Vouched<'_>, now: Timestamp) -> Result<User, Failure> {
    bounds::text("issuer", who.issuer, 500)?;
    bounds::text("subject", who.subject, 500)?;
    bounds::text("name", who.name, 200)?;
    let user = tx.first(
        &format!(
            "INSERT INTO user_account (id, issuer, subject, name, email, member_of, grants, disabled, created, last_sign_in) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '[]', 0, ?7, ?7) ON CONFLICT (issuer, subject) DO UPDATE SET \
             name = excluded.name, email = excluded.email, member_of = excluded.member_of, \
             last_sign_in = excluded.last_sign_in RETURNING {COLUMNS}"
        ),
        values![secret::id("u")?, who.issuer, who.subject, who.name, who.email, json::write(&who.groups)?, now],
        User::read,
    )?;
    let user = user.ok_or_else(|| Failure::corrupt("the database kept no user"))?;
    if user.disabled {
        return Err(Failure::denied("this user is disabled: ask an administrator"));
    }
    Ok(user)
}

/// # Errors
/// The database refuses.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Option<User>, Failure> {
    tx.first(&format!("SELECT {COLUMNS} FROM user_account WHERE id = ?1"), values![id], User::read)
}

/// All users by name. There are as many as people: no pages.
///
/// # Errors
/// The database refuses.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<User>, Failure> {
    tx.query(&format!("SELECT {COLUMNS} FROM user_account ORDER BY name, id"), values![], User::read)
}

/// # Errors
/// The database refuses.
pub fn signed_in(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), Failure> {
    tx.execute("UPDATE user_account SET last_sign_in = ?1 WHERE id = ?2", values![now, id])?;
    Ok(())
}

/// A new password ends all sessions of the user.
///
/// # Errors
/// There is no such local user.
pub fn set_password(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    id: &str,
    password: &Concealed,
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "UPDATE user_account SET password = ?1 WHERE id = ?2 AND issuer IS NULL";
    if tx.execute(sql, values![password.expose(), id])? == 0 {
        return Err(Failure::missing("such local user"));
    }
    tx.execute("DELETE FROM session WHERE user_id = ?1", values![id])?;
    audit::done(tx, now, actor, "user.password", id, serde_json::Value::Null)
}

/// Makes the local user of this name an administrator with a new password, enabled again. None where there is no such user.
///
/// # Errors
/// The database refuses.
pub(crate) fn restore_admin(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    name: &str,
    password: &Concealed,
    now: Timestamp,
) -> Result<Option<User>, Failure> {
    let grants = [RoleGrant::everywhere(Role::Admin)];
    let user = tx.first(
        &format!(
            "UPDATE user_account SET password = ?1, grants = ?2, disabled = 0 WHERE login = ?3 RETURNING {COLUMNS}"
        ),
        values![password.expose(), json::write(&grants)?, name.trim().to_lowercase()],
        User::read,
    )?;
    let Some(user) = user else { return Ok(None) };
    tx.execute("DELETE FROM session WHERE user_id = ?1", values![&user.id])?;
    audit::done(tx, now, actor, "user.restore", &user.name, serde_json::json!({ "grants": grants }))?;
    Ok(Some(user))
}

/// A disabled user cannot sign in; sessions end, tokens stop working.
///
/// # Errors
/// There is no such user.
pub fn set_disabled(
    tx: &mut Tx<'_>,
    actor: &Actor<'_>,
    id: &str,
    disabled: bool,
    now: Timestamp,
) -> Result<(), Failure> {
    if tx.execute("UPDATE user_account SET disabled = ?1 WHERE id = ?2", values![disabled, id])? == 0 {
        return Err(Failure::missing("such user"));
    }
    if disabled {
        tx.execute("DELETE FROM session WHERE user_id = ?1", values![id])?;
    }
    audit::done(tx, now, actor, if disabled { "user.disable" } else { "user.enable" }, id, serde_json::Value::Null)
}
