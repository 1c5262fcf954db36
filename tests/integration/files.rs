//! Reading files (CSV with unusual syntax, lists, JSON) and writing them.

use crate::support::{Project, Ran};

/// Reads a CSV file, and prints the line and fields of each row.
fn rows_of(content: impl AsRef<[u8]>) -> Ran {
    Project::new().file("people.csv", content).rhai(
        &[],
        "for row in read_csv(\"people.csv\") { print(`${row.line()} ${row.values()}`); }",
    )
}

/// Reads a CSV file, which fails.
fn read_error(content: impl AsRef<[u8]>) -> Ran {
    rows_of(content)
        .exits(1)
        .prints("")
        .says("--> script.rhai:1:")
}

#[test]
fn quoted_fields_hold_commas_quotes_and_line_breaks() {
    rows_of("name,email\n\"Smith, \"\"J\"\"\",j@example.com\n\"Two\nlines\",t@example.com\n\"Three\r\nmore\n\",h@example.com\nLast,l@example.com\n")
        .succeeds()
        .prints(
            "2 [\"Smith, \\\"J\\\"\", \"j@example.com\"]\n\
             3 [\"Two\\nlines\", \"t@example.com\"]\n\
             5 [\"Three\\r\\nmore\\n\", \"h@example.com\"]\n\
             8 [\"Last\", \"l@example.com\"]\n",
        );
}

#[test]
fn every_kind_of_line_ending_is_recognized() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "1,2", "", "", "3,4", "5,6"].join(end);
        rows_of(text)
            .succeeds()
            .prints("2 [\"1\", \"2\"]\n5 [\"3\", \"4\"]\n6 [\"5\", \"6\"]\n");
    }
}

