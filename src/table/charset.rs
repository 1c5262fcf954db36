//! Encodings by the names that the Encoding Standard, Windows and spreadsheets give them.

use std::borrow::Cow;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use oem_cp::code_table::DECODING_TABLE_CP_MAP;
use oem_cp::code_table_type::TableType;

/// An encoding that a file can be read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Standard(&'static Encoding),
    /// A code page of MS-DOS, which the Encoding Standard does not have.
    Dos(u16),
}

/// Names that spreadsheets show, reduced to letters and digits, and the labels of what they mean.
const NAMES: &[(&str, &str)] = &[
    ("ansi", "windows-1252"),
    ("windowsansi", "windows-1252"),
    ("westerneuropeanwindows", "windows-1252"),
    ("westerneuropewindows1252winlatin1", "windows-1252"),
    ("westerneuropeaniso", "iso-8859-1"),
    ("westerneuropeandos", "cp850"),
    ("westerneuropedosos2850international", "cp850"),
    ("multilinguallatini", "cp850"),
    ("oemmultilinguallatini", "cp850"),
    ("oemunitedstates", "cp437"),
    ("westerneuropedosos2437us", "cp437"),
    ("westerneuropeanmac", "macintosh"),
    ("westerneuropeapplemacintosh", "macintosh"),
    ("applemacintosh", "macintosh"),
    ("macroman", "macintosh"),
    ("macosroman", "macintosh"),
    ("centraleuropeanwindows", "windows-1250"),
    ("easterneuropewindows1250winlatin2", "windows-1250"),
    ("centraleuropeaniso", "iso-8859-2"),
    ("centraleuropeandos", "cp852"),
    ("cyrillicwindows", "windows-1251"),
    ("cyrillicdos", "cp866"),
    ("greekwindows", "windows-1253"),
    ("turkishwindows", "windows-1254"),
    ("balticwindows", "windows-1257"),
    ("japaneseshiftjis", "shift_jis"),
    ("chinesesimplifiedgb2312", "gbk"),
    ("chinesetraditionalbig5", "big5"),
    ("unicodeutf8", "utf-8"),
    ("utf8withbom", "utf-8"),
    ("utf8bom", "utf-8"),
    ("utf8sig", "utf-8"),
    ("utf8withsignature", "utf-8"),
    ("csvutf8commadelimited", "utf-8"),
    ("unicodetext", "utf-16le"),
    ("unicodeutf16", "utf-16le"),
    ("utf16littleendian", "utf-16le"),
    ("unicodebigendian", "utf-16be"),
    ("utf16bigendian", "utf-16be"),
];

/// What comes before the number of a code page.
const CODE_PAGE_PREFIXES: [&str; 8] = [
    "", "cp", "codepage", "windows", "ibm", "oem", "dos", "msdos",
];

impl Charset {
    pub(super) const UTF_8: Self = Self(Kind::Standard(UTF_8));

    pub(super) fn standard(encoding: &'static Encoding) -> Self {
        Self(Kind::Standard(encoding))
    }

    /// Finds an encoding by one of its labels in the [Encoding Standard], by the number of its code page in Windows, or by
    /// the name that a spreadsheet shows.
    ///
    /// [Encoding Standard]: https://encoding.spec.whatwg.org/#names-and-labels
    pub fn for_label(label: &str) -> Option<Self> {
        if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
            return Some(Self::standard(encoding));
        }
        let key = key(label);
        let named = NAMES.iter().find(|(name, _)| *name == key);
        let common = || {
            let mut labels = Self::common_labels().iter();
            labels.find(|label| self::key(label) == key && ***label != *key)
        };
        if let Some(label) = named.map(|(_, label)| label).or_else(common) {
            return Self::for_label(label);
        }
        let digits = key.trim_start_matches(|c: char| !c.is_ascii_digit());
        let is_number = CODE_PAGE_PREFIXES.contains(&&key[..key.len() - digits.len()])
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        // `1252 : Western European (Windows)`
        let (first, rest) = label.trim().split_once(':').unwrap_or(("", ""));
        let digits = if is_number { digits } else { first.trim() };
        if !is_number && rest.trim().is_empty() {
            return None;
        }
        Self::for_code_page(digits.parse().ok()?)
    }

    fn for_code_page(number: u16) -> Option<Self> {
        let standard = codepage::to_encoding_no_replacement(number).map(Self::standard);
        let is_dos = DECODING_TABLE_CP_MAP.contains_key(&number);
        standard.or(is_dos.then_some(Self(Kind::Dos(number))))
    }

    /// Returns what a name could mean that spreadsheets show for different encodings.
    pub fn ambiguity(label: &str) -> Option<&'static str> {
        ["msdos", "dos", "oem", "msdospc8", "csvmsdos", "pc8"]
            .contains(&key(label).as_str())
            .then_some(
                "it depends on the Windows that saved the file: `cp437` in the USA, `cp850` in Western Europe, `cp852` in Central Europe",
            )
    }

    /// Lists the encodings that exported files usually have.
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
            "cp437",
            "cp850",
            "cp852",
            "shift_jis",
            "euc-jp",
            "euc-kr",
            "gbk",
            "gb18030",
            "big5",
        ]
    }

    /// Returns the name in messages, which is also a label.
    pub(super) fn name(self) -> Cow<'static, str> {
        match self.0 {
            Kind::Standard(encoding) => Cow::Borrowed(encoding.name()),
            Kind::Dos(number) => Cow::Owned(format!("cp{number}")),
        }
    }

    /// Returns a decoder to UTF-8; `None` if the encoding is UTF-8.
    pub(super) fn decoder(self) -> Option<TextDecoder> {
        match self.0 {
            Kind::Standard(encoding) if encoding == UTF_8 => None,
            Kind::Standard(encoding) => Some(TextDecoder::Standard(
                encoding.new_decoder_without_bom_handling(),
            )),
            Kind::Dos(number) => DECODING_TABLE_CP_MAP.get(&number).map(TextDecoder::Table),
        }
    }

    /// Decodes a whole text; `None` if it is not text in this encoding.
    pub(super) fn decode_all(self, bytes: &[u8]) -> Option<String> {
        match self.0 {
            Kind::Standard(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(Cow::into_owned),
            Kind::Dos(number) => DECODING_TABLE_CP_MAP
                .get(&number)?
                .decode_string_checked(bytes),
        }
    }
}

