//! `rampart agent manifest`: the YAML that installs an agent.
//!
//! Words of the user stand in it as JSON strings, which are YAML, after they were checked.

use std::path::PathBuf;

use clap::Args;
use reqwest::Url;
use serde_json::Value;

use crate::exit::{Exit, Refused};
use crate::output;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct Manifest {
    /// Address of the plane, as the cluster reaches it.
    #[arg(long, value_name = "URL")]
    server: String,
    /// Name of the cluster in the plane.
    #[arg(long, value_name = "NAME")]
    cluster: String,
    /// Join token, as the plane showed it.
    #[arg(long, value_name = "TOKEN")]
    token: String,
    /// Namespace for the agent.
    #[arg(long, value_name = "NAME", default_value = "rampart")]
    namespace: String,
    /// Certificate authority of the plane (PEM), where the image's does not know it.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Image that holds this program.
    #[arg(long, value_name = "IMAGE", default_value = concat!("rampart:", env!("CARGO_PKG_VERSION")))]
    image: String,
    /// Leave Secrets out: rules about them then say that they saw none.
    #[arg(long)]
    without_secrets: bool,
}

const TEMPLATE: &str = include_str!("manifest.yaml");
const AUTHORITY: &str = include_str!("authority.yaml");

/// # Errors
/// A word is not what it must be.
pub fn run(arguments: &Manifest, terminal: &Terminal) -> Result<Exit, Refused> {
    let authority = arguments.ca.as_deref().map(output::read).transpose()?;
    terminal.print(&write(arguments, authority.as_deref())?)?;
    Ok(Exit::Pass)
}

fn write(arguments: &Manifest, authority: Option<&str>) -> Result<String, Refused> {
    let Manifest { server, cluster, token, namespace, image, .. } = arguments;
    let url: Url =
        server.parse().map_err(|error| Refused::usage(format!("`{server}` is no address of a plane: {error}")))?;
    if url.scheme() != "https" {
        return Err(Refused::usage(format!("`{server}` is not encrypted: give an address that begins with https://")));
    }
    if !is_label(namespace) {
        return Err(Refused::usage(format!("`{namespace}` is no name of a namespace")));
    }
    rampart_server::options::check_cluster_name(cluster).map_err(Refused::usage)?;
    if token.is_empty() || token.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(Refused::usage("the token is empty or holds white space: give it as the plane showed it"));
    }
    if authority.is_some_and(|text| !text.contains("BEGIN CERTIFICATE") || text.contains("PRIVATE KEY")) {
        return Err(Refused::usage("the file of `--ca` must hold certificates and nothing else"));
    }
    let port = url.port_or_known_default().unwrap_or(443);
    let quoted = |text: &str| Value::from(text).to_string();
    let mut text = TEMPLATE
        .replace("$NAMESPACE", namespace)
        .replace("$SERVER", &quoted(url.as_str().trim_end_matches('/')))
        .replace("$CLUSTER", &quoted(cluster))
        .replace("$TOKEN", &quoted(token))
        .replace("$IMAGE", &quoted(image))
        .replace("$PORT", &port.to_string())
        .replace("$VERSION", env!("CARGO_PKG_VERSION"));
    if arguments.without_secrets {
        text = text.replace("      - secrets # names, types and certificates; values are dropped as they arrive\n", "");
    }
    let marks = ["# authority: argument\n", "# authority: mount\n", "# authority: volume\n"];
    let insertions: [&str; 3] = match authority {
        Some(_) => [
            "            - --ca\n            - /etc/rampart/authority/ca.crt\n",
            "            - name: authority\n              mountPath: /etc/rampart/authority\n              readOnly: true\n",
            "        - name: authority\n          configMap:\n            name: rampart-authority\n",
        ],
        None => ["", "", ""],
    };
    for (mark, insertion) in marks.iter().zip(insertions) {
        text = text.replace(mark, insertion);
    }
    if let Some(authority) = authority {
        text += &AUTHORITY.replace("$NAMESPACE", namespace).replace("$AUTHORITY", &quoted(authority));
    }
    Ok(text)
}

/// A DNS label, as names of namespaces are.
fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
    let bytes = text.as_bytes();
    bytes.len() <= 63 && bytes.iter().copied().all(fits) && is_edge(bytes.first()) && is_edge(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Manifest {
        Manifest {
            server: "https://plane.example:8443/".to_owned(),
            cluster: "shop".to_owned(),
            token: "rmj_00".to_owned(),
            namespace: "rampart".to_owned(),
            ca: None,
            image: "registry.example/rampart:1".to_owned(),
            without_secrets: false,
        }
    }

    #[test]
    fn every_place_is_filled_in() {
        let text =
            write(&words(), Some("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")).ok().unwrap();
        assert!(!text.contains('$') && !text.contains("# authority"), "{text}");
        assert!(text.contains("\"https://plane.example:8443\"") && text.contains("port: 8443"));
        assert!(text.contains("- secrets #") && text.contains("rampart-authority"));
        let bare = write(&Manifest { without_secrets: true, ..words() }, None).ok().unwrap();
        assert!(!bare.contains("- secrets #") && !bare.contains("authority"), "{bare}");
    }

    #[test]
    fn words_that_would_break_the_yaml_or_the_promise_are_refused() {
        for wrong in [
            Manifest { server: "http://plane.example".to_owned(), ..words() },
            Manifest { server: "plane".to_owned(), ..words() },
            Manifest { namespace: "a\nb: c".to_owned(), ..words() },
            Manifest { namespace: "-a".to_owned(), ..words() },
            Manifest { cluster: "a: {}".to_owned(), ..words() },
            Manifest { token: "a b".to_owned(), ..words() },
        ] {
            assert!(write(&wrong, None).is_err(), "{wrong:?}");
        }
        assert!(write(&words(), Some("-----BEGIN PRIVATE KEY-----")).is_err());
    }
}
