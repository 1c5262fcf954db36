//! A script and everything it imports.

use std::mem;
use std::sync::Arc;

use rhai::{AST, Engine, ParseError, ParseErrorType};

use super::finding::Finding;
use super::script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::diagnosis::diagnose::diagnose_parse;
use crate::script::engine::import_resolver::{Resolver, SourceMap, imports_itself};
use crate::script::engine::setup;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::script_error::Error;
use crate::script::error::throw::Throw;
use crate::script::source::Source;

/// The scripts, the main one first, and what was wrong with those that could not be read.
pub(super) struct ImportGraph<'e> {
    engine: &'e Engine,
    resolver: Resolver,
    pub(super) scripts: Vec<ParsedScript>,
    pub(super) findings: Vec<Finding>,
    /// What strict parsing says of scripts that name what is not there.
    pub(super) strict_parse_errors: Vec<(usize, Diagnostic)>,
    names: Vec<(Arc<str>, Option<usize>)>,
    loading: Vec<Arc<str>>,
}

impl<'e> ImportGraph<'e> {
    pub(super) fn read(
        engine: &'e Engine,
        source: Source,
        parsed: Result<AST, ParseError>,
    ) -> Self {
        let mut program = Self {
            engine,
            resolver: Resolver::new(source.home.clone(), SourceMap::default()),
            scripts: Vec::new(),
            findings: Vec::new(),
            strict_parse_errors: Vec::new(),
            names: Vec::new(),
            loading: Vec::new(),
        };
        program.add(source, parsed);
        program
    }

    /// Adds a script with all that it imports, and returns its number.
    fn add(&mut self, source: Source, parsed: Result<AST, ParseError>) -> Option<usize> {
        let name = Arc::clone(&source.name);
        let ast = match parsed {
            Ok(ast) => Some(ast),
            Err(error) => self.lenient(&source, &error),
        };
        let number = ast.map(|ast| {
            self.scripts.push(ParsedScript::new(source, ast));
            self.scripts.len() - 1
        });
        self.names.push((Arc::clone(&name), number));
        if let Some(number) = number {
            self.loading.push(name);
            self.import(number);
            self.loading.pop();
        }
        number
    }

    /// Parses a script whose only fault so far is that it names what is not there, so that all such names are found.
    fn lenient(&mut self, source: &Source, error: &ParseError) -> Option<AST> {
        let strict = parse_failure(source, error);
        let names_unknown = matches!(
            error.err_type(),
            ParseErrorType::VariableUndefined(_) | ParseErrorType::ModuleUndefined(_)
        );
        if !names_unknown {
            self.findings.push(Finding::error(strict));
            return None;
        }
        let mut lenient = setup::bare();
        lenient.set_strict_variables(false);
        match lenient.compile(&*source.text) {
            Ok(ast) => {
                self.strict_parse_errors.push((self.scripts.len(), strict));
                Some(ast)
            }
            Err(error) => {
                let failure = parse_failure(source, &error);
                self.findings.push(Finding::error(failure));
                None
            }
        }
    }

    /// Reads what the script with this number imports.
    fn import(&mut self, number: usize) {
        let Some(script) = self.scripts.get_mut(number) else {
            return;
        };
        let source = script.source.clone();
        let mut imports = mem::take(&mut script.imports);
        for import in &mut imports {
            let Some(path) = &import.path else {
                continue;
            };
            let found = self.resolver.find(Some(&source.name), path);
            let read = found.and_then(|found| self.imported(found, import.is_outermost, path));
            match read {
                Ok(target) => import.target = target,
                Err(thrown) => self.findings.push(Finding::with_handling(
                    import.error_handling,
                    Diagnostic::from(thrown).at(&source, import.position),
                )),
            }
        }
        if let Some(script) = self.scripts.get_mut(number) {
            script.imports = imports;
        }
    }

    fn imported(
        &mut self,
        source: Source,
        is_outermost: bool,
        path: &str,
    ) -> Result<Option<usize>, Throw> {
        if is_outermost && self.loading.contains(&source.name) {
            return Err(imports_itself(path));
        }
        let known = self.names.iter().find(|(name, _)| *name == source.name);
        if let Some((_, number)) = known {
            return Ok(*number);
        }
        let parsed = self.engine.compile(&*source.text);
        if is_outermost {
            return Ok(self.add(source, parsed));
        }
        // It is loaded when everything that loads now is long there.
        let waiting = mem::take(&mut self.loading);
        let number = self.add(source, parsed);
        self.loading = waiting;
        Ok(number)
    }
}

fn parse_failure(source: &Source, error: &ParseError) -> Diagnostic {
    match diagnose_parse(source, error, &[]) {
        Error::Failed(failure) => *failure,
        other => Diagnostic::new(ErrorCode::Syntax, other.to_string()),
    }
}
