//! The text of a cell: what you see in the spreadsheet, in a form that programs can use.

use calamine::{DataRef, ExcelDateTime};
use jiff::civil::{DateTime, Time};
use jiff::{RoundMode, Unit, civil};
use rust_xlsxwriter::utility::row_col_to_cell;

use super::styles::{CellStyle, NumberStyle};

/// Further digits of a number in a spreadsheet are noise.
const SIGNIFICANT_DIGITS: usize = 15;

/// The serial numbers of dates, up to the end of the year 9999.
const DATE_SERIALS: std::ops::Range<f64> = 0.0..2_958_466.0;

const SECONDS_A_DAY: f64 = 86_400.0;

/// Returns the text of a cell as `style` shows it, or as an error what it shows if its formula failed.
pub(super) fn styled_text(value: &DataRef, style: Option<&CellStyle>) -> Result<String, String> {
    let text = text(value)?;
    let number = match value {
        DataRef::Float(number) => *number,
        #[expect(clippy::cast_precision_loss, reason = "spreadsheets have 15 digits")]
        DataRef::Int(number) => *number as f64,
        _ => return Ok(text),
    };
    Ok(match style {
        Some(style) => shown_number(&style.number, text, number),
        None => text,
    })
}

/// Returns the text of a number as a style shows it; `plain` is its text without a style.
fn shown_number(style: &NumberStyle, plain: String, number: f64) -> String {
    match style {
        NumberStyle::Percent => format!("{}%", number_text(number * 100.0)),
        NumberStyle::Digits(format) if plain.bytes().all(|byte| byte.is_ascii_digit()) => {
            fill(format, &plain)
        }
        NumberStyle::Plain | NumberStyle::Digits(_) => plain,
    }
}

/// Replaces the zeros of `format` by `digits` from the right. Further digits come first.
fn fill(format: &str, digits: &str) -> String {
    let mut digits = digits.chars().rev();
    let filled: String = format
        .chars()
        .rev()
        .map(|mark| {
            if mark == '0' {
                digits.next().unwrap_or('0')
            } else {
                mark
            }
        })
        .collect();
    let shown = filled.chars().chain(digits).collect::<Vec<_>>();
    shown.into_iter().rev().collect()
}

/// Returns the text of a cell without a style, or as an error what it shows if its formula failed.
pub(super) fn text(value: &DataRef) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(time) => time_text(*time),
        DataRef::DateTimeIso(text) => text.parse().map_or_else(|_| text.clone(), iso_text),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// `5.0` becomes `5`, and rounding errors disappear as in the spreadsheet.
fn number_text(number: f64) -> String {
    let rounded = format!("{number:.precision$e}", precision = SIGNIFICANT_DIGITS - 1);
    let rounded: f64 = rounded.parse().unwrap_or(number);
    // Adding 0 turns -0 into 0.
    (rounded + 0.0).to_string()
}

