//! Numbers, rounded and written for people.

use rhai::plugin::*;
use rhai::{FLOAT, INT, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::values::convert::type_name;
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map, read_map};
use crate::text::Decimal;

/// A parameter that is an int or a float; the reference shows it as `number`.
type Number = Dynamic;

/// Maximum digits after the decimal separator.
const MAX_DIGITS: usize = 100;

struct Digits(usize);

impl OptionValue for Digits {
    const TYPE: KeyType = KeyType::Int;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let digits = value.as_int().map_err(|_| Rejection::WrongType)?;
        let digits = usize::try_from(digits).ok();
        let digits = digits.filter(|digits| *digits <= MAX_DIGITS);
        digits.map(Self).ok_or(Rejection::BadValue {
            expected: "a number from 0 to 100",
            hint: None,
        })
    }
}

option_map! {
    pub(super) struct FormatNumberOptions: Options {
        /// How many digits are written after the decimal separator. By default as many as the number has.
        digits: Option<Digits>,
        /// What is written between groups of three digits, `,` by default.
        thousands: Option<String>,
        /// What is written before the fraction, `.` by default.
        decimal: Option<String>,
    }
}

fn write(ctx: &NativeCallContext, number: &Number, options: &Map) -> RhaiResultOf<String> {
    let options: FormatNumberOptions = read_map(ctx, options)?;
    let Some(mut decimal) = decimal(ctx, number)? else {
        return Ok(number.to_string());
    };
    let digits = options.digits.map_or(0, |Digits(digits)| {
        decimal.round(i64::try_from(digits).unwrap_or(i64::MAX));
        digits
    });
    let thousands = options.thousands.as_deref().unwrap_or(",");
    let point = options.decimal.as_deref().unwrap_or(".");
    Ok(decimal.write(thousands, point, digits))
}

/// Returns the digits of a number; `None` if it is infinite, or not a number at all (NaN).
fn decimal(ctx: &NativeCallContext, number: &Number) -> RhaiResultOf<Option<Decimal>> {
    if let Ok(int) = number.as_int() {
        return Ok(Some(Decimal::of_int(int)));
    }
    if let Ok(float) = number.as_float() {
        return Ok(Decimal::of_float(float));
    }
    let kind = type_name(number);
    let wrong = Throw::new(
        ErrorCode::WrongType,
        format!("a number is needed, not `{kind}`"),
    );
    let is_text = kind == "string";
    let hint = is_text.then(|| "convert it first: `parse_float(text)`".to_owned());
    Err(throw(ctx, wrong.hint_if(hint)))
}

#[export_module]
pub mod functions {
    /// Rounds a number to digits after the decimal point.
    ///
    /// A half is rounded away from zero, as in a spreadsheet: `2.675` to `2.68`, `-2.5` to `-3.0`. With a negative
    /// number of digits, the number is rounded to tens, hundreds and so on. An int stays an int.
    ///
    /// # Errors
    /// - `wrong_type`: the value is not a number
    /// - `bad_number`: the result is too large for an int
    ///
    /// # Example
    /// ```rhai
    /// assert_eq(2.675.rounded(2), 2.68);
    /// assert_eq(rounded(1250, -2), 1300);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn rounded(ctx: NativeCallContext, number: Number, digits: INT) -> RhaiResultOf<Dynamic> {
        let Some(mut decimal) = decimal(&ctx, &number)? else {
            return Ok(number);
        };
        decimal.round(digits);
        let text = decimal.write("", ".", 0);
        let rounded = if number.is_int() {
            text.parse::<INT>().ok().map(Dynamic::from)
        } else {
            text.parse::<FLOAT>().ok().map(Dynamic::from)
        };
        rounded.ok_or_else(|| {
            let message = format!("`{text}` is too large for an int");
            throw(&ctx, Throw::new(ErrorCode::BadNumber, message))
        })
    }

    /// Writes a number for people, with groups of three digits.
    ///
    /// # Errors
    /// - `wrong_type`: the value is not a number
    ///
    /// # Example
    /// ```rhai
    /// print(format_number(1234567.5));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn format_number(ctx: NativeCallContext, number: Number) -> RhaiResultOf<String> {
        write(&ctx, &number, &Map::new())
    }

    /// Writes a number for people, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `format_number(number)`
    ///
    /// # Example
    /// ```rhai
    /// print(format_number(1234.5, #{ digits: 2 }));
    /// print(format_number(1234.5, #{ digits: 2, thousands: ".", decimal: "," }));
    /// ```
    #[rhai_fn(name = "format_number", return_raw)]
    pub fn format_number_with(
        ctx: NativeCallContext,
        number: Number,
        options_: Map,
    ) -> RhaiResultOf<String> {
        write(&ctx, &number, &options_)
    }
}
