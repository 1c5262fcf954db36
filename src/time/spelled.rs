//! Dates that are not in the form of ISO 8601: with slashes or dots, or with the name of a month.

use jiff::civil::{Date, Time, Weekday};

use super::Error;
use super::calendar_names::{month, weekday};
use super::clock_time::{self, ClockTime};
use super::date_rules::DateOrder;
use crate::interpretation::Interpretation;

const TWO_DIGITS: &str = "the year has two digits";
const TWELVE: &str = "12 am is midnight, and 12 pm is noon";

/// Words around the parts of a date with the name of a month: `4 de diciembre de 2026`.
const FILLERS: [&str; 6] = ["de", "del", "den", "le", "of", "the"];
/// Words between a date and a time of day.
const BEFORE_CLOCK: [&str; 3] = [" at", " um", " à"];

/// A date with the time of day that was written after it.
#[derive(Debug)]
pub(super) struct Spelled {
    pub(super) date: Date,
    pub(super) time: Option<Time>,
    pub(super) interpretations: Vec<Interpretation>,
}

/// The parts of a date, in the order in which they are written.
struct Parts {
    numbers: Vec<Number>,
    /// The name of a month, and how many numbers are before it.
    month: Option<(i16, usize)>,
    weekday: Option<Weekday>,
    /// The character between numbers.
    separator: Option<char>,
}

#[derive(Clone, Copy, Debug)]
struct Number {
    value: i16,
    digits: usize,
}

/// Reads a date that is not in the form of ISO 8601, perhaps with a time of day. `order` is that of the user.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Spelled, Error> {
    let (day, clock) = split_clock(text);
    let time = clock.map(|clock| clock.time);
    let (date, has_two_digit_year) = read_day(text, day, time, order)?;
    let is_twelve = clock.is_some_and(|clock| clock.is_twelve);
    let remarks = [(TWO_DIGITS, has_two_digit_year), (TWELVE, is_twelve)];
    let interpretations = remarks
        .into_iter()
        .filter(|(_, applies)| *applies)
        .map(|(remark, _)| Interpretation::with_reading(text, remark, format_date(date, time)))
        .collect();
    Ok(Spelled {
        date,
        time,
        interpretations,
    })
}

