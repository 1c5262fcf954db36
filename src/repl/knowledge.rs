//! What completion and highlighting know of a session: plain data, since the line editor may not share values with it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::script::{Function, Shape, Variable};

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// What every script can call.
    pub(super) functions: Vec<Function>,
    /// What the session's inputs defined.
    pub(super) defined: Vec<Function>,
    pub(super) variables: Vec<Variable>,
}

/// What is known, for several readers.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(Arc<Mutex<Knowledge>>);

impl Shared {
    pub(super) fn read<T>(&self, read: impl FnOnce(&Knowledge) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn update(&self, update: impl FnOnce(&mut Knowledge)) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Knowledge {
    pub(super) fn all_functions(&self) -> impl Iterator<Item = &Function> {
        self.defined.iter().chain(&self.functions)
    }

    pub(super) fn has_function(&self, name: &str) -> bool {
        self.all_functions().any(|function| function.name == name)
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Shape> {
        let found = self.variables.iter().find(|each| each.name == name);
        found.map(|variable| &variable.shape)
    }

    /// Returns the type that the function or property `name` yields, called on a `receiver` where one is given; only where
    /// all of that name agree.
    pub(super) fn returned(&self, name: &str, receiver: Option<&str>) -> Option<Shape> {
        let mut kinds = self
            .functions
            .iter()
            .filter(|function| function.name == name)
            .filter(|function| receiver.is_none() || function.receiver.as_deref() == receiver)
            .map(|function| function.returns.as_deref());
        let first = kinds.next()??;
        kinds
            .all(|kind| kind == Some(first))
            .then(|| Shape::of_kind(first))
    }
}
