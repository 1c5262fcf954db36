//! Compiles scripts, checks them and runs them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, ASTFlags, ASTNode, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope, Stmt};

use crate::error_code::ErrorCode;
use crate::script::arguments::{ArgSpec, find_args};
use crate::script::diagnosis::diagnose::{EvalContext, diagnose};
use crate::script::diagnosis::function_locations::FunctionLocations;
use crate::script::engine::environments::{self, Closures};
use crate::script::engine::import_resolver::{SourceMap, with_checked_comparisons};
use crate::script::engine::setup::{self, Loader};
use crate::script::error::diagnostic::{Diagnostic, position};
use crate::script::error::script_error::Error;
use crate::script::error::termination::Termination;
use crate::script::host::result_files::find_result_files;
use crate::script::host::run_host::Host;
use crate::script::limits::{checkpoint, name_lookups};
use crate::script::lint;
use crate::script::rows::column_getters;
use crate::script::source::Source;

/// A parsed script.
pub struct Program {
    /// The source that it was compiled from.
    pub source: Source,
    engine: Engine,
    ast: AST,
    source_map: SourceMap,
}

/// A test: a function of a script whose name starts with `test_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFunction {
    /// Starts with `test_`.
    pub name: String,
    /// The line of its definition, from 1.
    pub line: usize,
    /// The number of its parameters. A valid test has none.
    pub parameters: usize,
}

/// How a script ended that raised no error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptOutcome {
    /// It ran to its last line.
    Finished,
    /// It was terminated before that.
    Terminated(Termination),
}

impl Program {
    /// Parses `source`.
    ///
    /// # Errors
    /// The script is not valid Rhai, or uses an unknown variable.
    pub fn compile(source: Source) -> Result<Self, Error> {
        let engine = setup::bare();
        let mut ast = match name_lookups::compile(&engine, &source.text) {
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

    /// Runs the linter. The names in `reserved` cannot be arguments of scripts.
    pub fn check(&self, reserved: &[String]) -> Result<(), Error> {
        let parsed = Ok(self.ast.clone());
        let errors = lint::errors(lint::findings(&self.engine, &self.source, parsed, reserved));
        if errors.is_empty() {
            return Ok(());
        }
        Err(errors.into())
    }

    /// Finds the arguments of the script. The names in `reserved` cannot be arguments of scripts.
    ///
    /// # Errors
    /// An `arg` call cannot be evaluated without running the script.
    pub fn args(&self, reserved: &[String]) -> Result<Vec<ArgSpec>, Error> {
        Ok(find_args(&self.source, &self.ast, reserved)?)
    }

    /// Lists the tests of the script in the order of their lines.
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

    /// Runs the script on `host`.
    pub fn run(mut self, host: &Host) -> Result<ScriptOutcome, Error> {
        self.attach(host);
        host.set_result_files(find_result_files(&self.ast));
        let ast = self.prepared(self.ast.statements().iter().cloned());
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &ast);
        self.outcome(result, host)
    }

    /// Runs the function `test` of the script on `host`. Of the top level, only `import` and `const` are evaluated, so a
    /// script can contain its own tests.
    ///
    /// # Errors
    /// The function has parameters, or raised an error that it did not catch.
    pub fn run_test(mut self, host: &Host, test: &str) -> Result<ScriptOutcome, Error> {
        self.require_no_parameters(test)?;
        self.attach(host);
        let statements = self.ast.statements().iter();
        let declarations = statements
            .filter(|statement| is_declaration(statement))
            .cloned();
        let ast = self.prepared(declarations);
        let options = CallFnOptions::new();
        let result =
            self.engine
                .call_fn_with_options::<Dynamic>(options, &mut Scope::new(), &ast, test, ());
        self.outcome(result, host)
            .map_err(|error| without_test_frame(error, test))
    }

    /// Reports a test with parameters as a mistake instead of skipping it.
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
        let message = format!("the test `{name}` must not have parameters");
        Err(Diagnostic::new(ErrorCode::TestParameters, message)
            .hint(
                "if it is a helper function, choose a name without `test_` and call it from a test",
            )
            .at(&self.source, position(test.line, column))
            .into())
    }

    /// Connects the engine to `host`.
    fn attach(&mut self, host: &Host) {
        let import_root = self.source.import_root.clone();
        let loader = Loader {
            source_map: Rc::clone(&self.source_map),
            closures: Closures::default(),
            find_comparisons: lint::unproven_comparisons,
        };
        setup::attach(&mut self.engine, host, import_root, &loader);
        let ast = self.ast.clone();
        let find_comparisons = loader.find_comparisons;
        // The script was parsed before, so it is parsed again without an error.
        if let Ok(mut ast) =
            with_checked_comparisons(&self.engine, &self.source, ast, find_comparisons)
        {
            ast.set_source(&*self.source.name);
            self.ast = ast;
        }
        column_getters::register(&mut self.engine, &self.ast);
        checkpoint::clear_oversized_value();
    }

    /// Returns what is evaluated: `statements` with the functions of the script.
    fn prepared(&self, statements: impl Iterator<Item = Stmt>) -> AST {
        let mut ast = AST::new(statements, self.ast.shared_lib().clone());
        ast.set_source(&*self.source.name);
        if imports_scripts(&self.ast) {
            environments::of_main_script(&ast)
        } else {
            ast
        }
    }

    fn outcome(
        &self,
        result: Result<Dynamic, Box<EvalAltResult>>,
        host: &Host,
    ) -> Result<ScriptOutcome, Error> {
        host.report_interpretations();
        // After the last step of a script, the engine checks no more.
        let result = match host.checkpoint().out_of_memory() {
            Some(termination) if result.is_ok() => Err(termination.into()),
            _ => result,
        };
        match result {
            Ok(_) => Ok(ScriptOutcome::Finished),
            Err(error) => {
                let context = EvalContext {
                    engine: &self.engine,
                    ast: &self.ast,
                    source_map: &self.source_map,
                    variables: &[],
                    function_locations: &FunctionLocations::default(),
                };
                match diagnose(&context, *error) {
                    Ok(termination) => Ok(ScriptOutcome::Terminated(termination)),
                    Err(diagnostic) => Err(Error::Failed(diagnostic)),
                }
            }
        }
    }
}

fn imports_scripts(ast: &AST) -> bool {
    let mut imports = false;
    ast.walk(&mut |path| {
        imports |= matches!(path.last(), Some(ASTNode::Stmt(Stmt::Import(..))));
        !imports
    });
    imports
}

fn is_declaration(statement: &Stmt) -> bool {
    match statement {
        Stmt::Import(..) => true,
        Stmt::Var(_, flags, _) => flags.intersects(ASTFlags::CONSTANT),
        _ => false,
    }
}

/// Removes the call of `test` itself from the stack.
fn without_test_frame(error: Error, test: &str) -> Error {
    match error {
        Error::Failed(mut diagnostic) => {
            diagnostic
                .stack
                .pop_if(|frame| frame.function == test && frame.line.is_none());
            Error::Failed(diagnostic)
        }
        other => other,
    }
}
