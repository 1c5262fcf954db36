//! Dates that are not in the form of ISO 8601: with slashes or dots, or with the name of a month.

use jiff::civil::{Date, Time, Weekday};

use super::clock_time::{self, ClockTime};
use super::date_rules::DateOrder;
use super::{Error, weekday};
use crate::interpretation::Interpretation;

/// The names of months in English.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Names in German that are not English as well, for hints; three letters or more are recognized.
const GERMAN_MONTHS: [(&str, i8); 9] = [
    ("januar", 1),
    ("jänner", 1),
    ("februar", 2),
    ("märz", 3),
    ("mai", 5),
    ("juni", 6),
    ("juli", 7),
    ("oktober", 10),
    ("dezember", 12),
];
const TWO_DIGITS: &str = "the year has two digits";
const TWELVE: &str = "12 am is midnight, and 12 pm is noon";

/// A date with the time of day that was written after it.
#[derive(Debug)]
pub(super) struct Spelled {
    pub(super) date: Date,
    pub(super) time: Option<Time>,
    pub(super) interpretations: Vec<Interpretation>,
}

/// A word of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Number { value: i16, digits: usize },
    Month { number: i8, is_english: bool },
    Weekday(Weekday),
}

/// The date that was found, and whether its form is accepted; otherwise, it is for a hint.
struct Found {
    date: Date,
    is_accepted: bool,
    has_two_digit_year: bool,
}

/// Reads a date that is not in the form of ISO 8601, perhaps with a time of day. `order` is that of the user.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Spelled, Error> {
    let (day, clock) = split_clock(text);
    let found = read_day(text, day, order)?;
    let is_accepted = found.is_accepted && clock.is_none_or(|clock| clock.is_accepted);
    let time = clock.map(|clock| clock.time);
    if !is_accepted {
        return Err(Error::OtherFormat {
            text: text.to_owned(),
            date: format_date(found.date, time),
        });
    }
    let mut interpretations = Vec::new();
    let reading = || format_date(found.date, time);
    if found.has_two_digit_year {
        interpretations.push(Interpretation::with_reading(text, TWO_DIGITS, reading()));
    }
    if clock.is_some_and(|clock| clock.is_twelve) {
        interpretations.push(Interpretation::with_reading(text, TWELVE, reading()));
    }
    Ok(Spelled {
        date: found.date,
        time,
        interpretations,
    })
}

/// Reads `20270201`, in this century.
pub(super) fn compact_date(text: &str) -> Option<Date> {
    let is_number =
        text.len() == "20270201".len() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i32 = text.parse().ok().filter(|_| is_number)?;
    let year = i16::try_from(number / 10_000).ok()?;
    let (month, day) = (number / 100 % 100, number % 100);
    let date = new_date(year, i16::try_from(month).ok()?, i16::try_from(day).ok()?);
    date.filter(|date| (2000..=2099).contains(&date.year()))
}

/// Splits a time of day off the end of a text.
fn split_clock(text: &str) -> (&str, Option<ClockTime>) {
    for (start, _) in
        text.match_indices(|c: char| c.is_ascii_whitespace() || matches!(c, 'T' | 't'))
    {
        let day = text[..start].trim_end();
        // Not the `t` in `Sept` or `August`.
        if text[start..].starts_with(['T', 't']) && !day.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        if let Some(clock) = clock_time::read(text[start + 1..].trim()) {
            let day = day.trim_end_matches(',').trim_end();
            let day = day.strip_suffix(" at").unwrap_or(day).trim_end_matches(',');
            return (day.trim_end(), Some(clock));
        }
    }
    (text, None)
}

