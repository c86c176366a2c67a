//! Which keys say that their value is secret: `DB_PASSWORD`, `clientSecret`, `spring.datasource.password`, `--api-key`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What a key promises of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Any value but a placeholder is a credential, however simple.
    Password,
    /// Only a value that looks random is one: such keys also hold names.
    Token,
}

impl Weight {
    pub(super) fn looks_like(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token or key",
        }
    }
}

/// What every telling key contains.
const NEEDLES: &[&str] = &[
    "pass",
    "pwd",
    "secret",
    "token",
    "credential",
    "masterauth",
    "apikey",
    "api_key",
    "api-key",
    "api.key",
    "accesskey",
    "access_key",
    "access-key",
    "accountkey",
    "account_key",
    "account-key",
    "privatekey",
    "private_key",
    "private-key",
    "encryptionkey",
    "encryption_key",
    "encryption-key",
    "encryption.key",
    "signingkey",
    "signing_key",
    "signing-key",
    "signing.key",
    "masterkey",
    "master_key",
    "master-key",
    "authkey",
    "auth_key",
    "auth-key",
    "sessionkey",
    "session_key",
    "session-key",
    "storagekey",
    "storage_key",
    "storage-key",
    "sharedkey",
    "shared_key",
    "shared-key",
    "licensekey",
    "license_key",
    "license-key",
    "hmac_key",
    "hmac-key",
    "hmackey",
    "jwt_key",
    "jwt-key",
    "jwtkey",
    "aes_key",
    "client-key-data",
    "_pat",
];

#[expect(clippy::expect_used, reason = "the patterns are constants, and a test builds them")]
pub(super) static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(NEEDLES)
        .expect("constant needles make an automaton")
});

/// Words behind the telling one that leave its meaning: `PASSWORD_PROD`, `SECRET_KEY_BASE`.
const QUALIFIERS: &[&str] = &[
    "value",
    "base64",
    "b64",
    "prod",
    "production",
    "prd",
    "dev",
    "stage",
    "staging",
    "test",
    "live",
    "primary",
    "secondary",
    "old",
    "new",
    "current",
    "plain",
    "plaintext",
    "text",
    "data",
    "base",
    "string",
    "default",
    "hash",
];

/// Words that make of the key something else than a secret.
const HARMLESS: &[&str] = &[
    "public",
    "pub",
    "min",
    "max",
    "next",
    "page",
    "continue",
    "continuation",
    "csrf",
    "no",
    "sort",
    "checksum",
    "sha256",
    "digest",
    "fingerprint",
];

/// What a `key` must belong to to be secret; others are keys of maps, caches and sorting.
const KEY_OWNERS: &[&str] = &[
    "api",
    "access",
    "account",
    "secret",
    "private",
    "encryption",
    "signing",
    "master",
    "auth",
    "session",
    "storage",
    "shared",
    "license",
    "hmac",
    "jwt",
    "aes",
];

pub(super) fn weigh(key: &str) -> Option<Weight> {
    // Longer keys are no keys but text.
    if key.len() > 120 || !FINDER.is_match(key) {
        return None;
    }
    let words = words(key);
    if words.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return None;
    }
    let is_qualifier =
        |word: &&String| QUALIFIERS.contains(&word.as_str()) || word.bytes().all(|byte| byte.is_ascii_digit());
    let mut telling = words.iter().rev().skip_while(is_qualifier);
    let last = telling.next()?.trim_end_matches(|character: char| character.is_ascii_digit());
    let before = telling.next().map_or("", String::as_str);
    let ends = |endings: &[&str]| endings.iter().any(|ending| last.ends_with(ending));
    if ends(&["password", "passwd", "passphrase", "passwort", "pwd", "requirepass", "masterauth", "masterpass"])
        || matches!(last, "pass" | "passcode" | "dbpass" | "userpass" | "mypass" | "pgpass" | "smtppass" | "rootpass")
    {
        return Some(Weight::Password);
    }
    let is_token = ends(&["secret", "token", "apikey", "accesskey", "secretkey", "privatekey", "accountkey"])
        || ends(&["signingkey", "masterkey", "encryptionkey", "authkey", "sessionkey", "storagekey", "sharedkey"])
        || matches!(last, "credential" | "credentials" | "creds" | "pat" | "licensekey" | "hmackey" | "jwtkey")
        || (last == "key" && KEY_OWNERS.contains(&before))
        || (last == "key" && before == "client" && words.last().is_some_and(|word| word == "data"));
    is_token.then_some(Weight::Token)
}

/// `clientSecret`, `CLIENT_SECRET`, `client-secret` and `client.secret` are two words each, in lower case.
fn words(key: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for character in key.chars() {
        if !character.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            was_lower = false;
            continue;
        }
        if character.is_ascii_uppercase() && was_lower && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        was_lower = character.is_lowercase() || character.is_ascii_digit();
        word.push(character.to_ascii_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_by_their_last_word() {
        for key in [
            "DB_PASSWORD",
            "PGPASSWORD",
            "password",
            "MYSQL_PWD",
            "smtpPassword",
            "spring.datasource.password",
            "--requirepass",
            "SMTP_PASS",
            "DB_PASSWORD_2",
            "--fix-password",
            "adminPasswd",
            "ADMIN_PASSWORD_PROD",
        ] {
            assert_eq!(weigh(key), Some(Weight::Password), "{key}");
        }
        for key in [
            "API_KEY",
            "apiKey",
            "OCR_API_KEY",
            "clientSecret",
            "SECRET_KEY_BASE",
            "NotebookApp.token",
            "-secret",
            "AccountKey",
            "SharedAccessKey",
            "AWS_SECRET_ACCESS_KEY",
            "authtoken",
            "client-key-data",
            "JWT_SECRET",
        ] {
            assert_eq!(weigh(key), Some(Weight::Token), "{key}");
        }
    }

    #[test]
    fn keys_about_secrets_are_not_keys_of_secrets() {
        for key in [
            "PASSWORD_FILE",
            "tokenPath",
            "secretName",
            "PASSWORD_POLICY",
            "ACCESS_TOKEN_LIFESPAN",
            "TOKEN_ISSUER",
            "AWS_ACCESS_KEY_ID",
            "publicKey",
            "maxTokens",
            "secretKeyRef",
            "imagePullSecrets",
            "tokenizer",
            "bypass",
            "key",
            "sortKey",
            "signing_key_file",
            "passwordless",
            "secretary",
            "SECRET_STORE",
            "compass",
            "MAX_TOKEN",
            "path",
            "update",
            "topologyKey",
        ] {
            assert_eq!(weigh(key), None, "{key}");
        }
    }
}
