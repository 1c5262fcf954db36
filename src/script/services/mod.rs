//! What a running script is served with, and reaches through the [`Host`](host::Host).

pub(super) mod dry_run;
pub(super) mod holidays;
pub(super) mod host;
pub(super) mod inputs;
pub(super) mod origin;
pub(super) mod paths;
pub(super) mod singles;
pub(super) mod stage;
pub(super) mod targets;
