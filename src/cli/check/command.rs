//! `check`: finds mistakes in scripts without running them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{fix, github};
use crate::cli::command_error::CommandError;
use crate::cli::options::MemoryArgs;
use crate::cli::output::{self, to_stdout, write_json};
use crate::cli::run;
use crate::error::{Error, ExitStatus};
use crate::render::{render, render_findings};
use crate::script::{Finding, Linter, Severity, Source};
use crate::text;

/// Find mistakes in scripts without running them
///
/// Each SCRIPT is a path, the name of a shipped script, or a directory, in which every *.rhai is checked. Imported scripts are
/// checked as well. An error would stop the script, and `run` refuses a script that has one; a warning marks code that is
/// probably not intended. Exit status: 1 if there are errors, 2 if a script cannot be read, otherwise 0.
#[derive(Debug, Args)]
#[command(after_help = "\
With --format json, standard output is an array with one object per finding:
  file         the script as you named it, or as it was imported
  line         from 1
  column       of the first marked character, from 1
  end_column   of the first character after the marked ones
  severity     error or warning
  code         a stable name, such as unknown_function
  message      what is wrong
  hints        how to fix it, a list

With --format github, it has one workflow command per finding (::error file=…,line=…,col=…::…), which GitHub Actions
shows next to the line.

Examples:
  gradient-bulk check people.rhai
  gradient-bulk check --fix scripts/
  gradient-bulk check --format github scripts/")]
pub(in crate::cli) struct Check {
    /// The scripts to check
    #[arg(value_name = "SCRIPT", required = true)]
    scripts: Vec<String>,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Change the scripts where a fix is certain, and show the changes as a diff
    ///
    /// A fix is certain if the script cannot run as it is, and only one change can be meant, such as `emial` to `email`. It
    /// never changes what a script does that runs. Everything else is reported as without --fix. Only the scripts that you
    /// name, and those in directories that you name, are changed, each in one step.
    #[arg(long)]
    fix: bool,

    #[command(flatten)]
    memory: MemoryArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For editors
    Json,
    /// For GitHub Actions
    Github,
}

/// A finding, as `--format json` prints it.
#[derive(Serialize)]
struct JsonFinding<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_column: Option<usize>,
    severity: &'static str,
    code: &'a str,
    message: &'a str,
    hints: &'a [String],
}

impl Check {
    pub(in crate::cli) fn run(&self) -> Result<ExitStatus, CommandError> {
        let _watch = self.memory.watch();
        let linter = Linter::new(run::reserved());
        let mut findings = Findings::default();
        let mut unreadable = self.fix && !self.fix_all(&linter)?;
        for source in self.sources() {
            match source {
                Ok(source) => findings.add(linter.check(&source)),
                Err(error) => {
                    unreadable = true;
                    self.report_unreadable(&error)?;
                }
            }
        }
        let findings = findings.all;
        if self.fix {
            self.note_unchanged(&findings);
        }
        match self.format {
            Format::Json => {
                let records = findings.iter().map(|finding| Ok(record(finding)));
                to_stdout(|out| write_json(output::Format::Json, records, out))?;
            }
            Format::Text => {
                for text in render_findings(&findings, output::stdout_style()) {
                    output::print(&format!("{text}\n"))?;
                }
            }
            Format::Github => {
                for finding in &findings {
                    output::print(&github::annotation(finding))?;
                }
            }
        }
        if self.format != Format::Json && !(unreadable && findings.is_empty()) {
            output::note(&summary(&findings));
        }
        Ok(if unreadable {
            ExitStatus::Usage
        } else if count(&findings, Severity::Error) > 0 {
            ExitStatus::ScriptError
        } else {
            ExitStatus::Success
        })
    }

