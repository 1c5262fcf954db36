//! The order of first and last name, and names with the last name first. The rules are at the head of `people`.

use std::ops::Range;

use super::capitals::{capital_last_name, is_certain};
use super::note::is_note;
use super::suffixes::{is_acronym, is_ambiguous, is_generation, is_suffix};
use super::titles::{is_title, leading_titles};
use super::word_lists::{is_comma, is_particle};
use crate::text::trim_invisible;

/// The order in which a name has its first and its last name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameOrder {
    /// `Jane Smith`, `Jane Smith, PhD`
    FirstLast,
    /// `Smith, Jane`
    LastFirst,
    /// `SMITH Jane`
    CapitalsFirst,
    /// What follows the comma is a first name or a suffix: `Kim, Ed`, `Lee, MA`.
    Either,
    /// A single word, or commas that separate something else.
    Unknown,
}

/// A name with the last name first, taken apart.
#[derive(Debug, Default)]
pub(super) struct InvertedName<'a> {
    titles: Vec<&'a str>,
    pub(super) given: Vec<&'a str>,
    /// Particles behind another part of the name: `Beethoven, Ludwig van`, `Berg van der, Jan`, `Berg, Jan, van der`.
    particles: Vec<&'a str>,
    family: Vec<&'a str>,
    generations: Vec<&'a str>,
    credentials: Vec<&'a str>,
    /// Suffixes between commas of their own.
    segments: Vec<String>,
    brackets: Vec<&'a str>,
    /// Whether there is more than a name and suffixes.
    has_other_text: bool,
}

/// Returns the order of first and last name in `name`.
pub(super) fn name_order(name: &str) -> NameOrder {
    if name.contains(is_east_asian) {
        return NameOrder::Unknown;
    }
    let segments = words_by_comma(name);
    match segments.as_slice() {
        [words] if has_capital_last_name(words) => NameOrder::CapitalsFirst,
        segments => order(segments),
    }
}

/// Returns whether the words of a name without a comma start with the last name in capitals: `DUPONT Marie`.
pub(super) fn has_capital_last_name(words: &[&str]) -> bool {
    let core = core(words);
    let count = capital_last_name(core);
    count.is_some_and(|count| is_certain(&core[..count]))
}

/// Splits a name at its commas into words, without anything in brackets, such as nicknames and pronouns, without marks such as
/// `&` that stand alone, and without particles between commas.
pub(super) fn words_by_comma(name: &str) -> Vec<Vec<&str>> {
    let is_name = |word: &&str| !is_bracket(word) && is_word(word);
    let has_capitals = name.contains(char::is_uppercase);
    pieces(name)
        .into_iter()
        .map(|words| words.into_iter().filter(is_name).collect())
        .filter(|words: &Vec<&str>| !words.is_empty())
        .filter(|words| !has_capitals || !all(words, is_small_particle))
        .collect()
}

/// Returns the order of a name that is split at its commas, without anything in brackets.
pub(super) fn order(segments: &[Vec<&str>]) -> NameOrder {
    let Some((first, rest)) = segments.split_first() else {
        return NameOrder::Unknown;
    };
    let has_two_words = core(first).len() > 1;
    let Some((second, others)) = rest.split_first() else {
        return if has_two_words {
            NameOrder::FirstLast
        } else {
            NameOrder::Unknown
        };
    };
    if rest.iter().all(|words| is_behind(words, has_two_words)) {
        return if has_two_words && !is_titles(second) {
            NameOrder::FirstLast
        } else {
            NameOrder::Unknown
        };
    }
    // `Jane Smith, she/her`, `Jane Smith, 43`
    let has_digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    if is_note(second) || second.iter().any(has_digit) {
        return if has_two_words {
            NameOrder::FirstLast
        } else {
            NameOrder::Unknown
        };
    }
    // `Smith, Jr., Robert`
    if let [third] = others
        && is_behind(second, has_two_words)
    {
        return if may_be_behind(third) {
            NameOrder::Unknown
        } else {
            NameOrder::LastFirst
        };
    }
    if !others
        .iter()
        .all(|words| is_behind(words, true) || may_be_behind(words))
    {
        return NameOrder::Unknown;
    }
    let words = || segments.iter().flatten();
    let has_small_letters = words().any(|word| word.contains(char::is_lowercase));
    let looks_like_suffix = |word: &&str| is_suffix(word) || is_ambiguous(word);
    let is_capital = has_small_letters && all(second, |word| is_acronym(word) || is_suffix(word));
    match (has_two_words, second.iter().all(looks_like_suffix)) {
        (true, _) if is_capital => NameOrder::FirstLast,
        (_, true) => NameOrder::Either,
        (false, _) if is_capital => NameOrder::Either,
        _ => NameOrder::LastFirst,
    }
}

