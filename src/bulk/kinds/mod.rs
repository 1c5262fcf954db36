//! The kinds of change, as far as they differ: which requests a row is sent with, and what their end means.
//!
//! Everything else is the same for all kinds: planning, showing, asking, recording, pacing, stopping and resuming.

mod invite;
mod kind;
mod revoke;
mod score;

pub(super) use self::invite::InviteKind;
pub(super) use self::kind::{Comparison, EndedRow, Kind, Meaning, Requests, SessionLook};
pub(super) use self::revoke::{GONE, RevokeKind, is_unopened};
pub use self::score::NO_SESSION;
pub(super) use self::score::ScoreKind;
use crate::change_kind::ChangeKind;
use crate::ledger::RowState;

/// Compares a row, which is in `state`, with its session.
pub(super) fn compare(
    kind: ChangeKind,
    state: RowState,
    session: SessionLook<'_>,
    again: bool,
) -> Comparison {
    match kind {
        ChangeKind::Invite => Comparison::Open,
        ChangeKind::Revoke => revoke::compare(state, session),
        ChangeKind::Score => score::compare(state, session, again),
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, SessionLook, compare};
    use crate::change_kind::ChangeKind;
    use crate::ledger::RowState;

    /// What becomes of a planned row, and of one that was perhaps sent, for each status of its session.
    fn compared(kind: ChangeKind, again: bool) -> Vec<[String; 3]> {
        let statuses = [
            SessionLook::Missing,
            SessionLook::Found(None),
            SessionLook::Found(Some("invited")),
            SessionLook::Found(Some("in_progress")),
            SessionLook::Found(Some("submitted")),
            SessionLook::Found(Some("scored")),
            SessionLook::Found(Some("on_hold")),
        ];
        let describe = |state, session| match compare(kind, state, session, again) {
            Comparison::Open => "open".to_owned(),
            Comparison::Settled(state, _) => state.name().to_owned(),
        };
        statuses
            .map(|session| {
                let name = match session {
                    SessionLook::Missing => "gone",
                    SessionLook::Found(status) => status.unwrap_or("no status"),
                };
                [
                    name.to_owned(),
                    describe(RowState::Planned, session),
                    describe(RowState::Sending, session),
                ]
            })
            .to_vec()
    }

    #[test]
    fn only_sessions_that_nobody_has_opened_are_revoked() {
        assert_eq!(
            compared(ChangeKind::Revoke, false),
            [
                ["gone", "kept", "done"],
                ["no status", "kept", "kept"],
                ["invited", "open", "open"],
                ["in_progress", "kept", "kept"],
                ["submitted", "kept", "kept"],
                ["scored", "kept", "kept"],
                ["on_hold", "kept", "kept"],
            ]
        );
    }

    #[test]
    fn a_session_that_may_have_been_scored_is_not_scored_again() {
        assert_eq!(
            compared(ChangeKind::Score, false),
            [
                ["gone", "kept", "kept"],
                ["no status", "open", "unclear"],
                ["invited", "kept", "kept"],
                ["in_progress", "kept", "kept"],
                ["submitted", "open", "unclear"],
                ["scored", "kept", "done"],
                ["on_hold", "open", "unclear"],
            ]
        );
        assert_eq!(
            compared(ChangeKind::Score, true)[5],
            ["scored", "open", "unclear"]
        );
    }
}
