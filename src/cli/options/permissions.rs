//! What a script may do beyond its job, and what the user takes away from it.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use crate::error::Error;
use crate::file_access::FileAccess;
use crate::script::Paths;

/// The files that a script may reach.
#[derive(Debug, Args)]
pub(in crate::cli) struct FileAccessArgs {
    /// Let the script reach files below DIR too, beside those below the working directory; may be repeated
    ///
    /// A file that you name in an argument of the script is reached wherever it lies.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    allow_path: Vec<PathBuf>,

    /// Let the script write no file
    #[arg(long)]
    deny_write: bool,
}

impl FileAccessArgs {
    /// Returns where the paths of a script lead that was given these words.
    pub(in crate::cli) fn paths<'a>(
        &self,
        words: impl IntoIterator<Item = &'a str>,
    ) -> Result<Paths, Error> {
        let file_access = self.file_access(Path::new("."))?;
        Ok(Paths::Plain(file_access.with_named_files(words)))
    }

    /// Returns what may be reached by somebody who is at home in `home`.
    pub(in crate::cli) fn file_access(&self, home: &Path) -> Result<FileAccess, Error> {
        let allowed = self.allow_path.iter().map(PathBuf::as_path);
        let file_access = FileAccess::within([home].into_iter().chain(allowed))?;
        Ok(if self.deny_write {
            file_access.read_only()
        } else {
            file_access
        })
    }
}

/// What a script may change at the API.
#[derive(Debug, Args)]
pub(in crate::cli) struct ApiAccessArgs {
    /// Refuse whatever would change something at the API (invitations, scores): for a script you do not know
    ///
    /// The script ends with an error where it first tries. `--dry-run` lets it go on instead, plans, and shows what would be
    /// sent.
    #[arg(long)]
    pub(in crate::cli) deny_send: bool,
}