/// Returns whether a name has its last name first, or more likely so than not.
pub(super) fn is_inverted(segments: &[Vec<&str>]) -> bool {
    if segments.len() < 2 {
        return false;
    }
    match order(segments) {
        NameOrder::LastFirst => true,
        NameOrder::Either => segments.first().is_some_and(|words| words.len() == 1),
        NameOrder::FirstLast | NameOrder::CapitalsFirst => false,
        NameOrder::Unknown => match segments {
            [first, second, ..] => {
                let is_whole = first.len() > 1;
                !(is_behind(second, is_whole) || is_whole && may_be_behind(second))
            }
            _ => false,
        },
    }
}

/// Puts the first name of `Smith, Jane` first. Returns nothing if that is not how the name is written.
///
/// Titles come first, suffixes and anything in brackets last: `Smith Jr., Dr. Robert, PhD` becomes `Dr. Robert Smith Jr., PhD`.
#[must_use]
pub fn reorder_name(name: &str) -> Option<String> {
    let name = trim_invisible(name);
    let is_last_first = match name_order(name) {
        NameOrder::LastFirst => true,
        NameOrder::Either => !ends_in_capitals(name),
        NameOrder::FirstLast | NameOrder::CapitalsFirst | NameOrder::Unknown => false,
    };
    is_last_first
        .then(|| InvertedName::parse(name))
        .filter(|parts| {
            !parts.has_other_text && !parts.given.is_empty() && !parts.family.is_empty()
        })
        .map(|parts| parts.first_name_first())
}

/// Puts the first name of `SMITH Jane` first. Returns nothing if that is not how the name is written.
pub(super) fn reorder_capitals(name: &str) -> Option<String> {
    let mut segments = pieces(name).into_iter();
    let (words, None) = (segments.next()?, segments.next()) else {
        return None;
    };
    let mut parts = InvertedName::default();
    parts.family = parts.take_titles_and_suffixes(words);
    let count = capital_last_name(&parts.family)?;
    parts.given = parts.family.split_off(count);
    Some(parts.first_name_first())
}

/// Returns whether what follows the comma is a suffix by its capitals: `Lee, MA`, `Jane Smith, M.A.`
fn ends_in_capitals(name: &str) -> bool {
    let segments = words_by_comma(name);
    let behind = segments.get(1).map_or(&[][..], Vec::as_slice);
    let is_suffix =
        |word: &&str| is_acronym(&word.replace('.', "")) && (is_suffix(word) || is_ambiguous(word));
    // In a name in capitals only, a suffix follows several words: `JANE SMITH, MA`.
    let has_two_words = segments.first().is_some_and(|words| words.len() > 1);
    (name.contains(char::is_lowercase) || has_two_words) && behind.iter().all(is_suffix)
}

impl<'a> InvertedName<'a> {
    /// Takes apart a name that has its last name before the first comma.
    pub(super) fn parse(name: &'a str) -> Self {
        let mut parts = Self::default();
        let has_capitals = name.contains(char::is_uppercase);
        let mut segments = pieces(name)
            .into_iter()
            .filter(|words| words.iter().any(|word| is_word(word)));
        let first = segments.next().unwrap_or_default();
        parts.family = parts.take_titles_and_suffixes(first);
        parts.particles = split_particles_off(&mut parts.family);
        for words in segments {
            if has_capitals && all(&words, is_small_particle) {
                parts.particles.extend(words);
            } else if parts.given.is_empty() && !is_behind(&words, parts.family.len() > 1) {
                // `Smith, Jane - Contractor`, `Jane Smith, née Doe`
                let is_small = |word: &str| word.starts_with(char::is_lowercase);
                parts.has_other_text |= !words.iter().all(|word| is_word(word))
                    || matches!(words.as_slice(), [first, second, ..] if is_small(first)
                        && !is_small(second) && !is_title(first) && !is_small_particle(first));
                parts.given = parts.take_titles_and_suffixes(words);
                parts
                    .particles
                    .extend(split_particles_off(&mut parts.given));
            } else if is_titles(&words) {
                parts.titles.extend(words);
            } else {
                parts.has_other_text |= !is_behind(&words, true) && !may_be_behind(&words);
                parts.segments.push(words.join(" "));
            }
        }
        parts
    }

