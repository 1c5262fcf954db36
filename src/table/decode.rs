//! Decoding bytes to text, strictly: a byte that is not text is an error and is never replaced.
//!
//! A byte order mark determines the encoding, then the caller; the default is UTF-8. UTF-8 is validated a buffer at a time
//! and not copied, so parsers need not validate it again.

use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memchr2;

use super::charset::{Charset, TextDecoder};
use super::format::Format;
use super::position::Position;
use super::readings::{Reading, TextBefore, readings};
use super::{Error, ErrorKind};

/// Bytes read at once, and the size of the sample that delimiter and encoding are detected from.
const BUFFER_SIZE: usize = 64 * 1024;

/// The longest line in bytes: a longer one means that the file is not a list of lines.
const LINE_LIMIT: usize = 1024 * 1024;

/// How many bytes are examined for zeros.
const UTF_16_SAMPLE: usize = 64;

/// A stream of bytes that is read as UTF-8 text.
pub(super) struct TextReader<R> {
    input: R,
    path: PathBuf,
    charset: Charset,
    /// `None` if the input is UTF-8.
    decoder: Option<TextDecoder>,
    bytes: Vec<u8>,
    /// The part of `bytes` that was read and not yet decoded.
    raw: Range<usize>,
    /// Decoded text; unused if the input is UTF-8.
    decoded: Vec<u8>,
    /// The part of `decoded`, or else of `bytes`, that is text and not yet consumed.
    ready: Range<usize>,
    /// The end of `ready` in the file.
    position: Position,
    /// The input has ended, but some of it may not be decoded yet.
    at_end: bool,
    /// Everything was decoded. The decoder must not be called again.
    done: bool,
    /// The invalid byte that follows `ready`.
    invalid_byte: Option<u8>,
    before: TextBefore,
}

impl<R: Read> TextReader<R> {
    /// Reads `input` in `charset` unless it starts with a byte order mark; messages name it `path`.
    pub(super) fn new(input: R, path: PathBuf, charset: Option<Charset>) -> Result<Self, Error> {
        Self::with_buffer(input, path, charset, BUFFER_SIZE)
    }

    /// Reads as [`new`](Self::new) does, with a buffer of this size.
    pub(super) fn with_buffer(
        input: R,
        path: PathBuf,
        charset: Option<Charset>,
        buffer: usize,
    ) -> Result<Self, Error> {
        let mut text = Self {
            input,
            path,
            charset: charset.unwrap_or(Charset::UTF_8),
            decoder: None,
            bytes: vec![0; buffer],
            raw: 0..0,
            decoded: Vec::new(),
            ready: 0..0,
            position: Position::default(),
            at_end: false,
            done: false,
            invalid_byte: None,
            before: TextBefore::Ascii,
        };
        text.read_more()?;
        let start = &text.bytes[text.raw.clone()];
        let mark = Encoding::for_bom(start);
        let unmarked = unmarked_utf_16(start).filter(|_| mark.is_none());
        if let Some(format) = Format::of_text(start, mark.or(unmarked.map(|likely| (likely, 0)))) {
            return Err(Error::new(text.path, ErrorKind::OtherFormat(format)));
        }
        if let Some((encoding, length)) = mark {
            text.charset = Charset::standard(encoding);
            text.before = TextBefore::Marked;
            let mark = start[..length].to_vec();
            // Programs that put files together, or save one twice, leave several marks.
            while text.bytes[text.raw.clone()].starts_with(&mark) {
                text.raw.start += length;
            }
        } else if text.charset == Charset::UTF_8
            && let Some(likely) = unmarked
        {
            return Err(Error::at(
                text.path,
                1,
                ErrorKind::Undecodable {
                    column: start.iter().position(|byte| *byte == 0).unwrap_or(0) + 1,
                    byte: 0,
                    encoding: Charset::UTF_8.name(),
                    readings: readings_in(likely, start),
                    before: TextBefore::Ascii,
                },
            ));
        }
        text.decoder = text.charset.decoder();
        if text.decoder.is_some() {
            text.decoded = vec![0; buffer];
        }
        Ok(text)
    }

    /// Returns the next text; empty at the end. The first call returns the whole first buffer.
    pub(super) fn fill(&mut self) -> Result<&[u8], Error> {
        if self.ready.is_empty() {
            self.advance()?;
        }
        Ok(self.peek())
    }

    /// Consumes `length` bytes of the text.
    pub(super) fn consume(&mut self, length: usize) {
        self.ready.start = (self.ready.start + length).min(self.ready.end);
    }

    /// Consumes `length` bytes of the text and returns them.
    pub(super) fn take(&mut self, length: usize) -> &[u8] {
        let start = self.ready.start;
        self.consume(length);
        self.source()
            .get(start..self.ready.start)
            .unwrap_or_default()
    }

    /// Returns whether nothing follows what [`fill`](Self::fill) returned.
    pub(super) fn is_whole(&self) -> bool {
        self.at_end && self.raw.is_empty() && self.invalid_byte.is_none()
    }

