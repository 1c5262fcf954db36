//! Where a setting comes from.

use std::fmt;

use crate::ledger::RunId;

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
