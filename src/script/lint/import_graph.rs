//! A script and all scripts that it imports.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use rhai::{AST, Engine, ParseError, ParseErrorType};

use super::finding::Finding;
use super::parsed_script::ParsedScript;
use crate::script::diagnosis::diagnose::{diagnose_parse, parse_leniently};
use crate::script::engine::import_resolver::{Located, Resolver, SourceMap, imports_itself};
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::throw::Throw;
use crate::script::limits::name_lookups;
use crate::script::source::Source;

/// Parsed scripts, and findings about those that cannot be read or parsed.
pub(super) struct ImportGraph<'e> {
    engine: &'e Engine,
    resolver: Resolver,
    /// The main script is the first.
    pub(super) scripts: Vec<ParsedScript>,
    pub(super) findings: Vec<Finding>,
    /// The errors of scripts that use unknown variables or modules.
    pub(super) strict_parse_errors: Vec<(usize, Diagnostic)>,
    names: HashMap<Arc<str>, Option<usize>>,
    loading: Vec<Arc<str>>,
}

impl<'e> ImportGraph<'e> {
    pub(super) fn read(
        engine: &'e Engine,
        source: Source,
        parsed: Result<AST, ParseError>,
    ) -> Self {
        let mut graph = Self {
            engine,
            resolver: Resolver::new(
                source.import_root.clone(),
                &Arc::default(),
                SourceMap::default(),
            ),
            scripts: Vec::new(),
            findings: Vec::new(),
            strict_parse_errors: Vec::new(),
            names: HashMap::new(),
            loading: Vec::new(),
        };
        graph.add(source, parsed);
        graph
    }

    /// Adds a script and its imports, and returns its number.
    fn add(&mut self, source: Source, parsed: Result<AST, ParseError>) -> Option<usize> {
        let name = Arc::clone(&source.name);
        let ast = match parsed {
            Ok(ast) => Some(ast),
            Err(error) => self.parse_again(&source, &error),
        };
        let number = ast.map(|ast| {
            self.scripts.push(ParsedScript::new(source, ast));
            self.scripts.len() - 1
        });
        self.names.insert(Arc::clone(&name), number);
        if let Some(number) = number {
            self.loading.push(name);
            self.read_imports(number);
            self.loading.pop();
        }
        number
    }

    /// Parses a script leniently after an unknown variable or module, so that the rules can find all of them.
    fn parse_again(&mut self, source: &Source, error: &ParseError) -> Option<AST> {
        let strict = diagnose_parse(source, error, &[]);
        let is_unknown_name = matches!(
            error.err_type(),
            ParseErrorType::VariableUndefined(_) | ParseErrorType::ModuleUndefined(_)
        );
        if !is_unknown_name {
            self.findings.push(Finding::error(strict));
            return None;
        }
        match parse_leniently(source) {
            Ok(ast) => {
                self.strict_parse_errors.push((self.scripts.len(), strict));
                Some(ast)
            }
            // Names that are not declared need more comparisons.
            Err(error) if name_lookups::exceeded(error.err_type()).is_some() => {
                self.findings.push(Finding::error(strict));
                None
            }
            Err(error) => {
                let diagnostic = diagnose_parse(source, &error, &[]);
                self.findings.push(Finding::error(diagnostic));
                None
            }
        }
    }

    /// Reads the imports of script `number`.
    fn read_imports(&mut self, number: usize) {
        let Some(script) = self.scripts.get_mut(number) else {
            return;
        };
        let source = script.source.clone();
        let mut imports = mem::take(&mut script.imports);
        for import in &mut imports {
            let Some(path) = &import.path else {
                continue;
            };
            let located = self.resolver.locate(Some(&source.name), path);
            let read = located.and_then(|found| self.add_import(found, import.is_top_level, path));
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

    fn add_import(
        &mut self,
        located: Located,
        is_top_level: bool,
        path: &str,
    ) -> Result<Option<usize>, Throw> {
        let name = located.name();
        if is_top_level && self.loading.iter().any(|loading| **loading == *name) {
            return Err(imports_itself(path));
        }
        if let Some(number) = self.names.get(name.as_str()) {
            return Ok(*number);
        }
        let source = located.read()?;
        let parsed = name_lookups::compile(self.engine, &source.text);
        if is_top_level {
            return Ok(self.add(source, parsed));
        }
        // An import inside a block runs after all scripts on the stack are loaded, so it cannot be a cycle.
        let outer = mem::take(&mut self.loading);
        let number = self.add(source, parsed);
        self.loading = outer;
        Ok(number)
    }
}
