//! What Rhai itself brings, as far as scripts here meet it.

use rhai::Engine;

use super::functions::{
    Function, FunctionKind, collect, parameter, script_type, sort, strip_comment_marks,
};

/// The types of Rhai that scripts here meet; its others are numbers of other sizes.
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

/// The functions behind those of the same names turn each type into text: nothing that a script calls.
const CONVERSION_FUNCTIONS: [&str; 2] = ["print", "debug"];

/// Scripts may not call it.
const DISABLED_FUNCTION: &str = "eval";

/// Lists the documented functions of Rhai.
#[must_use]
pub fn rhai_functions() -> Vec<Function> {
    let engine = Engine::new();
    let mut functions = collect(&engine, true);
    functions.retain(|function| !CONVERSION_FUNCTIONS.contains(&function.name.as_str()));
    // `print`, `type_of` and their kind are part of the language: Rhai has them as text only.
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

/// Reads a definition: its comment, and below it `fn type_of(data: ?) -> String;`.
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
        doc: strip_comment_marks(std::iter::once(comment)),
    })
}
