//! Credentials among the words of a command line: of a container, a probe or a lifecycle hook.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/credential-in-command",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Credential on a command line",
    why: "Beside everyone who may get the workload, every process on the node that can list processes reads a command line, \
          and logs and crash reports repeat it.",
    fix: "Pass the credential as a mounted file (most programs take a `..-file` option), or refer to a variable that comes \
          from a Secret; then replace the credential.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.4.1"),
        Mapping(Standard::CisKubernetes, "5.4.2"),
        Mapping(Standard::MitreAttack, "T1552"),
    ],
    check: Check::Pod { run },
};

/// Where a container keeps command lines.
const LINES: &[&[&str]] = &[
    &["command"],
    &["args"],
    &["livenessProbe", "exec", "command"],
    &["readinessProbe", "exec", "command"],
    &["startupProbe", "exec", "command"],
    &["lifecycle", "postStart", "exec", "command"],
    &["lifecycle", "preStop", "exec", "command"],
];

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for container in pod.containers() {
        for line in LINES.iter().filter_map(|path| container.value.dig(path)) {
            let mut before = "";
            for word in line.items() {
                let Some(text) = word.str() else { continue };
                if let Some((name, looks_like)) = credential(before, text) {
                    let container = container.name();
                    report.finding(
                        &pod.object.subject(),
                        Place::Secret(word),
                        format!("{container}/{name}"),
                        format!("command line of container `{container}` holds a credential ({looks_like}): {name}"),
                    );
                }
                before = text;
            }
        }
    }
}

/// What names the credential, and what it looks like.
fn credential<'t>(before: &'t str, word: &'t str) -> Option<(String, &'static str)> {
    if let Some(sighting) = secret::find(word).first() {
        let key = sighting.key.clone().and_then(|key| word.get(key));
        return Some((key.map_or_else(|| "in an argument".to_owned(), |key| format!("`{key}`")), sighting.looks_like));
    }
    // `--password`, `hunter2` as two words.
    let flag = Some(before).filter(|flag| flag.starts_with('-') && !flag.contains('='))?;
    let is_user = matches!(flag, "-u" | "--user" | "--userpwd");
    let in_user = word.split_once(':').filter(|_| is_user).map(|(_, password)| password);
    match in_user {
        Some(password) => secret::judge("password", password).map(|found| (format!("`{flag}`"), found.looks_like)),
        None => {
            let sighting = secret::judge(flag, word).filter(|_| !word.starts_with('-'))?;
            Some((format!("`{flag}`"), sighting.looks_like))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_seen_in_one_word_and_in_two() {
        for (before, word, name) in [
            ("", "--fix-password=Fix42Session", "`--fix-password`"),
            ("--requirepass", "r3disPassw0rd", "`--requirepass`"),
            ("-u", "jenkins:hunter2", "`-u`"),
            ("-c", "export DB_PASSWORD=hunter2; exec app", "`DB_PASSWORD`"),
            ("", "ftp://export:Exp0rt88@mainframe.example/GDG", "in an argument"),
        ] {
            assert_eq!(credential(before, word).map(|(name, _)| name).as_deref(), Some(name), "{before} {word}");
        }
    }

    #[test]
    fn switches_and_references_are_no_credentials() {
        for (before, word) in [
            ("--password-file", "/run/secrets/x"),
            ("--token", "$(TOKEN)"),
            ("--password", "--other"),
            ("-u", "1000:1000"),
            ("", "--NotebookApp.token=''"),
            ("", "--service-account-extend-token-expiration=false"),
            ("-c", "exec app --password=\"$PASSWORD\""),
            ("-c", "exec app --password=\"$(cat /run/secrets/db)\" --token ${TOKEN}"),
        ] {
            assert_eq!(credential(before, word), None, "{before} {word}");
        }
    }
}
