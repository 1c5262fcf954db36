//! Random tables in random dialects of CSV, read back exactly, and the same files with quotes that were lost or added: nobody
//! may be missing silently.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::seeds::for_each_seed;
use crate::support::Project;

/// How many tables are made of one seed, and how many times each is damaged.
const TABLES: usize = 12;
const DAMAGES: usize = 12;

/// The letters that an encoding has in addition to ASCII, and its bytes for them.
const ENCODINGS: [(&str, &[(char, u8)]); 4] = [
    (
        "windows-1252",
        &[('é', 0xE9), ('Ü', 0xDC), ('ß', 0xDF), ('€', 0x80)],
    ),
    (
        "macintosh",
        &[('é', 0x8E), ('Ü', 0x86), ('ß', 0xA7), ('Ω', 0xBD)],
    ),
    (
        "cp850",
        &[('é', 0x82), ('Ü', 0x9A), ('ß', 0xE1), ('Ø', 0x9D)],
    ),
    (
        "cp437",
        &[('é', 0x82), ('Ü', 0x9A), ('ß', 0xE1), ('ñ', 0xA4)],
    ),
];

struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    delimiter: u8,
    text: String,
}

fn random_table(rng: &mut Rng, letters: &[char]) -> Table {
    let mut columns = vec!["name", "email"];
    columns.extend(&["team", "note", "zone"][..rng.usize(0..=3)]);
    rng.shuffle(&mut columns);
    let delimiter = *rng.choice(b",;\t|").unwrap();
    let rows = (0..rng.usize(2..12)).map(|number| {
        let cells = columns.iter().map(|column| match *column {
            "email" => format!("person{number}@example.com"),
            _ => random_cell(rng, letters, delimiter.into()),
        });
        cells.collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let header: Vec<String> = columns.iter().map(ToString::to_string).collect();
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(
            *rng.choice(&[
                QuoteStyle::Necessary,
                QuoteStyle::Always,
                QuoteStyle::NonNumeric,
            ])
            .unwrap(),
        )
        .terminator(
            *rng.choice(&[
                Terminator::CRLF,
                Terminator::Any(b'\n'),
                Terminator::Any(b'\r'),
            ])
            .unwrap(),
        )
        .from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in &rows {
        writer.write_record(row).unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    Table {
        header,
        rows,
        delimiter,
        text,
    }
}

fn random_cell(rng: &mut Rng, letters: &[char], delimiter: char) -> String {
    let word = |rng: &mut Rng| {
        let word: String = (0..rng.usize(1..5))
            .map(|_| {
                if rng.u8(0..4) == 0 {
                    *rng.choice(letters).unwrap()
                } else {
                    rng.lowercase()
                }
            })
            .collect();
        word
    };
    let (one, other) = (word(rng), word(rng));
    match rng.u8(0..10) {
        0 => String::new(),
        1 => format!("{one}{delimiter}{other}"),
        2 => format!("{one}, {other}"),
        3 => format!("{one} \"{other}\""),
        4 => format!("\"{one}\""),
        5 => format!("{one}\n{other}"),
        6 => format!("{one}\r\n\r\n{other}"),
        7 => format!("\"\"{delimiter}\" {one}"),
        8 => format!(" {one} "),
        _ => one,
    }
}

/// Encodes the text of a table in a random way. Returns the bytes, and the options to read them with.
fn encode(rng: &mut Rng, table: &Table, encoding: Option<usize>) -> (Vec<u8>, Value) {
    let mut options = json!({});
    if rng.bool() {
        options["delimiter"] = char::from(table.delimiter).to_string().into();
    }
    if let Some((name, known)) = encoding.map(|index| ENCODINGS[index]) {
        options["encoding"] = name.into();
        let byte = |letter: char| {
            let special = known.iter().find(|(known, _)| *known == letter);
            special.map_or_else(|| u8::try_from(letter).unwrap(), |(_, byte)| *byte)
        };
        return (table.text.chars().map(byte).collect(), options);
    }
    let marked = format!("\u{feff}{}", table.text);
    let bytes = match rng.u8(0..4) {
        0 => table.text.clone().into_bytes(),
        1 => marked.into_bytes(),
        2 => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    };
    (bytes, options)
}

fn random_tables(rng: &mut Rng) -> Vec<(Table, Option<usize>)> {
    let tables = (0..TABLES).map(|_| {
        let encoding = rng.bool().then(|| rng.usize(0..ENCODINGS.len()));
        let letters = match encoding {
            Some(index) => ENCODINGS[index]
                .1
                .iter()
                .map(|(letter, _)| *letter)
                .collect(),
            None => vec!['é', '李', '\u{1f469}', 'ß', '“', '\''],
        };
        (random_table(rng, &letters), encoding)
    });
    tables.collect()
}

#[test]
fn random_tables_are_read_back_exactly() {
    for_each_seed(|seed| {
        let mut rng = Rng::with_seed(seed);
        let mut project = Project::new();
        let mut cases = Vec::new();
        let mut expected = Vec::new();
        for (number, (table, encoding)) in random_tables(&mut rng).iter().enumerate() {
            let (bytes, options) = encode(&mut rng, table, *encoding);
            let file = format!("{number}.csv");
            project = project.file(&file, bytes);
            cases.push(json!({ "file": file, "options": options }));
            expected.push(json!([table.header, table.rows]));
        }
        let project = project.file("cases.json", json!(cases).to_string());
        project
            .rhai(
                &[],
                "let read = [];\n\
                 for table in read_json(\"cases.json\") {\n\
                 let rows = read_csv(table.file, table.options);\n\
                 read.push([rows[0].keys(), rows.map(|row| row.values())]);\n\
                 }\n\
                 write_json(\"read.json\", read);",
            )
            .succeeds();
        let read: Value = serde_json::from_str(&project.read("read.json")).unwrap();
        assert_eq!(read, Value::Array(expected), "seed {seed}");
    });
}

/// Adds or deletes up to three quotes.
fn damage(rng: &mut Rng, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..rng.usize(1..=3) {
        let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
        match rng.choice(&quotes) {
            Some(at) if rng.bool() => {
                text.remove(*at);
            }
            _ => {
                let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
                text.insert(*rng.choice(&places).unwrap(), '"');
            }
        }
    }
    text
}

#[test]
fn nobody_is_missing_silently_in_a_damaged_file() {
    for_each_seed(|seed| {
        let mut rng = Rng::with_seed(1_000 + seed);
        let mut project = Project::new();
        let mut files = Vec::new();
        for (number, (table, _)) in random_tables(&mut rng).iter().enumerate() {
            for copy in 0..=DAMAGES {
                let text = if copy == 0 {
                    table.text.clone()
                } else {
                    damage(&mut rng, &table.text)
                };
                let delimiter = char::from(table.delimiter).to_string();
                let name = format!("{number}-{copy}.csv");
                project = project.file(&name, &text);
                files.push((json!({ "file": name, "delimiter": delimiter }), text));
            }
        }
        let cases: Vec<&Value> = files.iter().map(|(case, _)| case).collect();
        let project = project.file("cases.json", json!(cases).to_string());
        project
            .rhai(
                &[],
                "let read = [];\n\
                 for table in read_json(\"cases.json\") {\n\
                 try { read.push(read_csv(table.file, #{ delimiter: table.delimiter }).map(|row| row.line())); }\n\
                 catch (problem) { read.push(problem.error); }\n\
                 }\n\
                 write_json(\"read.json\", read);",
            )
            .succeeds();
        let read: Vec<Value> = serde_json::from_str(&project.read("read.json")).unwrap();
        assert_eq!(read.len(), files.len());
        let mut refused = 0;
        for (read, files) in read.chunks(DAMAGES + 1).zip(files.chunks(DAMAGES + 1)) {
            assert!(
                read[0].is_array(),
                "seed {seed}: {} {:?}",
                read[0],
                files[0].1
            );
            for (lines, (_, text)) in read.iter().zip(files) {
                refused += usize::from(lines == "bad_table");
                assert!(
                    *lines == read[0] || lines == "bad_table",
                    "seed {seed}: {lines} of {}\n{:?}\n{text:?}",
                    read[0],
                    files[0].1
                );
            }
        }
        assert!(refused > TABLES, "seed {seed}: {refused}");
    });
}
