//! A session of the prompt: each input sees the variables, functions and imports of earlier ones.
//!
//! All inputs share one scope, which survives errors. Their functions and closures are merged into one script, so that they
//! can call each other.

use std::collections::HashSet;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Expr, ParseError, ParseErrorType, Scope, Stmt};

use super::imported_module::ImportedModule;
use super::run::Program;
use crate::error_code::ErrorCode;
use crate::script::arguments::Arguments;
use crate::script::diagnosis::diagnose::{EvalContext, diagnose, diagnose_parse};
use crate::script::diagnosis::foreign_syntax;
use crate::script::diagnosis::function_locations::FunctionLocations;
use crate::script::display::layout::{self, DisplayValue};
use crate::script::engine::environments::{self, CLOSURE_PREFIX, Closures};
use crate::script::engine::import_resolver::SourceMap;
use crate::script::engine::setup::{self, Loader};
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::script_error::Error;
use crate::script::error::termination::Termination;
use crate::script::host::run_host::Host;
use crate::script::limits::{checkpoint, name_lookups};
use crate::script::lint;
use crate::script::metadata::functions::Function;
use crate::script::source::{ImportRoot, Source};
use crate::script::values::completion_type::CompletionType;
use crate::script::values::convert::to_json;

/// The variable with the last result.
const LAST_RESULT: &str = "it";

/// Inputs that share variables and functions.
pub struct ReplSession {
    /// The host that inputs run on.
    pub host: Host,
    engine: Engine,
    scope: Scope<'static>,
    /// The functions and closures of all inputs.
    functions: AST,
    function_locations: FunctionLocations,
    loader: Loader,
    /// The modules that inputs imported, by alias.
    pub imports: Vec<ImportedModule>,
    inputs: usize,
}

/// The result of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvalResult {
    /// A value, which is now the last result.
    Value,
    /// `()`; the last result is unchanged.
    Nothing,
    /// It was terminated early.
    Terminated(Termination),
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub shape: CompletionType,
    /// Its type and size in a few words.
    pub summary: String,
    /// Its value on one line, shortened.
    pub value: String,
}

impl ReplSession {
    /// Starts a session on `host`.
    pub fn new(host: Host) -> Self {
        let loader = Loader {
            source_map: SourceMap::default(),
            closures: Closures::default(),
            find_comparisons: lint::unproven_comparisons,
        };
        let mut engine = setup::bare();
        setup::attach(&mut engine, &host, working_directory(), &loader);
        Self {
            host,
            engine,
            scope: Scope::new(),
            functions: AST::empty(),
            function_locations: FunctionLocations::default(),
            loader,
            imports: Vec::new(),
            inputs: 0,
        }
    }

    /// Removes all variables, functions and imports.
    pub fn reset(&mut self) {
        *self = Self::new(self.host.clone());
    }

    /// Evaluates an input and stores its result.
    ///
    /// # Errors
    /// The input cannot be parsed, or raised an error. What it defined before the error remains.
    pub fn evaluate(&mut self, text: &str) -> Result<EvalResult, Error> {
        let evaluated = self.evaluate_value(text)?;
        Ok(self.store_result(evaluated))
    }

    /// Evaluates an input and describes its result, without storing it as the last one.
    pub fn describe(&mut self, text: &str) -> Result<Result<String, Termination>, Error> {
        let value = self.evaluate_value(text)?;
        Ok(value.map(|value| layout::summary(&value)))
    }

    fn evaluate_value(&mut self, text: &str) -> Result<Result<Dynamic, Termination>, Error> {
        self.inputs += 1;
        let name = format!("input {}", self.inputs);
        self.run(&Source::new(&name, text, working_directory()))
    }

    /// Evaluates a script with `arguments`, as an input.
    pub fn load(&mut self, program: &Program, arguments: Arguments) -> Result<EvalResult, Error> {
        self.host.set_arguments(arguments);
        let source = &program.source;
        let import_root = source.import_root.clone();
        setup::import_from(&mut self.engine, &self.host, import_root, &self.loader);
        let evaluated = self.run(source);
        let import_root = working_directory();
        setup::import_from(&mut self.engine, &self.host, import_root, &self.loader);
        self.host.set_arguments(Arguments::default());
        Ok(match evaluated? {
            Ok(_) => EvalResult::Nothing,
            Err(termination) => EvalResult::Terminated(termination),
        })
    }

    fn run(&mut self, source: &Source) -> Result<Result<Dynamic, Termination>, Error> {
        let compile = || self.engine.compile_with_scope(&self.scope, &*source.text);
        let parsed = name_lookups::parse(compile).and_then(|ast| {
            let positions = (self.loader.find_comparisons)(&self.engine, source, &ast);
            name_lookups::parse_checked(positions, compile)
        });
        let mut ast = parsed.map_err(|error| self.diagnose_input(source, &error))?;
        ast.set_source(&*source.name);
        let mut source_map = self.loader.source_map.borrow_mut();
        source_map.insert(Arc::clone(&source.name), source.clone());
        drop(source_map);
        self.function_locations.record(&ast, &source.name);
        let merged = self.functions.merge(&ast);
        checkpoint::clear_oversized_value();
        let result = self.engine.eval_ast_with_scope::<Dynamic>(
            &mut self.scope,
            &environments::of_main_script(&merged),
        );
        self.host.report_interpretations();
        self.functions = merged.clone_functions_only();
        self.drop_shadowed();
        match result {
            Ok(value) => {
                self.keep_imports(&ast);
                Ok(Ok(value.flatten()))
            }
            Err(error) => {
                let context = EvalContext {
                    engine: &self.engine,
                    ast: &merged,
                    source_map: &self.loader.source_map,
                    variables: &self.variable_names(),
                    function_locations: &self.function_locations,
                };
                match diagnose(&context, *error) {
                    Ok(termination) => Ok(Err(termination)),
                    Err(diagnostic) => Err(Error::Failed(with_session_hint(diagnostic))),
                }
            }
        }
    }

