//! The options that say how scripts read what is in files.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::error::Error;
use crate::settings::ReadingSettings;
use crate::time::ReadingRules;

#[derive(Debug, Args)]
pub(in crate::cli) struct ReadingArgs {
    /// Read names of time zones as this file says, with lines such as Munich,Europe/Berlin
    #[arg(long, value_name = "FILE")]
    zones: Option<PathBuf>,
}

impl ReadingArgs {
    /// Returns the rules of these options, or else of the configuration file.
    pub(in crate::cli) fn rules(
        &self,
        settings: &ReadingSettings,
    ) -> Result<Arc<ReadingRules>, Error> {
        let given = ReadingSettings {
            zones: self.zones.clone(),
        };
        Ok(Arc::new(given.or(settings).rules()?))
    }
}
