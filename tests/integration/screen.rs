//! Runs the program in a pseudo-terminal: types keys, and reads the screen.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{self, Pty};

use crate::support::{PATIENCE, Ran};

pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_D: &str = "\u{4}";
/// The query for the position of the cursor.
const WHERE_IS_THE_CURSOR: &[u8] = b"\x1b[6n";
/// Lines and columns.
const SIZE: (u16, u16) = (40, 120);

/// A program in its own pseudo-terminal; killed when dropped.
pub(crate) struct Screen {
    child: Child,
    pty: Arc<Pty>,
    output: Receiver<Vec<u8>>,
    /// The screen as a user sees it.
    picture: Arc<Mutex<Picture>>,
    shown: Vec<u8>,
    /// How much of the output was already waited for.
    seen: usize,
}

/// Starts a program in its own pseudo-terminal.
fn spawn(command: blocking::Command) -> (Pty, Child) {
    let (pty, line) = blocking::open().unwrap();
    pty.resize(Size::new(SIZE.0, SIZE.1)).unwrap();
    let child = command.env("TERM", "xterm").spawn(line).unwrap();
    (pty, child)
}

/// The screen that results from the output of a program.
struct Picture {
    terminal: vt100::Parser,
    /// The last bytes, which may be the start of a query.
    tail: Vec<u8>,
}

impl Default for Picture {
    fn default() -> Self {
        let (lines, columns) = (SIZE.0.try_into().unwrap(), SIZE.1.try_into().unwrap());
        Self {
            terminal: vt100::Parser::new(lines, columns, 0),
            tail: Vec::new(),
        }
    }
}

impl Picture {
    /// Draws output, and returns the terminal's answer to a query.
    fn process(&mut self, chunk: &[u8]) -> Option<String> {
        self.terminal.process(chunk);
        self.tail.extend_from_slice(chunk);
        let asked = self.tail.windows(WHERE_IS_THE_CURSOR.len());
        let asked = asked.filter(|at| *at == WHERE_IS_THE_CURSOR).count();
        let kept = self.tail.len().min(WHERE_IS_THE_CURSOR.len() - 1);
        self.tail.drain(..self.tail.len() - kept);
        let (row, column) = self.terminal.screen().cursor_position();
        (asked > 0).then(|| format!("\x1b[{};{}R", row + 1, column + 1))
    }

    fn shows(&self, text: &str) -> bool {
        self.terminal.screen().contents().contains(text)
    }
}

impl Screen {
    pub(crate) fn open(command: Command) -> Self {
        Self::with(command, |command| command)
    }

