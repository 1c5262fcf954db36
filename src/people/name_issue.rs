//! Detecting doubtful names.

use std::fmt;

use super::order::{is_inverted, words_by_comma};
use super::{name_from_email, trim_invisible};

/// Local parts of addresses that belong to a role, not to a person: those of RFC 2142, and common ones.
#[rustfmt::skip]
const ROLE_ACCOUNTS: [&str; 53] = [
    "abuse", "accounting", "accounts", "admin", "administrator", "apply", "billing", "career",
    "careers", "contact", "enquiries", "events", "feedback", "finance", "ftp", "hello", "help",
    "helpdesk", "hiring", "hostmaster", "hr", "info", "inquiries", "it", "job", "jobs", "legal",
    "mail", "marketing", "news", "newsletter", "no-reply", "noc", "noreply", "office", "people",
    "postmaster", "press", "privacy", "reception", "recruiting", "recruitment", "root", "sales",
    "security", "service", "support", "talent", "team", "usenet", "uucp", "webmaster", "www",
];

/// What people write in the name column if they have no name.
#[rustfmt::skip]
const PLACEHOLDERS: [&str; 19] = [
    "anonymous", "applicant", "candidate", "first last", "first name", "firstname lastname",
    "full name", "last name", "n/a", "name", "none", "null", "tba", "tbd", "test", "test test",
    "test user", "undefined", "unknown",
];

/// Why a name is doubtful.
#[expect(missing_docs, reason = "the texts below say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameIssue {
    NoLetter,
    SingleLetter,
    Address,
    Digit,
    Placeholder,
    LastNameFirst,
    RoleAccount,
    Initial,
    /// A first name alone, or an initial and a last name (`Jdoe`).
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
            Self::LastNameFirst => "last name first",
            Self::RoleAccount => "not a person's address",
            Self::Initial => "an initial",
            Self::OneWord => "one word",
        })
    }
}

/// Returns why `name` is probably not the name of a candidate, if it is doubtful.
///
/// A name is doubtful if it
/// - has no letter, or only one,
/// - contains an `@` or a digit, except in an ordinal such as `3rd`,
/// - is a placeholder such as `n/a`, `Test` or `First Name`,
/// - has the last name first (`Smith, Jane`, but not `John Smith, Jr.`),
/// - contains the word of a role and so does the address (`Info Desk` at `info@`).
///
/// A name that was derived from `email`, and so adds nothing to it, is also doubtful if
/// - the address is a role account, such as `info@`, `no-reply@` or `jobs-berlin@`,
/// - the first or last word is an initial (`j.doe@`: J Doe),
/// - it is one word (`jdoe@`: Jdoe) in a script that has capitals.
///
/// Without an address, a name is treated as derived, and checked for the word of a role itself.
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
    // Checked last, because it is most of the work and few names get here.
    let is_derived = email.is_none_or(|email| name == name_from_email(email));
    is_derived.then_some(name_issue)
}

/// Returns what is wrong with a name whatever its address.
fn issue_without_email(name: &str) -> Option<NameIssue> {
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    let is_placeholder = |known: &&str| known.eq_ignore_ascii_case(name);
    match (letters.next(), letters.next()) {
        (None, _) => Some(NameIssue::NoLetter),
        (Some(_), None) => Some(NameIssue::SingleLetter),
        _ if name.contains('@') => Some(NameIssue::Address),
        _ if name.split_whitespace().any(has_digit) => Some(NameIssue::Digit),
        _ if PLACEHOLDERS.iter().any(is_placeholder) => Some(NameIssue::Placeholder),
        _ if name.contains(',') && is_inverted(&words_by_comma(name)) => {
            Some(NameIssue::LastNameFirst)
        }
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
        .any(|role| role.eq_ignore_ascii_case(word))
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

/// Returns whether `c` is of a script that has capitals; in these, a full name is several words.
fn has_case(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}
