//! Title case. The rules are at the head of `people`.

use std::borrow::Cow;

use super::order::is_inverted;
use super::suffixes::{is_suffix, suffix};
use super::word_lists::{is_apostrophe, is_elided, is_mac, is_particle, is_vietnamese};

/// Puts a name into title case, with single spaces between words and after commas.
pub fn title_case(text: &str) -> String {
    let segments = segments(text);
    let is_inverted = is_inverted(&segments);
    let name = NameCasing {
        is_inverted,
        has_mixed_case: segments.iter().flatten().any(|word| is_mixed_case(word)),
        is_single: segments.iter().flatten().count() == 1,
    };
    let mut cased = String::with_capacity(text.len());
    for (number, words) in segments.iter().enumerate() {
        if number > 0 {
            cased.push(',');
        }
        for at in 0..words.len() {
            if !cased.is_empty() {
                cased.push(' ');
            }
            name.push_word(&mut cased, number, words, at);
        }
    }
    cased
}

/// Splits a name at its commas into words.
fn segments(name: &str) -> Vec<Vec<&str>> {
    let segments = name.split(',');
    segments
        .map(|segment| segment.split_whitespace().collect())
        .filter(|words: &Vec<&str>| !words.is_empty())
        .collect()
}

/// The properties of a name that the case of its words depends on.
struct NameCasing {
    is_inverted: bool,
    /// Whether a word has both capitals and small letters.
    has_mixed_case: bool,
    is_single: bool,
}

impl NameCasing {
    fn push_word(&self, cased: &mut String, segment: usize, words: &[&str], at: usize) {
        let Some(&word) = words.get(at) else {
            return;
        };
        let is_first = segment == 0 && at == 0 && !self.is_inverted;
        let lower = lowercase(word);
        if is_mixed_case(word) {
            cased.push_str(word);
        } else if self.is_lowercase_particle(segment, words, at, &lower) {
            cased.push_str(&lower);
        } else if let Some(suffix) =
            suffix(word).filter(|_| !is_first && only_suffixes_follow(words, at))
        {
            cased.push_str(suffix);
            cased.push_str(if word.ends_with('.') { "." } else { "" });
        } else if self.has_mixed_case
            && word.chars().count() == 2
            && word.chars().all(char::is_uppercase)
        {
            cased.push_str(word);
        } else {
            let is_given = is_first && !self.is_single;
            push_capitalized(cased, &lower, !is_first, is_given);
        }
    }

    /// Returns whether the word at `at` is a particle inside the name.
    fn is_lowercase_particle(
        &self,
        segment: usize,
        words: &[&str],
        at: usize,
        lower: &str,
    ) -> bool {
        let before = at
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .map(|word| lowercase(word));
        let leads_last_name = self.is_inverted && segment == 0;
        let is_last = only_suffixes_follow(words, at);
        // `Beethoven, Ludwig van`
        let trails_first_name = self.is_inverted && segment > 0;
        match (lower, &before) {
            ("'t" | "’t" | "ʼt", _) => true,
            ("y", _) => !is_last && (at > 1 || (leads_last_name && at > 0)),
            ("e", Some(_)) => !is_last && words.iter().take(at).any(|word| is_portuguese(word)),
            ("van", Some(before)) if at == 1 && is_vietnamese(before) => false,
            (_, None) if !leads_last_name => false,
            _ => is_particle(lower, before.as_deref()) && (!is_last || trails_first_name),
        }
    }
}

/// Returns whether `word` is a particle that shows a name to be Portuguese.
fn is_portuguese(word: &str) -> bool {
    ["da", "das", "de", "do", "dos"]
        .iter()
        .any(|particle| particle.eq_ignore_ascii_case(word))
}

/// Returns whether only suffixes follow the word at `at`.
fn only_suffixes_follow(words: &[&str], at: usize) -> bool {
    let is_behind = |word: &&str| {
        is_suffix(word) || word.starts_with(['(', '[']) || !word.contains(char::is_alphanumeric)
    };
    words.iter().skip(at + 1).all(is_behind)
}

