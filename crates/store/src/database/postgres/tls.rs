//! The connection to PostgreSQL in TLS: always verified, by the machine's authorities or those of `sslrootcert=FILE`.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::failure::Failure;

/// Takes `sslrootcert=FILE` out of the address, for the driver does not know it.
pub(super) fn split_authorities(url: &str) -> (String, Option<String>) {
    let Some((base, query)) = url.split_once('?') else {
        return (url.to_owned(), None);
    };
    let (own, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|part| part.starts_with("sslrootcert="));
    let file = own.first().and_then(|part| part.split_once('=')).map(|(_, file)| file.to_owned());
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
    (url, file)
}

pub(super) fn connector(authorities: Option<&str>) -> Result<MakeRustlsConnect, Failure> {
    let mut roots = RootCertStore::empty();
    match authorities {
        Some(file) => {
            let unreadable = |error: String| Failure::other(format!("cannot read authorities from `{file}`: {error}"));
            let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))?;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
                roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::other(format!("cannot set up TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::split_authorities;

    #[test]
    fn the_file_of_authorities_is_taken_out_of_the_address() {
        let (url, file) = split_authorities("postgres://h/d?sslmode=require&sslrootcert=/ca.pem&application_name=x");
        assert_eq!(url, "postgres://h/d?sslmode=require&application_name=x");
        assert_eq!(file.as_deref(), Some("/ca.pem"));
        assert_eq!(split_authorities("postgres://h/d?sslrootcert=/ca.pem").0, "postgres://h/d");
        assert_eq!(split_authorities("postgres://h/d"), ("postgres://h/d".to_owned(), None));
    }
}