fn read_day(text: &str, day: &str, order: Option<DateOrder>) -> Result<Found, Error> {
    let accepted = |date| Found {
        date,
        is_accepted: true,
        has_two_digit_year: false,
    };
    // Before a time of day such as `5pm`.
    if day.len() == "2027-02-01".len()
        && let Ok(date) = day.parse::<Date>()
    {
        return Ok(accepted(date));
    }
    if let Some(date) = compact_date(day) {
        return Ok(accepted(date));
    }
    let not_a_date = || Error::NotADate {
        text: text.to_owned(),
    };
    let words = words(day).ok_or_else(not_a_date)?;
    let weekday = words.iter().find_map(|word| match word {
        Word::Weekday(weekday) => Some(*weekday),
        _ => None,
    });
    let fits = |date: &Date| weekday.is_none_or(|weekday| weekday == date.weekday());
    let others: Vec<Word> = words
        .into_iter()
        .filter(|word| !matches!(word, Word::Weekday(_)))
        .collect();
    if others.iter().any(|word| matches!(word, Word::Month { .. })) {
        return read_named_month(text, &others, order, fits);
    }
    let [
        Word::Number {
            value: a,
            digits: first,
        },
        Word::Number {
            value: b,
            digits: 1..=2,
        },
        Word::Number {
            value: c,
            digits: last,
        },
    ] = others[..]
    else {
        return Err(not_a_date());
    };
    let dates = NumericDate {
        numbers: [a, b, c],
        first,
        last,
    };
    let has_two_digit_year = first <= 2 && last <= 2;
    let date = |order| dates.read(order).filter(fits);
    let separator = separator(day, weekday.is_some()).ok_or_else(not_a_date)?;
    if first == 4 {
        let date = date(DateOrder::YearMonthDay).ok_or_else(not_a_date)?;
        return Ok(Found {
            is_accepted: order == Some(DateOrder::YearMonthDay),
            ..accepted(date)
        });
    }
    let order = if separator == '.' {
        Some(DateOrder::DayMonthYear)
    } else {
        order
    };
    if let Some(order) = order {
        let date = date(order).ok_or_else(|| match separator {
            '.' => not_a_date(),
            _ => Error::OtherOrder {
                text: text.to_owned(),
                order,
            },
        })?;
        return Ok(Found {
            has_two_digit_year,
            ..accepted(date)
        });
    }
    let possible: Vec<DateOrder> = DateOrder::ALL
        .into_iter()
        .filter(|order| date(*order).is_some())
        .collect();
    match possible.as_slice() {
        [] => Err(not_a_date()),
        orders => Err(Error::UnknownOrder {
            text: text.to_owned(),
            proves: match orders {
                [only] => Some(*only),
                _ => None,
            },
        }),
    }
}

/// Three numbers, of which the first and the last may be a year.
struct NumericDate {
    numbers: [i16; 3],
    /// The number of digits of the first and of the last number.
    first: usize,
    last: usize,
}

impl NumericDate {
    fn read(&self, order: DateOrder) -> Option<Date> {
        let [a, b, c] = self.numbers;
        let ((year, year_digits), month, day, day_digits) = match order {
            DateOrder::DayMonthYear => ((c, self.last), b, a, self.first),
            DateOrder::MonthDayYear => ((c, self.last), a, b, self.first),
            DateOrder::YearMonthDay => ((a, self.first), b, c, self.last),
        };
        if day_digits > 2 {
            return None;
        }
        new_date(full_year(year, year_digits)?, month, day)
    }
}