/// Returns whether `word` has capitals and small letters, and so is probably spelled on purpose; `McDONALD` is not.
fn is_mixed_case(word: &str) -> bool {
    let is_shouted = ["Mc", "Mac"].iter().any(|prefix| {
        word.strip_prefix(prefix)
            .is_some_and(|rest| rest.chars().count() > 2 && rest.chars().all(char::is_uppercase))
    });
    !is_shouted && word.chars().any(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

/// Returns `word` in small letters, except `İ`: its small form is two characters, which do not turn into the capital
/// again. [`push_small`] handles it.
fn lowercase(word: &str) -> Cow<'_, str> {
    if word
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        return Cow::Borrowed(word);
    }
    if word.contains('İ') {
        let parts: Vec<String> = word.split('İ').map(str::to_lowercase).collect();
        return Cow::Owned(parts.join("İ"));
    }
    Cow::Owned(word.to_lowercase())
}

/// Adds a word with its capitals. `inside` a name, a particle that is joined by a hyphen is small.
fn push_capitalized(cased: &mut String, lower: &str, inside: bool, is_given: bool) {
    let mut parts = lower.split_inclusive(starts_capital).enumerate().peekable();
    while let Some((number, part)) = parts.next() {
        let bare = part.trim_end_matches(starts_capital);
        let is_last = parts.peek().is_none();
        let is_lowercase_particle = !is_last
            && part.ends_with(is_hyphen)
            && if number == 0 {
                inside && matches!(bare, "al" | "el")
            } else {
                is_particle(bare, None)
            };
        if is_lowercase_particle {
            push_small(cased, part);
        } else {
            push_part(cased, part, is_given);
        }
    }
}

/// Adds the part of a word between two hyphens.
fn push_part(cased: &mut String, part: &str, is_given: bool) {
    let bare = part.trim_end_matches(starts_capital).chars().count();
    match part.find(is_apostrophe).filter(|at| *at > 0) {
        Some(at) if is_elided(&part[..at]) && bare > part[..at].chars().count() + 2 => {
            push_capital(cased, &part[..at]);
            let rest = &part[at..];
            let after = rest.trim_start_matches(is_apostrophe);
            cased.push_str(&rest[..rest.len() - after.len()]);
            push_scottish(cased, after, is_given);
        }
        Some(_) => push_capital(cased, part),
        None => push_scottish(cased, part, is_given),
    }
}

fn push_scottish(cased: &mut String, part: &str, is_given: bool) {
    let bare = part.trim_end_matches(starts_capital);
    let prefix = match part.strip_prefix("mc") {
        Some(_) if bare.chars().count() > 4 => "mc",
        _ if !is_given && is_mac(bare) => "mac",
        _ => "",
    };
    push_capital(cased, prefix);
    push_capital(cased, &part[prefix.len()..]);
}

/// Adds `part` with a capital first letter, unless a digit precedes it. A letter is kept if its capital is more than one
/// character, as for `ß`, or if it is Georgian, where capitals are for headlines only.
fn push_capital(cased: &mut String, part: &str) {
    let first = part.char_indices().find(|(_, c)| c.is_alphanumeric());
    let Some((at, letter)) = first else {
        return push_small(cased, part);
    };
    cased.push_str(&part[..at]);
    let mut capital = letter.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) if !('ა'..='ჿ').contains(&letter) => cased.push(capital),
        _ => cased.push(letter),
    }
    push_small(cased, &part[at + letter.len_utf8()..]);
}

fn push_small(cased: &mut String, part: &str) {
    cased.extend(part.chars().map(|c| if c == 'İ' { 'i' } else { c }));
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '–' | '—')
}

/// Returns whether a capital follows `c`.
fn starts_capital(c: char) -> bool {
    is_hyphen(c)
        || matches!(
            c,
            '.' | '&' | '/' | '(' | '[' | '"' | '“' | '„' | '«' | '+' | '_'
        )
}
