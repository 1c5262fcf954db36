//! What a date in an unsupported form probably means, for hints only: such a date is never accepted.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::strtime;

use super::{Error, weekday};

/// The names of months in English and German; three letters or more are recognized.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner"],
    &["february", "februar"],
    &["march", "märz"],
    &["april"],
    &["may", "mai"],
    &["june", "juni"],
    &["july", "juli"],
    &["august"],
    &["september"],
    &["october", "oktober"],
    &["november"],
    &["december", "dezember"],
];
/// The numbers that spreadsheets store for the years 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.99;
/// How people write times of day other than `17:00`.
const TIMES: [&str; 8] = [
    "%I%p",
    "%I %p",
    "%I:%M%p",
    "%I:%M %p",
    "%H.%M",
    "%Hh%M",
    "%Hh",
    "%H:%M Uhr",
];

/// Returns the error for `text`, which is not in a supported form.
pub(super) fn unsupported_format(text: &str) -> Error {
    let owned = || text.to_owned();
    if let Some(date) = serial(text) {
        return Error::SpreadsheetSerial {
            text: owned(),
            date,
        };
    }
    let (day, time) = split_time(text);
    match interpretations(day).as_slice() {
        [] if is_two_digit_date(day) => Error::Ambiguous {
            text: owned(),
            interpretations: Vec::new(),
        },
        [] => Error::NotADate { text: owned() },
        [date] => Error::OtherFormat {
            text: owned(),
            date: format_date(*date, time),
        },
        dates => Error::Ambiguous {
            text: owned(),
            interpretations: dates.iter().map(|date| format_date(*date, time)).collect(),
        },
    }
}

/// Returns the time of day that `text` probably means, in the form `17:00`.
pub(super) fn likely_time(text: &str) -> Option<String> {
    let mut patterns = TIMES.iter();
    let time = patterns.find_map(|pattern| strtime::parse(pattern, text).ok()?.to_time().ok())?;
    Some(time.strftime("%H:%M").to_string())
}

/// Returns the date, with its time of day if there is one, that a spreadsheet stores as this number.
fn serial(text: &str) -> Option<String> {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = text.parse().ok().filter(|_| is_number)?;
    if !SERIALS.contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "five digits")]
    let minutes = (number * 1440.0).round() as i64;
    // Spreadsheets treat 1900 as a leap year, so their day 0 is a day earlier than 31 December 1899.
    let at = Date::constant(1899, 12, 30)
        .to_datetime(Time::midnight())
        .checked_add(SignedDuration::from_mins(minutes))
        .ok()?;
    Some(if at.time() == Time::midnight() {
        at.date().to_string()
    } else {
        format_datetime(at)
    })
}

/// Splits a time of day off the end of a text.
fn split_time(text: &str) -> (&str, Option<Time>) {
    let whole = (text, None);
    let Some((colon, _)) = text.match_indices(':').next() else {
        return whole;
    };
    let Some((start, _)) = text[..colon].rmatch_indices([' ', 'T']).next() else {
        return whole;
    };
    let (day, clock) = text.split_at(start);
    let clock = clock[1..].trim();
    let read = strtime::parse("%H:%M:%S", clock)
        .or_else(|_| strtime::parse("%H:%M", clock))
        .and_then(|parsed| parsed.to_time())
        .ok()
        .or_else(|| likely_time(clock)?.parse().ok());
    read.map_or(whole, |time| (day, Some(time)))
}

fn format_date(date: Date, time: Option<Time>) -> String {
    time.map_or_else(
        || date.to_string(),
        |time| format_datetime(date.to_datetime(time)),
    )
}

fn format_datetime(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Returns the dates that `text` can mean; exactly one if it is certain.
fn interpretations(text: &str) -> Vec<Date> {
    let separates = |c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ',');
    let words = text.split(separates).filter(|word| !word.is_empty());
    let (mut numbers, mut month, mut day) = (Vec::new(), None, None);
    for word in words {
        if let Some(number) = number(word) {
            numbers.push(number);
        } else if let Some(found) = month_from_name(word).filter(|_| month.is_none()) {
            month = Some(found);
        } else if let Some(found) = weekday(word).ok().filter(|_| day.is_none()) {
            day = Some(found);
        } else {
            return Vec::new();
        }
    }
    let fits = |date: &Date| day.is_none_or(|day: Weekday| day == date.weekday());
    let mut dates: Vec<Date> = date_orders(&numbers, month)
        .into_iter()
        .filter_map(|(year, month, day)| {
            let date = Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?);
            date.ok().filter(fits)
        })
        .collect();
    dates.dedup();
    dates
}

/// Returns the possible years, months and days of these numbers, each of which has its number of digits.
fn date_orders(numbers: &[(i64, usize)], month: Option<i8>) -> Vec<(i64, i8, i64)> {
    let small = |number: i64| i8::try_from(number).unwrap_or(0);
    match (numbers, month) {
        ([(day, 1..=2), (year, 4)] | [(year, 4), (day, 1..=2)], Some(month)) => {
            vec![(*year, month, *day)]
        }
        ([(year, 4), (month, 1..=2), (day, 1..=2)], None) => vec![(*year, small(*month), *day)],
        ([(first, 1..=2), (second, 1..=2), (year, 4)], None) => vec![
            (*year, small(*second), *first),
            (*year, small(*first), *second),
        ],
        _ => Vec::new(),
    }
}

/// Reads `5` and `5th`. Returns the number, and how many digits it has.
fn number(word: &str) -> Option<(i64, usize)> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let ending = &word[digits.len()..];
    let is_known = ["", "st", "nd", "rd", "th"].contains(&ending.to_ascii_lowercase().as_str());
    let number = digits.parse().ok().filter(|_| is_number && is_known)?;
    Some((number, digits.len()))
}

fn month_from_name(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let is_called = |name: &&str| lower.chars().count() > 2 && name.starts_with(lower.as_str());
    let mut months = (1..).zip(MONTHS);
    months.find_map(|(number, names)| names.iter().any(&is_called).then_some(number))
}

/// Returns whether it is a day, a month and a two-digit year, in whatever order.
fn is_two_digit_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let is_short = |part: &&str| (1..=2).contains(&part.len()) && number(part).is_some();
    parts.len() == 3 && parts.iter().all(is_short)
}
