//! Writing CSV files: for spreadsheets, without formulas, and never over a file that was read.

use gradient_bulk::internals::table::escape_formula;

use crate::stub::{Reply, Stub};
use crate::support::Project;

#[test]
fn formulas_are_written_as_text() {
    let project = Project::new();
    project
        .rhai(
            &[],
            r#"
            let cells = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\tx", "\r", "-5", "+1.5", "-", "Jane", "'=1"];
            write_csv("safe.csv", cells.map(|cell| #{ "=name": cell }));
            write_csv("raw.csv", cells.map(|cell| #{ "=name": cell }), #{ raw: true });
            "#,
        )
        .succeeds();
    let column = |name| -> Vec<String> { project.read_csv(name).concat() };
    assert_eq!(
        column("safe.csv"),
        [
            "'=name",
            "'=1+1",
            "'@SUM(A1)",
            "'+cmd|' /C calc'!A0",
            "'-2+3",
            "'\tx",
            "'\r",
            "-5",
            "+1.5",
            "-",
            "Jane",
            "'=1"
        ]
    );
    assert_eq!(
        column("raw.csv"),
        [
            "=name",
            "=1+1",
            "@SUM(A1)",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "\tx",
            "\r",
            "-5",
            "+1.5",
            "-",
            "Jane",
            "'=1"
        ]
    );
}

#[test]
fn a_file_for_excel_starts_with_a_byte_order_mark_and_can_be_read() {
    let project = Project::new();
    project
        .rhai(
            &[],
            r#"
            write_csv("out.csv", [#{ name: "Zoë; 李", email: "z@x" }], #{ bom: true, delimiter: ";", columns: ["name", "email"] });
            print(read_csv("out.csv")[0]);
            write_csv("tab.csv", [["a", "b"]], #{ delimiter: "tab", columns: ["x", "y"] });
            "#,
        )
        .succeeds()
        .prints("#{name: \"Zoë; 李\", email: \"z@x\"}\n");
    assert_eq!(
        project.read("out.csv"),
        "\u{feff}name;email\n\"Zoë; 李\";z@x\n"
    );
    assert_eq!(project.read("tab.csv"), "x\ty\na\tb\n");
    project
        .rhai(&[], "write_csv(\"x.csv\", [], #{ column: [\"a\"] });")
        .exits(1)
        .says("there is no option `column`")
        .says("did you mean `columns`?");
}

#[test]
fn written_cells_are_read_back_unchanged() {
    let mut random = fastrand::Rng::with_seed(11);
    let pieces = [
        "a",
        "Zoë",
        "李",
        ",",
        ";",
        "\t",
        "|",
        "\"",
        "'",
        "\n",
        "\r\n",
        "\r",
        " ",
        "=",
        "-",
        "+1",
        "#",
        "\u{feff}",
        "\u{1f469}",
    ];
    let cells: Vec<[String; 2]> = (0..300)
        .map(|_| {
            [(); 2].map(|()| {
                (0..random.usize(0..6))
                    .map(|_| pieces[random.usize(0..pieces.len())])
                    .collect()
            })
        })
        .collect();
    let project = Project::new().file("cells.json", serde_json::to_string(&cells).unwrap());
    project
        .rhai(
            &[],
            r#"
            let cells = read_json("cells.json");
            for (delimiter, number) in [",", ";", "tab", "|"] {
                let options = #{ delimiter: delimiter, columns: ["first", "second"] };
                write_csv(`safe-${number}.csv`, cells, options);
                options.raw = true;
                options.bom = true;
                write_csv(`raw-${number}.csv`, cells, options);
                let options = #{ delimiter: delimiter };
                if read_csv(`raw-${number}.csv`, options).map(|row| row.values()) != cells { throw delimiter; }
                write_json(`safe-${number}.json`, read_csv(`safe-${number}.csv`, options).map(|row| row.values()));
            }
            "#,
        )
        .succeeds();
    let expected: Vec<[String; 2]> = cells
        .iter()
        .map(|row| row.each_ref().map(|cell| escape_formula(cell).into_owned()))
        .collect();
    for number in 0..4 {
        let back = project.read(&format!("safe-{number}.json"));
        let back: Vec<[String; 2]> = serde_json::from_str(&back).unwrap();
        assert_eq!(back, expected);
    }
}

#[test]
fn a_file_that_was_read_is_not_overwritten() {
    const PEOPLE: &str = "email,name\njane@example.com,Jane\n";
    let project = Project::new()
        .file("lists/people.csv", PEOPLE)
        .file("list.txt", "jane@example.com\n");
    for (script, path) in [
        (
            "let people = read_csv(\"lists/people.csv\");\nwrite_csv(\"lists/people.csv\", people);",
            "lists/people.csv",
        ),
        (
            "let people = scan_csv(\"lists/people.csv\");\nwrite_csv(\"lists/../lists/people.csv\", people);",
            "lists/../lists/people.csv",
        ),
        (
            "let people = read_lines(\"list.txt\");\nwrite_csv(\"./list.txt\", [people]);",
            "./list.txt",
        ),
        (
            "let people = read_lines(\"list.txt\");\ninvite_all(people).write_csv(\"list.txt\");",
            "list.txt",
        ),
    ] {
        for options in [&["--sandbox"][..], &["--sandbox", "--dry-run"]] {
            project
                .rhai(options, script)
                .exits(1)
                .says(&format!("error: `{path}` was read by this run and is not overwritten\n --> script.rhai:2:"))
                .says("hint: write to another file");
        }
    }
    assert_eq!(project.read("lists/people.csv"), PEOPLE);
    assert_eq!(project.read("list.txt"), "jane@example.com\n");
}

#[test]
fn a_file_that_was_read_is_overwritten_if_the_script_says_so() {
    let project = Project::new().file("seen.csv", "email\njane@example.com\n");
    project
        .rehearse(
            "let seen = read_csv(\"seen.csv\");\nseen.push(#{ email: \"john@example.com\" });\nwrite_csv(\"seen.csv\", seen, #{ overwrite: true });",
        )
        .succeeds();
    assert_eq!(
        project.read("seen.csv"),
        "email\njane@example.com\njohn@example.com\n"
    );
}

#[test]
fn a_run_can_read_what_it_wrote_and_update_json_files() {
    Project::new()
        .file("seen.json", "[]")
        .rhai(
            &[],
            r#"
            write_csv("a.csv", [[1]]);
            write_csv("a.csv", [[2]]);
            print(read_csv("a.csv"));
            let seen = read_json("seen.json");
            seen.push("jane@example.com");
            write_json("seen.json", seen);
            print(read_json("seen.json"));
            "#,
        )
        .succeeds()
        .prints("[#{1: \"2\"}]\n[\"jane@example.com\"]\n");
}

#[test]
fn outcomes_are_written_with_the_given_options() {
    let project = Project::new();
    project
        .rhai(
            &["--sandbox"],
            r#"
            let outcome = invite_all([#{ email: "jane@example.com", name: "=cmd()" }]);
            outcome.write_csv("out.csv", #{ bom: true, delimiter: ";", columns: ["email", "name", "outcome"] });
            outcome.write_csv("raw.csv", #{ raw: true, columns: ["name"] });
            outcome.write_csv("all.csv");
            outcome.write_csv("ids.csv", #{ columns: ["session_id"] });
            outcome.write_csv("none.csv", #{ columns: ["emial"] });
            "#,
        )
        .exits(1)
        .says("error: an outcome has no column `emial`")
        .says("did you mean `email`?");
    assert_eq!(
        project.read("out.csv"),
        "\u{feff}email;name;outcome\njane@example.com;'=cmd();created\n"
    );
    assert_eq!(project.read("raw.csv"), "name\n=cmd()\n");
    let all = project.read_csv("all.csv");
    assert_eq!(
        all[0].join(","),
        "file,line,email,name,outcome,invite_url,due_date,requested_due_date,session_name,note"
    );
    assert_eq!(all[1][3], "'=cmd()");
    assert_eq!(project.read_csv("ids.csv")[1][0].len(), 36);
}

/// Failed rows are fixed and read by the same script again, so their own cells must not change.
#[test]
fn failed_rows_keep_their_cells_and_added_cells_are_escaped() {
    const ROW: &str = "name,email,phone\n=Jane,+jane@example.com,+49 170 1\n";
    let stub = Stub::inviting(|_| Reply::refusal(422, "no phone"));
    let project = Project::new().talking_to(&stub).file("people.csv", ROW);
    project
        .rhai(&["--yes"], "invite_all(read_csv(\"people.csv\"));")
        .exits(3);
    let rows_of = |filter| {
        let ran = project.run(&["runs", "1", filter, "--format", "csv"]);
        std::fs::write(project.path().join("out.csv"), ran.succeeds().stdout).unwrap();
        project.read_csv("out.csv")
    };
    let original = ["=Jane", "+jane@example.com", "+49 170 1"];
    let failed = rows_of("--failed");
    assert_eq!(failed[1][..3], original);
    assert_eq!(failed[0][3], "gb_error");
    let all = rows_of("--all");
    assert_eq!(all[1][..3], original);
    assert_eq!(all[0][5], "gb_name");
    assert_eq!(all[1][4..6], ["'+jane@example.com", "'=Jane"]);
}
