//! Errors of times, dates and zones.

use super::date_rules::DateOrder;
use super::zone_error::ZoneError;
use crate::text::describe_letter;

/// Why a time could not be read or computed.
///
/// `text` is what was given; `likely` is what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("no date (the text is empty)")]
    Empty,
    #[error("`{text}` is not a date")]
    NotADate { text: String },
    #[error("`{text}` has a time but no time zone")]
    MissingZone { text: String },
    #[error("`{text}` is not a date: that month is shorter")]
    NoSuchDay { text: String },
    #[error("`{text}` is not a date: that day is a {weekday}")]
    OtherWeekday { text: String, weekday: String },
    #[error("`{text}` has `{after}` after the date, which is not a time of day")]
    AfterDate { text: String, after: String },
    #[error("the order of day and month in `{text}` is not known")]
    UnknownOrder {
        text: String,
        /// The only order in which the text is a date.
        proves: Option<DateOrder>,
    },
    /// A date with the name of a month, whose day and year have two digits each.
    #[error("`{text}` is `{first}` or `{other}`, because its year has two digits")]
    TwoDigitYear {
        text: String,
        first: String,
        other: String,
    },
    #[error("`{text}` is not a date in the order `{}`", .order.name())]
    OtherOrder { text: String, order: DateOrder },
    #[error("`{text}` is a number, as spreadsheets store a date or anything else")]
    SpreadsheetSerial { text: String },
    #[error("`{text}` has {} where a date has digits, letters, `-` or `:`", describe_letter(*.letter))]
    UnusualCharacter { text: String, letter: char },
    #[error("`{text}` has an offset that its time zone does not have then")]
    OffsetConflict { text: String },
    #[error("the clocks in {zone} skip `{text}`")]
    SkippedTime { text: String, zone: String },
    #[error("`{text}` is beyond the times that can be used, which end at 9999-12-30 22:00 UTC")]
    BeyondRange { text: String },
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
    #[error("`{text}` is not in the form `{pattern}`")]
    NotInPattern { text: String, pattern: String },
    #[error("the result is out of range (years -9999 to 9999)")]
    OutOfRange,
}

impl Error {
    /// Returns the order of day, month and year that the text proves, if the order is missing.
    pub fn proves(&self) -> Option<DateOrder> {
        match self {
            Self::UnknownOrder { proves, .. } => *proves,
            _ => None,
        }
    }

    /// Returns what the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Empty => "use `()` for no date".to_owned(),
            Self::SpreadsheetSerial { .. } => {
                "`--dates excel` before the script reads such numbers as days; or format the column as a date and save the file again".to_owned()
            }
            Self::UnknownOrder { .. } => {
                "pass the order of the file before the script: `--dates dmy`, `--dates mdy` or `--dates ymd`".to_owned()
            }
            Self::TwoDigitYear { .. } => {
                "write the one that is meant, or pass the order of the file before the script: `--dates dmy` or `--dates ymd`".to_owned()
            }
            Self::OtherOrder { .. } => {
                "with full stops, the day comes first; otherwise, the order is that of `--dates`, or of the option `order`".to_owned()
            }
            Self::UnusualCharacter { .. } => "type it again on a plain keyboard".to_owned(),
            Self::OffsetConflict { .. } => "leave out the offset or the zone".to_owned(),
            Self::SkippedTime { .. } => {
                "write a time that the clocks show on that day".to_owned()
            }
            Self::BeyondRange { .. } => {
                "leave the date out for no deadline".to_owned()
            }
            Self::AfterDate { .. } => {
                "write the time as `17:00` or `5pm`; a deadline without a time is the end of its day"
                    .to_owned()
            }
            Self::NoSuchDay { .. } | Self::OtherWeekday { .. } => {
                "correct the day".to_owned()
            }
            Self::NotADate { .. } => {
                "write a date as `YYYY-MM-DD`, or an instant as `YYYY-MM-DDTHH:MM:SSZ`".to_owned()
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
            Self::NotInPattern { .. } => {
                "a pattern is that of `format`: `%d.%m.%Y %H:%M` reads `31.12.2026 17:00`"
                    .to_owned()
            }
            Self::OutOfRange => return None,
        };
        Some(hint)
    }
}
