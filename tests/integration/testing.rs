//! `test`: finds and runs tests of scripts, isolates them, shows results and sets the exit status.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Project, Ran};

/// Runs the functions of one test file.
fn test(script: &str) -> Ran {
    test_with(&[], script)
}

fn test_with(options: &[&str], script: &str) -> Ran {
    let project = Project::new().file("tests/rules.rhai", script);
    project.run(&[&["test", "tests"], options].concat())
}

#[test]
fn every_shipped_script_has_tests_that_pass() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let tests = scripts.join("tests");
    let project = Project::new();
    let ran = project.run(&["test", tests.to_str().unwrap()]).succeeds();
    for directory in [scripts.clone(), scripts.join("lib")] {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "rhai") {
                let file = tests.join(path.file_name().unwrap());
                assert!(
                    ran.stdout
                        .contains(&format!("test {}: test_", file.display())),
                    "{path:?}"
                );
            }
        }
    }
    let left: Vec<PathBuf> = fs::read_dir(project.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.is_empty(), "tests left {left:?}");
}

#[test]
fn passing_tests_are_listed_and_counted() {
    test("fn test_one() {} fn helper() { throw 1; }\nfn test_two() { assert(true); }")
        .succeeds()
        .shows("running 2 tests\n")
        .shows("test tests/rules.rhai: test_one ... ok\n")
        .shows("test tests/rules.rhai: test_two ... ok\n")
        .shows("\ntest result: ok. 2 passed; 0 failed; 0 filtered out; finished in ")
        .never_says("helper");
}

#[test]
fn without_a_path_the_directory_of_tests_is_run() {
    let project = Project::new().file("tests/rules.rhai", "fn test_one() {}");
    project
        .run(&["test"])
        .succeeds()
        .shows("test tests/rules.rhai: test_one ... ok\n");
    Project::new()
        .run(&["test"])
        .exits(2)
        .reports("error: there is no directory `tests`\n |\n = hint: name the scripts that contain tests, or their directory: `gradient-bulk test PATH`\n");
}

#[test]
fn a_module_that_does_not_parse_is_explained_once() {
    let importing =
        "import \"lib\" as lib;\nfn test_one() { lib::due(1); }\nfn test_two() { lib::due(2); }\n";
    let ran = Project::new()
        .file("lib.rhai", "fn due(x) { x + }\n")
        .file("tests/a.rhai", importing)
        .file("tests/b.rhai", importing)
        .file("tests/c.rhai", "fn test_other() { throw 1; }")
        .run(&["test", "--jobs", "1"])
        .exits(1)
        .shows("test tests/b.rhai: test_two ... FAILED\n")
        .shows("---- tests/a.rhai: test_one and 3 other tests ----\nerror: unexpected '}'\n --> lib.rhai:1:17\n")
        .shows("---- tests/c.rhai: test_other ----\n")
        .shows("0 passed; 5 failed");
    assert_eq!(ran.stdout.matches("unexpected '}'").count(), 1, "{ran}");
}

#[test]
fn a_failure_shows_position_difference_and_output() {
    test(
        "fn check(n) {\n    assert_eq(n, 3);\n}\n\
         fn test_fails() {\n    print(\"so far\");\n    check(2);\n}\n\
         fn test_quiet() { print(\"unheard\"); }\n",
    )
    .exits(1)
    .shows("test tests/rules.rhai: test_fails ... FAILED\n")
    .shows(
        "---- tests/rules.rhai: test_fails ----\n\
         error: expected 3, found 2\n \
         --> tests/rules.rhai:2:5\n  |\n\
         2 |     assert_eq(n, 3);\n  |     ^^^^^^^^^\n  |\n  \
         = note: in `check`, called at tests/rules.rhai:6\n\n\
         it printed:\n  so far\n",
    )
    .shows("test result: FAILED. 1 passed; 1 failed; 0 filtered out; ")
    .never_says("unheard");
}

