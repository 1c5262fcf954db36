//! What every page has: its style and script, and the policy that lets nothing else run or load.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

static STYLE: LazyLock<String> = LazyLock::new(|| unix_lines(include_str!("page/style.css")));
static SCRIPT: LazyLock<String> = LazyLock::new(|| unix_lines(include_str!("page/script.js")));

/// The policy: the style and the script of the page, by their hashes, and nothing from elsewhere.
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
    /// Whether it calls for somebody.
    pub(super) alarming: bool,
}

/// A browser hashes what it has parsed, and parsing makes every line end a line feed.
fn unix_lines(text: &str) -> String {
    text.replace('\r', "")
}

fn hash(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    format!("sha256-{}", BASE64_STANDARD.encode(digest))
}
