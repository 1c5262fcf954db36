//! The options that say how scripts read what is in files.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::error::Error;
use crate::settings::ReadingSettings;
use crate::time::{DateRules, ReadingRules};

#[derive(Debug, Args)]
pub(in crate::cli) struct ReadingArgs {
    /// Read names of time zones as this file says, with lines such as Munich,Europe/Berlin
    #[arg(long, value_name = "FILE")]
    zones: Option<PathBuf>,

    /// Read dates such as 11/03/2027 in this order: dmy, mdy or ymd; with excel (or dmy,excel), also the numbers that spreadsheets store for days
    #[arg(long, value_name = "ORDER", value_parser = DateRules::parse)]
    dates: Option<DateRules>,
}

impl ReadingArgs {
    /// Returns the rules of these options, or else of the configuration file.
    pub(in crate::cli) fn rules(
        &self,
        settings: &ReadingSettings,
    ) -> Result<Arc<ReadingRules>, Error> {
        let given = ReadingSettings {
            zones: self.zones.clone(),
            dates: self.dates,
        };
        Ok(Arc::new(given.or(settings).rules()?))
    }
}