#[test]
fn an_endless_test_fails_and_the_others_continue() {
    let project = Project::new().file(
        "endless.rhai",
        "fn test_a() { loop { try { loop {} } catch {} } }\n\
         fn test_b() { run_script(\"spin.rhai\"); }\n\
         fn test_c() { assert_eq(1, 1); }",
    );
    project
        .file("spin.rhai", "while true {}")
        .run(&["test", "--timeout", "1s", "--jobs", "3", "endless.rhai"])
        .exits(1)
        .shows("test endless.rhai: test_a ... FAILED\n")
        .shows("test endless.rhai: test_b ... FAILED\n")
        .shows("test endless.rhai: test_c ... ok\n")
        .shows("---- endless.rhai: test_a ----\nerror: the test took longer than 1 s and was stopped\n")
        .shows("hint: look for a loop that never ends; `--timeout 5m` gives every test more time");
}

#[test]
fn differences_are_shown_key_by_key_and_line_by_line() {
    test("fn test_maps() { assert_eq(#{ a: 1, b: [1, #{ c: \"x\" }] }, #{ b: [1, #{ c: \"y\" }], d: 2 }); }")
        .exits(1)
        .shows("error: the values differ\n")
        .shows("= note: a: not expected; found 1\n")
        .shows("          b[1].c: expected \"y\", found \"x\"\n")
        .shows("          d: missing; expected 2\n");
    test("fn test_texts() { assert_eq(\"one\\n2\\nthree\", \"one\\ntwo\\nthree\", \"numbers\"); }")
        .exits(1)
        .shows("error: numbers\n")
        .shows("            one\n          - two\n          + 2\n            three\n");
}

#[test]
fn values_that_look_alike_are_shown_with_their_types() {
    let long = "x".repeat(400);
    let long = format!("\"{long}1\", \"{long}2\"");
    for (pair, shown) in [
        (&*long, "xxx2\", found …\"xxxx"),
        (
            "now().plus_days(2) - now(), now().plus_days(1) - now()",
            "expected 1 day, found 2 days",
        ),
        (
            "skip(\"staff\"), skip(\"left\")",
            "expected skip: left, found skip: staff",
        ),
        (
            "|a| a, |b| b + 1",
            "expected closure (closure), found closure (closure)",
        ),
    ] {
        test(&format!("fn test_pair() {{ assert_eq({pair}); }}"))
            .exits(1)
            .shows(shown);
    }
}

#[test]
fn rows_and_lists_are_compared_by_content() {
    test(
        "fn test_rows() {\n\
         write_csv(\"p.csv\", [#{ name: \"Jane\", email: \"jane@example.com\" }]);\n\
         let expected = [#{ name: \"Jane\", email: \"jane@example.com\" }];\n\
         assert_eq(read_csv(\"p.csv\"), expected);\n\
         assert_eq(scan_csv(\"p.csv\"), expected);\n\
         assert_eq(invite_all(read_csv(\"p.csv\")).failures(), []);\n\
         assert_eq(datetime(\"2030-01-07T10:00:00+01:00\"), now());\n}",
    )
    .succeeds();
}

#[test]
fn a_thrown_error_can_be_inspected() {
    test(
        "fn test_own() { assert_eq(assert_throws(|| throw \"no\"), #{ error: \"thrown\", message: \"no\" }); }\n\
         fn test_code() { assert_throws(|| datetime(\"x\"), \"bad_date\"); }\n\
         fn test_rhai() { assert(assert_throws(|| [1][5]).message.contains(\"out of bounds\")); }",
    )
    .succeeds();
    test("fn test_none() { assert_throws(|| 5); }")
        .exits(1)
        .shows("error: nothing was thrown; the closure returned `5`\n");
    test("fn test_other() { assert_throws(|| datetime(\"x\"), \"file\"); }")
        .exits(1)
        .shows("error: expected the error `file`, found `bad_date`: `x` is not a date\n");
    test("fn test_typo() { assert_throws(|| datetme(\"x\")); }")
        .exits(1)
        .shows("error: unknown function `datetme(string)`\n")
        .shows("did you mean `datetime`?");
}

#[test]
fn every_test_has_its_own_sandbox_and_ledger() {
    let one = "let sent = invite_all([\"jane@example.com\"]); assert_eq([sent.created, sent.run], [1, 1]); \
               assert_eq(list_sessions().len(), 1);";
    test(&format!(
        "fn test_a() {{ {one} }} fn test_b() {{ {one} }} fn test_c() {{ {one} }} fn test_d() {{ {one} }}"
    ))
    .succeeds()
    .shows("4 passed");
}

