//! The files that rows of a run came from: they are not overwritten by tables that the run writes.

use std::fs;
use std::path::{Path, PathBuf};

use rhai::NativeCallContext;

use super::run_host::Host;
use crate::file_access::ResolvedPath;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::table::{self, Error};

impl Host {
    /// Remembers that rows came from the file at `path`. What has no place among files, such as a pipe, is not at risk.
    pub(in crate::script) fn record_input(&self, path: &str) {
        if let Some(path) = self.input(path) {
            self.inputs().borrow_mut().insert(path);
        }
    }

    /// Returns the file that `function` writes a table to where the script says `path`, as
    /// [`file_to_write`](Self::file_to_write) does; with `overwrite`, also one whose rows this run has read.
    ///
    /// # Errors
    /// `file`: rows of this run came from there. Those of `file_to_write`.
    pub(in crate::script) fn table_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
        overwrite: bool,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        if !overwrite {
            self.ensure_not_input(ctx, path)?;
        }
        self.file_to_write(ctx, function, path)
    }

    /// Looks whether a table could be written where the script says `path`, also in a dry run.
    ///
    /// # Errors
    /// As [`table_to_write`](Self::table_to_write), and where the system refuses.
    pub(in crate::script) fn ensure_writable(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<()> {
        self.ensure_not_planning(ctx, "ensure_writable")?;
        self.ensure_not_input(ctx, path)?;
        let file = self
            .paths()
            .to_write(path)
            .map_err(|refused| throw(ctx, refused))?;
        table::ensure_writable(&file).map_err(|error| throw(ctx, error))
    }

    fn ensure_not_input(&self, ctx: &NativeCallContext, path: &str) -> RhaiResultOf<()> {
        let is_input = |path| self.inputs().borrow().contains(&path);
        if self.input(path).is_some_and(is_input) {
            let path = Path::new(path).to_owned();
            return Err(throw(ctx, table::Error::OverwritesInput { path }));
        }
        Ok(())
    }

    fn input(&self, path: &str) -> Option<PathBuf> {
        let file = self.paths().to_read(path).ok()?;
        fs::canonicalize(file.name()).ok()
    }
}

impl Host {
    /// Returns the file that is read where the script says `path`.
    ///
    /// # Errors
    /// `not_allowed`: it is out of reach.
    pub(in crate::script) fn file_to_read(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<ResolvedPath> {
        self.paths()
            .to_read(path)
            .map_err(|refused| throw(ctx, refused))
    }

    /// The error of a file that could not be read; where it is not there, with where its path leads.
    pub(in crate::script) fn read_error(&self, error: Error) -> Throw {
        let is_missing = error.is_missing();
        let missing_file_hint = self
            .paths()
            .missing_file_hint(error.path())
            .filter(|_| is_missing);
        let thrown = Throw::from(error);
        match missing_file_hint {
            Some(missing_file_hint) => thrown.hint(missing_file_hint),
            None => thrown,
        }
    }
}