/// Reduces a name to its letters and digits in lower case.
fn key(label: &str) -> String {
    let letters = label.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Decodes text that arrives in pieces.
pub(super) enum TextDecoder {
    Standard(Decoder),
    /// One character for each byte.
    Table(&'static TableType),
}

/// How far a piece was decoded.
pub(super) struct Decoded {
    pub(super) read: usize,
    pub(super) written: usize,
    /// How many bytes before the end of what was read the invalid ones start.
    pub(super) invalid: Option<usize>,
}

impl TextDecoder {
    /// Decodes `bytes` into `output`; `is_last` at the end of the text.
    pub(super) fn decode(&mut self, bytes: &[u8], output: &mut [u8], is_last: bool) -> Decoded {
        match self {
            Self::Standard(decoder) => {
                let (result, read, written) =
                    decoder.decode_to_utf8_without_replacement(bytes, output, is_last);
                let invalid = match result {
                    DecoderResult::Malformed(length, after) => {
                        Some(usize::from(length) + usize::from(after))
                    }
                    DecoderResult::InputEmpty | DecoderResult::OutputFull => None,
                };
                Decoded {
                    read,
                    written,
                    invalid,
                }
            }
            Self::Table(table) => {
                let mut written = 0;
                for (read, byte) in bytes.iter().enumerate() {
                    let Some(letter) = table.decode_char_checked(*byte) else {
                        return Decoded {
                            read: read + 1,
                            written,
                            invalid: Some(1),
                        };
                    };
                    let Some(space) = output.get_mut(written..written + letter.len_utf8()) else {
                        return Decoded {
                            read,
                            written,
                            invalid: None,
                        };
                    };
                    written += letter.encode_utf8(space).len();
                }
                Decoded {
                    read: bytes.len(),
                    written,
                    invalid: None,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Charset;

    #[test]
    fn encodings_are_found_by_the_names_that_programs_show() {
        for (label, name) in [
            ("ANSI", "windows-1252"),
            ("Western European (Windows)", "windows-1252"),
            ("1252 : Western European (Windows)", "windows-1252"),
            ("Windows 1252", "windows-1252"),
            ("cp-1250", "windows-1250"),
            ("ISO 8859-15", "ISO-8859-15"),
            ("Unicode", "UTF-16LE"),
            ("UTF-8 with BOM", "UTF-8"),
            ("65001: Unicode (UTF-8)", "UTF-8"),
            ("CSV UTF-8 (Comma delimited)", "UTF-8"),
            ("Macintosh", "macintosh"),
            ("Mac OS Roman", "macintosh"),
            ("10000 : Western European (Mac)", "macintosh"),
            ("Western Europe (Apple Macintosh)", "macintosh"),
            ("437", "cp437"),
            ("IBM437", "cp437"),
            ("CP850", "cp850"),
            ("850 : Western European (DOS)", "cp850"),
            ("Western Europe (DOS/OS2-850/International)", "cp850"),
            ("OEM United States", "cp437"),
            ("cp866", "IBM866"),
        ] {
            let found = Charset::for_label(label).map(Charset::name);
            assert_eq!(found.as_deref(), Some(name), "{label}");
            let again = Charset::for_label(name).map(Charset::name);
            assert_eq!(again.as_deref(), Some(name), "{label}");
        }
        for label in [
            "", "latin", "cp", "cp9", "1252x", "99999", "MS-DOS", "x 850 y",
        ] {
            assert_eq!(Charset::for_label(label), None, "{label}");
        }
        assert!(Charset::ambiguity("CSV (MS-DOS)").is_some());
    }

    #[test]
    fn every_common_label_is_known() {
        for label in Charset::common_labels() {
            assert!(Charset::for_label(label).is_some(), "{label}");
        }
    }
}
