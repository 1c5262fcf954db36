//! The files that a script reads and writes. A table does not overwrite a file whose rows the run has read.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rhai::NativeCallContext;

use super::run_host::Host;
use crate::error_code::ErrorCode;
use crate::file_access::{OwnFiles, ResolvedPath};
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::table::{self, Error};

/// The longest path in bytes, as on Linux. No other system has files that need more.
const MAX_PATH: usize = 4096;

impl Host {
    /// Returns the program's own files, which the script may not use.
    pub(in crate::script) fn own_files(&self) -> &Arc<OwnFiles> {
        self.paths().own_files()
    }

    /// Resolves the path of a file to read.
    ///
    /// # Errors
    /// `not_allowed`: the script may not read it.
    pub(in crate::script) fn file_to_read(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<ResolvedPath> {
        ensure_short(ctx, path)?;
        self.paths()
            .to_read(path)
            .map_err(|refused| throw(ctx, refused))
    }

    /// Resolves the path of a file that `function` writes. In a dry run, prints a note instead and returns `None`.
    ///
    /// # Errors
    /// `planning`: a plan is being evaluated. `not_allowed`: the script may not write it.
    pub(in crate::script) fn file_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        self.ensure_not_planning(ctx, function)?;
        ensure_short(ctx, path)?;
        let file = self
            .paths()
            .to_write(path)
            .map_err(|refused| throw(ctx, refused))?;
        if self.settings().options.dry_run {
            self.console()
                .note(&format!("dry run: `{path}` is not written"));
            return Ok(None);
        }
        Ok(Some(file))
    }

    /// Resolves the path of a table that `function` writes, as [`file_to_write`](Self::file_to_write) does. `overwrite` allows a
    /// file whose rows this run has read.
    ///
    /// # Errors
    /// `file`: this run has read rows from it. Those of `file_to_write`.
    pub(in crate::script) fn table_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
        overwrite: bool,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        ensure_short(ctx, path)?;
        if !overwrite {
            self.ensure_not_input(ctx, path)?;
        }
        self.file_to_write(ctx, function, path)
    }

    /// Checks whether a table could be written to `path`, also in a dry run.
    ///
    /// # Errors
    /// Those of [`table_to_write`](Self::table_to_write), and those of the system.
    pub(in crate::script) fn ensure_writable(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<()> {
        self.ensure_not_planning(ctx, "ensure_writable")?;
        ensure_short(ctx, path)?;
        self.ensure_not_input(ctx, path)?;
        let file = self
            .paths()
            .to_write(path)
            .map_err(|refused| throw(ctx, refused))?;
        table::ensure_writable(&file).map_err(|error| throw(ctx, error))
    }

    /// Records that rows came from the file at `path`. Input that is not a file, such as a pipe, cannot be overwritten.
    pub(in crate::script) fn record_input(&self, path: &str) {
        if let Some(path) = self.input(path) {
            self.inputs().borrow_mut().insert(path);
        }
    }

    fn ensure_not_input(&self, ctx: &NativeCallContext, path: &str) -> RhaiResultOf<()> {
        let is_input = |path| self.inputs().borrow().contains(&path);
        if self.input(path).is_some_and(is_input) {
            let path = Path::new(path).to_owned();
            return Err(throw(ctx, Error::OverwritesInput { path }));
        }
        Ok(())
    }

    fn input(&self, path: &str) -> Option<PathBuf> {
        let file = self.paths().to_read(path).ok()?;
        fs::canonicalize(file.name()).ok()
    }

    /// Turns an error of reading a file into one for the script. If the file is missing, the hint explains how its path was
    /// resolved.
    pub(in crate::script) fn read_error(&self, error: Error) -> Throw {
        let is_missing = error.is_missing();
        let hint = self.paths().missing_file_hint(error.path());
        Throw::from(error).hint_if(hint.filter(|_| is_missing))
    }
}

/// Checks the length of a path. The time to resolve it grows with the square of its length.
fn ensure_short(ctx: &NativeCallContext, path: &str) -> RhaiResultOf<()> {
    if path.len() <= MAX_PATH {
        return Ok(());
    }
    let message = format!(
        "a path of {} bytes is too long (at most {MAX_PATH})",
        path.len()
    );
    Err(throw(ctx, Throw::new(ErrorCode::File, message)))
}
