//! Access to files for scripts, which are not trusted: files below some directories, and no others. The program's own files are
//! refused everywhere.
//!
//! [`FileAccess`] finds out where a path leads through all links. A [`ResolvedPath`] is opened relative to its directory, and
//! the system keeps it inside that directory (`cap-std`, on Linux `openat2`), even if a link is created later. What is
//! opened is compared with [`OwnFiles`], so that neither a hard link nor a mount leads to one of them.

mod access;
mod atomic_file;
mod denied;
mod own_files;
mod real_path;
mod resolved_path;
mod stdin;
mod system_path;
mod write_rule;

pub use self::access::{Error, FileAccess};
pub use self::atomic_file::AtomicFile;
pub use self::denied::AccessDenied;
pub use self::own_files::{OwnFileKind, OwnFiles};
pub use self::resolved_path::{DirectoryEntry, ResolvedPath};
pub use self::stdin::{Stdin, is_stdin};
