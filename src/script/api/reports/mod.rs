//! Reports as HTML pages.

mod session_report;

use std::io::Write as _;

use rhai::Map;
use rhai::plugin::*;

use self::session_report::{scores, sessions};
use crate::script::api::conversion::table_options::OverwriteOptions;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::script::rows::row_list::RowIter;
use crate::script::values::option_map::read_map;
use crate::table;

#[export_module]
pub mod functions {
    /// Writes sessions as a single, self-contained HTML page.
    ///
    /// The page shows the progress of candidates, submissions over time, the time taken, deadlines, scores if there
    /// are any, and a table that you can search, sort and filter. It makes no requests and can be printed. Sessions
    /// are maps as `list_sessions` returns them, or rows of a file with columns of the same names; missing values are
    /// left out. You can add a key `score`, a number or the map that `score` returns. Links of candidates (`invite_url`)
    /// are left out, because the page is made to be passed on.
    ///
    /// # Errors
    /// - `file`: the file cannot be written, and an existing file is unchanged; or this run has read the file
    /// - `wrong_type`: the value is not a list, or an item is not a row
    /// - `planning`: called while `invite_all` plans
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// write_report("progress.html", list_sessions());
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_report(ctx: NativeCallContext, path: &str, sessions: Dynamic) -> RhaiResultOf<()> {
        write(&ctx, path, sessions, None, &Map::new())
    }

    /// Writes sessions and their scores as a single, self-contained HTML page.
    ///
    /// Scores are rows as `score_all` returns them, or those of the file that `score_submitted` writes. A score
    /// belongs to the session whose `id` equals its `session_id`.
    ///
    /// # Errors
    /// - those of `write_report(path, sessions)`
    ///
    /// # Example
    /// ```rhai
    /// let sessions = list_sessions();
    /// let scores = score_all(sessions);
    /// write_report("progress.html", sessions, scores);
    /// ```
    #[rhai_fn(name = "write_report", return_raw)]
    pub fn write_report_with_scores(
        ctx: NativeCallContext,
        path: &str,
        sessions: Dynamic,
        scores: Dynamic,
    ) -> RhaiResultOf<()> {
        write(&ctx, path, sessions, Some(scores), &Map::new())
    }

    /// Writes sessions and their scores as an HTML page, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `write_report(path, sessions)`
    ///
    /// # Example
    /// ```rhai
    /// let sessions = list_sessions();
    /// write_report("progress.html", sessions, [], #{ overwrite: true });
    /// ```
    #[rhai_fn(name = "write_report", return_raw)]
    pub fn write_report_with(
        ctx: NativeCallContext,
        path: &str,
        sessions: Dynamic,
        scores: Dynamic,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write(&ctx, path, sessions, Some(scores), &options_)
    }
}

fn write(
    ctx: &NativeCallContext,
    path: &str,
    listed: Dynamic,
    scored: Option<Dynamic>,
    options: &Map,
) -> RhaiResultOf<()> {
    let options: OverwriteOptions = read_map(ctx, options)?;
    let host = Host::of(ctx)?;
    let Some(file) = host.file_to_write(ctx, "write_report", path, options.overwrite)? else {
        return Ok(());
    };
    let known = scored.map(|scored| scores(ctx, RowIter::of(ctx, scored)?));
    let known = known.transpose()?.unwrap_or_default();
    let report = sessions(&host, ctx, RowIter::of(ctx, listed)?, known)?;
    table::replace_file(&file, |out| write!(out, "{report}")).or_throw(ctx)
}
