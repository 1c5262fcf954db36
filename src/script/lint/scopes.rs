//! Tracks which variables are visible and which are used.

use std::collections::HashMap;

use rhai::{Ident, Position};

/// The open blocks.
#[derive(Default)]
pub(super) struct Scopes<'a> {
    /// Outermost first.
    blocks: Vec<Vec<Variable<'a>>>,
    /// The open variables of each name: their blocks, and their places in those. Innermost last.
    places: HashMap<&'a str, Vec<(usize, usize)>>,
}

struct Variable<'a> {
    name: &'a str,
    position: Position,
    is_used: bool,
}

pub(super) struct UnusedVariable<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
}

impl<'a> Scopes<'a> {
    pub(super) fn open(&mut self) {
        self.blocks.push(Vec::new());
    }

    /// Closes the innermost block and returns its unused variables.
    pub(super) fn close(&mut self) -> Vec<UnusedVariable<'a>> {
        let closed = self.blocks.pop().unwrap_or_default();
        for variable in &closed {
            if let Some(places) = self.places.get_mut(variable.name) {
                places.pop();
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

    /// Adds a variable of a `let` or `const`.
    pub(super) fn define(&mut self, ident: &'a Ident) {
        self.add(ident.as_str(), ident.pos, false);
    }

    /// Adds a parameter, or a variable of a loop or `catch`, which need not be used.
    pub(super) fn define_as_used(&mut self, name: &'a str) {
        self.add(name, Position::NONE, true);
    }

    fn add(&mut self, name: &'a str, position: Position, is_used: bool) {
        let open = self.blocks.len();
        if let Some(block) = self.blocks.last_mut() {
            let places = self.places.entry(name).or_default();
            places.push((open - 1, block.len()));
            block.push(Variable {
                name,
                position,
                is_used,
            });
        }
    }

    /// Marks the innermost variable `name` as used. Returns whether it exists.
    pub(super) fn mark_used(&mut self, name: &str) -> bool {
        let place = self.places.get(name).and_then(|places| places.last());
        let Some((block, at)) = place else {
            return false;
        };
        let block = self.blocks.get_mut(*block);
        if let Some(variable) = block.and_then(|block| block.get_mut(*at)) {
            variable.is_used = true;
        }
        true
    }

    /// Marks all variables as used, for a call that sees the whole scope.
    pub(super) fn mark_all_used(&mut self) {
        for variable in self.blocks.iter_mut().flatten() {
            variable.is_used = true;
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.places
            .get(name)
            .is_some_and(|places| !places.is_empty())
    }

    pub(super) fn names(&self) -> Vec<&'a str> {
        let visible = self.blocks.iter().flatten();
        visible.map(|variable| variable.name).collect()
    }
}
