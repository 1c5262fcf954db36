//! Compiling a script and running it to its end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, ASTFlags, CallFnOptions, Dynamic, Engine, EvalAltResult, Position, Scope, Stmt};

use crate::error_code::ErrorCode;
use crate::script::arguments::{ArgSpec, find_args};
use crate::script::diagnosis::diagnose::{EvalContext, EvalOutcome, diagnose};
use crate::script::diagnosis::function_locations::FunctionLocations;
use crate::script::engine::import_resolver::SourceMap;
use crate::script::engine::setup;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::script_error::Error;
use crate::script::error::termination::Termination;
use crate::script::host::run_host::Host;
use crate::script::limits::memory::{MemoryMonitor, MemoryWatch};
use crate::script::lint;
use crate::script::rows::column_getters;
use crate::script::source::Source;

/// A script that was parsed and can be run.
pub struct Program {
    source: Source,
    engine: Engine,
    ast: AST,
    source_map: SourceMap,
}

/// A test of a script: a function whose name begins with `test_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFunction {
    /// The function's name.
    pub name: String,
    /// The line it begins in.
    pub line: usize,
    /// The number of its parameters; a test that can be run has none.
    pub parameters: usize,
}

/// How a script came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its last line was reached.
    Finished,
    /// It was ended before.
    Early(Termination),
}

impl Program {
    /// Parses `source`.
    ///
    /// # Errors
    /// It is no valid Rhai, or uses a variable that is not there.
    pub fn compile(source: Source) -> Result<Self, Error> {
        let engine = setup::bare();
        let mut ast = match engine.compile(&*source.text) {
            Ok(ast) => ast,
            Err(error) => {
                let findings = lint::findings(&engine, &source, Err(error), &[]);
                return Err(lint::errors(findings).into());
            }
        };
        ast.set_source(&*source.name);
        let source_map = HashMap::from([(Arc::clone(&source.name), source.clone())]);
        Ok(Self {
            source,
            engine,
            ast,
            source_map: Rc::new(RefCell::new(source_map)),
        })
    }

    /// Returns the script's text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Looks for what would fail when the script runs; the names in `reserved` are not for its arguments.
    ///
    /// # Errors
    /// What the linter calls an error.
    pub fn check(&self, reserved: &[String]) -> Result<(), Error> {
        let parsed = Ok(self.ast.clone());
        let errors = lint::errors(lint::findings(&self.engine, &self.source, parsed, reserved));
        if errors.is_empty() {
            return Ok(());
        }
        Err(errors.into())
    }

    /// Finds the script's arguments; the names in `reserved` are not for scripts.
    ///
    /// # Errors
    /// An `arg` call cannot be understood before the script runs.
    pub fn args(&self, reserved: &[String]) -> Result<Vec<ArgSpec>, Error> {
        Ok(find_args(&self.source, &self.ast, reserved)?)
    }

    /// Lists the script's tests, from top to bottom.
    #[must_use]
    pub fn tests(&self) -> Vec<TestFunction> {
        let functions = self.ast.shared_lib().iter_script_fn_info();
        let mut tests: Vec<TestFunction> = functions
            .filter(|(_, _, name, ..)| name.starts_with("test_"))
            .map(|(_, _, name, parameters, function)| TestFunction {
                name: name.to_owned(),
                line: function.body.start_position().line().unwrap_or(0),
                parameters,
            })
            .collect();
        tests.sort_by_key(|test| test.line);
        tests
    }

    /// Runs the script for `host`.
    ///
    /// # Errors
    /// The script raised an error that it did not catch.
    pub fn run(mut self, host: &Host) -> Result<Ended, Error> {
        let _watch = self.attach(host);
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &self.ast);
        self.ended(result, host.memory())
    }

    /// Runs the script's function `test`, which has no parameters, for `host`. Of the script's top level only `import` and
    /// `const` take effect: a script can hold its own tests, and they do not run it.
    ///
    /// # Errors
    /// The function raised an error that it did not catch.
    pub fn run_test(mut self, host: &Host, test: &str) -> Result<Ended, Error> {
        self.require_no_parameters(test)?;
        let _watch = self.attach(host);
        let statements = self.ast.statements().iter();
        let declarations = statements
            .filter(|statement| is_declaration(statement))
            .cloned();
        let mut ast = AST::new(declarations, self.ast.shared_lib().clone());
        ast.set_source(&*self.source.name);
        let options = CallFnOptions::new();
        let result =
            self.engine
                .call_fn_with_options::<Dynamic>(options, &mut Scope::new(), &ast, test, ());
        self.ended(result, host.memory())
            .map_err(|error| without_test_frame(error, test))
    }

    /// A function that is named as a test and takes something is a mistake, not to be passed by.
    fn require_no_parameters(&self, name: &str) -> Result<(), Error> {
        let tests = self.tests();
        let Some(test) = tests.iter().find(|test| test.name == name) else {
            return Ok(());
        };
        if test.parameters == 0 {
            return Ok(());
        }
        let line = self.source.text.lines().nth(test.line.saturating_sub(1));
        let before = line.and_then(|line| line.split(name).next());
        let column = before.map_or(1, |before| before.chars().count() + 1);
        let number = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let message = format!("`{name}` takes parameters, and a test has none");
        Err(Diagnostic::new(ErrorCode::TestParameters, message)
            .hint("call a function that takes parameters from a test, and name it without `test_`")
            .at(
                &self.source,
                Position::new(number(test.line), number(column)),
            )
            .into())
    }

    /// Lets the engine run for `host`, under the watch that bounds its memory.
    fn attach(&mut self, host: &Host) -> MemoryWatch {
        let home = self.source.home.clone();
        setup::attach(&mut self.engine, host, home, Rc::clone(&self.source_map));
        column_getters::register(&mut self.engine, &self.ast);
        host.memory().watch()
    }

    fn ended(
        &self,
        result: Result<Dynamic, Box<EvalAltResult>>,
        memory: &MemoryMonitor,
    ) -> Result<Ended, Error> {
        match result {
            // What it asked for at its very end has no step after it that would stop.
            Ok(_) if memory.is_exhausted() => {
                self.ended(Err(Termination::OutOfMemory.into()), memory)
            }
            Ok(_) => Ok(Ended::Finished),
            Err(error) => {
                let context = EvalContext {
                    engine: &self.engine,
                    ast: &self.ast,
                    source_map: &self.source_map,
                    variables: &[],
                    function_locations: &FunctionLocations::default(),
                };
                match diagnose(&context, *error) {
                    EvalOutcome::Ended(ending) => Ok(Ended::Early(ending)),
                    EvalOutcome::Failed(failure) => Err(Error::Failed(failure)),
                }
            }
        }
    }
}

fn is_declaration(statement: &Stmt) -> bool {
    match statement {
        Stmt::Import(..) => true,
        Stmt::Var(_, flags, _) => flags.intersects(ASTFlags::CONSTANT),
        _ => false,
    }
}

/// Takes away that `test` itself was called, which nobody needs to be told.
fn without_test_frame(error: Error, test: &str) -> Error {
    match error {
        Error::Failed(mut failure) => {
            failure
                .stack
                .pop_if(|frame| frame.function == test && frame.line.is_none());
            Error::Failed(failure)
        }
        other => other,
    }
}
