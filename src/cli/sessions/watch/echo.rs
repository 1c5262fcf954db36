//! Keys that are typed while a terminal is redrawn, which must not be shown in the middle of it.

#[cfg(unix)]
mod platform {
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal as it was before it stopped showing what is typed; made so again when dropped.
    pub(in crate::cli::sessions::watch) struct EchoGuard(Option<Termios>);

    impl EchoGuard {
        /// Lets the terminal of standard input show nothing that is typed.
        pub(in crate::cli::sessions::watch) fn begin() -> Self {
            let Ok(before) = tcgetattr(io::stdin()) else {
                return Self(None);
            };
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            let silenced = tcsetattr(io::stdin(), OptionalActions::Now, &silent);
            Self(silenced.ok().map(|()| before))
        }
    }

    impl Drop for EchoGuard {
        fn drop(&mut self) {
            if let Some(before) = &self.0 {
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
            }
        }
    }
}

#[cfg(not(unix))]
mod platform {
    /// A console shows typed keys only while somebody reads them.
    pub(in crate::cli::sessions::watch) struct EchoGuard;

    impl EchoGuard {
        pub(in crate::cli::sessions::watch) fn begin() -> Self {
            Self
        }
    }
}

pub(super) use self::platform::EchoGuard;
