//! How a sandbox is served.

use std::path::PathBuf;

use super::clock::TimeSource;
use super::faults::Faults;

/// How to serve a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// Created if it does not exist.
    pub data_dir: PathBuf,
    /// A port of 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// How many times faster than real time the sandbox clock runs: from 1 to 1,000,000.
    pub speed: f64,
    /// Replaces that clock; its time is not stored.
    pub time_source: Option<TimeSource>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

impl Options {
    /// Serves a data directory on any free port, at real speed and without faults.
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            port: 0,
            speed: 1.0,
            time_source: None,
            faults: Faults::default(),
        }
    }
}
