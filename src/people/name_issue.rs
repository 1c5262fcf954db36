//! Names that are probably none.

use std::fmt;

use super::casing::{is_inverted, segments};
use super::{name_from_email, trim_invisible};

/// Local parts of addresses that belong to an office, not to a person. Those of RFC 2142, and what companies use.
const ROLE_ACCOUNTS: [&str; 53] = [
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "apply",
    "billing",
    "career",
    "careers",
    "contact",
    "enquiries",
    "events",
    "feedback",
    "finance",
    "ftp",
    "hello",
    "help",
    "helpdesk",
    "hiring",
    "hostmaster",
    "hr",
    "info",
    "inquiries",
    "it",
    "job",
    "jobs",
    "legal",
    "mail",
    "marketing",
    "news",
    "newsletter",
    "no-reply",
    "noc",
    "noreply",
    "office",
    "people",
    "postmaster",
    "press",
    "privacy",
    "reception",
    "recruiting",
    "recruitment",
    "root",
    "sales",
    "security",
    "service",
    "support",
    "talent",
    "team",
    "usenet",
    "uucp",
    "webmaster",
    "www",
];

/// What stands in the column of the name where there is none.
const PLACEHOLDERS: [&str; 19] = [
    "anonymous",
    "applicant",
    "candidate",
    "first last",
    "first name",
    "firstname lastname",
    "full name",
    "last name",
    "n/a",
    "name",
    "none",
    "null",
    "tba",
    "tbd",
    "test",
    "test test",
    "test user",
    "undefined",
    "unknown",
];

/// Why a name is probably none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameIssue {
    /// It has no letter.
    NoLetter,
    /// It has a single letter.
    SingleLetter,
    /// It is an address.
    Address,
    /// It has a digit.
    Digit,
    /// It stands where a name should.
    Placeholder,
    /// A comma puts the last name first.
    LastNameFirst,
    /// It is an office's.
    RoleAccount,
    /// Its first or last word is an initial.
    Initial,
    /// It is one word, be that a first name, or an initial and a last name.
    OneWord,
}

impl fmt::Display for NameIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLetter => "no letter",
            Self::SingleLetter => "a single letter",
            Self::Address => "an address",
            Self::Digit => "a digit",
            Self::Placeholder => "a placeholder",
            Self::LastNameFirst => "the last name first",
            Self::RoleAccount => "an office's address",
            Self::Initial => "an initial",
            Self::OneWord => "one word",
        })
    }
}

/// Returns why `name` is probably no candidate's name, where it looks so.
///
/// Every name is doubtful that
/// - has no letter, or a single one,
/// - has an `@` or a digit in it, but for a number such as `3rd` behind it,
/// - is a placeholder such as `n/a`, `Test` or `First Name`,
/// - has its last name first, before a comma (`Smith, Jane`; but not `John Smith, Jr.`),
/// - has an office's word in it, where the address is an office's, too (`Info Desk` at `info@`).
///
/// A name that says no more than `email` does, because it was derived from it, is doubtful also where
/// - the address is an office's, such as `info@`, `no-reply@` or `jobs-berlin@`,
/// - the first or the last word is an initial (`j.doe@`: J Doe),
/// - it is one word (`jdoe@`: Jdoe), in a script that has capitals.
///
/// Without an address, a name is judged as if it were derived; an office's name takes the place of its address.
#[must_use]
pub fn name_issue(name: &str, email: Option<&str>) -> Option<NameIssue> {
    let name = trim_invisible(name);
    if let Some(name_issue) = issue_without_email(name) {
        return Some(name_issue);
    }
    let has_role_email = email.is_some_and(is_role_email);
    if has_role_email && name.split_whitespace().any(is_role_account) {
        return Some(NameIssue::RoleAccount);
    }
    let name_issue = if has_role_email || (email.is_none() && is_role_account(name)) {
        NameIssue::RoleAccount
    } else if starts_or_ends_in_initial(name) {
        NameIssue::Initial
    } else if is_one_word(name) {
        NameIssue::OneWord
    } else {
        return None;
    };
    // Last, because it is most of the work, and few names come this far.
    let is_derived = email.is_none_or(|email| name == name_from_email(email));
    is_derived.then_some(name_issue)
}

/// Returns what is wrong with a name whatever the address.
fn issue_without_email(name: &str) -> Option<NameIssue> {
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    let placeholder = |known: &&str| known.eq_ignore_ascii_case(name);
    match (letters.next(), letters.next()) {
        (None, _) => Some(NameIssue::NoLetter),
        (Some(_), None) => Some(NameIssue::SingleLetter),
        _ if name.contains('@') => Some(NameIssue::Address),
        _ if name.split_whitespace().any(has_digit) => Some(NameIssue::Digit),
        _ if PLACEHOLDERS.iter().any(placeholder) => Some(NameIssue::Placeholder),
        _ if name.contains(',') && is_inverted(&segments(name)) => Some(NameIssue::LastNameFirst),
        _ => None,
    }
}

fn has_digit(word: &str) -> bool {
    let ordinal = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_ordinal = matches!(ordinal, "st" | "nd" | "rd" | "th");
    word.contains(|c: char| c.is_ascii_digit()) && !is_ordinal
}

fn is_role_account(word: &str) -> bool {
    ROLE_ACCOUNTS
        .iter()
        .any(|office| office.eq_ignore_ascii_case(word))
}

fn is_role_email(email: &str) -> bool {
    let local = email.split(['@', '+']).next().unwrap_or(email);
    let first = local.split(['.', '_', '-']).next().unwrap_or(local);
    is_role_account(local) || is_role_account(first)
}

fn starts_or_ends_in_initial(name: &str) -> bool {
    let is_initial = |word: &str| {
        let mut letters = word.chars().filter(|c| c.is_alphabetic());
        letters.next().is_some_and(has_case) && letters.next().is_none()
    };
    name.split(' ').next().is_some_and(is_initial)
        || name.rsplit(' ').next().is_some_and(is_initial)
}

fn is_one_word(name: &str) -> bool {
    !name.contains(char::is_whitespace) && name.contains(has_case)
}

/// Tells whether `c` is of a script that has capitals, in which a name is several words.
fn has_case(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}
