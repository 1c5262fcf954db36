//! The functions of Rhai itself that scripts can use.

use rhai::Engine;

use super::functions::{Function, FunctionKind, collect, describe_definition, sort};

/// The types of Rhai that scripts meet; the others are numbers of other sizes.
const DOCUMENTED_TYPES: [&str; 12] = [
    "array",
    "blob",
    "bool",
    "char",
    "closure",
    "float",
    "int",
    "map",
    "range",
    "string",
    "timestamp",
    "value",
];

/// Rhai registers these functions for each type; scripts call the general ones.
const CONVERSION_FUNCTIONS: [&str; 2] = ["print", "debug"];

/// Scripts may not call this function.
const DISABLED_FUNCTION: &str = "eval";

/// Lists the documented functions of Rhai.
pub fn rhai_functions() -> Vec<Function> {
    let engine = Engine::new();
    let mut functions = collect(&engine, true);
    functions.retain(|function| !CONVERSION_FUNCTIONS.contains(&function.name.as_str()));
    // Functions such as `print` and `type_of` are part of the language, and only available as text.
    let language = engine.definitions().builtin_functions();
    let language = language.replace("\r\n", "\n");
    functions.extend(language.split("\n\n").filter_map(describe_definition));
    functions.retain(|function| {
        let types = function.parameters.iter().map(|each| &each.kind);
        function.kind != FunctionKind::Operator
            && function.name != DISABLED_FUNCTION
            && !function.doc.is_empty()
            && types
                .chain(&function.returns)
                .all(|kind| DOCUMENTED_TYPES.contains(&kind.as_str()))
    });
    sort(&mut functions);
    functions
}
