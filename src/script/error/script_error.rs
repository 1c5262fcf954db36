//! Why a script cannot be found, read or run to its end.

use std::io;
use std::path::PathBuf;

use super::diagnostic::Diagnostic;

/// A script that could not be run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such script.
    #[error("no script `{reference}`")]
    NoScript {
        /// Path or name as given.
        reference: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    /// A file of rows stands where a script should.
    #[error("`{}` is no script, but what a script reads", path.display())]
    IsDataFile {
        /// The file.
        path: PathBuf,
    },
    /// A new script has a name that scripts do not have.
    #[error("the name of a script ends in `.rhai`, and `{}` does not", path.display())]
    InvalidScriptName {
        /// The file.
        path: PathBuf,
    },
    /// A directory holds no script.
    #[error("there is no script in `{}`", directory.display())]
    NoScripts {
        /// The directory.
        directory: PathBuf,
    },
    /// The script's file cannot be read.
    #[error("cannot read the script `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No script that comes with the binary has this name.
    #[error("no shipped script `{name}`")]
    NotShipped {
        /// The name as given.
        name: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    /// A new script would overwrite a file.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A new script cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The script is wrong, or an error it did not catch ended it.
    #[error("{}", .0.message)]
    Failed(Box<Diagnostic>),
    /// The script has several faults that show before it runs.
    #[error("the script has {} errors; nothing of it was run", .0.len())]
    MultipleErrors(Vec<Diagnostic>),
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NoScript {
                likely: Some(name), ..
            }
            | Self::NotShipped {
                likely: Some(name), ..
            } => vec![format!("did you mean `{name}`?")],
            Self::NoScript { .. } => vec![
                "give the path of a script, or the name of a shipped one; \
                 `gradient-bulk scripts` lists those"
                    .to_owned(),
            ],
            Self::IsDataFile { path } => vec![format!(
                "name the script first, such as a shipped one: `gradient-bulk run invite_csv {}`",
                path.display()
            )],
            Self::InvalidScriptName { path } => vec![format!(
                "did you mean `{}`?",
                path.with_extension("rhai").display()
            )],
            Self::NotShipped { .. } => vec!["`gradient-bulk scripts` lists them".to_owned()],
            Self::Exists { .. } => vec!["no file is overwritten: choose another name".to_owned()],
            Self::NoScripts { .. } => vec!["the name of a script ends in `.rhai`".to_owned()],
            Self::Unreadable { .. } | Self::Unwritable { .. } | Self::MultipleErrors(_) => {
                Vec::new()
            }
            Self::Failed(failure) => failure.hints.clone(),
        }
    }
}

impl From<Diagnostic> for Error {
    fn from(failure: Diagnostic) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(failures: Vec<Diagnostic>) -> Self {
        match <[Diagnostic; 1]>::try_from(failures) {
            Ok([failure]) => failure.into(),
            Err(failures) => Self::MultipleErrors(failures),
        }
    }
}
