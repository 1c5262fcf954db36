//! Numbers as decimal digits, for rounding and writing them as people read them.

/// A number in decimal digits. `2.675` is exactly that here, although no float is, so it is rounded to `2.68`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// ASCII digits; at least one of them before the point.
    digits: Vec<u8>,
    /// How many digits are after the point.
    scale: usize,
}

impl Decimal {
    pub(crate) fn of_int(number: i64) -> Self {
        Self::parse(&number.to_string())
    }

    /// Returns the shortest decimal number that is read as `number`; `None` for an infinite number, and for NaN.
    pub(crate) fn of_float(number: f64) -> Option<Self> {
        number.is_finite().then(|| Self::parse(&number.to_string()))
    }

    /// Reads what Rust writes for a number: an optional minus, digits, and perhaps a point and more digits.
    fn parse(text: &str) -> Self {
        let is_negative = text.starts_with('-');
        let text = text.trim_start_matches('-');
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Self {
            is_negative,
            digits: [whole, fraction].concat().into_bytes(),
            scale: fraction.len(),
        }
    }

    /// Rounds to a number of digits after the point, or to tens, hundreds and so on if it is negative. A half is rounded
    /// away from zero, as spreadsheets do.
    pub(crate) fn round(&mut self, digits: i64) {
        let dropped = i64::try_from(self.scale)
            .unwrap_or(i64::MAX)
            .saturating_sub(digits);
        let Ok(dropped @ 1..) = usize::try_from(dropped) else {
            return;
        };
        let length = self.digits.len();
        let kept = length.saturating_sub(dropped);
        let rounds_up = dropped <= length && self.digits[kept] >= b'5';
        // Digits after the point disappear; those before it become zeros.
        let zeros = dropped.saturating_sub(self.scale).min(length - self.scale);
        self.digits.truncate(kept);
        if rounds_up {
            self.increment();
        }
        self.digits.extend(std::iter::repeat_n(b'0', zeros));
        if self.digits.is_empty() {
            self.digits.push(b'0');
        }
        self.scale = self.scale.saturating_sub(dropped);
    }

    /// Adds one to the last digit.
    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
    }

    /// Writes the number with `thousands` between groups of three digits, `point` before the fraction, and zeros at the end
    /// if it has fewer than `min_digits` after the point.
    pub(crate) fn write(&self, thousands: &str, point: &str, min_digits: usize) -> String {
        let is_zero = self.digits.iter().all(|digit| *digit == b'0');
        let mut text = String::new();
        if self.is_negative && !is_zero {
            text.push('-');
        }
        let (whole, fraction) = self.digits.split_at(self.digits.len() - self.scale);
        for (at, digit) in whole.iter().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push_str(thousands);
            }
            text.push(char::from(*digit));
        }
        let zeros = min_digits.saturating_sub(fraction.len());
        if !fraction.is_empty() || zeros > 0 {
            text.push_str(point);
        }
        text.extend(fraction.iter().map(|digit| char::from(*digit)));
        text.extend(std::iter::repeat_n('0', zeros));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
    fn a_half_is_rounded_away_from_zero_as_it_is_written() {
        for (number, digits, expected) in [
            (2.675, 2, "2.68"),
            (1.005, 2, "1.01"),
            (-0.25, 1, "-0.3"),
            (0.04, 1, "0.0"),
            (-0.04, 1, "0.0"),
            (99.995, 2, "100.00"),
            (2.5, 0, "3"),
            (1.5, 3, "1.5"),
            (1234.5, -2, "1200"),
            (1250.0, -2, "1300"),
            (5.0, -1, "10"),
            (4.0, -1, "0"),
            (7.0, -5, "0"),
            (950.0, -3, "1000"),
            (0.5, i64::MIN, "0"),
        ] {
            let mut decimal = Decimal::of_float(number).unwrap();
            decimal.round(digits);
            assert_eq!(decimal.write("", ".", 0), expected, "{number}, {digits}");
        }
    }

    #[test]
    fn digits_are_grouped() {
        let written = |number: i64| Decimal::of_int(number).write(",", ".", 0);
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-1_234_567, "-1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(written(number), expected);
        }
        assert_eq!(Decimal::of_int(1_234).write(".", ",", 2), "1.234,00");
        assert_eq!(Decimal::of_float(f64::NAN), None);
    }
}
