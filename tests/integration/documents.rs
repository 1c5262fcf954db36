//! Documents keep their promises: `console` blocks print what they show, and `rhai` blocks run.
//!
//! A block below a paragraph that ends with a file name, such as "`rules.rhai`:", becomes that file. Any other `rhai` block
//! is a script. If it has comments of the form `// prints …`, it must print exactly these lines.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::support::Project;

/// A document. Its commands run in a project of their own.
struct Document {
    path: &'static str,
    text: &'static str,
}

macro_rules! document {
    ($path:literal) => {
        Document {
            path: $path,
            text: include_str!(concat!("../../", $path)),
        }
    };
}

const README: Document = document!("README.md");
const LOOPS: Document = document!("docs/documented-loops.md");
const GUIDE: Document = document!("scripts/README.md");

/// Every document that is written by hand.
const DOCUMENTS: [Document; 13] = [
    README,
    GUIDE,
    LOOPS,
    document!("CHANGELOG.md"),
    document!("CONTRIBUTING.md"),
    document!("docs/architecture.md"),
    document!("docs/benchmarks.md"),
    document!("docs/coming-from-javascript-or-python.md"),
    document!("docs/files-and-names.md"),
    document!("docs/monitoring.md"),
    document!("docs/operations.md"),
    document!("docs/script-tools.md"),
    document!("docs/security.md"),
];

/// A project with the files that documents mention.
fn project() -> Project {
    Project::new()
        .file(
            "people.csv",
            "name,email,team\n\"Smith, Jane\",jane.smith@example.com,design\n\
             ,mary-jane.o'neil+jobs@example.com,engineering\nZoë Müller,zoe@example.org,alumni\n",
        )
        .file(
            "emails.txt",
            "jane@example.com\nludwig.van.beethoven@example.org",
        )
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
        .file(
            "candidates.xlsx",
            include_bytes!("../data/libreoffice/candidates.xlsx"),
        )
}

/// A fenced block.
struct Block {
    language: &'static str,
    /// The file it becomes, if the paragraph above it names one.
    file: Option<&'static str>,
    text: String,
}

impl Document {
    /// Returns the fenced blocks, in order.
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

    /// Returns the targets of links inside the project.
    fn links(&self) -> Vec<&'static str> {
        let text = self.text.split("](").skip(1);
        let targets = text.filter_map(|rest| Some(rest.split_once(')')?.0));
        targets.filter(|link| !link.contains("://")).collect()
    }

    /// Runs the commands of all `console` blocks in one project, and writes the files that the document names on the way.
    #[cfg(unix)]
    fn prints_what_it_shows(&self) {
        let mut project = project();
        for block in self.blocks() {
            match block.file {
                Some(name) => {
                    project = project.file(name, &block.text);
                    if block.language == "rhai" {
                        let checked = project.run(&["check", name]);
                        checked.succeeds().reports("no mistakes found\n");
                    }
                }
                None if block.language == "console" => self.run_console(&project, &block.text),
                None => {}
            }
        }
    }

    #[cfg(unix)]
    fn run_console(&self, project: &Project, block: &str) {
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
                "{}\n$ {command}\n--- the document shows\n{expected_text}\n--- the command printed\n{shown}\n",
                self.path
            );
        }
    }

    /// Returns the `rhai` blocks that do not become files.
    fn scripts(&self) -> Vec<String> {
        self.blocks()
            .into_iter()
            .filter(|block| block.language == "rhai" && block.file.is_none())
            .map(|block| block.text)
            .collect()
    }

    /// Runs each script in its own project.
    fn scripts_run(&self) {
        for script in self.scripts() {
            let project = project().file("script.rhai", &script);
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
                assert_eq!(
                    printed, promised,
                    "printed by this script in {}\n{script}",
                    self.path
                );
            }
        }
    }
}

/// Returns the scripts of all documents, without those that become files.
pub(crate) fn scripts() -> Vec<String> {
    DOCUMENTS.iter().flat_map(Document::scripts).collect()
}

/// Returns the file name in a line such as "The rules, `lib/rules.rhai`:".
fn file_named(above: &str) -> Option<&str> {
    let (_, name) = above.strip_suffix("`:")?.rsplit_once('`')?;
    (name.contains('.') && !name.contains(' ')).then_some(name)
}

/// Returns whether `actual` is what `expected` shows. `…` in a line matches any text, and a line `…` matches any number of
/// lines.
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
fn commands_in_documents_print_what_they_show() {
    in_each_document(Document::prints_what_it_shows);
}

#[test]
fn scripts_in_documents_run_and_print_what_they_say() {
    in_each_document(Document::scripts_run);
}

/// Runs `check` for all documents at once.
fn in_each_document(check: fn(&Document)) {
    thread::scope(|scope| {
        for document in &DOCUMENTS {
            scope.spawn(|| check(document));
        }
    });
}

#[test]
fn every_document_is_tested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for directory in ["", "docs/"] {
        for entry in fs::read_dir(root.join(directory)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_document = Path::new(&name).extension().is_some_and(|end| end == "md");
            let path = format!("{directory}{name}");
            assert!(
                !is_document || DOCUMENTS.iter().any(|document| document.path == path),
                "`{path}` is missing from DOCUMENTS"
            );
        }
    }
}

#[test]
fn links_between_documents_lead_to_a_heading() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in &DOCUMENTS {
        let directory = root.join(document.path).parent().unwrap().to_owned();
        for link in document.links() {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() {
                root.join(document.path)
            } else {
                directory.join(path)
            };
            assert!(target.exists(), "{}: no file `{link}`", document.path);
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let has_heading = text
                    .lines()
                    .filter_map(|line| line.strip_prefix('#'))
                    .any(|heading| anchor_of(heading) == anchor);
                assert!(has_heading, "{}: no heading `{link}`", document.path);
            }
        }
    }
}

/// Not in the guide, which names files that its readers create.
#[test]
fn files_named_in_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src/", "tests/", "scripts/", "benches/", "docs/", ".ci/"];
    for document in DOCUMENTS
        .iter()
        .filter(|document| document.path != GUIDE.path)
    {
        for name in document.text.split('`').skip(1).step_by(2) {
            if folders.iter().any(|folder| name.starts_with(folder)) && !name.contains(' ') {
                assert!(
                    root.join(name).exists(),
                    "{}: no file `{name}`",
                    document.path
                );
            }
        }
    }
}

/// Returns the anchor that GitHub gives a heading.
fn anchor_of(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Each file in the guide is run, tested or imported somewhere in it.
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

/// The loops of the API's documentation work against the sandbox if host, key and assessment are replaced.
#[cfg(unix)]
#[test]
#[ignore = "needs curl and jq"]
fn documented_loops_work_against_the_sandbox() {
    let project = project().file(
        "emails.txt",
        "jane@example.com\nludwig.van.beethoven@example.org\n",
    );
    let sandbox = project.sandbox(&[]);
    let mut loops = LOOPS.blocks();
    loops.retain(|block| block.language == "bash");
    assert_eq!(loops.len(), 4);
    let outputs: Vec<String> = loops
        .iter()
        .map(|block| {
            let output = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &block.text])
                .current_dir(project.path())
                .env("GRADIENT_API_URL", sandbox.url())
                .env("GRADIENT_API_KEY", sandbox.key())
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
