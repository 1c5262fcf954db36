//! The lower part of the terminal, which is redrawn in place.

use std::io::{self, IsTerminal as _};

use console::{Style, Term, is_dumb};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use self::echo::EchoGuard;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextStyle {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
}

/// The styled pieces of a line.
pub(super) type Line = Vec<(TextStyle, String)>;

/// The lines that were drawn last, at the bottom of the terminal.
pub(super) struct Screen {
    term: Term,
    /// Dropped when the screen is closed.
    echo_guard: Option<EchoGuard>,
    colors: bool,
    size: (u16, u16),
    shown: String,
    rows: usize,
}

impl Screen {
    /// Opens standard output as a screen; `None` if that cannot be redrawn.
    pub(super) fn open() -> Option<Self> {
        if !io::stdout().is_terminal() || is_dumb() {
            return None;
        }
        let term = Term::buffered_stdout();
        let _ = term.hide_cursor();
        let choice = anstream::AutoStream::choice(&io::stdout());
        Some(Self {
            size: terminal_size(&term),
            term,
            echo_guard: Some(EchoGuard::begin()),
            colors: choice != anstream::ColorChoice::Never,
            shown: String::new(),
            rows: 0,
        })
    }

    /// Returns the number of columns and lines.
    pub(super) fn size(&self) -> (usize, usize) {
        let (rows, columns) = terminal_size(&self.term);
        (usize::from(columns), usize::from(rows))
    }

    /// Replaces the lines that were drawn before by `lines`, as far as they fit.
    pub(super) fn draw(&mut self, lines: &[Line]) {
        let size = terminal_size(&self.term);
        let (rows, columns) = (usize::from(size.0), usize::from(size.1));
        // The cursor is in the line below, and some terminals wrap a line that is full.
        let lines = lines.get(..rows.saturating_sub(1)).unwrap_or(lines);
        let mut text = String::new();
        for line in lines {
            self.append(&mut text, line, columns.saturating_sub(1));
            text.push_str("\r\n");
        }
        let is_resized = size != self.size;
        if text == self.shown && !is_resized {
            return;
        }
        // Terminals differ in how they reflow old lines after a resize, so start again.
        let _ = if is_resized {
            self.term.clear_screen()
        } else {
            self.back_to_first_line()
        };
        let _ = self.term.write_str(&text);
        let _ = self.term.flush();
        self.rows = lines.len();
        self.size = size;
        self.shown = text;
    }

    /// Leaves the lines in place, and shows the cursor and typed keys again.
    pub(super) fn close(&mut self) {
        self.rows = 0;
        let _ = self.term.show_cursor();
        let _ = self.term.flush();
        self.echo_guard = None;
    }

    fn back_to_first_line(&self) -> io::Result<()> {
        self.term.write_str("\r")?;
        self.term.move_cursor_up(self.rows)?;
        self.term.clear_to_end_of_screen()
    }

    fn append(&self, text: &mut String, line: &Line, columns: usize) {
        let mut left = columns;
        for (text_style, piece) in line {
            let piece = truncate_to_width(piece, left);
            left -= piece.width();
            match self.style(*text_style) {
                Some(style) => text.push_str(&style.apply_to(piece).to_string()),
                None => text.push_str(piece),
            }
        }
    }

    fn style(&self, text_style: TextStyle) -> Option<Style> {
        let style = Style::new().force_styling(true);
        let style = match text_style {
            TextStyle::Plain => return None,
            TextStyle::Strong => style.bold(),
            TextStyle::Faint => style.dim(),
            TextStyle::Good => style.green(),
            TextStyle::Bad => style.red(),
        };
        self.colors.then_some(style)
    }
}

impl Drop for Screen {
    /// Shows the cursor again, however the program ends.
    fn drop(&mut self) {
        self.close();
    }
}

/// Returns the part of `text` that fits in `columns`.
pub(super) fn truncate_to_width(text: &str, columns: usize) -> &str {
    let mut left = columns;
    for (at, letter) in text.char_indices() {
        let width = letter.width().unwrap_or(0);
        if width > left {
            return &text[..at];
        }
        left -= width;
    }
    text
}

fn terminal_size(term: &Term) -> (u16, u16) {
    term.size_checked().unwrap_or((24, 80))
}

#[cfg(unix)]
mod echo {
    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Hides typed keys until it is dropped, as they would appear in the middle of the screen.
    pub(super) struct EchoGuard(Option<Termios>);

    impl EchoGuard {
        pub(super) fn begin() -> Self {
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
mod echo {
    /// Does nothing, as a console shows typed keys only while a program reads them.
    pub(super) struct EchoGuard;

    impl EchoGuard {
        pub(super) fn begin() -> Self {
            Self
        }
    }
}
