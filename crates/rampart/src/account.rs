//! `rampart login`, `logout`, `whoami`: the command line as a user of a plane, signed in by a code that a browser confirms.

pub mod api;
mod credentials;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::exit::{Exit, Refused};
use crate::output;
use crate::terminal::Terminal;
use api::Api;
use credentials::Credentials;

const LOCAL: &str = "https://127.0.0.1:8443";

#[derive(Debug, Args)]
pub struct Login {
    /// Address of the plane; without it, the one of the last sign-in, or the plane of this machine.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Certificate authority of the plane (PEM), where the system does not know it.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Whoami {
    /// Print what the plane answers as JSON.
    #[arg(long)]
    pub json: bool,
}

/// # Errors
/// The plane cannot be reached, or nobody confirms.
pub fn login(arguments: &Login, terminal: &Terminal) -> Result<Exit, Refused> {
    let known = credentials::load()?;
    let known = known.as_ref();
    let server = arguments.server.as_deref().or(known.map(|known| known.server.as_str())).unwrap_or(LOCAL);
    let authorities = match &arguments.ca {
        Some(path) => Some(certificates(&output::read(path)?).ok_or_else(|| {
            Refused::usage(format!("`{}` holds no certificate in PEM: name the plane's authority", path.display()))
        })?),
        None => known.filter(|known| known.server == server).and_then(|known| known.authorities.clone()),
    };
    run(async {
        let api = Api::new(server, authorities.as_deref(), None)?;
        let device = api.post("/api/v1/auth/device", &json!({})).await?.good()?;
        let word = |name: &str| device.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        terminal.say(&format!(
            "Open this page in a browser that is signed in, and check that the code is {}:\n\n  {}\n",
            output::plain(&word("userCode")),
            output::plain(&word("verificationUri")),
        ));
        let mut pause = device.get("interval").and_then(Value::as_u64).unwrap_or(5).clamp(1, 60);
        let question = json!({ "deviceCode": word("deviceCode") });
        let granted = loop {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            let answer = api.post("/api/v1/auth/device/token", &question).await?;
            match answer.status {
                428 => {}
                429 => pause = (pause + 5).min(60),
                _ => break answer.good()?,
            }
        };
        let token = granted.get("token").and_then(Value::as_str).unwrap_or_default().to_owned();
        let path = credentials::save(&Credentials {
            server: api.server().to_owned(),
            authorities: authorities.clone(),
            token: token.clone(),
        })?;
        // A token that this one replaces is of no use to anybody.
        if let Some(earlier) = known.filter(|known| known.server == api.server()) {
            let _ = Api::new(&earlier.server, earlier.authorities.as_deref(), Some(&earlier.token))?
                .post("/api/v1/auth/logout", &json!({}))
                .await;
        }
        let session =
            Api::new(api.server(), authorities.as_deref(), Some(&token))?.get("/api/v1/session").await?.good()?;
        terminal.say(&format!(
            "signed in to {} as {}; the token is in `{}`",
            api.server(),
            name(&session),
            path.display()
        ));
        Ok(Exit::Pass)
    })
}

/// # Errors
/// The plane cannot be told; the token is forgotten here anyway.
pub fn logout(terminal: &Terminal) -> Result<Exit, Refused> {
    let Some(known) = credentials::load()? else {
        terminal.say("nobody is signed in");
        return Ok(Exit::Pass);
    };
    credentials::forget()?;
    run(async {
        let api = Api::new(&known.server, known.authorities.as_deref(), Some(&known.token))?;
        match api.post("/api/v1/auth/logout", &json!({})).await {
            // 401: the token was over already.
            Ok(answer) if answer.status == 401 || answer.is_good() => {
                terminal.say(&format!("signed out of {}", known.server));
                Ok(Exit::Pass)
            }
            outcome => {
                let why = outcome.and_then(api::Answer::good).err().map(|refused| refused.message).unwrap_or_default();
                let words =
                    "the token is forgotten here, but the plane was not told; revoke it under Settings, API tokens";
                Err(Refused::error(format!("{words}: {why}")))
            }
        }
    })
}

/// # Errors
/// Nobody is signed in, or the plane cannot be reached.
pub fn whoami(arguments: &Whoami, terminal: &Terminal) -> Result<Exit, Refused> {
    let known = credentials::load()?
        .ok_or_else(|| Refused::error("nobody is signed in: run `rampart login --server https://..`"))?;
    run(async {
        let api = Api::new(&known.server, known.authorities.as_deref(), Some(&known.token))?;
        let answer = api.get("/api/v1/session").await?;
        if answer.status == 401 {
            return Err(Refused::error(format!("the sign-in at {} is over: run `rampart login`", known.server)));
        }
        let session = answer.good()?;
        if arguments.json {
            // Only whoever holds a browser session has use for this; a token has none.
            terminal.print(&format!("{session:#}\n"))?;
            return Ok(Exit::Pass);
        }
        let mut text = format!("{} at {}\n", name(&session), known.server);
        for grant in session.get("grants").and_then(Value::as_array).into_iter().flatten() {
            text.push_str(&format!("  {}\n", output::plain(&grant_words(grant))));
        }
        terminal.print(&text)?;
        Ok(Exit::Pass)
    })
}

fn name(session: &Value) -> String {
    let name = session.get("user").and_then(|user| user.get("name")).and_then(Value::as_str);
    output::plain(name.unwrap_or("somebody"))
}

fn grant_words(grant: &Value) -> String {
    let list = |name: &str, all: &str| {
        let globs: Vec<&str> =
            grant.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if globs.is_empty() { all.to_owned() } else { format!("{name} {}", globs.join(", ")) }
    };
    let role = grant.get("role").and_then(Value::as_str).unwrap_or("nothing");
    format!("{role}: {}, {}", list("clusters", "all clusters"), list("namespaces", "all namespaces"))
}

/// Only the certificates: a file of the plane may hold its key beside them.
fn certificates(text: &str) -> Option<String> {
    let mut kept = String::new();
    let mut is_inside = false;
    for line in text.lines().map(str::trim_end) {
        is_inside |= line == "-----BEGIN CERTIFICATE-----";
        if is_inside {
            kept.push_str(line);
            kept.push('\n');
        }
        is_inside &= line != "-----END CERTIFICATE-----";
    }
    (!kept.is_empty()).then_some(kept)
}

fn run(work: impl Future<Output = Result<Exit, Refused>>) -> Result<Exit, Refused> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Refused::error(format!("the runtime cannot start: {error}")))?.block_on(work)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_key_beside_the_certificate_is_not_kept() {
        let text = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n\
                    -----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";
        let kept = super::certificates(text).unwrap();
        assert!(kept.contains("abc") && !kept.contains("secret"), "{kept}");
        assert_eq!(super::certificates("nothing"), None);
    }

    #[test]
    fn grants_are_told_in_words() {
        let grant = json!({"role": "operator", "clusters": ["prod-*"], "namespaces": []});
        assert_eq!(super::grant_words(&grant), "operator: clusters prod-*, all namespaces");
    }
}
