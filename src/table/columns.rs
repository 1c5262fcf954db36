//! The names of columns: from the first record, from the caller, or by number.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use icu_normalizer::DecomposingNormalizer;

use super::error::{ColumnSource, ErrorKind};
use super::format::Format;
use super::header::Alias;
use super::{Error, Header};
use crate::people::parse_email;
use crate::text::is_accent;

/// The column of addresses.
const EMAIL: &str = "email";

/// How columns get their names.
#[derive(Clone, Debug)]
pub struct ColumnOptions {
    /// Whether the first record names the columns.
    pub header: bool,
    /// Required columns; without a header, the names of all columns in order.
    pub columns: Vec<String>,
    /// Whether to turn every name into one that can follow a dot: `E-mail Address` into `e_mail_address`.
    pub normalize: bool,
    /// Names to read a column by, each with the names it may have instead. Only letters and digits are compared, not case.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Whether a file of addresses without a header is accepted. Its column is called `email`.
    pub addresses: bool,
}

/// The columns of a file, and what the first record is.
pub(super) struct NamedColumns {
    pub(super) header: Header,
    /// The first record is a row.
    pub(super) first_is_row: bool,
    /// Every row must be an address.
    pub(super) is_address_list: bool,
}

impl Default for ColumnOptions {
    fn default() -> Self {
        Self {
            header: true,
            columns: Vec::new(),
            normalize: false,
            aliases: BTreeMap::new(),
            addresses: false,
        }
    }
}

impl ColumnOptions {
    /// Returns the columns of the file `path` from its first record, which starts at `line`.
    ///
    /// # Errors
    /// A column has no name or the name of another, a required column is missing or ambiguous, or there are more or fewer
    /// columns than names.
    pub(super) fn name<'a>(
        &self,
        path: &Path,
        line: u64,
        record: impl Iterator<Item = &'a str>,
    ) -> Result<NamedColumns, Error> {
        let path = path.to_owned();
        let record: Vec<&str> = record.collect();
        if self.header && record.iter().any(|name| name.contains('\0')) {
            let format = Format::binary();
            return Err(Error::new(path, ErrorKind::OtherFormat(format)));
        }
        let is_address_list = self.addresses && self.header && is_one_address(&record);
        let header = if is_address_list {
            Header::new(path, vec![EMAIL.to_owned()])
        } else if self.header {
            if self.addresses {
                self.check_header(&path, line, &record)?;
            }
            self.name_by_header(path, line, record.iter().copied())?
        } else {
            self.name_without_header(path, line, record.len())?
        };
        let aliases = self.aliases_in(header.columns());
        let header = header.with_aliases(line, aliases);
        if let Some(ambiguity) = self.columns.iter().find_map(|name| header.ambiguity(name)) {
            return Err(ambiguity);
        }
        let is_missing = |name: &&String| header.index(name).is_none();
        let missing: Vec<String> = self.columns.iter().filter(is_missing).cloned().collect();
        if !missing.is_empty() {
            return Err(Error::at(
                header.path(),
                line,
                ErrorKind::MissingColumns {
                    missing,
                    present: header.columns().to_vec(),
                },
            ));
        }
        Ok(NamedColumns {
            header,
            first_is_row: is_address_list || !self.header,
            is_address_list,
        })
    }

    /// Refuses a first record with an address that is not in a column of addresses: the file has no header.
    fn check_header(&self, path: &Path, line: u64, record: &[&str]) -> Result<(), Error> {
        let columns: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        let has_email = columns.iter().any(|name| name == EMAIL)
            || self
                .aliases_in(&columns)
                .iter()
                .any(|alias| alias.name == EMAIL);
        let is_address = |name: &&String| {
            let after_name = name
                .strip_suffix('>')
                .and_then(|name| name.rsplit_once('<'));
            // A colon ends the name of a field, as in an email that was saved as a file.
            let after_name = after_name.filter(|(name, _)| !name.contains(':'));
            parse_email(after_name.map_or(name.as_str(), |(_, address)| address)).is_ok()
        };
        let address = columns.iter().find(is_address);
        match address.filter(|_| !has_email) {
            Some(address) => Err(Error::at(
                path,
                line,
                ErrorKind::NoHeader {
                    address: address.clone(),
                },
            )),
            None => Ok(()),
        }
    }

    fn name_by_header<'a>(
        &self,
        path: PathBuf,
        line: u64,
        record: impl Iterator<Item = &'a str>,
    ) -> Result<Header, Error> {
        let mut given: Vec<(&str, usize)> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        let mut unnamed: Vec<usize> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (index, name) in record.map(str::trim).enumerate() {
            if name.is_empty() {
                unnamed.push(index);
                continue;
            }
            let column = if self.normalize {
                normalized(name, index + 1)
            } else {
                name.to_owned()
            };
            if let Some(first) = known.insert(column.clone(), given.len()) {
                let (first, number) = given[first];
                return Err(Error::at(
                    path,
                    line,
                    ErrorKind::DuplicateColumn {
                        name: column,
                        first: (first.to_owned(), number),
                        second: (name.to_owned(), index + 1),
                    },
                ));
            }
            given.push((name, index + 1));
            columns.push(column);
        }
        if columns.is_empty() {
            return Err(Error::at(path, line, ErrorKind::NoNames));
        }
        Ok(Header::new(path, columns).with_unnamed(unnamed))
    }

    /// Finds the columns that each aliased name could mean. A column of exactly that name, or else one that is spelled
    /// alike, takes precedence over the aliases.
    fn aliases_in(&self, columns: &[String]) -> Vec<Alias> {
        let matching = |others: &[String]| -> Vec<usize> {
            let others: Vec<String> = others.iter().map(|each| match_key(each)).collect();
            let columns = columns.iter().enumerate();
            let similar = columns.filter(|(_, column)| others.contains(&match_key(column)));
            similar.map(|(index, _)| index).collect()
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
                return Err(Error::at(
                    path,
                    line,
                    ErrorKind::DuplicateColumn {
                        name: name.clone(),
                        first: (name.clone(), first + 1),
                        second: (name.clone(), index + 1),
                    },
                ));
            }
        }
        if found != self.columns.len() {
            return Err(Error::at(
                path,
                line,
                ErrorKind::ColumnCount {
                    named: self.columns.len(),
                    found,
                },
            ));
        }
        Ok(Header::new(path, self.columns.clone()))
    }

    /// Returns what determines the number of fields of a record.
    pub(super) fn column_source(&self) -> ColumnSource {
        match (self.header, self.columns.is_empty()) {
            (true, _) => ColumnSource::Header,
            (false, true) => ColumnSource::FirstRecord,
            (false, false) => ColumnSource::Caller,
        }
    }
}

