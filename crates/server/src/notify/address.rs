//! Which addresses news may go to: over TLS, and not into the plane's own network unless that was allowed. A name is
//! looked up once, and what was checked is what is connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Checks the form of a target.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub(super) fn check(target: &str, allow_private: bool) -> Result<(), String> {
    let uri: http::Uri = target.parse().map_err(|_| "the target is no address; write `https://..`".to_owned())?;
    let host = uri.host().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| "the target names no host; write `https://host/path`".to_owned())?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err("the target must not hold a user or a password; give the route a secret".to_owned());
    }
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(host) => return Ok(()),
        _ => return Err("the target must begin with `https://`: news would be readable on the way".to_owned()),
    }
    match literal(host) {
        Some(address) if !allow_private && !is_public(address) && !address.is_loopback() => Err(private(host)),
        _ => Ok(()),
    }
}

fn private(host: &str) -> String {
    format!("`{}` is in a private network; allow that in the settings of notifications", host.escape_debug())
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// This very machine, by name or number.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || literal(host).is_some_and(|address| address.is_loopback())
}

/// Whether an address is one of the internet at large.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    // Only global unicast, without the tunnels and translations that lead to addresses of version 4.
    (first & 0xe000) == 0x2000 && first != 0x2002 && !(first == 0x2001 && (second == 0 || second == 0xdb8))
}

/// Looks names up, and forgets addresses that are not to be reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup {
    pub allow_private: bool,
}

impl Lookup {
    /// The addresses of a host that may be connected to.
    ///
    /// # Errors
    /// There is none.
    pub async fn host(self, host: &str) -> Result<Vec<SocketAddr>, String> {
        let found = tokio::net::lookup_host((host, 0)).await;
        let found = found.map_err(|error| format!("`{}` cannot be looked up: {error}", host.escape_debug()))?;
        let is_own = is_loopback(host);
        let fits = |address: &SocketAddr| {
            self.allow_private || is_public(address.ip()) || (is_own && address.ip().is_loopback())
        };
        let fit: Vec<SocketAddr> = found.filter(fits).collect();
        if fit.is_empty() { Err(private(host)) } else { Ok(fit) }
    }
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = *self;
        Box::pin(async move {
            let found = lookup.host(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_reached_by_tls_and_not_in_private_networks() {
        for target in
            ["https://hooks.example/x", "http://127.0.0.1:80/x", "http://localhost/x", "https://[2606:4700::1]/"]
        {
            assert_eq!(check(target, false), Ok(()), "{target}");
        }
        for target in [
            "http://hooks.example/x",
            "https://a:b@hooks.example",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://0.0.0.0/",
            "ftp://x",
            "x",
            "",
        ] {
            assert!(check(target, false).is_err(), "{target}");
        }
        assert_eq!(check("https://10.0.0.1/", true), Ok(()));
        assert!(check("http://10.0.0.1/", true).is_err());
    }

    #[test]
    fn tunnels_do_not_lead_inside() {
        for address in
            ["100.64.0.1", "192.0.0.8", "198.18.0.1", "240.0.0.1", "::1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1"]
        {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        assert!(is_public("1.1.1.1".parse().unwrap()));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_unless_it_is_called_so() {
        let lookup = Lookup { allow_private: false };
        assert!(lookup.host("localhost").await.is_ok());
        assert!(lookup.host("10.1.2.3").await.is_err());
        assert!(Lookup { allow_private: true }.host("10.1.2.3").await.is_ok());
    }
}
