//! Splitting a name into first and last name. The rules are at the head of `people`.

use super::capitals::{capital_last_name, is_certain};
use super::order::{InvertedName, core, is_inverted, words_by_comma};
use super::titles::{leading_titles, precede_last_name};
use super::word_lists::{is_particle, is_vietnamese, starts_last_name};
use crate::text::trim_invisible;

/// Returns the first name in `name`, as it is written; empty if there is none.
pub fn first_name(name: &str) -> String {
    split(name).0
}

/// Returns the last name in `name` with its particles, as it is written; empty if there is none.
pub fn last_name(name: &str) -> String {
    split(name).1
}

fn split(name: &str) -> (String, String) {
    let name = trim_invisible(name);
    let segments = words_by_comma(name);
    let (given, family) = if is_inverted(&segments) {
        let parts = InvertedName::parse(name);
        let family = parts.last_name();
        (parts.given, family)
    } else {
        let all = segments.first().map_or(&[][..], Vec::as_slice);
        let words = core(all);
        let capitals = capital_last_name(words).unwrap_or_default();
        let (family, given) = words.split_at(capitals);
        if is_certain(family) {
            return (
                given.first().copied().unwrap_or("").to_owned(),
                family.join(" "),
            );
        }
        let is_last_name = words.len() == 1 && all.len() > 1 && {
            let titles = leading_titles(all);
            precede_last_name(all.get(..titles).unwrap_or_default())
        };
        let start = if is_last_name {
            0
        } else {
            last_name_start(words)
        };
        let (given, family) = words.split_at(start);
        (given.to_vec(), family.to_vec())
    };
    (
        given.first().copied().unwrap_or("").to_owned(),
        family.join(" "),
    )
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
