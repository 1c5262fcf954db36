//! Finding tests: functions `test_…` in scripts, and scripts in directories.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Error;
use crate::script::{self, Program, Source, home_of};

/// One test to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The script.
    pub file: PathBuf,
    /// Where its files, its imports and the scripts it runs are looked for.
    pub home: PathBuf,
    /// Its function; `None` where the script cannot be read, which is what is to be told of it.
    pub function: Option<String>,
}

impl Case {
    /// Reads and parses its script.
    ///
    /// # Errors
    /// The script cannot be read, or is no valid Rhai.
    pub fn compile(&self) -> Result<Program, script::Error> {
        compile(&self.file)
    }
}

/// Finds the tests in `paths`: scripts, and directories, whose scripts count at any depth.
///
/// # Errors
/// A path leads nowhere, or a directory cannot be searched.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Case>, Error> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        for file in scripts(path)? {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files.iter().flat_map(|file| cases(file)).collect())
}

fn cases(file: &Path) -> Vec<Case> {
    let home = home_of(file);
    let case = |function| Case {
        file: file.to_owned(),
        home: home.clone(),
        function,
    };
    match compile(file) {
        Ok(program) => {
            let tests = program.tests().into_iter();
            tests.map(|test| case(Some(test.name))).collect()
        }
        Err(_) => vec![case(None)],
    }
}

fn compile(file: &Path) -> Result<Program, script::Error> {
    Program::compile(Source::read(file)?)
}

/// Returns the scripts that `path` stands for, by name. Hidden directories and links to directories are passed by.
fn scripts(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Err(Error::NoPath {
            path: path.to_owned(),
        });
    }
    let unusable = |source| Error::Directory {
        path: path.to_owned(),
        source,
    };
    let mut entries = fs::read_dir(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unusable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut scripts = Vec::new();
    for entry in entries {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // What stands in `.` is called by its name alone.
        let found = path
            .strip_prefix(".")
            .unwrap_or(path)
            .join(entry.file_name());
        if entry.file_type().map_err(unusable)?.is_dir() {
            if !is_hidden {
                scripts.extend(self::scripts(&found)?);
            }
        } else if found.extension() == Some(OsStr::new("rhai")) && found.is_file() {
            scripts.push(found);
        }
    }
    Ok(scripts)
}