    /// Opens a terminal for `command`; `redirect` may change its streams.
    pub(crate) fn with(
        command: Command,
        redirect: impl FnOnce(blocking::Command) -> blocking::Command,
    ) -> Self {
        let (pty, child) = spawn(redirect(command.into()));
        let pty = Arc::new(pty);
        let reader = Arc::clone(&pty);
        let (sender, output) = channel();
        let picture = Arc::<Mutex<Picture>>::default();
        let drawn = Arc::clone(&picture);
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            // Linux returns an error when the last program has closed the terminal.
            while let Ok(length @ 1..) = (&*reader).read(&mut chunk) {
                let chunk = &chunk[..length];
                let answer = drawn.lock().unwrap().process(chunk);
                if let Some(answer) = answer {
                    (&*reader).write_all(answer.as_bytes()).unwrap();
                }
                if sender.send(chunk.to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            pty,
            output,
            picture,
            shown: Vec::new(),
            seen: 0,
        }
    }

    /// Opens a terminal for `command`, types `input` after `prompt`, unless it is empty, and closes the terminal like a window.
    /// Returns the exit status of the program, if it ends.
    pub(crate) fn vanish(command: Command, prompt: &str, input: &str) -> Option<i32> {
        let (mut pty, mut child) = spawn(command.into());
        let id = child.id().to_string();
        let mut picture = Picture::default();
        let mut chunk = [0; 4096];
        for awaited in [prompt, input] {
            while !picture.shows(awaited) {
                let length = pty.read(&mut chunk).unwrap();
                if let Some(answer) = picture.process(&chunk[..length]) {
                    pty.write_all(answer.as_bytes()).unwrap();
                }
            }
            if awaited == prompt && !input.is_empty() {
                pty.write_all(format!("{input}\r").as_bytes()).unwrap();
            }
        }
        drop(pty);
        let (sender, ended) = channel();
        thread::spawn(move || sender.send(child.wait().unwrap().code()));
        let status = ended.recv_timeout(PATIENCE);
        if status.is_err() {
            let _ = Command::new("kill").args(["-s", "KILL", &id]).status();
        }
        status.ok().flatten()
    }

    /// Waits for `text` in the output after the text that was waited for before.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let new = &self.shown[self.seen..];
            let found = new.windows(text.len()).position(|at| at == text.as_bytes());
            if let Some(place) = found {
                self.seen += place + text.len();
                return;
            }
            let more = self.read(deadline);
            assert!(more, "`{text}` never came\n{}", self.text());
        }
    }

    /// Waits until this is the line of the cursor, ignoring trailing spaces.
    #[track_caller]
    pub(crate) fn wait_for_line(&mut self, line: &str) {
        self.wait_until(&format!("a line `{line}` with the cursor"), |screen| {
            let (row, _) = screen.cursor_position();
            let shown = screen.rows(0, SIZE.1).nth(row.into());
            shown.is_some_and(|shown| shown.trim_end() == line)
        });
    }

    /// Waits until the screen shows nothing but `text`.
    #[track_caller]
    pub(crate) fn wait_for_picture(&mut self, text: &str) {
        self.wait_until(&format!("`{text}` alone"), |screen| {
            screen.contents().trim_end() == text
        });
    }

    /// Waits until the screen shows `text` on one line.
    #[track_caller]
    pub(crate) fn wait_to_see(&mut self, text: &str) {
        self.wait_until(&format!("`{text}` on the screen"), |screen| {
            screen.rows(0, SIZE.1).any(|line| line.contains(text))
        });
    }

    /// Skips the output so far for `wait_for`.
    pub(crate) fn look_away(&mut self) {
        self.seen = self.shown.len();
    }

    /// Returns whether the screen shows `text` this many times within `patience`.
    pub(crate) fn shows_within(&mut self, patience: Duration, text: &str, times: usize) -> bool {
        self.comes(patience, |screen| {
            screen.contents().matches(text).count() >= times
        })
    }

    /// Waits until the screen no longer shows `text`.
    #[track_caller]
    pub(crate) fn wait_to_see_no(&mut self, text: &str) {
        self.wait_until(&format!("a screen without `{text}`"), |screen| {
            !screen.rows(0, SIZE.1).any(|line| line.contains(text))
        });
    }

    /// Resizes the terminal.
    pub(crate) fn resize(&self, lines: u16, columns: u16) {
        let (height, width) = (lines.try_into().unwrap(), columns.try_into().unwrap());
        let mut picture = self.picture.lock().unwrap();
        picture.terminal.screen_mut().set_size(height, width);
        drop(picture);
        self.pty.resize(Size::new(lines, columns)).unwrap();
    }

    #[track_caller]
    fn wait_until(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let came = self.comes(PATIENCE, is_so);
        assert!(came, "{what} never came\n{}", self.picture());
    }

    fn comes(&mut self, patience: Duration, is_so: impl Fn(&vt100::Screen) -> bool) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            if is_so(self.picture.lock().unwrap().terminal.screen()) {
                return true;
            }
            if !self.read(deadline) {
                return false;
            }
        }
    }

    /// The current screen.
    pub(crate) fn picture(&self) -> String {
        self.picture.lock().unwrap().terminal.screen().contents()
    }

    /// The color of the first `text` on the screen.
    pub(crate) fn color_of(&self, text: &str) -> vt100::Color {
        let picture = self.picture.lock().unwrap();
        let screen = picture.terminal.screen();
        let mut lines = (0..).zip(screen.rows(0, SIZE.1));
        let (row, column) = lines
            .find_map(|(row, line)| Some((row, line.find(text)?)))
            .unwrap();
        let column = u16::try_from(column).unwrap();
        screen.cell(row, column).unwrap().fgcolor()
    }

    /// Sends a signal such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-s", name, &id]).status();
        assert!(killed.unwrap().success(), "kill -s {name} {id}");
    }

    pub(crate) fn type_keys(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for the program to end; returns the last screen, and whether the cursor is visible.
    #[track_caller]
    pub(crate) fn leave(self) -> (Ran, String, bool) {
        let picture = Arc::clone(&self.picture);
        let ran = self.finish();
        let picture = picture.lock().unwrap();
        let screen = picture.terminal.screen();
        (ran, screen.contents(), !screen.hide_cursor())
    }

    /// Waits for the program to end; all output is returned as standard error.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Ran {
        let deadline = Instant::now() + PATIENCE;
        while self.read(deadline) {}
        let text = self.text();
        assert!(Instant::now() < deadline, "still running\n{text}");
        let status = self.child.wait().unwrap();
        Ran {
            status: status.code().unwrap_or(-1),
            stdout: String::new(),
            stderr: text,
        }
    }

    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let Ok(chunk) = self.output.recv_timeout(left) else {
            return false;
        };
        self.shown.extend(chunk);
        true
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.shown).replace("\r\n", "\n")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
