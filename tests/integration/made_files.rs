//! Text files and workbooks that a script writes, the directories that are made for them, and listing files.

use std::fs;

use crate::support::Project;

#[test]
fn a_text_is_written_as_it_is() {
    let project = Project::new();
    project
        .rehearse("write_text(\"a.txt\", \"é\\n\"); write_text(\"empty.md\", \"\");")
        .succeeds();
    assert_eq!(project.read("a.txt"), "é\n");
    assert_eq!(project.read("empty.md"), "");
    project
        .rehearse("read_lines(\"a.txt\"); write_text(\"a.txt\", \"lost\");")
        .exits(1)
        .says("a.txt");
    assert_eq!(project.read("a.txt"), "é\n");
    project
        .rehearse("read_lines(\"a.txt\"); write_text(\"a.txt\", \"new\", #{ overwrite: true });")
        .succeeds();
    assert_eq!(project.read("a.txt"), "new");
}

#[test]
fn a_directory_in_place_of_a_file_is_explained() {
    let project = Project::new()
        .file("exports/a.csv", "email\n")
        .file("people.csv", "email\nann@example.com\n");
    for call in [
        "read_csv",
        "read_lines",
        "read_json",
        "scan_csv",
        "read_table",
    ] {
        project
            .rehearse(&format!("{call}(\"exports\");"))
            .exits(1)
            .says("hint: `exports` is a directory: name a file in it; `list_files(\"exports/*\")` lists them\n");
    }
    for call in [
        "read_csv(\"people.csv/a.csv\")",
        "write_text(\"people.csv/a.md\", \"\")",
        "ensure_writable(\"people.csv/a.csv\")",
    ] {
        project
            .rehearse(&format!("{call};"))
            .exits(1)
            .says("hint: `people.csv` is a file, and has no files in it\n");
    }
}

#[test]
fn a_dry_run_checks_the_names_of_sheets() {
    for name in ["a/b", "", "history"] {
        let script = format!("write_xlsx(\"a.xlsx\", #{{ \"{name}\": [#{{ a: 1 }}] }});");
        Project::new()
            .rhai(&["--sandbox", "--dry-run"], &script)
            .exits(1)
            .says(&format!("`{name}`"));
    }
}

