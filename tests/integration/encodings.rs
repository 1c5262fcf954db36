//! Files in old encodings: no program knows which one it is, so the hint shows how the file would read.

use crate::support::{Project, Ran};

fn invite(content: &[u8], encoding: &str) -> Ran {
    let options: &[&str] = if encoding.is_empty() {
        &[]
    } else {
        &["--encoding", encoding]
    };
    Project::new().file("people.csv", content).run(
        &[
            &["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"],
            options,
        ]
        .concat(),
    )
}

const MAC: &[u8] = b"name;email\rJos\x8e N\x9c\x96ez;jose@example.com\r";
const DOS: &[u8] = b"name,email\r\nJos\x82 N\xa3\xa4ez,jose@example.com\r\n";
const WINDOWS: &[u8] = b"name,email\r\nJos\xe9 N\xfa\xf1ez,jose@example.com\r\n";

#[test]
fn the_hint_shows_the_line_in_each_encoding() {
    for (content, likely, delimiter) in [
        (MAC, "macintosh", ";"),
        (DOS, "cp850", ","),
        (WINDOWS, "windows-1252", ","),
    ] {
        let right = format!("Jos\u{e9} N\u{fa}\u{f1}ez{delimiter}jose@example.com");
        let ran = invite(content, "").exits(1).says(&format!(
            ": choose the right one, as in `--encoding {likely}` after the script, if it has that option, or save the file as UTF-8"
        ));
        // The other encodings are shown with what they would make of it.
        let same = if content == DOS { " and cp437" } else { "" };
        let ran = ran.says(&format!(
            "hint: line 2 reads `{right}` in {likely}{same}, `Jos"
        ));
        for other in ["windows-1252", "macintosh", "cp850"] {
            assert!(
                ran.stderr.contains(&format!("` in {other}")),
                "{}",
                ran.stderr
            );
        }
        invite(content, likely)
            .succeeds()
            .says("Jos\u{e9} N\u{fa}\u{f1}ez <jose@example.com>");
    }
}

/// The likely encoding comes first: punctuation and letters of other alphabets are weighed as in names.
#[test]
fn the_likely_encoding_is_the_one_with_names() {
    let names = "name,email\nJos\u{e9} M\u{fc}ller,a@example.com\nFran\u{e7}ois \u{201c}FX\u{201d} No\u{eb}l,b@example.com\n";
    for (encoding, likely) in [
        (encoding_rs::WINDOWS_1252, "windows-1252"),
        (encoding_rs::MACINTOSH, "macintosh"),
    ] {
        invite(&encoding.encode(names).0, "")
            .exits(1)
            .says(&format!(
                "choose the right one, as in `--encoding {likely}`"
            ));
    }
    // The letters of Japanese are not of two alphabets.
    let names = "name,email\n\u{4f50}\u{85e4}\u{30bd}\u{3072},a@example.com\n";
    invite(&encoding_rs::SHIFT_JIS.encode(names).0, "")
        .exits(1)
        .says("choose the right one, as in `--encoding shift_jis`");
    // Lines of two encodings: the hint would damage the others.
    invite(b"name,email\nZo\xc3\xab,z@example.com\nJos\xe9,j@example.com\n", "")
        .exits(1)
        .says("hint: the lines before are UTF-8: if line 3 comes from another file, correct it; if not, line 3 reads `Jos\u{e9},");
}

#[test]
fn encodings_have_the_names_that_spreadsheets_show() {
    for (content, names) in [
        (
            WINDOWS,
            &[
                "ANSI",
                "Western European (Windows)",
                "1252",
                "1252 : Western European (Windows)",
            ][..],
        ),
        (MAC, &["Macintosh", "Western European (Mac)", "10000"]),
        (
            DOS,
            &[
                "cp437",
                "CP850",
                "OEM United States",
                "850 : Western European (DOS)",
            ],
        ),
    ] {
        for name in names {
            invite(content, name)
                .succeeds()
                .says("Jos\u{e9} N\u{fa}\u{f1}ez <jose@example.com>");
        }
    }
    let bom = "\u{feff}name,email\nJos\u{e9},jose@example.com\n";
    for name in [
        "UTF-8 with BOM",
        "Unicode (UTF-8)",
        "utf-8-sig",
        "CSV UTF-8 (Comma delimited)",
    ] {
        invite(bom.as_bytes(), name).succeeds();
        invite(&bom.as_bytes()[3..], name).succeeds();
    }
    let wide: Vec<u8> = bom.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for name in ["Unicode", "Unicode Text"] {
        invite(&wide, name).succeeds();
    }
    invite(DOS, "MS-DOS")
        .exits(1)
        .says("`cp437` in the USA, `cp850` in Western Europe");
}

/// Each byte is a character, also where a buffer ends.
#[test]
fn code_pages_are_decoded_across_buffers() {
    let mut content = b"name,email\n".to_vec();
    for number in 0..9_000 {
        content.extend_from_slice(b"\x9a\x81\xe1\xb3");
        content.extend_from_slice(format!(",a{number}@example.com\n").as_bytes());
    }
    Project::new()
        .file("people.csv", content)
        .rhai(
            &[],
            "print(count_by(scan_csv(\"people.csv\", #{ encoding: \"cp437\" }), \"name\"));",
        )
        .succeeds()
        .prints("#{\"\u{dc}\u{fc}\u{df}\u{2502}\": 9000}\n");
    // This code page leaves bytes undefined.
    Project::new()
        .file("people.csv", b"name\n\xa1\xd5\n")
        .rhai(&[], "read_csv(\"people.csv\", #{ encoding: \"cp857\" });")
        .exits(1)
        .says("error: `people.csv` line 2, column 2: not cp857 text (byte 0xd5)");
}

#[test]
fn utf_16_without_a_mark_is_recognized_whatever_its_first_letter() {
    for text in [
        "name,email\nAnn,ann@example.com\n",
        "\u{59d3}\u{540d},email\nAnn,ann@example.com\n",
    ] {
        for (bytes, likely) in [
            (
                text.encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
                "utf-16le",
            ),
            (
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                "utf-16be",
            ),
        ] {
            invite(&bytes, "")
                .exits(1)
                .says(&format!(
                    "hint: the file looks like {likely}: pass `--encoding {likely}`"
                ))
                .says(&format!(
                    "line 1 reads `{}` in {likely}",
                    text.lines().next().unwrap()
                ));
        }
    }
}
