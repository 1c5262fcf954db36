//! What happens while a plan is sent, as lines for the user.

use std::fmt::Write as _;

use super::kind_text::kind_text;
use super::progress::seconds;
use super::summary_text::NextCommands;
use crate::bulk::{Event, Options};
use crate::change_kind::ChangeKind;
use crate::text::count;

/// Describes an event; `None` if it has no line of its own, or one that depends on earlier events.
pub(super) fn describe_event(
    event: &Event,
    commands: &NextCommands,
    options: &Options,
) -> Option<String> {
    let line = match event {
        Event::WaitingForLock { label, holder } => {
            format!("waiting for {holder}, which invites to `{label}`; Ctrl-C ends the wait")
        }
        Event::ListedAgain {
            kind,
            skipped,
            existing,
        } => listed_again(*kind, *skipped, *existing),
        Event::Parked {
            kind,
            rows,
            reason,
            wait,
        } => format!(
            "unclear: {}, perhaps {}: {reason}; asking again in {}, when the API is done with them",
            count(*rows, "row"),
            kind.done(),
            seconds(*wait)
        ),
        Event::Unsettled { kind, rows, wait } => format!(
            "waiting {}: {} may have been {} moments ago, and the API may not be done; Ctrl-C ends the wait",
            seconds(*wait),
            count(*rows, "row"),
            kind.sent()
        ),
        Event::Deferred {
            run,
            rejection: None,
        } => {
            let send = commands.send_with_options(*run, options, options.dry_run);
            format!("the plan is kept; {send} continues with it")
        }
        Event::Deferred {
            run,
            rejection: Some(why),
        } => format!("run {run} was rejected and cannot be sent: {why}"),
        Event::Stopping { kind, .. } => format!(
            "stopping: waiting for {}; Ctrl-C again exits at once",
            kind_text(*kind).in_flight
        ),
        Event::Started { .. }
        | Event::RowResult { .. }
        | Event::Progress(_)
        | Event::Paused(_)
        | Event::Ended => return None,
    };
    Some(line)
}

/// Says what has changed since the plan was agreed to.
fn listed_again(kind: ChangeKind, skipped: u64, existing: u64) -> String {
    if kind != ChangeKind::Invite {
        return format!("the sessions were looked up again: {skipped} more kept");
    }
    let mut line = format!("the sessions were listed again: {existing} already invited");
    if skipped > 0 {
        let _ = write!(line, ", {skipped} skipped because they have finished");
    }
    line
}
