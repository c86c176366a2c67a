//! X.509 certificates, as far as rules ask about them. Input is hostile: everything is bounded, nothing panics.

use core::net::IpAddr;

use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

use crate::base64;

/// Certificates of one bundle that are read; the largest trust stores hold fewer than 200.
const BUNDLE_LIMIT: usize = 300;
/// Alternative names of one certificate that are kept.
const NAMES_LIMIT: usize = 200;
/// Bytes of a name that are kept.
const NAME_BYTES: usize = 253;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The common name, else the first alternative name, else the whole subject; printable and short.
    pub name: String,
    /// Organisations of the subject: the groups of a Kubernetes client.
    pub organisations: Vec<String>,
    /// Seconds since 1970.
    pub not_before: i64,
    pub not_after: i64,
    pub key: Key,
    pub signature: Signature,
    /// May sign other certificates.
    pub is_authority: bool,
    pub is_self_issued: bool,
    pub dns_names: Vec<String>,
    pub addresses: Vec<IpAddr>,
    /// True where extended usage is absent or names it.
    pub for_servers: bool,
    pub for_clients: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Rsa {
        bits: u32,
    },
    Ec {
        bits: u32,
    },
    /// Ed25519 and others whose strength is fixed.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    Md5,
    Sha1,
    Other,
}

/// The certificates of PEM text in their order; other blocks, such as private keys, are stepped over.
///
/// # Errors
/// No certificate is in it, or one of them cannot be read. The text itself is not repeated.
pub fn read_pem(text: &str) -> Result<Vec<Certificate>, String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let mut certificates = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(BEGIN) {
        let number = certificates.len() + 1;
        let (body, tail) =
            behind.split_once(END).ok_or_else(|| format!("certificate {number} of the bundle does not end"))?;
        let der =
            base64::decode(body).ok_or_else(|| format!("certificate {number} of the bundle is not valid base64"))?;
        certificates.push(read_der(&der).map_err(|why| format!("certificate {number} of the bundle: {why}"))?);
        if certificates.len() == BUNDLE_LIMIT {
            break;
        }
        rest = tail;
    }
    if certificates.is_empty() {
        return Err("holds no PEM block `CERTIFICATE`".to_owned());
    }
    Ok(certificates)
}

/// # Errors
/// The bytes are no certificate.
pub fn read_der(der: &[u8]) -> Result<Certificate, String> {
    let (_, parsed) = X509Certificate::from_der(der).map_err(|_| "not a certificate in DER form".to_owned())?;
    let mut dns_names = Vec::new();
    let mut addresses = Vec::new();
    if let Ok(Some(extension)) = parsed.subject_alternative_name() {
        for name in extension.value.general_names.iter().take(NAMES_LIMIT) {
            match name {
                GeneralName::DNSName(name) => dns_names.push(tidy(name).to_ascii_lowercase()),
                GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
                _ => {}
            }
        }
    }
    let usage = parsed.extended_key_usage().ok().flatten().map(|extension| extension.value);
    let algorithm = parsed.signature_algorithm.algorithm.to_id_string();
    let common_name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).map(tidy);
    let name = common_name
        .filter(|name| !name.is_empty())
        .or_else(|| dns_names.first().cloned())
        .unwrap_or_else(|| subject_text(parsed.subject()));
    let organisations = parsed.subject().iter_organization().take(NAMES_LIMIT);
    Ok(Certificate {
        name,
        organisations: organisations.filter_map(|name| name.as_str().ok()).map(tidy).collect(),
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
        key: key(parsed.public_key()),
        signature: match algorithm.as_str() {
            "1.2.840.113549.1.1.2" | "1.2.840.113549.1.1.4" => Signature::Md5,
            "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.2.840.10040.4.3" | "1.3.14.3.2.29" => Signature::Sha1,
            _ => Signature::Other,
        },
        is_authority: parsed.basic_constraints().ok().flatten().is_some_and(|extension| extension.value.ca),
        is_self_issued: parsed.subject().as_raw() == parsed.issuer().as_raw(),
        dns_names,
        addresses,
        for_servers: usage.is_none_or(|usage| usage.any || usage.server_auth),
        for_clients: usage.is_none_or(|usage| usage.any || usage.client_auth),
    })
}

impl Certificate {
    /// True where a client that connects to `host` (a name, perhaps with a star in front) accepts this certificate. The
    /// common name does not count: no current client looks at it.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.dns_names.iter().any(|name| {
            let name = name.trim_end_matches('.');
            name == host
                || name.strip_prefix("*.").is_some_and(|domain| {
                    host.split_once('.').is_some_and(|(label, parent)| !label.is_empty() && parent == domain)
                })
        })
    }
}

