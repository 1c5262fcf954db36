//! Parses, runs, reports the error, exits.

use std::process::ExitCode;
use std::thread;

use gradient_bulk::{cli, error::ExitStatus};

fn main() -> ExitCode {
    let work = thread::Builder::new()
        .name("gradient-bulk".to_owned())
        .stack_size(cli::STACK)
        .spawn(|| cli::main(std::env::args_os()));
    let status = match work.map(thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        // The panic has told its story on standard error.
        Ok(Err(_)) => ExitStatus::ScriptError,
        Err(error) => cli::report_failed_start(&error),
    };
    ExitCode::from(status.code())
}
