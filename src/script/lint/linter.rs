//! The order of the lint: read, walk, ask every rule, sort.

use std::collections::HashSet;

use rhai::{AST, Engine, ParseError};

use super::builtins::Catalog;
use super::calls::{self, Reach};
use super::facts::Outline;
use super::finding::{Finding, Severity};
use super::program::Program;
use super::{imports, in_place, inviting, keys, results, templates, types, unreachable, variables};
use crate::script::arguments::find_args;
use crate::script::engine::setup;
use crate::script::error::failure::Failure;
use crate::script::source::Source;

/// Checks scripts without running them.
pub struct Linter {
    engine: Engine,
    reserved: Vec<String>,
}

impl Linter {
    /// Creates a linter; scripts may not take the names in `reserved` for arguments.
    #[must_use]
    pub fn new(reserved: Vec<String>) -> Self {
        Self {
            engine: setup::bare(),
            reserved,
        }
    }

    /// Finds what is wrong with a script and with what it imports: first in the script, from top to bottom.
    #[must_use]
    pub fn check(&self, source: &Source) -> Vec<Finding> {
        let parsed = self.engine.compile(&*source.text);
        findings(&self.engine, source, parsed, &self.reserved)
    }
}

/// Finds what is wrong with a script, as `engine` parsed it, and with what it imports.
pub(in crate::script) fn findings(
    engine: &Engine,
    source: &Source,
    parsed: Result<AST, ParseError>,
    reserved: &[String],
) -> Vec<Finding> {
    let program = Program::read(engine, source.clone(), parsed);
    let outlines: Vec<Outline> = program.scripts.iter().map(Outline::of).collect();
    let catalog = Catalog::of(engine, &names(&outlines));
    let words: HashSet<&str> = outlines
        .iter()
        .flat_map(|outline| &outline.words)
        .copied()
        .collect();
    let reach = Reach {
        engine,
        catalog: &catalog,
        scripts: &program.scripts,
        words: &words,
    };
    let mut findings = Vec::new();
    for (number, (script, outline)) in program.scripts.iter().zip(&outlines).enumerate() {
        let mut of_script = Vec::new();
        if let Some((_, refusal)) = program.refusals.iter().find(|(of, _)| *of == number) {
            of_script.extend(variables::unknown(script, outline));
            of_script.extend(imports::unknown(script, outline));
            if of_script.is_empty() {
                of_script.push(Finding::error(refusal.clone()));
            }
        }
        if number == 0 {
            let misused = find_args(&script.source, &script.ast, reserved).err();
            of_script.extend(misused.into_iter().flatten().map(Finding::error));
        }
        of_script.extend(calls::check(&reach, number, outline));
        of_script.extend(imports::unexported(&program.scripts, script, outline));
        of_script.extend(keys::check(&catalog, script, outline));
        of_script.extend(types::check(&reach, script, outline));
        of_script.extend(in_place::check(&reach, script, outline));
        of_script.extend(templates::check(script, outline));
        of_script.extend(inviting::check(script, outline));
        of_script.extend(results::check(&catalog, script, outline));
        of_script.extend(variables::unused(script, outline));
        of_script.extend(unreachable::check(script, outline));
        findings.extend(of_script);
    }
    findings.extend(program.findings);
    sort(&mut findings, source);
    findings
}

/// Finds the errors only.
pub(in crate::script) fn errors(findings: Vec<Finding>) -> Vec<Failure> {
    findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.failure)
        .collect()
}

/// The names that the functions of the host are looked up by.
fn names<'a>(outlines: &[Outline<'a>]) -> HashSet<&'a str> {
    let calls = outlines.iter().flat_map(|outline| &outline.calls);
    let mut names: HashSet<&str> = calls.map(|call| call.name).collect();
    if names.contains("invite_all") {
        // It describes the requests.
        names.insert("invite");
    }
    names
}

/// Puts the script itself first, and each script from top to bottom.
fn sort(findings: &mut [Finding], main: &Source) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            finding.failure.place.as_ref().map(|place| {
                let is_imported = place.name != main.name;
                (is_imported, place.name.clone(), place.line, place.column)
            })
        };
        key(a).cmp(&key(b))
    });
}
