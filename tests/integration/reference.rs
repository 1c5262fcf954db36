//! The reference of script functions: each is documented, each example runs, and `docs` shows it.

use std::collections::HashSet;
use std::fmt::Write as _;

use gradient_bulk::internals::error_code::ErrorCode;
use gradient_bulk::internals::reference::{Reference, terminal};
use gradient_bulk::internals::script::{
    Function, FunctionKind, described_functions, functions, rhai_functions,
};

use crate::support::Project;

const DOCUMENT: &str = include_str!("../../scripts/REFERENCE.md");
/// Functions for tests only. Examples that call them run as tests.
const TEST_ONLY: [&str; 3] = ["run_script(", "pass_time(", "set_status("];

/// The lines below a heading of a doc comment.
fn section<'a>(function: &'a Function, heading: &str) -> Vec<&'a str> {
    function
        .doc
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("# "))
        .filter(|line| !line.trim().is_empty())
        .collect()
}

fn example(function: &Function) -> Vec<&str> {
    let mut lines = section(function, "# Example");
    lines.retain(|line| !line.starts_with("```"));
    lines
}

#[test]
fn every_function_is_documented() {
    let functions = functions();
    assert!(functions.len() > 60, "only {} functions", functions.len());
    for function in &functions {
        let signature = function.signature();
        let summary = function.doc.lines().next().unwrap_or("");
        let first_word = summary.split(' ').next().unwrap_or("");
        assert!(
            (10..=80).contains(&summary.len()),
            "{signature}: summary `{summary}`"
        );
        assert!(summary.ends_with('.'), "{signature}: summary `{summary}`");
        assert!(
            first_word.ends_with('s'),
            "{signature}: third person: `{summary}`"
        );
        let errors = section(function, "# Errors");
        assert!(
            errors == ["none"] || errors.first().is_some_and(|line| line.starts_with("- ")),
            "{signature}: errors are a list, or `none`"
        );
        assert!(
            (1..=8).contains(&example(function).len()),
            "{signature}: no example, or a long one"
        );
    }
}

