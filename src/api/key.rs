//! The API key, which shows itself nowhere.

use std::{fmt, mem};

use memchr::{memchr, memmem};
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::Error;

/// How every key begins.
const START: &str = "gai_";

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
            .strip_prefix(START)
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

    /// Tells whether the key begins with `prefix`, which is more than the start of every key.
    pub(super) fn begins_with(&self, prefix: &str) -> bool {
        prefix.len() > START.len() && self.0.expose_secret().starts_with(prefix)
    }

    /// Replaces the key in what a server sent by its prefix: no file, screen or script gets it from there.
    pub(super) fn redact_bytes(&self, body: Vec<u8>) -> Vec<u8> {
        let body = self.redact_literal(body);
        // JSON may write any letter as an escape: where there are some, texts are searched as they will be read.
        if memchr(b'\\', &body).is_none() {
            return body;
        }
        let mut value = serde_json::from_slice(&body).unwrap_or_default();
        if self.redact_value(&mut value) {
            value.to_string().into_bytes()
        } else {
            body
        }
    }

    /// Replaces the key in the texts and names within `value`, and tells whether it was there.
    fn redact_value(&self, value: &mut Value) -> bool {
        let key = self.0.expose_secret();
        match value {
            Value::String(text) if text.contains(key) => {
                *text = self.redact(text);
                true
            }
            Value::Array(items) => {
                let redact = |found, item| self.redact_value(item) || found;
                items.iter_mut().fold(false, redact)
            }
            Value::Object(fields) => {
                let mut found = false;
                for (name, mut value) in mem::take(fields) {
                    found |= self.redact_value(&mut value) || name.contains(key);
                    fields.insert(self.redact(&name), value);
                }
                found
            }
            _ => false,
        }
    }

    fn redact_literal(&self, body: Vec<u8>) -> Vec<u8> {
        let key = self.0.expose_secret().as_bytes();
        if memmem::find(&body, key).is_none() {
            return body;
        }
        let mut redacted = Vec::with_capacity(body.len());
        let mut rest = body.as_slice();
        while let Some(at) = memmem::find(rest, key) {
            redacted.extend_from_slice(&rest[..at]);
            redacted.extend_from_slice(self.prefix().as_bytes());
            rest = &rest[at + key.len()..];
        }
        redacted.extend_from_slice(rest);
        redacted
    }

    /// Replaces the key in `text` by its prefix.
    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), &self.prefix())
    }

    /// Returns the value of the header that carries the key; it shows itself in no log.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(format!("Bearer {}", self.0.expose_secret()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Error::MalformedKey)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Returns `text` with nothing but the beginning of what looks like a key in it.
#[must_use]
pub fn hide_keys(text: &str) -> String {
    let mut parts = text.split(START);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest =
            part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.~+/=".contains(c));
        shown.push_str(START);
        shown.push('…');
        shown.push_str(rest);
    }
    shown
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.prefix())
    }
}
