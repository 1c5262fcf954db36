//! The sandbox: an embedded stand-in for the Gradient API, for rehearsals and tests.
//!
//! It answers on loopback as the public documentation of the API says, and keeps its state in
//! `SQLite` below one directory, its *home*. Candidates move through their sessions by themselves
//! as sandbox time passes. One server serves a home at a time: [`attach`] joins it, or starts it in
//! this process. The module knows nothing of the rest of the project and prints nothing.
//!
//! Inside: `server` ties `lease` (who serves a home), `state` (what is stored) and `routes` (what
//! is answered) together, and `inject` makes answers fail as `faults` says; `clock`, `lifecycle`, `seed` and `score` are pure functions of the values
//! passed in.

mod api_error;
mod auth;
mod body;
mod clock;
mod data_dir;
mod error;
mod fault_injector;
mod faults;
mod lifecycle;
mod observer;
mod query;
mod routes;
mod samples;
mod score;
mod seed;
mod server;
mod server_lock;
mod state;
mod syntax;

pub use auth::KEY;
pub use clock::TimeSource;
pub use error::Error;
pub use faults::{FAULT_SPECS, Faults};
pub use observer::{ObservedRequest, Observer};
pub use samples::ASSESSMENT;
pub use server::{Options, Sandbox, attach, reset, start};
