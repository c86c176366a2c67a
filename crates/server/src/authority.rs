//! The plane's own certificate authority: it vouches for the plane itself, where no certificate was given, and for agents.
//!
//! Each replica may have its own; each trusts what the others' authorities signed, by their public certificates.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use ring::rand::{SecureRandom, SystemRandom};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::secret_file;

const AUTHORITY_DAYS: i64 = 3650;
/// Browsers take no certificate of more than 398 days.
const SERVER_DAYS: i64 = 365;
/// How long before its end a server certificate is made anew.
const RENEW_DAYS: i64 = 120;

/// A key and the certificate that others trust.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    folder: PathBuf,
}

/// A certificate that the authority signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub pem: String,
    pub der: Vec<u8>,
    /// Lower-case hexadecimal.
    pub serial: String,
    pub not_after: Timestamp,
}

/// What a listener presents.
pub(crate) struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    /// Reads the authority of a data folder, or makes it.
    ///
    /// # Errors
    /// The folder cannot be written or holds something else; the sentence says what to do.
    pub fn open(data: &Path, now: Timestamp) -> Result<Self, String> {
        let folder = data.join("tls");
        let path = folder.join("authority.pem");
        let failed =
            |error: std::io::Error| format!("cannot keep the plane's authority in `{}`: {error}", path.display());
        secret_file::folder(&folder).map_err(failed)?;
        if !path.exists() {
            secret_file::create(&path, make(now).map_err(|error| error.to_string())?.as_bytes()).map_err(failed)?;
        }
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let damaged = |error: String| {
            format!(
                "`{}` is damaged: {error}; restore it from a backup, or remove it and let every agent join again",
                path.display()
            )
        };
        let key = KeyPair::from_pem(&text).map_err(|error| damaged(error.to_string()))?;
        let certificate =
            CertificateDer::from_pem_slice(text.as_bytes()).map_err(|error| damaged(error.to_string()))?.into_owned();
        let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(|error| damaged(error.to_string()))?;
        let pem = only_certificates(&text);
        // For people to take along: browsers and agents are to trust it.
        let public = folder.join("authority.crt");
        if std::fs::read_to_string(&public).ok().as_ref() != Some(&pem) {
            std::fs::write(&public, &pem).map_err(failed)?;
        }
        Ok(Self { issuer, certificate, pem, folder })
    }

    /// The certificate that agents and browsers are to trust, as PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Signs the key of an agent's request under a name that the plane chose: of the request nothing but the key counts.
    ///
    /// # Errors
    /// The request is no PKCS #10 in PEM, is not signed by its own key, or asks for what is not known.
    pub fn sign_agent(&self, request: &str, name: &str, days: i64, now: Timestamp) -> Result<Signed, String> {
        let mut request = CertificateSigningRequestParams::from_pem(request)
            .map_err(|error| format!("the certificate request cannot be used: {error}"))?;
        let (params, serial, not_after) =
            params(name, days, now).map_err(|error| format!("no certificate can be made: {error}"))?;
        request.params = params;
        request.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let signed = request.signed_by(&self.issuer).map_err(|error| format!("no certificate can be made: {error}"))?;
        Ok(Signed { pem: signed.pem(), der: signed.der().to_vec(), serial, not_after })
    }

    /// The plane's own certificate for `names`: the one on disk while it is good for them, else a new one.
    ///
    /// # Errors
    /// It can neither be read nor made.
    pub(crate) fn server_identity(&self, names: &[String], now: Timestamp) -> Result<Identity, String> {
        let path = self.folder.join("server.pem");
        let names_path = self.folder.join("server.names");
        let wanted = names.join("\n");
        let kept = std::fs::read(&path).ok().and_then(|text| identity(&text).ok());
        let is_ours = std::fs::read_to_string(&names_path).is_ok_and(|names| names == wanted);
        if let Some(kept) = kept.filter(|kept| is_ours && self.is_fresh(kept, now)) {
            return Ok(kept);
        }
        let failed = |error: &dyn std::fmt::Display| format!("cannot make the plane's certificate: {error}");
        let key = KeyPair::generate().map_err(|error| failed(&error))?;
        let (mut params, _, _) = params("rampart", SERVER_DAYS, now).map_err(|error| failed(&error))?;
        params.subject_alt_names =
            CertificateParams::new(names.to_vec()).map_err(|error| failed(&error))?.subject_alt_names;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.signed_by(&key, &self.issuer).map_err(|error| failed(&error))?;
        let text = format!("{}{}{}", key.serialize_pem(), certificate.pem(), self.pem);
        secret_file::replace(&path, text.as_bytes()).map_err(|error| failed(&error))?;
        secret_file::replace(&names_path, wanted.as_bytes()).map_err(|error| failed(&error))?;
        identity(text.as_bytes())
    }

    fn is_fresh(&self, identity: &Identity, now: Timestamp) -> bool {
        let [leaf, issuer, ..] = identity.chain.as_slice() else { return false };
        let left = |end: Timestamp| end.duration_since(now).as_secs() > RENEW_DAYS * 86_400;
        *issuer == self.certificate && not_after(leaf).is_some_and(left)
    }
}

