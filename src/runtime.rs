//! The bridge between the script's thread and asynchronous work: the one place that blocks on a future.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::interrupt::{Interrupt, SignalAction, Signals};

/// Exit status of a process that Ctrl-C ended, by the shell's convention.
const INTERRUPTED: i32 = 130;
/// How long a session has to leave a line that it reads.
const LINE_EDITOR_GRACE: Duration = Duration::from_secs(1);
/// How long what is said at leaving may take.
const EXIT_MESSAGE_TIMEOUT: Duration = Duration::from_millis(250);

/// The asynchronous runtime of the process, and the interrupt that ends work on it.
#[derive(Debug)]
pub struct Runtime {
    tokio: tokio::runtime::Runtime,
    interrupt: Interrupt,
    exit_message: ExitMessage,
}

/// What is done before a second signal ends the process.
#[derive(Clone, Default)]
struct ExitMessage(Arc<Mutex<Option<PrintExitMessage>>>);

type PrintExitMessage = Box<dyn FnOnce() + Send>;

impl Runtime {
    /// Starts the runtime and listens for signals: the first sets the interrupt, a second one leaves at once.
    ///
    /// # Errors
    /// The platform gives no threads or refuses to have signals handled.
    pub fn start() -> io::Result<Self> {
        Self::start_with_handler(handle_signals)
    }

    /// Starts the runtime for somebody who goes on after an interrupt: Ctrl-C sets it however often it comes, and a signal
    /// that ends the process sets `leave` too. Where the terminal is gone, a line that is `reading` never comes to an end,
    /// and the process leaves by itself.
    ///
    /// # Errors
    /// As [`Runtime::start`].
    pub fn start_repl(leave: Arc<AtomicBool>, reading: Arc<AtomicBool>) -> io::Result<Self> {
        Self::start_with_handler(|signals, interrupt, _| {
            handle_repl_signals(signals, interrupt, leave, reading)
        })
    }

    fn start_with_handler<F>(
        handle_signals: impl FnOnce(Signals, Interrupt, ExitMessage) -> F,
    ) -> io::Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = Self::with_interrupt(&Interrupt::default())?;
        let signals = {
            let _inside = runtime.tokio.enter();
            Signals::listen()?
        };
        let (interrupt, exit_message) = (runtime.interrupt.clone(), runtime.exit_message.clone());
        runtime
            .tokio
            .spawn(handle_signals(signals, interrupt, exit_message));
        Ok(runtime)
    }

    /// Starts another runtime, whose work ends by an interrupt that somebody else sets.
    ///
    /// # Errors
    /// The platform gives no threads.
    pub fn with_interrupt(interrupt: &Interrupt) -> io::Result<Self> {
        let tokio = tokio::runtime::Builder::new_multi_thread()
            // One: whoever is spawned runs beside the connections it waits for, and no answer crosses a thread.
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(Self {
            tokio,
            interrupt: interrupt.clone(),
            exit_message: ExitMessage::default(),
        })
    }

    /// Returns the interrupt that signals set.
    #[must_use]
    pub fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// Lets `say` be called when a second signal ends the process at once, instead of what was to be called so far.
    pub fn set_exit_message(&self, say: impl FnOnce() + Send + 'static) {
        self.exit_message.set(Box::new(say));
    }

    /// Waits for `work` to its end.
    pub fn wait<F: Future>(&self, work: F) -> F::Output {
        self.tokio.block_on(work)
    }

    /// Begins `work`, which goes on while the caller does something else.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tokio.spawn(work)
    }

    /// Waits for `work`, unless an interrupt comes first; the work is then dropped.
    pub fn wait_unless_interrupted<F: Future>(&self, work: F) -> Option<F::Output> {
        self.wait(async {
            tokio::select! {
                biased;
                output = work => Some(output),
                () = self.interrupt.wait() => None,
            }
        })
    }
}

impl ExitMessage {
    fn set(&self, say: PrintExitMessage) {
        if let Ok(mut slot) = self.0.lock() {
            *slot = Some(say);
        }
    }

    /// Says it, on a thread of its own and no longer than [`EXIT_MESSAGE_TIMEOUT`]: somebody may be stuck in writing to where it goes,
    /// and holds that for ever.
    fn say(&self) {
        let Some(say) = self.0.lock().ok().and_then(|mut slot| slot.take()) else {
            return;
        };
        let (done, is_done) = channel();
        // Where there is no thread to be had, `done` is gone at once, and so is the process.
        let _ = thread::Builder::new().spawn(move || {
            say();
            let _ = done.send(());
        });
        let _ = is_done.recv_timeout(EXIT_MESSAGE_TIMEOUT);
    }
}

impl fmt::Debug for ExitMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Farewell").finish_non_exhaustive()
    }
}

async fn handle_signals(mut signals: Signals, interrupt: Interrupt, exit_message: ExitMessage) {
    signals.next().await;
    interrupt.set();
    signals.next().await;
    exit_message.say();
    std::process::exit(INTERRUPTED);
}

async fn handle_repl_signals(
    mut signals: Signals,
    interrupt: Interrupt,
    leave: Arc<AtomicBool>,
    reading: Arc<AtomicBool>,
) {
    while signals.next().await == SignalAction::Stop {
        interrupt.set();
    }
    leave.store(true, Ordering::Relaxed);
    // Who reads a line leaves within moments, unless the terminal is gone: then the line editor reads nothing, for ever.
    loop {
        // Again each time: an input that began at this very moment has forgotten what was asked before.
        interrupt.set();
        sleep(LINE_EDITOR_GRACE).await;
        if reading.load(Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    }
}
