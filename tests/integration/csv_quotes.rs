//! Quotes in CSV files: a file is read in the one way that it can be read, or refused. A quote never swallows people silently.

use crate::support::{Project, Ran};

fn read(content: &str) -> Ran {
    Project::new().file("people.csv", content).rhai(
        &[],
        "for row in read_csv(\"people.csv\") { print(`${row.line()} ${row.values()}`); }",
    )
}

#[track_caller]
fn refuses(content: &str, problem: &str, hint: &str) {
    for content in [
        content.to_owned(),
        content.replace('\n', "\r\n"),
        content.replace('\n', "\r"),
    ] {
        read(&content)
            .exits(1)
            .says(&format!("error: `people.csv` {problem}"))
            .says(hint);
    }
}

#[test]
fn a_quote_that_is_not_closed_swallows_nobody() {
    for (content, problem) in [
        // Another quote opens a field further down.
        (
            "name,email\n\"Ann Lee,ann@example.com\nBo Li,bo@example.com\n\"Cy Mo\",cy@example.com\n",
            "line 4: text after the quote that closes a field; the field is opened in line 2",
        ),
        (
            "name;email\nAnn Lee;\"ann@example.com\nBo Li;bo@example.com\nCy Mo;\"cy@example.com\"\n",
            "line 4: text after the quote that closes a field; the field is opened in line 2",
        ),
        // There is no other quote.
        (
            "name\temail\nAnn Lee\tann@example.com\n\"Bo Li\tbo@example.com\nCy Mo\tcy@example.com\n",
            "line 3: a quote is opened and never closed",
        ),
        // Another quote is missing, so that the file is well-formed.
        (
            "name,email\n\"Ann Lee,ann@example.com\nBo Li,bo@example.com\nCy Mo\",cy@example.com\nDi Fu,di@example.com\n",
            "line 2: a row inside a quoted field, which is opened in line 2",
        ),
        (
            "name,email,note\nAnn,ann@example.com,\"one\nBo,bo@example.com,two\nCy,cy@example.com,three\"\n",
            "line 3: a row inside a quoted field, which is opened in line 2",
        ),
        (
            "name|email|team\nAnn|\"ann@example.com|design\nBo|bo@example.com\"|sales\n",
            "line 2: a row inside a quoted field, which is opened in line 2",
        ),
        // Fields that contain a comma no longer have quotes of their own.
        (
            "name,email\n\"Lee, Ann,ann@example.com\nMo, Cy\",cy@example.com\n",
            "line 2: a row inside a quoted field, which is opened in line 2",
        ),
        // The address is not valid, or missing.
        (
            "name,email\n\"Ann,ann@localhost\nBo\",bo@example.com\n",
            "line 2: a row inside a quoted field, which is opened in line 2",
        ),
        (
            "name,email\n\"Ann,\nBo\",bo@example.com\n",
            "line 3: a row inside a quoted field, which is opened in line 2",
        ),
        (
            "id,team,name\n1,a,Ann\n2,b,\"Bo\n3,c,Cy\n4,d,Di\"\n",
            "line 4: a row inside a quoted field, which is opened in line 3",
        ),
        // A list of addresses.
        (
            "email\n\"ann@example.com\nbo@example.com\"\ncy@example.com\n",
            "line 3: a row inside a quoted field, which is opened in line 2",
        ),
        // The first line is swallowed.
        (
            "\"name,email\nAnn,ann@example.com\nBo\",bo@example.com\n",
            "line 2: a row inside a quoted field, which is opened in line 1",
        ),
        (
            "name, email\n\"Ann, ann@example.com\nBo\", bo@example.com\n",
            "line 2: a row inside a quoted field, which is opened in line 2",
        ),
    ] {
        refuses(
            content,
            problem,
            "a quote (`\"`) that is opened and not closed swallows the lines after it",
        );
    }
}

#[test]
fn a_quote_is_escaped_by_a_quote_only() {
    let hint = "double a quote inside a quoted field, as in `\"Jane \"\"JJ\"\" Doe\"`";
    for field in [
        "\"Ann \\\"AJ\\\" Lee\"",
        "\"\\\"AJ\\\" Lee\"",
        "\"Ann \\\"AJ\\\"\"",
    ] {
        refuses(
            &format!("name,email\nBo,bo@example.com\n{field},ann@example.com\n"),
            "line 3: a backslash does not escape a quote (`\\\"`); the field is opened in line 3",
            hint,
        );
    }
    refuses(
        "name,email\n\"Ann \"AJ\" Lee\",ann@example.com\n",
        "line 2: text after the quote that closes a field; the field is opened in line 2",
        hint,
    );
    refuses(
        "name,height\nAnn,\"5\\\"\"\nBo,\"6\\\"\"\n",
        "line 3: a backslash does not escape a quote (`\\\"`); the field is opened in line 2",
        "swallows the lines after it: close the one in line 2",
    );
}

#[test]
fn a_quote_in_a_field_that_is_not_quoted_is_refused() {
    for name in [
        "Ann \"AJ Lee",
        "Ann\"",
        "An\"n",
        "Ann\"AJ\"",
        "Ann \" AJ \" Lee",
    ] {
        refuses(
            &format!("name,email\nBo,bo@example.com\n{name},ann@example.com\n"),
            "line 3: a quote in the middle of a field",
            "if the quote is text, put the whole field in quotes and double the quote",
        );
    }
    for row in [
        " \"Ann Lee\",ann@example.com",
        "Ann Lee, \"ann@example.com\"",
    ] {
        refuses(
            &format!("name,email\n{row}\n"),
            "line 2: a space before the quote that opens a field",
            "delete the space before the quote",
        );
    }
}

