//! Text from files and servers on its way to a person's eyes.
//!
//! Such text must not move a terminal's cursor, nor turn the direction in which a line is read: a name could then pass
//! for another. What steers instead of being read is shown as an escape.

/// Shows control characters, and those that turn the direction of text, as escapes; line breaks stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '\n' && steers(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Shows `text` on one line: as [`visible`] does, and line breaks as escapes too.
#[must_use]
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// Tells whether a character is no text itself: a control character, or one that only steers Unicode's bidirectional
/// algorithm.
#[must_use]
pub fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
