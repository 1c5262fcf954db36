//! The list of addresses and domains that are never invited.
//!
//! Each line is an address or a domain (`example.com` or `@example.com`), which includes its subdomains. Blank lines and what
//! follows a `#` at the start of a line or after white space are ignored. A first line `email` is the header of a CSV file with that
//! column only. Anything else is an error, because a line that is misunderstood would invite somebody.

use std::collections::HashMap;
use std::io::{self, BufRead, Read as _};

use super::domain::parse_domain;
use super::email::{EmailError, parse_email};
use crate::text::trim_invisible;

/// The maximum length of a line in bytes. It keeps a file that is not a list from being read into memory.
const MAX_LINE_BYTES: u64 = 4096;
/// The header of a file with one column.
const HEADER: &str = "email";

/// Addresses and domains that are never invited, each with its line.
#[derive(Debug, Default)]
pub struct NeverInviteList {
    /// Domains have no `@`. All are in lower case.
    lines: HashMap<Box<str>, u64>,
    addresses: u64,
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum NeverInviteListError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("line {line}: {problem}")]
    Line { line: u64, problem: LineProblem },
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    #[error("the line is not UTF-8 text")]
    NotUtf8,
    #[error("the line is longer than {MAX_LINE_BYTES} bytes")]
    TooLong,
    #[error("`{text}` has several columns; keep only the column `email`")]
    Columns { text: String },
    #[error("`{text}` is not a pattern; a whole domain is written `@example.com`")]
    Wildcard { text: String },
    #[error("`{text}` is not an email address ({reason})")]
    Address { text: String, reason: EmailError },
    #[error("`{text}` is neither an email address nor a domain")]
    Domain { text: String },
}

impl NeverInviteList {
    /// Reads a list.
    pub fn read(mut input: impl BufRead) -> Result<Self, NeverInviteListError> {
        let mut list = Self::default();
        let mut is_first = true;
        let mut has_header = false;
        let mut bytes = Vec::new();
        for line in 1.. {
            bytes.clear();
            let mut limited = input.by_ref().take(MAX_LINE_BYTES + 1);
            if limited.read_until(b'\n', &mut bytes)? == 0 {
                break;
            }
            let entry = entry(&bytes, has_header)
                .and_then(|text| match text {
                    "" => Ok(None),
                    _ if is_first && is_header(text) => {
                        has_header = true;
                        Ok(None)
                    }
                    _ => parse_entry(text).map(Some),
                })
                .map_err(|problem| NeverInviteListError::Line { line, problem })?;
            is_first &= entry.is_none() && !has_header;
            if let Some(entry) = entry {
                let is_address = entry.contains('@');
                list.lines.entry(entry.into_boxed_str()).or_insert_with(|| {
                    list.addresses += u64::from(is_address);
                    line
                });
            }
        }
        Ok(list)
    }

    /// Returns the line that forbids to invite `email`, which must be an address as [`parse_email`] returns it.
    pub fn line_of(&self, email: &str) -> Option<u64> {
        if self.lines.is_empty() {
            return None;
        }
        let email = email.to_ascii_lowercase();
        let (_, domain) = email.rsplit_once('@')?;
        let parents = domain.match_indices('.').map(|(at, _)| &domain[at + 1..]);
        [&*email, domain]
            .into_iter()
            .chain(parents)
            .find_map(|name| self.lines.get(name).copied())
    }

    /// Returns the number of different addresses.
    pub fn addresses(&self) -> u64 {
        self.addresses
    }

    /// Returns the number of different domains.
    pub fn domains(&self) -> u64 {
        self.lines.len() as u64 - self.addresses
    }
}

/// Returns what a line contains apart from white space and a comment; of a CSV file, without quotes.
fn entry(line: &[u8], is_csv: bool) -> Result<&str, LineProblem> {
    if line.len() as u64 > MAX_LINE_BYTES {
        return Err(LineProblem::TooLong);
    }
    let line = str::from_utf8(line).map_err(|_| LineProblem::NotUtf8)?;
    let line = trim_invisible(line);
    let comment = line.match_indices('#').find(|(at, _)| {
        let before = line[..*at].chars().next_back();
        before.is_none_or(char::is_whitespace)
    });
    let text = comment.map_or(line, |(at, _)| trim_invisible(&line[..at]));
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Ok(match quoted {
        Some(text) if is_csv => trim_invisible(text),
        _ => text,
    })
}