/// Reads a date with the name of a month.
fn read_named_month(
    text: &str,
    words: &[Word],
    order: Option<DateOrder>,
    fits: impl Fn(&Date) -> bool,
) -> Result<Found, Error> {
    let not_a_date = || Error::NotADate {
        text: text.to_owned(),
    };
    let (position, month, is_english) = match words {
        [
            Word::Month { number, is_english },
            Word::Number { .. },
            Word::Number { .. },
        ] => (0, *number, *is_english),
        [
            Word::Number { .. },
            Word::Month { number, is_english },
            Word::Number { .. },
        ] => (1, *number, *is_english),
        [
            Word::Number { .. },
            Word::Number { .. },
            Word::Month { number, is_english },
        ] => (2, *number, *is_english),
        _ => return Err(not_a_date()),
    };
    let numbers: Vec<(i16, usize)> = words
        .iter()
        .filter_map(|word| match word {
            Word::Number { value, digits } => Some((*value, *digits)),
            _ => None,
        })
        .collect();
    let &[a, b] = numbers.as_slice() else {
        return Err(not_a_date());
    };
    let date = |(day, digits): (i16, usize), (year, year_digits): (i16, usize)| {
        let year = full_year(year, year_digits).filter(|_| digits <= 2)?;
        new_date(year, i16::from(month), day).filter(&fits)
    };
    let (day_first, year_first) = (date(a, b), date(b, a));
    let has_two_digit_year = a.1 <= 2 && b.1 <= 2;
    let date = if !has_two_digit_year {
        day_first.or(year_first)
    } else if position == 2 {
        None
    } else if position == 0 {
        day_first
    } else {
        match (order, day_first, year_first) {
            (Some(DateOrder::YearMonthDay), _, year_first) => year_first,
            (Some(_), day_first, _) | (None, day_first, None) => day_first,
            (None, None, _) => None,
            (None, Some(_), Some(_)) => {
                return Err(Error::UnknownOrder {
                    text: text.to_owned(),
                    proves: None,
                });
            }
        }
    };
    Ok(Found {
        date: date.ok_or_else(not_a_date)?,
        is_accepted: is_english,
        has_two_digit_year,
    })
}

/// Splits a date into its words; `None` if one is neither a number nor a name.
fn words(text: &str) -> Option<Vec<Word>> {
    let separates = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '.' | '-' | ',');
    let words: Vec<&str> = text
        .split(separates)
        .filter(|word| !word.is_empty())
        .collect();
    let has_name = words.iter().any(|word| month(word).is_some());
    words.into_iter().map(|each| word(each, has_name)).collect()
}

fn word(text: &str, has_month: bool) -> Option<Word> {
    if let Some((value, digits, is_ordinal)) = number(text) {
        return (has_month || !is_ordinal).then_some(Word::Number { value, digits });
    }
    if let Some(month) = month(text) {
        return Some(month);
    }
    weekday(text).ok().map(Word::Weekday)
}

/// Reads `5` and `5th`. Returns the number, how many digits it has, and whether it has an ending.
fn number(word: &str) -> Option<(i16, usize, bool)> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let ending = word[digits.len()..].to_ascii_lowercase();
    let is_known = ["", "st", "nd", "rd", "th"].contains(&ending.as_str());
    let number = digits.parse().ok().filter(|_| is_number && is_known)?;
    Some((number, digits.len(), !ending.is_empty()))
}

/// Reads the name of a month: in English in full, `Sept` or three letters.
fn month(word: &str) -> Option<Word> {
    let lower = word.to_lowercase();
    let is_english = |name: &str| {
        name == lower || name[..3] == lower || (lower == "sept" && name == "september")
    };
    if let Some(index) = MONTHS.iter().position(|name| is_english(name)) {
        let number = i8::try_from(index + 1).ok()?;
        return Some(Word::Month {
            number,
            is_english: true,
        });
    }
    let is_german = |name: &str| lower.chars().count() > 2 && name.starts_with(&lower);
    GERMAN_MONTHS
        .iter()
        .find(|(name, _)| is_german(name))
        .map(|(_, number)| Word::Month {
            number: *number,
            is_english: false,
        })
}

/// Returns the character between the numbers, which must be the same in both places; a blank if there is no other.
fn separator(text: &str, has_weekday: bool) -> Option<char> {
    let numbers = if has_weekday {
        text.trim_matches(|c: char| !c.is_ascii_digit())
    } else {
        text
    };
    let mut others = numbers
        .chars()
        .filter(|c| !c.is_ascii_digit() && !c.is_ascii_whitespace());
    match (others.next(), others.next(), others.next()) {
        (None, ..) => Some(' '),
        (Some(','), ..) => None,
        (Some(first), Some(second), None) => (first == second).then_some(first),
        _ => None,
    }
}

/// Returns the year; one of two digits is in this century.
fn full_year(year: i16, digits: usize) -> Option<i16> {
    match digits {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn new_date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn format_date(date: Date, time: Option<Time>) -> String {
    time.map_or_else(
        || date.to_string(),
        |time| {
            date.to_datetime(time)
                .strftime("%Y-%m-%d %H:%M")
                .to_string()
        },
    )
}
