//! Compiling a script and running it to its end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Scope};

use super::diagnose::{Diagnosis, Scene, diagnose, diagnose_parse};
use super::origins::Origins;
use super::resolver::Texts;
use super::{ArgSpec, Ending, Error, Host, Source, engine, find_args};

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
        let mut ast = engine
            .compile(&*source.text)
            .map_err(|error| diagnose_parse(&source, &error, &[]))?;
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

    /// Finds the script's arguments; the names in `reserved` are not for scripts.
    ///
    /// # Errors
    /// An `arg` call cannot be understood before the script runs.
    pub fn args(&self, reserved: &[String]) -> Result<Vec<ArgSpec>, Error> {
        find_args(&self.source, &self.ast, reserved)
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
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &self.ast);
        match result {
            Ok(_) => Ok(Ended::Finished),
            Err(error) => {
                let scene = Scene {
                    engine: &self.engine,
                    ast: &self.ast,
                    texts: &self.texts,
                    variables: &[],
                    origins: &Origins::default(),
                };
                match diagnose(&scene, *error) {
                    Diagnosis::Ended(ending) => Ok(Ended::Early(ending)),
                    Diagnosis::Failed(failure) => Err(Error::Failed(failure)),
                }
            }
        }
    }
}
