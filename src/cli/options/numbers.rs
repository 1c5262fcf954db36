//! Numbers, and what is said of a text that is none.

use std::num::{IntErrorKind, ParseIntError};
use std::ops::RangeInclusive;

/// Reads a whole number within `bounds`; up to the largest there is, nobody is told of the end.
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

/// Reads any number.
pub(in crate::cli) fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "a number is needed".to_owned())
}

/// Reads a whole number of a script.
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
    fn a_number_is_taken_within_its_bounds_only() {
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
