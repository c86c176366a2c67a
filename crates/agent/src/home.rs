//! The agent's data folder: who it is, what the plane wants of it, and the ring of what is not sent yet.
//!
//! Key and certificate are one file, so that there is no moment at which they do not belong together. A key that waits for
//! its certificate is on disk before the plane hears of it: an answer that is lost can be asked for again.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rampart_protocol::Desired;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::key::AgentKey;

pub struct Home {
    folder: PathBuf,
}

/// The agent as the plane knows it.
pub struct Identity {
    pub key: AgentKey,
    /// The plane's name for this agent.
    pub agent: String,
    pub certificate: CertificateDer<'static>,
    /// By the plane's clock.
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

const IDENTITY: &str = "identity.pem";
const NEXT_KEY: &str = "next.pem";
const DESIRED: &str = "desired.json";

impl Home {
    /// # Errors
    /// The folder can be neither found nor made.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| {
            format!("cannot make `{}`: {error}; name a folder that may be written with `--data`", folder.display())
        })?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Who this agent is; none before it joined.
    ///
    /// # Errors
    /// The file is there and cannot be used.
    pub fn identity(&self) -> Result<Option<Identity>, String> {
        let path = self.folder.join(IDENTITY);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("cannot read `{}`: {error}", path.display())),
        };
        let identity = Identity::read(&text);
        identity.map(Some).map_err(|why| {
            format!("`{}` is damaged: {why}; remove it and give the agent a new join token", path.display())
        })
    }

    /// # Errors
    /// The folder cannot be written.
    pub fn keep_identity(&self, key: &AgentKey, certificate: &str) -> Result<Identity, String> {
        let text = format!("{}{certificate}", key.expose_pem());
        let identity = Identity::read(&text)?;
        self.replace(IDENTITY, text.as_bytes())?;
        self.remove(NEXT_KEY)?;
        Ok(identity)
    }

    /// # Errors
    /// The folder cannot be written.
    pub fn forget_identity(&self) -> Result<(), String> {
        self.remove(IDENTITY)?;
        self.remove(NEXT_KEY)
    }

    /// The key that waits for a certificate: the one from last time, or a new one.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn next_key(&self) -> Result<AgentKey, String> {
        let kept = std::fs::read_to_string(self.folder.join(NEXT_KEY)).ok();
        if let Some(Ok(key)) = kept.map(|text| AgentKey::from_pem(&text)) {
            return Ok(key);
        }
        let key = AgentKey::generate()?;
        self.replace(NEXT_KEY, key.expose_pem().as_bytes())?;
        Ok(key)
    }

    /// What the plane wanted when it was heard last.
    pub fn desired(&self) -> Option<Desired> {
        let text = std::fs::read(self.folder.join(DESIRED)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// # Errors
    /// The folder cannot be written.
    pub fn keep_desired(&self, desired: &Desired) -> Result<(), String> {
        let text = serde_json::to_vec(desired).map_err(|error| format!("cannot write what is desired: {error}"))?;
        self.replace(DESIRED, &text)
    }

    fn replace(&self, name: &str, content: &[u8]) -> Result<(), String> {
        let path = self.folder.join(name);
        let part = self.folder.join(format!("{name}.part"));
        let written = (|| {
            self.remove_file(&part)?;
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
            file.write_all(content)?;
            file.sync_all()?;
            std::fs::rename(&part, &path)
        })();
        written.map_err(|error: io::Error| format!("cannot write `{}`: {error}", path.display()))
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        let path = self.folder.join(name);
        self.remove_file(&path).map_err(|error| format!("cannot remove `{}`: {error}", path.display()))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Identity {
    fn read(text: &str) -> Result<Self, String> {
        let certificate = CertificateDer::from_pem_slice(text.as_bytes())
            .map_err(|error| format!("the certificate cannot be read: {error}"))?
            .into_owned();
        let (agent, not_before, not_after) = {
            let (_, read) = x509_parser::parse_x509_certificate(&certificate)
                .map_err(|error| format!("the certificate cannot be read: {error}"))?;
            let name = read.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
            let at = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp());
            let validity = read.validity();
            let agent = name.ok_or("the certificate names no agent")?.to_owned();
            (agent, at(validity.not_before), at(validity.not_after))
        };
        let never = |error: jiff::Error| format!("the certificate has no time: {error}");
        Ok(Self {
            key: AgentKey::from_pem(text)?,
            agent,
            certificate,
            not_before: not_before.map_err(never)?,
            not_after: not_after.map_err(never)?,
        })
    }

    /// When to ask for the next certificate: two thirds through this one's life.
    pub fn renewal(&self) -> Timestamp {
        let life = self.not_after.duration_since(self.not_before);
        self.not_before.saturating_add(life / 3 * 2).unwrap_or(self.not_after)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn certificate(key: &AgentKey) -> String {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "a-1");
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 1, 31);
        params.self_signed(&rcgen::KeyPair::from_pem(&key.expose_pem()).unwrap()).unwrap().pem()
    }

    #[test]
    fn identity_is_kept_for_this_agent_alone_and_renewed_at_two_thirds() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(&folder.path().join("data")).unwrap();
        assert!(home.identity().unwrap().is_none());
        let key = home.next_key().unwrap();
        assert_eq!(home.next_key().unwrap().expose_pem(), key.expose_pem(), "the same one is asked for again");
        home.keep_identity(&key, &certificate(&key)).unwrap();
        let identity = home.identity().unwrap().unwrap();
        assert_eq!(identity.agent, "a-1");
        assert_eq!(identity.renewal().to_string(), "2026-01-21T00:00:00Z");
        let path = home.folder().join(IDENTITY);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!home.folder().join(NEXT_KEY).exists());
        assert_ne!(home.next_key().unwrap().expose_pem(), key.expose_pem());
        std::fs::write(&path, "rubbish").unwrap();
        assert!(home.identity().err().unwrap().contains("is damaged"));
        home.forget_identity().unwrap();
        assert!(home.identity().unwrap().is_none());
    }
}
