//! Files that are not overwritten: those with results of other runs, and those that a run has read.

use crate::support::Project;

const PEOPLE: &str = "name;email\nAnn Lee;ann@example.com\n";
const YESTERDAY: &str = "yesterday's links\n";

fn project() -> Project {
    Project::new()
        .file("people.csv", PEOPLE)
        .file("links.csv", YESTERDAY)
}

/// Nobody was invited: there is no run.
fn nobody_is_invited(project: &Project) {
    project
        .run(&["runs", "--format", "json"])
        .succeeds()
        .prints("[]\n");
    assert_eq!(project.read("links.csv"), YESTERDAY);
}

#[test]
fn a_shipped_script_refuses_an_existing_file_before_it_invites() {
    for script in ["invite_csv", "invite_new", "invite_deadlines"] {
        let project = project();
        let run = |options: &[&str]| {
            let arguments = [
                "run",
                "--sandbox",
                script,
                "people.csv",
                "--out",
                "links.csv",
            ];
            project.run(&[&arguments, options].concat())
        };
        run(&[])
            .exits(1)
            .says("error: `links.csv` already exists, and is not overwritten\n")
            .says("hint: name another file, move this one, or pass `--overwrite` after the script, if it has that option\n");
        nobody_is_invited(&project);
        run(&["--overwrite"]).succeeds();
        assert!(project.read("links.csv").contains("ann@example.com"));
    }
}

#[test]
fn a_script_with_a_known_path_is_refused_before_it_invites() {
    for script in [
        "let o = invite_all([\"ann@example.com\"]); o.write_csv(\"links.csv\");",
        "let out = \"links.csv\";\nlet o = invite_all([\"ann@example.com\"]);\no.write_csv(out, #{ bom: true });",
        "let out = arg(\"out\", \"The file\", \"links.csv\");\ninvite_all([\"ann@example.com\"]).write_csv(out);",
        "let o = invite_all([\"ann@example.com\"]); if o.created > 0 { o.write_csv(\"links.csv\"); }",
    ] {
        let project = project();
        project
            .rehearse(script)
            .exits(1)
            .says("error: `links.csv` already exists, and is not overwritten\n --> script.rhai:");
        nobody_is_invited(&project);
        project.rhai(&["--sandbox", "--dry-run"], script).exits(1);
        nobody_is_invited(&project);
    }
}

#[test]
fn a_path_that_is_computed_is_refused_with_the_command_that_prints_the_results() {
    let project = project();
    project
        .rehearse("let o = invite_all([\"ann@example.com\"]);\no.write_csv(\"links\" + \".csv\");")
        .exits(1)
        .says("error: `links.csv` already exists, and is not overwritten\n --> script.rhai:2:")
        .says("= hint: the results of run 1 are in the ledger, and `gradient-bulk runs 1 --format csv` prints them; write to another file, or pass `#{ overwrite: true }` to replace this one\n");
    assert_eq!(project.read("links.csv"), YESTERDAY);
    project
        .run(&["runs", "1", "--format", "csv"])
        .succeeds()
        .shows("ann@example.com");
}

#[test]
fn results_replace_files_only_with_overwrite_and_empty_ones_always() {
    let project = project().file("empty.csv", "");
    project
        .rehearse(
            "ensure_writable(\"empty.csv\");\n\
             ensure_writable(\"links.csv\", #{ overwrite: true });\n\
             let o = invite_all([\"ann@example.com\"]);\n\
             o.write_csv(\"links.csv\", #{ overwrite: true });\n\
             o.write_csv(\"empty.csv\");\n\
             let again = \"emp\" + \"ty.csv\";\n\
             try { o.write_csv(again); } catch (e) { print(`${e.error}: ${e.message}`); }\n\
             try { ensure_writable(again); } catch (e) { print(`${e.error}: ${e.message}`); }",
        )
        .succeeds()
        .prints(
            "file: `empty.csv` already exists, and is not overwritten\nfile: `empty.csv` already exists, and is not overwritten\n",
        );
    assert!(project.read("links.csv").contains("ann@example.com"));
}

#[test]
fn a_file_that_was_read_is_not_overwritten() {
    for (read, file) in [
        ("read_csv(\"people.csv\")", "people.csv"),
        ("read_lines(\"people.csv\")", "people.csv"),
        ("read_json(\"state.json\")", "state.json"),
        ("today().plus_business_days(1, \"days.txt\")", "days.txt"),
    ] {
        for write in [
            format!("write_json(\"{file}\", 1"),
            format!("write_report(\"{file}\", [], []"),
            format!("write_csv(\"{file}\", []"),
        ] {
            let project = Project::new()
                .file("people.csv", PEOPLE)
                .file("state.json", "{}")
                .file("days.txt", "2030-01-01\n");
            let before = project.read(file);
            if file == "state.json" && write.starts_with("write_json") {
                continue; // State is updated.
            }
            project
                .rehearse(&format!("{read};\n{write});"))
                .exits(1)
                .says(&format!(
                    "error: `{file}` was read by this run and is not overwritten\n"
                ));
            assert_eq!(project.read(file), before, "{write}");
            project
                .rehearse(&format!("{read};\n{write}, #{{ overwrite: true }});"))
                .succeeds();
            assert_ne!(project.read(file), before, "{write}");
        }
    }
}

#[test]
fn files_for_excel_have_a_mark_and_the_delimiter_of_the_input() {
    for (people, header) in [
        (PEOPLE, "\u{feff}file;line;email;"),
        (
            "name,email\nAnn Lee,ann@example.com\n",
            "\u{feff}file,line,email,",
        ),
        (
            "name\temail\nAnn Lee\tann@example.com\n",
            "\u{feff}file\tline\temail\t",
        ),
    ] {
        let project = Project::new().file("people.csv", people);
        project
            .run(&[
                "run",
                "--sandbox",
                "invite_csv",
                "people.csv",
                "--out",
                "links.csv",
                "--excel",
            ])
            .succeeds();
        let links = project.read("links.csv");
        assert!(links.starts_with(header), "{links}");
    }
    let project = Project::new().file("people.csv", PEOPLE);
    project
        .rehearse(
            "write_csv(\"out.csv\", read_csv(\"people.csv\"), #{ excel: true, delimiter: \"|\" });",
        )
        .succeeds();
    assert_eq!(
        project.read("out.csv"),
        "\u{feff}name|email\nAnn Lee|ann@example.com\n"
    );
}
