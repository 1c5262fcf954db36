//! Email address syntax: that of the HTML standard's `input type=email`, and internationalised domains.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>. RFC 5322 allows more (comments,
//! quoted local parts, bare hosts), none of which a candidate's address has; a host without a dot is refused as well.
//! A domain that is not ASCII is converted as UTS 46 says, non-transitional and strict; what is before the `@` is ASCII.

use std::borrow::Cow;

/// Why a text is no email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmailError {
    /// There is no text.
    #[error("no address")]
    Empty,
    /// There is no `@`.
    #[error("no `@`")]
    MissingAt,
    /// There is more than one `@`.
    #[error("more than one `@`")]
    MultipleAt,
    /// Nothing, or a character that may not be there, stands before the `@`.
    #[error("`{0}` before the `@`")]
    InvalidLocalPart(char),
    /// Nothing stands before the `@`.
    #[error("nothing before the `@`")]
    EmptyLocalPart,
    /// What follows the `@` is no domain name.
    #[error("no domain name after the `@`")]
    InvalidDomain,
    /// A comma stands in the domain, most likely for a dot.
    #[error("a comma in the domain")]
    CommaInDomain,
    /// The domain has no dot.
    #[error("no dot in the domain")]
    NoDotInDomain,
    /// Something stands before or behind what is an address.
    #[error("{0}")]
    ExtraText(ExtraText),
    /// An address longer than 254 characters cannot be delivered (RFC 5321).
    #[error("longer than 254 characters")]
    TooLong,
}

/// What stands beside an address, with which the text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtraText {
    /// A punctuation mark, at the end.
    #[error("`{0}` behind it: delete that")]
    Mark(char),
    /// What a link to an address begins with.
    #[error("`mailto:` before it: delete that")]
    Scheme,
    /// Brackets or quotes around it.
    #[error("inside `{0}{1}`: delete those")]
    Enclosed(char, char),
    /// A name, as in mail programs.
    #[error("with a name: write the address alone")]
    Name,
    /// Another address.
    #[error("several addresses: give each a row")]
    Address,
}

impl ExtraText {
    /// Finds what stands beside the address in `text`, which is none by itself.
    fn find(text: &str) -> Option<Self> {
        let pieces = text.split([',', ';', ' ', '\t', '\n', '/', '|']);
        if pieces.filter(|piece| is_email(piece)).count() > 1 {
            return Some(Self::Address);
        }
        for (open, close) in [('<', '>'), ('(', ')'), ('[', ']'), ('"', '"'), ('\'', '\'')] {
            let inner = text
                .strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close));
            if inner.is_some_and(is_email) {
                return Some(Self::Enclosed(open, close));
            }
        }
        if let Some((_, rest)) = text.split_once('<') {
            let inner = rest.split('>').next().unwrap_or(rest);
            return is_email(inner).then_some(Self::Name);
        }
        let scheme = "mailto:";
        if let Some((before, address)) = text.split_at_checked(scheme.len())
            && before.eq_ignore_ascii_case(scheme)
        {
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

/// Tells whether `text` is an email address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    parse_address(strip_formula_guard(trim_invisible(text))).is_ok()
}

/// Returns the address in `text`, without invisible characters around it and with an ASCII domain.
///
/// # Errors
/// The text is no email address.
pub fn parse_email(text: &str) -> Result<String, EmailError> {
    let text = strip_formula_guard(trim_invisible(text));
    parse_address(text).map_err(|error| ExtraText::find(text).map_or(error, EmailError::ExtraText))
}

fn parse_address(text: &str) -> Result<String, EmailError> {
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailError::MissingAt)?;
    if domain.contains('@') {
        return Err(EmailError::MultipleAt);
    }
    if local.is_empty() {
        return Err(EmailError::EmptyLocalPart);
    }
    if let Some(wrong) = local.chars().find(|&c| !is_local_part_char(c)) {
        return Err(EmailError::InvalidLocalPart(wrong));
    }
    let ascii = if domain.is_ascii() {
        Cow::Borrowed(domain)
    } else {
        Cow::Owned(idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::InvalidDomain)?)
    };
    if !ascii.split('.').all(is_domain_label) {
        let is_comma = |c| matches!(c, ',' | '.');
        let is_comma_for_dot = ascii.contains(',') && ascii.split(is_comma).all(is_domain_label);
        return Err(if is_comma_for_dot {
            EmailError::CommaInDomain
        } else {
            EmailError::InvalidDomain
        });
    }
    if !ascii.contains('.') {
        return Err(EmailError::NoDotInDomain);
    }
    let address = [local, "@", &ascii].concat();
    if address.len() > 254 {
        return Err(EmailError::TooLong);
    }
    Ok(address)
}

/// Returns `text` without the apostrophe that guards a cell from being run as a formula, as files for spreadsheets have it.
fn strip_formula_guard(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']))
        .unwrap_or(text)
}

/// Returns `text` without white space and zero-width characters at its ends, which spreadsheets and web pages leave.
#[must_use]
pub fn trim_invisible(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
            )
    })
}

fn is_local_part_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c)
}

fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
