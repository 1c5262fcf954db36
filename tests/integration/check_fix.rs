//! `check --fix`: what it changes, what it leaves alone, and how it writes.

use std::fs;

use crate::support::Project;

/// `check --fix` turns one script into the other, and there is nothing left to report.
#[track_caller]
fn fixes(before: &str, after: &str) {
    let project = Project::new().file("script.rhai", before);
    let ran = project.run(&["check", "--fix", "script.rhai"]);
    assert_eq!(project.read("script.rhai"), after, "{ran}");
    ran.succeeds();
    project
        .run(&["check", "--fix", "script.rhai"])
        .succeeds()
        .prints("")
        .reports("no mistakes found\n");
}

/// `check --fix` leaves the script alone, and reports what `check` reports.
#[track_caller]
fn leaves(script: &str) {
    let project = Project::new().file("script.rhai", script);
    let checked = project.run(&["check", "script.rhai"]);
    let fixed = project.run(&["check", "--fix", "script.rhai"]);
    assert_eq!(project.read("script.rhai"), script, "{fixed}");
    assert!(checked.stdout.contains("error"), "{checked}");
    assert_eq!(
        (&checked.stdout, &checked.stderr, checked.status),
        (&fixed.stdout, &fixed.stderr, fixed.status)
    );
}