#[test]
fn quotes_that_can_be_read_in_one_way_are_read() {
    read(
        "name,email,note\n\
         Ann \"AJ\" Lee,ann@example.com,\"says \"\"hi\"\"\"\n\
         5'11\",37\u{b0}36'37.8\"N 121\u{b0}2'17.9\"W,Class of \"99\"\n\
         \"Lee, Bo\" ,bo@example.com,\"\"\n\
         \"O\u{2019}Hara, \u{201c}Cy\u{201d}\",cy@example.com,\"C:\\temp\\\"\n",
    )
    .succeeds()
    .prints(
        "2 [\"Ann \\\"AJ\\\" Lee\", \"ann@example.com\", \"says \\\"hi\\\"\"]\n\
         3 [\"5'11\\\"\", \"37\u{b0}36'37.8\\\"N 121\u{b0}2'17.9\\\"W\", \"Class of \\\"99\\\"\"]\n\
         4 [\"Lee, Bo \", \"bo@example.com\", \"\"]\n\
         5 [\"O\u{2019}Hara, \u{201c}Cy\u{201d}\", \"cy@example.com\", \"C:\\\\temp\\\\\"]\n",
    );
}

#[test]
fn quoted_fields_may_span_lines() {
    for end in ["\n", "\r\n", "\r"] {
        let content = [
            "email,\"full",
            "name\",note",
            "ann@example.com,Ann,\"Street 1, 1st floor",
            "12345 Town",
            "",
            "Call her, please: she, too, has questions\"",
            "\"bo@example.com\",\"Bo",
            "Li\",\"Referred by",
            "Cy Mo, cy@example.com",
            "or so\"",
            "di@example.com,Di,",
        ];
        let ran = read(&content.join(end)).succeeds();
        let lines: Vec<&str> = ran.stdout.lines().map(|line| &line[..2]).collect();
        assert_eq!(lines, ["3 ", "7 ", "11"], "{}", ran.stdout);
    }
}

#[test]
fn a_note_with_rows_is_read_if_no_row_can_have_been_swallowed() {
    for (content, rows) in [
        // In a file with all fields in quotes, a swallowed row would have quotes.
        (
            "\"email\",\"name\",\"note\"\n\"ann@example.com\",\"Ann\",\"See\nbo@example.com,Bo,late\nThanks\"\n\"cy@example.com\",\"\",\"\"\n",
            2,
        ),
        // A row has more fields than the line in the note.
        (
            "email,name,note\nann@example.com,Ann,\"Signed\nAnn Lee,ann@example.com\nBye\"\ncy@example.com,Cy,\n",
            2,
        ),
        (
            "note,email,name\n\"Signed\nAnn Lee,ann@example.com\nBye\",ann@example.com,Ann\n",
            1,
        ),
        (
            "email,note,name\nann@example.com,\"one\nbo@example.com,Bo\nend\",Ann\n",
            1,
        ),
    ] {
        for content in [content.to_owned(), content.replace('\n', "\r\n")] {
            let ran = read(&content).succeeds();
            assert_eq!(ran.stdout.lines().count(), rows, "{}", ran.stdout);
        }
    }
    // The first line in quotes is empty, and the last row ends with a field of two lines.
    for content in [
        "name,email,note\nAnn,ann@example.com,\"\nBo,bo@example.com,none\"\n",
        "email,note\nann@example.com,\"one\nbo@example.com,\ncy@example.com,two\nthree\"\n",
    ] {
        refuses(
            content,
            "line 3: a row inside a quoted field, which is opened in line 2",
            "swallows the lines after it",
        );
    }
    // Columns without a name may be missing at the end.
    refuses(
        "name,email,,\nAnn,\"ann@example.com\nBo,bo@example.com\nCy,cy@example.com\"\n",
        "line 3: a row inside a quoted field, which is opened in line 2",
        "if this is one value, delete the line breaks in it, or export the file with all fields in quotes",
    );
    refuses(
        "\"email\"\n\"ann@example.com\nbo@example.com\"\n\"cy@example.com\"\n",
        "line 3: a row inside a quoted field, which is opened in line 2",
        "swallows the lines after it",
    );
}

#[test]
fn other_kinds_of_quotes_are_named_if_they_do_not_work() {
    for name in [
        "'Lee, Ann'",
        "\u{201c}Lee, Ann\u{201d}",
        "\u{201e}Lee, Ann\u{201c}",
        "\u{ab}Lee, Ann\u{bb}",
    ] {
        let quote = name.chars().next().unwrap();
        refuses(
            &format!("name,email\n{name},ann@example.com\n"),
            "line 2: 3 fields where the header has 2",
            &format!("only `\"` puts a field in quotes: replace the `{quote}` at both ends"),
        );
    }
}

#[test]
fn a_row_with_too_many_fields_names_the_quote_that_spans_lines() {
    refuses(
        "name,note,email\nAnn,\"x\ny\",z,ann@example.com\n",
        "line 2: 4 fields where the header has 3",
        "swallows the lines after it: is the quote that opens in line 2 meant to close in line 3?",
    );
}
