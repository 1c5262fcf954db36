//! Where files are kept: in the user's directories as the platform names them, or all in one that a variable names.

use std::env;
use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, choose_base_strategy};

use super::Error;
use super::variable::HOME_VARIABLE;

/// What our directories are called.
const NAME: &str = "gradient-bulk";

/// Returns the file of the ledger: the one given, or the one in the state directory.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn ledger(given: Option<&Path>) -> Result<PathBuf, Error> {
    match given {
        Some(path) => Ok(path.to_owned()),
        None => Ok(state_directory()?.join("ledger.db")),
    }
}

/// Returns the file of what was entered at the prompt.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn history() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join("history.txt"))
}

/// Returns the directory the sandbox keeps its state in.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn sandbox_data_dir() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join("sandbox"))
}

/// Returns the configuration file, whether it is there or not.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn configuration_file() -> Result<PathBuf, Error> {
    let directory = match own_home() {
        Some(home) => home,
        None => platform()?.config_dir().join(NAME),
    };
    Ok(directory.join("config.toml"))
}

/// Returns the path that somebody writes into a file in `directory`: relative to that, or `~/…`.
pub(super) fn resolve_config_path(directory: &Path, path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), platform()) {
        (Ok(rest), Ok(platform)) => platform.home_dir().join(rest),
        _ => directory.join(path),
    }
}

fn state_directory() -> Result<PathBuf, Error> {
    if let Some(home) = own_home() {
        return Ok(home);
    }
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
