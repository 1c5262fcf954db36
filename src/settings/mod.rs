//! Options, environment and configuration file, resolved once into plain structs.
//!
//! Options override everything. The profile that `--profile` selects overrides the environment, which overrides the top-level
//! settings of the configuration file. A key that the file names is only sent to the address that is configured with it.

mod config_error;
mod configuration;
mod directories;
mod error;
mod key_command;
mod key_source;
mod origin;
mod profile;
mod resolved;
mod variable;

pub use self::config_error::ConfigError;
pub use self::configuration::Configuration;
pub use self::directories::{configuration_file, history, ledger, sandbox_data_dir};
pub use self::error::Error;
pub use self::key_command::{KeyCommand, KeyCommandError};
pub use self::key_source::{KeySource, Warning};
pub use self::origin::SettingOrigin;
pub use self::profile::{CONCURRENCY_RANGE, Profile, RATE_RANGE};
pub(crate) use self::resolved::time_error;
pub use self::resolved::{
    CliOverrides, Endpoint, SettingOrigins, Settings, display_zone, parse_now, zone,
};
pub use self::variable::{ASSESSMENT_VARIABLE, HOME_VARIABLE, KEY_VARIABLE, URL_VARIABLE};
