//! Secrets that the plane must be able to use itself, such as the identity provider's client secret: sealed with a key
//! that does not lie in the database, so that a copy of the database gives nothing away.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::failure::Failure;
use crate::{hex, secret};

const VERSION: &str = "v1";

/// 256 bits for AES-GCM.
pub struct SealKey {
    key: LessSafeKey,
    /// The beginning of the key's hash: says which key sealed a text without saying what it is.
    name: String,
}

impl SealKey {
    /// Reads 64 hexadecimal digits, such as from the environment.
    ///
    /// # Errors
    /// The text is no such key; the message does not repeat it.
    pub fn from_text(text: &str) -> Result<Self, Failure> {
        let bytes = hex::decode(text.trim()).filter(|bytes| bytes.len() == 32);
        let bytes = bytes.ok_or_else(|| Failure::invalid("key", "the sealing key is not 64 hexadecimal digits"))?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Failure::other("the sealing key is refused"))?;
        let name = hex::sha256(&bytes).chars().take(8).collect();
        Ok(Self { key: LessSafeKey::new(key), name })
    }

    /// Reads the key of a data folder; makes one where there is none, readable by its owner alone.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, Failure> {
        let cannot = |verb: &str, error: &std::io::Error| {
            Failure::other(format!("cannot {verb} the sealing key `{}`: {error}", path.display()))
        };
        match Self::create(path) {
            Ok(key) => return key,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(cannot("write", &error)),
        }
        let mut text = String::new();
        let file = File::open(path).map_err(|error| cannot("read", &error))?;
        file.take(1024).read_to_string(&mut text).map_err(|error| cannot("read", &error))?;
        Self::from_text(&text).map_err(|_| {
            Failure::other(format!(
                "`{}` is no sealing key: restore it from your backup of the data folder",
                path.display()
            ))
        })
    }

    /// The file appears with its whole content or not at all.
    fn create(path: &Path) -> std::io::Result<Result<Self, Failure>> {
        if path.exists() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let text = match secret::random::<32>() {
            Ok(bytes) => hex::encode(&bytes),
            Err(error) => return Ok(Err(error)),
        };
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // A link does not replace what another process made meanwhile.
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        linked?;
        Ok(Self::from_text(&text))
    }

    /// Seals `plain` for one place: it cannot be opened as another's.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn seal(&self, place: &str, plain: &str) -> Result<String, Failure> {
        let nonce: [u8; NONCE_LEN] = secret::random()?;
        let mut bytes = plain.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| Failure::other("the secret cannot be sealed"))?;
        Ok(format!("{VERSION}.{}.{}.{}", self.name, hex::encode(&nonce), hex::encode(&bytes)))
    }

    /// # Errors
    /// Sealed with another key or for another place, or damaged.
    pub fn open(&self, place: &str, sealed: &str) -> Result<secret::Concealed, Failure> {
        let damaged = || Failure::other(format!("the sealed secret of `{place}` is damaged: set it again"));
        let mut parts = sealed.split('.');
        let (Some(VERSION), Some(name), Some(nonce), Some(bytes), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(damaged());
        };
        if name != self.name {
            return Err(Failure::other(format!(
                "the secret of `{place}` was sealed with another key ({name}, not {}): bring that key back or set the secret again",
                self.name
            )));
        }
        let nonce = hex::decode(nonce).and_then(|nonce| <[u8; NONCE_LEN]>::try_from(nonce).ok()).ok_or_else(damaged)?;
        let mut bytes = hex::decode(bytes).ok_or_else(damaged)?;
        let plain = self
            .key
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut bytes)
            .map_err(|_| damaged())?;
        String::from_utf8(plain.to_vec()).map(secret::Concealed::new).map_err(|_| damaged())
    }
}

#[cfg(test)]
mod tests {
    use super::SealKey;

    #[test]
    fn a_sealed_secret_opens_with_its_key_and_place_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        let key = SealKey::from_file(&path).unwrap();
        let sealed = key.seal("identity", "hunter2").unwrap();
        assert!(!sealed.contains("hunter2"));
        let again = SealKey::from_file(&path).unwrap();
        assert_eq!(again.open("identity", &sealed).ok().unwrap().expose(), "hunter2");
        assert!(again.open("route", &sealed).is_err());
        let other = SealKey::from_text(&"ab".repeat(32)).unwrap();
        let refused = other.open("identity", &sealed).err().unwrap().to_string();
        assert!(refused.contains("another key") && !refused.contains("hunter2"), "{refused}");
        assert!(again.open("identity", &sealed.replace("v1.", "v2.")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        SealKey::from_file(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_broken_key_file_is_named_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        std::fs::write(&path, "short").unwrap();
        assert!(SealKey::from_file(&path).err().unwrap().to_string().contains("is no sealing key"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "short");
    }
}
