//! The sources of functions in a merged script, which does not record them itself.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{AST, Position};

/// The names of the sources that functions and closures were defined in, by function name.
#[derive(Default)]
pub(in crate::script) struct FunctionLocations(HashMap<String, Vec<FunctionLocation>>);

struct FunctionLocation {
    parameters: usize,
    start: Position,
    end: Position,
    source: Arc<str>,
}

impl FunctionLocations {
    /// Records that the functions of `ast` are in `source`. They replace earlier ones of the same name and arity.
    pub(in crate::script) fn record(&mut self, ast: &AST, source: &Arc<str>) {
        for (_, _, name, parameters, function) in ast.shared_lib().iter_script_fn_info() {
            let known = self.0.entry(name.to_owned()).or_default();
            known.retain(|definition| definition.parameters != parameters);
            known.push(FunctionLocation {
                parameters,
                start: function.body.start_position(),
                end: function.body.end_position(),
                source: Arc::clone(source),
            });
        }
    }

    /// Finds the source of the function `name` whose body contains `position`; several functions may share a name.
    pub(in crate::script) fn find(&self, name: &str, position: Position) -> Option<&str> {
        let known = self.0.get(name)?;
        let contains = |definition: &&FunctionLocation| {
            definition.start <= position && position <= definition.end
        };
        let found = known.iter().rev().find(contains).or(known.last())?;
        Some(&found.source)
    }
}
