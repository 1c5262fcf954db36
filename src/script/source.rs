//! The text of a script with its name in messages.

use std::cell::RefCell;
use std::iter;
use std::path::PathBuf;
use std::sync::Arc;

use crate::text::sha256;

/// The text of a script, with its name in messages.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path of the file, or `<shipped>/NAME.rhai`.
    pub name: Arc<str>,
    /// The text, with a `#!` line blanked out.
    pub text: Arc<str>,
    /// The SHA-256 of the file.
    pub sha256: Arc<str>,
    /// The directory of its imports.
    pub import_root: ImportRoot,
}

/// The place where a script finds its imports.
#[derive(Clone, Debug)]
pub enum ImportRoot {
    Directory(PathBuf),
    /// Among the scripts in the binary.
    Shipped,
}

thread_local! {
    /// The text whose lines were looked up last, and where each of them starts.
    static LINE_STARTS: RefCell<Option<(Arc<str>, Vec<usize>)>> = const { RefCell::new(None) };
}

/// Returns line `number` of `text`, from 1, without its line end; empty if there is none. Of one text, many lines can be looked up
/// in a short time.
pub(in crate::script) fn line(text: &Arc<str>, number: usize) -> &str {
    let found = LINE_STARTS.with_borrow_mut(|last| {
        if !last
            .as_ref()
            .is_some_and(|(known, _)| Arc::ptr_eq(known, text))
        {
            let ends = text.match_indices('\n').map(|(end, _)| end + 1);
            *last = Some((Arc::clone(text), iter::once(0).chain(ends).collect()));
        }
        let (_, starts) = last.as_ref()?;
        let start = *starts.get(number.checked_sub(1)?)?;
        Some(start..starts.get(number).copied().unwrap_or(text.len()))
    });
    let line = found.and_then(|found| text.get(found)).unwrap_or_default();
    line.lines().next().unwrap_or_default()
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
    pub fn new(name: &str, text: &str, import_root: ImportRoot) -> Self {
        let sha256 = sha256(text).into();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self {
            name: name.into(),
            text: without_shebang(text).into(),
            sha256,
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
