//! The README's promises: its console blocks print what it shows, its scripts run, its loops work against the sandbox.

use std::process::Command;

use crate::support::Project;

const README: &str = include_str!("../../README.md");

/// The fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("\n```{language}\n");
    README
        .split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

/// The files that the README's commands and scripts name.
fn project() -> Project {
    Project::new()
        .file(
            "people.csv",
            "name,email,team\n\"Smith, Jane\",jane.smith@example.com,design\n\
             ,mary-jane.o'neil+jobs@example.com,engineering\nZoë Müller,zoe@example.org,alumni\n",
        )
        .file("emails.txt", "jane@example.com\nludwig.van.beethoven@example.org")
        .file(
            "candidates.csv",
            "name,email\r\n\"Doe, John\",john.doe@example.net\r\n\"Bob \"\"B\"\" Hill\",bob@example.net",
        )
        .file(
            "deadlines.csv",
            "name,email,team,due_date,zone\n\
             Ann Lee,ann.lee@example.com,design,,America/Los_Angeles\n\
             Bo Svenson,bo@example.se,,2030-02-15,Europe/Stockholm\n",
        )
}

/// Tells whether `actual` is `expected`, where `…` at the end of a line stands for its rest, and as a line of its own for
/// any number of lines.
fn matches(expected: &[&str], actual: &[&str]) -> bool {
    match (expected, actual) {
        ([], []) => true,
        (["…", rest @ ..], _) => {
            (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..]))
        }
        ([line, rest @ ..], [shown, more @ ..]) => line_matches(line, shown) && matches(rest, more),
        _ => false,
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = actual.strip_prefix(parts.next().unwrap_or("")) else {
        return false;
    };
    if !expected.contains('…') {
        return rest.is_empty();
    }
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    expected.ends_with('…') || rest.is_empty()
}

#[cfg(unix)]
#[test]
fn console_blocks_print_what_they_show() {
    let project = project();
    for block in blocks("console") {
        for step in block
            .split("\n$ ")
            .map(|step| step.trim_start_matches("$ "))
        {
            let mut lines = step.lines();
            let command = lines.next().unwrap();
            let expected: Vec<&str> = lines.collect();
            let ran = project.shell(&format!("({command}\n) 2>&1"));
            let mut shown = ran.stdout.trim_end().to_owned();
            if ran.status != 0 {
                shown = format!("{shown}\n[exit status {}]", ran.status);
            }
            let actual: Vec<&str> = shown.lines().collect();
            let expected_text = expected.join("\n");
            assert!(
                matches(&expected, &actual),
                "$ {command}\n--- the README shows\n{expected_text}\n--- the command printed\n{shown}\n"
            );
        }
    }
}

#[test]
fn scripts_run() {
    for script in blocks("rhai") {
        let project = project().file("script.rhai", script);
        let mut arguments = vec!["run", "--sandbox", "script.rhai"];
        if script.contains("arg(\"file\"") {
            arguments.push("people.csv");
        }
        project.run(&arguments).succeeds();
    }
}

/// Each documented loop works against the sandbox with only host, key and assessment replaced.
#[cfg(unix)]
#[test]
#[ignore = "needs curl and jq"]
fn documented_loops_work_against_the_sandbox() {
    let project = project().file(
        "emails.txt",
        "jane@example.com\nludwig.van.beethoven@example.org\n",
    );
    let sandbox = project.sandbox(&[]);
    let loops = blocks("bash");
    assert_eq!(loops.len(), 4);
    let outputs: Vec<String> = loops
        .iter()
        .map(|text| {
            let output = Command::new("bash")
                .args(["-euo", "pipefail", "-c", text])
                .current_dir(project.path())
                .env("GRADIENT_API_URL", sandbox.url())
                .env("GRADIENT_API_KEY", "gai_loops")
                .env(
                    "GRADIENT_ASSESSMENT_ID",
                    "0f8fad5b-d9cb-469f-a165-70867728950e",
                )
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    let links = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("https://"))
            .count()
    };
    assert_eq!(links(&outputs[0]), 2, "{}", outputs[0]);
    assert_eq!(links(&outputs[2]), 1, "{}", outputs[2]);
    assert!(
        outputs[3].contains("Ludwig Van Beethoven: invited"),
        "{}",
        outputs[3]
    );
}
