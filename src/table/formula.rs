//! Escaping cells that a spreadsheet would run as a formula.
//!
//! The rule and the apostrophe come from OWASP's page on [CSV injection]: a candidate named `=HYPERLINK(…)` must not run
//! anything in your spreadsheet. Numbers stay numbers, and a single dash is not a formula.
//!
//! [CSV injection]: https://owasp.org/www-community/attacks/CSV_Injection

use std::borrow::Cow;

/// Puts an apostrophe in front of `cell` if a spreadsheet would run it.
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn is_formula(cell: &str) -> bool {
    let mut letters = cell.chars();
    match letters.next() {
        // The full-width forms are typed with East Asian keyboards.
        Some('=' | '@' | '\t' | '\r' | '\u{FF1D}' | '\u{FF20}') => true,
        Some('+' | '-' | '\u{FF0B}' | '\u{FF0D}') => {
            let rest = letters.as_str();
            !rest.is_empty() && !is_number(rest)
        }
        _ => false,
    }
}

/// Returns whether `text` is digits, with separators, a fraction, an exponent or a per cent sign.
fn is_number(text: &str) -> bool {
    let text = text.strip_suffix('%').unwrap_or(text);
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent.trim_start_matches(['+', '-']))),
        None => (text, None),
    };
    let all = |text: &str, others: &[char]| {
        text.contains(|letter: char| letter.is_ascii_digit())
            && text
                .chars()
                .all(|letter| letter.is_ascii_digit() || others.contains(&letter))
    };
    all(digits, &['.', ',']) && exponent.is_none_or(|exponent| all(exponent, &[]))
}

#[cfg(test)]
mod tests {
    use super::escape_formula;

    #[test]
    fn formulas_are_escaped() {
        for cell in [
            "=1+1",
            "@SUM(A1)",
            "\tx",
            "\r=1",
            "+cmd|'/C calc'!A0",
            "-2+3",
            "+49 170 123",
            "-x",
            "--1",
            "+1e",
            "-e5",
            "-.",
            "＝1",
        ] {
            assert_eq!(escape_formula(cell), format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn text_and_numbers_are_kept() {
        for cell in [
            "",
            "-",
            "+",
            "a=b",
            "Jane",
            "'=1",
            "-1",
            "+1.5",
            "-1,5",
            "-1.234,50",
            "-2e10",
            "+3E-2",
            "-5%",
            " =1",
            "jane@x",
        ] {
            assert_eq!(escape_formula(cell), cell);
        }
    }
}
