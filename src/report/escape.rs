//! How values are written into a page: as text, whatever they hold.

use std::fmt::{Result, Write};

use askama::filters::Escaper;

use crate::text::is_control_or_bidi;

/// Escapes what is markup in HTML, and shows what steers instead of being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct HtmlEscaper;

impl Escaper for HtmlEscaper {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> Result {
        let mut rest = text;
        while let Some((at, letter)) = rest.char_indices().find(|(_, letter)| is_special(*letter)) {
            let (plain, from_letter) = rest.split_at(at);
            page.write_str(plain)?;
            match letter {
                '<' => page.write_str("&lt;")?,
                '>' => page.write_str("&gt;")?,
                '&' => page.write_str("&amp;")?,
                '"' => page.write_str("&quot;")?,
                '\'' => page.write_str("&#39;")?,
                steering => write!(page, "{}", steering.escape_default())?,
            }
            rest = from_letter.get(letter.len_utf8()..).unwrap_or("");
        }
        page.write_str(rest)
    }
}

fn is_special(letter: char) -> bool {
    matches!(letter, '<' | '>' | '&' | '"' | '\'') || is_control_or_bidi(letter)
}
