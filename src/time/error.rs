//! What can be wrong with a time, a date or a zone.

/// A time that could not be understood or reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no text to read.
    #[error("no date (the text is empty)")]
    Empty,
    /// The text is neither an instant nor a date.
    #[error("`{text}` is no date")]
    NotADate {
        /// The text.
        text: String,
    },
    /// A date and a time, but in which zone?
    #[error("`{text}` has a time but no time zone")]
    MissingZone {
        /// The text.
        text: String,
    },
    /// A date that is written in another form.
    #[error("`{text}` is not in the form `YYYY-MM-DD`")]
    OtherFormat {
        /// The text.
        text: String,
        /// The date, as it is written here.
        date: String,
    },
    /// A date whose day and month could be read either way.
    #[error("`{text}` could be read with the day or the month first")]
    Ambiguous {
        /// The text.
        text: String,
        /// What it can be, as it is written here; none where the year has two digits.
        interpretations: Vec<String>,
    },
    /// The number by which a spreadsheet keeps a date.
    #[error("`{text}` is the number that a spreadsheet keeps for {date}")]
    SpreadsheetSerial {
        /// The text.
        text: String,
        /// The date, as it is written here.
        date: String,
    },
    /// No zone has this name.
    #[error("unknown time zone `{name}`")]
    UnknownZone {
        /// The name as given.
        name: String,
        /// The zone that was probably meant.
        likely: Option<String>,
    },
    /// No day of the week has this name.
    #[error("`{name}` is no day of the week")]
    UnknownWeekday {
        /// The name as given.
        name: String,
        /// The day that was probably meant.
        likely: Option<&'static str>,
    },
    /// Nothing that a time can be rounded up to.
    #[error("a time cannot be rounded up to `{unit}`")]
    UnknownUnit {
        /// The unit as given.
        unit: String,
    },
    /// No time of day.
    #[error("`{text}` is no time of day")]
    Time {
        /// The text.
        text: String,
        /// The time that was probably meant, as it is written here.
        likely: Option<String>,
    },
    /// No span of time.
    #[error("`{text}` is no span of time")]
    Span {
        /// The text.
        text: String,
    },
    /// A format pattern that jiff does not know.
    #[error("bad format pattern `{pattern}`: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The result lies before the year -9999 or after 9999.
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
                format!("write `{date}`, or give the column the format of a date and save it anew")
            }
            Self::Ambiguous {
                interpretations, ..
            } if !interpretations.is_empty() => {
                format!(
                    "write `{}`, whichever is meant",
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
            Self::UnknownZone {
                likely: Some(name), ..
            } => format!("did you mean `{name}`?"),
            Self::UnknownZone { .. } => {
                "use an IANA name such as `Europe/Berlin` or `America/New_York`".to_owned()
            }
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