#[test]
fn the_clock_moves_only_when_the_test_moves_it() {
    test(
        "fn test_clock() {\n\
         assert_eq(now(), datetime(\"2030-01-07T09:00:00Z\"));\n\
         assert_eq(now().weekday, \"monday\");\n\
         let invited = invite(\"jane@example.com\", \"Jane\").session;\n\
         assert_eq([invited.created_at, invited.status], [now(), \"invited\"]);\n\
         pass_time(\"1 day 12 hours\");\n\
         assert_eq(now(), datetime(\"2030-01-08T21:00:00Z\"));\n\
         assert_eq(session(invited.id).status, \"submitted\");\n\
         sleep(3600);\n\
         assert_eq(now(), datetime(\"2030-01-08T22:00:00Z\"));\n\
         assert_throws(|| pass_time(\"-1 day\"), \"bad_date\");\n\
         assert_throws(|| pass_time(\"soon\"), \"bad_date\");\n}",
    )
    .succeeds();
}

#[test]
fn start_time_and_zone_can_be_set() {
    let options = ["--now", "2031-06-01 08:00", "--tz", "Europe/Berlin"];
    let script =
        "fn test_clock() { assert_eq(`${now()}`, \"Sun 2031-06-01 08:00:00 Europe/Berlin\"); }";
    test_with(&options, script).succeeds();
    test_with(&["--tz", "Europe/Berln"], script)
        .exits(2)
        .says("unknown time zone `Europe/Berln`");
    test_with(&["--now", "soon"], script)
        .exits(2)
        .says("`soon` is not a date");
}

#[test]
fn a_forced_status_does_not_change_by_itself() {
    test(
        "fn test_status() {\n\
         invite(\"jane@example.com\", \"Jane\");\n\
         for status in [\"invited\", \"setup\", \"in_progress\", \"submitted\", \"scored\", \"reviewed\", \"invited\"] {\n\
             set_status(\"Jane@example.com\", status);\n\
             pass_time(\"10 days\");\n\
             assert_eq(list_sessions().map(|s| s.status), [status]);\n\
             assert_eq(list_sessions(#{ status: status }).len(), 1);\n\
         }\n\
         assert_eq(assert_throws(|| set_status(\"x@example.com\", \"setup\")).message, \"`x@example.com` has no session\");\n\
         assert(assert_throws(|| set_status(\"jane@example.com\", \"done\")).hint.contains(\"`reviewed`\"));\n}",
    )
    .succeeds();
}

#[test]
fn run_script_runs_whole_scripts_and_reports_how_they_ended() {
    let project = Project::new()
        .file("people.csv", "name,email\nJane,jane@example.com\n")
        .file("wrong.csv", "name,email\nJane,jane@@example.com\nJohn,john@example.com\n")
        .file("broken.rhai", "print(\"before\");\nread_csv(\"missing.csv\");\n")
        .file("leaves.rhai", "print(\"bye\"); exit(42);")
        .file(
            "tests/ends.rhai",
            "fn test_sent() {\n\
             let ran = run_script(\"invite_csv\", [\"people.csv\"]);\n\
             assert_eq([ran.status, ran.output, ran.error], [0, \"created 1, existing 0, failed 0\\n\", ()]);\n\
             assert_eq(ran.results[0].email, \"jane@example.com\");\n\
             assert(ran.notes.starts_with(\"1 to invite to `Senior PM Assessment` at the sandbox, from people.csv\"));\n}\n\
             fn test_rejected() {\n\
             let ran = run_script(\"invite_csv\", [\"wrong.csv\"]);\n\
             assert_eq(ran.status, 5);\n\
             assert(ran.error.starts_with(\"1 of 2 rows is invalid\"));\n\
             let ran = run_script(\"invite_csv\", [\"wrong.csv\"], #{ skip_invalid: true });\n\
             assert_eq([ran.status, ran.outcome.created, ran.outcome.invalid], [3, 1, 1]);\n}\n\
             fn test_usage() {\n\
             let ran = run_script(\"invite_csv\");\n\
             assert_eq(ran.status, 2);\n\
             assert(ran.error.contains(\"<FILE>\"));\n\
             let ran = run_script(\"invite_csv\", [\"--help\"]);\n\
             assert_eq(ran.status, 0);\n\
             assert(ran.output.starts_with(\"Invites everyone in a CSV file\"));\n}\n\
             fn test_error() {\n\
             let ran = run_script(\"broken.rhai\");\n\
             assert_eq([ran.status, ran.output], [1, \"before\\n\"]);\n\
             assert(ran.error.starts_with(\"cannot open `missing.csv`\"), ran.error);\n\
             assert(ran.notes.contains(\"--> broken.rhai:2:1\"));\n}\n\
             fn test_exit() { assert_eq(run_script(\"leaves.rhai\").status, 42); }\n\
             fn test_dry_run() {\n\
             let ran = run_script(\"invite_csv\", [\"people.csv\"], #{ dry_run: true });\n\
             assert_eq([ran.outcome.planned, list_sessions().len()], [1, 0]);\n}\n\
             fn test_unknown() {\n\
             assert_eq(assert_throws(|| run_script(\"invite_cvs\")).hint, \"did you mean `invite_csv`?\");\n\
             assert_throws(|| run_script(\"invite_csv\", [], #{ dryrun: true }), \"unknown_option\");\n}\n",
        );
    project.run(&["test", "tests"]).succeeds().shows("7 passed");
}