/// Returns whether a record is a single address.
fn is_one_address(record: &[&str]) -> bool {
    matches!(record, [text] if parse_email(text).is_ok())
}

fn default_column_name(number: usize) -> String {
    format!("column_{number}")
}

/// Turns `name` into one that can follow a dot: lower-case letters without accents, digits, and `_` for anything between.
///
/// Letters that do not decompose are transcribed as usual (`ß` to `ss`); letters of other scripts are kept. `column_` is
/// put before a leading digit. A name without a letter or digit becomes `column_` and its number.
pub(super) fn normalized(name: &str, number: usize) -> String {
    let mut normalized = String::with_capacity(name.len());
    for letter in DecomposingNormalizer::new_nfkd().normalize_iter(name.chars()) {
        if is_accent(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            match transliterated(letter) {
                Some(letters) => normalized.push_str(letters),
                None => normalized.extend(letter.to_lowercase().filter(|each| !is_accent(*each))),
            }
        } else if !normalized.is_empty() && !normalized.ends_with('_') {
            normalized.push('_');
        }
    }
    let normalized = normalized.trim_end_matches('_');
    match normalized.chars().next() {
        None => default_column_name(number),
        Some(first) if first.is_numeric() => format!("column_{normalized}"),
        Some(_) => normalized.to_owned(),
    }
}

/// Returns the form in which names are compared: `E-Mail ` and `email` have the same one.
#[must_use]
pub fn match_key(name: &str) -> String {
    if name.contains(char::is_alphanumeric) {
        normalized(name, 0).replace('_', "")
    } else {
        name.trim().to_owned()
    }
}

/// Returns the usual ASCII spelling of a Latin letter that does not decompose.
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
    fn normalized_names_can_follow_a_dot() {
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
