//! Days of the week by their names.

use jiff::civil::Weekday;

use super::Error;

const NAMES: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Returns the day of the week called `name`: in English, in any case, or its first three letters or more.
///
/// # Errors
/// No day has that name; the error carries the likely one.
pub fn weekday(name: &str) -> Result<Weekday, Error> {
    let lower = name.trim().to_lowercase();
    let named = |(day, _): &&(&str, Weekday)| lower.len() > 2 && day.starts_with(lower.as_str());
    if let Some((_, weekday)) = NAMES.iter().find(named) {
        return Ok(*weekday);
    }
    let likely = NAMES
        .iter()
        .map(|(day, _)| (strsim::jaro_winkler(&lower, day), *day))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    Err(Error::UnknownWeekday {
        name: name.trim().to_owned(),
        likely: likely.map(|(_, day)| day),
    })
}
