//! The API key, which is never shown.

use std::fmt;

use memchr::{memchr, memmem};
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::Error;
use crate::text::KEY_PREFIX;

/// The key that authorises requests. Its `Debug` output and its [`prefix`](ApiKey::prefix) show just enough to distinguish two keys.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Parses a key, ignoring white space around it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let well_formed = text
            .strip_prefix(KEY_PREFIX)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()));
        if well_formed {
            Ok(Self(SecretString::from(text)))
        } else {
            Err(Error::MalformedKey)
        }
    }

    /// Returns the first characters of the key, at most a third of it.
    pub fn prefix(&self) -> String {
        let key = self.0.expose_secret();
        let shown = (key.len() / 3).clamp(4, 8);
        format!("{}…", &key[..shown.min(key.len())])
    }

    /// Returns whether the key begins with `prefix`, which must be longer than what all keys begin with.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        prefix.len() > KEY_PREFIX.len() && self.0.expose_secret().starts_with(prefix)
    }

    /// Replaces the key in a response by its prefix, so that it cannot reach a file, a screen or a script.
    pub(super) fn redact_bytes(&self, body: Vec<u8>) -> Vec<u8> {
        let key = self.0.expose_secret().as_bytes();
        let body = match memmem::find(&body, key) {
            Some(_) => replace_matches(&body, self.prefix().as_bytes(), |rest| {
                rest.starts_with(key).then_some(key.len())
            }),
            None => body,
        };
        // In JSON, any character can be an escape.
        if memchr(b'\\', &body).is_none() {
            return body;
        }
        let prefix = Value::from(self.prefix()).to_string();
        replace_matches(&body, prefix.trim_matches('"').as_bytes(), |rest| {
            escaped_match_len(key, rest)
        })
    }

    pub(super) fn redact(&self, text: &str) -> String {
        text.replace(self.0.expose_secret(), &self.prefix())
    }

    /// Returns the value of the `Authorization` header, marked as sensitive.
    pub(super) fn header(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(format!("Bearer {}", self.0.expose_secret()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Error::MalformedKey)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Replaces every match by `substitute`; `match_len` returns the length of the match at the start of its argument.
fn replace_matches(
    body: &[u8],
    substitute: &[u8],
    match_len: impl Fn(&[u8]) -> Option<usize>,
) -> Vec<u8> {
    let mut redacted = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(length) = match_len(rest) {
            redacted.extend_from_slice(substitute);
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        redacted.push(*first);
        rest = tail;
        // The second of two backslashes does not begin an escape.
        if let (b'\\', [b'\\', tail @ ..]) = (first, tail) {
            redacted.push(b'\\');
            rest = tail;
        }
    }
    redacted
}

/// Returns the length of `key` at the start of `text`, part of a JSON string in which any character can be an escape.
fn escaped_match_len(key: &[u8], text: &[u8]) -> Option<usize> {
    let mut rest = text;
    for wanted in key {
        let length = match rest {
            [b'\\', b'u', hex @ ..] => {
                let digits = str::from_utf8(hex.get(..4)?).ok()?;
                let letter = u32::from_str_radix(digits, 16).ok()?;
                (letter == u32::from(*wanted)).then_some(6)?
            }
            [b'\\', letter @ (b'"' | b'\\' | b'/'), ..] => (letter == wanted).then_some(2)?,
            [letter, ..] => (letter == wanted).then_some(1)?,
            [] => return None,
        };
        rest = &rest[length..];
    }
    Some(text.len() - rest.len())
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    fn redacted(key: &str, body: &str) -> String {
        let key = ApiKey::parse(key).expect("a key");
        String::from_utf8_lossy(&key.redact_bytes(body.into())).into_owned()
    }

    #[test]
    fn the_key_is_found_however_json_escapes_it() {
        let key = "gai_secret-0123456789";
        for body in [
            r#"{"a":"gai_secret-0123456789"}"#,
            r#"{"a":"\u0067ai_secret-0123456789"}"#,
            r#"{"a":"\u0067\u0061\u0069\u005F\u0073ecret-012345678\u0039"}"#,
            // Also in invalid JSON.
            r#"{"x":"\ud800","a":"ga\u0069_secret-0123456789"}"#,
            r#"{"x":[[[[,"a":"ga\u0069_secret-0123456789""#,
            r"\\gai_secret-012345678\u0039",
        ] {
            let shown = redacted(key, body);
            assert!(shown.contains("gai_sec…"), "{shown}");
            assert!(
                !shown.contains("01234") && !shown.contains(r"\u00"),
                "{shown}"
            );
        }
        let quoted = "gai_\"quoted\\/key";
        let shown = redacted(quoted, r#"{"a":"gai_\"quoted\\\/key","b":1.50,"b":2}"#);
        assert_eq!(shown, r#"{"a":"gai_\"…","b":1.50,"b":2}"#);
    }

    #[test]
    fn other_text_stays_unchanged() {
        let key = "gai_secret-0123456789";
        for body in [
            r#"{"a":"\\u0067ai_secret-0123456789"}"#,
            r#"{"a":"\u0067ai_other","b":"C:\\gai_secret-012345678"}"#,
            "\\",
            "\\u",
            "\\u00",
            "ga\\u0069",
        ] {
            assert_eq!(redacted(key, body), body);
        }
    }
}
