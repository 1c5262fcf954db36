//! Errors of times, dates and zones.

use super::zone_error::ZoneError;

/// Why a time could not be read or computed.
///
/// `text` is what was given; `likely` is what was probably meant.
#[expect(missing_docs, reason = "the messages say it")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("no date (the text is empty)")]
    Empty,
    #[error("`{text}` is not a date")]
    NotADate { text: String },
    #[error("`{text}` has a time but no time zone")]
    MissingZone { text: String },
    #[error("`{text}` is not in the form `YYYY-MM-DD`")]
    OtherFormat {
        text: String,
        /// In the form `2025-02-01`, with the time of day if there is one.
        date: String,
    },
    #[error("`{text}` could be read with the day or the month first")]
    Ambiguous {
        text: String,
        /// In the form `2025-02-01`; none if the year has two digits.
        interpretations: Vec<String>,
    },
    #[error("`{text}` is the number that a spreadsheet stores for {date}")]
    SpreadsheetSerial {
        text: String,
        /// In the form `2025-02-01`, with the time of day if there is one.
        date: String,
    },
    #[error("{0}")]
    Zone(#[from] ZoneError),
    #[error("`{name}` is not a day of the week")]
    UnknownWeekday {
        name: String,
        likely: Option<&'static str>,
    },
    #[error("a time cannot be rounded up to `{unit}`")]
    UnknownUnit { unit: String },
    #[error("`{text}` is not a time of day")]
    Time {
        text: String,
        /// In the form `17:00`.
        likely: Option<String>,
    },
    #[error("`{text}` is not a span of time")]
    Span { text: String },
    #[error("bad format pattern `{pattern}`: {reason}")]
    Pattern { pattern: String, reason: String },
    #[error("the result is out of range (years -9999 to 9999)")]
    OutOfRange,
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Empty => "use `()` for no date".to_owned(),
            Self::OtherFormat { date, .. } => format!("write `{date}`"),
            Self::SpreadsheetSerial { date, .. } => {
                format!("write `{date}`, or format the column as a date and save the file again")
            }
            Self::Ambiguous {
                interpretations, ..
            } if !interpretations.is_empty() => {
                format!(
                    "write `{}`, whichever you mean",
                    interpretations.join("` or `")
                )
            }
            Self::NotADate { .. } | Self::Ambiguous { .. } => {
                "write a date as `2025-02-01`, or an instant as `2025-02-01T17:00:00Z`".to_owned()
            }
            Self::MissingZone { text } => {
                format!(
                    "add the zone (`Z`, `+01:00`), or use `datetime(\"{text}\", \"Europe/Berlin\")`"
                )
            }
            Self::Zone(source) => source.hint(),
            Self::Span { .. } => "write it as `5 days` or `1 hour 30 minutes`".to_owned(),
            Self::UnknownWeekday {
                likely: Some(day), ..
            } => format!("did you mean `{day}`?"),
            Self::UnknownWeekday { .. } => {
                "use an English name such as `friday`, or `fri`".to_owned()
            }
            Self::UnknownUnit { .. } => "the units are `minute`, `hour` and `day`".to_owned(),
            Self::Time {
                likely: Some(time), ..
            } => format!("write `{time}`"),
            Self::Time { .. } => "write it as `17:00` or `17:00:30`".to_owned(),
            Self::Pattern { .. } => {
                "patterns are those of strftime, such as `%Y-%m-%d %H:%M %Z`".to_owned()
            }
            Self::OutOfRange => return None,
        };
        Some(hint)
    }
}
