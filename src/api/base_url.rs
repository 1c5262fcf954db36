//! The address of the API: over TLS, or on this machine.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use super::Error;

/// The address that the paths of the API are appended to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The address of the service.
    pub const PRODUCTION: &str = "https://app.trygradient.ai";

    /// Parses an address such as `https://app.trygradient.ai`. A last segment `/api` is left out, because every path of the API
    /// begins with it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bad = |reason: String| Error::BadAddress {
            url: text.to_owned(),
            reason,
        };
        let url = Url::parse(text.trim()).map_err(|error| bad(error.to_string()))?;
        let host = url
            .host_str()
            .ok_or_else(|| bad("it has no host".to_owned()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::BadAddress {
                url: host.to_owned(),
                reason: "it contains a user name or password".to_owned(),
            });
        }
        match url.scheme() {
            "https" => Ok(Self(without_api(url))),
            "http" if is_loopback(host) => Ok(Self(without_api(url))),
            "http" => Err(Error::PlainHttp {
                url: text.to_owned(),
            }),
            other => Err(bad(format!("`{other}` is neither https nor http"))),
        }
    }

    /// Returns whether the server is on this machine, which no proxy can reach.
    pub fn is_loopback(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }

    /// Returns whether requests are not encrypted.
    pub fn is_clear_text(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Returns the host, and the port unless it is the default one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Returns the name of the server, which is the same for every spelling of its address.
    pub fn server(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        let host = if is_loopback(host) { "localhost" } else { host };
        let port = self.0.port_or_known_default().unwrap_or_default();
        format!("{}:{port}", host.trim_end_matches('.'))
    }

    /// Appends `segments` to the path, escaping each. Fails if one is an id that would lead to another path.
    pub(super) fn join(&self, segments: &[&str]) -> Result<Url, Error> {
        // A URL resolves these segments away, even when they are escaped.
        if let Some(id) = segments
            .iter()
            .find(|part| matches!(**part, "" | "." | ".."))
        {
            return Err(Error::BadId {
                id: (*id).to_owned(),
            });
        }
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Ok(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

fn without_api(mut url: Url) -> Url {
    if url.path().trim_end_matches('/').ends_with("/api")
        && let Ok(mut path) = url.path_segments_mut()
    {
        path.pop_if_empty().pop();
    }
    url
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
