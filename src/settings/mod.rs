//! Options, environment and configuration file, resolved once into plain structs.
//!
//! An option beats everything. What a profile says that is named by `--profile` beats the environment, and that beats what
//! stands at the top of the configuration file. A key that the file names goes to the address it stands beside, and to no
//! other.

mod configuration;
mod directories;
mod error;
mod given;
mod key_command;
mod key_source;
mod origin;
mod profile;
mod resolved;
mod variable;

pub use self::configuration::{Configuration, Fault};
pub use self::directories::{configuration_file, history, ledger, sandbox_home};
pub use self::error::Error;
pub use self::given::Given;
pub use self::key_command::{CommandFailure, KeyCommand};
pub use self::key_source::{KeySource, Warning};
pub use self::origin::{Origin, Origins};
pub use self::profile::Profile;
pub(crate) use self::resolved::wrong_moment;
pub use self::resolved::{Place, Settings, instant, shown_zone, zone};
pub use self::variable::{ASSESSMENT_VARIABLE, HOME_VARIABLE, KEY_VARIABLE, URL_VARIABLE};

use std::ops::RangeInclusive;

/// How many requests a second can be asked for.
pub const RATES: RangeInclusive<f64> = 0.01..=10_000.0;
/// How many requests can be in flight at once.
pub const CONCURRENCIES: RangeInclusive<u16> = 1..=256;
/// How many are, where nobody says otherwise.
pub const CONCURRENCY: u16 = 16;
