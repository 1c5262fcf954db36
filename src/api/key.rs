//! The API key, which shows itself nowhere.

use std::fmt;

use memchr::{memchr, memmem};
use reqwest::header::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::Error;

/// How every key begins.
const KEY_PREFIX: &str = "gai_";

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
            .strip_prefix(KEY_PREFIX)
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
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        prefix.len() > KEY_PREFIX.len() && self.0.expose_secret().starts_with(prefix)
    }

    /// Replaces the key in what a server sent by its prefix: no file, screen or script gets it from there.
    pub(super) fn redact_bytes(&self, body: Vec<u8>) -> Vec<u8> {
        let key = self.0.expose_secret().as_bytes();
        let body = match memmem::find(&body, key) {
            Some(_) => replace_matches(&body, self.prefix().as_bytes(), |rest| {
                rest.starts_with(key).then_some(key.len())
            }),
            None => body,
        };
        // JSON may write any letter as an escape.
        if memchr(b'\\', &body).is_none() {
            return body;
        }
        let prefix = Value::from(self.prefix()).to_string();
        replace_matches(&body, prefix.trim_matches('"').as_bytes(), |rest| {
            escaped_match_len(key, rest)
        })
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
pub fn redact_keys(text: &str) -> String {
    let mut parts = text.split(KEY_PREFIX);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest =
            part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.~+/=".contains(c));
        shown.push_str(KEY_PREFIX);
        shown.push('…');
        shown.push_str(rest);
    }
    shown
}

/// Returns `body` with `substitute` for each place where `length` finds something so long.
fn replace_matches(
    body: &[u8],
    substitute: &[u8],
    length: impl Fn(&[u8]) -> Option<usize>,
) -> Vec<u8> {
    let mut redacted = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, behind)) = rest.split_first() {
        if let Some(length) = length(rest) {
            redacted.extend_from_slice(substitute);
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        redacted.push(*first);
        rest = behind;
        // The second of two backslashes begins no escape.
        if let (b'\\', [b'\\', behind @ ..]) = (first, behind) {
            redacted.push(b'\\');
            rest = behind;
        }
    }
    redacted
}

/// Returns how many bytes `key` takes at the start of `text`, which is a text of JSON and may write each letter as an escape.
fn escaped_match_len(key: &[u8], text: &[u8]) -> Option<usize> {
    let mut rest = text;
    for wanted in key {
        let taken = match rest {
            [b'\\', b'u', hex @ ..] => {
                let digits = str::from_utf8(hex.get(..4)?).ok()?;
                let letter = u32::from_str_radix(digits, 16).ok()?;
                (letter == u32::from(*wanted)).then_some(6)?
            }
            [b'\\', letter @ (b'"' | b'\\' | b'/'), ..] => (letter == wanted).then_some(2)?,
            [letter, ..] => (letter == wanted).then_some(1)?,
            [] => return None,
        };
        rest = &rest[taken..];
    }
    Some(text.len() - rest.len())
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    fn redacted(key: &str, body: &str) -> String {
        let key = Key::parse(key).expect("a key");
        String::from_utf8_lossy(&key.redact_bytes(body.into())).into_owned()
    }

    #[test]
    fn the_key_is_found_however_json_writes_it() {
        let key = "gai_secret-0123456789";
        for body in [
            r#"{"a":"gai_secret-0123456789"}"#,
            r#"{"a":"\u0067ai_secret-0123456789"}"#,
            r#"{"a":"\u0067\u0061\u0069\u005F\u0073ecret-012345678\u0039"}"#,
            // Also where the rest is no JSON that everybody reads.
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
    fn what_is_not_the_key_stays_as_it_is() {
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
