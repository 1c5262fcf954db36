//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct CliOverrides {
    /// `--sandbox`.
    pub sandbox: bool,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--api-url`.
    pub api_url: Option<String>,
    /// `--assessment`.
    pub assessment: Option<String>,
    /// `--api-key-file`.
    pub api_key_file: Option<PathBuf>,
    /// `--ca-file`.
    pub ca_file: Option<PathBuf>,
    /// `--tz`.
    pub tz: Option<String>,
    /// `--now`.
    pub now: Option<String>,
    /// `--concurrency`.
    pub concurrency: Option<u16>,
    /// `--timeout`.
    pub timeout: Duration,
    /// `--rate`.
    pub rate: Option<f64>,
    /// `--max-retries`.
    pub max_retries: u32,
    /// `--ledger`.
    pub ledger: Option<PathBuf>,
}
