//! The files that rows of a run came from: they are not overwritten by tables that the run writes.

use std::fs;
use std::path::Path;

use rhai::NativeCallContext;

use super::Host;
use super::throw::{RhaiResultOf, throw};
use crate::table;

impl Host {
    /// Remembers that rows came from the file at `path`. What has no place among files, such as a pipe, is not at risk.
    pub(super) fn note_input(&self, path: &str) {
        if let Ok(path) = fs::canonicalize(self.path_to_read(path)) {
            self.inputs().borrow_mut().insert(path);
        }
    }

    /// Tells whether `function` may write a table to `path`, as [`may_write`](Self::may_write) does; with `overwrite`, also
    /// over rows that this run has read.
    ///
    /// # Errors
    /// `file`: rows of this run came from there. `planning`: a plan is evaluated.
    pub(super) fn may_write_table(
        &self,
        ctx: &NativeCallContext,
        function: &str,
        path: &str,
        overwrite: bool,
    ) -> RhaiResultOf<bool> {
        let is_input = |path| self.inputs().borrow().contains(&path);
        if !overwrite && fs::canonicalize(self.path_to_read(path)).is_ok_and(is_input) {
            let path = Path::new(path).to_owned();
            return Err(throw(ctx, table::Error::IsInput { path }));
        }
        self.may_write(ctx, function, path)
    }
}