#[test]
fn a_script_that_sleeps_for_ever_is_stopped() {
    let project = Project::new()
        .file("waits.rhai", "while true { sleep(60); }")
        .file(
            "tests/waits.rhai",
            "fn test_waits() { assert(run_script(\"waits.rhai\").error.contains(\"still waiting\")); }",
        );
    project.run(&["test", "tests"]).succeeds();
}

#[test]
fn tests_read_files_of_the_project_and_write_to_their_own_directory() {
    let project = Project::new().file("data/people.csv", "name\nJane\n").file(
        "tests/files.rhai",
        "fn test_reads() { assert_eq(read_csv(\"data/people.csv\")[0].name, \"Jane\"); }\n\
             fn test_writes() {\n\
             write_csv(\"data/people.csv\", [#{ name: \"John\" }]);\n\
             assert_eq(read_csv(\"data/people.csv\")[0].name, \"John\");\n\
             write_json(\"new.json\", 5);\n\
             assert_eq(read_json(\"new.json\"), 5);\n}\n\
             fn test_elsewhere() { assert_throws(|| write_json(\"../new.json\", 5), \"not_allowed\"); }\n",
    );
    project.run(&["test", "tests"]).succeeds().shows("3 passed");
    assert_eq!(project.read("data/people.csv"), "name\nJane\n");
    assert!(!project.path().join("new.json").exists());
    // It works from any directory.
    let shell =
        "cd tests && gradient-bulk test files.rhai && cd / && gradient-bulk test \"$OLDPWD\"";
    project.shell(shell).succeeds();
}

#[test]
fn imports_are_evaluated_and_the_rest_of_the_top_level_is_not() {
    Project::new()
        .file(
            "lib/rules.rhai",
            "const DAYS = 7;\nfn days() { global::DAYS }\n",
        )
        .file("tests/support.rhai", "fn three() { 3 }\n")
        .file(
            "invite.rhai",
            "import \"lib/rules\" as rules;\nconst MORE = 2;\nlet file = arg(\"file\", \"CSV\");\n\
             invite_all(read_csv(file));\nfn days() { rules::days() + global::MORE }\n\
             fn test_inline() { assert_eq(days(), 9); }\n",
        )
        .file(
            "tests/rules.rhai",
            "import \"lib/rules\" as rules;\nimport \"support\" as support;\nthrow \"not run\";\n\
             fn test_imports() { assert_eq(rules::days() + support::three(), 10); }\n",
        )
        .run(&["test", "."])
        .succeeds()
        .shows("test invite.rhai: test_inline ... ok\n")
        .shows("test tests/rules.rhai: test_imports ... ok\n");
}

#[test]
fn a_filter_selects_tests() {
    let project = Project::new().file("tests/deadlines.rhai", "fn test_a() {}\nfn test_b() {}\n");
    let run = |filter| project.run(&["test", "tests", "--filter", filter]);
    run("test_b")
        .succeeds()
        .shows("running 1 test\n")
        .shows("1 passed; 0 failed; 1 filtered out")
        .never_says("test_a");
    run("deadlines").succeeds().shows("2 passed");
    run("nothing")
        .exits(2)
        .says("error: none of the 2 tests has `nothing` in its name");
}

