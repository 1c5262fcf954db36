//! The settings that say how scripts read what is in files.

use std::fs;
use std::path::PathBuf;

use super::error::Error;
use crate::time::{DateRules, ReadingRules, ZoneMap};

/// How scripts read dates and zones, as far as an option or the configuration file says so.
#[derive(Clone, Debug, Default)]
pub struct ReadingSettings {
    /// The file with the user's own names for zones.
    pub zones: Option<PathBuf>,
    /// How dates are read that could mean several.
    pub dates: Option<DateRules>,
}

impl ReadingSettings {
    /// Returns these settings, and those of `others` for what is not set.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        Self {
            zones: self.zones.or_else(|| others.zones.clone()),
            dates: self.dates.or(others.dates),
        }
    }

    /// Reads the files that the settings name.
    pub fn rules(&self) -> Result<ReadingRules, Error> {
        let zones = self.zones.clone().map(read_zones).transpose()?;
        Ok(ReadingRules {
            zones: zones.unwrap_or_default(),
            dates: self.dates.unwrap_or_default(),
        })
    }
}

fn read_zones(path: PathBuf) -> Result<ZoneMap, Error> {
    match fs::read_to_string(&path) {
        Ok(text) => ZoneMap::parse(&text).map_err(|source| Error::ZoneMap { path, source }),
        Err(source) => Err(Error::ZoneFile { path, source }),
    }
}
