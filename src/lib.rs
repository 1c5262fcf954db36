//! gradient-bulk: bulk work on the Gradient hiring-assessment API, scripted in Rhai.
//!
//! The modules, from the top down. A module uses only those below it; a test checks that.
//!
//! - `main.rs` owns the state of the process, runs the command, and exits.
//! - [`cli`]: one file or folder per command. The only module that knows clap and that prints.
//! - `settings`: options, environment and configuration file, resolved once into plain structs.
//! - [`repl`]: the interactive session and its line editor.
//! - [`script`]: the scripting host. `script/api/` contains the functions for scripts, one file per noun; `script/mod.rs`
//!   describes the other folders.
//! - [`mod@reference`]: the reference of these functions, generated from their doc comments.
//! - [`report`]: HTML reports of sessions and runs: data in, text out.
//! - `bulk`: plans invitations, then sends them.
//! - [`monitoring`]: the funnel of sessions, their deadlines, and what changed.
//! - `ledger`: what was planned and sent, in SQLite; it survives a crash at any moment.
//! - [`api`]: the Gradient client, one file per resource. The only module that knows reqwest.
//! - [`table`], [`people`], [`time`]: rows of files, names and addresses, times.
//! - [`file_access`]: the files that a script may use.
//! - [`sandbox`]: the embedded stand-in for the API.
//! - [`testing`]: discovers tests of scripts and provides their environment.
//! - `session_status`: the documented statuses of a session, in order.
//! - [`text`]: escaping, wrapping, plurals and suggestions.
//! - `private_file`: files that only their owner can read.
//! - `runtime`, [`interrupt`]: the only place that blocks on asynchronous work, and what ends it.
//! - [`error_code`], [`exit_status`]: every code of an error, with its meaning and exit status.
//! - `error`, `render`: the top-level error with its exit status, and how it is displayed.

pub mod api;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod bulk;
pub mod cli;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod error;
pub mod error_code;
pub mod exit_status;
pub mod file_access;
pub mod interrupt;
#[expect(unreachable_pub, reason = "`pub`: offered to the other modules")]
pub(crate) mod ledger;
pub mod monitoring;
pub mod people;
mod private_file;
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
