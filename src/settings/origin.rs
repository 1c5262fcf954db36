//! Where a setting comes from.

use std::env::{self, VarError};
use std::fmt;

use super::error::Error;
use crate::ledger::RunId;

/// The API key.
pub const KEY_VARIABLE: &str = "GRADIENT_API_KEY";
/// The address of the API.
pub const URL_VARIABLE: &str = "GRADIENT_API_URL";
/// The ID or name of the assessment.
pub const ASSESSMENT_VARIABLE: &str = "GRADIENT_ASSESSMENT_ID";
/// The directory of all files that are kept, and of the configuration file.
pub const HOME_VARIABLE: &str = "GRADIENT_BULK_HOME";

/// Where a setting comes from, in words that the user knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    /// A command-line option.
    Option(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A profile of the configuration file.
    Profile(String),
    /// The top level of the configuration file.
    Configuration,
    /// The run whose rest is sent.
    Run(RunId),
    /// Built in: nothing was configured.
    Default,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(name) | Self::Variable(name) => write!(f, "`{name}`"),
            Self::Profile(name) => write!(f, "profile `{name}`"),
            Self::Configuration => f.write_str("`config.toml`"),
            Self::Run(run) => write!(f, "run {run}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Returns the first value that is set, with its origin.
pub(super) fn first_set<T>(
    values: impl IntoIterator<Item = (Option<T>, SettingOrigin)>,
) -> (Option<T>, SettingOrigin) {
    let if_set = |(value, origin): (Option<T>, SettingOrigin)| Some((Some(value?), origin));
    let found = values.into_iter().find_map(if_set);
    found.unwrap_or((None, SettingOrigin::Default))
}

/// Reads a variable; an empty one is treated as unset.
pub(super) fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::NotUtf8 { name }),
    }
}
