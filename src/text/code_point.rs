//! Characters by code point, for messages about those that cannot be seen, or look like others.

use std::collections::BTreeSet;

use super::escape::is_control_or_bidi;
use super::join_words;

/// How many characters a message names.
const MAX_NAMED: usize = 3;

/// Returns the code point of `letter` and its name in Unicode, such as `U+200B ZERO WIDTH SPACE`.
pub(crate) fn name_code_point(letter: char) -> String {
    let code = u32::from(letter);
    let name = match letter {
        '\0' => "NULL".to_owned(),
        '\t' => "CHARACTER TABULATION".to_owned(),
        '\n' => "LINE FEED".to_owned(),
        '\r' => "CARRIAGE RETURN".to_owned(),
        '\u{8}' => "BACKSPACE".to_owned(),
        '\u{1B}' => "ESCAPE".to_owned(),
        '\u{7F}' => "DELETE".to_owned(),
        _ if letter.is_control() => "control character".to_owned(),
        _ if is_private_use(letter) => "private-use character".to_owned(),
        _ => match unicode_names2::name(letter) {
            Some(name) => name.to_string(),
            None => "unassigned character".to_owned(),
        },
    };
    format!("U+{code:04X} {name}")
}

/// Returns `letter` as a message shows it: as it is if it is ASCII, and otherwise with its code point. What cannot be seen is only
/// named.
pub(crate) fn describe_letter(letter: char) -> String {
    match letter {
        ' ' => "a space".to_owned(),
        ',' => "a comma".to_owned(),
        '!'..='~' => format!("`{letter}`"),
        _ if is_visible(letter) => format!("`{letter}` ({})", name_code_point(letter)),
        _ => name_code_point(letter),
    }
}

/// Describes the different characters in `letters`: the first ones, and how many others there are.
pub(crate) fn describe_letters(letters: impl Iterator<Item = char>) -> String {
    let mut seen = BTreeSet::new();
    let different: Vec<char> = letters.filter(|letter| seen.insert(*letter)).collect();
    let mut named: Vec<String> = different
        .iter()
        .take(MAX_NAMED)
        .map(|letter| describe_letter(*letter))
        .collect();
    let more = different.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    join_words(&named, "and")
}

/// Returns whether a reader sees nothing in the place of `letter`, or a blank that is not an ordinary space.
pub(crate) fn is_invisible(letter: char) -> bool {
    is_control_or_bidi(letter)
        || (letter.is_whitespace() && letter != ' ')
        || matches!(
            letter,
            '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Removes white space and zero-width characters around `text`, which spreadsheets and web pages leave behind.
pub(crate) fn trim_invisible(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}'
            )
    })
}

/// Returns whether `letter` has no meaning in Unicode, such as the symbols of some fonts.
pub(crate) fn is_private_use(letter: char) -> bool {
    matches!(letter, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Returns whether `letter` can be seen by itself.
fn is_visible(letter: char) -> bool {
    letter.is_alphanumeric()
        || !(is_invisible(letter)
            || super::is_accent(letter)
            || is_private_use(letter)
            || unicode_names2::name(letter).is_none()
            || super::display_width(letter.encode_utf8(&mut [0; 4])) == 0)
}

#[cfg(test)]
mod tests {
    use super::{describe_letter, describe_letters};

    #[test]
    fn letters_that_look_alike_are_told_apart() {
        for (letter, described) in [
            ('a', "`a`"),
            (' ', "a space"),
            ('а', "`а` (U+0430 CYRILLIC SMALL LETTER A)"),
            ('\u{200B}', "U+200B ZERO WIDTH SPACE"),
            ('\u{A0}', "U+00A0 NO-BREAK SPACE"),
            ('\0', "U+0000 NULL"),
            ('\u{202E}', "U+202E RIGHT-TO-LEFT OVERRIDE"),
            ('\u{301}', "U+0301 COMBINING ACUTE ACCENT"),
            ('\u{E000}', "U+E000 private-use character"),
            ('\u{378}', "U+0378 unassigned character"),
        ] {
            assert_eq!(describe_letter(letter), described);
        }
        assert_eq!(
            describe_letters("а b а  \u{200B}c".chars()),
            "`а` (U+0430 CYRILLIC SMALL LETTER A), a space, `b` and 2 more"
        );
    }
}