    /// Returns the last name with its particles.
    pub(super) fn last_name(&self) -> Vec<&'a str> {
        [&*self.particles, &*self.family].concat()
    }

    /// Keeps titles, suffixes and anything in brackets, and returns the other words; all of them if no other is left.
    fn take_titles_and_suffixes(&mut self, words: Vec<&'a str>) -> Vec<&'a str> {
        let (brackets, words): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| is_bracket(word));
        self.brackets.extend(brackets);
        let core = core_range(&words);
        let (rest, behind) = words.split_at(core.end);
        let (titles, core) = rest.split_at(core.start);
        self.titles.extend(titles);
        for word in behind {
            if is_title(word) && !is_suffix(word) {
                self.titles.push(word);
            } else if is_generation(word) {
                self.generations.push(word);
            } else {
                self.credentials.push(word);
            }
        }
        core.to_vec()
    }

    fn first_name_first(&self) -> String {
        let words = [
            &self.titles,
            &self.given,
            &self.particles,
            &self.family,
            &self.generations,
        ];
        let words: Vec<&str> = words.into_iter().flatten().copied().collect();
        let mut name = words.join(" ");
        for suffix in self.credentials.iter().copied() {
            name.push_str(", ");
            name.push_str(suffix);
        }
        for segment in &self.segments {
            name.push_str(", ");
            name.push_str(segment);
        }
        for bracket in &self.brackets {
            name.push(' ');
            name.push_str(bracket);
        }
        name
    }
}

/// Returns `words` without titles and suffixes around them, or all of them if no other is left.
pub(super) fn core<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    words.get(core_range(words)).unwrap_or(words)
}

fn core_range(words: &[&str]) -> Range<usize> {
    let mut start = leading_titles(words);
    // `B.Sc. Hans Müller`
    while words.len() > start + 2
        && words
            .get(start)
            .is_some_and(|word| is_suffix(word) && !is_generation(word))
    {
        start += 1;
    }
    let is_behind = |word: &&&str| is_suffix(word) || (is_title(word) && word.ends_with('.'));
    let behind = words.iter().rev().take_while(is_behind).count();
    // The first word of a name is never its suffix, even if it looks like one.
    let end = (words.len() - behind).max(start + 1);
    if end > words.len() {
        0..words.len()
    } else {
        start..end
    }
}

/// Splits the particles off the end of a part of a name, but never its first word.
fn split_particles_off<'a>(words: &mut Vec<&'a str>) -> Vec<&'a str> {
    let behind = words.iter().skip(1).rev();
    let count = behind.take_while(|word| is_small_particle(word)).count();
    words.split_off(words.len() - count)
}

fn is_small_particle(word: &str) -> bool {
    is_particle(word, None)
}

/// Returns whether `words` are suffixes or titles behind a name, which is a whole one or may be the last name only. A suffix may have
/// blanks (`Ph. D.`), but `Smith, M. D.` has initials.
fn is_behind(words: &[&str], is_whole_name: bool) -> bool {
    let has_long_part = || words.iter().any(|word| word.chars().count() > 2);
    let is_spaced = || {
        words.len() > 1
            && all(words, |word| word.ends_with('.'))
            && (is_whole_name || has_long_part())
    };
    all(words, is_suffix) || is_titles(words) || (is_spaced() && is_suffix(&words.concat()))
}

/// Returns whether `words` may be suffixes.
fn may_be_behind(words: &[&str]) -> bool {
    all(words, |word| {
        is_suffix(word) || is_ambiguous(word) || is_acronym(word)
    })
}

fn is_titles(words: &[&str]) -> bool {
    !words.is_empty() && leading_titles(words) == words.len()
}

/// Returns whether all words match, apart from marks such as `&`.
fn all(words: &[&str], is_match: impl Fn(&str) -> bool) -> bool {
    let mut words = words.iter().filter(|word| is_word(word));
    words.all(|word| is_match(word))
}

/// Returns whether `word` is more than a mark such as `-` or `&`.
fn is_word(word: &str) -> bool {
    word.contains(char::is_alphanumeric)
}

/// Splits a name at its commas into words. Anything in brackets is one word.
fn pieces(name: &str) -> Vec<Vec<&str>> {
    let mut depth: usize = 0;
    let mut segments = vec![Vec::new()];
    let mut start = None;
    let end_word = |segments: &mut Vec<Vec<_>>, start: Option<usize>, end: usize| {
        if let (Some(start), Some(words)) = (start, segments.last_mut()) {
            words.push(name.get(start..end).unwrap_or_default());
        }
    };
    for (at, c) in name.char_indices() {
        match c {
            '(' | '[' => {
                if depth == 0 {
                    end_word(&mut segments, start.take(), at);
                }
                depth += 1;
                start = start.or(Some(at));
            }
            ')' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    end_word(&mut segments, start.take(), at + c.len_utf8());
                }
            }
            _ if depth == 0 && (is_comma(c) || c.is_whitespace()) => {
                end_word(&mut segments, start.take(), at);
                if is_comma(c) {
                    segments.push(Vec::new());
                }
            }
            _ => start = start.or(Some(at)),
        }
    }
    end_word(&mut segments, start, name.len());
    segments
}

fn is_bracket(word: &str) -> bool {
    word.starts_with(['(', '['])
}

/// Returns whether `c` is a letter of Chinese, Japanese or Korean, whose writers put the family name first without a comma.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
