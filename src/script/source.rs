//! The text of a script, with the name that errors show.

use std::path::PathBuf;
use std::sync::Arc;

/// A script as text, with the name that errors show.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path of the file, or `<shipped>/NAME.rhai`.
    pub name: Arc<str>,
    /// The text, a `#!` first line blanked out.
    pub text: Arc<str>,
    /// Where its imports are looked for.
    pub import_root: ImportRoot,
}

/// Where the scripts beside a script are.
#[derive(Clone, Debug)]
pub enum ImportRoot {
    /// In this directory.
    Directory(PathBuf),
    /// In the binary.
    Shipped,
}

/// Blanks out a `#!` line, so that lines stay where they are.
fn without_shebang(text: &str) -> &str {
    if !text.starts_with("#!") {
        return text;
    }
    text.find('\n').map_or("", |end| &text[end..])
}

pub(in crate::script) fn doc_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .skip_while(|line| !line.starts_with("//!"))
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
}

impl Source {
    /// Takes `text` as a script called `name`.
    #[must_use]
    pub fn new(name: &str, text: &str, import_root: ImportRoot) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self {
            name: name.into(),
            text: without_shebang(text).into(),
            import_root,
        }
    }

    /// Tells whether it came with the binary, and who runs it did not write it.
    pub(in crate::script) fn is_shipped(&self) -> bool {
        matches!(self.import_root, ImportRoot::Shipped)
    }

    /// Returns the lines of its doc comment (`//!`), without the marks and the space behind them.
    pub fn doc(&self) -> impl Iterator<Item = &str> {
        doc_lines(&self.text)
    }
}
