//! Options of reading CSV files: delimiters, encodings, column names, comments.

use crate::support::{Project, Ran};

/// Reads a CSV file with these options, and prints the line and fields of each row.
fn rows_with(options: &str, content: impl AsRef<[u8]>) -> Ran {
    let script = format!(
        "for row in read_csv(\"people.csv\", {options}) {{ print(`${{row.line()}} ${{row}}`); }}"
    );
    Project::new()
        .file("people.csv", content)
        .rhai(&[], &script)
}

fn rows_of(content: impl AsRef<[u8]>) -> Ran {
    rows_with("#{}", content)
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn the_delimiter_is_detected() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = ["name", "email\nSmith", "j@x\nDoe", "d@x\n"].join(delimiter);
        rows_of(text)
            .succeeds()
            .prints("2 #{name: \"Smith\", email: \"j@x\"}\n3 #{name: \"Doe\", email: \"d@x\"}\n");
    }
}

#[test]
fn values_may_contain_other_delimiters() {
    rows_of("name;email;rate\nSmith, Jane;j@x;1,5\n\"Doe; Bo\";b@x;2,5\n")
        .succeeds()
        .prints(
            "2 #{name: \"Smith, Jane\", email: \"j@x\", rate: \"1,5\"}\n\
             3 #{name: \"Doe; Bo\", email: \"b@x\", rate: \"2,5\"}\n",
        );
    rows_of("email\na;b@x\nc|d@x\n")
        .succeeds()
        .prints("2 #{email: \"a;b@x\"}\n3 #{email: \"c|d@x\"}\n");
}

/// The file is longer than the part that detection looks at.
#[test]
fn reading_and_scanning_detect_the_same_delimiter() {
    let rows = "Smith, Jane;j@x\n".repeat(10_000);
    Project::new()
        .file("people.csv", format!("name;email\n{rows}"))
        .rhai(
            &[],
            "let scan = scan_csv(\"people.csv\");\nprint(scan.keys());\nprint(scan.to_array() == read_csv(\"people.csv\"));\nprint(count_by(scan, \"name\"));",
        )
        .succeeds()
        .prints("[\"name\", \"email\"]\ntrue\n#{\"Smith, Jane\": 10000}\n");
}

#[test]
fn the_delimiter_can_be_set() {
    rows_with("#{ delimiter: \":\" }", "a:b\n1,2:3\n")
        .succeeds()
        .prints("2 #{a: \"1,2\", b: \"3\"}\n");
    rows_with("#{ delimiter: ';' }", "a,b;c\n1;2\n")
        .succeeds()
        .prints("2 #{a,b: \"1\", c: \"2\"}\n");
    rows_with("#{ delimiter: \"tab\" }", "a,b\tc\n1\t2\n")
        .succeeds()
        .prints("2 #{a,b: \"1\", c: \"2\"}\n");
    rows_of("sep=;\r\na,b;c\r\n1;2\r\n")
        .succeeds()
        .prints("3 #{a,b: \"1\", c: \"2\"}\n");
    // As programs save it that do not know it.
    for declared in ["SEP=;", "\"sep=;\"", "sep=;;;"] {
        rows_of(format!("\u{feff}{declared}\na,b;c\n1;2\n"))
            .succeeds()
            .prints("3 #{a,b: \"1\", c: \"2\"}\n");
    }
    for wrong in ["\"\"", "\";;\"", "\"§\"", "\"\\\"\"", "\"\\n\""] {
        rows_with(&format!("#{{ delimiter: {wrong} }}"), "a\n1\n")
            .exits(1)
            .says("`delimiter` must be one ASCII character or `tab`, not `");
    }
}

#[test]
fn an_error_about_the_length_of_a_row_names_the_delimiter() {
    rows_of("a;b\n1;2\n3\n")
        .exits(1)
        .says("error: `people.csv` line 3: 1 field where the header has 2")
        .says("hint: an empty field still needs its semicolon, as in `;jane@example.com`");
}

