//! The files that a script reads and writes. None overwrites a file that the run has read, and results overwrite none.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rhai::NativeCallContext;

use super::result_files::ResultPath;
use super::run_host::Host;
use crate::error_code::ErrorCode;
use crate::file_access::{OwnFiles, ResolvedPath};
use crate::ledger::RunId;
use crate::script::arguments::ArgValue;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::table::{self, Error, ErrorKind};

/// The longest path in bytes, as on Linux. No other system has files that need more.
const MAX_PATH: usize = 4096;

/// The method of an outcome that writes results.
const RESULTS_FUNCTION: &str = "write_csv";

impl Host {
    /// Returns the program's own files, which the script may not use.
    pub(in crate::script) fn own_files(&self) -> &Arc<OwnFiles> {
        self.paths.own_files()
    }

    /// Resolves the path of a file to read.
    pub(in crate::script) fn file_to_read(
        &self,
        ctx: &NativeCallContext,
        path: &str,
    ) -> RhaiResultOf<ResolvedPath> {
        ensure_short(ctx, path)?;
        self.paths.to_read(path).or_throw(ctx)
    }

    /// Resolves the path of a file that `function` writes. In a dry run, prints a note instead and returns `None`. `overwrite`
    /// allows a file that this run has read.
    ///
    /// # Errors
    /// `planning`: a plan is being evaluated. `file`: this run has read the file. `not_allowed`: the script may not write it.
    pub(in crate::script) fn file_to_write(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
        overwrite: bool,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        self.ensure_not_planning(ctx, function)?;
        let file = self.resolve_to_write(ctx, path)?;
        let error = self.overwritten_input(function, path);
        if let Some(error) = error.filter(|_| !overwrite) {
            return Err(throw(ctx, error));
        }
        if self.settings.options.dry_run {
            self.console
                .note(&format!("dry run: `{path}` is not written"));
            return Ok(None);
        }
        Ok(Some(file))
    }

    /// Resolves the path of a file for the results of `run`, as [`file_to_write`](Self::file_to_write) does.
    ///
    /// # Errors
    /// `file`: the file exists, unless `overwrite` is set; the hint says how to get the results. Those of `file_to_write`.
    pub(in crate::script) fn results_file(
        &self,
        ctx: &NativeCallContext,
        path: &str,
        run: RunId,
        overwrite: bool,
    ) -> RhaiResultOf<Option<ResolvedPath>> {
        self.ensure_not_planning(ctx, RESULTS_FUNCTION)?;
        if !overwrite && let Some(error) = self.overwritten_file(ctx, path)? {
            let show = self.console.runs_command(run, "--format csv");
            let ledger =
                format!("the results of run {run} are in the ledger, and {show} prints them");
            let hint = |more: Option<String>| format!("{ledger}; {}", more.unwrap_or_default());
            let (hint, user_hint) = (hint(error.hint()), hint(error.user_hint()));
            let thrown = Throw::from(error).hint(hint).user_hint(Some(user_hint));
            return Err(throw(ctx, thrown));
        }
        self.file_to_write(ctx, RESULTS_FUNCTION, path, overwrite)
    }

    /// Checks whether results could be written to `path`, also in a dry run.
    ///
    /// # Errors
    /// Those of [`results_file`](Self::results_file), and those of the system.
    pub(in crate::script) fn ensure_writable(
        &self,
        ctx: &NativeCallContext,
        path: &str,
        overwrite: bool,
    ) -> RhaiResultOf<()> {
        self.ensure_not_planning(ctx, "ensure_writable")?;
        if !overwrite && let Some(error) = self.overwritten_file(ctx, path)? {
            return Err(throw(ctx, error));
        }
        let file = self.resolve_to_write(ctx, path)?;
        table::ensure_writable(&file).or_throw(ctx)
    }

    /// Checks the files that the script will certainly write results to, before it invites the first candidate.
    ///
    /// # Errors
    /// `file`: one of them exists.
    pub(in crate::script) fn ensure_result_files_are_new(
        &self,
        ctx: &NativeCallContext,
    ) -> RhaiResultOf<()> {
        if !self.runs().is_empty() {
            return Ok(());
        }
        for file in self.result_files() {
            let path = match file.path {
                ResultPath::Literal(path) => Some(path),
                ResultPath::Argument(name) => match self.argument(&name) {
                    Some(ArgValue::Text(path)) => Some(path),
                    _ => None,
                },
            };
            if let Some(path) = path
                && let Some(error) = self.overwritten_file(ctx, &path)?
            {
                return Err(Throw::from(error).at(file.position));
            }
        }
        Ok(())
    }

    /// Returns the error of writing results to `path` if the run has read the file, or it exists.
    fn overwritten_file(&self, ctx: &NativeCallContext, path: &str) -> RhaiResultOf<Option<Error>> {
        let file = self.resolve_to_write(ctx, path)?;
        if let Some(error) = self.overwritten_input(RESULTS_FUNCTION, path) {
            return Ok(Some(error));
        }
        if !file.has_content() {
            return Ok(None);
        }
        // If the file cannot be replaced at all, options do not matter.
        table::ensure_writable(&file).or_throw(ctx)?;
        Ok(Some(Error::new(path, ErrorKind::OverwritesFile)))
    }

    fn resolve_to_write(&self, ctx: &NativeCallContext, path: &str) -> RhaiResultOf<ResolvedPath> {
        ensure_short(ctx, path)?;
        self.paths.to_write(path).or_throw(ctx)
    }

    /// Records that the run has read the file at `path`. Input that is not a file, such as a pipe, cannot be overwritten.
    pub(in crate::script) fn record_input(&self, path: &str) {
        if let Some(path) = self.input(path) {
            self.inputs.borrow_mut().insert(path);
        }
    }

    /// Records that the run has read the JSON file at `path`. It is often the state of earlier runs, so `write_json` may
    /// update it.
    pub(in crate::script) fn record_json_input(&self, path: &str) {
        if let Some(path) = self.input(path) {
            self.json_inputs.borrow_mut().insert(path);
        }
    }

    /// Returns the error of overwriting the file at `path` by `function` if the run has read it.
    fn overwritten_input(&self, function: &str, path: &str) -> Option<Error> {
        let file = self.input(path)?;
        let is_input = self.inputs.borrow().contains(&file)
            || function != "write_json" && self.json_inputs.borrow().contains(&file);
        is_input.then(|| Error::new(path, ErrorKind::OverwritesInput))
    }

    fn input(&self, path: &str) -> Option<PathBuf> {
        let file = self.paths.to_read(path).ok()?;
        fs::canonicalize(file.name()).ok()
    }

    /// Turns an error of reading a file into one for the script. If the file is missing, the hint explains how its path was
    /// resolved.
    pub(in crate::script) fn read_error(&self, error: Error) -> Throw {
        let is_missing = error.is_missing();
        let hint = self.paths.missing_file_hint(error.path());
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
