//! The API key, which shows itself nowhere.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::Error;

/// An API key. Its `Debug` form and its [`prefix`](Key::prefix) show just enough to tell two keys apart.
#[derive(Clone)]
pub struct Key(SecretString);

impl Key {
    /// Takes `text`, without white space around it, as a key.
    ///
    /// # Errors
    /// It does not start with `gai_`, or holds something that no header may carry.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let well_formed = text
            .strip_prefix("gai_")
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()));
        if well_formed {
            Ok(Self(SecretString::from(text)))
        } else {
            Err(Error::MalformedKey)
        }
    }

    /// Returns the first characters of the key, at most a third of it.
    #[must_use]
    pub fn prefix(&self) -> String {
        let key = self.0.expose_secret();
        let shown = (key.len() / 3).clamp(4, 8);
        format!("{}…", &key[..shown.min(key.len())])
    }

    /// Replaces the key in `text` by its prefix.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), &self.prefix())
    }

    /// Returns the value of the header that carries the key; it shows itself in no log.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let text = format!("Bearer {}", self.0.expose_secret());
        let mut value = HeaderValue::try_from(text).map_err(|_| Error::MalformedKey)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.prefix())
    }
}
