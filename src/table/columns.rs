//! What the columns of a file are called: by its first record, by number, or by who reads it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use icu_normalizer::DecomposingNormalizer;

use super::row::Alias;
use super::{Error, Header};
use crate::text::is_accent;

/// How the columns of a file get their names.
#[derive(Clone, Debug)]
pub struct ColumnOptions {
    /// The first record names the columns.
    pub header: bool,
    /// Columns that must be there; without a header, the names of all columns in order.
    pub columns: Vec<String>,
    /// Make every name one that can be written behind a dot.
    pub normalize: bool,
    /// Names to read a column by, and what it may be called instead; letters and digits of a name count, not their case.
    pub aliases: BTreeMap<String, Vec<String>>,
}

impl Default for ColumnOptions {
    fn default() -> Self {
        Self {
            header: true,
            columns: Vec::new(),
            normalize: false,
            aliases: BTreeMap::new(),
        }
    }
}

impl ColumnOptions {
    /// Makes the header of the file that messages know as `path` from its first record, which starts at `line`.
    ///
    /// # Errors
    /// A column has no name or that of another, a required one is missing or could be one of several, or there are more or
    /// fewer than were named.
    pub(super) fn name<'a>(
        &self,
        path: &Path,
        line: u64,
        record: impl Iterator<Item = &'a str>,
    ) -> Result<Header, Error> {
        let path = path.to_owned();
        let header = if self.header {
            self.name_by_header(path, line, record)?
        } else {
            self.name_without_header(path, line, record.count())?
        };
        let aliases = self.aliases_in(header.columns());
        let header = header.with_aliases(line, aliases);
        if let Some(ambiguity) = self.columns.iter().find_map(|name| header.ambiguity(name)) {
            return Err(ambiguity);
        }
        let is_missing = |name: &&String| header.index(name).is_none();
        let missing: Vec<String> = self.columns.iter().filter(is_missing).cloned().collect();
        if !missing.is_empty() {
            return Err(Error::MissingColumns {
                path: header.path().to_owned(),
                line,
                missing,
                present: header.columns().to_vec(),
            });
        }
        Ok(header)
    }

    fn name_by_header<'a>(
        &self,
        path: PathBuf,
        line: u64,
        record: impl Iterator<Item = &'a str>,
    ) -> Result<Header, Error> {
        let mut given: Vec<&str> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (index, name) in record.map(str::trim).enumerate() {
            if name.is_empty() {
                let column = index + 1;
                return Err(Error::UnnamedColumn { path, line, column });
            }
            let column = if self.normalize {
                normalized(name, index + 1)
            } else {
                name.to_owned()
            };
            if let Some(first) = known.insert(column.clone(), index) {
                return Err(Error::DuplicateColumn {
                    path,
                    line,
                    name: column,
                    first: (given[first].to_owned(), first + 1),
                    second: (name.to_owned(), index + 1),
                });
            }
            given.push(name);
            columns.push(column);
        }
        Ok(Header::new(path, columns))
    }

    /// Finds what could be read by each name that has aliases: nothing else where a column is called so exactly, and no alias
    /// where one is spelt alike.
    fn aliases_in(&self, columns: &[String]) -> Vec<Alias> {
        let matching = |others: &[String]| -> Vec<usize> {
            let others: Vec<String> = others.iter().map(|each| match_key(each)).collect();
            let columns = columns.iter().enumerate();
            let alike = columns.filter(|(_, column)| others.contains(&match_key(column)));
            alike.map(|(index, _)| index).collect()
        };
        let aliases = self.aliases.iter();
        aliases
            .filter(|(name, _)| !columns.contains(name))
            .filter_map(|(name, others)| {
                let mut found = matching(std::slice::from_ref(name));
                if found.is_empty() {
                    found = matching(others);
                }
                (!found.is_empty()).then(|| Alias {
                    name: name.clone(),
                    columns: found,
                })
            })
            .collect()
    }

    fn name_without_header(&self, path: PathBuf, line: u64, found: usize) -> Result<Header, Error> {
        if self.columns.is_empty() {
            let columns = (1..=found).map(default_column_name).collect();
            return Ok(Header::new(path, columns));
        }
        for (index, name) in self.columns.iter().enumerate() {
            if let Some(first) = self.columns[..index].iter().position(|other| other == name) {
                return Err(Error::DuplicateColumn {
                    path,
                    line,
                    name: name.clone(),
                    first: (name.clone(), first + 1),
                    second: (name.clone(), index + 1),
                });
            }
        }
        if found != self.columns.len() {
            return Err(Error::ColumnCount {
                path,
                line,
                named: self.columns.len(),
                found,
            });
        }
        Ok(Header::new(path, self.columns.clone()))
    }

    /// Returns what a record must have as many fields as.
    pub(super) fn column_source(&self) -> ColumnSource {
        match (self.header, self.columns.is_empty()) {
            (true, _) => ColumnSource::Header,
            (false, true) => ColumnSource::FirstRecord,
            (false, false) => ColumnSource::Caller,
        }
    }
}

/// What says how many columns a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnSource {
    /// Its first record, which names them.
    Header,
    /// Its first record, which is a row.
    FirstRecord,
    /// The names that were passed for a file without a header.
    Caller,
}

fn default_column_name(number: usize) -> String {
    format!("column_{number}")
}

/// Makes `name` readable behind a dot: lower-case letters without accents and digits, everything between them one `_`.
///
/// Letters that no accent made go as they are usually transcribed (`ß` is `ss`); those of other scripts stay. A leading
/// digit gets `column_` in front, and a name without letter or digit is that of its number.
pub(super) fn normalized(name: &str, number: usize) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in DecomposingNormalizer::new_nfkd().normalize_iter(name.chars()) {
        if is_accent(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            match transliterated(letter) {
                Some(letters) => plain.push_str(letters),
                None => plain.extend(letter.to_lowercase().filter(|each| !is_accent(*each))),
            }
        } else if !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
    }
    let plain = plain.trim_end_matches('_');
    match plain.chars().next() {
        None => default_column_name(number),
        Some(first) if first.is_numeric() => format!("column_{plain}"),
        Some(_) => plain.to_owned(),
    }
}

/// Returns what is compared of a name that may be spelt in several ways: `E-Mail ` and `email` are alike.
#[must_use]
pub fn match_key(name: &str) -> String {
    if name.contains(char::is_alphanumeric) {
        normalized(name, 0).replace('_', "")
    } else {
        name.trim().to_owned()
    }
}

/// The usual spelling in ASCII of Latin letters that do not decompose.
fn transliterated(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn names_become_readable_behind_a_dot() {
        for (name, expected) in [
            ("E-mail Address", "e_mail_address"),
            (
                "  Full   Name (as in passport) ",
                "full_name_as_in_passport",
            ),
            ("email", "email"),
            ("first_name", "first_name"),
            ("__id__", "id"),
            ("Prénom", "prenom"),
            ("Größe", "grosse"),
            ("Straße", "strasse"),
            ("İsim", "isim"),
            ("Łódź", "lodz"),
            ("Smørrebrød", "smorrebrod"),
            ("2nd choice", "column_2nd_choice"),
            ("№", "no"),
            ("#", "column_7"),
            ("Имя", "имя"),
            ("姓名", "姓名"),
            ("a\nb", "a_b"),
        ] {
            assert_eq!(normalized(name, 7), expected, "{name:?}");
        }
    }
}
