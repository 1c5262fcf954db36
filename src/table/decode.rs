//! Text out of bytes: UTF-8 where it stands, any other encoding decoded on the way, and nothing ever replaced.
//!
//! A byte order mark decides, then the encoding that was asked for, then UTF-8. UTF-8 is checked a buffer at a time and
//! handed on without a copy, so that who parses it need not check again.

use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Error;
use super::position::Position;

/// Bytes that are read at once. What is guessed about a file is guessed from as many.
const BUFFER_SIZE: usize = 64 * 1024;

/// What workbooks start with, those of today (a ZIP archive) and older ones.
const WORKBOOK_SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];

/// Text that is read bit by bit.
pub(super) struct TextReader<R> {
    input: R,
    path: PathBuf,
    encoding: &'static Encoding,
    /// What turns bytes into text; `None` where they are text already.
    decoder: Option<Decoder>,
    bytes: Vec<u8>,
    /// What of `bytes` was read and not decoded yet.
    raw: Range<usize>,
    /// What was decoded; unused where bytes are text already.
    decoded: Vec<u8>,
    /// What of `bytes` or `decoded` is text that was not consumed.
    ready: Range<usize>,
    /// Where the text that was handed out ends.
    position: Position,
    /// The input has ended; some of it may not be decoded yet.
    at_end: bool,
    /// All of it was decoded. A decoder that was told so may not be asked again.
    done: bool,
    /// The byte that is no text, behind all that is ready.
    invalid_byte: Option<u8>,
}

impl<R: Read> TextReader<R> {
    /// Reads `input`, which messages know as `path`, in `encoding` where no byte order mark says otherwise.
    pub(super) fn new(
        input: R,
        path: PathBuf,
        encoding: Option<&'static Encoding>,
    ) -> Result<Self, Error> {
        Self::with_buffer(input, path, encoding, BUFFER_SIZE)
    }

    /// Reads as [`new`](Self::new) does, so many bytes at once.
    pub(super) fn with_buffer(
        input: R,
        path: PathBuf,
        encoding: Option<&'static Encoding>,
        buffer: usize,
    ) -> Result<Self, Error> {
        let mut text = Self {
            input,
            path,
            encoding: encoding.unwrap_or(UTF_8),
            decoder: None,
            bytes: vec![0; buffer],
            raw: 0..0,
            decoded: Vec::new(),
            ready: 0..0,
            position: Position::default(),
            at_end: false,
            done: false,
            invalid_byte: None,
        };
        text.read_more()?;
        let start = &text.bytes[text.raw.clone()];
        if WORKBOOK_SIGNATURES
            .iter()
            .any(|mark| start.starts_with(mark))
        {
            return Err(Error::UnexpectedWorkbook { path: text.path });
        }
        if let Some((marked, length)) = Encoding::for_bom(start) {
            text.encoding = marked;
            text.raw.start += length;
        } else if text.encoding == UTF_8
            && let Some(likely) = unmarked_utf_16(start)
        {
            return Err(Error::Undecodable {
                path: text.path,
                line: 1,
                column: start.iter().position(|byte| *byte == 0).unwrap_or(0) + 1,
                byte: 0,
                encoding: UTF_8.name(),
                likely: Some(likely.name()),
            });
        }
        if text.encoding != UTF_8 {
            text.decoder = Some(text.encoding.new_decoder_without_bom_handling());
            text.decoded = vec![0; buffer];
        }
        Ok(text)
    }

    /// Returns the text that comes next, as UTF-8; empty at the end. The first time it is all of the first buffer.
    pub(super) fn fill(&mut self) -> Result<&[u8], Error> {
        if self.ready.is_empty() {
            self.advance()?;
        }
        Ok(self.peek())
    }

    /// Moves past `length` bytes of the text.
    pub(super) fn consume(&mut self, length: usize) {
        self.ready.start = (self.ready.start + length).min(self.ready.end);
    }

    /// Moves past `length` bytes of the text, and returns them.
    pub(super) fn take(&mut self, length: usize) -> &[u8] {
        let start = self.ready.start;
        self.consume(length);
        self.source()
            .get(start..self.ready.start)
            .unwrap_or_default()
    }

    /// Tells whether nothing comes behind what [`fill`](Self::fill) returned.
    pub(super) fn is_whole(&self) -> bool {
        self.at_end && self.raw.is_empty() && self.invalid_byte.is_none()
    }

    /// Reads the text to its end.
    pub(super) fn read_to_end(mut self) -> Result<String, Error> {
        let mut whole = Vec::new();
        loop {
            let text = self.fill()?;
            if text.is_empty() {
                return Ok(String::from_utf8(whole).unwrap_or_default());
            }
            whole.extend_from_slice(text);
            let length = text.len();
            self.consume(length);
        }
    }

    /// Returns what [`fill`](Self::fill) made ready and was not consumed.
    pub(super) fn peek(&self) -> &[u8] {
        self.source().get(self.ready.clone()).unwrap_or_default()
    }

    /// Returns what messages know the input as.
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

    /// Makes more text ready, if there is more.
    fn advance(&mut self) -> Result<(), Error> {
        // What a sequence lacks at the end of one buffer may stand at the start of the next.
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
                self.check();
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

    /// Fills the buffer behind what is left in it, however short the pieces are that come.
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
                    return Err(Error::Read { path, source });
                }
            }
        }
        Ok(())
    }

    /// Takes as much of the bytes for text as is UTF-8.
    fn check(&mut self) {
        let bytes = &self.bytes[self.raw.clone()];
        let valid = match str::from_utf8(bytes) {
            Ok(_) => bytes.len(),
            Err(error) => {
                // The start of a sequence at the end of the buffer may go on in the next one.
                if error.error_len().is_some() || self.at_end {
                    self.invalid_byte = bytes.get(error.valid_up_to()).copied();
                }
                error.valid_up_to()
            }
        };
        self.ready = self.raw.start..self.raw.start + valid;
        self.raw.start += valid;
    }

    fn decode(&mut self, ended: bool) {
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let bytes = &self.bytes[self.raw.clone()];
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut self.decoded, ended);
        if let DecoderResult::Malformed(length, after) = result {
            let from_end = usize::from(length) + usize::from(after);
            // One that began in the buffer before is told by its first byte in this one.
            self.invalid_byte = bytes
                .get(read.saturating_sub(from_end))
                .copied()
                .or(Some(0));
        }
        self.ready = 0..written;
        self.raw.start += read;
    }

    fn undecodable(&self, byte: u8) -> Error {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.bytes[..self.raw.end], self.at_end);
        let guess = detector.guess(None, Utf8Detection::Allow);
        Error::Undecodable {
            path: self.path.clone(),
            line: self.position.line,
            column: self.position.column,
            byte,
            encoding: self.encoding.name(),
            likely: (guess != self.encoding).then(|| guess.name()),
        }
    }
}

/// Tells which UTF-16 it is that has no byte order mark, by the empty half of the first character.
fn unmarked_utf_16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [1..=u8::MAX, 0, ..] => Some(UTF_16LE),
        [0, 1..=u8::MAX, ..] => Some(UTF_16BE),
        _ => None,
    }
}
