//! Text from files and servers on its way to a person's eyes.
//!
//! Such text must not move a terminal's cursor, nor turn the direction in which a line is read: a name could then pass
//! for another. What steers instead of being read is shown as an escape.

/// Shows control characters, and those that turn the direction of text, as escapes; line breaks stay.
#[must_use]
pub fn escape_control(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '\n' && is_control_or_bidi(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Shows `text` on one line: as [`escape_control`] does, and line breaks as escapes too.
#[must_use]
pub fn escape_line(text: &str) -> String {
    escape_control(text).replace('\n', "\\n")
}

/// Shows `text` as [`escape_control`] does, but leaves tabs as they are too: they can be meant, and hide nothing.
#[must_use]
pub fn escape_keep_tabs(text: &str) -> String {
    let cells: Vec<String> = text.split('\t').map(escape_control).collect();
    cells.join("\t")
}

/// Tells whether a character is no text itself: a control character, one that breaks lines as U+2028 does, or one that
/// only steers Unicode's bidirectional algorithm.
#[must_use]
pub fn is_control_or_bidi(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Tells whether `letter` is an accent that combines with the letter before it, as decomposed text has them.
pub(crate) fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}
