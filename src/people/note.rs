//! What is written next to a name, and is not part of it: pronouns, and notes such as `(external)`.

use super::word_lists::{is_comma, is_particle};

/// Pronouns in the forms that people add to their names, in small letters.
#[rustfmt::skip]
const PRONOUNS: [&str; 22] = [
    "any", "el", "ella", "elle", "er", "he", "her", "hers", "him", "his", "ihm", "ihr", "il", "iel", "lui", "sie", "she", "their",
    "them", "they", "ze", "zir",
];

/// Words in brackets that describe a person, in small letters.
#[rustfmt::skip]
const NOTES: [&str; 42] = [
    "absent", "apprentice", "candidate", "consultant", "contractor", "deceased", "declined", "deleted", "dup", "duplicate", "employee",
    "ext", "extern", "externe", "externo", "external", "former", "freelance", "freelancer", "guest", "hired", "inactive", "int",
    "intern", "internal", "leaver", "manager", "pending", "referral", "rejected", "remote", "retired", "student", "temp", "temporary",
    "terminated", "test", "trainee", "vendor", "visitor", "withdrawn", "withdrew",
];

/// Words that another name of the same person follows: `(née Kim)`.
#[rustfmt::skip]
const OTHER_NAMES: [&str; 14] = [
    "a.k.a.", "aka", "alias", "born", "dit", "dite", "fka", "formerly", "geb", "geb.", "geborene", "nee", "né", "née",
];

/// Returns what is noted next to the name of a person.
pub(super) fn find_note(name: &str) -> Option<String> {
    let is_edge = |c: char| matches!(c, '(' | ')' | '[' | ']' | ',');
    let words = name
        .split_whitespace()
        .map(|word| word.trim_matches(is_edge));
    let mut pronouns = words.filter(|word| word.contains('/') && are_pronouns(word));
    if let Some(pronouns) = pronouns.next() {
        return Some(pronouns.to_owned());
    }
    // In a name without capitals, small letters mean nothing.
    let has_capitals = name.contains(char::is_uppercase);
    let bracketed = |open: char, close: char| {
        name.split(open)
            .skip(1)
            .filter_map(move |rest| rest.split(close).next())
    };
    let mut notes = bracketed('(', ')').chain(bracketed('[', ']'));
    let bracketed = notes.find(|inner| {
        let inner = inner.trim();
        let lower = inner.to_lowercase();
        let first = lower.split(' ').next().unwrap_or_default();
        let is_name = OTHER_NAMES.contains(&first) || is_particle(first, None);
        let is_small = has_capitals && inner.starts_with(char::is_lowercase);
        are_pronouns(inner)
            || (is_small && !is_name)
            || lower.split([' ', '-', '/']).any(is_note_word)
    });
    let behind_comma = || {
        let mut parts = name.split(is_comma).skip(1);
        parts.find(|part| is_note(&part.split_whitespace().collect::<Vec<_>>()))
    };
    let note = bracketed.or_else(behind_comma);
    note.map(|note| note.trim().to_owned())
}

/// Returns whether words behind a comma are pronouns or a note.
pub(super) fn is_note(words: &[&str]) -> bool {
    let is_word = |word: &&str| is_note_word(&word.to_lowercase());
    let are_notes = !words.is_empty() && words.iter().all(is_word);
    are_notes
        || words
            .iter()
            .any(|word| word.contains('/') && are_pronouns(word))
}

fn is_note_word(lower: &str) -> bool {
    NOTES.contains(&lower)
}

/// Returns whether `text` is pronouns only: `she/her`, `he, him`.
fn are_pronouns(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower
        .split(['/', ',', ' '])
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some() && words.all(|word| PRONOUNS.contains(&word))
}
