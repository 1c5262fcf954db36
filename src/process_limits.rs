//! The limits that the system sets for this process (`ulimit`): how many files may be open, and how large a file may be.

use std::io;

/// How many open files every command needs that runs a script or makes requests: streams, ledger, sandbox, files of scripts.
pub(crate) const BASE_OPEN_FILES: u64 = 64;

/// Raises the number of files that may be open to what the system allows this process.
pub(crate) fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: maximum,
            maximum,
        };
        // Some systems refuse it. Then the limit stays as it is.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// Checks that `needed` files may be open.
pub(crate) fn ensure_open_files(needed: u64) -> io::Result<()> {
    match open_files() {
        Some(limit) if limit < needed => Err(io::Error::other(format!(
            "only {limit} files may be open (`ulimit -n`), and {needed} are needed"
        ))),
        _ => Ok(()),
    }
}

/// Returns how large a file may be in bytes, if that is limited.
pub(crate) fn file_size() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    #[cfg(not(unix))]
    None
}

/// Explains an error that a limit has caused.
pub(crate) fn hint(error: &io::Error) -> Option<String> {
    if is_too_many_files(error) {
        let limit = open_files()?;
        return Some(format!(
            "`ulimit -n` allows {limit} open files: raise it, or lower `--concurrency`"
        ));
    }
    if error.kind() == io::ErrorKind::FileTooLarge {
        let limit = file_size()?;
        return Some(format!(
            "`ulimit -f` allows files of {limit} bytes: raise it"
        ));
    }
    None
}

fn open_files() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    None
}

#[cfg(unix)]
fn is_too_many_files(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error())
}

#[cfg(not(unix))]
fn is_too_many_files(_: &io::Error) -> bool {
    false
}
