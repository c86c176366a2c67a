//! Made-up tokens of known formats, put together when a test runs so that scanners do not stop at the source.

/// A token, and the part of it that nobody may see.
#[derive(Debug, Clone)]
pub struct Token {
    /// What a detector should call it.
    pub looks_like: &'static str,
    pub text: String,
    pub secret: String,
}

/// Alphabets of token tails.
const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const MIXED: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A small generator: the same seed gives the same token.
struct Random(u64);

impl Random {
    fn tail(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        let mut tail: String = (0..length.saturating_sub(2))
            .map(|_| {
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(self.0 >> 33).unwrap_or(0) % letters.len();
                letters.get(at).copied().unwrap_or('7')
            })
            .collect();
        // Never only letters, whatever the seed.
        tail.push_str("7a".get(..length.min(2)).unwrap_or_default());
        if alphabet == UPPER { tail.to_ascii_uppercase() } else { tail }
    }
}

/// One token of every format, different for each `seed`.
pub fn tokens(seed: u64) -> Vec<Token> {
    let mut random = Random(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
    let mut tokens = Vec::new();
    for (looks_like, head, alphabet, length) in [
        ("AWS access key ID", "AKIA", UPPER, 16),
        ("AWS temporary access key ID", "ASIA", UPPER, 16),
        ("Google API key", "AIza", MIXED, 35),
        ("Google OAuth client secret", "GOCSPX-", MIXED, 28),
        ("Google OAuth access token", "ya29.", MIXED, 60),
        ("Microsoft Entra client secret", "abc8Q~", MIXED, 34),
        ("GitHub personal access token", "ghp_", MIXED, 36),
        ("GitHub OAuth token", "gho_", MIXED, 36),
        ("GitHub server token", "ghs_", MIXED, 36),
        ("GitHub fine-grained token", "github_pat_", MIXED, 60),
        ("GitLab personal access token", "glpat-", MIXED, 20),
        ("GitLab runner token", "glrt-", MIXED, 20),
        ("Slack bot token", "xoxb-123456789012-", MIXED, 24),
        ("Slack user token", "xoxp-123456789012-", MIXED, 24),
        ("Stripe secret key", "sk_live_", MIXED, 24),
        ("Stripe test key", "sk_test_", MIXED, 24),
        ("npm access token", "npm_", MIXED, 36),
        ("PyPI upload token", "pypi-", MIXED, 70),
        ("Vault token", "hvs.", MIXED, 24),
        ("OpenAI or Anthropic API key", "sk-proj-", MIXED, 48),
        ("OpenAI or Anthropic API key", "sk-ant-api03-", MIXED, 48),
        ("Hugging Face token", "hf_", MIXED, 34),
        ("Twilio API key", "SK", HEX, 32),
        ("DigitalOcean access token", "dop_v1_", HEX, 64),
        ("Databricks token", "dapi", HEX, 32),
        ("Dynatrace token", "dt0c01.A1B2C3D4E5F6G7H8I9J0K1L2.", UPPER, 64),
        ("age secret key", "AGE-SECRET-KEY-1", UPPER, 58),
        ("private key in base64", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ", MIXED, 40),
        ("bcrypt password hash", "$2a$10$", MIXED, 53),
        ("Telegram bot token", "12345678:AA", MIXED, 33),
    ] {
        let secret = random.tail(alphabet, length);
        tokens.push(Token { looks_like, text: format!("{head}{secret}"), secret });
    }
    let mut add = |looks_like, around: &dyn Fn(&str) -> String, length: usize| {
        let secret = random.tail(MIXED, length);
        tokens.push(Token { looks_like, text: around(&secret), secret });
    };
    let jwt_head = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0";
    let (upper, hex) = ("A1B2C3D4E5F6G7H8I9J0K1L2", "8f3a9c1e");
    add("JSON web token", &|tail| format!("{jwt_head}.{tail}"), 43);
    add("SendGrid API key", &|tail| format!("SG.a1B2c3D4e5F6g7H8i9J0k1.{tail}"), 43);
    add("Grafana service account token", &|tail| format!("glsa_{tail}_{hex}"), 32);
    add(
        "private key",
        &|tail| format!("-----BEGIN RSA {} KEY-----\n{tail}\n-----END RSA {} KEY-----", "PRIVATE", "PRIVATE"),
        64,
    );
    add("private key", &|tail| format!("-----BEGIN OPENSSH {} KEY-----\n{tail}\n", "PRIVATE"), 64);
    add("registry credentials", &|tail| format!("{{\"auths\":{{\"r.example\":{{\"auth\":\"{tail}\"}}}}}}"), 24);
    add("authorization header", &|tail| format!("Authorization: Bearer {tail}"), 30);
    add("password in a URL", &|tail| format!("postgres://app:{tail}@db.example/app"), 14);
    add("password in a URL", &|tail| format!("redis://:{tail}@cache:6379/0"), 14);
    add("password in a connection string", &|tail| format!("app:{tail}@tcp(db:3306)/app"), 14);
    add("Slack webhook", &|tail| format!("https://hooks.slack.com/services/T{upper}/B{upper}/{tail}"), 24);
    tokens
}

/// A password without a format, which only its key gives away.
pub fn password(seed: u64) -> String {
    Random(seed).tail(MIXED, 12)
}