fn key(key: &SubjectPublicKeyInfo<'_>) -> Key {
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => {
            let zeros = rsa.modulus.iter().take_while(|byte| **byte == 0).count();
            let digits = rsa.modulus.get(zeros..).unwrap_or_default();
            let bytes = u32::try_from(digits.len()).unwrap_or(u32::MAX / 8);
            let leading = digits.first().map_or(0, |byte| byte.leading_zeros());
            Key::Rsa { bits: (bytes * 8).saturating_sub(leading) }
        }
        Ok(PublicKey::EC(point)) => {
            let curve = key.algorithm.parameters.as_ref().and_then(|any| Oid::try_from(any).ok());
            let bits = match curve.map(|curve| curve.to_id_string()).as_deref() {
                Some("1.2.840.10045.3.1.1") => 192,
                Some("1.3.132.0.33") => 224,
                Some("1.2.840.10045.3.1.7" | "1.3.132.0.10") => 256,
                Some("1.3.132.0.34") => 384,
                Some("1.3.132.0.35") => 521,
                // Both coordinates, uncompressed, behind one byte.
                _ => u32::try_from(point.data().len().saturating_sub(1) / 2 * 8).unwrap_or(u32::MAX),
            };
            Key::Ec { bits }
        }
        _ => Key::Other,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(four));
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

fn subject_text(subject: &X509Name<'_>) -> String {
    tidy(&subject.to_string())
}

/// Printable and short: names of certificates go into messages.
fn tidy(text: &str) -> String {
    let mut tidied: String = text.chars().filter(|character| !character.is_control()).take(NAME_BYTES).collect();
    if tidied.len() > NAME_BYTES * 2 {
        tidied.truncate(tidied.char_indices().nth(NAME_BYTES / 2).map_or(0, |(at, _)| at));
    }
    tidied
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A certificate of a P-256 key for shop.example and *.shop.example, as PEM in base64.
    const SHOP: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJYRENDQVFLZ0F3SUJBZ0lDQStrd0NnWUlLb1pJemowRUF3SXdGVEVUTUJFR0ExVUVBd3dLUlhoaGJYQnMKWlNCRFFUQWVGdzB5TmpBek1ERXdNREF3TURCYUZ3MHlOekF6TURFd01EQXdNREJhTUJjeEZUQVRCZ05WQkFNTQpESE5vYjNBdVpYaGhiWEJzWlRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OUF3RUhBMElBQkIzUVJEUEFqbXlYCllwUXVZSndGN2xNeXA5R0xIaytTMS9NZkRlVnJoWUlWVTdudTd5MmQvSGRtemU5RlhvWEZWd0dhRFlkQ0gvSlMKRXB2c0RmcjdKT1NqUURBK01DY0dBMVVkRVFRZ01CNkNESE5vYjNBdVpYaGhiWEJzWllJT0tpNXphRzl3TG1WNApZVzF3YkdVd0V3WURWUjBsQkF3d0NnWUlLd1lCQlFVSEF3RXdDZ1lJS29aSXpqMEVBd0lEU0FBd1JRSWdPcUNzCkw5eHFzVjdWMWpSY2dYSGxUTG1mcFBjSGtoWER0eTNSQm5MRW1MNENJUUR3eDdqSklGY3ZEWEZjT1VwM1VnMlIKMGw4UGlFVlNtOFYrc2Y5WUMwRm5hdz09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K";

    fn pem() -> String {
        String::from_utf8(base64::decode(SHOP).unwrap()).unwrap()
    }

    fn der() -> Vec<u8> {
        let body: String = pem().lines().filter(|line| !line.starts_with("-----")).collect();
        base64::decode(&body).unwrap()
    }

    #[test]
    fn a_certificate_is_read_with_what_stands_around_it() {
        let text = format!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{0}{0}", pem());
        let certificates = read_pem(&text).unwrap();
        let shop = &certificates[1];
        assert_eq!(certificates.len(), 2);
        assert_eq!(shop.name, "shop.example");
        assert_eq!(shop.key, Key::Ec { bits: 256 });
        assert_eq!((shop.for_servers, shop.for_clients, shop.is_authority), (true, false, false));
        assert_eq!((shop.not_before, shop.not_after), (1_772_323_200, 1_803_859_200));
    }

    #[test]
    fn hosts_are_matched_as_clients_do() {
        let shop = read_der(&der()).unwrap();
        for host in ["shop.example", "SHOP.example.", "www.shop.example", "*.shop.example"] {
            assert!(shop.covers(host), "{host}");
        }
        for host in ["example", "a.b.shop.example", ".shop.example", "shop.example.org", "*.example", ""] {
            assert!(!shop.covers(host), "{host}");
        }
    }

    #[test]
    fn the_reason_never_repeats_the_text() {
        for text in [
            "hunter2",
            "-----BEGIN CERTIFICATE-----hunter2",
            "-----BEGIN CERTIFICATE-----\nhunter2==\n-----END CERTIFICATE-----",
        ] {
            assert!(!read_pem(text).unwrap_err().contains("hunter2"));
        }
    }

    proptest! {
        #[test]
        fn broken_certificates_are_refused_or_read_but_never_panic(
            flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<proptest::sample::Index>(),
            is_cut in any::<bool>(),
        ) {
            let mut bytes = der();
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(certificate) = read_der(&bytes) {
                prop_assert!(certificate.name.chars().all(|character| !character.is_control()));
            }
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC*") {
            let _ = read_der(&bytes);
            let _ = read_pem(&text);
            let _ = base64::decode(&text);
        }
    }
}
