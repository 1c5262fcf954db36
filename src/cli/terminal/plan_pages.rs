//! Shows all rows of a plan, page by page.

use super::plan_text::describe_row;
use crate::bulk::{Consent, Plan};
use crate::cli::output::{Streams, page_height, wrap_for_stderr};
use crate::ledger;

/// Shows the rows of `plan`; `ask` asks after each page. Returns an error if the plan must not be sent after that.
pub(super) fn show_rows(
    plan: &Plan,
    streams: &Streams,
    ask: impl Fn(&str) -> Option<String>,
) -> Result<(), Consent> {
    let unreadable = |error: ledger::Error| {
        streams.error(&error.to_string());
        Consent::Refused
    };
    let mut room = page_height();
    for row in plan.rows().map_err(unreadable)? {
        let line = describe_row(&row.map_err(unreadable)?, plan);
        let line = wrap_for_stderr(&line);
        let height = line.lines().count();
        if height > room {
            match ask("-- Enter shows more, q returns to the question --").as_deref() {
                Some("") => room = page_height(),
                Some(_) => return Ok(()),
                None => return Err(Consent::Interrupted),
            }
        }
        room = room.saturating_sub(height);
        streams.note_preformatted(&line);
    }
    Ok(())
}
