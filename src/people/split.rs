//! Splitting a name into first and last name. The rules are at the head of `people`.

use super::casing::{is_inverted, segments};
use super::trim_invisible;
use super::word_lists::{is_particle, is_suffix, is_title, is_vietnamese, starts_last_name};

/// Returns the first name in `name`, as it is written; empty if there is none.
#[must_use]
pub fn first_name(name: &str) -> String {
    split(name).0
}

/// Returns the last name in `name` with its particles, as it is written; empty if there is none.
#[must_use]
pub fn last_name(name: &str) -> String {
    split(name).1
}

fn split(name: &str) -> (String, String) {
    let name = strip_brackets(trim_invisible(name));
    let segments = segments(&name);
    let first = segments
        .first()
        .map_or(&[][..], |words| strip_titles_and_suffixes(words));
    if !is_inverted(&segments) {
        let (given, family) = first.split_at(last_name_start(first));
        return (
            given.first().copied().unwrap_or("").to_owned(),
            family.join(" "),
        );
    }
    let given = segments
        .get(1)
        .map_or(&[][..], |words| strip_titles_and_suffixes(words));
    // `Beethoven, Ludwig van`
    let trailing = given
        .iter()
        .skip(1)
        .rev()
        .take_while(|word| is_particle(word, None))
        .count();
    let (given, particles) = given.split_at(given.len() - trailing);
    let family = [particles, first].concat();
    (
        given.first().copied().unwrap_or("").to_owned(),
        family.join(" "),
    )
}

/// Removes titles and suffixes, unless nothing else is left.
fn strip_titles_and_suffixes<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let start = words.iter().take_while(|word| is_title(word)).count();
    let behind = words
        .iter()
        .rev()
        .take_while(|word| is_suffix(word))
        .count();
    // The first word of a name is never its suffix, even if it looks like one.
    let end = (words.len() - behind).max(start + 1);
    words.get(start..end).unwrap_or(words)
}

/// Returns where the last name starts in a name with the first name first.
fn last_name_start(words: &[&str]) -> usize {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let is_lead = |at: usize| match (at, lower.get(at).map(String::as_str)) {
        (1, Some("van")) => !lower.first().is_some_and(|word| is_vietnamese(word)),
        (_, word) => word.is_some_and(starts_last_name),
    };
    let Some(last) = words.len().checked_sub(1).filter(|last| *last > 0) else {
        return words.len();
    };
    // `de Mesnil`: a small particle is not a first name if other words have capitals.
    let is_small = |word: &&str| is_particle(word, None);
    if words.first().is_some_and(is_small)
        && words.iter().any(|word| word.contains(char::is_uppercase))
    {
        return 0;
    }
    let mut start = (1..last).rev().find(|at| is_lead(*at)).unwrap_or(last);
    while start > 1 && is_lead(start - 1) {
        start -= 1;
    }
    // `José Ortega y Gasset`
    if start > 2 && words.get(start - 1) == Some(&"y") {
        start -= 2;
    }
    start
}

/// Removes anything in brackets, such as nicknames and pronouns.
fn strip_brackets(name: &str) -> String {
    let mut depth: usize = 0;
    name.chars()
        .filter(|c| match c {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}
