//! Where a setting comes from.

use std::fmt;

use super::KeySource;
use crate::ledger::RunId;

/// Where a setting comes from, as its user knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingOrigin {
    /// An option of the command line.
    Option(&'static str),
    /// A variable of the environment.
    Variable(&'static str),
    /// A profile of the configuration file.
    Profile(String),
    /// The top of the configuration file.
    Configuration,
    /// The run that is sent.
    Run(RunId),
    /// Nobody said anything.
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

/// Where the settings of one command come from.
#[derive(Clone, Debug)]
pub struct SettingOrigins {
    /// The address of the API.
    pub api_url: SettingOrigin,
    /// The key, where there is one.
    pub key: Option<KeySource>,
    /// The assessment.
    pub assessment: SettingOrigin,
    /// Additional certificates.
    pub ca_certificates: SettingOrigin,
    /// The zone.
    pub zone: SettingOrigin,
    /// How many requests start in a second.
    pub rate: SettingOrigin,
    /// How many requests are in flight.
    pub concurrency: SettingOrigin,
}

/// Returns the first value that was given, with where.
pub(super) fn first_set<T>(
    values: impl IntoIterator<Item = (Option<T>, SettingOrigin)>,
) -> (Option<T>, SettingOrigin) {
    let given = |(value, origin): (Option<T>, SettingOrigin)| Some((Some(value?), origin));
    let found = values.into_iter().find_map(given);
    found.unwrap_or((None, SettingOrigin::Default))
}