#[test]
fn a_byte_order_mark_decides_the_encoding() {
    let text = "\u{feff}name;email\nZoë 李 👩;zoe@example.com\n";
    for content in [
        text.as_bytes().to_vec(),
        utf_16(text, u16::to_le_bytes),
        utf_16(text, u16::to_be_bytes),
    ] {
        // It takes precedence over the option.
        for options in ["#{}", "#{ encoding: \"windows-1252\" }"] {
            rows_with(options, &content)
                .succeeds()
                .prints("2 #{name: \"Zoë 李 👩\", email: \"zoe@example.com\"}\n");
        }
    }
    for mark in [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"] {
        rows_of(mark).exits(1).says("error: `people.csv` is empty");
    }
}

#[test]
fn marks_at_the_start_and_an_old_end_of_file_are_no_text() {
    rows_with(
        "#{ columns: [\"name\"] }",
        "\u{feff}\u{feff}\"name\",email\nAnn,a@x\n\u{1a}",
    )
    .succeeds()
    .prints("2 #{name: \"Ann\", email: \"a@x\"}\n");
    let marked = b"\xef\xbb\xbfname\nJos\xe9\n".to_vec();
    let cut = [
        b"\xff\xfe".to_vec(),
        utf_16("name\nZo\u{eb}", u16::to_le_bytes),
        vec![b'\n'],
    ]
    .concat();
    for content in [marked, cut] {
        rows_of(content)
            .exits(1)
            .says("the file starts with the mark of this encoding, so it is damaged")
            .never_says("encoding:");
    }
}

#[test]
fn other_encodings_can_be_set() {
    for (encoding, bytes, name) in [
        ("windows-1252", &b"name\nJos\xe9 \x80\n"[..], "José €"),
        ("latin1", b"name\nM\xfcller\n", "Müller"),
        ("windows-1250", b"name\n\xa3ukasz\n", "Łukasz"),
        ("shift_jis", b"name\n\x8e\x52\x93\x63\n", "山田"),
        ("utf-16le", b"n\0a\0m\0e\0\n\0\x4e\x67\n\0", "李"),
    ] {
        rows_with(&format!("#{{ encoding: \"{encoding}\" }}"), bytes)
            .succeeds()
            .prints(&format!("2 #{{name: \"{name}\"}}\n"));
    }
    rows_with("#{ encoding: \"window-1252\" }", "a\n1\n")
        .exits(1)
        .says("`encoding` must be the name of an encoding, not `window-1252`")
        .says("hint: did you mean `windows-1252`?");
}

/// The files are longer than the buffers, so that characters are split at every position.
#[test]
fn characters_across_buffers_are_read() {
    let rows = "Zoë 李,👩@example.com,x\n".repeat(9_000);
    for shift in 0..4 {
        let text = format!("name,email,{}\n{rows}", "n".repeat(shift + 1));
        let script = "let rows = read_csv(\"people.csv\");\nprint(rows.len());\nprint(count_by(rows, \"name\"));\nprint(count_by(rows, \"email\"));";
        for content in [
            text.clone().into_bytes(),
            utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes),
        ] {
            Project::new()
                .file("people.csv", content)
                .rhai(&[], script)
                .succeeds()
                .prints("9000\n#{\"Zoë 李\": 9000}\n#{\"👩@example.com\": 9000}\n");
        }
    }
}

#[test]
fn invalid_bytes_are_located_anywhere_in_a_file() {
    let rows = "Zoë,zoe@example.com\n".repeat(10_000);
    let mut content = format!("name,email\n{rows}").into_bytes();
    content.extend(b"Zo\xc3\xab Jos\xe9,jose@example.com\n");
    rows_of(content)
        .exits(1)
        .prints("")
        .says("error: `people.csv` line 10002, column 8: not UTF-8 text (byte 0xe9)");
    // A sequence that the end of the file cuts off.
    rows_of(b"name\nZo\xc3")
        .exits(1)
        .says("line 2, column 3: not UTF-8 text (byte 0xc3)");
    rows_with("#{ encoding: \"shift_jis\" }", "name\nZo\u{eb}\u{2014}\n")
        .exits(1)
        .says("`people.csv` line 2, column ")
        .says("not Shift_JIS text")
        .says("as in `#{ encoding: \"utf-8\" }`");
    rows_with("#{ encoding: \"utf-16le\" }", b"n\0a\0\n\0\x00\xd8")
        .exits(1)
        .says("not UTF-16LE text");
}

