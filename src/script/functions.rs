//! What scripts can call, as data: names, parameters and documentation.

use rhai::Engine;

use super::{bounds, engine};

/// A function that scripts can call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name; that of a property starts with `get$`.
    pub name: String,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// Its doc comment, without the comment marks.
    pub doc: String,
}

impl Function {
    /// Returns the function as it is called: `invite(email, name)`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.parameters.join(", "))
    }
}

/// Lists the functions that this program adds to Rhai.
#[must_use]
pub fn functions() -> Vec<Function> {
    let mut functions = collect(&engine::bare(), false);
    functions.retain(|function| !bounds::REPLACED.contains(&function.name.as_str()));
    functions
}

/// Lists the functions of `engine`, with those of Rhai itself if `standard`.
pub(super) fn collect(engine: &Engine, standard: bool) -> Vec<Function> {
    engine.collect_fn_metadata(
        None,
        |function| {
            let metadata = function.metadata;
            Some(Function {
                name: metadata.name.to_string(),
                parameters: metadata
                    .params_info
                    .iter()
                    .take(metadata.num_params)
                    .map(|parameter| name_of(parameter))
                    .collect(),
                doc: metadata
                    .comments
                    .iter()
                    .flat_map(|comment| comment.lines())
                    .map(|line| {
                        let text = line.strip_prefix("///").unwrap_or(line);
                        text.strip_prefix(' ').unwrap_or(text)
                    })
                    .collect::<Vec<_>>()
                    .join("\n"),
            })
        },
        standard,
    )
}

/// `email: &str` is `email`: the name says enough.
fn name_of(parameter: &str) -> String {
    let name = parameter.split(':').next().unwrap_or(parameter);
    name.trim().trim_matches('_').to_owned()
}