#[test]
fn a_fix_is_shown_as_a_diff_and_the_rest_is_reported() {
    let project = Project::new().file(
        "people.rhai",
        "let people = read_cvs(\"people.csv\");\nlet spare = 1;\ninvite_all(people, |row| #{ emial: row.email, nam: row.name });\n",
    );
    project
        .run(&["check", "--fix", "people.rhai"])
        .succeeds()
        .shows(
            "--- people.rhai
+++ people.rhai
@@ -1,3 +1,3 @@
-let people = read_cvs(\"people.csv\");
+let people = read_csv(\"people.csv\");
 let spare = 1;
-invite_all(people, |row| #{ emial: row.email, nam: row.name });
+invite_all(people, |row| #{ email: row.email, name: row.name });

warning: `spare` is never used
",
        )
        .reports("3 mistakes fixed in 1 script\n1 warning\n");
}

#[test]
fn certain_mistakes_are_fixed() {
    for (before, after) in [
        (
            "print(\"a\".toUpperCase());\n",
            "print(\"a\".to_upper());\n",
        ),
        ("let x = None;\nprint(x);\n", "let x = ();\nprint(x);\n"),
        (
            "if true and True {\n    print(1);\n}\n",
            "if true && true {\n    print(1);\n}\n",
        ),
        (
            "var x = 1;\nif x === 1 or x !== 2 { print(x); }\n",
            "let x = 1;\nif x == 1 || x != 2 { print(x); }\n",
        ),
        (
            "if true { print(1); } elif false { print(2); }\n",
            "if true { print(1); } else if false { print(2); }\n",
        ),
        (
            "let a = 1\nlet b = a\nprint(b)\n",
            "let a = 1;\nlet b = a;\nprint(b)\n",
        ),
        ("# a comment\nprint(1);\n", "// a comment\nprint(1);\n"),
        (
            "let row = #{ case: 1 };\nprint(row.case);\n",
            "let row = #{ \"case\": 1 };\nprint(row[\"case\"]);\n",
        ),
        (
            "let row = { name: 1 };\nprint(row);\n",
            "let row = #{ name: 1 };\nprint(row);\n",
        ),
        (
            "print(today().plus_days(\"5\"));\n",
            "print(today().plus_days(5));\n",
        ),
        (
            "invite_all([#{ email: \"a@example.com\", send_email: \"no\" }]);\n",
            "invite_all([#{ email: \"a@example.com\", send_email: false }]);\n",
        ),
        (
            "const DAYS = 5;\nfn due() { DAYS }\nprint(due());\n",
            "const DAYS = 5;\nfn due() { global::DAYS }\nprint(due());\n",
        ),
        (
            "let deadline = 1;\nprint(deadlien);\n",
            "let deadline = 1;\nprint(deadline);\n",
        ),
        (
            "let due_date = 1;\nprint(dueDate);\n",
            "let due_date = 1;\nprint(due_date);\n",
        ),
        // Line ends, a byte order mark and a first line for the shell stay.
        (
            "#!/usr/bin/env -S gradient-bulk run\r\nprint(todya());\r\n",
            "#!/usr/bin/env -S gradient-bulk run\r\nprint(today());\r\n",
        ),
        (
            "\u{feff}let e = \"é\"; prnit(e);",
            "\u{feff}let e = \"é\"; print(e);",
        ),
    ] {
        fixes(before, after);
    }
}

#[test]
fn what_can_be_meant_in_two_ways_is_left_alone() {
    for script in [
        // Another row, team or day would be another candidate or deadline.
        "let rows = [];\nfor person in rows { print(row); }\n",
        "let team_a = 1;\nprint(team_b);\n",
        "let day_1 = 1;\nprint(day_2);\n",
        "let color = 1;\nlet colours = 2;\nprint(colour + color + colours);\n",
        "print(today().plus_day(5));\n",
        "print(today().plus_days(\"5.5\"));\n",
        "print(today().plus_days(\"05\"));\n",
        "print(\"a\".frobnicate());\n",
        "let x = 1;\nif not x == 1 { print(x); }\n",
        "let x = 1;\nif x is not 1 { print(x); }\n",
        "let base = \"a\"\n\"b\"\n",
        "let base = 1;\nlet sum = base\n    base;\nprint(sum);\n",
        // The option that it would be is there already.
        "read_csv(\"a.csv\", #{ header: true, haeder: false });\n",
        "let text = \"null and void\" +* 1;\n",
    ] {
        leaves(script);
    }
}

#[test]
fn imported_scripts_are_changed_only_if_they_are_named() {
    let project = Project::new()
        .file("lib.rhai", "fn due(days) { today().plus_dasy(days) }\n")
        .file(
            "main.rhai",
            "import \"lib\" as lib;\nprint(deu(3));\nprint(due(1));\n",
        );
    project
        .run(&["check", "--fix", "main.rhai"])
        .exits(1)
        .says("`lib.rhai` is only imported, and not changed; name it to fix it too\n");
    assert_eq!(
        project.read("main.rhai"),
        "import \"lib\" as lib;\nprint(deu(3));\nprint(lib::due(1));\n"
    );
    assert_eq!(
        project.read("lib.rhai"),
        "fn due(days) { today().plus_dasy(days) }\n"
    );
    project.run(&["check", "--fix", "."]).exits(1);
    assert_eq!(
        project.read("lib.rhai"),
        "fn due(days) { today().plus_days(days) }\n"
    );
}

#[test]
fn other_formats_have_the_findings_that_are_left() {
    let project = Project::new().file("a.rhai", "prnit(1);\nlet x = 1;\n");
    let ran = project
        .run(&["check", "--fix", "--format", "json", "a.rhai"])
        .succeeds()
        .says("+print(1);\n");
    assert_eq!(ran.json()[0]["code"], "unused_variable", "{ran}");
    assert_eq!(ran.json().as_array().unwrap().len(), 1, "{ran}");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let project = Project::new().file("real/a.rhai", "prnit(1);\n");
    let real = project.path().join("real/a.rhai");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o750)).unwrap();
    std::os::unix::fs::symlink("real/a.rhai", project.path().join("link.rhai")).unwrap();
    project.run(&["check", "--fix", "link.rhai"]).succeeds();
    assert!(project.path().join("link.rhai").is_symlink());
    assert_eq!(project.read("real/a.rhai"), "print(1);\n");
    assert_eq!(mode(&real), 0o750);
    let left: Vec<_> = fs::read_dir(project.path().join("real")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_value_that_is_changed_in_place_a_skip_and_a_template_are_fixed() {
    fixes(
        "let a = \" x \";\nlet b = a.trim();\nprint(b);\n",
        "let a = \" x \";\nlet b = a.trimmed();\nprint(b);\n",
    );
    fixes(
        "let name = \"Ann\";\nprint(\"Dear ${name}\");\n",
        "let name = \"Ann\";\nprint(`Dear ${name}`);\n",
    );
    fixes(
        "invite_all([\"ann@example.com\"], |a| { if a == \"\" { skip(\"none\"); } #{ email: a } });\n",
        "invite_all([\"ann@example.com\"], |a| { if a == \"\" { return skip(\"none\"); } #{ email: a } });\n",
    );
}

#[test]
fn what_may_mean_something_else_is_left_alone() {
    leaves("print(\"abc\".substring(1, 2));\n");
    leaves("let l = [3, 1];\nprint(l.slice(0, 1));\n");
}
