//! True and false alarms. Tokens are put together here so that other scanners do not stop at this file.

use super::*;

/// One made-up token of each format: a head that names it and a tail that is random.
pub(crate) fn tokens() -> Vec<(&'static str, String)> {
    let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let mixed = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z6a7B8c9D0e1F2g3H4i5J6k7";
    let upper = "A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6Q7R8S9T0U1V2W3X4Y5Z6A7B8C9D0E1F2";
    let make = |head: &str, tail: &str, length: usize| format!("{head}{}", &tail[..length]);
    vec![
        ("AWS access key ID", make("AKIA", upper, 16)),
        ("AWS access key ID", format!("AKIA{}", "IOSFODNN7EXAMPLE")),
        ("AWS temporary access key ID", make("ASIA", upper, 16)),
        ("Google API key", make("AIza", mixed, 35)),
        ("Google OAuth client secret", make("GOCSPX-", mixed, 28)),
        ("Google OAuth access token", make("ya29.", mixed, 60)),
        ("Microsoft Entra client secret", format!("abc8{}", make("Q~", mixed, 34))),
        ("GitHub personal access token", make("ghp_", mixed, 36)),
        ("GitHub OAuth token", make("gho_", mixed, 36)),
        ("GitHub server token", make("ghs_", mixed, 36)),
        ("GitHub fine-grained token", make("github_pat_", mixed, 60)),
        ("GitLab personal access token", make("glpat-", mixed, 20)),
        ("GitLab runner token", make("glrt-", mixed, 20)),
        ("Slack bot token", make("xoxb-", "123456789012-123456789012-a1B2c3D4e5F6g7H8", 40)),
        ("Slack user token", make("xoxp-", "123456789012-123456789012-a1B2c3D4e5F6g7H8", 40)),
        ("Stripe secret key", make("sk_live_", mixed, 24)),
        ("Stripe test key", make("sk_test_", mixed, 24)),
        ("npm access token", make("npm_", mixed, 36)),
        ("PyPI upload token", make("pypi-", mixed, 70)),
        ("JSON web token", format!("eyJ{}.eyJ{}.{}", &mixed[..20], &mixed[..30], &mixed[..43])),
        ("Vault token", make("hvs.", mixed, 24)),
        ("OpenAI or Anthropic API key", make("sk-proj-", mixed, 48)),
        ("OpenAI or Anthropic API key", make("sk-ant-api03-", mixed, 48)),
        ("Hugging Face token", make("hf_", mixed, 34)),
        ("SendGrid API key", format!("SG.{}.{}", &mixed[..22], &mixed[..43])),
        ("Twilio API key", make("SK", hex, 32)),
        ("DigitalOcean access token", make("dop_v1_", hex, 64)),
        ("Dynatrace token", format!("dt0c01.{}.{}", &upper[..24], &upper[..64])),
        ("Grafana service account token", format!("glsa_{}_{}", &mixed[..32], &hex[..8])),
        ("Databricks token", make("dapi", hex, 32)),
        ("age secret key", make("AGE-SECRET-KEY-1", upper, 58)),
        ("private key", format!("-----BEGIN RSA {} KEY-----\n{mixed}\n-----END RSA {} KEY-----", "PRIVATE", "PRIVATE")),
        ("private key", format!("-----BEGIN OPENSSH {} KEY-----\n{mixed}\n", "PRIVATE")),
        ("private key in base64", make(&format!("LS0tLS1CRUdJTi{}", "BSU0EgUFJJVkFURSBLRVktLS0tLQ"), mixed, 40)),
        ("bcrypt password hash", make("$2a$10$", mixed, 53)),
        ("registry credentials", r#"{"auths":{"r.example":{"auth":"dXNlcjpodW50ZXIy"}}}"#.to_owned()),
        ("registry credentials", r#"{\"auths\":{\"r.example\":{\"auth\":\"dXNlcjpodW50ZXIy\"}}}"#.to_owned()),
        ("authorization header", format!("Authorization: Bearer {}", &mixed[..30])),
        ("password in a URL", "postgres://app:hunter2@db.example/app".to_owned()),
        ("password in a URL", "redis://:r3disPassw0rd@cache:6379/0".to_owned()),
        ("password in a connection string", "app:hunter2@tcp(db:3306)/app".to_owned()),
        (
            "Slack webhook",
            format!("https://hooks.slack.com/services/T{}/B{}/{}", &upper[..8], &upper[..8], &mixed[..24]),
        ),
        ("Telegram bot token", format!("12345678:AA{}", &mixed[..33])),
    ]
}

#[test]
fn every_known_format_is_seen_by_itself_and_in_a_text() {
    for (looks_like, token) in tokens() {
        for text in [
            token.clone(),
            format!("first=1\nother={token}\nlast=2"),
            format!("{{\"x\":\"a\\n{token}\"}}"),
            format!("--flag={token} --more"),
        ] {
            let found = find(&text);
            assert!(found.iter().any(|sighting| sighting.looks_like == looks_like), "{looks_like}: {text}: {found:?}");
        }
    }
}

#[test]
fn a_value_under_a_telling_key_is_seen() {
    for (key, value) in [
        ("DB_PASSWORD", "hunter2"),
        ("MYSQL_ROOT_PASSWORD", "root"),
        ("POSTGRES_PASSWORD", "postgres"),
        ("MQ_ADMIN_PASSWORD", "passw0rd"),
        ("password", "S3ssion#Key-8841"),
        ("PASSWORD", "correct horse"),
        ("smtpPassword", "Cl3aring-Mail"),
        ("JWT_SECRET", "supersecretkey"),
        ("API_KEY", "9f86d081884c7d659a2feaa0c55ad015"),
        ("CLIENT_SECRET", "0e8a5c3e-7f4b-4c1d-9a26-3f5b7f0e6f11"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzKEY"),
        ("AWS_SECRET_ACCESS_KEY", "/JalrXUtnFEMI+K7MDENG+bPxRfiCYzzzzzzzKEY"),
        ("token", "kubeadm.0123456789abcdef"),
    ] {
        assert!(judge(key, value).is_some(), "{key}={value}");
    }
}

#[test]
fn what_stands_for_a_secret_is_none() {
    for (key, value) in [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "changeme"),
        ("DB_PASSWORD", "CHANGE_ME"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "$(DB_PASSWORD)"),
        ("DB_PASSWORD", "$DB_PASSWORD"),
        ("DB_PASSWORD", "<your password>"),
        ("DB_PASSWORD", "{{ .Values.password }}"),
        ("DB_PASSWORD", "xxxxxxxx"),
        ("DB_PASSWORD", "********"),
        ("DB_PASSWORD", "example"),
        ("DB_PASSWORD", "vault:secret/data/db#password"),
        ("DB_PASSWORD", "db-password"),
        ("DB_PASSWORD", "/run/secrets/db-password"),
        ("DB_PASSWORD", "%DB_PASSWORD%"),
        ("DB_PASSWORD", "none"),
        ("TOKEN", "true"),
        ("TOKEN", "3600"),
        ("TOKEN", "24h"),
        ("TOKEN", "kubernetes"),
        ("CLIENT_SECRET", "oauth-client-secret"),
        ("API_KEY", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("SECRET", "https://vault.example/v1/secret"),
        ("TOKEN", "/var/run/secrets/tokens/api"),
        ("PASSWORD_FILE", "/run/secrets/x"),
        ("ACCESS_TOKEN_LIFESPAN", "a1B2c3D4e5F6g7H8"),
        ("tokenPath", "a1B2c3D4e5F6g7H8"),
        ("DATABASE_URL", "postgres://db.example/app?sslmode=require"),
        ("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db.example/app"),
        ("DATABASE_URL", "postgres://app:$(DB_PASSWORD)@db.example/app"),
        ("DATABASE_URL", "postgres://app:changeme@db.example/app"),
        ("IMAGE", "registry.example/team/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ("REQUEST_ID", "0e8a5c3e-7f4b-4c1d-9a26-3f5b7f0e6f11"),
        (
            "PUBLIC_KEY",
            "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEabcdefgh\n-----END PUBLIC KEY-----",
        ),
        ("CERT", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUabcdefgh\n-----END CERTIFICATE-----"),
        ("SSH", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0abcdefgh user@host"),
        ("GREETING", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("PWD", "/app"),
    ] {
        assert_eq!(judge(key, value), None, "{key}={value}");
    }
}

#[test]
fn secrets_in_text_are_seen_with_their_key() {
    for (text, key) in [
        ("a: 1\nspring.datasource.password=hunter2\n", "spring.datasource.password"),
        ("smtp:\n  host: x\n  password: \"hunter2\"\n", "password"),
        ("{\"a\": 1, \"dbPassword\": \"hunter2\"}", "dbPassword"),
        ("{\\\"dbPassword\\\":\\\"hunter2\\\"}", "dbPassword"),
        ("[db]\npassword = hunter22\n", "password"),
        ("export DB_PASSWORD='hunter2'; run", "DB_PASSWORD"),
        ("<server><password>hunter2</password></server>", "password"),
        ("--user app --password hunter2", "--password"),
        ("[\"--password\", \"hunter2\"]", "--password"),
        ("- name: DB_PASSWORD\n  value: hunter2\n", "DB_PASSWORD"),
        ("Server=db;User Id=app;Password=hunter2;Encrypt=true", "Password"),
        ("DefaultEndpointsProtocol=https;AccountKey=wJalrXUtnFEMIK7MDENGbPxRfiCYzzKEY==;", "AccountKey"),
        ("password: |\n  hunter2\n", "password"),
    ] {
        let found = find(text);
        let keys: Vec<_> = found.iter().filter_map(|one| text.get(one.key.clone()?)).collect();
        assert_eq!(keys, [key], "{text}");
        assert!(
            found.iter().all(|one| text.get(one.range.clone()).unwrap().trim_end_matches("==").len() >= 7),
            "{text}"
        );
    }
}

#[test]
fn texts_about_secrets_raise_no_alarm() {
    for text in [
        "password: ${DB_PASSWORD}\n",
        "password = os.environ[\"DB_PASSWORD\"]\n",
        "password = get_password()\n",
        "if password == \"\" {",
        "secretName: web-tls",
        "valueFrom:\n  secretKeyRef:\n    name: db\n    key: password\n",
        "automountServiceAccountToken: false",
        "# the password is in the vault\n",
        "signing_key_file = \"/run/secrets/ledger/signing.key\"",
        "bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token",
        "kind: Secret\nname: my-app",
        "auth_request /validate;",
        "proxy_set_header Authorization $http_authorization;",
        "passwordPolicy: length(14)",
        "token: \"{{ .Token }}\"",
        "resources: [secrets, serviceaccounts/token]",
        "-----BEGIN PRIVATE KEY-----",
        "password: password123example",
        "{\"type\": \"password\", \"grant\": \"token\"}",
        "ssl_password = password",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}
