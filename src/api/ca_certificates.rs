//! Certificates of private authorities, such as a company's proxy uses.

use std::fmt;

use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Error;

/// Certificate authorities to trust in addition to those of this machine.
#[derive(Clone)]
pub struct CaCertificates(Vec<Certificate>);

impl CaCertificates {
    /// Parses certificates in PEM format.
    pub fn parse(pem: &[u8]) -> Result<Self, Error> {
        let bad = |reason: String| Error::BadCertificate { reason };
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem) {
            let der = der.map_err(|error| bad(error.to_string()))?;
            certificates.push(Certificate::from_der(&der).map_err(Error::ClientSetup)?);
            store.add(der).map_err(|error| bad(error.to_string()))?;
        }
        if certificates.is_empty() {
            return Err(bad("no PEM certificate found".to_owned()));
        }
        Ok(Self(certificates))
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn certificates(&self) -> Vec<Certificate> {
        self.0.clone()
    }
}

impl fmt::Debug for CaCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaCertificates({})", self.count())
    }
}
