//! Encodings by name.

use encoding_rs::Encoding;

/// An encoding that a file can be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// Finds the encoding called `label`, by one of the names of the [Encoding Standard].
    ///
    /// [Encoding Standard]: https://encoding.spec.whatwg.org/#names-and-labels
    #[must_use]
    pub fn for_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    /// Lists the names of encodings that files of people come in.
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
