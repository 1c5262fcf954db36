//! The options that restrict or extend what a script may do.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use crate::error::Error;
use crate::file_access::{FileAccess, Stdin};
use crate::script::Paths;

/// Which files a script may use.
#[derive(Debug, Args)]
pub(in crate::cli) struct FileAccessArgs {
    /// Let the script use files below DIR, not only those below the working directory; can be repeated
    ///
    /// A file that you name in an argument of the script is always allowed.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    allow_path: Vec<PathBuf>,

    /// Do not let the script write files
    #[arg(long)]
    deny_write: bool,
}

impl FileAccessArgs {
    /// Returns the paths of a script that was started with `words`.
    pub(in crate::cli) fn paths<'a>(
        &self,
        words: impl IntoIterator<Item = &'a str>,
        stdin: &Stdin,
    ) -> Result<Paths, Error> {
        let file_access = self.file_access(Path::new("."), stdin)?;
        Ok(Paths::Plain(file_access.with_named_files(words)))
    }

    /// Returns the files that may be used by a script whose paths are relative to `home`.
    pub(in crate::cli) fn file_access(
        &self,
        home: &Path,
        stdin: &Stdin,
    ) -> Result<FileAccess, Error> {
        let allowed = self.allow_path.iter().map(PathBuf::as_path);
        let file_access = FileAccess::within([home].into_iter().chain(allowed))?.with_stdin(stdin);
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
    /// Refuse to invite or score, for a script that you do not trust
    ///
    /// The script fails at its first attempt. With `--dry-run` it continues instead, and shows what it would send.
    #[arg(long)]
    pub(in crate::cli) deny_send: bool,
}
