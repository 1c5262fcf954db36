//! The options that restrict or extend what a script may do.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;

use clap::{Args, ValueHint};

use crate::change_kind::ChangePermissions;
use crate::cli::command_error::CommandError;
use crate::cli::output::{self, Streams};
use crate::error::Error;
use crate::file_access::{FileAccess, OwnFiles, Stdin};
use crate::memory::{MemoryLimit, MemoryWatch};
use crate::runtime::print_briefly;
use crate::script::Paths;
use crate::settings::Settings;
use crate::text::escape_control;

/// Which files a script may use.
#[derive(Debug, Args)]
pub(in crate::cli) struct FileAccessArgs {
    /// Let the script use files below DIR, not only those below the working directory; can be repeated
    ///
    /// Below DIR, the script may write files of every name. A file that you name in an argument of the script is always
    /// allowed, unless it belongs to gradient-bulk, such as the key file.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    allow_path: Vec<PathBuf>,

    /// Do not let the script write files
    #[arg(long)]
    deny_write: bool,
}

impl FileAccessArgs {
    /// Returns the paths of a script that was started with `words`, and warns if the working directory is not a good one for
    /// scripts.
    pub(in crate::cli) fn paths<'a>(
        &self,
        words: impl IntoIterator<Item = &'a str>,
        own_files: &Arc<OwnFiles>,
        stdin: &Stdin,
    ) -> Result<Paths, Error> {
        let here = Path::new(".");
        let file_access = self.file_access(here, own_files, stdin)?;
        if let Some((kind, path)) = own_files.first_below(here) {
            let path = path.display();
            output::note(&escape_control(&format!(
                "warning: the working directory contains {kind}, `{path}`\n  hint: run scripts in a directory of their own",
            )));
        }
        Ok(Paths::Plain(file_access.with_named_files(words)))
    }

    /// Returns the files that may be used by a script whose paths are relative to `home`.
    pub(in crate::cli) fn file_access(
        &self,
        home: &Path,
        own_files: &Arc<OwnFiles>,
        stdin: &Stdin,
    ) -> Result<FileAccess, Error> {
        let file_access = FileAccess::within(home)?
            .and_within(&self.allow_path)?
            .without(own_files)
            .with_stdin(stdin);
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
    /// Refuse to invite, revoke or score, for a script that you do not trust
    ///
    /// The script fails at its first attempt. With `--dry-run` it continues instead, and shows what it would send.
    #[arg(long)]
    deny_send: bool,
}

impl ApiAccessArgs {
    /// Returns what the script may change: nothing with `--deny-send`, otherwise what the configuration file allows.
    pub(in crate::cli) fn permissions(&self, settings: &Settings) -> ChangePermissions {
        if self.deny_send {
            ChangePermissions::DenySend
        } else {
            settings.restrictions.permissions()
        }
    }
}

/// How much memory a script may use.
#[derive(Debug, Args)]
pub(in crate::cli) struct MemoryArgs {
    /// Maximum memory of the process while it works on scripts, such as 512M or 4G
    #[arg(long, value_name = "SIZE", default_value = "2G")]
    max_memory: MemoryLimit,
}

impl MemoryArgs {
    /// Watches the memory from now on, and ends the process when a script does not stop at the limit.
    pub(in crate::cli) fn watch(&self) -> MemoryWatch {
        MemoryWatch::start(self.max_memory, |limit| {
            let error = Error::Memory(limit);
            let status = error.exit_status().code();
            print_briefly(move || {
                CommandError::Error(error).report(&Streams::Process);
            });
            process::exit(i32::from(status));
        })
    }
}
