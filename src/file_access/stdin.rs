//! Standard input as a file, which can be read only once in the life of a process.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::real_path::{MAX_LINKS, directory_of};

/// The path of standard input.
pub(super) const STDIN: &str = "-";

/// Standard input of the process. Clones share one state; `main` makes the first.
///
/// Once it is taken, `-` cannot be read any more, and prompts have to use the controlling terminal.
#[derive(Clone, Debug, Default)]
pub struct Stdin {
    is_taken: Arc<AtomicBool>,
}

impl Stdin {
    /// Takes standard input; returns `false` if it was taken before.
    #[must_use = "standard input that was taken before must not be read"]
    pub fn take(&self) -> bool {
        !self.is_taken.swap(true, Ordering::Relaxed)
    }

    /// Returns whether standard input was taken.
    pub fn is_taken(&self) -> bool {
        self.is_taken.load(Ordering::Relaxed)
    }
}

/// Returns whether `path` is standard input: `-`, `/dev/stdin`, another name of descriptor 0, or a link to one of them.
///
/// Opening such a path would open a redirected file again, at its beginning. The API key may be there.
pub fn is_stdin(path: &Path) -> bool {
    if path == Path::new(STDIN) {
        return true;
    }
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if path.file_name().is_some_and(|name| name == "0")
            && is_descriptor_directory(directory_of(&path))
        {
            return true;
        }
        match fs::read_link(&path) {
            Ok(target) => path = directory_of(&path).join(target),
            Err(_) => return false,
        }
    }
    false
}

/// Returns whether `directory` lists the open files of this process: `/dev/fd`, `/proc/self/fd` or the same of one of its threads.
fn is_descriptor_directory(directory: &Path) -> bool {
    let Ok(directory) = fs::canonicalize(directory) else {
        return false;
    };
    if directory == Path::new("/dev/fd") {
        return true;
    }
    let owner = directory.parent().and_then(Path::file_name);
    let is_own = |thread| Path::new("/proc/self/task").join(thread).exists();
    directory.starts_with("/proc") && directory.ends_with("fd") && owner.is_some_and(is_own)
}

/// Returns the file behind standard input.
#[cfg(unix)]
pub(super) fn stdin_file() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

/// Returns the file behind standard input.
#[cfg(not(unix))]
pub(super) fn stdin_file() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}
