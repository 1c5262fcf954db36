//! Parses one record, and refuses quotes that could be read in several ways.
//!
//! A quote opens a field only at its start, is doubled inside, and only white space may follow the one that closes it. Lenient
//! parsers accept more, and then a quote that was never closed swallows the people on the lines after it.

use memchr::{memchr, memchr3};

use crate::table::position::line_breaks;
use crate::table::quote_problem::QuoteProblem;

/// A record, parsed from text that arrives in pieces.
#[derive(Default)]
pub(super) struct RecordParser {
    state: State,
    /// The concatenated fields.
    bytes: Vec<u8>,
    /// Where each field ends in `bytes`.
    ends: Vec<usize>,
    /// How many fields are in quotes.
    quoted: usize,
    /// The current field is not quoted, and contains a quote.
    has_inner_quote: bool,
    /// In the current field, a quote followed a backslash.
    has_backslash: bool,
}

/// Where the next byte is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quote in a quoted field: it closes the field, unless another one follows.
    AfterQuote,
    /// In white space after a quoted field.
    Closed,
}

/// A problem, and the line it is in, counted from the first one of the record.
pub(super) type Problem = (u64, QuoteProblem);

impl RecordParser {
    /// Forgets the last record.
    pub(super) fn clear(&mut self) {
        self.state = State::FieldStart;
        self.bytes.clear();
        self.ends.clear();
        self.quoted = 0;
        self.has_inner_quote = false;
    }

    /// Returns the concatenated fields.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns where each field ends.
    pub(super) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// Returns whether a field is quoted.
    pub(super) fn is_quoted(&self) -> bool {
        self.quoted > 0
    }

    /// Returns whether all fields are quoted.
    pub(super) fn are_all_quoted(&self) -> bool {
        self.quoted == self.ends.len()
    }

    /// Parses more text. Returns how much of it was read, and whether the record has ended.
    pub(super) fn feed(&mut self, input: &[u8], delimiter: u8) -> Result<(usize, bool), Problem> {
        let is_end = |byte: u8| byte == delimiter || matches!(byte, b'\r' | b'\n');
        let mut at = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            let byte = rest[0];
            match self.state {
                State::FieldStart if byte == b'"' => {
                    self.quoted += 1;
                    self.has_backslash = false;
                    self.state = State::Quoted;
                    at += 1;
                }
                State::FieldStart => self.state = State::Unquoted,
                State::Unquoted => {
                    let length = memchr3(delimiter, b'\r', b'\n', rest).unwrap_or(rest.len());
                    let text = &rest[..length];
                    self.has_inner_quote |= memchr(b'"', text).is_some();
                    self.bytes.extend_from_slice(text);
                    at += length;
                    if let Some(end) = rest.get(length) {
                        at += 1;
                        if self.end_field(*end, delimiter)? {
                            return Ok((at, true));
                        }
                    }
                }
                State::Quoted => {
                    let quote = memchr(b'"', rest);
                    let length = quote.unwrap_or(rest.len());
                    self.bytes.extend_from_slice(&rest[..length]);
                    at += length;
                    if quote.is_some() {
                        at += 1;
                        let field = self.field_start()..;
                        self.has_backslash |= self.bytes[field].ends_with(b"\\");
                        self.state = State::AfterQuote;
                    }
                }
                State::AfterQuote if byte == b'"' => {
                    self.bytes.push(byte);
                    self.state = State::Quoted;
                    at += 1;
                }
                State::AfterQuote | State::Closed if is_end(byte) => {
                    at += 1;
                    if self.end_field(byte, delimiter)? {
                        return Ok((at, true));
                    }
                }
                State::AfterQuote | State::Closed if byte.is_ascii_whitespace() => {
                    self.bytes.push(byte);
                    self.state = State::Closed;
                    at += 1;
                }
                State::AfterQuote | State::Closed => return Err(self.text_after_quote()),
            }
        }
        Ok((at, false))
    }

    /// Ends the record at the end of the file.
    pub(super) fn finish(&mut self) -> Result<(), Problem> {
        if self.state == State::Quoted {
            return Err((self.opening_line(), QuoteProblem::NeverClosed));
        }
        self.end_field(b'\n', 0).map(drop)
    }

    /// Ends the current field at a delimiter or line end. Returns whether the record has ended, too.
    fn end_field(&mut self, end: u8, delimiter: u8) -> Result<bool, Problem> {
        if self.has_inner_quote {
            self.has_inner_quote = false;
            let field = &self.bytes[self.field_start()..];
            if let Some(problem) = inner_quote_problem(field) {
                return Err((line_breaks(&self.bytes), problem));
            }
        }
        self.ends.push(self.bytes.len());
        self.state = State::FieldStart;
        Ok(end != delimiter)
    }

    fn text_after_quote(&self) -> Problem {
        let opened = self.opening_line();
        let problem = if self.has_backslash {
            QuoteProblem::Backslash { opened }
        } else {
            QuoteProblem::TextAfter { opened }
        };
        (line_breaks(&self.bytes), problem)
    }

    fn field_start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Returns the line that the current field starts in. Only quoted fields have line breaks, and they keep them.
    fn opening_line(&self) -> u64 {
        line_breaks(&self.bytes[..self.field_start()])
    }
}

/// Returns what is wrong with the quotes in a field that does not start with one. Those around whole words inside the field,
/// such as a nickname, can only be text, and so can one after a digit: inches, seconds.
fn inner_quote_problem(field: &[u8]) -> Option<QuoteProblem> {
    let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    let text = field.trim_ascii();
    if text.starts_with(b"\"") {
        return Some(QuoteProblem::AfterSpace);
    }
    let mut is_open = false;
    for at in memchr::memchr_iter(b'"', text) {
        let (before, after) = (text.get(at.wrapping_sub(1)), text.get(at + 1));
        if !is_open && before.is_some_and(u8::is_ascii_digit) {
            continue;
        }
        let (outside, inside) = if is_open {
            (after, before)
        } else {
            (before, after)
        };
        if !is_space(outside) || is_space(inside) {
            return Some(QuoteProblem::InField);
        }
        is_open = !is_open;
    }
    is_open.then_some(QuoteProblem::InField)
}
