//! Owns the state of the process, runs the command, and exits.

use std::process::ExitCode;
use std::thread;

use gradient_bulk::{ExitStatus, Stdin, cli, hardening};
use mimalloc::MiMalloc;

/// Rows are allocated on one thread and freed on another, which this allocator handles well.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let protected = hardening::protect_process();
    let stdin = Stdin::default();
    let work = thread::Builder::new()
        .name("gradient-bulk".to_owned())
        .stack_size(cli::STACK)
        .spawn(move || {
            if let Err(error) = protected {
                cli::report_unprotected(&error);
            }
            cli::main(std::env::args_os(), &stdin)
        });
    let status = match work.map(thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        // The panic was reported on standard error.
        Ok(Err(_)) => ExitStatus::ScriptError,
        Err(error) => cli::report_failed_start(error),
    };
    ExitCode::from(status.code())
}
