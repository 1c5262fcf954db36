//! What all pages share: the style, the script, a policy that allows nothing else, and the escaping of values.

use std::fmt::{Result, Write};
use std::sync::LazyLock;

use askama::filters::Escaper;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

use crate::text::is_control_or_bidi;

static STYLE: LazyLock<String> = LazyLock::new(|| unix_lines(include_str!("page/style.css")));
static SCRIPT: LazyLock<String> = LazyLock::new(|| unix_lines(include_str!("page/script.js")));

/// The Content-Security-Policy: allows the page's own style and script, by their hashes, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&STYLE),
        hash(&SCRIPT)
    )
});

/// The frame around a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) policy: &'static str,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    pub(super) version: &'static str,
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            policy: &POLICY,
            style: &STYLE,
            script: &SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// A number at the top of the page.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) number: String,
    pub(super) remark: String,
    /// It needs attention.
    pub(super) alarming: bool,
}

/// Browsers normalize line ends before they hash, so the hash must be that of the normalized text.
fn unix_lines(text: &str) -> String {
    text.replace('\r', "")
}

fn hash(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    format!("sha256-{}", BASE64_STANDARD.encode(digest))
}

/// Escapes HTML markup, and shows control characters as escapes.
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
                control => write!(page, "{}", control.escape_default())?,
            }
            rest = from_letter.get(letter.len_utf8()..).unwrap_or("");
        }
        page.write_str(rest)
    }
}

fn is_special(letter: char) -> bool {
    matches!(letter, '<' | '>' | '&' | '"' | '\'') || is_control_or_bidi(letter)
}
