//! Certificates of authorities that a company runs itself, as its proxies need them.

use std::fmt;

use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Error;

/// Authorities that are trusted beside those this machine knows.
#[derive(Clone)]
pub struct CaCertificates(Vec<Certificate>);

impl CaCertificates {
    /// Reads certificates in PEM form.
    ///
    /// # Errors
    /// There are none, or one is damaged.
    pub fn parse(pem: &[u8]) -> Result<Self, Error> {
        let damaged = |reason: String| Error::BadCertificate { reason };
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem) {
            let der = der.map_err(|error| damaged(error.to_string()))?;
            certificates.push(Certificate::from_der(&der).map_err(Error::ClientSetup)?);
            store.add(der).map_err(|error| damaged(error.to_string()))?;
        }
        if certificates.is_empty() {
            return Err(damaged("there is none in it".to_owned()));
        }
        Ok(Self(certificates))
    }

    /// Returns how many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn certificates(&self) -> Vec<Certificate> {
        self.0.clone()
    }
}

impl fmt::Debug for CaCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authorities({})", self.count())
    }
}
