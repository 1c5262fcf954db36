//! Decoding bytes to text, strictly: a byte that is not text is an error and is never replaced.
//!
//! A byte order mark determines the encoding, then the caller; the default is UTF-8. UTF-8 is validated a buffer at a time
//! and not copied, so parsers need not validate it again.

use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use super::Error;
use super::position::Position;

/// Bytes read at once, and the size of the sample that delimiter and encoding are detected from.
const BUFFER_SIZE: usize = 64 * 1024;

/// The longest line in bytes: a longer one means that the file is not a list of lines.
const LINE_LIMIT: usize = 1024 * 1024;

/// What `.xlsx` files (ZIP archives) and older `.xls` files start with.
const WORKBOOK_SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];

/// An encoding that a file can be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// Finds an encoding by one of its labels in the [Encoding Standard].
    ///
    /// [Encoding Standard]: https://encoding.spec.whatwg.org/#names-and-labels
    #[must_use]
    pub fn for_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    /// Lists the encodings that exported files usually have.
    #[must_use]
    pub fn common_labels() -> &'static [&'static str] {
        &[
            "utf-8",
            "utf-16le",
            "utf-16be",
            "windows-1252",
            "iso-8859-1",
            "iso-8859-2",
            "iso-8859-15",
            "windows-1250",
            "windows-1251",
            "windows-1253",
            "windows-1254",
            "macintosh",
            "shift_jis",
            "euc-jp",
            "euc-kr",
            "gbk",
            "gb18030",
            "big5",
        ]
    }

    pub(super) fn encoding(self) -> &'static Encoding {
        self.0
    }
}

/// A stream of bytes that is read as UTF-8 text.
pub(super) struct TextReader<R> {
    input: R,
    path: PathBuf,
    encoding: &'static Encoding,
    /// `None` if the input is UTF-8.
    decoder: Option<Decoder>,
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
}

impl<R: Read> TextReader<R> {
    /// Reads `input` in `encoding` unless it starts with a byte order mark; messages name it `path`.
    pub(super) fn new(
        input: R,
        path: PathBuf,
        encoding: Option<&'static Encoding>,
    ) -> Result<Self, Error> {
        Self::with_buffer(input, path, encoding, BUFFER_SIZE)
    }

    /// Reads as [`new`](Self::new) does, with a buffer of this size.
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
            .any(|signature| start.starts_with(signature))
        {
            return Err(Error::UnexpectedWorkbook { path: text.path });
        }
        if let Some((encoding, length)) = Encoding::for_bom(start) {
            text.encoding = encoding;
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

    /// Reads the next line, which has this number, with its line end; `None` at the end of the text.
    pub(super) fn read_line(&mut self, number: u64) -> Result<Option<String>, Error> {
        let mut line = Vec::new();
        loop {
            let text = self.fill()?;
            let end = memchr(b'\n', text);
            let length = end.map_or(text.len(), |end| end + 1);
            if line.len() + length > LINE_LIMIT {
                return Err(Error::LineTooLong {
                    path: self.path.clone(),
                    line: number,
                    limit: LINE_LIMIT,
                });
            }
            line.extend_from_slice(&text[..length]);
            self.consume(length);
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
                    return Err(Error::Read { path, source });
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
            // For a sequence that started in the previous buffer, report its first byte in this one.
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

/// Recognizes UTF-16 without a byte order mark by the zero byte in the first character.
fn unmarked_utf_16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [1..=u8::MAX, 0, ..] => Some(UTF_16LE),
        [0, 1..=u8::MAX, ..] => Some(UTF_16BE),
        _ => None,
    }
}
