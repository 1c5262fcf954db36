//! A session: inputs that are evaluated one after another, each with what the earlier ones left.
//!
//! Variables stay in one scope, also where an input fails. Functions and closures of all inputs are merged into one script,
//! so that they find each other, whoever calls them.

use std::collections::HashSet;
use std::mem;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Expr, Scope, Stmt};

use super::run::Program;
use crate::script::arguments::Arguments;
use crate::script::diagnosis::definitions::Definitions;
use crate::script::diagnosis::diagnose::{Diagnosis, Scene, diagnose, diagnose_parse};
use crate::script::display::layout::{self, Shown};
use crate::script::engine::import_resolver::Texts;
use crate::script::engine::setup;
use crate::script::error::ending::Ending;
use crate::script::error::failure::Failure;
use crate::script::error::script_error::Error;
use crate::script::host::run_host::Host;
use crate::script::limits::memory;
use crate::script::metadata::functions::Function;
use crate::script::source::{Source, SourceHome};
use crate::script::values::completion_type::Shape;
use crate::script::values::value::to_json;

/// The variable that holds the last result.
const LAST: &str = "it";

/// Inputs that share variables and functions.
pub struct Session {
    host: Host,
    engine: Engine,
    scope: Scope<'static>,
    /// The functions and closures of all inputs.
    functions: AST,
    definitions: Definitions,
    texts: Texts,
    inputs: usize,
}

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// A value, which is the last result now.
    Value,
    /// `()`; the last result stays what it was.
    Nothing,
    /// It ended early.
    Ended(Ending),
}

/// A variable of a session.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What can be reached from it.
    pub shape: Shape,
    /// What it holds, in a few words.
    pub summary: String,
    /// The beginning of its value, on one line.
    pub value: String,
}

impl Session {
    /// Begins a session for `host`.
    #[must_use]
    pub fn new(host: Host) -> Self {
        let texts = Texts::default();
        let mut engine = setup::bare();
        setup::attach(&mut engine, &host, here(), Rc::clone(&texts));
        Self {
            host,
            engine,
            scope: Scope::new(),
            functions: AST::empty(),
            definitions: Definitions::default(),
            texts,
            inputs: 0,
        }
    }

    /// Returns the host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Forgets variables, functions and imports.
    pub fn reset(&mut self) {
        *self = Self::new(self.host.clone());
    }

    /// Evaluates an input.
    ///
    /// # Errors
    /// It cannot be parsed, or raised an error. Variables and functions that it defined until then stay.
    pub fn evaluate(&mut self, text: &str) -> Result<Evaluated, Error> {
        let evaluated = self.evaluate_apart(text)?;
        Ok(self.keep(evaluated))
    }

    /// Evaluates an input whose result does not become the last one, and describes that.
    ///
    /// # Errors
    /// As [`Session::evaluate`].
    pub fn describe(&mut self, text: &str) -> Result<Result<String, Ending>, Error> {
        let value = self.evaluate_apart(text)?;
        Ok(value.map(|value| layout::summary(&value)))
    }

    fn evaluate_apart(&mut self, text: &str) -> Result<Result<Dynamic, Ending>, Error> {
        self.inputs += 1;
        let name = format!("input {}", self.inputs);
        self.run(&Source::new(&name, text, here()))
    }

    /// Evaluates a script with `arguments`, as an input.
    ///
    /// # Errors
    /// As [`Session::evaluate`].
    pub fn load(&mut self, program: &Program, arguments: Arguments) -> Result<Evaluated, Error> {
        self.host.set_arguments(arguments);
        let source = program.source();
        setup::import_from(
            &mut self.engine,
            source.home.clone(),
            Rc::clone(&self.texts),
        );
        let evaluated = self.run(source);
        setup::import_from(&mut self.engine, here(), Rc::clone(&self.texts));
        self.host.set_arguments(Arguments::default());
        Ok(match evaluated? {
            Ok(_) => Evaluated::Nothing,
            Err(ending) => Evaluated::Ended(ending),
        })
    }