/// The end of a certificate's life; none where it cannot be read.
pub(crate) fn not_after(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, read) = x509_parser::parse_x509_certificate(certificate).ok()?;
    Timestamp::from_second(read.validity().not_after.timestamp()).ok()
}

/// A chain and its key, in one text or two after each other.
pub(crate) fn identity(text: &[u8]) -> Result<Identity, String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(text)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("a certificate cannot be read: {error}"))?;
    if chain.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    let key =
        PrivateKeyDer::from_pem_slice(text).map_err(|error| format!("the private key cannot be read: {error}"))?;
    Ok(Identity { chain, key })
}

fn make(now: Timestamp) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let (mut params, serial, _) = params("Rampart", AUTHORITY_DAYS, now)?;
    // Two authorities must not share a name: a verifier could not tell whose signature to look for.
    params.distinguished_name.push(DnType::CommonName, format!("Rampart authority {serial}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let certificate = params.self_signed(&key)?;
    Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
}

/// A leaf's parameters with a random serial number; valid from yesterday, since clocks differ.
fn params(name: &str, days: i64, now: Timestamp) -> Result<(CertificateParams, String, Timestamp), rcgen::Error> {
    let mut params = CertificateParams::default();
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| rcgen::Error::RingUnspecified)?;
    // Positive, and never shortened for a leading zero.
    bytes[0] = bytes[0] & 0x3f | 0x40;
    let serial = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    params.serial_number = Some(SerialNumber::from_slice(&bytes));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    let today = TimeZone::UTC.to_datetime(now).date();
    let (from, to) = (today.saturating_sub(1.day()), today.saturating_add(days.saturating_add(1).days()));
    let at = |date: jiff::civil::Date| {
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (at(from), at(to));
    let end = TimeZone::UTC.to_timestamp(to.to_datetime(jiff::civil::Time::midnight())).unwrap_or(now);
    Ok((params, serial, end))
}

fn only_certificates(text: &str) -> String {
    let mut kept = String::new();
    let mut is_inside = false;
    for line in text.lines() {
        is_inside |= line == "-----BEGIN CERTIFICATE-----";
        if is_inside {
            kept.push_str(line);
            kept.push('\n');
        }
        is_inside &= line != "-----END CERTIFICATE-----";
    }
    kept
}

/// What a server is called: its addresses and names, each once.
pub(crate) fn names(listen: IpAddr, public_url: Option<&str>) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !listen.is_unspecified() {
        names.push(listen.to_string());
    }
    let public = public_url.and_then(|url| url.parse::<http::Uri>().ok()).and_then(|url| url.host().map(str::to_owned));
    names.extend(public.map(|host| host.trim_matches(['[', ']']).to_owned()));
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    names.extend(Some(host.trim()).filter(is_name).map(str::to_owned));
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_authority_outlives_its_process_and_renews_the_server_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let now = at("2026-11-25T00:00:00Z");
        let authority = Authority::open(folder.path(), now).unwrap();
        let again = Authority::open(folder.path(), now).unwrap();
        assert_eq!(authority.certificate(), again.certificate());
        assert!(!authority.certificate_pem().contains("PRIVATE"));
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let first = authority.server_identity(&names, now).unwrap();
        let kept = again.server_identity(&names, at("2027-01-01T00:00:00Z")).unwrap();
        assert_eq!(first.chain, kept.chain);
        let renewed = again.server_identity(&names, at("2027-09-01T00:00:00Z")).unwrap();
        assert_ne!(first.chain, renewed.chain);
        let renamed = again.server_identity(&["other".to_owned()], at("2027-09-01T00:00:00Z")).unwrap();
        assert_ne!(renamed.chain, renewed.chain);
    }

    #[test]
    fn an_agent_gets_the_name_that_the_plane_chose_and_no_power_to_sign() {
        let folder = tempfile::tempdir().unwrap();
        let now = at("2026-11-25T00:00:00Z");
        let authority = Authority::open(folder.path(), now).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut wish = CertificateParams::new(vec!["admin".to_owned()]).unwrap();
        wish.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let request = wish.serialize_request(&key).unwrap().pem().unwrap();
        let signed = authority.sign_agent(&request, "agent-7", 30, now).unwrap();
        let (_, read) = x509_parser::parse_x509_certificate(&signed.der).unwrap();
        assert_eq!(read.subject().to_string(), "CN=agent-7");
        assert!(!read.is_ca());
        assert!(read.subject_alternative_name().unwrap().is_none());
        assert_eq!(signed.not_after, at("2026-12-26T00:00:00Z"));
        assert!(authority.sign_agent("no request", "agent-7", 30, now).is_err());
    }
}