#[test]
fn blank_lines_before_the_header_are_counted() {
    rows_of("\n\na,b\n1,2")
        .succeeds()
        .prints("4 [\"1\", \"2\"]\n");
    rows_of("\n\na,b\n1\n")
        .exits(1)
        .says("`people.csv` line 4: 1 field where the header has 2");
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_column() {
    Project::new()
        .file(
            "people.csv",
            "\u{feff}\"email\",name\njane@example.com,Jane\n",
        )
        .rhai(&[], "print(read_csv(\"people.csv\")[0].email);")
        .succeeds()
        .prints("jane@example.com\n");
}

#[test]
fn column_names_are_trimmed_and_values_are_not() {
    Project::new()
        .file("people.csv", " email ,\tname\n jane@example.com , Jane \n")
        .rhai(&[], "let row = read_csv(\"people.csv\")[0];\nprint(row.keys());\nprint(`<${row.email}><${row.name}>`);")
        .succeeds()
        .prints("[\"email\", \"name\"]\n< jane@example.com >< Jane >\n");
}

#[test]
fn every_value_is_text() {
    rows_of("id,zip,flag\n007,01067,true\n1e5,-0,\n")
        .succeeds()
        .prints("2 [\"007\", \"01067\", \"true\"]\n3 [\"1e5\", \"-0\", \"\"]\n");
}

#[test]
fn a_ragged_row_is_an_error_with_its_line() {
    read_error("a,b\n1,2\n\n1,2,3\n")
        .says("error: `people.csv` line 4: 3 fields where the header has 2")
        .says("put a field that contains a comma in quotes");
    read_error("a,b\n1\n")
        .says("error: `people.csv` line 2: 1 field where the header has 2")
        .says("an empty field still needs its comma")
        .says("delete a line that is not a row, such as a total");
    read_error("a,b\n1,2,\n").says(
        "delete the comma at the end of the line, or add it to the header if each line has it",
    );
    read_error("a,b\n1,2\n\0\0\0").says("there are zero bytes in this line");
}

#[test]
fn a_quote_that_is_never_closed_is_explained() {
    read_error("name,email\n\"Jane,jane@example.com\nJohn,john@example.com\n")
        .says("error: `people.csv` line 2: a quote is opened and never closed")
        .says("a quote (`\"`) that is opened and not closed swallows the lines after it");
    let endless = format!(
        "name,email\n\"Jane,jane@example.com\n{}",
        "John,john@example.com\n".repeat(60_000)
    );
    read_error(endless)
        .says("`people.csv` line 2: a record longer than 1048576 bytes")
        .says("a quote (`\"`) that is opened and not closed");
}

/// An open quote in the last field leaves a record with the right number of fields.
#[test]
fn a_quote_that_is_open_at_the_end_of_the_file_is_an_error() {
    read_error("email,name\njane@example.com,\"Jane\njohn@example.com,John\n")
        .says("people.csv` line 2");
}

#[test]
fn column_names_must_be_unique() {
    read_error("email,name, email \n1,2,3\n")
        .says("error: `people.csv` line 1: the column `email` appears twice (columns 1 and 3)")
        .says("rename one of them");
    read_error("email,,name\n1,2,3\n")
        .says("error: `people.csv` line 1: column 2 has no name")
        .says("give it a name");
}

#[test]
fn a_file_without_rows_is_an_error_unless_allowed() {
    read_error("name,email\n\n")
        .says("error: `people.csv` has a header but no rows")
        .says("pass `#{ allow_empty: true }`");
    Project::new()
        .file("people.csv", "name,email\n")
        .rhai(
            &[],
            "print(read_csv(\"people.csv\", #{ allow_empty: true }));",
        )
        .succeeds()
        .prints("[]\n");
    for nothing in ["", "\n\r\n", "\u{feff}"] {
        read_error(nothing)
            .says("error: `people.csv` is empty")
            .says("the first line must name the columns, such as `name,email`");
    }
}

#[test]
fn a_missing_file_is_named() {
    Project::new()
        .rhai(&[], "read_csv(\"lists/people.csv\");")
        .exits(1)
        .says("error: cannot open `lists/people.csv`: No such file or directory")
        .says("paths are relative to the directory the command runs in");
}

#[test]
fn a_directory_cannot_be_read_as_a_file() {
    Project::new()
        .rhai(&[], "read_csv(\".\");")
        .exits(1)
        .says("`.`: ");
}

#[test]
fn bytes_that_are_not_utf_8_are_located() {
    read_error(b"name,email\nJane,jane@example.com\n\nJos\xe9,jose@example.com\n")
        .says("error: `people.csv` line 4, column 4: not UTF-8 text (byte 0xe9)")
        .says("choose the right one, as in `#{ encoding: \"windows-1252\" }`")
        .says("save the file as UTF-8");
    read_error(b"email,name\njose@example.com,Jos\xe9\n").says("line 2, column 21: not UTF-8");
    read_error(b"email,n\xe4me\n1,2\n").says("line 1, column 8: not UTF-8");
    // Columns are counted in characters, after quotes and multi-byte characters too.
    read_error(b"email,name\n\"a\nb\",\"Zo\xc3\xab Jos\xe9\"\n")
        .says("line 3, column 12: not UTF-8");
}

#[test]
fn an_unknown_option_gets_a_suggestion() {
    Project::new()
        .file("people.csv", "a\n1\n")
        .rhai(&[], "read_csv(\"people.csv\", #{ allow_emtpy: true });")
        .exits(1)
        .says("error: there is no option `allow_emtpy`")
        .says("hint: did you mean `allow_empty`?");
    Project::new()
        .rhai(&["--sandbox"], "list_sessions(#{ stauts: \"invited\" });")
        .exits(1)
        .says("hint: did you mean `status`?");
}

#[test]
fn an_option_of_a_wrong_type_is_rejected() {
    Project::new()
        .file("people.csv", "a\n1\n")
        .rhai(&[], "read_csv(\"people.csv\", #{ allow_empty: \"yes\" });")
        .exits(1)
        .says("`allow_empty` must be `true` or `false`, not `string`");
    Project::new()
        .file("people.csv", "a\n1\n")
        .rhai(
            &[],
            "read_csv(\"people.csv\", #{ allow_empty: \"y\" + \"es\" });",
        )
        .exits(1)
        .says("`allow_empty` must be `true` or `false`, not `string`");
}

#[test]
fn a_row_is_read_by_column() {
    Project::new()
        .file("people.csv", "Full Name,email\nJane,jane@example.com\n")
        .rhai(
            &[],
            r#"
            let row = read_csv("people.csv")[0];
            print(row.email + row["Full Name"]);
            print("email" in row);
            print("team" in row);
            print(row.get("team") ?? "none");
            print(row.get("email") ?? "none");
            print(row.file() + " " + row.line());
            print(row.keys());
            print(row.values());
            print(row.to_map());
            print(row);
            "#,
        )
        .succeeds()
        .prints(
            "jane@example.comJane\ntrue\nfalse\nnone\njane@example.com\npeople.csv 2\n\
             [\"Full Name\", \"email\"]\n[\"Jane\", \"jane@example.com\"]\n\
             #{\"Full Name\": \"Jane\", \"email\": \"jane@example.com\"}\n\
             #{Full Name: \"Jane\", email: \"jane@example.com\"}\n",
        );
}

#[test]
fn changing_a_row_does_not_change_others() {
    Project::new()
        .file(
            "people.csv",
            "email,name\njane@example.com,Jane\njohn@example.com,John\n",
        )
        .rhai(
            &[],
            r#"
            let rows = read_csv("people.csv");
            rows[0].name = "J";
            rows[0].days = 5;
            let copy = rows[0];
            copy["email"] += ".invalid";
            print(rows[0].keys());
            print(rows[1].keys());
            print(rows[0].values());
            print(copy.email);
            print(rows[0] == copy);
            "#,
        )
        .succeeds()
        .prints(
            "[\"email\", \"name\", \"days\"]\n[\"email\", \"name\"]\n\
             [\"jane@example.com\", \"J\", \"5\"]\njane@example.com.invalid\nfalse\n",
        );
}

#[test]
fn awkward_values_are_written_and_read_back_unchanged() {
    let awkward = [
        "a,b",
        "say \"hi\"",
        "two\nlines",
        "cr\rlf\r\n",
        " spaces ",
        "007",
        "",
        "Zoë 李",
        "'=1+1",
    ];
    let literals: Vec<String> = awkward.iter().map(|text| format!("{text:?}")).collect();
    let project = Project::new();
    project
        .rhai(
            &[],
            &format!(
                "let values = [{}];\n\
                 write_csv(\"out.csv\", values.map(|v| #{{ value: v, \"the, key\": \"k\" }}));\n\
                 print(read_csv(\"out.csv\").map(|row| row.value) == values);",
                literals.join(", ")
            ),
        )
        .succeeds()
        .prints("true\n");
    let table = project.read_csv("out.csv");
    assert_eq!(table[0], ["the, key", "value"]);
    let values: Vec<&str> = table[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(values, awkward);
}

/// A row of one empty field would be a blank line, which is left out.
#[test]
fn a_single_empty_field_is_still_a_row() {
    Project::new()
        .rhai(
            &[],
            "write_csv(\"out.csv\", [#{ a: \"1\" }, #{ a: \"\" }, #{ a: \"3\" }]);\nprint(read_csv(\"out.csv\").len());",
        )
        .succeeds()
        .prints("3\n");
}

#[test]
fn a_row_without_values_is_read_back_as_a_row() {
    let project = Project::new();
    project
        .rhai(
            &[],
            "let rows = [#{ a: \"1\", b: \"2\" }, #{ a: (), b: \" \" }, #{ a: \"3\", b: \"\" }];\n\
             write_csv(\"out.csv\", rows, #{ delimiter: \";\" });\nprint(read_csv(\"out.csv\").map(|row| row.values()));",
        )
        .succeeds()
        .prints("[[\"1\", \"2\"], [\"\", \" \"], [\"3\", \"\"]]\n");
    assert_eq!(project.read("out.csv"), "a;b\n1;2\n\"\";\" \"\n3;\n");
}

#[test]
fn columns_keep_the_order_of_the_file() {
    let project = Project::new().file("people.csv", "zeta,alpha,mid\n1,2,3\n");
    project
        .rhai(
            &[],
            r#"
            let rows = read_csv("people.csv");
            rows[0].added = "4";
            rows.push(#{ beta: 5, alpha: 6 });
            write_csv("all.csv", rows);
            write_csv("some.csv", rows, ["mid", "nowhere", "zeta"]);
            write_csv("arrays.csv", [[1, 2.5], [true]], ["a", "b"]);
            write_csv("none.csv", [], ["a", "b"]);
            "#,
        )
        .succeeds();
    assert_eq!(
        project.read("all.csv"),
        "zeta,alpha,mid,added,beta\n1,2,3,4,\n,6,,,5\n"
    );
    assert_eq!(
        project.read("some.csv"),
        "mid,nowhere,zeta\n3,,1\n\"\",\"\",\"\"\n"
    );
    assert_eq!(project.read("arrays.csv"), "a,b\n1,2.5\ntrue,\n");
    assert_eq!(project.read("none.csv"), "a,b\n");
}

#[test]
fn times_are_written_as_instants_and_unit_as_nothing() {
    let project = Project::new();
    project
        .rhai(
            &["--tz", "Europe/Berlin"],
            "write_csv(\"out.csv\", [#{ at: datetime(\"2030-07-01\").at(\"17:00\"), none: (), map: #{ a: [1] } }]);",
        )
        .succeeds();
    assert_eq!(
        project.read_csv("out.csv")[1],
        ["2030-07-01T15:00:00Z", "{\"a\":[1]}", ""]
    );
}

#[test]
fn a_value_that_is_not_a_row_is_rejected_and_nothing_is_written() {
    let project = Project::new().file("out.csv", "old\n");
    project
        .rhai(&[], "write_csv(\"out.csv\", [#{ a: 1 }, 5]);")
        .exits(1)
        .says("a row is a map, a row of a file or an array, not `int`");
    assert_eq!(project.read("out.csv"), "old\n");
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let project = Project::new().file("no", "a file");
    for call in [
        "write_csv(\"no/such/out.csv\", [[1]])",
        "write_json(\"no/such/out.csv\", 1)",
    ] {
        project
            .rhai(&[], &format!("{call};"))
            .exits(1)
            .says("error: cannot write `no/such/out.csv`: ");
    }
    project
        .rhai(&[], "write_csv(\"-\", [[1]]);")
        .exits(1)
        .says("error: cannot write `-`: it means standard output, where `print` writes");
    let left: Vec<_> = std::fs::read_dir(project.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_written_file_replaces_the_old_one_and_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new().file("out.csv", "old\nold\nold\n");
    let path = project.path().join("out.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    project
        .rhai(&[], "write_csv(\"out.csv\", [[1]]);")
        .succeeds();
    assert_eq!(project.read("out.csv"), "1\n1\n");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn json_is_read_back_as_it_was_written() {
    let project = Project::new();
    project
        .rhai(
            &[],
            r#"
            let value = #{ list: [1, 2.5, true, (), "text"], deep: #{ "snake_or not": "Zoë" } };
            write_json("out.json", value);
            let back = read_json("out.json");
            print(back == value);
            print(back.deep["snake_or not"]);
            "#,
        )
        .succeeds()
        .prints("true\nZoë\n");
    let json: serde_json::Value = serde_json::from_str(&project.read("out.json")).unwrap();
    assert_eq!(
        json["list"],
        serde_json::json!([1, 2.5, true, null, "text"])
    );
}

#[test]
fn keys_of_a_json_file_are_unchanged() {
    Project::new()
        .file(
            "in.json",
            "\u{feff}{\"camelCase\": {\"innerKey\": 12345678901}}",
        )
        .rhai(&[], "print(read_json(\"in.json\").camelCase.innerKey);")
        .succeeds()
        .prints("12345678901\n");
}

#[test]
fn bad_json_is_located() {
    Project::new()
        .file("in.json", "{\n  \"a\": 1,\n}")
        .rhai(&[], "read_json(\"in.json\");")
        .exits(1)
        .says("error: `in.json` is not JSON: ")
        .says("line 3 column 1");
    Project::new()
        .rhai(&[], "read_json(\"in.json\");")
        .exits(1)
        .says("cannot open `in.json`: No such file or directory")
        .says("paths are relative");
}

#[test]
fn json_nested_too_deeply_does_not_crash() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    Project::new()
        .file("in.json", deep)
        .rhai(&[], "read_json(\"in.json\");")
        .exits(1)
        .says("error: `in.json` is not JSON: recursion limit exceeded");
}

#[test]
fn lists_leave_out_blank_lines_and_comments() {
    Project::new()
        .file(
            "list.txt",
            "\u{feff}# people\r\n  jane@example.com \r\n\r\n#john@example.com\r\nlast@example.com",
        )
        .rhai(&[], "print(read_lines(\"list.txt\"));")
        .succeeds()
        .prints("[\"jane@example.com\", \"last@example.com\"]\n");
    // Line ends of older programs, also mixed and where a buffer ends.
    for padding in [10, 65_534, 65_535, 65_536] {
        let content = format!(
            "#{}\rjane@example.com\r\n\rlast@example.com\r",
            "x".repeat(padding)
        );
        Project::new()
            .file("list.txt", content)
            .rhai(&[], "print(read_lines(\"list.txt\"));")
            .succeeds()
            .prints("[\"jane@example.com\", \"last@example.com\"]\n");
    }
    Project::new()
        .file("list.txt", b"jane@example.com\nJos\xe9\n")
        .rhai(&[], "read_lines(\"list.txt\");")
        .exits(1)
        .says("`list.txt` line 2, column 4: not UTF-8");
}

#[test]
fn rows_are_counted_by_column_or_closure() {
    Project::new()
        .file("people.csv", "email,team\na@x.example,design\nb@y.example,sales\nc@x.example,design\n")
        .rhai(
            &[],
            "let rows = read_csv(\"people.csv\");\nprint(count_by(rows, \"team\"));\nprint(count_by(rows, |r| r.email.split(\"@\")[1]));\ncount_by(rows, \"tema\");",
        )
        .exits(1)
        .prints("#{\"design\": 2, \"sales\": 1}\n#{\"x.example\": 2, \"y.example\": 1}\n")
        .says("has no column `tema`");
}

#[test]
fn columns_of_printed_tables_are_aligned() {
    Project::new()
        .rhai(
            &[],
            "print_table([#{ name: \"李小龍\", days: 5 }, #{ name: \"Jo\\nAnn\", days: () }], [\"name\", \"days\"]);",
        )
        .succeeds()
        .prints(
            "┌────────┬──────┐\n│ name   ┆ days │\n╞════════╪══════╡\n│ 李小龍 ┆ 5    │\n│ Jo Ann ┆      │\n└────────┴──────┘\n",
        );
}

/// Emails cannot be recalled, so the error comes before the first one is sent.
#[test]
fn nobody_is_invited_if_the_links_cannot_be_written() {
    let project = Project::new().file("p.csv", "name,email\nAnn Lee,ann@example.com\n");
    for out in ["p.csv/links.csv", "p.csv"] {
        for options in [
            &["run", "--sandbox"][..],
            &["run", "--sandbox", "--dry-run"],
        ] {
            project
                .run(&[options, &["invite_csv", "p.csv", "--out", out]].concat())
                .exits(1)
                .says(out);
        }
    }
    project
        .run(&["sessions", "--sandbox", "--format", "csv"])
        .succeeds()
        .never_says("ann@example.com");
}

#[test]
fn an_invalid_number_in_a_cell_makes_only_its_row_invalid() {
    let project = Project::new().file(
        "p.csv",
        "name,email,zone,days\nAnn Lee,ann@example.com,Berlyn,5\nBob Hill,bob@example.com,Europe/London,five\n\
         Cleo May,cleo@example.com,Europe/London,5\n",
    );
    let script = r#"
        let outcome = invite_all(read_csv("p.csv"), |row| #{
            email: row.email,
            name: row.name,
            due_date: today(row.zone).plus_days(parse_int(row.days)).end_of_day(),
        });
        print(outcome.created);
    "#;
    project
        .rhai(&["--sandbox"], script)
        .exits(5)
        .says("p.csv line 2: column `zone`: unknown time zone `Berlyn`")
        .says("p.csv line 3: column `days`: `five` is not a number");
    project
        .rhai(&["--sandbox", "--skip-invalid"], script)
        .exits(3)
        .prints("1\n");
}

/// `ensure_writable` would otherwise promise what `write_csv` cannot keep.
#[test]
fn a_name_that_no_file_can_have_is_an_error_everywhere() {
    let long = "x".repeat(300);
    for (path, shown, reason) in [
        (
            "a\\x00.csv".to_owned(),
            "a\\u{0}.csv".to_owned(),
            "its name contains a NUL character",
        ),
        (format!("{long}.csv"), format!("{long}.csv"), ""),
    ] {
        for (call, verb) in [
            ("ensure_writable(PATH)", "write"),
            ("write_csv(PATH, [#{ a: 1 }])", "write"),
            ("write_json(PATH, 1)", "write"),
            ("read_csv(PATH)", "open"),
            ("read_lines(PATH)", "open"),
            ("read_json(PATH)", "open"),
            ("read_xlsx(PATH)", "open"),
            ("now().plus_business_days(1, PATH)", "open"),
        ] {
            let call = call.replace("PATH", &format!("\"{path}\""));
            Project::new()
                .rehearse(&format!("{call};"))
                .exits(1)
                .says(&format!("error: cannot {verb} `{shown}`: {reason}"));
        }
    }
}
