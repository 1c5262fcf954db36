//! Finds tests: functions named `test_…` in scripts, and scripts in directories.

use std::path::{Path, PathBuf};

use crate::script::{Error, ImportRoot, Program, Source};

/// A test to run.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// The script that contains the test.
    pub source: Source,
    /// The function to call. `None` if the script cannot be parsed, so that running it reports that error.
    pub function: Option<String>,
}

impl TestCase {
    /// Returns the directory that the test takes files, imports and other scripts from.
    pub fn script_directory(&self) -> &Path {
        match &self.source.import_root {
            ImportRoot::Directory(directory) => directory,
            ImportRoot::Shipped => Path::new("."),
        }
    }
}

/// Finds the tests in `paths`, which are scripts, or directories with scripts at any depth.
pub fn find(paths: &[PathBuf]) -> Result<Vec<TestCase>, Error> {
    let mut cases: Vec<TestCase> = Vec::new();
    for path in paths {
        for source in Source::find_all(&path.to_string_lossy())? {
            let source = source?;
            if cases.iter().all(|other| other.source.name != source.name) {
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