#[test]
fn the_likely_encoding_is_suggested() {
    for (names, likely) in [
        ("José Núñez\nFrançois Lefèvre", "windows-1252"),
        ("Małgorzata Wójcik\nZdzisław Świątek", "windows-1250"),
        ("Сергей Иванов\nНаталья Кузнецова", "windows-1251"),
        ("山田太郎\n鈴木花子", "shift_jis"),
    ] {
        let encoding = encoding_rs::Encoding::for_label(likely.as_bytes()).unwrap();
        let content = encoding.encode(names).0.into_owned();
        rows_of([b"name\n", &*content].concat())
            .exits(1)
            .says(&format!("as in `#{{ encoding: \"{likely}\" }}`"));
    }
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let name = if bytes(1) == [1, 0] {
            "utf-16le"
        } else {
            "utf-16be"
        };
        let content = utf_16("name,email\nZoë,zoe@example.com\n", bytes);
        rows_of(&content)
            .exits(1)
            .says("error: `people.csv` line 1, column ")
            .says(&format!("pass `#{{ encoding: \"{name}\" }}`"));
        rows_with(&format!("#{{ encoding: \"{name}\" }}"), &content)
            .succeeds()
            .prints("2 #{name: \"Zoë\", email: \"zoe@example.com\"}\n");
    }
}

#[test]
fn all_missing_columns_are_named_at_once() {
    const PEOPLE: &str = "Name,E-mail,team\nJane,j@x,design\n";
    rows_with("#{ columns: [\"team\", \"Name\"] }", PEOPLE)
        .succeeds()
        .prints("2 #{Name: \"Jane\", E-mail: \"j@x\", team: \"design\"}\n");
    rows_with("#{ columns: [\"Email\", \"team\", \"zone\"] }", PEOPLE)
        .exits(1)
        .says("error: `people.csv` line 1: there is no column `Email` or `zone`; the file has `Name`, `E-mail` and `team`")
        .says("hint: did you mean `E-mail` for `Email`?");
}

#[test]
fn a_file_without_header_has_numbered_or_given_columns() {
    const PEOPLE: &str = "\nJane,j@x\nBo,b@x\n";
    rows_with("#{ header: false }", PEOPLE).succeeds().prints(
        "2 #{column_1: \"Jane\", column_2: \"j@x\"}\n3 #{column_1: \"Bo\", column_2: \"b@x\"}\n",
    );
    rows_with("#{ header: false, columns: [\"name\", \"email\"] }", PEOPLE)
        .succeeds()
        .prints("2 #{name: \"Jane\", email: \"j@x\"}\n3 #{name: \"Bo\", email: \"b@x\"}\n");
    rows_with("#{ header: false, columns: [\"name\"] }", PEOPLE)
        .exits(1)
        .says("error: `people.csv` line 2: 2 fields, but `columns` names 1");
    rows_with("#{ header: false, columns: [\"name\", \"name\"] }", PEOPLE)
        .exits(1)
        .says("the column `name` appears twice");
    rows_with("#{ header: false }", "Jane,j@x\nBo\n")
        .exits(1)
        .says("error: `people.csv` line 2: 1 field where the first row has 2");
    rows_with("#{ header: false }", "")
        .exits(1)
        .says("error: `people.csv` is empty")
        .says("pass `#{ allow_empty: true }`");
    rows_with("#{ header: false, allow_empty: true }", "")
        .succeeds()
        .prints("");
}

#[test]
fn comments_are_left_out_and_counted_as_lines() {
    rows_with(
        "#{ comment: \"#\" }",
        "# made by hand\r\n#\r\nname,email\r\n# Jane,j@x\r\n\r\nBo # 2,b@x\r\n\"# Al\",a@x\r\n# end",
    )
    .succeeds()
    .prints("6 #{name: \"Bo # 2\", email: \"b@x\"}\n7 #{name: \"# Al\", email: \"a@x\"}\n");
    rows_of("#name,email\n1,2\n")
        .succeeds()
        .prints("2 #{#name: \"1\", email: \"2\"}\n");
    // Comments may contain delimiters, and be longer than any buffer.
    let (short, long) = ("c,".repeat(1_000), "c,".repeat(100_000));
    rows_with(
        "#{ comment: '%' }",
        format!("%{short}\na;b\n%{long}\n1;2\n"),
    )
    .succeeds()
    .prints("4 #{a: \"1\", b: \"2\"}\n");
}