#[test]
fn missing_directories_are_made_when_a_file_is_written() {
    let project = Project::new().file("p.csv", "name,email\nAnn Lee,ann@example.com\n");
    let script = r#"
        ensure_writable("out/a/b/links.csv");
        assert_eq(list_files("out/**"), []);
        write_text("out/a/b/note.txt", "x");
        write_csv("out/c/rows.csv", [#{ a: 1 }]);
        assert_eq(list_files("out/**"), ["out/a/b/note.txt", "out/c/rows.csv"]);
    "#;
    project
        .rhai(
            &["--sandbox", "--dry-run"],
            "write_text(\"out/a.txt\", \"\"); ensure_writable(\"out/b.csv\");",
        )
        .succeeds()
        .says("dry run: `out/a.txt` is not written");
    assert!(!project.path().join("out").exists());
    project.rehearse(script).succeeds();
    project
        .run(&[
            "run",
            "--sandbox",
            "invite_csv",
            "p.csv",
            "--out",
            "links/today/a.csv",
        ])
        .succeeds();
    assert!(
        project
            .read("links/today/a.csv")
            .contains("ann@example.com")
    );
}

#[test]
fn a_directory_that_is_a_file_is_an_error() {
    let project = Project::new().file("a.csv", "x\n1\n");
    for call in [
        "write_text(\"a.csv/b.txt\", \"\")",
        "write_xlsx(\"a.csv/b/c.xlsx\", [])",
        "ensure_writable(\"a.csv/b.csv\")",
    ] {
        project
            .rehearse(&format!("{call};"))
            .exits(1)
            .says("error: cannot write `a.csv/b");
    }
    assert_eq!(project.read("a.csv"), "x\n1\n");
}

#[test]
fn a_test_makes_directories_of_its_own() {
    let project = Project::new().file(
        "t.rhai",
        "fn test_it() { write_text(\"new/a.txt\", \"x\"); assert_eq(list_files(\"new/*\"), [\"new/a.txt\"]); \
         assert_eq(list_files(\"*.rhai\"), [\"t.rhai\"]); }",
    );
    project.run(&["test", "t.rhai"]).succeeds();
    assert!(!project.path().join("new").exists());
}

#[test]
fn cells_of_a_workbook_keep_their_type() {
    let script = r#"
        let due = datetime("2030-01-17 23:59:59", "Europe/Berlin");
        let row = #{ int: 5, float: 2.5, id: "007", formula: "=1+1", flag: true, due: due, none: (), long: 12345678901234567 };
        write_xlsx("a.xlsx", #{ "To do": [row], Done: [["x"]] });
        let read = read_xlsx("a.xlsx", #{ sheet: "To do" })[0];
        assert_eq(read.int, "5");
        assert_eq(read.float, "2.5");
        assert_eq(read.id, "007");
        assert_eq(read.formula, "=1+1");
        assert_eq(read.due, "2030-01-17T23:59:59");
        assert_eq(read.none, "");
        assert_eq(read.long, "12345678901234567");
        assert_eq(read_xlsx("a.xlsx", #{ sheet: 1 })[0]["1"], "x");
        write_xlsx("a.xlsx", [row], #{ overwrite: true, columns: ["id", "int"] });
        assert_eq(read_xlsx("a.xlsx")[0].keys(), ["id", "int"]);
    "#;
    let project = Project::new();
    project.rehearse(script).succeeds();
    let file = fs::File::open(project.path().join("a.xlsx")).unwrap();
    let mut workbook = zip::ZipArchive::new(file).unwrap();
    let mut sheet = String::new();
    let mut part = workbook.by_name("xl/worksheets/sheet1.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""), "{sheet}");
}

#[test]
fn what_excel_refuses_is_an_error() {
    let project = Project::new();
    for (name, reason) in [
        ("", "it is empty"),
        ("a/b", "it contains one of"),
        (
            "x23456789012345678901234567890123",
            "it has more than 31 characters",
        ),
        ("'a", "it starts or ends with an apostrophe"),
        ("History", "Excel uses it itself"),
    ] {
        project
            .rehearse(&format!(
                "let sheets = #{{}}; sheets[\"{name}\"] = []; write_xlsx(\"a.xlsx\", sheets);"
            ))
            .exits(1)
            .says(&format!(
                "error: Excel refuses the sheet name `{name}`: {reason}"
            ));
    }
    for (rows, message) in [
        ("#{ a: [], A: [] }", "another sheet has it"),
        ("#{}", "a workbook needs at least one sheet"),
        ("#{ a: 1 }", "a list is needed, not `int`"),
        (
            "[1]",
            "a row is a map, a row of a file or an array, not `int`",
        ),
        (
            "[#{ a: \"x\".repeated(40_000) }]",
            "row 2 of the sheet `Sheet1` has a text of 40000 characters in the column `a`",
        ),
        (
            "[\"x \".repeated(20_000).split()]",
            "would have 20000 columns",
        ),
    ] {
        project
            .rehearse(&format!("write_xlsx(\"a.xlsx\", {rows});"))
            .exits(1)
            .says(message);
    }
    assert!(!project.path().join("a.xlsx").exists());
}

#[test]
fn files_within_reach_are_listed() {
    let project = Project::new()
        .file("a.csv", "")
        .file("in/b.csv", "")
        .file("in/deep/c.csv", "")
        .file("in/n.txt", "")
        .file("in/.hidden/d.csv", "");
    let script = r#"
        let dir = arg("dir", "a directory");
        assert_eq(list_files("*.csv"), ["a.csv"]);
        assert_eq(list_files("in/*.csv"), ["in/b.csv"]);
        assert_eq(list_files("**/*.csv"), ["a.csv", "in/b.csv", "in/deep/c.csv"]);
        assert_eq(list_files("in/{b,x}.csv"), ["in/b.csv"]);
        assert_eq(list_files("in/.hidden/*"), ["in/.hidden/d.csv"]);
        assert_eq(list_files("a.csv"), ["a.csv"]);
        assert_eq(list_files("missing/*.csv"), []);
        assert_eq(list_files(dir + "/*.txt"), ["in/n.txt"]);
    "#;
    let project = project.file("list.rhai", script);
    project
        .run(&["run", "--sandbox", "list.rhai", "in"])
        .succeeds();
    for (pattern, message) in [
        ("../*.csv", "`../*.csv` is outside the working directory"),
        ("/etc/*", "`/etc/*` is outside the working directory"),
        ("[a", "`[a` is not a pattern for files"),
    ] {
        project
            .rehearse(&format!("list_files(\"{pattern}\");"))
            .exits(1)
            .says(message);
    }
}

/// A link to a directory could lead anywhere, or in a circle.
#[cfg(unix)]
#[test]
fn links_that_leave_the_directory_are_not_listed() {
    use std::os::unix::fs::symlink;
    let outside = Project::new().file("secret.csv", "");
    let project = Project::new().file("in/a.csv", "");
    symlink(outside.path(), project.path().join("in/out")).unwrap();
    symlink("..", project.path().join("in/up")).unwrap();
    symlink(
        outside.path().join("secret.csv"),
        project.path().join("in/link.csv"),
    )
    .unwrap();
    symlink("a.csv", project.path().join("in/same.csv")).unwrap();
    project
        .rehearse("print(list_files(\"**/*.csv\"));")
        .succeeds()
        .prints("[\"in/a.csv\", \"in/same.csv\"]\n");
}
