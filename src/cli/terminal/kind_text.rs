//! What a plan, a question and a summary say about each kind of change.

use crate::change_kind::ChangeKind;

/// The words for one kind of change.
pub(super) struct KindText {
    /// After the number of rows: `to invite to`, and the assessment.
    pub(super) to_do: &'static str,
    /// If there are no rows.
    pub(super) nobody: &'static str,
    /// What a user agrees to, as in `to send without asking`.
    pub(super) act: &'static str,
    /// What `send` does with a plan.
    pub(super) send: &'static str,
    /// What is done with the rows of a plan, as in `invites the other 3`.
    pub(super) does: &'static str,
    /// Requests that are not answered yet.
    pub(super) in_flight: &'static str,
    /// What the change cannot do, or costs.
    pub(super) caution: Option<&'static str>,
}

const INVITE: KindText = KindText {
    to_do: "to invite to",
    nobody: "nobody to invite",
    act: "send",
    send: "sends this plan",
    does: "invites",
    in_flight: "the invitations in flight",
    caution: None,
};

const REVOKE: KindText = KindText {
    to_do: "to revoke in",
    nobody: "nothing to revoke",
    act: "delete",
    send: "revokes them",
    does: "revokes",
    in_flight: "the deletions in flight",
    caution: Some(
        "their sessions are deleted and their links stop working, but an email cannot be unsent",
    ),
};

const SCORE: KindText = KindText {
    to_do: "to score in",
    nobody: "nothing to score",
    act: "score",
    send: "scores them",
    does: "scores",
    in_flight: "the scores in progress",
    caution: Some("each score costs money"),
};

pub(super) fn kind_text(kind: ChangeKind) -> &'static KindText {
    match kind {
        ChangeKind::Invite => &INVITE,
        ChangeKind::Revoke => &REVOKE,
        ChangeKind::Score => &SCORE,
    }
}
