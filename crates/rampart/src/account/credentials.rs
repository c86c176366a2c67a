//! Where the command line keeps its sign-in: one file in the user's own folder of settings, which nobody else may read.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::exit::Refused;
use crate::output;

/// A sign-in. Not for logs: it holds the token.
pub struct Credentials {
    pub server: String,
    /// Certificates in PEM that are trusted for this plane.
    pub authorities: Option<String>,
    pub token: String,
}

/// # Errors
/// The file is there but cannot be read, or others may read it.
pub fn load() -> Result<Option<Credentials>, Refused> {
    load_from(&place()?)
}

/// The path of what was written.
///
/// # Errors
/// It cannot be written.
pub fn save(credentials: &Credentials) -> Result<PathBuf, Refused> {
    let path = place()?;
    save_to(&path, credentials)?;
    Ok(path)
}

/// # Errors
/// The file cannot be removed.
pub fn forget() -> Result<(), Refused> {
    let path = place()?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Refused::error(format!("cannot remove `{}`: {}", path.display(), output::cause(&error))))
        }
        _ => Ok(()),
    }
}

fn place() -> Result<PathBuf, Refused> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("RAMPART_CONFIG")
        .or_else(|| set("XDG_CONFIG_HOME").map(|folder| folder.join("rampart")))
        .or_else(|| set("HOME").map(|home| home.join(".config/rampart")))
        .ok_or_else(|| Refused::usage("there is no place to keep a sign-in: set $HOME or $RAMPART_CONFIG"))?;
    Ok(folder.join("login.json"))
}

fn load_from(path: &Path) -> Result<Option<Credentials>, Refused> {
    let refused = |why: &str| Refused::error(format!("cannot use `{}`: {why}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(&output::cause(&error))),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(|error| refused(&output::cause(&error)))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(refused("others may read it; run `rampart login` again after removing it"));
        }
    }
    let value: Value =
        serde_json::from_str(&text).map_err(|_| refused("it is damaged; remove it and run `rampart login`"))?;
    let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match (word("server"), word("token")) {
        (Some(server), Some(token)) => Ok(Some(Credentials { server, token, authorities: word("authorities") })),
        _ => Err(refused("it names no server or token; remove it and run `rampart login`")),
    }
}

fn save_to(path: &Path, credentials: &Credentials) -> Result<(), Refused> {
    let refused =
        |error: std::io::Error| Refused::error(format!("cannot write `{}`: {}", path.display(), output::cause(&error)));
    let mut folder = fs::DirBuilder::new();
    let mut file = fs::OpenOptions::new();
    folder.recursive(true);
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        file.mode(0o600);
    }
    folder.create(path.parent().unwrap_or(Path::new("."))).map_err(refused)?;
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let value =
        json!({ "server": credentials.server, "authorities": credentials.authorities, "token": credentials.token });
    let write = || {
        let mut out = file.open(&part)?;
        out.write_all(format!("{value:#}\n").as_bytes())?;
        out.sync_all()?;
        fs::rename(&part, path)
    };
    let written = write();
    if written.is_err() {
        // Nobody needs half a sign-in; that it cannot be removed either adds nothing.
        let _ = fs::remove_file(&part);
    }
    written.map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_read_back_and_nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/rampart/login.json");
        assert!(load_from(&path).unwrap().is_none());
        let credentials =
            Credentials { server: "https://p".into(), authorities: Some("pem".into()), token: "rmp_x".into() };
        save_to(&path, &credentials).unwrap();
        let back = load_from(&path).unwrap().unwrap();
        assert_eq!(
            (back.server.as_str(), back.token.as_str(), back.authorities.as_deref()),
            ("https://p", "rmp_x", Some("pem"))
        );
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        save_to(&path, &credentials).unwrap();
    }

    #[test]
    fn a_sign_in_that_others_may_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login.json");
        fs::write(&path, r#"{"server": "https://p", "token": "rmp_x"}"#).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(load_from(&path).err().unwrap().message.contains("others may read it"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "{").unwrap();
        assert!(load_from(&path).err().unwrap().message.contains("damaged"));
    }
}