/// Returns what follows the date that `text` starts with, if that is not a time of day.
pub(super) fn text_after_date(text: &str, order: Option<DateOrder>) -> Option<&str> {
    let mut blanks =
        text.match_indices(|c: char| c.is_ascii_whitespace() || matches!(c, 'T' | 't'));
    blanks.find_map(|(at, separator)| {
        let day = text[..at].trim_end_matches([',', ' ']);
        let after = text[at + separator.len()..].trim_start();
        read_day(day, day, None, order).ok().map(|_| after)
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
    for (start, separator) in
        text.match_indices(|c: char| c.is_ascii_whitespace() || matches!(c, 'T' | 't'))
    {
        let day = text[..start].trim_end();
        let is_blank = separator.starts_with(|c: char| c.is_ascii_whitespace());
        // Not the `t` in `Sept` or `August`.
        if !is_blank && !day.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let clock = text[start + 1..].trim();
        // `T17.5` is half past five in ISO 8601.
        if (is_blank || !clock.contains('.'))
            && let Some(clock) = clock_time::read(clock)
        {
            let day = day.trim_end_matches(',').trim_end();
            let before = BEFORE_CLOCK.iter().find_map(|word| day.strip_suffix(word));
            return (
                before.unwrap_or(day).trim_end_matches([',', ' ']),
                Some(clock),
            );
        }
    }
    (text, None)
}

/// Returns the date, and whether its year has two digits. `time` is what was written after the day.
fn read_day(
    text: &str,
    day: &str,
    time: Option<Time>,
    order: Option<DateOrder>,
) -> Result<(Date, bool), Error> {
    if let Some(date) = compact_date(day) {
        return Ok((date, false));
    }
    let not_a_date = || Error::NotADate {
        text: text.to_owned(),
    };
    let parts = Parts::read(day).ok_or_else(not_a_date)?;
    let orders = parts.orders(order);
    let mut dates: Vec<(DateOrder, Date)> = orders
        .iter()
        .filter_map(|order| Some((*order, parts.date(*order)?)))
        .collect();
    let fits = |date: Date| {
        parts
            .weekday
            .is_none_or(|weekday| weekday == date.weekday())
    };
    if dates.iter().any(|(_, date)| fits(*date)) {
        dates.retain(|(_, date)| fits(*date));
    }
    let is_certain = orders.len() == 1 || parts.month.is_some();
    match dates.as_slice() {
        [] if parts.is_missing_day(&orders) => Err(Error::NoSuchDay {
            text: text.to_owned(),
        }),
        [] => Err(match orders.as_slice() {
            [only] if parts.month.is_none() && *only != DateOrder::YearMonthDay => {
                Error::OtherOrder {
                    text: text.to_owned(),
                    order: *only,
                }
            }
            _ => not_a_date(),
        }),
        [(order, date)] if is_certain && orders.first() == Some(order) => {
            if fits(*date) {
                Ok((*date, parts.has_two_digit_year()))
            } else {
                Err(Error::OtherWeekday {
                    text: text.to_owned(),
                    weekday: date.strftime("%A").to_string(),
                })
            }
        }
        [_] if is_certain => Err(not_a_date()),
        [(_, first), (_, other)] if parts.month.is_some() => Err(Error::TwoDigitYear {
            text: text.to_owned(),
            first: format_date(*first, time),
            other: format_date(*other, time),
        }),
        dates => Err(Error::UnknownOrder {
            text: text.to_owned(),
            proves: match dates {
                [(only, _)] => Some(*only),
                _ => None,
            },
        }),
    }
}

impl Parts {
    /// Splits a date into its parts; `None` if it has others, or too many or too few of them.
    fn read(text: &str) -> Option<Self> {
        let separates = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '.' | '-' | ',');
        let words = || text.split(separates).filter(|word| !word.is_empty());
        let has_month = words().any(|word| month(word).is_some());
        let mut parts = Self {
            numbers: Vec::new(),
            month: None,
            weekday: None,
            separator: None,
        };
        for word in words() {
            if let Some((number, is_ordinal)) = number(word) {
                if is_ordinal && !has_month {
                    return None;
                }
                parts.numbers.push(number);
            } else if let Some(month) = month(word) {
                let place = (i16::from(month), parts.numbers.len());
                if parts.month.replace(place).is_some() {
                    return None;
                }
            } else if !(has_month && FILLERS.contains(&&*word.to_lowercase())) {
                let weekday = weekday(word)?;
                if parts.weekday.replace(weekday).is_some() {
                    return None;
                }
            }
        }
        parts.separator = separator(text, parts.weekday.is_some());
        let has_form = match (parts.numbers.as_slice(), parts.month) {
            ([_, _], Some(_)) => true,
            ([_, second, _], None) => second.digits <= 2 && parts.separator.is_some(),
            _ => false,
        };
        has_form.then_some(parts)
    }

    /// Returns the orders in which the date can be read, the usual one first. `given` is that of the user.
    fn orders(&self, given: Option<DateOrder>) -> Vec<DateOrder> {
        use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
        let is_year = |number: Option<&Number>| number.is_some_and(|number| number.digits == 4);
        if is_year(self.numbers.first()) {
            return vec![YearMonthDay];
        }
        match (self.month, given) {
            (Some((_, 0)), _) => vec![MonthDayYear],
            (Some((_, 2)), _) if !is_year(self.numbers.last()) => Vec::new(),
            (Some(_), _) if is_year(self.numbers.last()) => vec![DayMonthYear],
            (Some(_), Some(YearMonthDay)) => vec![YearMonthDay],
            (Some(_), Some(_)) => vec![DayMonthYear],
            (Some(_), None) => vec![DayMonthYear, YearMonthDay],
            (None, _) if self.separator == Some('.') => vec![DayMonthYear],
            (None, Some(order)) => vec![order],
            (None, None) => DateOrder::ALL.to_vec(),
        }
    }

    /// Returns year, month and day in an order, unless the digits do not suit it.
    fn fields(&self, order: DateOrder) -> Option<[i16; 3]> {
        let (year, month, day) = match (self.numbers.as_slice(), self.month, order) {
            (&[a, b], Some((month, _)), DateOrder::YearMonthDay) => (a, month, b),
            (&[a, b], Some((month, _)), _) => (b, month, a),
            (&[a, b, c], None, DateOrder::DayMonthYear) => (c, b.value, a),
            (&[a, b, c], None, DateOrder::MonthDayYear) => (c, a.value, b),
            (&[a, b, c], None, DateOrder::YearMonthDay) => (a, b.value, c),
            _ => return None,
        };
        // A year of two digits is in this century.
        let year = match year.digits {
            4 => year.value,
            2 => 2000 + year.value,
            _ => return None,
        };
        (day.digits <= 2).then_some([year, month, day.value])
    }

    fn date(&self, order: DateOrder) -> Option<Date> {
        let [year, month, day] = self.fields(order)?;
        new_date(year, month, day)
    }

    /// Returns whether the month is too short for the day.
    fn is_missing_day(&self, orders: &[DateOrder]) -> bool {
        let fields = match orders {
            [only] => self.fields(*only),
            _ => None,
        };
        fields.is_some_and(|[year, month, day]| {
            (29..=31).contains(&day) && new_date(year, month, 1).is_some()
        })
    }

    fn has_two_digit_year(&self) -> bool {
        self.numbers.iter().all(|number| number.digits <= 2)
    }
}

/// Reads `5` and `5th`. Returns the number, and whether it has an ending.
fn number(word: &str) -> Option<(Number, bool)> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let ending = word[digits.len()..].to_ascii_lowercase();
    let is_known = ["", "st", "nd", "rd", "th", "er", "º"].contains(&ending.as_str());
    let value = digits.parse().ok().filter(|_| is_number && is_known)?;
    let number = Number {
        value,
        digits: digits.len(),
    };
    Some((number, !ending.is_empty()))
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
