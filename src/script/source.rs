//! Script texts: from a file, or from the scripts embedded in the binary.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::Error;
use super::suggest::nearest;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scripts");

/// A script as text, with the name that errors show.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path of the file, or `<shipped>/NAME.rhai`.
    pub name: Arc<str>,
    /// The text, a `#!` first line blanked out.
    pub text: Arc<str>,
    /// Where its imports are looked for.
    pub home: SourceHome,
}

/// Where the scripts beside a script are.
#[derive(Clone, Debug)]
pub enum SourceHome {
    /// In this directory.
    Directory(PathBuf),
    /// In the binary.
    Shipped,
}

/// A script that comes with the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The name it is run by.
    pub name: String,
    /// The first line of its doc comment.
    pub summary: String,
}

/// Lists the scripts that come with the binary, by name.
#[must_use]
pub fn shipped() -> Vec<Shipped> {
    let mut scripts: Vec<Shipped> = SHIPPED
        .files()
        .filter(|file| file.path().extension().is_some_and(|end| end == "rhai"))
        .filter_map(|file| {
            Some(Shipped {
                name: file.path().file_stem()?.to_str()?.to_owned(),
                summary: doc_lines(file.contents_utf8()?).next()?.to_owned(),
            })
        })
        .collect();
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    scripts
}

/// Returns the text at `path` inside the binary.
pub(super) fn embedded_text(path: &Path) -> Option<&'static str> {
    SHIPPED.get_file(path)?.contents_utf8()
}

impl Source {
    /// Finds the script `reference`: a path, or the name of a shipped one.
    ///
    /// A file wins over a shipped script of the same name.
    ///
    /// # Errors
    /// There is no such script, or it cannot be read as text.
    pub fn find(reference: &str) -> Result<Self, Error> {
        let path = Path::new(reference);
        if path.is_file() {
            return Self::read(path);
        }
        let by_name = !reference.contains(['/', '\\']);
        let stem = reference.strip_suffix(".rhai").unwrap_or(reference);
        let found = if by_name {
            Self::embedded(Path::new(&format!("{stem}.rhai")))
        } else {
            None
        };
        found.ok_or_else(|| {
            let scripts = shipped();
            Error::NoScript {
                reference: reference.to_owned(),
                likely: nearest(stem, scripts.iter().map(|each| each.name.as_str()))
                    .map(ToOwned::to_owned),
            }
        })
    }

    /// Reads the script at `path`.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let bytes = fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            unreadable(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                error.utf8_error(),
            ))
        })?;
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Self::new(
            &path.display().to_string(),
            &text,
            SourceHome::Directory(directory),
        ))
    }

    /// Takes the script at `path` inside the binary.
    pub(super) fn embedded(path: &Path) -> Option<Self> {
        let text = embedded_text(path)?;
        let name = format!("<shipped>/{}", path.display());
        Some(Self::new(&name, text, SourceHome::Shipped))
    }

    /// Takes `text` as a script called `name`.
    #[must_use]
    pub fn new(name: &str, text: &str, home: SourceHome) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self {
            name: name.into(),
            text: without_shebang(text).into(),
            home,
        }
    }

    /// Returns the lines of its doc comment (`//!`), without the marks.
    pub fn doc(&self) -> impl Iterator<Item = &str> {
        doc_lines(&self.text)
    }
}

/// Blanks out a `#!` line, so that lines stay where they are.
fn without_shebang(text: &str) -> &str {
    if !text.starts_with("#!") {
        return text;
    }
    text.find('\n').map_or("", |end| &text[end..])
}

fn doc_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .skip_while(|line| !line.starts_with("//!"))
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
}
