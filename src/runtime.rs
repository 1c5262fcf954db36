//! The bridge between the script's thread and asynchronous work: the only place that blocks on a future.

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
use crate::process_limits::{self, BASE_OPEN_FILES};

/// The exit status after Ctrl-C, by the convention of shells.
const INTERRUPTED: i32 = 130;
/// How long a REPL session has to leave the line editor.
const LINE_EDITOR_GRACE: Duration = Duration::from_secs(1);
/// How long work has to notice an interrupt.
const NOTICE_GRACE: Duration = Duration::from_secs(1);
/// How long printing the exit message may take.
const EXIT_MESSAGE_TIMEOUT: Duration = Duration::from_millis(250);

/// The platform provides no threads or signal handlers.
#[derive(Debug, thiserror::Error)]
#[error("cannot start: {0}")]
pub struct StartError(#[from] pub(crate) io::Error);

/// An asynchronous runtime, and the interrupt that ends work on it.
#[derive(Debug)]
pub struct Runtime {
    tokio: tokio::runtime::Runtime,
    /// The interrupt that signals set.
    pub interrupt: Interrupt,
    exit_message: ExitMessage,
}

/// The state shared by a REPL session and its signal handler.
#[derive(Clone, Debug, Default)]
pub struct ReplSignals {
    /// Set by the handler when the session has to end. The line editor polls it.
    pub leave: Arc<AtomicBool>,
    /// Set by the session while it waits for a line.
    pub reading: Arc<AtomicBool>,
}

/// What is printed before a second signal ends the process.
#[derive(Clone, Default)]
struct ExitMessage(Arc<Mutex<Option<PrintExitMessage>>>);

type PrintExitMessage = Box<dyn FnOnce() + Send>;

impl Runtime {
    /// Starts a runtime that handles signals: the first sets the interrupt, the second exits at once. So does the
    /// first if no work notices it.
    pub fn start() -> Result<Self, StartError> {
        Self::start_with_handler(handle_signals)
    }

    /// Starts a runtime for a session that continues after an interrupt: Ctrl-C sets it every time, and a signal to terminate
    /// sets `leave` as well. If the terminal is gone, the line editor never returns, and the process exits by itself.
    ///
    /// If no work notices Ctrl-C, `print_hint` is called, and the next one exits at once.
    pub fn start_repl(
        signals: &ReplSignals,
        print_hint: impl Fn() + Clone + Send + 'static,
    ) -> Result<Self, StartError> {
        let repl = signals.clone();
        Self::start_with_handler(|signals, interrupt, exit_message| {
            handle_repl_signals(signals, interrupt, exit_message, repl, print_hint)
        })
    }

    fn start_with_handler<F>(
        handle_signals: impl FnOnce(Signals, Interrupt, ExitMessage) -> F,
    ) -> Result<Self, StartError>
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

    /// Starts a runtime without signal handlers, for an interrupt that the caller sets.
    pub fn with_interrupt(interrupt: &Interrupt) -> Result<Self, StartError> {
        // Without enough of them, parts of the runtime panic.
        process_limits::ensure_open_files(BASE_OPEN_FILES)?;
        let tokio = tokio::runtime::Builder::new_multi_thread()
            // With one thread, a spawned task shares it with its connections, and no response crosses threads.
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(Self {
            tokio,
            interrupt: interrupt.clone(),
            exit_message: ExitMessage::default(),
        })
    }

    /// Sets what to print when a second signal ends the process, in place of the previous message.
    pub fn set_exit_message(&self, print: impl FnOnce() + Send + 'static) {
        self.exit_message.set(Box::new(print));
    }

    pub fn wait<F: Future>(&self, work: F) -> F::Output {
        self.tokio.block_on(work)
    }

    /// Starts `work` in the background.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tokio.spawn(work)
    }

    /// Waits for `work`. An interrupt drops it, and the result is `None`.
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
    fn set(&self, print: PrintExitMessage) {
        if let Ok(mut slot) = self.0.lock() {
            *slot = Some(print);
        }
    }

    fn print(&self) {
        if let Some(print) = self.0.lock().ok().and_then(|mut slot| slot.take()) {
            print_briefly(print);
        }
    }
}

/// Prints the last message of a process on its own thread, for at most [`EXIT_MESSAGE_TIMEOUT`]: another thread may hold the
/// lock of the stream while it is stuck in writing.
pub(crate) fn print_briefly(print: impl FnOnce() + Send + 'static) {
    let (done, is_done) = channel();
    // If no thread can be started, `done` is dropped, and nothing is waited for.
    let _ = thread::Builder::new().spawn(move || {
        print();
        let _ = done.send(());
    });
    let _ = is_done.recv_timeout(EXIT_MESSAGE_TIMEOUT);
}

impl fmt::Debug for ExitMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExitMessage").finish_non_exhaustive()
    }
}

async fn handle_signals(mut signals: Signals, interrupt: Interrupt, exit_message: ExitMessage) {
    signals.next().await;
    interrupt.set();
    tokio::select! {
        _ = signals.next() => {}
        () = stay_unnoticed(&interrupt) => {}
    }
    exit_message.print();
    std::process::exit(INTERRUPTED);
}

/// Waits until it is clear that no work notices the interrupt; forever if some does.
async fn stay_unnoticed(interrupt: &Interrupt) {
    sleep(NOTICE_GRACE).await;
    if interrupt.is_noticed() {
        std::future::pending::<()>().await;
    }
}

async fn handle_repl_signals(
    mut signals: Signals,
    interrupt: Interrupt,
    exit_message: ExitMessage,
    repl: ReplSignals,
    print_hint: impl Fn() + Clone + Send + 'static,
) {
    let is_stuck = || !interrupt.is_noticed() && !repl.reading.load(Ordering::Relaxed);
    let mut action = signals.next().await;
    while action == SignalAction::Stop {
        interrupt.set();
        action = tokio::select! {
            action = signals.next() => action,
            () = sleep(NOTICE_GRACE) => {
                let was_stuck = is_stuck();
                if was_stuck {
                    print_briefly(print_hint.clone());
                }
                let action = signals.next().await;
                if action == SignalAction::Stop && was_stuck && is_stuck() {
                    exit_message.print();
                    std::process::exit(INTERRUPTED);
                }
                action
            }
        };
    }
    repl.leave.store(true, Ordering::Relaxed);
    // The line editor returns within moments, unless the terminal is gone: then it never does.
    loop {
        // Set again each time: an input that started just now has cleared it.
        interrupt.set();
        sleep(LINE_EDITOR_GRACE).await;
        if repl.reading.load(Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    }
}
