//! Finding tests: functions `test_…` in scripts, and scripts in directories.

use std::path::{Path, PathBuf};

use crate::script::{Error, ImportRoot, Program, Source};

/// One test to run.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// The script.
    pub source: Source,
    /// Its function; `None` where the script cannot be parsed, which is what is to be told of it.
    pub function: Option<String>,
}

impl TestCase {
    /// Returns the directory that its files, its imports and the scripts it runs are looked for in.
    #[must_use]
    pub fn home(&self) -> &Path {
        match &self.source.home {
            ImportRoot::Directory(directory) => directory,
            ImportRoot::Shipped => Path::new("."),
        }
    }
}

/// Finds the tests in `paths`: scripts, and directories, whose scripts count at any depth.
///
/// # Errors
/// A path leads to no script, or a script cannot be read.
pub fn find(paths: &[PathBuf]) -> Result<Vec<TestCase>, Error> {
    let mut cases: Vec<TestCase> = Vec::new();
    for path in paths {
        for source in Source::find_all(&path.to_string_lossy())? {
            let source = source?;
            if cases.iter().all(|known| known.source.name != source.name) {
                cases.extend(cases_of(&source));
            }
        }
    }
    Ok(cases)
}

fn cases_of(source: &Source) -> Vec<TestCase> {
    let case = |function| TestCase {
        source: source.clone(),
        function,
    };
    match Program::compile(source.clone()) {
        Ok(program) => {
            let tests = program.tests().into_iter();
            tests.map(|test| case(Some(test.name))).collect()
        }
        Err(_) => vec![case(None)],
    }
}
