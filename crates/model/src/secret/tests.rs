//! True and false alarms.

use rampart_testkit::tokens::{Token, tokens};

use super::*;

#[test]
fn every_known_format_is_seen_by_itself_and_in_a_text() {
    let documented =
        Token { looks_like: "AWS access key ID", text: format!("AKIA{}", "IOSFODNN7EXAMPLE"), secret: String::new() };
    let escaped = Token {
        looks_like: "registry credentials",
        text: r#"{\"auths\":{\"r.example\":{\"auth\":\"dXNlcjpodW50ZXIy\"}}}"#.to_owned(),
        secret: String::new(),
    };
    let all = (0..20).flat_map(tokens).chain([documented, escaped]);
    for Token { looks_like, text: token, .. } in all {
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
