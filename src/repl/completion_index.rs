//! What completion and highlighting know about a session. It is plain data: the line editor must be `Send`, and values are not.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::reference::{Entry, Reference};
use crate::script::{CompletionType, Function, FunctionKind, ImportedModule, Variable};

#[derive(Debug, Default)]
pub(super) struct CompletionIndex {
    /// What every script can call; read on first use.
    reference: OnceLock<Reference>,
    /// The functions that the session has defined.
    pub(super) defined: Vec<Function>,
    pub(super) variables: Vec<Variable>,
    /// The modules that the session has imported.
    pub(super) imports: Vec<ImportedModule>,
}

/// An index that the shell updates and the line editor reads.
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

    /// Sets the reference that another thread has read, unless it is known already.
    pub(super) fn set_reference(&self, reference: Reference) {
        let _ = self.reference.set(reference);
    }

    /// Returns everything that scripts can call, Rhai's own functions included.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let reference = self.reference();
        reference.entries().chain(reference.standard())
    }

    /// Returns whether `name` is known to be a function; does not wait for the reference.
    pub(super) fn can_call(&self, name: &str) -> bool {
        let is_called =
            |entry: &Entry| matches!(entry.kind, FunctionKind::Function | FunctionKind::Method);
        let is_known = |reference: &Reference| {
            let mut entries = reference.entries().chain(reference.standard());
            entries.any(|entry| entry.name == name && is_called(entry))
        };
        self.defined.iter().any(|function| function.name == name)
            || self.reference.get().is_some_and(is_known)
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

    /// Returns the type of the property or method `name` of the type `owner`.
    pub(super) fn member_type(&self, owner: &str, name: &str) -> Option<CompletionType> {
        common_type(self.entries().filter(|entry| {
            let is_member = matches!(entry.kind, FunctionKind::Getter | FunctionKind::Method);
            entry.name == name
                && (is_member || entry.kind == FunctionKind::Function)
                && takes_first(entry, owner)
        }))
    }
}

/// Returns whether the first parameter of `entry` accepts a value of the type `kind`.
pub(super) fn takes_first(entry: &Entry, kind: &str) -> bool {
    let first = entry
        .overloads
        .first()
        .and_then(|overload| overload.parameters.first());
    first.is_some_and(|first| first.accepts(kind))
}

fn common_type<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<CompletionType> {
    let mut results = entries
        .flat_map(|entry| &entry.overloads)
        .map(|overload| (&overload.returns, overload.result_shape));
    let first = results.next()?;
    let is_known = results.all(|result| result == first);
    let (kind, shape) = first;
    kind.as_deref()
        .filter(|kind| is_known && *kind != "value")
        .map(|kind| CompletionType::result(kind, shape))
}
