//! Escaping text from files and servers for a terminal.
//!
//! Such text must not move the cursor or change the direction of a line, or a name could look like another one. Characters
//! that would do so are shown as escapes.

/// Escapes control characters and those that change the direction of text; line breaks are kept.
pub fn escape_control(text: &str) -> String {
    escape_except(text, &['\n'])
}

fn escape_except(text: &str, kept: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_control_or_bidi(letter) && !kept.contains(&letter) {
            escaped.extend(letter.escape_default());
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

/// Escapes as [`escape_control`] does, and line breaks too, so that the result is one line.
pub fn escape_line(text: &str) -> String {
    escape_control(text).replace('\n', "\\n")
}

/// Escapes as [`escape_control`] does, but keeps tabs, which may be intended and hide nothing.
pub fn escape_keep_tabs(text: &str) -> String {
    escape_except(text, &['\n', '\t'])
}

/// Returns whether `letter` is a control character, a line break such as U+2028, or one that only controls the
/// bidirectional algorithm of Unicode.
pub fn is_control_or_bidi(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether `letter` is an accent that combines with the letter before it, as decomposed text has them.
pub(crate) fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}
