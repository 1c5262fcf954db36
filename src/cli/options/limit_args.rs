//! The options that say how much a command may change.

use clap::Args;

use super::value_parsers::integer_in;

#[derive(Clone, Copy, Debug, Default, Args)]
pub(in crate::cli) struct LimitArgs {
    /// Reject a plan if the command would change more than N candidates or sessions in any way; `--yes` deletes sessions only with
    /// this option
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u64>(0..=u64::MAX))]
    pub(super) max_changes: Option<u64>,
}

/// For commands that may invite.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(in crate::cli) struct InviteLimitArgs {
    /// Reject a plan if the command would invite more than N
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = integer_in::<u64>(0..=u64::MAX))]
    pub(in crate::cli) max_invites: Option<u64>,
}
