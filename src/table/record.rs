//! A record while it is parsed.

/// The buffers one record is parsed into.
pub(super) struct Record {
    pub(super) bytes: Vec<u8>,
    pub(super) ends: Vec<usize>,
    pub(super) length: usize,
    pub(super) fields: usize,
    pub(super) line: u64,
    pub(super) started: bool,
}

impl Record {
    pub(super) fn new() -> Self {
        Self {
            bytes: vec![0; 1024],
            ends: vec![0; 32],
            length: 0,
            fields: 0,
            line: 1,
            started: false,
        }
    }

    pub(super) fn clear(&mut self, line: u64) {
        self.length = 0;
        self.fields = 0;
        self.line = line;
        self.started = false;
    }

    /// Tells whether nothing of the record was read yet.
    pub(super) fn is_blank(&self) -> bool {
        !self.started
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        // Text is parsed, and all that is dropped from it or cut at is ASCII: neither step can fail.
        let text = str::from_utf8(self.bytes()).unwrap_or_default();
        let mut start = 0;
        self.ends[..self.fields].iter().map(move |&end| {
            let field = text.get(start..end).unwrap_or_default();
            start = end;
            field
        })
    }
}
