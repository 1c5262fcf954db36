//! Where files are kept: in the platform's directories for the user, or in the one that `GRADIENT_BULK_HOME` names.

use std::env;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, choose_base_strategy};

use super::error::Error;
use super::origin::HOME_VARIABLE;

/// The name of our directories.
const NAME: &str = "gradient-bulk";

/// The names of files and directories in them.
pub(super) const CONFIGURATION: &str = "config.toml";
pub(super) const LEDGER: &str = "ledger.db";
pub(super) const HISTORY: &str = "history.txt";
pub(super) const SANDBOX: &str = "sandbox";
pub(super) const LOCKS: &str = "locks";

/// Returns the path of the ledger: `path`, or a file in the state directory.
pub fn ledger(path: Option<&Path>) -> Result<PathBuf, Error> {
    match path {
        Some(path) => Ok(path.to_owned()),
        None => Ok(state_directory()?.join(LEDGER)),
    }
}

/// Returns the directory of the locks that keep several processes from inviting to an assessment at once.
pub fn locks() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join(LOCKS))
}

/// Returns the path of the REPL's history.
pub fn history() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join(HISTORY))
}

/// Returns the directory in which the sandbox keeps its state.
pub fn sandbox_data_dir() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join(SANDBOX))
}

/// Returns the path of the configuration file, whether it exists or not.
pub fn configuration_file() -> Result<PathBuf, Error> {
    let directory = match own_home() {
        Some(home) => home,
        None => platform()?.config_dir().join(NAME),
    };
    Ok(directory.join(CONFIGURATION))
}

/// Returns every directory of a configuration file: that of `GRADIENT_BULK_HOME`, and that of the platform, which is used without the
/// variable.
pub(super) fn configuration_directories() -> Vec<PathBuf> {
    let platform = platform().ok();
    let platform = platform.map(|base| base.config_dir().join(NAME));
    own_home().into_iter().chain(platform).collect()
}

/// Returns every directory of state, as for the configuration.
pub(super) fn state_directories() -> Vec<PathBuf> {
    let platform = platform_state_directory().ok();
    own_home().into_iter().chain(platform).collect()
}

/// Resolves a path from a configuration file in `directory`: relative to that, or `~/…`.
pub(super) fn resolve_config_path(directory: &Path, path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), platform()) {
        (Ok(rest), Ok(platform)) => platform.home_dir().join(rest),
        _ => directory.join(path),
    }
}

fn state_directory() -> Result<PathBuf, Error> {
    own_home().map_or_else(platform_state_directory, Ok)
}

fn platform_state_directory() -> Result<PathBuf, Error> {
    let base = platform()?;
    let directory = base.state_dir().unwrap_or_else(|| base.data_dir());
    Ok(directory.join(NAME))
}

fn own_home() -> Option<PathBuf> {
    env::var_os(HOME_VARIABLE)
        .filter(|home| !home.is_empty())
        .map(PathBuf::from)
}

fn platform() -> Result<impl etcetera::BaseStrategy, Error> {
    choose_base_strategy().map_err(|_| Error::NoHome)
}
