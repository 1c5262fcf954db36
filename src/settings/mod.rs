//! Options, environment and configuration file, resolved once into plain structs.
//!
//! An option beats everything. What a profile says that is named by `--profile` beats the environment, and that beats what
//! stands at the top of the configuration file. A key that the file names goes to the address it stands beside, and to no
//! other.

mod cli_overrides;
mod config_error;
mod configuration;
mod directories;
mod error;
mod key_command;
mod key_source;
mod origin;
mod profile;
mod request_limits;
mod resolved;
mod variable;

pub use self::cli_overrides::CliOverrides;
pub use self::config_error::ConfigError;
pub use self::configuration::Configuration;
pub use self::directories::{configuration_file, history, ledger, sandbox_data_dir};
pub use self::error::Error;
pub use self::key_command::{KeyCommand, KeyCommandError};
pub use self::key_source::{KeySource, Warning};
pub use self::origin::{SettingOrigin, SettingOrigins};
pub use self::profile::Profile;
pub use self::request_limits::{CONCURRENCY_RANGE, DEFAULT_CONCURRENCY, RATE_RANGE};
pub(crate) use self::resolved::time_error;
pub use self::resolved::{Endpoint, Settings, display_zone, parse_now, zone};
pub use self::variable::{ASSESSMENT_VARIABLE, HOME_VARIABLE, KEY_VARIABLE, URL_VARIABLE};
