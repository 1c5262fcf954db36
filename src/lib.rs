//! gradient-bulk: bulk work on the Gradient hiring-assessment API, scripted in Rhai.
//!
//! The modules, from the top down. A module uses only those below it; a test checks that.
//!
//! - `main.rs` owns the state of the process, runs the command, and exits.
//! - [`cli`]: one file or folder per command. The only module that knows clap and that prints.
//! - [`repl`]: the interactive session and its line editor.
//! - `render`: displays an error with its source line and caret.
//! - `error`: the error that a command ends with, with its exit status and hints.
//! - [`testing`]: discovers tests of scripts and provides their environment.
//! - `settings`: options, environment and configuration file, resolved once into plain structs.
//! - [`mod@reference`]: the reference of the functions for scripts, generated from their doc comments.
//! - [`script`]: the scripting host. `script/api/` contains the functions for scripts, one file per noun; `script/mod.rs`
//!   describes the other folders.
//! - [`report`]: HTML reports of sessions and runs: data in, text out.
//! - `bulk`: plans invitations, then sends them.
//! - [`monitoring`]: the funnel of sessions, their deadlines, and what changed.
//! - `runtime`: the only place that blocks on asynchronous work.
//! - [`api`]: the Gradient client, one file per resource. The only module that knows reqwest.
//! - [`sandbox`]: the built-in replacement for the API.
//! - [`interrupt`]: Ctrl-C and other signals, as a flag that can be read and awaited.
//! - `memory`: the memory limit of the process, and the thread that watches it.
//! - `ledger`: what was planned and sent, in SQLite; it survives a crash at any moment.
//! - [`table`], [`file_access`]: rows of files, and the files that a script may use.
//! - [`people`], [`time`]: names and addresses, times with a zone.
//! - [`interpretation`]: how a value was read, if a person should see it before anything is sent.
//! - [`error_code`], [`exit_status`]: every code of an error, with its meaning and exit status.
//! - `change_kind`: the kinds of change at the API, and which are permitted.
//! - `session_status`: the documented statuses of a session, in order.
//! - `file_lock`: locks between processes.
//! - `file_identity`: which file it is, whatever its path.
//! - `quiet_panic`: catches panics of libraries that work on data of others.
//! - `private_file`: files that only their owner can read.
//! - `process_limits`: `ulimit -n` and `ulimit -f`.
//! - [`hardening`]: what the process does at its start so that it leaves no core dump.
//! - [`text`]: escaping, wrapping, plurals and suggestions.

pub mod api;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod bulk;
pub mod change_kind;
pub mod cli;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod error;
pub mod error_code;
pub mod exit_status;
pub mod file_access;
mod file_identity;
mod file_lock;
pub mod hardening;
pub mod interpretation;
pub mod interrupt;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod ledger;
pub(crate) mod memory;
pub mod monitoring;
pub mod people;
mod private_file;
mod process_limits;
pub(crate) mod quiet_panic;
pub mod reference;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod render;
pub mod repl;
pub mod report;
pub(crate) mod runtime;
pub mod sandbox;
pub mod script;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod session_status;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod settings;
pub mod table;
pub mod testing;
pub mod text;
pub mod time;
