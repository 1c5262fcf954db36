//! The sandbox: a built-in replacement for the Gradient API, for rehearsals and tests.
//!
//! It serves on loopback what the public documentation of the API describes, and keeps its state in an `SQLite` database in a
//! data directory. Candidates move through their sessions as sandbox time passes. One process serves a data directory at a
//! time: [`attach`] joins that server, or starts one in this process. The module needs nothing of the rest of the project
//! but `session_status`, `file_lock` and `private_file`, and prints nothing.
//!
//! `server` brings together `server_lock` (which process serves), `state` (what is stored) and `routes` (the HTTP API).
//! `auth` and `host_check` refuse requests without the key of the data directory, and those of web pages.
//! `fault_injector` makes requests fail as `faults` describes. `clock`, `lifecycle`, `seed` and `score` are pure functions.

mod api_error;
mod auth;
mod body;
mod clock;
mod data_dir;
mod error;
mod fault_injector;
mod faults;
mod host_check;
mod key;
mod lifecycle;
mod observer;
mod options;
mod query;
mod routes;
mod samples;
mod score;
mod seed;
mod server;
mod server_lock;
mod state;

pub use clock::TimeSource;
pub use error::Error;
pub use faults::{FAULT_SPECS, Faults};
pub use observer::{ObservedRequest, Observer};
pub use options::Options;
pub use samples::ASSESSMENT;
pub use server::{Sandbox, attach, reset, start};
