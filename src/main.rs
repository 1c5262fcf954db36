//! Parses, runs, reports the error, exits.

use std::process::ExitCode;
use std::thread;

use gradient_bulk::{cli, error::ExitStatus};

/// Room for scripts at the engine's limits on calls within calls and nested expressions, in an unoptimised build.
const STACK: usize = 256 * 1024 * 1024;

fn main() -> ExitCode {
    let work = thread::Builder::new()
        .name("gradient-bulk".to_owned())
        .stack_size(STACK)
        .spawn(|| cli::main(std::env::args_os()));
    let status = match work.map(thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        // The panic has told its story on standard error.
        Ok(Err(_)) => ExitStatus::ScriptError,
        Err(error) => cli::report_failed_start(&error),
    };
    ExitCode::from(status.code())
}
