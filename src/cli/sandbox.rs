//! `sandbox`: serves the sandbox to other clients.

use std::path;
use std::sync::Arc;

use clap::Args;

use super::command_error::CommandError;
use super::options::{integer_in, number};
use super::output;
use super::terminal::quoted;
use crate::error::ExitStatus;
use crate::runtime::Runtime;
use crate::sandbox::{self, FAULT_SPECS, Faults, ObservedRequest, Observer, Options, Sandbox};
use crate::settings::sandbox_data_dir;
use crate::text::escape_control;

/// Serve the sandbox on this machine, for curl, other clients and `run --sandbox`
///
/// The sandbox behaves like the documented API, sends no emails, and keeps its state. Candidates progress as sandbox time
/// passes. Ctrl-C stops it.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Serve {
    /// Port to listen on; 0 for any free port
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0, value_parser = integer_in::<u16>(0..=65_535))]
    port: u16,

    /// Speed of sandbox time, relative to real time
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = number, default_value_t = 1.0)]
    speed: f64,

    /// Delete all candidates and sessions first
    #[arg(long)]
    reset: bool,

    /// Simulate a fault, see below; can be repeated
    #[arg(long = "fault", value_name = "SPEC")]
    faults: Vec<String>,

    /// Do not print a line for each request
    #[arg(short, long)]
    quiet: bool,
}

fn after_help() -> String {
    let faults = FAULT_SPECS.map(|(form, effect)| format!("  {form:17}  {effect}\n"));
    format!(
        "Faults (N is a number of requests, TIME is like 50ms or 2s):\n{}\n\
         Example:\n  gradient-bulk sandbox --port 8080 --speed 3600 --fault drop=7",
        faults.concat()
    )
}

impl Serve {
    pub(super) fn run(&self) -> Result<ExitStatus, CommandError> {
        let data_dir = sandbox_data_dir()?;
        if self.reset {
            sandbox::reset(&data_dir)?;
        }
        let runtime = Runtime::start()?;
        let options = Options {
            data_dir,
            port: self.port,
            speed: self.speed,
            time_source: None,
            faults: Faults::parse(&self.faults).map_err(sandbox::Error::from)?,
        };
        let observer: Option<Observer> = (!self.quiet).then(|| Arc::new(log) as Observer);
        let sandbox = runtime.wait(sandbox::start(options, observer))?;
        // Its key is for the sandbox only, and needed to use it.
        let written = output::print_unredacted(&example(&sandbox));
        if written.is_ok() {
            runtime.wait(runtime.interrupt.wait());
        }
        runtime.wait(sandbox.release(|| {
            output::note("other processes still use this sandbox; Ctrl-C again exits at once");
        }))?;
        written?;
        Ok(ExitStatus::Success)
    }
}

/// Describes how another client uses the sandbox. The commands read the key from its file, so that the history of a shell does
/// not contain it.
fn example(sandbox: &Sandbox) -> String {
    let address = &sandbox.base_url;
    let key_path = &sandbox.key_path;
    // The commands may be run in another directory.
    let key_path = path::absolute(key_path).unwrap_or_else(|_| key_path.to_owned());
    escape_control(&format!(
        "the sandbox serves {address} with the key {}; try\n\n  \
         export GRADIENT_API_URL={address} GRADIENT_ASSESSMENT_ID={}\n  \
         export GRADIENT_API_KEY=\"$(cat {})\"\n  \
         curl -s -X POST \"$GRADIENT_API_URL/api/assessments/$GRADIENT_ASSESSMENT_ID/invite\" \\\n    \
         -H \"Authorization: Bearer $GRADIENT_API_KEY\" -H 'Content-Type: application/json' \\\n    \
         -d '{{\"email\": \"jane@example.com\", \"name\": \"Jane Smith\"}}'\n\n\
         Ctrl-C stops it.",
        sandbox.key(),
        sandbox::ASSESSMENT,
        quoted(&key_path.display().to_string()),
    ))
}

fn log(exchange: &ObservedRequest) {
    // A status of 0 means that the sandbox closed the connection to simulate a fault.
    let status = match exchange.status {
        0 => "---".to_owned(),
        status => status.to_string(),
    };
    let line = format!("{status} {} {}", exchange.method, exchange.path);
    output::note(&escape_control(&line));
}
