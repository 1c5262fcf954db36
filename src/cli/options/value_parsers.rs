//! Parsers for the values of options.

use std::num::{IntErrorKind, ParseIntError};
use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// Parses a duration such as `30s`, `1h30m` or `3d`, of at least a second; a day has 24 hours.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    text.parse::<Span>()
        .ok()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok())
        .and_then(|duration| Duration::try_from(duration).ok())
        .filter(|duration| duration.as_secs() >= 1)
        .ok_or_else(|| {
            "a time of a second or more, such as 30s, 90m, 1h30m or 3d, is needed".to_owned()
        })
}

/// Parses a whole number within `bounds`. Errors do not mention an upper bound of [`u64::MAX`].
pub(in crate::cli) fn integer_in<N: TryFrom<u64>>(
    bounds: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok();
        number
            .filter(|number| bounds.contains(number))
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| format!("a whole number {} is needed", range_text(&bounds)))
    }
}

/// Parses a number of seconds within `bounds`.
pub(in crate::cli) fn seconds_in(
    bounds: RangeInclusive<f64>,
) -> impl Fn(&str) -> Result<Duration, String> + Clone + Send + Sync + 'static {
    move |text| {
        let (start, end) = (bounds.start(), bounds.end());
        text.parse()
            .ok()
            .filter(|seconds| bounds.contains(seconds))
            .map(Duration::from_secs_f64)
            .ok_or_else(|| format!("a number of seconds from {start} to {end} is needed"))
    }
}

pub(in crate::cli) fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "a number is needed".to_owned())
}

/// Parses an integer argument of a script.
pub(in crate::cli) fn integer(text: &str) -> Result<i64, String> {
    text.parse().map_err(|error: ParseIntError| {
        match error.kind() {
            IntErrorKind::PosOverflow => "the number is too large",
            IntErrorKind::NegOverflow => "the number is too small",
            _ => "a whole number is needed",
        }
        .to_owned()
    })
}

fn range_text(bounds: &RangeInclusive<u64>) -> String {
    match (bounds.start(), bounds.end()) {
        (least, &u64::MAX) => format!("of {least} or more"),
        (least, most) => format!("from {least} to {most}"),
    }
}

#[cfg(test)]
mod tests {
    use super::integer_in;

    #[test]
    fn a_number_outside_the_bounds_is_refused() {
        assert_eq!(integer_in::<u16>(1..=256)("256"), Ok(256));
        assert_eq!(integer_in::<u64>(0..=u64::MAX)("0"), Ok(0));
        for text in ["0", "257", "-1", "x", "", "1.5", "99999999999999999999"] {
            let refused = Err("a whole number from 1 to 256 is needed".to_owned());
            assert_eq!(integer_in::<u16>(1..=256)(text), refused, "{text}");
        }
        let refused = Err("a whole number of 1 or more is needed".to_owned());
        assert_eq!(integer_in::<u64>(1..=u64::MAX)("0"), refused);
    }
}
