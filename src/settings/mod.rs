//! Options, environment and configuration file, resolved once into plain structs.
//!
//! Options override everything. The profile that `--profile` selects overrides the environment, which overrides the top-level
//! settings of the configuration file. A key that the file names is only sent to the address that is configured with it.

mod configuration;
mod directories;
mod error;
mod exposure;
mod key_command;
mod key_source;
mod key_text;
mod layers;
mod origin;
mod own_files;
mod profile;
mod reading;
mod resolve;
mod resolved;
mod restrictions;

pub use self::configuration::Configuration;
pub use self::directories::{history, ledger, sandbox_data_dir};
pub use self::error::Error;
pub use self::exposure::{PrivatePlace, Warning};
pub use self::origin::SettingOrigin;
pub use self::own_files::own_files;
pub use self::profile::{CONCURRENCY_RANGE, RATE_RANGE};
pub use self::reading::{ReadingSettings, display_zone, parse_now, time_error, zone};
pub use self::resolved::{CliOverrides, Endpoint, Settings};
pub use self::restrictions::Restrictions;
