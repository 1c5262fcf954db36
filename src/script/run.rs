//! Compiling a script and running it to its end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Scope};

use super::diagnose::{Diagnosis, diagnose};
use super::resolver::Texts;
use super::{ArgSpec, Ending, Error, Host, Source, engine, find_args, lint, memory};

/// A script that was parsed and can be run.
pub struct Program {
    source: Source,
    engine: Engine,
    ast: AST,
    texts: Texts,
}

/// How a script came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its last line was reached.
    Finished,
    /// It was ended before.
    Early(Ending),
}

impl Program {
    /// Parses `source`.
    ///
    /// # Errors
    /// It is no valid Rhai, or uses a variable that is not there.
    pub fn compile(source: Source) -> Result<Self, Error> {
        let engine = engine::bare();
        let mut ast = match engine.compile(&*source.text) {
            Ok(ast) => ast,
            Err(error) => {
                let findings = lint::findings(&engine, &source, Err(error), &[]);
                return Err(lint::errors(findings).into());
            }
        };
        ast.set_source(&*source.name);
        let texts = HashMap::from([(Arc::clone(&source.name), source.clone())]);
        Ok(Self {
            source,
            engine,
            ast,
            texts: Rc::new(RefCell::new(texts)),
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

    /// Runs the script for `host`.
    ///
    /// # Errors
    /// The script raised an error that it did not catch.
    pub fn run(mut self, host: &Host) -> Result<Ended, Error> {
        engine::attach(
            &mut self.engine,
            host,
            self.source.home.clone(),
            Rc::clone(&self.texts),
        );
        let _memory = memory::watch();
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &self.ast);
        match result {
            Ok(_) => Ok(Ended::Finished),
            Err(error) => match diagnose(&self.engine, &self.ast, &self.texts, *error) {
                Diagnosis::Ended(ending) => Ok(Ended::Early(ending)),
                Diagnosis::Failed(failure) => Err(Error::Failed(failure)),
            },
        }
    }
}
