//! gradient-bulk: bulk work on the Gradient hiring-assessment API, scripted in Rhai.
//!
//! The map of the house, from the street down. Arrows between modules go down only; `tests/` holds them.
//!
//! - `main.rs` parses, runs, reports the error, exits.
//! - [`cli`]: a file or folder per command: its arguments and its run. The only place that knows clap; printing stays here.
//! - [`settings`]: arguments, environment and configuration file, resolved once into plain structs.
//! - [`repl`]: the interactive session; a seam for each question of the line editor.
//! - [`script`]: the scripting host. `script/api/` is what scripts can call, a file per noun; its `mod.rs` has a map of the rest.
//! - [`mod@reference`]: what scripts can call, made of the functions' own comments.
//! - [`report`]: sessions and runs as a page of HTML: data in, text out.
//! - `bulk`: plan, then send.
//! - [`monitoring`]: how sessions stand, who is late, what changed.
//! - `ledger`: what was planned and sent, in SQLite; it survives any end of the process.
//! - [`api`]: the Gradient client, a file per resource. The only place that knows reqwest.
//! - [`table`], [`people`], [`time`]: rows of files, names and addresses, times.
//! - [`file_access`]: the files that a script may reach, and no others.
//! - [`sandbox`]: the embedded stand-in for the API.
//! - [`testing`]: tests of scripts: finding them, and what surrounds each.
//! - [`status`]: what the documented statuses of a session are, and in which order.
//! - [`text`]: text for people: escaped, wrapped, numbers and lists in words, "did you mean".
//! - `private_file`: files that only their owner can read.
//! - [`runtime`], [`interrupt`]: the one place that blocks on asynchronous work, and what ends it.
//! - [`error_code`], [`exit_status`]: every code of an error, with its meaning and exit status.
//! - [`error`], [`render`]: the top error with its exit status, and how it is drawn.

pub mod api;
#[expect(
    unreachable_pub,
    reason = "`pub` marks what a module offers to the others"
)]
pub(crate) mod bulk;
pub mod cli;
pub mod error;
pub mod error_code;
pub mod exit_status;
pub mod file_access;
pub mod interrupt;
#[expect(
    unreachable_pub,
    reason = "`pub` marks what a module offers to the others"
)]
pub(crate) mod ledger;
pub mod monitoring;
pub mod people;
mod private_file;
pub mod reference;
pub mod render;
pub mod repl;
pub mod report;
pub mod runtime;
pub mod sandbox;
pub mod script;
pub mod settings;
pub mod status;
pub mod table;
pub mod testing;
pub mod text;
pub mod time;
