//! Texts: new ones made from others. The functions of Rhai change a text in place.

use rhai::plugin::*;
use rhai::{Array, INT, ImmutableString};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::limits::bounded_builtins::check_element_count;
use crate::script::limits::text_size::check_byte_count;
use crate::text::{did_you_mean_or_list, display_width};

/// The names of the places of a text in a wider column.
const ALIGNMENTS: [&str; 3] = ["left", "right", "center"];

fn pad(
    ctx: &NativeCallContext,
    text: &str,
    width: INT,
    alignment: &str,
    fill: &str,
) -> RhaiResultOf<String> {
    let fault = |message: String, hint: String| {
        throw(ctx, Throw::new(ErrorCode::WrongType, message).hint(hint))
    };
    if display_width(fill) != 1 {
        let message = format!("`{fill}` is not one character that is one column wide");
        return Err(fault(
            message,
            "fill with a character such as `0`".to_owned(),
        ));
    }
    let width = usize::try_from(width.max(0)).unwrap_or(usize::MAX);
    check_element_count(ctx, width)?;
    let missing = width.saturating_sub(display_width(text));
    let before = match alignment {
        "left" => 0,
        "right" => missing,
        "center" => missing / 2,
        _ => {
            let message =
                format!("a text is aligned `left`, `right` or `center`, not `{alignment}`");
            return Err(fault(message, did_you_mean_or_list(alignment, &ALIGNMENTS)));
        }
    };
    Ok(format!(
        "{}{text}{}",
        fill.repeat(before),
        fill.repeat(missing - before)
    ))
}

#[export_module]
pub mod functions {
    /// Returns the lines of a text as an array.
    ///
    /// Line breaks are removed: line feeds, also after a carriage return. One at the end starts no further line.
    ///
    /// # Errors
    /// - `too_large`: the text has more than 10 million lines
    ///
    /// # Example
    /// ```rhai
    /// for line in "Jane\nJohn\n".lines() { print(line); }
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn lines(ctx: NativeCallContext, text: &mut ImmutableString) -> RhaiResultOf<Array> {
        check_element_count(&ctx, memchr::memchr_iter(b'\n', text.as_bytes()).count())?;
        Ok(text.lines().map(Into::into).collect())
    }

    /// Returns a text several times in succession.
    ///
    /// # Errors
    /// - `too_large`: the text would be larger than 256 MiB
    ///
    /// # Example
    /// ```rhai
    /// print("-".repeated(20));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn repeated(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        times: INT,
    ) -> RhaiResultOf<String> {
        let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
        check_byte_count(&ctx, text.len().saturating_mul(times))?;
        Ok(text.repeat(times))
    }

    /// Returns a text with spaces after it, for a column of a width.
    ///
    /// A wide character, as in Chinese, takes two columns. A longer text is not shortened. `pad` changes a text in
    /// place, and counts characters.
    ///
    /// # Errors
    /// - `too_large`: the width is more than 10 million
    ///
    /// # Example
    /// ```rhai
    /// for team in ["design", "sales"] { print(`${team.padded(10)}|`); }
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn padded(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        width: INT,
    ) -> RhaiResultOf<String> {
        pad(&ctx, text, width, "left", " ")
    }

    /// Returns a text with spaces before it, after it, or on both sides.
    ///
    /// The text is aligned `"left"`, `"right"` or `"center"`.
    ///
    /// # Errors
    /// - `wrong_type`: there is no such alignment
    /// - those of `padded(text, width)`
    ///
    /// # Example
    /// ```rhai
    /// print("7".padded(5, "right"));
    /// ```
    #[rhai_fn(name = "padded", pure, return_raw)]
    pub fn padded_to(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        width: INT,
        alignment: &str,
    ) -> RhaiResultOf<String> {
        pad(&ctx, text, width, alignment, " ")
    }

    /// Returns a text with a character before it, after it, or on both sides.
    ///
    /// # Errors
    /// - `wrong_type`: there is no such alignment, or it is not one character that is one column wide
    /// - those of `padded(text, width)`
    ///
    /// # Example
    /// ```rhai
    /// print("7".padded(3, "right", "0"));
    /// ```
    #[rhai_fn(name = "padded", pure, return_raw)]
    pub fn padded_with(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        width: INT,
        alignment: &str,
        fill: &str,
    ) -> RhaiResultOf<String> {
        pad(&ctx, text, width, alignment, fill)
    }

    /// Returns a text without white space at its ends.
    ///
    /// `trim` changes a text in place.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print("design, sales".split(",").map(|team| team.trimmed()));
    /// ```
    #[rhai_fn(pure)]
    pub fn trimmed(text: &mut ImmutableString) -> ImmutableString {
        let trimmed = text.trim();
        if trimmed.len() == text.len() {
            return text.clone();
        }
        trimmed.into()
    }
}
