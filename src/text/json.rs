//! JSON for standard output: text in it can neither control a terminal nor change the direction of a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use super::escape::is_control_or_bidi;

/// Writes a value as JSON in which control characters and those that change the direction of text are escaped. Its meaning is
/// the same.
pub(crate) fn write_json(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, EscapingFormatter);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Returns a value as JSON, escaped as by [`write_json`].
pub(crate) fn to_json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut json = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut json, EscapingFormatter);
    value.serialize(&mut serializer)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

struct EscapingFormatter;

impl Formatter for EscapingFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_control_or_bidi) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut after = rest[at..].chars();
            if let Some(letter) = after.next() {
                // All of them are below U+10000.
                write!(writer, "\\u{:04x}", u32::from(letter))?;
            }
            rest = after.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        char_escape: CharEscape,
    ) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, char_escape)
    }

    /// In JSON that is stored as text, such characters can only be inside strings.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.write_string_fragment(writer, fragment)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use serde_json::value::RawValue;
    use serde_json::{Value, json};

    use super::to_json;

    #[test]
    fn escaped_json_has_the_same_meaning() {
        let text = "a\u{1b}[2J\u{7f}\u{9b}\u{85}\u{202e}\u{2066}\u{2028}\u{61c}\u{200f}\"\\\n\tü🎉";
        let value = json!({ text: [text, 1.5, null] });
        let shown = to_json(&value).unwrap();
        assert!(!shown.contains(super::is_control_or_bidi), "{shown}");
        assert!(
            shown.contains("\\u202e") && shown.contains("ü🎉"),
            "{shown}"
        );
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }

    #[test]
    fn stored_json_is_escaped() {
        let raw = RawValue::from_string("{\"a\": \"\u{202e}\\u001b\"}".to_owned()).unwrap();
        assert_eq!(to_json(&raw).unwrap(), "{\"a\": \"\\u202e\\u001b\"}");
    }
}
