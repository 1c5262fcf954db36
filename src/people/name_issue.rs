//! Detecting doubtful names.

use std::fmt;

use super::damage::{Damage, find_damage};
use super::name_from_email;
use super::order::{has_capital_last_name, is_inverted, words_by_comma};
use super::placeholder::is_placeholder;
use super::suffixes::is_acronym;
use super::titles::leading_titles;
use super::word_lists::{is_comma, is_particle};
use crate::text::trim_invisible;

/// Local parts of addresses that belong to a role, not to a person: those of RFC 2142, and common ones. In order.
#[rustfmt::skip]
const ROLE_ACCOUNTS: [&str; 53] = [
    "abuse", "accounting", "accounts", "admin", "administrator", "apply", "billing", "career",
    "careers", "contact", "enquiries", "events", "feedback", "finance", "ftp", "hello", "help",
    "helpdesk", "hiring", "hostmaster", "hr", "info", "inquiries", "it", "job", "jobs", "legal",
    "mail", "marketing", "news", "newsletter", "no-reply", "noc", "noreply", "office", "people",
    "postmaster", "press", "privacy", "reception", "recruiting", "recruitment", "root", "sales",
    "security", "service", "support", "talent", "team", "usenet", "uucp", "webmaster", "www",
];

/// Why a name is doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameIssue {
    NoLetter,
    SingleLetter,
    Address,
    Digit,
    Placeholder,
    LastNameFirst,
    DanglingComma,
    Title,
    SeveralPeople,
    Damaged(Damage),
    RoleAccount,
    Initial,
    /// A first name alone, or an initial and a last name (`Jdoe`).
    OneWord,
}

impl fmt::Display for NameIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Damaged(damage) => return damage.fmt(f),
            Self::DanglingComma => "nothing on one side of the comma",
            Self::Title => "only a title",
            Self::SeveralPeople => "several people",
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
/// - is a placeholder such as `n/a`, `Test Test` or `First Name`, or has the word of a program for a missing part (`Jane null`),
/// - is damaged: UTF-8 read in another encoding (`MÃ¼ller`), lost letters (`J?rg`, `Mller`), HTML, merge fields, errors of
///   spreadsheets, symbols, quotation marks around it, invisible characters, or letters of several scripts in one word,
/// - has pronouns or a note next to it (`Jane Smith (she/her)`, `Jane Smith (external)`),
/// - has the last name first (`Smith, Jane`, but not `John Smith, Jr.`; `SMITH Jane`), or nothing on one side of a comma,
/// - has a title only (`Dr.`), initials only (`J S`), or the names of several people (`Jane and Jim Doe`),
/// - contains the word of a role and so does the address (`Info Desk` at `info@`).
///
/// A name that was derived from `email`, and so adds nothing to it, is also doubtful if
/// - the address is a role account, such as `info@`, `no-reply@` or `jobs-berlin@`,
/// - the first or last word is an initial (`j.doe@`: J Doe),
/// - it is one word (`jdoe@`: Jdoe) in a script that has capitals.
///
/// Without an address, a name is treated as derived, and checked for the word of a role itself.
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
    if name.contains('@') && name.contains(char::is_alphabetic) {
        return Some(NameIssue::Address);
    }
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    let (first, second) = (letters.next(), letters.next());
    let Some(first) = first else {
        return Some(NameIssue::NoLetter);
    };
    if is_placeholder(name) {
        return Some(NameIssue::Placeholder);
    }
    if let Some(damage) = find_damage(name) {
        return Some(NameIssue::Damaged(damage));
    }
    if second.is_none() && has_case(first) {
        return Some(NameIssue::SingleLetter);
    }
    if name.split_whitespace().any(has_digit) {
        return Some(NameIssue::Digit);
    }
    if name.starts_with(is_comma) || name.ends_with(is_comma) {
        return Some(NameIssue::DanglingComma);
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    if leading_titles(&words) == words.len() {
        return Some(NameIssue::Title);
    }
    if words.len() > 1 && words.iter().all(|word| is_initial(word)) {
        return Some(NameIssue::Initial);
    }
    if names_several(&words) {
        return Some(NameIssue::SeveralPeople);
    }
    let is_inverted = if name.contains(is_comma) {
        is_inverted(&words_by_comma(name))
    } else {
        has_two_capitals(name) && has_capital_last_name(&words)
    };
    is_inverted.then_some(NameIssue::LastNameFirst)
}

/// Returns whether words are the names of several people: `Jane and Jim Doe`, `Jane Smith/Jim Doe`, but not `von und zu` or `s/o`.
fn names_several(words: &[&str]) -> bool {
    let is_joined = words.windows(3).any(|three| match three {
        [before, joint, _]
            if matches!(&*joint.to_lowercase(), "and" | "et" | "och" | "og" | "und") =>
        {
            !is_particle(&before.to_lowercase(), None)
        }
        [_, joint, _] => *joint == "/",
        _ => false,
    });
    let is_name = |part: &str| part.chars().count() > 2 && part.starts_with(char::is_uppercase);
    let are_names = |word: &str| {
        word.split_once('/')
            .is_some_and(|(before, after)| is_name(before) && is_name(after))
    };
    is_joined
        || words
            .iter()
            .any(|word| are_names(word) && !is_acronym(word))
}

/// Returns whether a name has two capitals next to each other, which hardly any name in small letters has.
fn has_two_capitals(name: &str) -> bool {
    let mut letters = name.chars();
    let mut was_capital = false;
    letters.any(|letter| std::mem::replace(&mut was_capital, letter.is_uppercase()) && was_capital)
}

fn is_initial(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    letters.next().is_some_and(has_case) && letters.next().is_none()
}

fn has_digit(word: &str) -> bool {
    let ordinal = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_ordinal = matches!(ordinal, "st" | "nd" | "rd" | "th");
    word.contains(|c: char| c.is_ascii_digit()) && !is_ordinal
}

fn is_role_account(word: &str) -> bool {
    let lower = || word.bytes().map(|byte| byte.to_ascii_lowercase());
    ROLE_ACCOUNTS
        .binary_search_by(|role| role.bytes().cmp(lower()))
        .is_ok()
}

fn is_role_email(email: &str) -> bool {
    let local = email.split(['@', '+']).next().unwrap_or(email);
    let first = local.split(['.', '_', '-']).next().unwrap_or(local);
    is_role_account(local) || is_role_account(first)
}

fn starts_or_ends_in_initial(name: &str) -> bool {
    name.split(' ').next().is_some_and(is_initial)
        || name.rsplit(' ').next().is_some_and(is_initial)
}

/// Returns whether a name is a single word in a script that has capitals.
pub(super) fn is_one_word(name: &str) -> bool {
    !name.contains(char::is_whitespace) && name.contains(has_case)
}

/// Returns whether `c` is of a script that has capitals; in these, a full name is several words.
fn has_case(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn role_accounts_are_in_order() {
        assert!(super::ROLE_ACCOUNTS.is_sorted());
    }
}
