//! Deriving a display name from an email address, and putting a name into title case.
//!
//! The rules:
//! - What follows a `+` is a tag, and digits are no part of a name: both go.
//! - `.` and `_` separate the parts of a name. A `-` joins a double name (`mary-jane.smith`: Mary-Jane Smith), unless it
//!   is the only separator there is (`jane-smith`: Jane Smith).
//! - Each part starts with a capital, also after `-` and `'`, and after `Mc`; particles such as `van` and `de` stay small
//!   inside a name.

/// Small words inside a name, in the languages where they are written so.
const PARTICLES: [&str; 26] = [
    "af", "al", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos",
    "du", "el", "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "zu", "zur",
];

/// Derives a display name from the local part of `email`; empty where that holds no letter.
#[must_use]
pub fn name_from_email(email: &str) -> String {
    let local = email.split('@').next().unwrap_or(email);
    let local = local.split('+').next().unwrap_or(local);
    let only_hyphens = !local.contains(['.', '_']);
    let mut words = String::with_capacity(local.len());
    for word in local.split(|c: char| matches!(c, '.' | '_') || (only_hyphens && c == '-')) {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        if !word.is_empty() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(
            word.chars()
                .filter(|c| c.is_alphabetic() || matches!(c, '-' | '\'')),
        );
    }
    title_case(&words)
}

/// Puts a name into title case, keeping particles small and single spaces between words.
///
/// A word that already mixes upper and lower case (`McAllister`, `DeShawn`) stays as it is.
#[must_use]
pub fn title_case(text: &str) -> String {
    let mut cased = String::with_capacity(text.len());
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let is_inside = !cased.is_empty() && words.peek().is_some();
        if !cased.is_empty() {
            cased.push(' ');
        }
        let lower = word.to_lowercase();
        if is_inside && PARTICLES.contains(&lower.as_str()) {
            cased.push_str(&lower);
        } else if is_mixed(word) {
            cased.push_str(word);
        } else {
            push_capitalized(&mut cased, &lower);
        }
    }
    cased
}

fn is_mixed(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

/// Adds a word, with a capital first, after `-` and an apostrophe, and after `Mc`.
fn push_capitalized(cased: &mut String, lower: &str) {
    for (index, part) in lower.split_inclusive(['-', '\'', '’']).enumerate() {
        // `O'Neil` and `D'Angelo`, but the possessive `James's`.
        if index > 0 && part.chars().count() == 1 && !cased.ends_with('-') {
            cased.push_str(part);
            continue;
        }
        match part.strip_prefix("mc") {
            Some(rest) if rest.chars().count() > 2 => {
                cased.push_str("Mc");
                push_capital(cased, rest);
            }
            _ => push_capital(cased, part),
        }
    }
}

fn push_capital(text: &mut String, word: &str) {
    let mut letters = word.chars();
    if let Some(first) = letters.next() {
        text.extend(first.to_uppercase());
        text.push_str(letters.as_str());
    }
}
