//! What completion and highlighting know of a session: plain data, since the line editor may not share values with it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::reference::{Entry, Reference};
use crate::script::{Function, Kind, Shape, Variable};

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// What every script can call, from the first use on.
    reference: OnceLock<Reference>,
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
    pub(super) fn reference(&self) -> &Reference {
        self.reference.get_or_init(Reference::read)
    }

    /// Takes the reference that was read elsewhere, unless there is one.
    pub(super) fn provide(&self, reference: Reference) {
        let _ = self.reference.set(reference);
    }

    /// Returns what this program and Rhai bring.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let reference = self.reference();
        reference.entries().chain(reference.standard())
    }

    /// Tells whether `name` can be called, as far as that is known by now.
    pub(super) fn can_call(&self, name: &str) -> bool {
        let is_called = |entry: &Entry| matches!(entry.kind, Kind::Function | Kind::Method);
        let is_there = |reference: &Reference| {
            let mut entries = reference.entries().chain(reference.standard());
            entries.any(|entry| entry.name == name && is_called(entry))
        };
        self.defined.iter().any(|function| function.name == name)
            || self.reference.get().is_some_and(is_there)
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Shape> {
        let found = self.variables.iter().find(|each| each.name == name);
        found.map(|variable| &variable.shape)
    }

    /// Returns the type that all functions called `name` return, if they agree.
    pub(super) fn returned(&self, name: &str) -> Option<Shape> {
        let is_meant = |entry: &&Entry| entry.name == name && entry.kind == Kind::Function;
        agreed(self.entries().filter(is_meant))
    }

    /// Returns the type that the property or method `name` of the type `owner` yields.
    pub(super) fn member(&self, owner: &str, name: &str) -> Option<Shape> {
        agreed(self.entries().filter(|entry| {
            let is_member = matches!(entry.kind, Kind::Getter | Kind::Method);
            entry.name == name
                && (is_member || entry.kind == Kind::Function)
                && takes_first(entry, owner)
        }))
    }
}

/// Tells whether what is called has a value of this type as its first parameter.
pub(super) fn takes_first(entry: &Entry, kind: &str) -> bool {
    let first = entry.forms.first().and_then(|form| form.parameters.first());
    first.is_some_and(|first| first.kind == kind)
}

fn agreed<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<Shape> {
    let mut kinds = entries
        .flat_map(|entry| &entry.forms)
        .map(|form| &form.returns);
    let first = kinds.next()?;
    let is_known = kinds.all(|kind| kind == first);
    first
        .as_deref()
        .filter(|kind| is_known && *kind != "value")
        .map(Shape::of_kind)
}
