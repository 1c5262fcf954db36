//! Where functions stand that were defined in different texts: merged scripts forget it.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{AST, Position};

/// The texts that functions and closures stand in, by their names.
#[derive(Default)]
pub(in crate::script) struct FunctionLocations(HashMap<String, Vec<FunctionLocation>>);

struct FunctionLocation {
    parameters: usize,
    start: Position,
    end: Position,
    text: Arc<str>,
}

impl FunctionLocations {
    /// Remembers that the functions of `ast` stand in the text called `text`; one that was defined before is replaced.
    pub(in crate::script) fn record(&mut self, ast: &AST, text: &Arc<str>) {
        for (_, _, name, parameters, function) in ast.shared_lib().iter_script_fn_info() {
            let known = self.0.entry(name.to_owned()).or_default();
            known.retain(|definition| definition.parameters != parameters);
            known.push(FunctionLocation {
                parameters,
                start: function.body.start_position(),
                end: function.body.end_position(),
                text: Arc::clone(text),
            });
        }
    }

    /// Finds the text that the function called `name` stands in, which has something at `position`: functions may share a
    /// name.
    pub(in crate::script) fn find(&self, name: &str, position: Position) -> Option<&str> {
        let known = self.0.get(name)?;
        let holds = |definition: &&FunctionLocation| {
            definition.start <= position && position <= definition.end
        };
        let found = known.iter().rev().find(holds).or(known.last())?;
        Some(&found.text)
    }
}
