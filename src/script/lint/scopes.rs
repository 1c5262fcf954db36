//! Which variables are visible, and which of them are used.

use std::collections::HashMap;

use rhai::{Ident, Position};

/// The blocks that are open.
#[derive(Default)]
pub(super) struct Scopes<'a> {
    /// Outermost first.
    blocks: Vec<Vec<Variable<'a>>>,
    /// How many variables there are of each name.
    count: HashMap<&'a str, usize>,
}

struct Variable<'a> {
    name: &'a str,
    position: Position,
    is_used: bool,
}

/// A variable that nothing uses.
pub(super) struct UnusedVariable<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
}

impl<'a> Scopes<'a> {
    pub(super) fn open(&mut self) {
        self.blocks.push(Vec::new());
    }

    /// Closes the innermost block, and returns the variables of it that nothing used.
    pub(super) fn close(&mut self) -> Vec<UnusedVariable<'a>> {
        let closed = self.blocks.pop().unwrap_or_default();
        for variable in &closed {
            if let Some(count) = self.count.get_mut(variable.name) {
                *count -= 1;
            }
        }
        closed
            .into_iter()
            .filter(|variable| !variable.is_used)
            .map(|variable| UnusedVariable {
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
    pub(super) fn define_as_used(&mut self, name: &'a str) {
        self.add(name, Position::NONE, true);
    }

    fn add(&mut self, name: &'a str, position: Position, is_used: bool) {
        if let Some(block) = self.blocks.last_mut() {
            *self.count.entry(name).or_default() += 1;
            block.push(Variable {
                name,
                position,
                is_used,
            });
        }
    }

    /// Notes a use; tells whether there is such a variable.
    pub(super) fn mark_used(&mut self, name: &str) -> bool {
        if !self.contains(name) {
            return false;
        }
        let blocks = self.blocks.iter_mut().rev();
        let mut visible = blocks.flat_map(|block| block.iter_mut().rev());
        if let Some(variable) = visible.find(|variable| variable.name == name) {
            variable.is_used = true;
        }
        true
    }

    /// Notes that a function that sees all of them may use any.
    pub(super) fn mark_all_used(&mut self) {
        for variable in self.blocks.iter_mut().flatten() {
            variable.is_used = true;
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.count.get(name).is_some_and(|count| *count > 0)
    }

    pub(super) fn names(&self) -> Vec<&'a str> {
        let visible = self.blocks.iter().flatten();
        visible.map(|variable| variable.name).collect()
    }
}
