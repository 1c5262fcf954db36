//! The syntax of email addresses: that of `input type=email` in the HTML standard, and internationalized domains.
//!
//! Source: <https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address>. RFC 5322 allows more (comments, quoted
//! local parts, bare hosts), but no candidate has such an address; a host without a dot is rejected as well. A domain that
//! is not ASCII is converted by UTS 46, non-transitional and strict; the part before the `@` must be ASCII.

/// Why a text is not an email address.
#[expect(missing_docs, reason = "the messages say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmailError {
    #[error("no address")]
    Empty,
    #[error("no `@`")]
    MissingAt,
    #[error("more than one `@`")]
    MultipleAt,
    #[error("`{0}` before the `@`")]
    InvalidLocalPart(char),
    #[error("nothing before the `@`")]
    EmptyLocalPart,
    #[error("no domain name after the `@`")]
    InvalidDomain,
    #[error("a comma in the domain")]
    CommaInDomain,
    #[error("no dot in the domain")]
    NoDotInDomain,
    #[error("{0}")]
    ExtraText(ExtraText),
    /// Longer addresses cannot be delivered (RFC 5321).
    #[error("longer than 254 characters")]
    TooLong,
}

/// What surrounds an otherwise valid address.
#[expect(missing_docs, reason = "the messages say it")]
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

/// Returns whether `text` is an email address.
#[must_use]
pub fn is_email(text: &str) -> bool {
    parse_address(strip_formula_guard(trim_invisible(text))).is_ok()
}

/// Returns the address in `text`, without invisible characters around it and with an ASCII domain.
///
/// # Errors
/// The text is not an email address.
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
    let address = [local, "@", &parse_domain(domain)?].concat();
    if address.len() > 254 {
        return Err(EmailError::TooLong);
    }
    Ok(address)
}

/// Returns the domain `domain` in ASCII.
pub(super) fn parse_domain(domain: &str) -> Result<String, EmailError> {
    let ascii = if domain.is_ascii() {
        domain.to_owned()
    } else {
        idna::domain_to_ascii_strict(domain).map_err(|_| EmailError::InvalidDomain)?
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
    Ok(ascii)
}

/// Removes the apostrophe that keeps a spreadsheet from running the cell as a formula.
fn strip_formula_guard(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']))
        .unwrap_or(text)
}

/// Removes white space and zero-width characters around `text`, which spreadsheets and web pages leave behind.
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
