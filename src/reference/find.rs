//! Finds entries by the names that users give.

use super::model::{Entry, Reference, Topic};
use super::terminal;
use crate::text::nearest;

/// No entry has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reference has no `{name}`")]
pub struct UnknownName {
    /// The name that the user gave.
    pub name: String,
    /// A similar name.
    pub suggestion: Option<String>,
}

impl UnknownName {
    /// Returns what the user can do about it.
    pub fn hint(&self) -> String {
        match &self.suggestion {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`gradient-bulk docs` lists what scripts can call".to_owned(),
        }
    }
}

impl Reference {
    /// Finds a function, a method or property (`plus_days`, `.plus_days`, `DateTime.plus_days`, `row.get`), a type with its
    /// members, or a topic. Functions of Rhai with the name come after those of this program.
    pub fn find(&self, name: &str) -> Result<Vec<&Entry>, UnknownName> {
        let given = name.trim();
        let plain = &*without_arguments(given);
        let all = || self.entries().chain(self.standard.iter());
        non_empty(filter_by_name(self.entries(), plain))
            // Rhai may have more functions of that name.
            .map(|_| filter_by_name(all(), plain))
            .or_else(|| non_empty(self.entries_of_type(plain)))
            .or_else(|| non_empty(self.entries_of_topic(plain)))
            .or_else(|| non_empty(filter_by_name(all(), plain)))
            .ok_or_else(|| UnknownName {
                name: given.to_owned(),
                suggestion: self.suggestion(plain),
            })
    }

    /// Explains what a user means by `name`: a page about the language, entries of that name, or else entries whose text
    /// contains it.
    pub fn explain(&self, name: &str, width: usize, color: bool) -> Result<String, UnknownName> {
        if let Some(page) = self.find_page(name) {
            return Ok(terminal::page(page, width, color));
        }
        let found = self
            .find(name)
            .or_else(|unknown| non_empty(self.search(name)).ok_or(unknown))?;
        Ok(terminal::entry(&found, width, color))
    }

    /// Finds a page about the language: a topic with an introduction, by its title or one of its other names, unless a
    /// function has that name.
    fn find_page(&self, name: &str) -> Option<&Topic> {
        let name = name.trim();
        let is_title = |title: &str| title.eq_ignore_ascii_case(name);
        let is_function = self.entries().any(|entry| entry.name == name);
        self.topics.iter().find(|topic| {
            let has_name = || topic.names.iter().any(|other| is_title(other));
            !topic.introduction.is_empty()
                && (is_title(topic.title) || (!is_function && has_name()))
        })
    }

    /// Finds the entries whose summary or description contains a word of at least three letters.
    fn search(&self, word: &str) -> Vec<&Entry> {
        let word = word.trim().to_lowercase();
        if word.len() < 3 {
            return Vec::new();
        }
        let is_about = |entry: &&Entry| {
            entry.overloads.iter().any(|overload| {
                let doc = &overload.doc;
                let mut texts = doc.description.iter().chain([&doc.summary]);
                texts.any(|text| has_word(&text.to_lowercase(), &word))
            })
        };
        self.entries().filter(is_about).collect()
    }

    fn entries_of_topic(&self, title: &str) -> Vec<&Entry> {
        let topics = self.topics.iter();
        let meant = topics.filter(|topic| topic.title.eq_ignore_ascii_case(title));
        meant.flat_map(|topic| &topic.entries).collect()
    }

    fn entries_of_type(&self, name: &str) -> Vec<&Entry> {
        let is_owner = |entry: &&Entry| {
            let owner = entry.owner.as_ref();
            owner.is_some_and(|owner| owner.eq_ignore_ascii_case(name))
        };
        self.entries().filter(is_owner).collect()
    }

    fn suggestion(&self, name: &str) -> Option<String> {
        let (owner, member) = split(name);
        // Every short name is similar to a single letter.
        if member.len() < 2 {
            return None;
        }
        let owners = self.entries().filter_map(|entry| entry.owner.as_deref());
        let topics = self.topics.iter().map(|topic| topic.title);
        let own = self.entries().map(|entry| &*entry.name);
        let standard = self.standard.iter().map(|entry| &*entry.name);
        let is_word = |name: &&str| name.starts_with(|c: char| c.is_ascii_alphabetic());
        let names = own.chain(owners).chain(topics).filter(is_word);
        // The functions of this program come before equally similar ones of Rhai.
        let suggestion = nearest(member, names).or_else(|| nearest(member, standard))?;
        let is_type = !self.entries_of_type(owner).is_empty();
        Some(
            if is_type
                && filter_by_name(self.entries(), &format!("{owner}.{suggestion}")).len() == 1
            {
                format!("{owner}.{suggestion}")
            } else {
                suggestion.to_owned()
            },
        )
    }
}

/// Returns whether `text` has a word, also in the plural.
fn has_word(text: &str, word: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|other| other == word || other.strip_suffix('s') == Some(word))
}

fn non_empty(entries: Vec<&Entry>) -> Option<Vec<&Entry>> {
    (!entries.is_empty()).then_some(entries)
}

/// Turns `now().plus_days(3)` into `now.plus_days`.
fn without_arguments(name: &str) -> String {
    let mut depth = 0_usize;
    let plain = name.chars().filter(|letter| match letter {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    plain.collect()
}

/// Splits `DateTime.plus_days` into owner and member; the member of `row["x"]` is `[]`.
fn split(name: &str) -> (&str, &str) {
    match name.split_once('[') {
        Some((owner, _)) => (owner, "[]"),
        None => name.rsplit_once('.').unwrap_or(("", name)),
    }
}

/// Selects the `entries` that `name` means. A type before the dot selects its member. Anything else before the dot, such as a
/// variable, only means that members come before functions.
fn filter_by_name<'a>(entries: impl Iterator<Item = &'a Entry>, name: &str) -> Vec<&'a Entry> {
    let (owner, member) = split(name);
    let mut found: Vec<&Entry> = entries.filter(|entry| entry.name == member).collect();
    if member.len() == name.len() {
        // A function comes before methods of the same name.
        found.sort_by_key(|entry| entry.owner.is_some());
        return found;
    }
    let of_owner = |entry: &&&Entry| {
        let entry_owner = entry.owner.as_ref();
        entry_owner.is_some_and(|entry_owner| entry_owner.eq_ignore_ascii_case(owner))
    };
    let narrower = [
        found.iter().filter(of_owner).copied().collect::<Vec<_>>(),
        found
            .iter()
            .filter(|entry| entry.owner.is_some())
            .copied()
            .collect(),
    ];
    narrower
        .into_iter()
        .find(|entries| !entries.is_empty())
        .unwrap_or(found)
}
