//! Which variables are visible, and which of them are used.

use rhai::{Ident, Position};

/// The blocks that are open, outermost first.
#[derive(Default)]
pub(super) struct Scopes<'a>(Vec<Vec<Variable<'a>>>);

struct Variable<'a> {
    name: &'a str,
    position: Position,
    is_used: bool,
}

/// A variable that nothing uses.
pub(super) struct Unused<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
}

impl<'a> Scopes<'a> {
    pub(super) fn open(&mut self) {
        self.0.push(Vec::new());
    }

    /// Closes the innermost block, and returns the variables of it that nothing used.
    pub(super) fn close(&mut self) -> Vec<Unused<'a>> {
        self.0
            .pop()
            .unwrap_or_default()
            .into_iter()
            .filter(|variable| !variable.is_used)
            .map(|variable| Unused {
                name: variable.name,
                position: variable.position,
            })
            .collect()
    }

    /// Adds what a `let` or `const` defines.
    pub(super) fn define(&mut self, ident: &'a Ident) {
        self.add(ident.as_str(), ident.pos, false);
    }

    /// Adds a parameter, or what a loop or a `catch` defines: those need no use.
    pub(super) fn define_quietly(&mut self, name: &'a str) {
        self.add(name, Position::NONE, true);
    }

    fn add(&mut self, name: &'a str, position: Position, is_used: bool) {
        if let Some(block) = self.0.last_mut() {
            block.push(Variable {
                name,
                position,
                is_used,
            });
        }
    }

    /// Notes a use; tells whether there is such a variable.
    pub(super) fn note_use(&mut self, name: &str) -> bool {
        let mut visible = self
            .0
            .iter_mut()
            .rev()
            .flat_map(|block| block.iter_mut().rev());
        let found = visible.find(|variable| variable.name == name);
        match found {
            Some(variable) => {
                variable.is_used = true;
                true
            }
            None => false,
        }
    }

    /// Notes that a function that sees all of them may use any.
    pub(super) fn note_use_of_all(&mut self) {
        for variable in self.0.iter_mut().flatten() {
            variable.is_used = true;
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0
            .iter()
            .flatten()
            .any(|variable| variable.name == name)
    }

    pub(super) fn names(&self) -> Vec<&'a str> {
        self.0
            .iter()
            .flatten()
            .map(|variable| variable.name)
            .collect()
    }
}