    fn diagnose_input(&self, source: &Source, error: &ParseError) -> Diagnostic {
        let mut diagnostic = diagnose_parse(source, error, &self.variable_names());
        if let (ParseErrorType::VariableUndefined(name), Some(location)) =
            (error.err_type(), &diagnostic.location)
        {
            let is_module = |name: &str| self.imports.iter().any(|import| import.alias == name);
            let hint = foreign_syntax::member_of_module(name, location, is_module);
            if let Some(hint) = hint {
                diagnostic.hints = vec![hint];
            }
        }
        diagnostic
    }

    fn store_result(&mut self, result: Result<Dynamic, Termination>) -> EvalResult {
        match result {
            Err(termination) => EvalResult::Terminated(termination),
            Ok(value) if value.is_unit() => EvalResult::Nothing,
            Ok(value) => {
                self.scope.push_dynamic(LAST_RESULT, value);
                self.drop_shadowed();
                EvalResult::Value
            }
        }
    }

    /// Makes the top-level imports of `ast` visible to later inputs.
    fn keep_imports(&mut self, ast: &AST) {
        for statement in ast.statements() {
            let Stmt::Import(import, position) = statement else {
                continue;
            };
            let (Expr::StringConstant(path, _), alias) = &**import else {
                continue;
            };
            let resolver = self.engine.module_resolver();
            let module = resolver.resolve(&self.engine, ast.source(), path, *position);
            // This rarely fails, as the module was resolved just now. If so, the first use of it reports the error.
            if let (Ok(module), false) = (module, alias.name.is_empty()) {
                let imported = ImportedModule::of(&alias.name, &module);
                self.imports.retain(|other| other.alias != imported.alias);
                self.imports.push(imported);
                self.imports.sort_by(|a, b| a.alias.cmp(&b.alias));
                self.engine.register_static_module(&*alias.name, module);
            }
        }
    }

    /// Drops variables that are shadowed by a later one. Nothing can reach them again, and they may be large.
    fn drop_shadowed(&mut self) {
        let mut names = HashSet::new();
        if self.scope.iter_raw().all(|(name, ..)| names.insert(name)) {
            return;
        }
        drop(names);
        let entries: Vec<_> = mem::take(&mut self.scope).into_iter().collect();
        let mut names = HashSet::new();
        let mut kept: Vec<_> = entries
            .into_iter()
            .rev()
            .filter(|(name, ..)| names.insert(name.clone()))
            .collect();
        while let Some((name, value, _)) = kept.pop() {
            if value.is_read_only() {
                self.scope.push_constant_dynamic(name, value);
            } else {
                self.scope.push_dynamic(name, value);
            }
        }
    }

    fn variable_names(&self) -> Vec<String> {
        let names = self.scope.iter_raw().map(|(name, ..)| name.to_owned());
        names.collect()
    }

    /// Lists the variables by name.
    pub fn variables(&self) -> Vec<Variable> {
        let mut variables: Vec<Variable> = self
            .scope
            .iter_raw()
            .map(|(name, _, value)| Variable {
                name: name.to_owned(),
                shape: CompletionType::of(value),
                summary: layout::summary(value),
                value: layout::one_line(value),
            })
            .collect();
        variables.sort_by(|a, b| a.name.cmp(&b.name));
        variables
    }

    /// Lists the functions that inputs defined, by name.
    pub fn functions(&self) -> Vec<Function> {
        let defined = self.functions.iter_functions();
        let mut functions: Vec<Function> = defined
            .filter(|function| !function.name.starts_with(CLOSURE_PREFIX))
            .map(|function| Function::from_script(&function))
            .collect();
        functions.sort_by_key(Function::signature);
        functions
    }

    /// Shows the last result, with at most `rows` rows of a list. Returns `None` before the first result.
    pub fn show_last(&self, rows: usize) -> Result<Option<DisplayValue>, Error> {
        let Some(last) = self.scope.get(LAST_RESULT) else {
            return Ok(None);
        };
        let interrupt = &self.host.runtime.interrupt;
        Ok(Some(layout::show(last, rows, interrupt)?))
    }

    /// Returns the last result as JSON, or `null` if there is none or it is nested too deeply.
    pub fn last_as_json(&self) -> serde_json::Value {
        let json = self.scope.get(LAST_RESULT).and_then(to_json);
        json.unwrap_or_default()
    }
}

fn working_directory() -> ImportRoot {
    ImportRoot::Directory(PathBuf::from("."))
}

fn with_session_hint(mut diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
    if diagnostic.error_code() == Some(ErrorCode::ArgMisuse) {
        let hint = "the prompt takes no arguments: write `let days = 5;`, \
                    or start `gradient-bulk repl SCRIPT` with arguments";
        diagnostic.hints = vec![hint.to_owned()];
    }
    diagnostic
}
