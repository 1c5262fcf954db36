//! Finds and reads scripts: files, and those in the binary.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::api::ApiKey;
use crate::file_access::{FileAccess, ResolvedPath};
use crate::script::error::script_error::Error;
use crate::script::error::throw::Throw;
use crate::script::source::{ImportRoot, Source, doc_lines};
use crate::text::nearest;

/// The largest script that is read. Compiling it takes about a hundred times its size.
const MAX_SCRIPT_BYTES: u64 = 4 * 1024 * 1024;

/// The directory of tests in a project. Tests resolve imports from the directory above it.
pub const TESTS_DIRECTORY: &str = "tests";

/// The extensions of files that scripts read.
const DATA_FILE_EXTENSIONS: [&str; 8] =
    ["csv", "tsv", "json", "xlsx", "xlsm", "xlsb", "xls", "ods"];

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scripts");

/// A script that comes with the binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The name to run it by.
    pub name: String,
    /// The first line of its doc comment.
    pub summary: String,
}

/// Lists the scripts that come with the binary, by name.
pub fn shipped() -> Vec<Shipped> {
    let mut scripts: Vec<Shipped> = SHIPPED
        .files()
        .filter(|file| file.path().extension().is_some_and(|end| end == "rhai"))
        .filter_map(|file| {
            Some(Shipped {
                name: file.path().file_stem()?.to_str()?.to_owned(),
                summary: doc_lines(file.contents_utf8()?).next()?.trim().to_owned(),
            })
        })
        .collect();
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    scripts
}

/// Returns the text at `path` in the binary.
pub(in crate::script) fn embedded_text(path: &Path) -> Option<&'static str> {
    SHIPPED.get_file(path)?.contents_utf8()
}

impl Source {
    /// Finds a script by its path, or by the name of a shipped script. A file takes precedence.
    ///
    /// # Errors
    /// There is no such script, or it cannot be read as text.
    pub fn find(reference: &str) -> Result<Self, Error> {
        let path = Path::new(reference);
        if path.is_file() {
            return if is_data_file(path) {
                let path = path.to_owned();
                Err(Error::IsDataFile { path })
            } else {
                Self::read(path)
            };
        }
        Self::find_shipped(reference)
    }

    fn find_shipped(reference: &str) -> Result<Self, Error> {
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

    /// Finds a script like [`Self::find`], with paths relative to `directory` and limited by `file_access`.
    ///
    /// # Errors
    /// There is no such script, access to it is denied, or it is not text.
    pub fn find_in(
        directory: &Path,
        file_access: &FileAccess,
        reference: &str,
    ) -> Result<Self, Error> {
        let path = directory.join(reference);
        let file = file_access.to_read(&path).map_err(Throw::from)?;
        if file.is_file() {
            return Self::read_at(&file);
        }
        Self::find_shipped(reference)
    }

    /// Finds a script like [`Source::find`], or all scripts in a directory and below it.
    ///
    /// # Errors
    /// There is none, or the directory cannot be listed. A script that cannot be read is an error in the list.
    pub fn find_all(reference: &str) -> Result<Vec<Result<Self, Error>>, Error> {
        let path = Path::new(reference);
        if !path.is_dir() {
            return Ok(vec![Self::find(reference)]);
        }
        let mut files = Vec::new();
        list(path, &mut files)?;
        files.sort();
        if files.is_empty() {
            return Err(Error::NoScripts {
                directory: path.to_owned(),
            });
        }
        Ok(files.iter().map(|file| Self::read(file)).collect())
    }

    /// Reads the script at `path`.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::read_at(&path.into())
    }

    pub(in crate::script) fn read_at(file: &ResolvedPath) -> Result<Self, Error> {
        let path = file.name();
        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let read = file
            .open()
            .and_then(|file| file.take(MAX_SCRIPT_BYTES + 1).read_to_end(&mut bytes));
        if read.map_err(unreadable)? as u64 > MAX_SCRIPT_BYTES {
            let reason = "it is larger than 4 MiB, and no script needs to be";
            return Err(unreadable(std::io::Error::new(
                std::io::ErrorKind::FileTooLarge,
                reason,
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            unreadable(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                error.utf8_error(),
            ))
        })?;
        // Errors would show lines of the file, and parts of a key as names of variables.
        let first = text.lines().next().unwrap_or_default();
        if ApiKey::parse(first).is_ok() {
            let path = path.to_owned();
            return Err(Error::IsKeyFile { path });
        }
        Ok(Self::new(
            &path.display().to_string(),
            &text,
            ImportRoot::Directory(import_root_of(path)),
        ))
    }

    /// Returns the script at `path` in the binary.
    pub(in crate::script) fn embedded(path: &Path) -> Option<Self> {
        let text = embedded_text(path)?;
        let name = format!("<shipped>/{}", path.display());
        Some(Self::new(&name, text, ImportRoot::Shipped))
    }
}

/// Returns whether the extension of a file is that of data for scripts.
fn is_data_file(path: &Path) -> bool {
    let end = path.extension().and_then(OsStr::to_str);
    end.is_some_and(|end| DATA_FILE_EXTENSIONS.contains(&end.to_lowercase().as_str()))
}

/// Returns the directory from which the script at `path` imports: its own, or the one above `tests`.
fn import_root_of(path: &Path) -> PathBuf {
    let parent = path.parent().unwrap_or(Path::new(""));
    let directory = match parent.file_name() {
        Some(name) if name == TESTS_DIRECTORY => {
            parent.parent().unwrap_or(Path::new("")).to_owned()
        }
        None if is_inside_tests(parent) => parent.join(".."),
        _ => parent.to_owned(),
    };
    if directory.as_os_str().is_empty() {
        return PathBuf::from(".");
    }
    directory
}

/// Returns whether a directory without a name, such as the current one, is a directory of tests.
fn is_inside_tests(directory: &Path) -> bool {
    let named = Path::new(".").join(directory).canonicalize();
    named.is_ok_and(|named| named.file_name() == Some(OsStr::new(TESTS_DIRECTORY)))
}

/// Adds the scripts in a directory and below it to `files`, except hidden directories and symbolic links to
/// directories.
fn list(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let unreadable = |source| Error::Unreadable {
        path: directory.to_owned(),
        source,
    };
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // Paths in `.` are shown without it.
        let directory = directory.strip_prefix(".").unwrap_or(directory);
        let path = directory.join(entry.file_name());
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().map_err(unreadable)?.is_dir() {
            if !is_hidden {
                list(&path, files)?;
            }
        } else if path.extension().is_some_and(|end| end == "rhai") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::import_root_of;

    #[test]
    fn tests_import_from_the_directory_above_theirs() {
        let of = |file: &str| import_root_of(Path::new(file));
        assert_eq!(of("scripts/tests/invite.rhai"), Path::new("scripts"));
        assert_eq!(of("tests/invite.rhai"), Path::new("."));
        assert_eq!(of("scripts/invite_test.rhai"), Path::new("scripts"));
        assert_eq!(of("invite_test.rhai"), Path::new("."));
    }
}
