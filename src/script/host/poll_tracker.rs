//! What a dry run or a test knows of a script that waits.

/// What a dry run, or a test, knows of a script that waits: it asks for sessions, sleeps, asks again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PollTracker {
    /// Sessions were asked for since the last sleep.
    pub(super) polled: bool,
    /// Sleeps that followed such a question.
    pub(super) poll_rounds: u32,
    /// Sleeps that a test skipped.
    pub(super) sleeps: u32,
}
