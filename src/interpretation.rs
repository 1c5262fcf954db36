//! How a value was read, if a careful person would want to see it before anything is sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A value that was read in the only way that its rules allow, although its author may have meant something else, or may not
/// know what it means: `GMT+2` is a fixed offset, without summer time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interpretation {
    /// The value as it was written.
    pub value: String,
    /// What to know about it, without the value. Values with the same remark are shown together.
    pub remark: Cow<'static, str>,
    /// What the value was read as, if the remark does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The column of the row that has exactly this value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// A result with the interpretations that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreted<T> {
    /// What the values were read as.
    pub result: T,
    /// Those that a person should see.
    pub interpretations: Vec<Interpretation>,
}

impl Interpretation {
    /// Returns the interpretation of `value`, for which `remark` says everything.
    pub fn new(value: &str, remark: impl Into<Cow<'static, str>>) -> Self {
        Self {
            value: value.trim().to_owned(),
            remark: remark.into(),
            reading: None,
            column: None,
        }
    }

    /// Returns the interpretation of `value` as `reading`.
    pub fn with_reading(
        value: &str,
        remark: impl Into<Cow<'static, str>>,
        reading: impl Into<String>,
    ) -> Self {
        Self {
            reading: Some(reading.into()),
            ..Self::new(value, remark)
        }
    }

    /// Returns the value in backticks, and what it was read as.
    pub fn value_and_reading(&self) -> String {
        match &self.reading {
            Some(reading) => format!("`{}` ({reading})", self.value),
            None => format!("`{}`", self.value),
        }
    }
}

impl<T> Interpreted<T> {
    /// Returns a result that nobody could have meant otherwise.
    pub fn plain(result: T) -> Self {
        Self {
            result,
            interpretations: Vec::new(),
        }
    }
}