#[test]
fn having_no_tests_to_run_is_an_error() {
    let project = Project::new().file("plain.rhai", "print(1);");
    project
        .run(&["test", "plain.rhai"])
        .exits(2)
        .says("error: no tests in `plain.rhai`")
        .says("a test is a function without parameters whose name begins with `test_`");
    project
        .run(&["test", "."])
        .exits(2)
        .says("error: no tests in `.`");
    project
        .run(&["test", "missing"])
        .exits(2)
        .says("error: no script `missing`");
    project
        .run(&["test"])
        .exits(2)
        .says("error: there is no directory `tests`");
}

#[test]
fn a_script_that_cannot_be_parsed_fails_and_the_others_run() {
    Project::new()
        .file("tests/broken.rhai", "fn test_a() {\n    let x = ;\n}\n")
        .file("tests/sound.rhai", "fn test_b() {}\n")
        .run(&["test", "tests"])
        .exits(1)
        .shows("test tests/broken.rhai ... FAILED\n")
        .shows("test tests/sound.rhai: test_b ... ok\n")
        .shows(" --> tests/broken.rhai:2:13\n")
        .shows("1 passed; 1 failed");
}

#[test]
fn a_test_with_parameters_is_an_error() {
    test("fn test_row(row) {}")
        .exits(1)
        .shows("error: the test `test_row` must not have parameters\n")
        .shows(" --> tests/rules.rhai:1:4\n");
    test("fn test_leaves() { exit(0); }")
        .exits(1)
        .shows("error: the test called `exit`\n");
    test("fn test_plan() { invite_all([\"jane@@example.com\"]); }")
        .exits(1)
        .shows("error: a plan of the test was rejected\n")
        .shows("row 1: email `jane@@example.com`");
}

#[test]
fn quiet_and_verbose_change_the_output() {
    let script = "fn test_a() { print(\"heard\"); }\nfn test_b() { throw \"wrong\"; }";
    test_with(&["-q"], script)
        .exits(1)
        .shows("error: wrong")
        .shows("test result: FAILED")
        .never_says("test_a");
    let ran = test_with(&["-v"], script)
        .exits(1)
        .shows("test_a ... ok (0.")
        .shows("  heard\n");
    assert_eq!(ran.stderr, "", "results are all there is");
}

#[test]
fn test_functions_are_refused_outside_tests() {
    for call in [
        "run_script(\"monitor\")",
        "pass_time(\"5 days\")",
        "set_status(\"jane@example.com\", \"submitted\")",
    ] {
        let name = call.split('(').next().unwrap();
        Project::new()
            .rehearse(&format!("{call};"))
            .exits(1)
            .says(&format!("error: `{name}` is for tests\n"))
            .says("run that with `gradient-bulk test`");
        Project::new()
            .file("script.rhai", format!("{call};"))
            .file("tests/a.rhai", "fn test_a() { assert(run_script(\"script.rhai\").error.contains(\"is for tests\")); }")
            .run(&["test", "tests"])
            .succeeds();
    }
    // Assertions are allowed in every script.
    Project::new()
        .rehearse("assert(1 + 1 == 2);\nassert_eq(#{ a: 1 }, #{ a: 2 });")
        .exits(1)
        .says("error: a: expected 2, found 1\n")
        .says("script.rhai:2:1");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_all_tests_and_cleans_up() {
    let project = Project::new().file(
        "tests/endless.rhai",
        "fn test_a() {}\nfn test_b() { while true {} }\nfn test_c() {}\n",
    );
    let temporary = project.path().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let project = project.env("TMPDIR", temporary.to_str().unwrap());
    let mut running = project.start(&["test", "tests", "--jobs", "1"]);
    running.wait_for("test_a ... ok");
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .shows("test result: interrupted. 1 passed; 0 failed; 2 not run; ");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

#[test]
fn a_missing_file_gets_a_hint_for_tests() {
    let test = "fn test_reads() { read_csv(\"people.csv\"); }\n";
    for (script, home) in [
        ("scripts/tests/reading.rhai", "scripts"),
        ("reading.rhai", "."),
    ] {
        Project::new()
            .file(script, test)
            .run(&["test", script])
            .exits(1)
            .shows(&format!(
                "hint: in a test, a path refers to a file that the test wrote, or else to one below `{home}`\n"
            ))
            .never_says("the directory the command runs in");
    }
}
