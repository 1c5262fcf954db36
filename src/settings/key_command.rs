//! The command that prints the key, such as `pass show gradient`. Its output is never shown, neither in errors nor on standard
//! error, as it may contain the key.

use std::fmt;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use secrecy::zeroize::Zeroizing;
use serde::Deserialize;

use crate::text::redact_keys;

/// The maximum length of a key that is read, in bytes.
pub(super) const MAX_KEY_BYTES: usize = 4096;
/// How long a command may take: the user may have to enter a passphrase or touch a device.
const KEY_COMMAND_TIMEOUT: Duration = Duration::from_secs(60);
/// How often to check whether the command has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A command that prints the key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "a line for the shell or an array of words is needed"
)]
pub enum KeyCommand {
    /// A line for the platform's shell.
    Shell(String),
    /// A program with its arguments.
    Argv(Vec<String>),
}

/// Why a command printed no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyCommandError {
    #[error("it does not start: {0}")]
    Start(#[source] io::Error),
    #[error("its output cannot be read: {0}")]
    Output(#[source] io::Error),
    #[error("it ended with {0}")]
    Status(ExitStatus),
    #[error("it did not end within {} s", KEY_COMMAND_TIMEOUT.as_secs())]
    Timeout,
}

/// Shows the command with all keys redacted.
impl fmt::Display for KeyCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shell(line) => f.write_str(&redact_keys(line)),
            Self::Argv(words) => f.write_str(&redact_keys(&words.join(" "))),
        }
    }
}

impl KeyCommand {
    /// Returns whether there is nothing to run.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Shell(line) => line.trim().is_empty(),
            Self::Argv(words) => words.first().is_none_or(|word| word.trim().is_empty()),
        }
    }

    /// Runs the command and returns its output.
    pub(super) fn output(&self) -> Result<Zeroizing<Vec<u8>>, KeyCommandError> {
        let deadline = Instant::now() + KEY_COMMAND_TIMEOUT;
        let mut child = self
            .command()
            // Standard input may contain the rows.
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(KeyCommandError::Start)?;
        let Some(stdout) = child.stdout.take() else {
            return Err(KeyCommandError::Output(io::ErrorKind::BrokenPipe.into()));
        };
        let (sender, output) = channel();
        // The thread is abandoned if a child of the command keeps the pipe open.
        thread::spawn(move || {
            let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_BYTES));
            let mut stdout = stdout;
            let read = stdout
                .by_ref()
                .take(MAX_KEY_BYTES as u64)
                .read_to_end(&mut bytes);
            let drained = read.and_then(|_| io::copy(&mut stdout, &mut io::sink()));
            let _ = sender.send(drained.map(|_| bytes));
        });
        let status = wait(&mut child, deadline)?;
        if !status.success() {
            return Err(KeyCommandError::Status(status));
        }
        match output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(read) => read.map_err(KeyCommandError::Output),
            Err(RecvTimeoutError::Timeout) => Err(KeyCommandError::Timeout),
            Err(RecvTimeoutError::Disconnected) => {
                Err(KeyCommandError::Output(io::ErrorKind::BrokenPipe.into()))
            }
        }
    }

    fn command(&self) -> Command {
        match self {
            Self::Shell(line) => shell(line),
            Self::Argv(words) => {
                let mut words = words.iter();
                let mut command = Command::new(words.next().map_or("", String::as_str));
                command.args(words);
                command
            }
        }
    }
}

/// Waits for `child`, and kills it at the deadline.
fn wait(child: &mut Child, deadline: Instant) -> Result<ExitStatus, KeyCommandError> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL_INTERVAL),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(KeyCommandError::Timeout);
            }
            Err(error) => return Err(KeyCommandError::Output(error)),
        }
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut command = Command::new("cmd.exe");
    // `arg` would escape the quotes in the line, which `cmd` does not understand.
    command.raw_arg("/D /S /C").raw_arg(format!("\"{line}\""));
    command
}
