//! What all notifications share: the mail server, and whether private networks may be reached.

use axum::Json;
use axum::extract::State;
use rampart_store::{Concealed, Failure, SealKey, Tx, setting};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::email;
use crate::auth::{Caller, Role};
use crate::input::Body;
use crate::{Plane, Problem};

/// The name of the setting.
const NAME: &str = "notifications";
/// What the mail server's password is sealed for.
const PLACE: &str = "smtp password";

/// As it is stored; the password is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    #[serde(default)]
    pub allow_private: bool,
    #[serde(default)]
    pub smtp: Option<Smtp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Smtp {
    pub server: String,
    pub port: u16,
    pub security: Security,
    pub from: String,
    pub user: Option<String>,
    sealed: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Security {
    Tls,
    Starttls,
    /// Only for a server on this machine.
    None,
}

impl Smtp {
    /// # Errors
    /// It was sealed with another key.
    pub fn password(&self, key: &SealKey) -> Result<Option<Concealed>, Failure> {
        self.sealed.as_deref().map(|sealed| key.open(PLACE, sealed)).transpose()
    }
}

/// # Errors
/// The database refuses.
pub(crate) fn read(tx: &mut Tx<'_>) -> Result<Settings, Failure> {
    Ok(setting::get(tx, NAME)?.unwrap_or_default())
}

/// What is shared by all notifications.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationSettings {
    /// Whether webhooks and mail servers in private networks may be reached.
    allow_private: bool,
    #[serde(default)]
    smtp: Option<MailServer>,
}

/// Where e-mail is handed in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MailServer {
    server: String,
    port: u16,
    security: Security,
    from: String,
    #[serde(default)]
    user: Option<String>,
    /// Only taken, never shown; absent keeps the one that is known for the same server and user.
    #[serde(default, skip_serializing)]
    #[schema(write_only)]
    password: Option<String>,
    #[serde(default, skip_deserializing)]
    #[schema(read_only)]
    has_password: bool,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailServer").field("server", &self.server).finish_non_exhaustive()
    }
}

impl From<Settings> for NotificationSettings {
    fn from(settings: Settings) -> Self {
        let smtp = settings.smtp.map(|smtp| MailServer {
            has_password: smtp.sealed.is_some(),
            server: smtp.server,
            port: smtp.port,
            security: smtp.security,
            from: smtp.from,
            user: smtp.user,
            password: None,
        });
        Self { allow_private: settings.allow_private, smtp }
    }
}

/// The mail server and what may be reached.
#[utoipa::path(get, path = "/notifications/settings", tag = "notifications", responses((status = 200, body = NotificationSettings), (status = 403)))]
pub async fn show(State(plane): State<Plane>, caller: Caller) -> Result<Json<NotificationSettings>, Problem> {
    caller.require(Role::Admin)?;
    Ok(Json(plane.read(read).await?.into()))
}

/// Sets the mail server and what may be reached.
#[utoipa::path(
    put, path = "/notifications/settings", tag = "notifications", request_body = NotificationSettings,
    responses((status = 200, body = NotificationSettings), (status = 403), (status = 422)),
)]
pub async fn change(
    State(plane): State<Plane>,
    caller: Caller,
    Body(wanted): Body<NotificationSettings>,
) -> Result<Json<NotificationSettings>, Problem> {
    caller.require(Role::Admin)?;
    if let Some(smtp) = &wanted.smtp {
        check(smtp)?;
    }
    let now = plane.now();
    let (state, wanted) = (plane.clone(), std::sync::Arc::new(wanted));
    let settings = plane
        .write(move |tx| {
            let known = read(tx)?;
            let settings = merged(&wanted, known, state.sign_in().seal())?;
            setting::set(tx, &caller.actor(), NAME, &settings, now)?;
            Ok(settings)
        })
        .await?;
    plane.bus().poke(crate::bus::Poke::Deliveries);
    Ok(Json(settings.into()))
}

fn merged(wanted: &NotificationSettings, known: Settings, key: &SealKey) -> Result<Settings, Failure> {
    let Some(smtp) = &wanted.smtp else {
        return Ok(Settings { allow_private: wanted.allow_private, smtp: None });
    };
    let sealed = match smtp.password.as_deref().filter(|password| !password.is_empty()) {
        Some(password) => Some(key.seal(PLACE, password)?),
        // A password must not be told to another server.
        None => known
            .smtp
            .filter(|known| known.server == smtp.server && known.user == smtp.user)
            .and_then(|known| known.sealed),
    };
    let smtp = Smtp {
        server: smtp.server.clone(),
        port: smtp.port,
        security: smtp.security,
        from: smtp.from.clone(),
        user: smtp.user.clone(),
        sealed,
    };
    Ok(Settings { allow_private: wanted.allow_private, smtp: Some(smtp) })
}

fn check(smtp: &MailServer) -> Result<(), Problem> {
    let host = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ':');
    if smtp.server.is_empty() || smtp.server.len() > 253 || !smtp.server.chars().all(host) {
        return Err(Problem::invalid("smtp.server", "name the mail server's host, such as smtp.example.org"));
    }
    if smtp.port == 0 {
        return Err(Problem::invalid("smtp.port", "a port is 1 to 65535; 465 for tls, 587 for starttls"));
    }
    if smtp.security == Security::None && !super::address::is_loopback(&smtp.server) {
        return Err(Problem::invalid("smtp.security", "only a mail server on this machine may do without TLS"));
    }
    match email::addresses(&smtp.from).as_deref() {
        Ok([_]) => Ok(()),
        _ => Err(Problem::invalid("smtp.from", "name one e-mail address to send from")),
    }
}
