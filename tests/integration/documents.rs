//! What the documents promise: console blocks print what they show, and scripts run.
//!
//! A block under a paragraph that ends with a file's name, such as "`rules.rhai`:", is that file from there on. Any other
//! `rhai` block is a script of its own, which prints what its comments of the form `// prints …` say, if it has any.

use std::process::Command;

use crate::support::Project;

/// A document, and the project that its commands run in.
struct Document {
    text: &'static str,
    project: fn() -> Project,
}

const README: Document = Document {
    text: include_str!("../../README.md"),
    project: || {
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
    },
};

const GUIDE: Document = Document {
    text: include_str!("../../scripts/README.md"),
    project: || {
        let workbook = include_bytes!("../data/libreoffice/candidates.xlsx");
        Project::new().file("candidates.xlsx", workbook)
    },
};

/// A fenced block.
struct Block {
    language: &'static str,
    /// The file that it is, where the paragraph above it says so.
    file: Option<&'static str>,
    text: String,
}

impl Document {
    /// The fenced blocks, in order.
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut above = "";
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                blocks.push(Block {
                    language,
                    file: file_named(above),
                    text: inside.join("\n") + "\n",
                });
            }
            if !line.is_empty() {
                above = line;
            }
        }
        blocks
    }

    /// Runs the commands of the console blocks in their order, with the files as they are at each.
    #[cfg(unix)]
    fn prints_what_it_shows(&self) {
        let mut project = (self.project)();
        for block in self.blocks() {
            match block.file {
                Some(name) => {
                    project = project.file(name, &block.text);
                    if block.language == "rhai" {
                        let checked = project.run(&["check", name]);
                        checked.succeeds().reports("no mistakes found\n");
                    }
                }
                None if block.language == "console" => run_console(&project, &block.text),
                None => {}
            }
        }
    }

    /// The scripts that are no files.
    fn scripts(&self) -> Vec<String> {
        self.blocks()
            .into_iter()
            .filter(|block| block.language == "rhai" && block.file.is_none())
            .map(|block| block.text)
            .collect()
    }

    /// Runs each script that is no file in a project of its own.
    fn scripts_run(&self) {
        for script in self.scripts() {
            let project = (self.project)().file("script.rhai", &script);
            let mut arguments = vec!["run", "--sandbox", "script.rhai"];
            if script.contains("arg(\"file\"") {
                arguments.push("people.csv");
            }
            let ran = project.run(&arguments).succeeds();
            let promised: Vec<&str> = script
                .lines()
                .filter_map(|line| Some(line.split_once("// prints ")?.1))
                .collect();
            if !promised.is_empty() {
                let printed: Vec<&str> = ran.stdout.lines().collect();
                assert_eq!(printed, promised, "printed by\n{script}");
            }
        }
    }
}

/// The scripts of all documents that are no files.
pub(crate) fn scripts() -> Vec<String> {
    [README.scripts(), GUIDE.scripts()].concat()
}

/// The file that a line such as "The rules, `lib/rules.rhai`:" says the block below it to be.
fn file_named(above: &str) -> Option<&str> {
    let (_, name) = above.strip_suffix("`:")?.rsplit_once('`')?;
    (name.contains('.') && !name.contains(' ')).then_some(name)
}

#[cfg(unix)]
fn run_console(project: &Project, block: &str) {
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
            "$ {command}\n--- the document shows\n{expected_text}\n--- the command printed\n{shown}\n"
        );
    }
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
fn the_readme_prints_what_it_shows() {
    README.prints_what_it_shows();
}

#[cfg(unix)]
#[test]
fn the_guide_prints_what_it_shows() {
    GUIDE.prints_what_it_shows();
}

#[test]
fn scripts_of_the_readme_run() {
    README.scripts_run();
}

#[test]
fn scripts_of_the_guide_run_and_print_what_they_say() {
    GUIDE.scripts_run();
}

/// Each script that the guide lays down as a file is run, tested or imported somewhere in it.
#[test]
fn files_of_the_guide_are_used() {
    let blocks = GUIDE.blocks();
    let scripts: Vec<&str> = blocks.iter().filter_map(|block| block.file).collect();
    assert!(!scripts.is_empty());
    for name in scripts {
        let stem = name.trim_end_matches(".rhai");
        let used = blocks
            .iter()
            .any(|block| block.file != Some(name) && block.text.contains(stem));
        assert!(used, "nothing in the guide uses `{name}`");
    }
}

/// Each documented loop works against the sandbox with only host, key and assessment replaced.
#[cfg(unix)]
#[test]
#[ignore = "needs curl and jq"]
fn documented_loops_work_against_the_sandbox() {
    let project = (README.project)().file(
        "emails.txt",
        "jane@example.com\nludwig.van.beethoven@example.org\n",
    );
    let sandbox = project.sandbox(&[]);
    let mut loops = README.blocks();
    loops.retain(|block| block.language == "bash");
    assert_eq!(loops.len(), 4);
    let outputs: Vec<String> = loops
        .iter()
        .map(|block| {
            let output = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &block.text])
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
