//! Who asks, and what they may do: sign-in, sessions, tokens, roles. Every handler takes a [`Caller`]; without one, nothing is
//! answered.

mod caller;
mod cookie;
mod denials;
mod device;
mod door;
mod first_run;
mod identity;
mod local;
mod oidc;
mod origin;
mod page;
mod password;
mod return_path;
mod roles;
mod session;
mod shapes;
mod sign_in;
mod throttle;
mod tokens;

#[cfg(test)]
mod tests;

use std::path::Path;

use rampart_store::SealKey;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use caller::Caller;
pub(crate) use denials::record as record_denials;
pub use first_run::admin_link;
pub(crate) use first_run::announce;
pub use rampart_store::role::Role;

use crate::{Options, Plane};
use oidc::fetch::Fetch;
use oidc::provider::Providers;
use password::Passwords;
use throttle::{Limits, Throttle};

/// What sign-in remembers in this process. Nothing of it is needed after a restart.
pub struct Memory {
    seal: SealKey,
    providers: Providers,
    passwords: Passwords,
    guesses: Throttle,
    devices: Throttle,
    codes: Throttle,
    denials: denials::Bounds,
}

impl Memory {
    /// # Errors
    /// The sealing key or the identity provider's authorities cannot be read.
    pub fn open(options: &Options) -> Result<Self, String> {
        let seal = match &options.seal_key {
            Some(key) => SealKey::from_text(key.reveal()),
            None => SealKey::from_file(&options.data.join("seal.key")),
        };
        let fetch = Fetch::new(options.identity_ca.as_deref().map(Path::new)).map_err(|error| error.to_string())?;
        Ok(Self {
            seal: seal.map_err(|error| error.to_string())?,
            providers: Providers::new(fetch),
            passwords: Passwords::default(),
            guesses: Throttle::new(Limits { both: 5, address: 30, account: 100 }),
            devices: Throttle::new(Limits { both: 20, address: 20, account: 500 }),
            codes: Throttle::new(Limits { both: 10, address: 100, account: 10 }),
            denials: denials::Bounds::default(),
        })
    }

    /// Seals what the plane must be able to use itself.
    pub(crate) fn seal(&self) -> &SealKey {
        &self.seal
    }
}

/// Below `/api/v1`: sign-in, sessions, tokens, role mapping.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(session::methods))
        .routes(routes!(session::session))
        .routes(routes!(session::sign_out))
        .routes(routes!(local::sign_in))
        .routes(routes!(first_run::first_run))
        .routes(routes!(sign_in::start))
        .routes(routes!(sign_in::callback))
        .routes(routes!(device::start))
        .routes(routes!(device::token))
        .routes(routes!(device::approve))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(roles::get, roles::change))
        .routes(routes!(roles::preview))
        .routes(routes!(roles::versions))
        .routes(routes!(identity::get, identity::change))
        .routes(routes!(identity::test))
}
