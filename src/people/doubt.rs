//! Names that are probably none.

use super::{name_from_email, trim_invisible};

/// Local parts of addresses that belong to an office, not to a person.
const ROLES: [&str; 30] = [
    "admin",
    "apply",
    "billing",
    "career",
    "careers",
    "contact",
    "hello",
    "help",
    "hiring",
    "hr",
    "info",
    "job",
    "jobs",
    "mail",
    "marketing",
    "no-reply",
    "noreply",
    "office",
    "people",
    "postmaster",
    "press",
    "recruiting",
    "recruitment",
    "root",
    "sales",
    "service",
    "support",
    "talent",
    "team",
    "webmaster",
];

/// Returns why `name` is probably no candidate's name, where it looks so.
///
/// A name that stands for itself is doubtful where it is a single letter; one that was derived from the address, also where
/// the address is an office's, such as `info@`, or one of its words is a single letter.
#[must_use]
pub fn doubt(name: &str, email: &str) -> Option<&'static str> {
    let name = trim_invisible(name);
    if name.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return Some("a single letter");
    }
    let local = email.split(['@', '+']).next().unwrap_or(email);
    let is_initial = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() == 1;
    let doubt = if ROLES.iter().any(|role| role.eq_ignore_ascii_case(local)) {
        "an office's address"
    } else if name.split(' ').any(is_initial) {
        "an initial"
    } else {
        return None;
    };
    // Last, because it is most of the work, and few names come this far.
    (name == name_from_email(email)).then_some(doubt)
}
