//! The address of the API: TLS, or a server on this machine.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use super::Error;

/// The address the API's paths are appended to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Where the service lives.
    pub const PRODUCTION: &str = "https://app.trygradient.ai";

    /// Reads an address such as `https://app.trygradient.ai`.
    ///
    /// # Errors
    /// It is no URL, or would send the key over a network in clear text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let invalid = |reason: String| Error::BadAddress {
            url: text.to_owned(),
            reason,
        };
        let url = Url::parse(text.trim()).map_err(|error| invalid(error.to_string()))?;
        let host = url
            .host_str()
            .ok_or_else(|| invalid("it names no host".to_owned()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::BadAddress {
                url: host.to_owned(),
                reason: "it holds a user name or password".to_owned(),
            });
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(host) => Ok(Self(url)),
            "http" => Err(Error::PlainHttp {
                url: text.to_owned(),
            }),
            other => Err(invalid(format!("`{other}` is neither https nor http"))),
        }
    }

    /// Tells whether the server is on this machine, where no proxy can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }

    /// Tells whether nothing is encrypted on the way there.
    #[must_use]
    pub fn is_clear_text(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Returns the host, with its port where that is not the usual one.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Appends `segments` to the path, each one escaped.
    pub(super) fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
