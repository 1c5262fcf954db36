//! Why a script cannot be found, read, parsed or run.

use std::io;
use std::path::PathBuf;

use super::diagnostic::Diagnostic;

/// Why a script could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no script `{reference}`")]
    NoScript {
        /// Path or name as given.
        reference: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    #[error("`{}` is a data file, not a script", path.display())]
    IsDataFile { path: PathBuf },
    #[error("`{}` contains an API key, not a script", path.display())]
    IsKeyFile { path: PathBuf },
    #[error("`{}` does not end in `.rhai`", path.display())]
    InvalidScriptName { path: PathBuf },
    #[error("no scripts in `{}`", directory.display())]
    NoScripts { directory: PathBuf },
    #[error("cannot read the script `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("no shipped script `{name}`")]
    NotShipped {
        name: String,
        /// The shipped script that was probably meant.
        likely: Option<String>,
    },
    #[error("`{}` already exists", path.display())]
    Exists { path: PathBuf },
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("{}", .0.message)]
    Failed(Box<Diagnostic>),
    #[error("the script has {} errors and was not run", .0.len())]
    MultipleErrors(Vec<Diagnostic>),
}

impl Error {
    /// Returns what the user can do about it.
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
                 `gradient-bulk scripts` lists them"
                    .to_owned(),
            ],
            Self::IsDataFile { path } => vec![format!(
                "name the script first, for example `gradient-bulk run invite_csv {}`",
                path.display()
            )],
            Self::InvalidScriptName { path } => vec![format!(
                "did you mean `{}`?",
                path.with_extension("rhai").display()
            )],
            Self::NotShipped { .. } => vec!["`gradient-bulk scripts` lists them".to_owned()],
            Self::Exists { .. } => {
                vec!["choose another name: existing files are never overwritten".to_owned()]
            }
            Self::NoScripts { .. } => vec!["script names end in `.rhai`".to_owned()],
            Self::IsKeyFile { path } => {
                vec![format!("pass it with `--api-key-file {}`", path.display())]
            }
            Self::Unreadable { .. } | Self::Unwritable { .. } | Self::MultipleErrors(_) => {
                Vec::new()
            }
            Self::Failed(diagnostic) => diagnostic.hints.clone(),
        }
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Failed(Box::new(diagnostic))
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        match <[Diagnostic; 1]>::try_from(diagnostics) {
            Ok([diagnostic]) => diagnostic.into(),
            Err(diagnostics) => Self::MultipleErrors(diagnostics),
        }
    }
}
