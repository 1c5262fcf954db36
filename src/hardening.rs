//! What the process does at its start to protect itself: its memory, which holds the API key, is never written to a file, and a
//! file that exceeds the limit for files is an error and not the end of the process.

use std::io;

/// Turns off core dumps of this process and of those that it starts. On Linux, other processes of the user can no longer read its
/// memory or its environment either. A file above the limit for files (`ulimit -f`) becomes an error of writing.
#[cfg(unix)]
pub fn protect_process() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, Signal, setrlimit};
    let limit = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, limit)?;
    // The limit does not apply to a core dump that is piped to a program, as systemd configures it.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    }
    crate::process_limits::raise_open_files();
    // Without a handler, this signal ends the process. The handler only has to exist.
    signal_hook::flag::register(Signal::XFSZ.as_raw(), std::sync::Arc::default())?;
    Ok(())
}

/// Windows writes a core dump only if an administrator has configured it.
#[cfg(not(unix))]
pub fn protect_process() -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn the_process_writes_no_core_dump() {
        super::protect_process().expect("protection");
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        let behavior = dumpable_behavior().expect("behavior");
        assert_eq!(behavior, DumpableBehavior::NotDumpable);
    }
}
