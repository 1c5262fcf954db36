//! What a [`Client`](super::Client) is set up with.

use std::time::Duration;

use super::{ApiKey, BaseUrl, CaCertificates};

/// The server, the key, and the limits on requests.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address of the API.
    pub base_url: BaseUrl,
    /// Without a key, every request fails with [`Error::NoKey`](super::Error::NoKey).
    pub key: Option<ApiKey>,
    /// Certificate authorities to trust in addition to those of this machine.
    pub ca_certificates: Option<CaCertificates>,
    /// How long requests may take, and how many are sent.
    pub limits: RequestLimits,
}

/// Limits on the requests of a client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestLimits {
    /// Time limit of one request, from connecting to the last byte.
    pub timeout: Duration,
    /// Maximum number of requests in flight.
    pub concurrency: usize,
    /// Maximum number of requests started per second, from 0.01 to 10,000.
    pub rate: Option<f64>,
    /// Maximum number of retries of one request.
    pub max_retries: u32,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            concurrency: 16,
            rate: None,
            max_retries: 5,
        }
    }
}
