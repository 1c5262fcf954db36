//! What scripts can call, as data: names, parameters and documentation.

use rhai::{Engine, ScriptFnMetadata};

use super::value::plain_type_name;
use super::{bounds, engine};

/// A function that scripts can call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name; that of a property starts with `get$`.
    pub name: String,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// The type of the first one, as scripts know it.
    pub receiver: Option<String>,
    /// Whether the function works on the first one in place, as methods do.
    pub is_method: bool,
    /// The type of what it returns, where it is known.
    pub returns: Option<String>,
    /// Its doc comment, without the comment marks.
    pub doc: String,
}

impl Function {
    /// Takes over a function that a script defines.
    pub(super) fn of_script(function: &ScriptFnMetadata) -> Self {
        Self {
            name: function.name.to_owned(),
            parameters: function.params.iter().map(ToString::to_string).collect(),
            receiver: None,
            is_method: false,
            returns: None,
            doc: doc_of(function.comments.iter().copied()),
        }
    }

    /// Returns the function as it is called: `invite(email, name)`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.parameters.join(", "))
    }

    /// Returns the first line of its doc comment.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.doc.lines().next().unwrap_or("")
    }

    /// Returns the keys of its option map with what they mean, as its doc comment lists them.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.doc
            .lines()
            .skip_while(|line| line.trim() != "# Options")
            .skip(1)
            .take_while(|line| !line.starts_with('#'))
            .filter_map(|line| line.strip_prefix("- `")?.split_once("`: "))
    }
}

/// Lists the functions that this program adds to Rhai.
#[must_use]
pub fn functions() -> Vec<Function> {
    let mut functions = collect(&engine::bare(), false);
    functions.retain(|function| !bounds::REPLACED.contains(&function.name.as_str()));
    functions
}

/// Lists the functions that scripts can call, those of Rhai itself too; no operators.
#[must_use]
pub fn all_functions() -> Vec<Function> {
    let mut functions = collect(&engine::bare(), true);
    functions.retain(|function| function.name.starts_with(|c: char| c.is_ascii_alphabetic()));
    functions.sort_by(|a, b| {
        let key = |function: &Function| (function.name.clone(), function.parameters.len());
        key(a).cmp(&key(b))
    });
    functions
}

/// Lists the functions of `engine`, with those of Rhai itself if `standard`.
pub(super) fn collect(engine: &Engine, standard: bool) -> Vec<Function> {
    engine.collect_fn_metadata(
        None,
        |function| {
            let metadata = function.metadata;
            let parameters = metadata.params_info.iter().take(metadata.num_params);
            let first = metadata.params_info.first().map(AsRef::<str>::as_ref);
            Some(Function {
                name: metadata.name.to_string(),
                parameters: parameters.map(|parameter| name_of(parameter)).collect(),
                receiver: first.and_then(receiver_of),
                is_method: first.is_some_and(|first| first.contains("&mut ")),
                returns: returned(&metadata.return_type),
                doc: doc_of(metadata.comments.iter().map(AsRef::<str>::as_ref)),
            })
        },
        standard,
    )
}

fn doc_of<'a>(comments: impl Iterator<Item = &'a str>) -> String {
    let lines = comments.flat_map(str::lines).map(|line| {
        let text = line.strip_prefix("///").unwrap_or(line);
        text.strip_prefix(' ').unwrap_or(text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `email: &str` is `email`: the name says enough.
fn name_of(parameter: &str) -> String {
    let name = parameter.split(':').next().unwrap_or(parameter);
    name.trim().trim_matches('_').to_owned()
}

/// `row: &mut Row` makes a function a method of `Row`.
fn receiver_of(parameter: &str) -> Option<String> {
    let (_, kind) = parameter.split_once(':')?;
    let kind = kind.trim().strip_prefix("&mut ").unwrap_or(kind.trim());
    Some(script_type(kind))
}

/// `RhaiResultOf<Array>` is `array`.
fn returned(kind: &str) -> Option<String> {
    let mut kind = kind.trim();
    for wrapper in ["RhaiResultOf<", "Result<"] {
        if let Some(rest) = kind.strip_prefix(wrapper) {
            kind = rest.split([',', '>']).next().unwrap_or(rest);
        }
    }
    let kind = script_type(kind);
    (!matches!(kind.as_str(), "" | "()" | "Dynamic")).then_some(kind)
}

/// The name scripts know a type by that Rust calls `kind`.
fn script_type(kind: &str) -> String {
    match kind.trim() {
        "Array" => "array",
        "Map" => "map",
        "INT" => "int",
        "FLOAT" => "float",
        "String" => "string",
        other => plain_type_name(other),
    }
    .to_owned()
}
