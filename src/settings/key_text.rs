//! The key in the text of a file, a variable or a command, and what is wrong with the text if it contains none.

use crate::api::{self, ApiKey};

/// Why a text contains no key. The text itself is never part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    #[error("the key is missing: it is empty")]
    Empty,
    #[error("the key is missing: the first line is blank")]
    BlankLine,
    #[error("the key is in UTF-16, and UTF-8 is needed")]
    Utf16,
    #[error("the key is in quotes")]
    Quoted,
    #[error("the key has `Bearer` in front")]
    Bearer,
    #[error("the key has the name of a variable in front")]
    Assignment,
    /// Anything else.
    #[error("{}", api::Error::MalformedKey)]
    Malformed,
}

impl KeyTextError {
    /// Returns how to fix the error.
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Empty => "write the key into the first line",
            Self::BlankLine => "remove the blank line: the key must be on the first line",
            Self::Utf16 => {
                "save it again as UTF-8; in PowerShell, `Set-Content -Encoding ascii` does that"
            }
            Self::Quoted => "remove the quotes: the first line must contain only the key",
            Self::Bearer => {
                "remove everything before `gai_`: the first line must contain only the key"
            }
            Self::Assignment => {
                "remove everything up to the `=`: the first line must contain only the key"
            }
            Self::Malformed => {
                "the first line must contain only the key, as Gradient's settings showed it"
            }
        }
    }
}

/// Parses the first line as the key.
pub(super) fn parse_key(bytes: &[u8]) -> Result<ApiKey, KeyTextError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.is_empty() {
        return Err(KeyTextError::Empty);
    }
    // Without a byte order mark, every second byte of ASCII in UTF-16 is zero.
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = bytes {
        return Err(KeyTextError::Utf16);
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let line = std::str::from_utf8(line)
        .map_err(|_| KeyTextError::Malformed)?
        .trim();
    ApiKey::parse(line).map_err(|_| find_error(line))
}

/// Returns what is wrong with a line that is not a key.
fn find_error(line: &str) -> KeyTextError {
    let is_quote = |letter| matches!(letter, '"' | '\'' | '`' | '\u{2018}'..='\u{201F}');
    let starts_with = |word: &str| {
        let start = line.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if line.is_empty() {
        KeyTextError::BlankLine
    } else if line.starts_with(is_quote) {
        KeyTextError::Quoted
    } else if starts_with("bearer ") || starts_with("authorization:") {
        KeyTextError::Bearer
    } else if line
        .split_once('=')
        .is_some_and(|(name, _)| is_variable(name))
    {
        KeyTextError::Assignment
    } else {
        KeyTextError::Malformed
    }
}

/// Returns whether `text` is the left side of an assignment, such as `export NAME` or `$env:NAME`.
fn is_variable(text: &str) -> bool {
    let text = text.trim();
    let name = ["export ", "set ", "$env:"]
        .iter()
        .find_map(|start| text.strip_prefix(start))
        .unwrap_or(text)
        .trim();
    !name.is_empty()
        && !name.starts_with("gai_")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
