//! The key of a data directory: random, so that other users and web pages cannot guess it.

use std::fmt;
use std::fmt::Write as _;

/// What the key begins with. It shows in a list of keys that the key is only good for a sandbox.
const PREFIX: &str = "gai_sandbox_";
/// Replaces [`PREFIX`] in a key that may only read.
const READONLY_PREFIX: &str = "gai_readonly_";
/// Begins every key that the sandbox refuses as a revoked one.
const REVOKED_PREFIX: &str = "gai_revoked";
/// The random bytes of a key.
const SECRET_BYTES: usize = 16;

/// The key that a sandbox accepts.
#[derive(Clone)]
pub(crate) struct SandboxKey {
    text: String,
}

/// What a key is to a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// The sandbox's own key.
    Full,
    /// The own key with [`READONLY_PREFIX`]: it shows how a key without admin access is refused.
    Readonly,
    /// It shows how a revoked key is refused.
    Revoked,
    Foreign,
}

impl SandboxKey {
    /// Makes a key from random bytes.
    pub(crate) fn from_random(bytes: [u8; SECRET_BYTES]) -> Self {
        let mut text = PREFIX.to_owned();
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Self { text }
    }

    /// Parses the content of a key file; `None` if it is not a key, for example because writing it was interrupted.
    pub(crate) fn parse(content: &str) -> Option<Self> {
        let text = content.trim();
        let secret = text.strip_prefix(PREFIX)?;
        let is_secret =
            secret.len() == 2 * SECRET_BYTES && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_secret.then(|| Self {
            text: text.to_owned(),
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn classify(&self, key: &str) -> KeyKind {
        if key.starts_with(REVOKED_PREFIX) {
            return KeyKind::Revoked;
        }
        let own_secret = &self.text[PREFIX.len()..];
        let has_own_secret = |prefix: &str| {
            key.strip_prefix(prefix)
                .is_some_and(|secret| equal_in_constant_time(secret, own_secret))
        };
        if has_own_secret(PREFIX) {
            KeyKind::Full
        } else if has_own_secret(READONLY_PREFIX) {
            KeyKind::Readonly
        } else {
            KeyKind::Foreign
        }
    }
}

/// Shows nothing of the key.
impl fmt::Debug for SandboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxKey").finish_non_exhaustive()
    }
}

/// Compares all bytes, so that the time does not tell how many are right.
fn equal_in_constant_time(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).map(|(a, b)| a ^ b);
    one.len() == other.len() && differences.fold(0, |all, bits| all | bits) == 0
}

#[cfg(test)]
mod tests {
    use super::{KeyKind, SandboxKey};

    #[test]
    fn only_the_own_secret_is_accepted() {
        let key = SandboxKey::from_random([0xab; 16]);
        let secret = "ab".repeat(16);
        assert_eq!(key.as_str(), format!("gai_sandbox_{secret}"));
        for (text, expected) in [
            (format!("gai_sandbox_{secret}"), KeyKind::Full),
            (format!("gai_readonly_{secret}"), KeyKind::Readonly),
            ("gai_revoked".to_owned(), KeyKind::Revoked),
            (format!("gai_revoked_{secret}"), KeyKind::Revoked),
            (format!("gai_{secret}"), KeyKind::Foreign),
            (format!("gai_sandbox_{secret}0"), KeyKind::Foreign),
            (
                format!("gai_sandbox_{}ac", "ab".repeat(15)),
                KeyKind::Foreign,
            ),
            ("gai_sandbox_".to_owned(), KeyKind::Foreign),
            ("gai_sandbox".to_owned(), KeyKind::Foreign),
            ("gai_readonly_".to_owned(), KeyKind::Foreign),
        ] {
            assert_eq!(key.classify(&text), expected, "{text}");
        }
    }

    #[test]
    fn an_incomplete_key_is_not_one() {
        let key = SandboxKey::from_random([7; 16]);
        let parsed = SandboxKey::parse(&format!("{}\n", key.as_str()));
        assert_eq!(parsed.as_ref().map(SandboxKey::as_str), Some(key.as_str()));
        for content in ["", "\n", "gai_sandbox_", "gai_sandbox_07", "gai_sandbox"] {
            assert!(SandboxKey::parse(content).is_none(), "{content}");
        }
    }
}