/// All examples run in the same project. They may leave files, but must not depend on them.
#[test]
fn every_example_runs_against_the_sandbox() {
    let project = Project::new();
    let sandbox = project.sandbox(&[]);
    let failed: Vec<String> = functions()
        .iter()
        .filter_map(|function| {
            let script = example(function).join("\n");
            let file = format!("{}.rhai", project.path().join("example").display());
            std::fs::write(&file, &script).unwrap();
            let mut arguments = vec!["run", "--sandbox", "-q", &file];
            if TEST_ONLY.iter().any(|name| script.contains(name)) {
                std::fs::write(&file, format!("fn test_example() {{\n{script}\n}}\n")).unwrap();
                arguments = vec!["test", "-q", &file];
            }
            if script.contains("arg(\"file\"") {
                arguments.push("people.csv");
            }
            let ran = project.run(&arguments);
            (ran.status != 0).then(|| format!("{}\n{script}\n{}", function.signature(), ran.stderr))
        })
        .collect();
    drop(sandbox);
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn errors_have_codes_or_refer_to_another_function() {
    for entry in Reference::read().entries() {
        for item in entry.overloads.iter().flat_map(|form| &form.doc.errors) {
            let is_code = |name: &String| ErrorCode::parse(name).is_some();
            let refers = ["those of ", "what "]
                .iter()
                .any(|start| item.text.starts_with(start));
            assert!(
                item.names.iter().all(is_code) && (refers || !item.names.is_empty()),
                "{}: {item:?}",
                entry.full_name()
            );
        }
    }
}

#[test]
fn every_error_code_is_documented_in_one_sentence() {
    let mut names = HashSet::new();
    for code in ErrorCode::ALL {
        let (name, summary) = (code.name(), code.summary());
        assert!(names.insert(name), "`{name}` is listed twice");
        assert_eq!(ErrorCode::parse(name), Some(*code));
        assert!(
            summary.ends_with('.') && summary.len() > 10,
            "{name}: `{summary}`"
        );
        let row = format!("\n| `{name}` | {summary} | ");
        assert_eq!(DOCUMENT.matches(&row).count(), 1, "{row}");
    }
}

#[test]
fn the_document_in_scripts_is_current() {
    let ran = Project::new()
        .run(&["docs", "--format", "markdown"])
        .succeeds();
    assert!(
        ran.stdout == DOCUMENT.replace("\r\n", "\n"),
        "scripts/REFERENCE.md is stale; this makes it anew:\n  \
         cargo run --quiet -- docs --format markdown > scripts/REFERENCE.md"
    );
}

#[test]
fn every_link_of_the_document_has_a_heading() {
    let headings = DOCUMENT.lines().filter(|line| line.starts_with('#'));
    let mut anchors: HashSet<String> = HashSet::new();
    for heading in headings {
        let slug: String = heading
            .trim_start_matches('#')
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let again = (1..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.clone())
            .chain(again)
            .find(|slug| !anchors.contains(slug));
        anchors.insert(free.unwrap());
    }
    let links: Vec<&str> = DOCUMENT
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect();
    assert!(links.len() > 100, "only {} links", links.len());
    for link in links {
        assert!(anchors.contains(link), "#{link} leads nowhere");
    }
    for entry in Reference::read().entries() {
        let heading = format!("\n### `{}`\n", entry.full_name());
        assert_eq!(DOCUMENT.matches(&heading).count(), 1, "{heading}");
    }
}

#[test]
fn docs_shows_overloads_options_errors_and_example() {
    let project = Project::new();
    project
        .run(&["docs", "invite_all"])
        .succeeds()
        .shows("invite_all(rows: value) -> Outcome\n")
        .shows("invite_all(rows: value, request: closure) -> Outcome\n  Invites everybody in a list by the")
        .shows("\n  Errors\n    unknown_key, missing_key, wrong_type, unknown_column: a row is not a valid\n      request\n")
        .shows("\n  Example\n    let outcome = invite_all([");
    project
        .run(&["docs", "invite"])
        .succeeds()
        .shows("\n  Options\n    email (string, required): The candidate's email address.\n");
}

#[test]
fn names_are_found_as_they_are_written_in_scripts() {
    let project = Project::new();
    let same = project.run(&["docs", "plus_days"]).succeeds().stdout;
    assert!(
        same.starts_with("time.plus_days(days: int) -> DateTime  of DateTime\n"),
        "{same}"
    );
    for name in [
        ".plus_days",
        "DateTime.plus_days",
        "datetime.plus_days",
        "due.plus_days(3)",
        " plus_days() ",
    ] {
        project.run(&["docs", name]).succeeds().prints(&same);
    }
    for (name, shown) in [
        ("row.get", "row.get(column: string) -> value  of Row\n"),
        ("row[]", "row[column: string] -> string  of Row\n"),
        (
            "row[\"Full Name\"]",
            "row[column: string] = value: value  of Row\n",
        ),
        ("now().year", "time.year -> int  of DateTime\n"),
        ("<=", "a: DateTime <= b: DateTime -> bool  of DateTime\n"),
        ("Results.len", "results.len() -> int  of Results\n"),
        (
            "split",
            "text.split(delimiter: string) -> array  of string\n",
        ),
        ("print", "print(data: value)\n  Display any data"),
    ] {
        let ran = project.run(&["docs", name]).succeeds();
        assert!(ran.stdout.contains(shown), "{name}: {ran}");
    }
    // Functions are explained before methods.
    let both = project.run(&["docs", "write_csv"]).succeeds().stdout;
    let at = |text: &str| {
        both.find(text)
            .unwrap_or_else(|| panic!("no {text}: {both}"))
    };
    let function = at("write_csv(path: string, rows: value, columns: array)\n");
    assert!(
        function < at("outcome.write_csv(path: string)  of Outcome"),
        "{both}"
    );
}

#[test]
fn types_and_topics_list_their_functions() {
    let project = Project::new();
    for (name, has_functions) in [("DateTime", false), ("Time", true), ("time", true)] {
        let ran = project.run(&["docs", name]).succeeds();
        let ran = ran
            .shows("  DateTime.plus_days(days)")
            .shows("  DateTime.weekday");
        assert_eq!(ran.stdout.contains("  now()"), has_functions, "{ran}");
    }
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let project = Project::new();
    for (name, likely) in [
        ("invite_al", "`invite_all`"),
        ("read_cvs", "`read_csv`"),
        ("DateTime.plus_day", "`DateTime.plus_days`"),
        ("Outcom", "`Outcome`"),
    ] {
        project
            .run(&["docs", name])
            .exits(2)
            .prints("")
            .says(&format!("error: the reference has no `{name}`"))
            .says(&format!("hint: did you mean {likely}?"));
    }
    project
        .run(&["docs", "xylophone"])
        .exits(2)
        .says("hint: `gradient-bulk docs` lists what scripts can call");
    project
        .run(&["docs", "invite", "--format", "markdown"])
        .exits(2);
    // An unknown function in a script gets a hint at the reference too.
    project
        .rehearse("xylophone();")
        .exits(1)
        .says("hint: `gradient-bulk docs` lists what scripts can call");
}

#[test]
fn the_overview_lists_everything_and_fits_80_columns() {
    let shown = Project::new().run(&["docs"]).succeeds().stdout;
    for entry in Reference::read().entries() {
        for (usage, summary) in entry.usages() {
            let first = summary.split(' ').next().unwrap();
            let beside_or_below = shown
                .lines()
                .zip(shown.lines().skip(1))
                .any(|(line, next)| {
                    line.contains(&usage) && (line.contains(first) || next.contains(first))
                });
            assert!(beside_or_below, "{usage}: {shown}");
        }
    }
    let longest = shown.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(80), "{longest:?} columns: {shown}");
    assert!(shown.ends_with(
        "`gradient-bulk docs NAME` explains any of them, a type, or a function of Rhai.\n"
    ));
}

