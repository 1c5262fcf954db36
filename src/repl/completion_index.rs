//! What completion and highlighting know of a session: plain data, since the line editor may not share values with it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::reference::{Entry, Reference};
use crate::script::{CompletionType, Function, FunctionKind, Variable};

/// What is known.
#[derive(Debug, Default)]
pub(super) struct CompletionIndex {
    /// What every script can call, from the first use on.
    reference: OnceLock<Reference>,
    /// What the session's inputs defined.
    pub(super) defined: Vec<Function>,
    pub(super) variables: Vec<Variable>,
}

/// What is known, for several readers.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedIndex(Arc<Mutex<CompletionIndex>>);

impl SharedIndex {
    pub(super) fn read<T>(&self, read: impl FnOnce(&CompletionIndex) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn update(&self, update: impl FnOnce(&mut CompletionIndex)) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl CompletionIndex {
    pub(super) fn reference(&self) -> &Reference {
        self.reference.get_or_init(Reference::read)
    }

    /// Takes the reference that was read elsewhere, unless there is one.
    pub(super) fn set_reference(&self, reference: Reference) {
        let _ = self.reference.set(reference);
    }

    /// Returns what this program and Rhai bring.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let reference = self.reference();
        reference.entries().chain(reference.standard())
    }

    /// Tells whether `name` can be called, as far as that is known by now.
    pub(super) fn can_call(&self, name: &str) -> bool {
        let is_called =
            |entry: &Entry| matches!(entry.kind, FunctionKind::Function | FunctionKind::Method);
        let is_there = |reference: &Reference| {
            let mut entries = reference.entries().chain(reference.standard());
            entries.any(|entry| entry.name == name && is_called(entry))
        };
        self.defined.iter().any(|function| function.name == name)
            || self.reference.get().is_some_and(is_there)
    }

    pub(super) fn variable(&self, name: &str) -> Option<&CompletionType> {
        let found = self.variables.iter().find(|each| each.name == name);
        found.map(|variable| &variable.shape)
    }

    /// Returns the type that all functions called `name` return, if they agree.
    pub(super) fn return_type(&self, name: &str) -> Option<CompletionType> {
        let is_meant = |entry: &&Entry| entry.name == name && entry.kind == FunctionKind::Function;
        common_type(self.entries().filter(is_meant))
    }

    /// Returns the type that the property or method `name` of the type `owner` yields.
    pub(super) fn member_type(&self, owner: &str, name: &str) -> Option<CompletionType> {
        common_type(self.entries().filter(|entry| {
            let is_member = matches!(entry.kind, FunctionKind::Getter | FunctionKind::Method);
            entry.name == name
                && (is_member || entry.kind == FunctionKind::Function)
                && takes_first(entry, owner)
        }))
    }
}

/// Tells whether what is called has a value of this type as its first parameter.
pub(super) fn takes_first(entry: &Entry, kind: &str) -> bool {
    let first = entry
        .overloads
        .first()
        .and_then(|overload| overload.parameters.first());
    first.is_some_and(|first| first.kind == kind)
}

fn common_type<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<CompletionType> {
    let mut kinds = entries
        .flat_map(|entry| &entry.overloads)
        .map(|overload| &overload.returns);
    let first = kinds.next()?;
    let is_known = kinds.all(|kind| kind == first);
    first
        .as_deref()
        .filter(|kind| is_known && *kind != "value")
        .map(CompletionType::named)
}
