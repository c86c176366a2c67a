//! Which values under a telling key are secrets, and which only stand for one: references, placeholders, switches.

use super::keys::Weight;

pub(super) fn is_secret(weight: Weight, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    if is_stand_in(value) {
        return false;
    }
    match weight {
        Weight::Password => value.len() >= 3 && !names_a_secret(value),
        Weight::Token => value.len() >= 8 && !is_name(value) && entropy(value) >= 2.5,
    }
}

/// Words that people write where a secret will be.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "change-me",
    "change_me",
    "change-it",
    "changeit",
    "replaceme",
    "replace-me",
    "replace_me",
    "replaced-",
    "replaced by",
    "placeholder",
    "redacted",
    "your-",
    "your_",
    "yourpass",
    "yoursecret",
    "yourtoken",
    "example",
    "dummy",
    "fixme",
    "***",
    "not-a-real",
    "not-real",
    "not-used",
    "notused",
    "to-be-",
    "insert-",
    "...",
];

/// Whole values that are settings or types.
const SWITCHES: &[&str] = &[
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "none",
    "null",
    "nil",
    "undefined",
    "required",
    "optional",
    "enabled",
    "disabled",
    "auto",
    "automatic",
    "string",
    "bytes",
    "unset",
    "empty",
    "secret",
    "token",
    "bearer",
    "basic",
    "vault",
    "kubernetes",
    "random",
    "generated",
    "always",
    "todo",
    "tbd",
    "fake",
    "never",
];

/// How values begin that say where the secret is.
const REFERENCES: &[&str] = &[
    "{{",
    "<",
    "[[",
    "!",
    "ref+",
    "vault:",
    "vault://",
    "secretref:",
    "secret:",
    "secret://",
    "arn:",
    "op://",
    "ssm:",
    "awssm:",
    "gcpsm:",
    "azurekv:",
    "akv:",
    "keyvault:",
    "projects/",
    "file:",
    "env:",
    "env.",
    "enc[",
    "enc(",
    "{cipher}",
    "sha256:",
    "sha512:",
    "ssh-rsa ",
    "ssh-ed25519 ",
    "ecdsa-sha2",
    "-----begin certificate",
    "-----begin public",
    "process.env",
    "os.environ",
    "os.getenv",
    "system.getenv",
    "@microsoft.keyvault",
    "k8s:",
    "secretkeyref",
    "valuefrom",
    "kubernetes.io/",
    "data:",
    "urn:",
    "self.",
    "this.",
    "config.",
    "args.",
    "request.",
    "http.",
];

/// True for what holds the place of a secret, or says where it is.
pub(super) fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.is_empty()
        || SWITCHES.contains(&lower.as_str())
        || REFERENCES.iter().any(|start| lower.starts_with(start))
        || PLACEHOLDERS.iter().any(|word| lower.contains(word))
        || lower.bytes().filter(|byte| *byte == b'x').count() * 2 >= lower.len()
        || is_variable(value)
        || is_quantity(value)
        || is_path(value)
        || is_harmless_url(value)
        || is_code(value)
        || value.split_whitespace().nth(2).is_some()
        || value.bytes().all(|byte| Some(byte) == value.bytes().next())
}

/// `$NAME`, `${NAME}`, `$(NAME)`, `%NAME%`, `@NAME@`, `__NAME__`, `#{NAME}`, and values made up of such.
fn is_variable(value: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let between = |open: &str, close: &str| value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    value.contains("${")
        || value.contains("$(")
        || value.contains("{{")
        || value.contains("#{")
        || value.starts_with('`')
        || value.strip_prefix('$').is_some_and(is_name)
        || between("%", "%").is_some_and(is_name)
        || between("@", "@").is_some_and(is_name)
        || between("__", "__").is_some_and(is_name)
}

/// Numbers, also with a unit: lengths, lifetimes, ports.
fn is_quantity(value: &str) -> bool {
    let digits = value.trim_start_matches('-').trim_end_matches(|character: char| character.is_ascii_alphabetic());
    value.len() - digits.len() <= 3
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'_' | b':'))
}

fn is_path(value: &str) -> bool {
    let rooted = ["/", "./", "../", "~/", "C:\\", "c:\\"].iter().any(|root| value.starts_with(root));
    // A random string in base64 may begin with a slash, but has no extension and no second one near.
    rooted && !value.contains(char::is_whitespace) && !(value.len() >= 32 && looks_random(value))
}

fn is_harmless_url(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// Calls and indexings: the value is computed.
fn is_code(value: &str) -> bool {
    let call = |open: char| {
        value.find(open).is_some_and(|at| {
            at > 0
                && value.get(..at).is_some_and(|name| {
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
                })
        })
    };
    (call('(') && value.contains(')')) || (call('[') && value.contains(']'))
}

/// `db-password`, `my-app-secret`: the name of an object rather than what is in it.
fn names_a_secret(value: &str) -> bool {
    value.contains(['-', '_', '.', '/'])
        && value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
        && ["password", "secret", "token", "credential", "creds", "passwd"].iter().any(|word| value.contains(word))
}

/// Words, versions and short numbers put together: names of things, hosts, constants.
fn is_name(value: &str) -> bool {
    let mut words = value.split(['-', '_', '.', '/', ':', '@', ' ', ',']).peekable();
    let is_word = |word: &str| {
        let letters = word.trim_end_matches(|character: char| character.is_ascii_digit());
        let digits = word.len() - letters.len();
        let one_case = !letters.bytes().any(|byte| byte.is_ascii_lowercase())
            || !letters.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        letters.bytes().all(|byte| byte.is_ascii_alphabetic()) && digits <= 4 && (one_case || digits == 0)
    };
    if !words.clone().all(is_word) {
        return false;
    }
    let single = words.next().is_some() && words.peek().is_none();
    // One long word that calls itself secret is a poor secret, but one.
    let lower = value.to_ascii_lowercase();
    !(single && value.len() >= 12 && (lower.contains("secret") || lower.contains("key") || looks_random(value)))
}

/// Upper case, lower case and digits all through.
fn looks_random(value: &str) -> bool {
    let count = |test: fn(&u8) -> bool| value.as_bytes().iter().filter(|byte| test(byte)).count();
    let (upper, lower, digits) =
        (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase), count(u8::is_ascii_digit));
    upper >= 3 && lower >= 3 && digits >= 1 && entropy(value) > 3.8
}

/// Shannon's measure, in bits for each byte.
#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^52")]
pub(super) fn entropy(value: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = value.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}