    fn run(&mut self, source: &Source) -> Result<Result<Dynamic, Ending>, Error> {
        let mut ast = self
            .engine
            .compile_with_scope(&self.scope, &*source.text)
            .map_err(|error| diagnose_parse(source, &error, &self.variable_names()))?;
        ast.set_source(&*source.name);
        let mut texts = self.texts.borrow_mut();
        texts.insert(Arc::clone(&source.name), source.clone());
        drop(texts);
        self.definitions.note(&ast, &source.name);
        let whole = self.functions.merge(&ast);
        let watch = memory::watch();
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut self.scope, &whole);
        drop(watch);
        self.functions = whole.clone_functions_only();
        self.forget_shadowed();
        match result {
            Ok(value) => {
                self.keep_imports(&ast);
                Ok(Ok(value.flatten()))
            }
            Err(error) => {
                let scene = Scene {
                    engine: &self.engine,
                    ast: &whole,
                    texts: &self.texts,
                    variables: &self.variable_names(),
                    definitions: &self.definitions,
                };
                match diagnose(&scene, *error) {
                    Diagnosis::Ended(ending) => Ok(Err(ending)),
                    Diagnosis::Failed(failure) => Err(Error::Failed(with_session_hint(failure))),
                }
            }
        }
    }

    /// Makes a result the last one.
    fn keep(&mut self, result: Result<Dynamic, Ending>) -> Evaluated {
        match result {
            Err(ending) => Evaluated::Ended(ending),
            Ok(value) if value.is_unit() => Evaluated::Nothing,
            Ok(value) => {
                self.scope.push_dynamic(LAST, value);
                self.forget_shadowed();
                Evaluated::Value
            }
        }
    }

    /// Lets what the top level of `ast` imported be known to later inputs.
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
            // It was resolved a moment ago; should it be gone by now, whoever uses it is told so.
            if let (Ok(module), false) = (module, alias.name.is_empty()) {
                self.engine.register_static_module(&*alias.name, module);
            }
        }
    }

    /// Drops variables that a later one of the same name hides: nobody reaches them again, and they may be large.
    fn forget_shadowed(&mut self) {
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

    /// Returns the variables, by name.
    #[must_use]
    pub fn variables(&self) -> Vec<Variable> {
        let mut variables: Vec<Variable> = self
            .scope
            .iter_raw()
            .map(|(name, _, value)| Variable {
                name: name.to_owned(),
                shape: Shape::of(value),
                summary: layout::summary(value),
                value: layout::one_line(value),
            })
            .collect();
        variables.sort_by(|a, b| a.name.cmp(&b.name));
        variables
    }

    /// Returns the functions that inputs defined, by name.
    #[must_use]
    pub fn functions(&self) -> Vec<Function> {
        let defined = self.functions.iter_functions();
        let mut functions: Vec<Function> = defined
            .filter(|function| !function.name.starts_with("anon$"))
            .map(|function| Function::of_script(&function))
            .collect();
        functions.sort_by_key(Function::signature);
        functions
    }

    /// Shows the last result, of a list so many rows at most; `None` where there is no result yet.
    ///
    /// # Errors
    /// A list cannot be read.
    pub fn show_last(&self, rows: usize) -> Result<Option<Shown>, Error> {
        let Some(last) = self.scope.get(LAST) else {
            return Ok(None);
        };
        let interrupt = self.host.runtime().interrupt();
        Ok(Some(layout::show(last, rows, interrupt)?))
    }

    /// Returns the last result as JSON; `null` where there is none, or it is nested too deeply.
    #[must_use]
    pub fn last_as_json(&self) -> serde_json::Value {
        let json = self.scope.get(LAST).and_then(to_json);
        json.unwrap_or_default()
    }
}

/// Scripts are imported from the working directory.
fn here() -> SourceHome {
    SourceHome::Directory(PathBuf::from("."))
}

fn with_session_hint(mut failure: Box<Failure>) -> Box<Failure> {
    if failure.code == "arg_misuse" {
        let hint = "an input has no arguments: write `let days = 5;`, \
                    or start `gradient-bulk repl SCRIPT`, whose arguments follow it";
        failure.hints = vec![hint.to_owned()];
    }
    failure
}