fn is_header(text: &str) -> bool {
    text.trim_matches('"').eq_ignore_ascii_case(HEADER)
}

/// Returns the address or the domain of a line, in lower case.
fn parse_entry(text: &str) -> Result<String, LineProblem> {
    let owned = || text.to_owned();
    if text.contains([',', ';', '\t']) {
        return Err(LineProblem::Columns { text: owned() });
    }
    if text.contains('*') {
        return Err(LineProblem::Wildcard { text: owned() });
    }
    let domain = match text.strip_prefix('@') {
        None if text.contains('@') => None,
        None => Some(text),
        stripped => stripped,
    };
    let entry = match domain {
        Some(domain) => parse_domain(domain).map_err(|_| LineProblem::Domain { text: owned() })?,
        None => parse_email(text).map_err(|reason| LineProblem::Address {
            text: owned(),
            reason,
        })?,
    };
    Ok(entry.to_ascii_lowercase())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use super::NeverInviteList;

    fn list(text: &str) -> NeverInviteList {
        NeverInviteList::read(text.as_bytes()).unwrap()
    }

    fn error(text: &[u8]) -> String {
        NeverInviteList::read(text).unwrap_err().to_string()
    }

    #[test]
    fn addresses_and_domains_are_found_in_every_spelling() {
        let list = list(
            "\u{feff}# left the process\r\n\r\n  Jane@Example.com  \r\n@bücher.example\nacme.example # employees\njane@example.com\no'neil+x#1@example.org",
        );
        for (email, line) in [
            ("jane@example.com", Some(3)),
            ("JANE@EXAMPLE.COM", Some(3)),
            ("jane+jobs@example.com", None),
            ("john@example.com", None),
            ("a@xn--bcher-kva.example", Some(4)),
            ("a@XN--bcher-kva.example", Some(4)),
            ("a@mail.xn--bcher-kva.example", Some(4)),
            ("a@acme.example", Some(5)),
            ("a@eu.mail.acme.example", Some(5)),
            ("a@notacme.example", None),
            ("a@example", None),
            ("o'neil+x#1@example.org", Some(7)),
        ] {
            assert_eq!(list.line_of(email), line, "{email}");
        }
        assert_eq!((list.addresses(), list.domains()), (2, 2));
    }

    #[test]
    fn a_csv_file_with_one_column_is_a_list() {
        let list = list("\u{feff}\"Email\"\r\n\"jane@example.com\"\r\n\r\njohn@example.com\r\n");
        assert_eq!(list.line_of("jane@example.com"), Some(2));
        assert_eq!(list.line_of("john@example.com"), Some(4));
    }

    #[test]
    fn an_empty_list_forbids_nobody() {
        for text in ["", "\n", "# nobody\n", "email\n"] {
            assert_eq!(list(text).line_of("jane@example.com"), None, "{text}");
        }
    }

    #[test]
    fn a_line_that_could_be_misunderstood_is_an_error() {
        for (text, expected) in [
            (
                "name,email\nJane,jane@example.com",
                "line 1: `name,email` has several columns",
            ),
            (
                "email\njane@example.com,x",
                "line 2: `jane@example.com,x` has several columns",
            ),
            ("a@example.com\nemail", "line 2: `email` is neither"),
            ("*@example.com", "line 1: `*@example.com` is not a pattern"),
            ("*.example.com", "line 1: `*.example.com` is not a pattern"),
            (
                "\"jane@example.com\"",
                "line 1: `\"jane@example.com\"` is not an email address (inside `\"\"`: delete them)",
            ),
            (
                "Jane <jane@example.com>",
                "line 1: `Jane <jane@example.com>` is not an email address (with a name",
            ),
            ("a@example.com b@example.com", "(several addresses"),
            ("jane@@example.com", "(more than one `@`)"),
            ("@", "line 1: `@` is neither"),
            ("com", "line 1: `com` is neither"),
            ("@com", "line 1: `@com` is neither"),
            (".example.com", "is neither"),
            ("example.com.", "is neither"),
            ("https://example.com", "is neither"),
            ("example com", "is neither"),
        ] {
            let error = error(text.as_bytes());
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert_eq!(
            error(b"a@example.com\n\xff"),
            "line 2: the line is not UTF-8 text"
        );
        assert_eq!(
            error(&vec![b'a'; 5000]),
            "line 1: the line is longer than 4096 bytes"
        );
    }
}
