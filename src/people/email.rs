//! The syntax of email addresses: that of `input type=email` in the HTML standard, and internationalized domains.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>. RFC 5322 allows more (comments, quoted
//! local parts, bare hosts), but no candidate has such an address; a host without a dot is rejected as well. The part before
//! the `@` must be ASCII.

use super::domain::{DomainError, parse_domain};
use super::name_from_email::percent_decode;
use crate::text::{describe_letter, describe_letters, trim_invisible};

/// Why a text is not an email address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("no address")]
    Empty,
    #[error("no `@`")]
    MissingAt,
    #[error("{0} in place of the `@`")]
    OtherAt(String),
    #[error("more than one `@`")]
    MultipleAt,
    #[error("{0} before the `@`")]
    InLocalPart(String),
    #[error("nothing before the `@`")]
    EmptyLocalPart,
    #[error(transparent)]
    Domain(#[from] DomainError),
    #[error("{0}")]
    ExtraText(ExtraText),
    /// Longer addresses cannot be delivered (RFC 5321).
    #[error("longer than 254 characters")]
    TooLong,
    #[error("{0}, and {1}")]
    Both(Box<EmailError>, DomainError),
}

/// What surrounds an otherwise valid address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtraText {
    #[error("`{0}` after it: delete it")]
    Mark(char),
    #[error("`mailto:` before it: delete it")]
    Scheme,
    #[error("inside `{0}{1}`: delete them")]
    Enclosed(char, char),
    /// `Jane Doe <jane@example.com>`
    #[error("with a name: keep only the address")]
    Name,
    #[error("several addresses: give each its own row")]
    Address,
}

impl ExtraText {
    /// Finds what surrounds the address in `text`, which is not an address as a whole.
    fn find(text: &str) -> Option<Self> {
        let pieces = text.split(|c: char| ",; \t\n/|<>()[]".contains(c));
        let pieces: Vec<&str> = pieces.filter(|piece| is_email(piece)).collect();
        if let [first, others @ ..] = pieces.as_slice()
            && others
                .iter()
                .any(|other| !other.eq_ignore_ascii_case(first))
        {
            return Some(Self::Address);
        }
        for (open, close) in ENCLOSING {
            let inner = text
                .strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close));
            if inner.is_some_and(is_email) {
                return Some(Self::Enclosed(open, close));
            }
        }
        for (open, close) in [('<', '>'), ('(', ')')] {
            let inner = text
                .split_once(open)
                .and_then(|(_, rest)| rest.split(close).next());
            if let Some(inner) = inner
                && (is_email(inner) || without_scheme(inner).is_some_and(is_email))
            {
                return Some(Self::Name);
            }
        }
        if let Some(address) = without_scheme(text) {
            let address = address.split('?').next().unwrap_or(address);
            return is_email(address).then_some(Self::Scheme);
        }
        let mark = text
            .chars()
            .next_back()
            .filter(char::is_ascii_punctuation)?;
        is_email(text.trim_end_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace()))
            .then_some(Self::Mark(mark))
    }
}

/// Marks around an address that programs and people leave.
const ENCLOSING: [(char, char); 11] = [
    ('<', '>'),
    ('(', ')'),
    ('[', ']'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('‘', '’'),
    ('«', '»'),
    ('‹', '›'),
];

/// Returns what follows `mailto:` in `text`.
fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, address) = text.split_at_checked("mailto:".len())?;
    scheme.eq_ignore_ascii_case("mailto:").then_some(address)
}

/// Returns the address in a link such as `mailto:jane@example.com?subject=Hi`.
pub fn parse_mailto(link: &str) -> Option<String> {
    let address = without_scheme(link.trim())?;
    let address = address.split('?').next().unwrap_or(address);
    parse_email(&percent_decode(address)).ok()
}

/// Returns whether `text` is an email address.
pub fn is_email(text: &str) -> bool {
    parse_address(strip_formula_guard(trim_invisible(text))).is_ok()
}

/// Returns the address in `text`, without invisible characters around it and with an ASCII domain.
pub fn parse_email(text: &str) -> Result<String, EmailError> {
    let text = strip_formula_guard(trim_invisible(text));
    parse_address(text).map_err(|error| ExtraText::find(text).map_or(error, EmailError::ExtraText))
}

fn parse_address(text: &str) -> Result<String, EmailError> {
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    let (local, domain) = text.split_once('@').ok_or_else(|| missing_at(text))?;
    if domain.contains('@') {
        return Err(EmailError::MultipleAt);
    }
    let domain = match (check_local_part(local), parse_domain(domain)) {
        (Ok(()), Ok(domain)) => domain,
        (Err(error), Ok(_)) => return Err(error),
        (Ok(()), Err(error)) => return Err(error.into()),
        (Err(local), Err(domain)) => return Err(EmailError::Both(local.into(), domain)),
    };
    let address = [local, "@", &domain].concat();
    if address.len() > 254 {
        return Err(EmailError::TooLong);
    }
    Ok(address)
}

/// Returns what a text has in place of the `@`.
fn missing_at(text: &str) -> EmailError {
    let letter = text.chars().find(|letter| matches!(letter, '＠' | '﹫'));
    let word = ["(at)", "[at]", "{at}", " at "].into_iter();
    let mut word = word.filter(|word| text.to_ascii_lowercase().contains(word));
    match (letter, word.next()) {
        (Some(letter), _) => EmailError::OtherAt(describe_letter(letter)),
        (None, Some(word)) => EmailError::OtherAt(format!("`{}`", word.trim())),
        (None, None) => EmailError::MissingAt,
    }
}

fn check_local_part(local: &str) -> Result<(), EmailError> {
    if local.is_empty() {
        return Err(EmailError::EmptyLocalPart);
    }
    let is_wrong = |letter: &char| !is_local_part_char(*letter);
    if local.contains(|letter| is_wrong(&letter)) {
        let wrong = describe_letters(local.chars().filter(is_wrong));
        return Err(EmailError::InLocalPart(wrong));
    }
    Ok(())
}

/// Removes the apostrophe that keeps a spreadsheet from running the cell as a formula.
fn strip_formula_guard(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']))
        .unwrap_or(text)
}

fn is_local_part_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c)
}