#[test]
fn pages_fit_the_width_and_colors_do_not_change_the_text() {
    let reference = Reference::read();
    let plain_of = |text: &str| -> String {
        let mut parts = text.split('\x1b');
        let first = parts.next().unwrap_or("").to_owned();
        let rest = parts.map(|part| part.split_once('m').unwrap().1);
        std::iter::once(first)
            .chain(rest.map(ToOwned::to_owned))
            .collect()
    };
    for width in [40, 80, 200] {
        for entry in reference.entries() {
            let plain = terminal::entry(&[entry], width, false);
            let prose = plain
                .lines()
                .filter(|line| !line.starts_with("    ") || line.starts_with("      "));
            for line in prose.take_while(|line| *line != "  Example") {
                let one_word = !line.trim().contains(' ');
                assert!(
                    line.chars().count() <= width.min(100) || one_word,
                    "{width}: {line}"
                );
            }
            let colored = terminal::entry(&[entry], width, true);
            assert!(colored.contains("\x1b[1m"), "{colored}");
            let words = |text: &str| text.replace('`', "").split_whitespace().collect::<String>();
            assert_eq!(words(&plain_of(&colored)), words(&plain));
        }
        let list = terminal::overview(&reference, width, false);
        assert!(list.lines().all(|line| line == line.trim_end()));
    }
}

#[test]
fn definitions_use_the_types_of_the_language_server() {
    let project = Project::new();
    let shown = project
        .run(&["docs", "--format", "definitions"])
        .succeeds()
        .stdout;
    assert!(shown.starts_with("module static;\n"));
    // Rhai and the language server do not accept a reserved word as the name of a parameter.
    let functions = functions().into_iter().enumerate();
    let stubs = functions.filter(|(_, function)| function.kind != FunctionKind::Operator);
    let stubs = stubs.map(|(number, function)| {
        let signature = function.signature();
        let (_, parameters) = signature.split_once('(').unwrap();
        format!("fn f{number}({parameters} {{}}\n")
    });
    project.rehearse(&stubs.collect::<String>()).succeeds();
    for line in [
        "fn invite_all(rows: ?, request: FnPtr) -> Outcome;",
        "fn plus_days(time: DateTime, days: int) -> DateTime;",
        "fn get year(time: DateTime) -> int;",
        "fn read_csv(path: String, options: Map) -> Array;",
        "fn write_csv(path: String, rows: ?);",
        "op <(DateTime, DateTime) -> bool;",
        "/// Invites everybody in a list: checks every row first, then sends.",
        // Rhai's own.
        "fn print(data: ?);",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "no `{line}`");
    }
    for line in shown.lines().filter(|line| !line.starts_with("//")) {
        let begins = ["fn ", "op ", "const ", "module "]
            .iter()
            .any(|word| line.starts_with(word));
        assert!(line.is_empty() || (begins && line.ends_with(';')), "{line}");
        for rust in [
            "::",
            "Result<",
            "RhaiResult",
            "Box<",
            "&",
            "Dynamic",
            "NativeCallContext",
            "INT",
            "$",
            "impl ",
        ] {
            let is_operator = rust == "&" && line.starts_with("op &");
            assert!(is_operator || !line.contains(rust), "`{rust}` in `{line}`");
        }
    }
}

