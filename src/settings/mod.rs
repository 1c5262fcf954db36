//! Options, environment and configuration file, resolved once into plain structs.
//!
//! An option beats everything. What a profile says that is named by `--profile` beats the environment, and that beats what
//! stands at the top of the configuration file. A key that the file names goes to the address it stands beside, and to no
//! other.

mod configuration;
mod directories;
mod error;
mod fault;
mod given;
mod key_command;
mod key_source;
mod origin;
mod pace;
mod profile;
mod resolved;
mod variable;

pub use self::configuration::Configuration;
pub use self::directories::{configuration_file, history, ledger, sandbox_home};
pub use self::error::Error;
pub use self::fault::Fault;
pub use self::given::Given;
pub use self::key_command::{CommandFailure, KeyCommand};
pub use self::key_source::{KeySource, Warning};
pub use self::origin::{Origin, Origins};
pub use self::pace::{CONCURRENCIES, CONCURRENCY, RATES};
pub use self::profile::Profile;
pub(crate) use self::resolved::wrong_moment;
pub use self::resolved::{Place, Settings, instant, shown_zone, zone};
pub use self::variable::{ASSESSMENT_VARIABLE, HOME_VARIABLE, KEY_VARIABLE, URL_VARIABLE};
