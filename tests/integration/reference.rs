//! The documentation of what scripts can call: every function has it, and every example runs.

use gradient_bulk::script::{Function, functions};

use crate::support::Project;

/// The calls that only tests may make: examples with them are run as tests.
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
        assert!(
            !section(function, "# Errors").is_empty(),
            "{signature}: no errors"
        );
        assert!(
            (1..=8).contains(&example(function).len()),
            "{signature}: no example, or a long one"
        );
    }
}

/// All examples run as one script each, in one project: they may leave files, and must not depend on them.
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
