//! Runs the linter: read, visit, apply every rule, sort.

use std::collections::HashSet;

use rhai::{AST, ASTNode, Engine, Expr, ParseError, Position, Stmt};

use super::builtins::{Builtins, getter_name};
use super::calls::{self, CallResolver};
use super::facts::ScriptFacts;
use super::finding::{Finding, Severity};
use super::import_graph::ImportGraph;
use super::inference::Inference;
use super::parsed_script::ParsedScript;
use super::{comparisons, imports, keys, misuses, no_value, results, templates, types, variables};
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
    pub fn new(reserved: Vec<String>) -> Self {
        Self {
            engine: setup::bare(),
            reserved,
        }
    }

    /// Checks a script and its imports. The findings of the script itself come first, from top to bottom.
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
    let builtins = Builtins::of(engine, &called_names(&graph.scripts));
    let functions = graph.scripts.iter().flat_map(|script| &script.functions);
    let inference = Inference {
        builtins: &builtins,
        own: functions.map(|function| function.name.as_str()).collect(),
    };
    let all_facts: Vec<ScriptFacts> = graph
        .scripts
        .iter()
        .map(|script| ScriptFacts::of(script, &inference))
        .collect();
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
        script_findings.extend(keys::unknown_reads(&dynamic_names, script, facts));
        script_findings.extend(types::check(&call_resolver, script, facts));
        script_findings.extend(no_value::check(&call_resolver, script, facts));
        script_findings.extend(misuses::check(&builtins, script, facts));
        script_findings.extend(comparisons::check(&builtins, script, facts));
        script_findings.extend(comparisons::conditions(script, facts));
        script_findings.extend(variables::lost_changes(script, facts));
        script_findings.extend(variables::missing_keys(script, facts));
        script_findings.extend(templates::check(script, facts));
        script_findings.extend(calls::invites(script, facts));
        script_findings.extend(results::check(&builtins, script, facts));
        script_findings.extend(variables::unused(script, facts));
        script_findings.extend(variables::unreachable(script, facts));
        findings.extend(script_findings);
    }
    findings.extend(graph.findings);
    sort(&mut findings, source);
    findings
}

/// Finds the comparisons of a script whose operands may have different types, which only a run can show.
pub(in crate::script) fn unproven_comparisons(
    engine: &Engine,
    source: &Source,
    ast: &AST,
) -> HashSet<Position> {
    let scripts = [ParsedScript::new(source.clone(), ast.clone())];
    let builtins = Builtins::of(engine, &called_names(&scripts));
    let [script] = &scripts;
    let inference = Inference {
        builtins: &builtins,
        own: script
            .functions
            .iter()
            .map(|each| each.name.as_str())
            .collect(),
    };
    ScriptFacts::of(script, &inference).unproven_comparisons
}

/// Keeps the errors only.
pub(in crate::script) fn errors(findings: Vec<Finding>) -> Vec<Diagnostic> {
    findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.diagnostic)
        .collect()
}

/// Returns the names of all functions, operators and getters that scripts may call, and of those that hints may name.
fn called_names(scripts: &[ParsedScript]) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut add = |name: &str| {
        if names.insert(name.to_owned()) {
            names.extend(no_value::counterparts(name, false));
            names.extend(no_value::counterparts(name, true));
        }
    };
    for script in scripts {
        script.ast.walk(&mut |path| {
            match path.last() {
                Some(
                    ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
                    | ASTNode::Stmt(Stmt::FnCall(call, _)),
                ) => add(&call.name),
                Some(ASTNode::Expr(Expr::Property(property, _))) => {
                    add(&getter_name(&property.2));
                }
                _ => {}
            }
            true
        });
    }
    names
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