#[test]
fn values_can_be_trimmed() {
    rows_with("#{ trim: true }", "name,email\n Jane\u{a0},\" j@x \"\n")
        .succeeds()
        .prints("2 #{name: \"Jane\", email: \"j@x\"}\n");
}

#[test]
fn column_names_can_be_normalized() {
    Project::new()
        .file("people.csv", "E-mail Address,Prénom,2nd choice\nj@x,Zoë,sales\n")
        .rhai(
            &[],
            "let row = read_csv(\"people.csv\", #{ normalize_headers: true, columns: [\"prenom\"] })[0];\nprint(row.e_mail_address + row.prenom + row.column_2nd_choice);",
        )
        .succeeds()
        .prints("j@xZoësales\n");
    rows_with("#{ normalize_headers: true }", "E-mail,name,e mail\n1,2,3\n")
        .exits(1)
        .says("error: `people.csv` line 1: the columns 1 `E-mail` and 3 `e mail` would both be called `e_mail`")
        .says("hint: rename one of them in the file, or read it without `normalize_headers`");
}

/// Spreadsheets write lines of delimiters for emptied rows.
#[test]
fn lines_of_delimiters_alone_are_left_out() {
    rows_of(";;\n;\nname;email;team\n;;\nJane;j@x;\n ; ;\t\n;;;;\n;;b\n;;\r\n;;")
        .succeeds()
        .prints(
            "5 #{name: \"Jane\", email: \"j@x\", team: \"\"}\n\
             8 #{name: \"\", email: \"\", team: \"b\"}\n",
        );
    rows_with("#{ trim: true }", "name,email\n \n,\n , j@x\n")
        .succeeds()
        .prints("4 #{name: \"\", email: \"j@x\"}\n");
    rows_with("#{ header: false }", ",\n,1\n")
        .succeeds()
        .prints("2 #{column_1: \"\", column_2: \"1\"}\n");
    rows_of("name;email\n;\n;")
        .exits(1)
        .says("error: `people.csv` has a header but no rows");
}

#[test]
fn an_empty_value_in_quotes_makes_a_row() {
    rows_of("name,email\n\"\",\n,\"\"\n,\n\"\",\"\"")
        .succeeds()
        .prints(
            "2 #{name: \"\", email: \"\"}\n3 #{name: \"\", email: \"\"}\n5 #{name: \"\", email: \"\"}\n",
        );
}

/// For arbitrary bytes, the program never crashes, and both ways of reading give the same rows or the same error.
#[test]
fn arbitrary_bytes_are_read_or_rejected() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces: [&[u8]; 16] = [
        b"a",
        b"b",
        b"1",
        b"\n",
        b",",
        b";",
        b"\t",
        b"\"",
        b"\r\n",
        b"\r",
        b"#",
        b" ",
        b"\xc3\xab",
        b"\xff",
        b"\0",
        b"\xff\xfe",
    ];
    let mut project = Project::new();
    for number in 0..400 {
        let length = random.usize(0..20);
        let content: Vec<u8> = (0..length)
            .flat_map(|_| pieces[random.usize(0..pieces.len())])
            .copied()
            .collect();
        project = project.file(&format!("{number}.csv"), content);
    }
    project
        .rhai(
            &[],
            r##"
            let kinds = [#{}, #{ header: false, allow_empty: true }, #{ encoding: "utf-16be" }, #{ comment: "#", trim: true }];
            let read = 0;
            let refused = 0;
            for number in 0..400 {
                for options in kinds {
                    let path = `${number}.csv`;
                    let rows = ();
                    let problem = ();
                    try { rows = read_csv(path, options); } catch (error) { problem = error; }
                    let scanned = ();
                    let same = ();
                    try { scanned = scan_csv(path, options).to_array(); } catch (error) { same = error; }
                    if rows != scanned || (problem == ()) != (same == ()) { throw `${path}: ${problem} ${same}`; }
                    if problem == () { read += 1; } else {
                        refused += 1;
                        if problem.error != "bad_table" { throw problem; }
                    }
                }
            }
            if read < 100 || refused < 100 { throw `${read} read, ${refused} refused`; }
            "##,
        )
        .succeeds();
}
