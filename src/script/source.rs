//! The text of a script with its name in messages.

use std::path::PathBuf;
use std::sync::Arc;

/// The text of a script, with its name in messages.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path of the file, or `<shipped>/NAME.rhai`.
    pub name: Arc<str>,
    /// The text, with a `#!` line blanked out.
    pub text: Arc<str>,
    /// The directory of its imports.
    pub import_root: ImportRoot,
}

/// The place where a script finds its imports.
#[derive(Clone, Debug)]
pub enum ImportRoot {
    /// In a directory.
    Directory(PathBuf),
    /// Among the scripts in the binary.
    Shipped,
}

/// Blanks out a `#!` line, so that line numbers stay the same.
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
    /// Creates a script called `name`.
    #[must_use]
    pub fn new(name: &str, text: &str, import_root: ImportRoot) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self {
            name: name.into(),
            text: without_shebang(text).into(),
            import_root,
        }
    }

    /// Returns whether the script comes with the binary, so that the user did not write it.
    pub(in crate::script) fn is_shipped(&self) -> bool {
        matches!(self.import_root, ImportRoot::Shipped)
    }

    /// Returns the lines of its doc comment, without `//!` and the space after it.
    pub fn doc(&self) -> impl Iterator<Item = &str> {
        doc_lines(&self.text)
    }
}
