//! The environment variables.

use std::env::{self, VarError};

use super::error::Error;

/// The API key.
pub const KEY_VARIABLE: &str = "GRADIENT_API_KEY";
/// The address of the API.
pub const URL_VARIABLE: &str = "GRADIENT_API_URL";
/// The ID or name of the assessment.
pub const ASSESSMENT_VARIABLE: &str = "GRADIENT_ASSESSMENT_ID";
/// The directory of all files that are kept, and of the configuration file.
pub const HOME_VARIABLE: &str = "GRADIENT_BULK_HOME";

/// Reads a variable; an empty one is treated as unset.
pub(super) fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::NotUtf8 { name }),
    }
}