    /// Reads the next line, which has this number, with its line end; `None` at the end of the text. A line ends with a line
    /// feed, a carriage return, or both.
    pub(super) fn read_line(&mut self, number: u64) -> Result<Option<String>, Error> {
        let mut line = Vec::new();
        loop {
            let text = self.fill()?;
            let end = memchr2(b'\n', b'\r', text);
            let length = end.map_or(text.len(), |end| end + 1);
            if line.len() + length > LINE_LIMIT {
                return Err(Error::at(
                    &self.path,
                    number,
                    ErrorKind::LineTooLong { limit: LINE_LIMIT },
                ));
            }
            line.extend_from_slice(&text[..length]);
            let may_be_crlf = end.is_some_and(|end| text[end] == b'\r');
            self.consume(length);
            if may_be_crlf && self.fill()?.first() == Some(&b'\n') {
                self.consume(1);
            }
            if end.is_some() || length == 0 {
                break;
            }
        }
        // It was cut out of UTF-8 text at a line end.
        let line = String::from_utf8(line).unwrap_or_default();
        Ok(Some(line).filter(|line| !line.is_empty()))
    }

    /// Returns the text that [`fill`](Self::fill) returned and that was not consumed.
    pub(super) fn peek(&self) -> &[u8] {
        self.source().get(self.ready.clone()).unwrap_or_default()
    }

    /// Returns the name of the input in messages.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn source(&self) -> &[u8] {
        if self.decoder.is_some() {
            &self.decoded
        } else {
            &self.bytes
        }
    }

    /// Decodes more text, if there is more.
    fn advance(&mut self) -> Result<(), Error> {
        // A sequence may be split between two buffers, so one round may yield no text.
        while self.ready.is_empty() && !self.done {
            if let Some(byte) = self.invalid_byte {
                return Err(self.undecodable(byte));
            }
            let ended = self.at_end && self.raw.is_empty();
            if self.raw.is_empty() || self.decoder.is_none() {
                self.read_more()?;
            }
            if self.decoder.is_some() {
                self.decode(ended);
            } else {
                self.validate();
            }
            if ended && self.invalid_byte.is_none() {
                self.done = true;
                break;
            }
        }
        let mut position = self.position;
        position.move_past(self.peek());
        self.position = position;
        Ok(())
    }

    /// Keeps the rest of the buffer and fills it up, even if the input returns short reads.
    fn read_more(&mut self) -> Result<(), Error> {
        self.bytes.copy_within(self.raw.clone(), 0);
        self.raw = 0..self.raw.len();
        while !self.at_end && self.raw.end < self.bytes.len() {
            match self.input.read(&mut self.bytes[self.raw.end..]) {
                Ok(0) => self.at_end = true,
                Ok(length) => self.raw.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    let path = self.path.clone();
                    return Err(Error::new(path, ErrorKind::Read(source)));
                }
            }
        }
        Ok(())
    }

    /// Validates the bytes as UTF-8 and makes the valid ones ready.
    fn validate(&mut self) {
        let bytes = &self.bytes[self.raw.clone()];
        let valid = match str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) => {
                // A sequence that the end of the buffer cuts continues in the next one.
                if error.error_len().is_some() || self.at_end {
                    self.invalid_byte = bytes.get(error.valid_up_to()).copied();
                }
                error.valid_up_to()
            }
        };
        if self.before == TextBefore::Ascii && !bytes[..valid].is_ascii() {
            self.before = TextBefore::Utf8;
        }
        self.ready = self.raw.start..self.raw.start + valid;
        self.raw.start += valid;
    }

    fn decode(&mut self, ended: bool) {
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let bytes = &self.bytes[self.raw.clone()];
        let progress = decoder.decode(bytes, &mut self.decoded, ended);
        if let Some(from_end) = progress.invalid {
            // For a sequence that started in the previous buffer, report its first byte in this one.
            self.invalid_byte = bytes
                .get(progress.read.saturating_sub(from_end))
                .copied()
                .or(Some(0));
        }
        self.ready = 0..progress.written;
        self.raw.start += progress.read;
    }

    fn undecodable(&self, byte: u8) -> Error {
        let sample = &self.bytes[..self.raw.end];
        let readings = match self.before {
            TextBefore::Marked => Vec::new(),
            _ => readings(sample, self.raw.start, self.charset, self.at_end),
        };
        Error::at(
            &self.path,
            self.position.line,
            ErrorKind::Undecodable {
                column: self.position.column,
                byte,
                encoding: self.charset.name(),
                readings,
                before: self.before,
            },
        )
    }
}

/// Recognizes UTF-16 without a byte order mark: only every second byte is zero.
fn unmarked_utf_16(start: &[u8]) -> Option<&'static Encoding> {
    let start = &start[..start.len().min(UTF_16_SAMPLE)];
    let zeros = |offset: usize| {
        let bytes = start.iter().skip(offset).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let is_most = |zeros: usize| zeros > 0 && zeros * 4 >= start.len();
    match (zeros(0), zeros(1)) {
        (0, odd) if is_most(odd) => Some(UTF_16LE),
        (even, 0) if is_most(even) => Some(UTF_16BE),
        _ => None,
    }
}

/// Returns how the first line reads in `encoding`.
fn readings_in(encoding: &'static Encoding, start: &[u8]) -> Vec<Reading> {
    let (text, _) = encoding.decode_without_bom_handling(start);
    vec![Reading {
        encoding: encoding.name().to_lowercase(),
        others: Vec::new(),
        text: text.lines().next().unwrap_or_default().to_owned(),
    }]
}
