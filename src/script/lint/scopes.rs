//! Tracks which variables are visible and which are used.

use std::collections::HashMap;

use rhai::{Ident, Position};

use super::value_type::ValueType;

/// The open blocks.
#[derive(Default)]
pub(super) struct Scopes<'a> {
    /// Outermost first.
    blocks: Vec<Vec<Variable<'a>>>,
    /// The open variables of each name: their blocks, and their places in those. Innermost last.
    places: HashMap<&'a str, Vec<(usize, usize)>>,
    /// The loops around the code that is visited.
    pub(super) loops: usize,
}

struct Variable<'a> {
    name: &'a str,
    position: Position,
    is_used: bool,
    value_type: Option<ValueType>,
    /// What the variable is a copy of, if changes of it do not change anything else.
    copy: Option<Copy<'a>>,
    /// The loops around the declaration.
    loops: usize,
    /// The last change since the variable was last read.
    change: Option<Position>,
}

/// What a variable holds a copy of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Copy<'a> {
    /// An item of the list in this variable, or of another one, in a `for` loop.
    Item(Option<&'a str>),
    /// An argument of a function.
    Argument,
    /// Another value: `let copy = list[0]`.
    Value,
}

pub(super) struct UnusedVariable<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
}

/// A change of a copy that is not read afterwards.
pub(super) struct LostChange<'a> {
    pub(super) name: &'a str,
    pub(super) position: Position,
    pub(super) copy: Copy<'a>,
}

/// What is found out about the variables of a block when it ends.
#[derive(Default)]
pub(super) struct ClosedBlock<'a> {
    pub(super) unused: Vec<UnusedVariable<'a>>,
    pub(super) lost: Vec<LostChange<'a>>,
}

impl<'a> Scopes<'a> {
    pub(super) fn open(&mut self) {
        self.blocks.push(Vec::new());
    }

    /// Closes the innermost block.
    pub(super) fn close(&mut self) -> ClosedBlock<'a> {
        let closed = self.blocks.pop().unwrap_or_default();
        for variable in &closed {
            if let Some(places) = self.places.get_mut(variable.name) {
                places.pop();
            }
        }
        let mut found = ClosedBlock::default();
        for variable in closed {
            let Variable { name, position, .. } = variable;
            if !variable.is_used {
                found.unused.push(UnusedVariable { name, position });
            }
            if let (Some(copy), Some(position)) = (variable.copy, variable.change) {
                found.lost.push(LostChange {
                    name,
                    position,
                    copy,
                });
            }
        }
        found
    }

    /// Adds a variable of a `let` or `const`.
    pub(super) fn define(
        &mut self,
        ident: &'a Ident,
        value_type: Option<ValueType>,
        copy: Option<Copy<'a>>,
    ) {
        self.add(ident.as_str(), ident.pos, false, value_type, copy);
    }

    /// Adds a parameter, or a variable of a loop or `catch`, which need not be used.
    pub(super) fn define_as_used(
        &mut self,
        name: &'a str,
        value_type: Option<ValueType>,
        copy: Option<Copy<'a>>,
    ) {
        self.add(name, Position::NONE, true, value_type, copy);
    }

    fn add(
        &mut self,
        name: &'a str,
        position: Position,
        is_used: bool,
        value_type: Option<ValueType>,
        copy: Option<Copy<'a>>,
    ) {
        let open = self.blocks.len();
        let loops = self.loops;
        if let Some(block) = self.blocks.last_mut() {
            let places = self.places.entry(name).or_default();
            places.push((open - 1, block.len()));
            block.push(Variable {
                name,
                position,
                is_used,
                value_type,
                copy,
                loops,
                change: None,
            });
        }
    }

    fn innermost(&mut self, name: &str) -> Option<&mut Variable<'a>> {
        let (block, at) = *self.places.get(name)?.last()?;
        self.blocks.get_mut(block)?.get_mut(at)
    }

    /// Records that what is in a variable is changed. It still counts as used.
    pub(super) fn mark_changed(&mut self, name: &str, position: Position) {
        let loops = self.loops;
        if let Some(variable) = self.innermost(name) {
            variable.is_used = true;
            // In an inner loop, code above may read the variable in the next round.
            if variable.loops == loops {
                variable.change = Some(position);
            }
        }
    }

    /// Returns the type of the value of a variable, if it is known.
    pub(super) fn type_of(&self, name: &str) -> Option<&ValueType> {
        let (block, at) = *self.places.get(name)?.last()?;
        self.blocks.get(block)?.get(at)?.value_type.as_ref()
    }

    /// Marks the innermost variable `name` as used. Returns whether it exists.
    pub(super) fn mark_used(&mut self, name: &str) -> bool {
        let Some(variable) = self.innermost(name) else {
            return false;
        };
        variable.is_used = true;
        variable.change = None;
        true
    }

    /// Marks all variables as used, for a call that sees the whole scope.
    pub(super) fn mark_all_used(&mut self) {
        for variable in self.blocks.iter_mut().flatten() {
            variable.is_used = true;
            variable.change = None;
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