fn time_text(time: ExcelDateTime) -> String {
    let days = time.as_f64();
    if time.is_duration() {
        return duration_text(days);
    }
    if !DATE_SERIALS.contains(&days) {
        return number_text(days);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let datetime = civil::Date::new(
        i16::try_from(year).unwrap_or(0),
        i8::try_from(month).unwrap_or(0),
        i8::try_from(day).unwrap_or(0),
    )
    .and_then(|date| {
        let [hour, minute, second] =
            [hour, minute, second].map(|part| i8::try_from(part).unwrap_or(0));
        let time = Time::new(hour, minute, second, i32::from(milli) * 1_000_000)?;
        // A time of day is a fraction of a day, which is hardly ever a whole second.
        let step = jiff::civil::DateTimeRound::new()
            .smallest(Unit::Second)
            .mode(RoundMode::HalfExpand);
        date.to_datetime(time).round(step)
    });
    match datetime {
        // A serial number below 1 is a time without date.
        Ok(datetime) if days < 1.0 => datetime.time().to_string(),
        Ok(datetime) => iso_text(datetime),
        // 29 February 1900, which exists only in Excel.
        Err(_) => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// The date, and the time of day unless it is midnight.
fn iso_text(datetime: DateTime) -> String {
    if datetime.time() == Time::midnight() {
        datetime.date().to_string()
    } else {
        datetime.to_string()
    }
}

/// Hours, which may exceed 24, minutes and seconds.
fn duration_text(days: f64) -> String {
    let seconds = (days.abs() * SECONDS_A_DAY).round();
    let sign = if days < 0.0 && seconds > 0.0 { "-" } else { "" };
    let (hours, minutes) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0);
    format!("{sign}{hours}:{minutes:02}:{:02}", seconds % 60.0)
}

/// Returns the name of a cell, such as `B7`, from its row and column, both from 0.
pub(super) fn name(row: u32, column: u32) -> String {
    row_col_to_cell(row, u16::try_from(column).unwrap_or(u16::MAX))
}

/// Returns the row and column of a cell, both from 0, from its name.
pub(super) fn position(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let digits = name.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let letters = name[..name.len() - digits.len()].bytes();
    let column = letters.fold(0, |number: u32, letter| {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        number.saturating_mul(26).saturating_add(letter)
    });
    let row: u32 = digits.parse().ok()?;
    row.checked_sub(1).zip(column.checked_sub(1))
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::{DataRef, NumberStyle, name, position, shown_number, text};

    fn time(days: f64, kind: ExcelDateTimeType) -> String {
        text(&DataRef::DateTime(ExcelDateTime::new(days, kind, false))).unwrap_or_default()
    }

    #[test]
    fn numbers_look_as_in_the_spreadsheet() {
        for (number, expected) in [
            (5.0, "5"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (4_915_112_345_678.0, "4915112345678"),
            (1.0 / 3.0, "0.333333333333333"),
            (1e20, "100000000000000000000"),
        ] {
            assert_eq!(text(&DataRef::Float(number)), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn numbers_have_the_digits_of_their_format() {
        let digits = |format: &str| NumberStyle::Digits(format.to_owned());
        for (style, number, shown) in [
            (digits("00000"), 123.0, "00123"),
            (digits("00000"), 1_234_567.0, "1234567"),
            (digits("000-00-0000"), 12_345_678.0, "012-34-5678"),
            (digits("00000"), 1.5, "1.5"),
            (digits("00000"), -7.0, "-7"),
            (NumberStyle::Percent, 0.65, "65%"),
            (NumberStyle::Percent, 0.0725, "7.25%"),
            (NumberStyle::Plain, 0.65, "0.65"),
        ] {
            assert_eq!(shown_number(&style, number.to_string(), number), shown);
        }
    }

    #[test]
    fn dates_are_iso_8601() {
        for (days, expected) in [
            (45_689.0, "2025-02-01"),
            (45_689.708_333_333_336, "2025-02-01T17:00:00"),
            (45_689.708_333, "2025-02-01T17:00:00"),
            (45_689.999_999_999, "2025-02-02"),
            (0.75, "18:00:00"),
            (60.0, "1900-02-29"),
            (-1.0, "-1"),
            (3e6, "3000000"),
        ] {
            assert_eq!(time(days, ExcelDateTimeType::DateTime), expected, "{days}");
        }
        assert_eq!(time(1.5, ExcelDateTimeType::TimeDelta), "36:00:00");
        assert_eq!(time(-0.25, ExcelDateTimeType::TimeDelta), "-6:00:00");
    }

    #[test]
    fn columns_are_named_by_letters() {
        for (column, expected) in [
            (0, "A1"),
            (25, "Z1"),
            (26, "AA1"),
            (701, "ZZ1"),
            (702, "AAA1"),
        ] {
            assert_eq!(name(0, column), expected);
            assert_eq!(position(expected), Some((0, column)));
        }
        for text in ["", "A", "1", "A0", "AÖ1", "ZZZZZZZZZZ"] {
            assert_eq!(position(text), None, "{text}");
        }
    }
}
