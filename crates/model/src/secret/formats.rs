//! Tokens that show by their shape who issued them.
//!
//! Each format has a literal needle that all of its tokens contain. One automaton finds the needles; the format's pattern
//! is then tried at that place only.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

use super::{Care, Ground, Sighting, values};

struct Format {
    needle: &'static str,
    looks_like: &'static str,
    /// From the needle on.
    pattern: &'static str,
    /// How many bytes of the token stand before the needle.
    before: usize,
}

const fn format(needle: &'static str, looks_like: &'static str, pattern: &'static str) -> Format {
    Format { needle, looks_like, pattern, before: 0 }
}

const FORMATS: &[Format] = &[
    format("AKIA", "AWS access key ID", "^AKIA[0-9A-Z]{16}"),
    format("ASIA", "AWS temporary access key ID", "^ASIA[0-9A-Z]{16}"),
    format("AIza", "Google API key", "^AIza[0-9A-Za-z_-]{35}"),
    format("GOCSPX-", "Google OAuth client secret", "^GOCSPX-[0-9A-Za-z_-]{28}"),
    format("ya29.", "Google OAuth access token", "^ya29\\.[0-9A-Za-z_-]{20,}"),
    Format {
        needle: "Q~",
        looks_like: "Microsoft Entra client secret",
        pattern: "^Q~[0-9A-Za-z_~.-]{31,34}",
        before: 4,
    },
    format("sig=", "Azure shared access signature", "^sig=[0-9A-Za-z%/+]{43,}(?:%3[dD]|=)"),
    format("ghp_", "GitHub personal access token", "^ghp_[0-9A-Za-z]{36,}"),
    format("gho_", "GitHub OAuth token", "^gho_[0-9A-Za-z]{36,}"),
    format("ghu_", "GitHub user token", "^ghu_[0-9A-Za-z]{36,}"),
    format("ghs_", "GitHub server token", "^ghs_[0-9A-Za-z]{36,}"),
    format("ghr_", "GitHub refresh token", "^ghr_[0-9A-Za-z]{36,}"),
    format("github_pat_", "GitHub fine-grained token", "^github_pat_[0-9A-Za-z_]{36,}"),
    format("glpat-", "GitLab personal access token", "^glpat-[0-9A-Za-z_.-]{20,}"),
    format("gldt-", "GitLab deploy token", "^gldt-[0-9A-Za-z_-]{20,}"),
    format("glptt-", "GitLab trigger token", "^glptt-[0-9A-Za-z_-]{20,}"),
    format("glrt-", "GitLab runner token", "^glrt-[0-9A-Za-z_.-]{20,}"),
    format("glcbt-", "GitLab job token", "^glcbt-[0-9A-Za-z_-]{20,}"),
    format("glagent-", "GitLab agent token", "^glagent-[0-9A-Za-z_-]{40,}"),
    format("GR1348941", "GitLab runner registration token", "^GR1348941[0-9A-Za-z_-]{20}"),
    format("ATBB", "Bitbucket app password", "^ATBB[0-9A-Za-z]{28,}"),
    format("ATATT3", "Atlassian API token", "^ATATT3[0-9A-Za-z_=-]{60,}"),
    format("xoxb-", "Slack bot token", "^xoxb-[0-9A-Za-z-]{10,}"),
    format("xoxp-", "Slack user token", "^xoxp-[0-9A-Za-z-]{10,}"),
    format("xoxa-", "Slack app token", "^xoxa-[0-9A-Za-z-]{10,}"),
    format("xoxr-", "Slack refresh token", "^xoxr-[0-9A-Za-z-]{10,}"),
    format("xoxs-", "Slack session token", "^xoxs-[0-9A-Za-z-]{10,}"),
    format("xoxe", "Slack configuration token", "^xoxe[.-][0-9A-Za-z.-]{20,}"),
    format("xapp-", "Slack app-level token", "^xapp-[0-9]-[0-9A-Za-z-]{20,}"),
    format(
        "hooks.slack.com/",
        "Slack webhook",
        "^hooks\\.slack\\.com/(?:services|workflows|triggers)/[0-9A-Za-z/+]{30,}",
    ),
    format("/api/webhooks/", "Discord webhook", "^/api/webhooks/[0-9]{15,}/[0-9A-Za-z_-]{60,}"),
    Format { needle: ":AA", looks_like: "Telegram bot token", pattern: "^:AA[0-9A-Za-z_-]{32,33}", before: 8 },
    format("sk_live_", "Stripe secret key", "^sk_live_[0-9A-Za-z]{16,}"),
    format("rk_live_", "Stripe restricted key", "^rk_live_[0-9A-Za-z]{16,}"),
    format("sk_test_", "Stripe test key", "^sk_test_[0-9A-Za-z]{16,}"),
    format("rk_test_", "Stripe restricted test key", "^rk_test_[0-9A-Za-z]{16,}"),
    format("whsec_", "webhook signing secret", "^whsec_[0-9A-Za-z+/=]{24,}"),
    format("sq0csp-", "Square OAuth secret", "^sq0csp-[0-9A-Za-z_-]{40,}"),
    format("shpat_", "Shopify access token", "^shpat_[0-9A-Fa-f]{32}"),
    format("shpss_", "Shopify shared secret", "^shpss_[0-9A-Fa-f]{32}"),
    format("npm_", "npm access token", "^npm_[0-9A-Za-z]{36}"),
    format("pypi-", "PyPI upload token", "^pypi-[0-9A-Za-z_-]{50,}"),
    format("rubygems_", "RubyGems API key", "^rubygems_[0-9a-f]{48}"),
    format("oy2", "NuGet API key", "^oy2[0-9a-z]{43}"),
    format("AKCp", "Artifactory API key", "^AKCp[0-9A-Za-z]{69,}"),
    format("eyJ", "JSON web token", "^eyJ[0-9A-Za-z_-]{10,}\\.eyJ[0-9A-Za-z_-]{10,}\\.[0-9A-Za-z_-]{10,}"),
    format("hvs.", "Vault token", "^hvs\\.[0-9A-Za-z_-]{24,}"),
    format("hvb.", "Vault batch token", "^hvb\\.[0-9A-Za-z_-]{24,}"),
    format("hvr.", "Vault recovery token", "^hvr\\.[0-9A-Za-z_-]{24,}"),
    format("dp.pt.", "Doppler token", "^dp\\.pt\\.[0-9A-Za-z]{40,}"),
    format("dp.st.", "Doppler service token", "^dp\\.st\\.[0-9A-Za-z._-]{40,}"),
    format(
        "sk-",
        "OpenAI or Anthropic API key",
        "^sk-(?:proj-|svcacct-|admin-|ant-[0-9a-z]+-|or-v1-)?[0-9A-Za-z_-]{20,}",
    ),
    format("hf_", "Hugging Face token", "^hf_[0-9A-Za-z]{30,}"),
    format("SG.", "SendGrid API key", "^SG\\.[0-9A-Za-z_-]{16,32}\\.[0-9A-Za-z_-]{16,64}"),
    format("SK", "Twilio API key", "^SK[0-9a-f]{32}"),
    format("key-", "Mailgun API key", "^key-[0-9a-f]{32}"),
    format("dop_v1_", "DigitalOcean access token", "^dop_v1_[0-9a-f]{64}"),
    format("doo_v1_", "DigitalOcean OAuth token", "^doo_v1_[0-9a-f]{64}"),
    format("dor_v1_", "DigitalOcean refresh token", "^dor_v1_[0-9a-f]{64}"),
    format("dt0", "Dynatrace token", "^dt0[a-z][0-9]{2}\\.[0-9A-Z]{8,}\\.[0-9A-Z]{20,}"),
    format("NRAK-", "New Relic key", "^NRAK-[0-9A-Z]{27}"),
    format("glsa_", "Grafana service account token", "^glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"),
    format("glc_", "Grafana Cloud token", "^glc_[0-9A-Za-z+/]{32,}"),
    format("sntrys_", "Sentry organisation token", "^sntrys_[0-9A-Za-z+/=_-]{40,}"),
    format("sntryu_", "Sentry user token", "^sntryu_[0-9a-f]{64}"),
    format("dapi", "Databricks token", "^dapi[0-9a-f]{32}"),
    format("PMAK-", "Postman API key", "^PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    format("pul-", "Pulumi access token", "^pul-[0-9a-f]{40}"),
    format("lin_api_", "Linear API key", "^lin_api_[0-9A-Za-z]{40}"),
    format("tskey-", "Tailscale key", "^tskey-[a-z]+-[0-9A-Za-z-]{15,}"),
    format("sbp_", "Supabase token", "^sbp_[0-9a-f]{40}"),
    format("pscale_", "PlanetScale secret", "^pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_.-]{32,}"),
    Format {
        needle: ".atlasv1.",
        looks_like: "Terraform Cloud token",
        pattern: "^\\.atlasv1\\.[0-9A-Za-z_=-]{60,}",
        before: 14,
    },
    format("AGE-SECRET-KEY-1", "age secret key", "^AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    format("-----BEGIN ", "private key", "^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    format("PuTTY-User-Key-File-", "private key", "^PuTTY-User-Key-File-[23]: [0-9a-z-]+"),
    format(
        "LS0tLS1CRUdJTi",
        "private key in base64",
        "^LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJ|BFQyBQUklW|BEU0EgUFJJ|BPUEVOU1NI|BFTkNSWVBU)[0-9A-Za-z+/=]+",
    ),
    format("$2a$", "bcrypt password hash", "^\\$2a\\$[0-9]{2}\\$[0-9A-Za-z./]{53}"),
    format("$2b$", "bcrypt password hash", "^\\$2b\\$[0-9]{2}\\$[0-9A-Za-z./]{53}"),
    format("$2y$", "bcrypt password hash", "^\\$2y\\$[0-9]{2}\\$[0-9A-Za-z./]{53}"),
    format("$6$", "password hash", "^\\$6\\$(?:rounds=[0-9]+\\$)?[0-9A-Za-z./]{1,16}\\$[0-9A-Za-z./]{60,}"),
    format("$apr1$", "password hash", "^\\$apr1\\$[0-9A-Za-z./]{1,8}\\$[0-9A-Za-z./]{22}"),
    format("\"auth", "registry credentials", "^\"auth\\\\?\"\\s*:\\s*\\\\?\"[0-9A-Za-z+/_-]{8,}={0,2}"),
    format(
        "uthorization",
        "authorization header",
        "^uthorization[\"']?\\s*[:=]\\s*\\\\?[\"']?(?:[Bb]earer|[Bb]asic|[Tt]oken)\\s+[0-9A-Za-z._~+/=-]{12,}",
    ),
    // Read by hand: see `credentials_in_url` and `credentials_before_address`.
    format("://", URL, ""),
    format("@tcp(", DSN, ""),
    format("@unix(", DSN, ""),
];

const URL: &str = "password in a URL";
const DSN: &str = "password in a connection string";

struct Finder {
    needles: AhoCorasick,
    patterns: Vec<Regex>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants, and a test builds them")]
static FINDER: LazyLock<Finder> = LazyLock::new(|| Finder {
    needles: AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .match_kind(MatchKind::LeftmostLongest)
        .build(FORMATS.iter().map(|format| format.needle))
        .expect("constant needles make an automaton"),
    patterns: FORMATS.iter().map(|format| Regex::new(format.pattern).expect("constant patterns compile")).collect(),
});

pub(super) fn find(text: &str, care: Care, found: &mut Vec<Sighting>) {
    let finder = &*FINDER;
    for hit in finder.needles.find_iter(text) {
        let Some((format, pattern)) =
            FORMATS.get(hit.pattern().as_usize()).zip(finder.patterns.get(hit.pattern().as_usize()))
        else {
            continue;
        };
        let range = match format.looks_like {
            URL => credentials_in_url(text, hit.end(), care),
            DSN => credentials_before_address(text, hit.start()),
            _ => token(text, hit.start(), format, pattern, care),
        };
        found.extend(range.map(|range| Sighting {
            looks_like: format.looks_like,
            ground: Ground::Format,
            key: None,
            range,
        }));
    }
}

fn token(text: &str, at: usize, format: &Format, pattern: &Regex, care: Care) -> Option<std::ops::Range<usize>> {
    let matched = pattern.find(text.get(at..)?)?.end();
    let start = at.checked_sub(format.before)?;
    let (token, end) = (text.get(start..at + matched)?, at + matched);
    if format.needle == "-----BEGIN " {
        return private_key(text, start, end, care);
    }
    if care == Care::Report {
        // In the midst of a longer word it is something else, unless that word is an escape such as `\n`.
        let bytes = text.as_bytes();
        let alone_before = format.needle.starts_with(['"', '$', '/', 'u', 'h'])
            || start == 0
            || bytes.get(start - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric())
            || (start >= 2 && bytes.get(start - 2) == Some(&b'\\'));
        if !alone_before || bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) || is_filler(token) {
            return None;
        }
    }
    Some(start..end)
}

/// `xxxx`, `0000` and the like behind a real prefix, or only words: nothing that was ever issued.
fn is_filler(token: &str) -> bool {
    let tail = token.get(token.len().saturating_sub(16)..).unwrap_or(token);
    let mut seen: Vec<u8> = tail.bytes().collect();
    seen.sort_unstable();
    seen.dedup();
    let is_random =
        token.bytes().any(|byte| byte.is_ascii_digit()) || token.bytes().any(|byte| byte.is_ascii_uppercase());
    seen.len() < 5 || !is_random
}

/// From the opening line to the end marker; where there is none, to the end.
fn private_key(text: &str, start: usize, end: usize, care: Care) -> Option<std::ops::Range<usize>> {
    let body = text.get(end..)?;
    let length = body.find("-----END ").map_or(body.len(), |marker| marker + "-----END ".len());
    let letters = body.get(..length)?.bytes().filter(|byte| byte.is_ascii_alphanumeric()).count();
    // A bare opening line is a pattern or an explanation.
    let is_key = care == Care::Mask || letters >= 24;
    is_key.then_some(start..end + length)
}

fn ends_credentials(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>')
}

/// The password of `scheme://user:password@host`; `at` is behind the slashes.
fn credentials_in_url(text: &str, at: usize, care: Care) -> Option<std::ops::Range<usize>> {
    let rest = text.get(at..)?;
    let end = rest.bytes().position(|byte| ends_credentials(byte) || matches!(byte, b'/' | b'?' | b'#'));
    let authority = rest.get(..end.unwrap_or(rest.len()))?;
    // A password may hold an @ that nobody escaped.
    let (credentials, _) = authority.rsplit_once('@')?;
    let (user, password) = credentials.split_once(':')?;
    let is_example = matches!(password, "pass" | "password" | "pw" | "pwd" | "secret")
        && matches!(user, "user" | "username" | "login" | "usr");
    if password.is_empty() || (care == Care::Report && (values::is_stand_in(password) || is_example)) {
        return None;
    }
    let start = at + user.len() + 1;
    Some(start..start + password.len())
}

/// The password of `user:password@tcp(host)`; `at` is the @.
fn credentials_before_address(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let before = text.get(..at)?;
    let from = before.bytes().rposition(|byte| ends_credentials(byte) || byte == b'=').map_or(0, |end| end + 1);
    let credentials = before.get(from..)?;
    let (user, password) = credentials.split_once(':')?;
    let is_password = !password.is_empty() && !values::is_stand_in(password);
    is_password.then(|| from + user.len() + 1..at)
}