    /// Changes every script that has certain fixes. Returns `false` if one could not be written.
    fn fix_all(&self, linter: &Linter) -> Result<bool, Error> {
        let is_text = self.format == Format::Text;
        let color = is_text && output::is_stdout_colored();
        let mut are_written = true;
        let (mut edits, mut scripts) = (0, 0);
        for source in self.sources().into_iter().flatten() {
            match fix::fix(linter, &source, color) {
                Ok(None) => {}
                Ok(Some(fixed)) => {
                    edits += fixed.edits;
                    scripts += 1;
                    if is_text {
                        output::print(&format!("{}\n", fixed.diff))?;
                    } else {
                        output::note_preformatted(&fixed.diff);
                    }
                }
                Err(error) => {
                    are_written = false;
                    self.report_unreadable(&error)?;
                }
            }
        }
        if edits > 0 {
            let edits = text::count(edits, "mistake");
            output::note(&format!(
                "{edits} fixed in {}",
                text::count(scripts, "script")
            ));
        }
        Ok(are_written)
    }

    /// Names the scripts that have certain fixes and are only imported.
    fn note_unchanged(&self, findings: &[Finding]) {
        let named: HashSet<PathBuf> = self
            .sources()
            .into_iter()
            .flatten()
            .map(|source| identity(&source.name))
            .collect();
        let fixable = findings
            .iter()
            .filter(|finding| finding.diagnostic.edit.is_some());
        let locations = fixable.filter_map(|finding| finding.diagnostic.location.as_ref());
        let imported: BTreeSet<&str> = locations
            .map(|location| &*location.name)
            .filter(|name| !named.contains(&identity(name)))
            .collect();
        for name in imported {
            output::note(&format!(
                "`{}` is only imported, and not changed; name it to fix it too",
                text::escape_line(name)
            ));
        }
    }

    fn report_unreadable(&self, error: &Error) -> Result<(), Error> {
        if self.format == Format::Github {
            return output::print(&github::unreadable(&error.to_string()));
        }
        output::note_preformatted(&render(error, output::stderr_style()));
        Ok(())
    }

    /// Reads each script once.
    fn sources(&self) -> Vec<Result<Source, Error>> {
        let mut files = HashSet::new();
        self.scripts
            .iter()
            .flat_map(|reference| {
                Source::find_all(reference).unwrap_or_else(|error| vec![Err(error)])
            })
            .filter(|source| match source {
                Ok(source) => files.insert(identity(&source.name)),
                Err(_) => true,
            })
            .map(|source| source.map_err(Error::from))
            .collect()
    }
}

/// The findings of all scripts. Those in a script that several others import are reported once.
#[derive(Default)]
struct Findings {
    all: Vec<Finding>,
    locations: HashSet<(PathBuf, usize, usize, Cow<'static, str>)>,
}

impl Findings {
    fn add(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let diagnostic = &finding.diagnostic;
            let location = diagnostic.location.as_ref();
            let is_new = location.is_none_or(|location| {
                let file = identity(&location.name);
                let code = diagnostic.code.clone();
                self.locations
                    .insert((file, location.line, location.column, code))
            });
            if is_new {
                self.all.push(finding);
            }
        }
    }
}

/// Returns a path that is the same for every name of a script.
fn identity(name: &str) -> PathBuf {
    fs::canonicalize(name).unwrap_or_else(|_| name.into())
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    let same = findings
        .iter()
        .filter(|finding| finding.severity == severity);
    same.count()
}

/// `1 error, 2 warnings`
fn summary(findings: &[Finding]) -> String {
    let counted = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .map(|(severity, noun)| (count(findings, severity), noun))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| text::count(number, noun))
        .collect::<Vec<_>>();
    if counted.is_empty() {
        "no mistakes found".to_owned()
    } else {
        counted.join(", ")
    }
}

fn record(finding: &Finding) -> JsonFinding<'_> {
    let diagnostic = &finding.diagnostic;
    let location = diagnostic.location.as_ref();
    let span = location.map(crate::script::SourceLocation::span);
    JsonFinding {
        file: location.map(|location| &*location.name),
        line: location.map(|location| location.line),
        column: span.as_ref().map(|span| span.start + 1),
        end_column: span.as_ref().map(|span| span.end + 1),
        severity: finding.severity.name(),
        code: &diagnostic.code,
        message: &diagnostic.message,
        hints: &diagnostic.hints,
    }
}
