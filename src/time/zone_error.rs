//! Why the name of a time zone is refused.

use crate::text::{describe_letters, join_words};

/// How many zones an error lists.
const MAX_LISTED: usize = 6;

/// Why the name of a time zone is refused. No error names a zone as a correction: it could be another one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    #[error("no time zone (the text is empty)")]
    Empty,
    #[error("`{name}` is an abbreviation, and not the name of a zone: {} it", use_of(.zones))]
    Abbreviation {
        name: String,
        zones: &'static [String],
    },
    #[error("`{name}` is not the offset of a zone: the largest is 14:00")]
    TooFar { name: String },
    #[error("`{name}` is not the same in every place, so a file or a script cannot name it")]
    Local { name: String },
    #[error("`{name}` is a title that Windows shows; its offset is that of winter, and not used")]
    WindowsTitle { name: String },
    #[error("unknown time zone `{name}`{}", unusual(.name))]
    Unknown { name: String },
}

impl ZoneError {
    /// Returns the error for a name that is in no list.
    pub(super) fn refused(name: &str) -> Self {
        let name = name.to_owned();
        let lower = name.to_lowercase();
        if lower == "local" || lower == "localtime" {
            Self::Local { name }
        } else if lower.starts_with("(utc") || lower.starts_with("(gmt") {
            Self::WindowsTitle { name }
        } else {
            Self::Unknown { name }
        }
    }

    /// Returns what the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "without a zone, leave the argument out".to_owned(),
            _ => "write an IANA name such as `Europe/Berlin`, or map the name in a file for `--zones`, with lines such as `Munich,Europe/Berlin`".to_owned(),
        }
    }
}

/// Names characters that look like others, or that cannot be seen.
fn unusual(name: &str) -> String {
    let is_unusual = |letter: &char| !letter.is_ascii() && !letter.is_alphabetic();
    let mut letters = name.chars().filter(is_unusual).peekable();
    match letters.peek() {
        Some(_) => format!(": it has {}", describe_letters(letters)),
        None => String::new(),
    }
}

fn use_of(zones: &[String]) -> String {
    let verb = if zones.len() == 1 { "uses" } else { "use" };
    format!("{} {verb}", list(zones))
}

fn list(zones: &[String]) -> String {
    let mut listed: Vec<String> = zones.iter().take(MAX_LISTED).cloned().collect();
    let more = zones.len() - listed.len();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    join_words(&listed, "and")
}
