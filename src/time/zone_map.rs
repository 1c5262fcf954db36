//! The user's own names for time zones: a line `Munich,Europe/Berlin` for each.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::zone_error::ZoneError;
use super::zone_names::interpret_zone;
use crate::interpretation::Interpreted;
use crate::text::trim_invisible;

/// Names with the zones that the user chose for them. They come before all rules.
#[derive(Clone, Debug, Default)]
pub struct ZoneMap(HashMap<String, MappedZone>);

#[derive(Clone, Debug)]
struct MappedZone {
    zone: TimeZone,
    /// The zone as it was written.
    name: String,
    /// The line, from 1; 0 if it does not come from a file.
    line: usize,
}

/// A mistake in a map, on a line of its file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ZoneMapError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: ZoneMapProblem,
}

/// What is wrong with an entry of a map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneMapProblem {
    #[error("not of the form `NAME,ZONE`")]
    NotAPair,
    #[error("{0}")]
    Zone(#[from] ZoneError),
    #[error("`{name}` is {other} in line {line}, and {zone} here")]
    Contradiction {
        name: String,
        other: String,
        line: usize,
        zone: String,
    },
}

impl ZoneMap {
    /// Reads the lines of a file. The zone comes after the last comma, so a name may have commas. Blank lines and lines that
    /// start with `#` are ignored.
    pub fn parse(text: &str) -> Result<Self, ZoneMapError> {
        let mut map = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let located = |problem| ZoneMapError { line, problem };
            let (name, zone) = content
                .rsplit_once(',')
                .ok_or_else(|| located(ZoneMapProblem::NotAPair))?;
            map.insert(&unquoted(name), unquoted(zone).trim(), line)
                .map_err(located)?;
        }
        Ok(map)
    }

    /// Adds an entry that comes from a script.
    pub fn add(&mut self, name: &str, zone: &str) -> Result<(), ZoneMapProblem> {
        self.insert(name, zone, 0)
    }

    /// Returns the zone of `name`: of the map, or else by the rules of [`interpret_zone`].
    pub fn interpret(&self, name: &str) -> Result<Interpreted<TimeZone>, ZoneError> {
        match self.get(name) {
            Some(zone) => Ok(Interpreted::plain(zone)),
            None => interpret_zone(name),
        }
    }

    /// Returns the zone that the map has for `name`.
    pub fn get(&self, name: &str) -> Option<TimeZone> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&key(name)).map(|mapped| mapped.zone.clone())
    }

    fn insert(&mut self, name: &str, zone: &str, line: usize) -> Result<(), ZoneMapProblem> {
        if name.trim().is_empty() {
            return Err(ZoneMapProblem::NotAPair);
        }
        let mapped = MappedZone {
            zone: interpret_zone(zone)?.result,
            name: zone.to_owned(),
            line,
        };
        if let Some(other) = self.0.get(&key(name))
            && other.zone != mapped.zone
        {
            return Err(ZoneMapProblem::Contradiction {
                name: name.trim().to_owned(),
                other: other.name.clone(),
                line: other.line,
                zone: mapped.name,
            });
        }
        self.0.insert(key(name), mapped);
        Ok(())
    }
}

/// Returns the name as names are compared: without blanks around it, in any case.
fn key(name: &str) -> String {
    trim_invisible(name).to_lowercase()
}

/// Removes the quotes that a spreadsheet puts around a name with a comma.
fn unquoted(name: &str) -> String {
    let name = name.trim();
    match name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
    {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::ZoneMap;

    fn message(text: &str) -> String {
        match ZoneMap::parse(text) {
            Ok(map) => panic!("{map:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn names_are_compared_in_any_case() {
        let text = "\u{feff}# ours\r\n\r\nMunich,Europe/Berlin\r\n\"Washington, DC\", America/New_York\r\nCET,Europe/Paris\n";
        let map = ZoneMap::parse(text).expect("a valid map");
        for (name, zone) in [
            (" MUNICH ", "Europe/Berlin"),
            ("Washington, DC", "America/New_York"),
            ("cet", "Europe/Paris"),
            ("Asia/Tokyo", "Asia/Tokyo"),
        ] {
            let zoned = map.interpret(name).expect("a zone");
            assert_eq!(zoned.result.iana_name(), Some(zone));
            assert!(zoned.interpretations.is_empty());
        }
        assert!(map.interpret("EST").is_err());
    }

    #[test]
    fn mistakes_have_a_line() {
        assert_eq!(
            message("a,UTC\nMunich"),
            "line 2: not of the form `NAME,ZONE`"
        );
        assert_eq!(message("\n,UTC"), "line 2: not of the form `NAME,ZONE`");
        assert_eq!(
            message("a,Mars/Olympus"),
            "line 1: unknown time zone `Mars/Olympus`"
        );
        assert!(message("a,CET").starts_with("line 1: `CET` is an abbreviation"));
        assert_eq!(
            message("a,UTC\nA,Asia/Tokyo"),
            "line 2: `A` is UTC in line 1, and Asia/Tokyo here"
        );
        assert!(ZoneMap::parse("a,UTC\nA,UTC").is_ok());
    }
}