/// The documented keys of what each call returns are the keys that it has in the sandbox.
#[test]
fn documented_keys_are_those_of_the_results() {
    let functions = functions();
    let calls = [
        (
            "assert_throws(closure)",
            "assert_throws(|| datetime(\"x\"))",
        ),
        (
            "assessment(id_or_name)",
            "assessment(list_assessments()[0].id)",
        ),
        ("failures(outcome)", "outcome.results().to_array()[0]"),
        ("invite(email, name)", "invited"),
        ("list_api_keys()", "list_api_keys()[0]"),
        ("list_assessments()", "list_assessments()[0]"),
        ("list_candidates()", "list_candidates()[0]"),
        ("list_sessions()", "list_sessions()[0]"),
        ("results(outcome)", "outcome.results().to_array()[0]"),
        ("run_script(path)", "run_script(\"monitor\")"),
        ("score(session_id)", "score(list_sessions()[0].id)"),
        ("session(id)", "session(list_sessions()[0].id)"),
    ];
    let mut script = "fn test_keys() {
    let outcome = invite_all([\"jane@example.com\"]);
    let invited = invite(\"john@example.com\", \"John\");
    for session in list_sessions() { set_status(session.candidate_email, \"submitted\"); }\n"
        .to_owned();
    for (signature, call) in calls {
        let function = functions.iter().find(|each| each.signature() == signature);
        let shape = function.unwrap().result_shape.unwrap();
        let keys: Vec<String> = shape
            .keys
            .iter()
            .map(|key| format!("{:?}", key.name))
            .collect();
        let keys = keys.join(", ");
        let _ = writeln!(script, "    let result = {call};");
        if shape.others.is_none() {
            let _ = writeln!(
                script,
                "    assert_eq(result.keys().sorted(), [{keys}].sorted());"
            );
        } else if shape.noun != "an error" {
            let _ = writeln!(
                script,
                "    for key in [{keys}] {{ assert(key in result, `{signature}: ${{key}}`); }}"
            );
        }
    }
    script.push('}');
    Project::new()
        .file("tests/keys.rhai", script)
        .run(&["test"])
        .succeeds();
}

/// The blocks of code in a page.
fn examples(page: &str) -> Vec<&str> {
    let blocks = page.split("```rhai\n").skip(1);
    blocks
        .filter_map(|block| block.split("\n```").next())
        .collect()
}

#[test]
fn every_example_of_the_pages_about_the_language_runs() {
    let project = Project::new().file(
        "lib/rules.rhai",
        "export const DAYS = 5;\nfn days_for(team) { if team == \"design\" { 10 } else { global::DAYS } }\n",
    );
    let reference = Reference::read();
    let pages = reference
        .topics
        .iter()
        .flat_map(|topic| examples(&topic.introduction));
    let described = described_functions();
    let functions: Vec<String> = described
        .iter()
        .map(|function| function.parsed_doc().example)
        .collect();
    let functions = functions
        .iter()
        .map(String::as_str)
        .filter(|example| !example.is_empty());
    let scripts: Vec<&str> = pages.chain(functions).collect();
    assert!(scripts.len() > 40, "only {} examples", scripts.len());
    for script in scripts {
        let ran = project.rhai(&["--sandbox", "-q"], script);
        assert!(ran.status == 0, "{script}\n{ran}");
        // The comments say what is printed.
        for line in script.lines().filter(|line| line.contains("print(")) {
            if let Some((_, printed)) = line.split_once("// ") {
                assert!(
                    ran.stdout.contains(&format!("{}\n", printed.trim())),
                    "{line}\n{ran}"
                );
            }
        }
    }
}

#[test]
fn the_pages_describe_functions_that_exist() {
    let all = rhai_functions();
    for function in described_functions() {
        let signature = function.signature();
        let is_same = |other: &Function| {
            function.describes(other) && other.parameters.len() == function.parameters.len()
        };
        // An example that runs shows that the function exists, even if Rhai does not document it.
        let has_example = !function.parsed_doc().example.is_empty();
        assert!(has_example || all.iter().any(is_same), "{signature}");
        let summary = function.summary();
        assert!(
            (10..=80).contains(&summary.len()),
            "{signature}: `{summary}`"
        );
    }
}

#[test]
fn words_of_the_language_are_found_first() {
    let project = Project::new();
    for (name, start) in [
        ("array", "Arrays\n"),
        ("string", "Texts\n"),
        ("numbers", "Numbers\n"),
        ("closure", "Functions and closures\n"),
        ("switch", "Control flow\n"),
        ("import", "Modules\n"),
        ("replace", "text.replace("),
        ("sort", "array.sort()"),
    ] {
        let ran = project.run(&["docs", name]).succeeds();
        assert!(ran.stdout.starts_with(start), "{name}: {ran}");
    }
    project
        .run(&["docs", "midnight"])
        .succeeds()
        .shows("DateTime.start_of_day()");
    project
        .run(&["docs", "xyzzy"])
        .exits(2)
        .says("the reference has no `xyzzy`");
}
