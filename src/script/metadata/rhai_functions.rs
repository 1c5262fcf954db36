//! The functions of Rhai itself that scripts can use.

use rhai::Engine;

use super::functions::{
    Function, FunctionKind, collect, parameter, script_type, sort, strip_comment_marks,
};

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
#[must_use]
pub fn rhai_functions() -> Vec<Function> {
    let engine = Engine::new();
    let mut functions = collect(&engine, true);
    functions.retain(|function| !CONVERSION_FUNCTIONS.contains(&function.name.as_str()));
    // Functions such as `print` and `type_of` are part of the language, and only available as text.
    let language = engine.definitions().builtin_functions();
    let language = language.replace("\r\n", "\n");
    functions.extend(language.split("\n\n").filter_map(parse_definition));
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

/// Parses a definition: a comment, followed by `fn type_of(data: ?) -> String;`.
fn parse_definition(text: &str) -> Option<Function> {
    let (comment, head) = text.trim().rsplit_once('\n')?;
    let (name, rest) = head.strip_prefix("fn ")?.split_once('(')?;
    let (parameters, returns) = rest.strip_suffix(';')?.rsplit_once(')')?;
    let parameters = parameters.split(", ").filter(|info| !info.is_empty());
    Some(Function {
        name: name.to_owned(),
        kind: FunctionKind::Function,
        parameters: parameters.map(parameter).collect(),
        returns: script_type(returns.trim_start_matches(" -> ")),
        result_shape: None,
        doc: strip_comment_marks(std::iter::once(comment)),
    })
}
