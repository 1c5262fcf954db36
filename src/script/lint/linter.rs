//! Runs the linter: read, visit, apply every rule, sort.

use std::collections::HashSet;

use rhai::{AST, Engine, ParseError};

use super::builtins::Builtins;
use super::calls::{self, CallResolver};
use super::facts::ScriptFacts;
use super::finding::{Finding, Severity};
use super::import_graph::ImportGraph;
use super::{
    imports, in_place, invite_calls, keys, results, templates, types, unused_code, variables,
};
use crate::script::arguments::find_args;
use crate::script::engine::setup;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::limits::name_lookups;
use crate::script::source::Source;

/// Checks scripts without running them.
pub struct Linter {
    engine: Engine,
    reserved: Vec<String>,
}

impl Linter {
    /// Creates a linter. The names in `reserved` cannot be arguments of scripts.
    #[must_use]
    pub fn new(reserved: Vec<String>) -> Self {
        Self {
            engine: setup::bare(),
            reserved,
        }
    }

    /// Checks a script and its imports. The findings of the script itself come first, from top to bottom.
    #[must_use]
    pub fn check(&self, source: &Source) -> Vec<Finding> {
        let parsed = name_lookups::compile(&self.engine, &source.text);
        findings(&self.engine, source, parsed, &self.reserved)
    }
}

/// Checks a script that `engine` has parsed, and its imports.
pub(in crate::script) fn findings(
    engine: &Engine,
    source: &Source,
    parsed: Result<AST, ParseError>,
    reserved: &[String],
) -> Vec<Finding> {
    let graph = ImportGraph::read(engine, source.clone(), parsed);
    let all_facts: Vec<ScriptFacts> = graph.scripts.iter().map(ScriptFacts::of).collect();
    let builtins = Builtins::of(engine, &called_names(&all_facts));
    let dynamic_names: HashSet<&str> = all_facts
        .iter()
        .flat_map(|facts| &facts.dynamic_names)
        .copied()
        .collect();
    let call_resolver = CallResolver {
        engine,
        builtins: &builtins,
        scripts: &graph.scripts,
        dynamic_names: &dynamic_names,
    };
    let mut findings = Vec::new();
    for (number, (script, facts)) in graph.scripts.iter().zip(&all_facts).enumerate() {
        let mut script_findings = Vec::new();
        let mut strict_parse_errors = graph.strict_parse_errors.iter();
        if let Some((_, error)) = strict_parse_errors.find(|(of, _)| *of == number) {
            script_findings.extend(variables::unknown(script, facts));
            script_findings.extend(imports::unknown(script, facts));
            if script_findings.is_empty() {
                script_findings.push(Finding::error(error.clone()));
            }
        }
        if number == 0 {
            let misused = find_args(&script.source, &script.ast, reserved).err();
            script_findings.extend(misused.into_iter().flatten().map(Finding::error));
        }
        script_findings.extend(calls::check(&call_resolver, number, facts));
        script_findings.extend(imports::unexported(&graph.scripts, script, facts));
        script_findings.extend(keys::check(&builtins, script, facts));
        script_findings.extend(types::check(&call_resolver, script, facts));
        script_findings.extend(in_place::check(&call_resolver, script, facts));
        script_findings.extend(templates::check(script, facts));
        script_findings.extend(invite_calls::check(script, facts));
        script_findings.extend(results::check(&builtins, script, facts));
        script_findings.extend(unused_code::variables(script, facts));
        script_findings.extend(unused_code::statements(script, facts));
        findings.extend(script_findings);
    }
    findings.extend(graph.findings);
    sort(&mut findings, source);
    findings
}

/// Keeps the errors only.
pub(in crate::script) fn errors(findings: Vec<Finding>) -> Vec<Diagnostic> {
    findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.diagnostic)
        .collect()
}

/// Returns the names of all called functions.
fn called_names<'a>(all_facts: &[ScriptFacts<'a>]) -> HashSet<&'a str> {
    let calls = all_facts.iter().flat_map(|facts| &facts.calls);
    calls.map(|call| call.name).collect()
}

/// Sorts by script, the main script first, and then by line.
fn sort(findings: &mut [Finding], main: &Source) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            finding.diagnostic.location.as_ref().map(|location| {
                let is_imported = location.name != main.name;
                (
                    is_imported,
                    location.name.clone(),
                    location.line,
                    location.column,
                )
            })
        };
        key(a).cmp(&key(b))
    });
}
