//! `check`: finds mistakes in scripts without running them.

use std::borrow::Cow;
use std::collections::HashSet;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::command_error::CommandError;
use super::options::MemoryArgs;
use super::output::{self, to_stdout, write_json};
use super::run;
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

Example:
  gradient-bulk check people.rhai
  gradient-bulk check --format json scripts/")]
pub(super) struct Check {
    /// The scripts to check
    #[arg(value_name = "SCRIPT", required = true)]
    scripts: Vec<String>,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    memory: MemoryArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// To read
    Text,
    /// For editors
    Json,
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
    pub(super) fn run(&self) -> Result<ExitStatus, CommandError> {
        let _watch = self.memory.watch();
        let linter = Linter::new(run::reserved());
        let mut findings = Findings::default();
        let mut unreadable = false;
        for source in self.sources() {
            match source {
                Ok(source) => findings.add(linter.check(&source)),
                Err(error) => {
                    unreadable = true;
                    output::note_preformatted(&render(&error, output::stderr_style()));
                }
            }
        }
        let findings = findings.all;
        match self.format {
            Format::Json => {
                let records = findings.iter().map(|finding| Ok(record(finding)));
                to_stdout(|out| write_json(output::Format::Json, records, out))?;
            }
            Format::Text if unreadable && findings.is_empty() => {}
            Format::Text => show(&findings)?,
        }
        Ok(if unreadable {
            ExitStatus::Usage
        } else if count(&findings, Severity::Error) > 0 {
            ExitStatus::ScriptError
        } else {
            ExitStatus::Success
        })
    }

    /// Reads each script once.
    fn sources(&self) -> Vec<Result<Source, Error>> {
        let mut names = HashSet::new();
        self.scripts
            .iter()
            .flat_map(|reference| {
                Source::find_all(reference).unwrap_or_else(|error| vec![Err(error)])
            })
            .filter(|source| match source {
                Ok(source) => names.insert(source.name.clone()),
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
    locations: HashSet<(String, usize, usize, Cow<'static, str>)>,
}

impl Findings {
    fn add(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let diagnostic = &finding.diagnostic;
            let location = diagnostic.location.as_ref();
            let is_new = location.is_none_or(|location| {
                let name = location.name.to_string();
                let code = diagnostic.code.clone();
                self.locations
                    .insert((name, location.line, location.column, code))
            });
            if is_new {
                self.all.push(finding);
            }
        }
    }
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    let same = findings
        .iter()
        .filter(|finding| finding.severity == severity);
    same.count()
}

fn show(findings: &[Finding]) -> Result<(), Error> {
    for text in render_findings(findings, output::stdout_style()) {
        output::print(&format!("{text}\n"))?;
    }
    let counted = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .map(|(severity, noun)| (count(findings, severity), noun))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| text::count(number, noun))
        .collect::<Vec<_>>();
    if counted.is_empty() {
        output::note("no mistakes found");
    } else {
        output::note(&counted.join(", "));
    }
    Ok(())
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
