//! The variables of the environment that are heeded.

use std::env::{self, VarError};

use super::Error;

/// The variable that holds the key.
pub const KEY_VARIABLE: &str = "GRADIENT_API_KEY";
/// The variable that holds the address of the API.
pub const URL_VARIABLE: &str = "GRADIENT_API_URL";
/// The variable that holds id or name of the assessment.
pub const ASSESSMENT_VARIABLE: &str = "GRADIENT_ASSESSMENT_ID";
/// The variable that names the directory for everything that is kept, and for the configuration file.
pub const HOME_VARIABLE: &str = "GRADIENT_BULK_HOME";

/// Reads a variable; an empty one counts as unset.
pub(super) fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::NotUtf8 { name }),
    }
}
