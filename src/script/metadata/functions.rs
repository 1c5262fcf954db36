//! The functions that scripts can call, with the names of types that scripts know.

use rhai::{Engine, FuncMetadata, Module, ScriptFnMetadata};

use super::doc::Doc;
use crate::script::api;
use crate::script::rows::row_list::lazy_list_names;
use crate::script::values::convert::plain_type_name;
use crate::script::values::option_map::MapSchema;
use crate::script::values::result_shape::ResultShape;

#[derive(Clone, Debug)]
pub struct Topic {
    /// The heading in the reference.
    pub title: &'static str,
    /// Other names under which `docs` finds it.
    pub names: Vec<&'static str>,
    /// What there is to know before the functions, in Markdown with examples; empty for most topics.
    pub introduction: String,
    /// Sorted by name, then by parameters.
    pub functions: Vec<Function>,
}

/// A function that scripts can call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name, without the prefix of a property.
    pub name: String,
    /// How it is called.
    pub kind: FunctionKind,
    /// The parameters. The first parameter of a method is the value it is called on.
    pub parameters: Vec<Parameter>,
    /// The type of the result, if there is one.
    pub returns: Option<String>,
    /// The keys of the map that it returns, or of the items of the list.
    pub result_shape: Option<&'static ResultShape>,
    /// The doc comment, without comment marks.
    pub doc: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// The type in scripts: `string`, `int`, `closure`, or `value` for any.
    pub kind: String,
    /// The keys of the map that it is, of the maps in it, or of the map that it returns.
    pub schema: Option<&'static MapSchema>,
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunctionKind {
    /// By its name: `invite(request)`.
    Function,
    /// By its name on a value: `row.get(column)`.
    Method,
    /// As a property that is read: `time.year`.
    Getter,
    /// As a property that is set.
    Setter,
    /// As an index that is read: `row[column]`.
    IndexGetter,
    /// As an index that is set.
    IndexSetter,
    /// As an operator: `a < b`.
    Operator,
}

impl Parameter {
    /// Returns whether a value of the type `kind` can be passed; `value` accepts every type, but is not specific to any.
    pub fn accepts(&self, kind: &str) -> bool {
        match self.kind.as_str() {
            LIST_TYPE => kind == "array" || lazy_list_names().any(|name| name == kind),
            NUMBER_TYPE => matches!(kind, "int" | "float"),
            own => own.split(" or ").any(|own| own == kind),
        }
    }
}

impl FunctionKind {
    /// Returns whether it is called by name or as an operator.
    pub(in crate::script) fn is_callable(self) -> bool {
        matches!(self, Self::Function | Self::Method | Self::Operator)
    }
}

impl Function {
    /// Describes a function that a script defines.
    pub(in crate::script) fn from_script(function: &ScriptFnMetadata<'_>) -> Self {
        let parameters = function.params.iter().map(|name| Parameter {
            name: (*name).to_owned(),
            kind: ANY_TYPE.to_owned(),
            schema: None,
        });
        Self {
            name: function.name.to_owned(),
            kind: FunctionKind::Function,
            parameters: parameters.collect(),
            returns: Some(ANY_TYPE.to_owned()),
            result_shape: None,
            doc: strip_comment_marks(function.comments.iter().copied()),
        }
    }

    /// Returns the function and its parameters: `invite(email, name)`.
    pub fn signature(&self) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|each| &*each.name).collect();
        format!("{}({})", self.name, names.join(", "))
    }

    /// Returns the first line of the doc comment.
    pub fn summary(&self) -> &str {
        self.doc.lines().next().unwrap_or("")
    }

    /// Returns whether `other` has this name, and is for values of the same type.
    pub fn describes(&self, other: &Self) -> bool {
        let first = |function: &Self| function.parameters.first().cloned();
        self.name == other.name
            && match (first(self), first(other)) {
                (Some(own), Some(first)) => own.accepts(&first.kind),
                (own, first) => own.is_none() && first.is_none(),
            }
    }

    /// Parses the doc comment.
    pub fn parsed_doc(&self) -> Doc {
        Doc::parse(&self.doc)
    }

    /// Returns the type of which it is a method, property or operator.
    pub fn owner(&self) -> Option<&str> {
        match self.kind {
            FunctionKind::Function => None,
            _ => Some(&self.parameters.first()?.kind),
        }
    }
}

/// Lists the functions that this program adds to Rhai.
pub fn functions() -> Vec<Function> {
    let topics = own_topics().into_iter();
    topics.flat_map(|topic| topic.functions).collect()
}

/// Lists the functions that this program adds to Rhai, by topic.
pub(super) fn own_topics() -> Vec<Topic> {
    let topics = api::TOPICS.iter().map(|&(title, files)| {
        let mut engine = Engine::new_raw();
        let mut module = Module::new();
        for register in files {
            register(&mut module);
        }
        engine.register_global_module(module.into());
        let mut functions = collect(&engine, false);
        sort(&mut functions);
        Topic {
            title,
            names: Vec::new(),
            introduction: String::new(),
            functions,
        }
    });
    topics.collect()
}

pub(super) fn sort(functions: &mut [Function]) {
    functions.sort_by(|a, b| order(a).cmp(&order(b)));
}

/// Plain functions come first, then methods and properties, then operators.
fn order(function: &Function) -> impl Ord {
    // A form with a closure or a pattern comes after one without.
    let kinds = function
        .parameters
        .iter()
        .map(|each| (matches!(&*each.kind, "closure" | "Regex"), &*each.kind));
    (
        function.kind == FunctionKind::Operator,
        function.kind != FunctionKind::Function,
        function.owner(),
        &function.name,
        function.kind,
        function.parameters.len(),
        kinds.collect::<Vec<_>>(),
        &function.doc,
    )
}

/// Lists the functions of `engine`, and those of Rhai itself if `standard` is set.
pub(in crate::script) fn collect(engine: &Engine, standard: bool) -> Vec<Function> {
    engine.collect_fn_metadata(None, |function| Some(describe(function.metadata)), standard)
}

pub(in crate::script) fn describe(metadata: &FuncMetadata) -> Function {
    let infos = metadata.params_info.iter().take(metadata.num_params);
    let is_method = infos.clone().next().is_some_and(|info| is_receiver(info));
    let (kind, name) = kind_and_name(&metadata.name, is_method);
    let mut function = Function {
        name: name.to_owned(),
        kind,
        parameters: infos.map(|info| parameter(info)).collect(),
        returns: script_type(&metadata.return_type),
        result_shape: None,
        doc: strip_comment_marks(metadata.comments.iter().map(|comment| &**comment)),
    };
    let signature = function.signature();
    let schema = api::MAP_SCHEMAS.iter().find(|(of, _)| *of == signature);
    if let (Some(parameter), Some((_, schema))) = (function.parameters.last_mut(), schema) {
        parameter.schema = Some(schema);
    }
    let mut shapes = api::RESULT_SHAPES.iter();
    let shape = shapes.find(|(of, _)| *of == signature);
    function.result_shape = shape.map(|(_, shape)| shape);
    function
}

/// Describes a definition: a comment, followed by `fn type_of(data: ?) -> String;`.
pub(super) fn describe_definition(text: &str) -> Option<Function> {
    let (comment, head) = text.trim().rsplit_once('\n')?;
    let (name, rest) = head.strip_prefix("fn ")?.split_once('(')?;
    let (parameters, returns) = rest.strip_suffix(';')?.rsplit_once(')')?;
    let parameters: Vec<&str> = parameters
        .split(", ")
        .filter(|info| !info.is_empty())
        .collect();
    let is_method = parameters.first().is_some_and(|info| is_receiver(info));
    let (kind, name) = kind_and_name(name, is_method);
    Some(Function {
        name: name.to_owned(),
        kind,
        parameters: parameters.into_iter().map(parameter).collect(),
        returns: script_type(returns.trim_start_matches(" -> ")),
        result_shape: None,
        doc: strip_comment_marks(std::iter::once(comment)),
    })
}

/// Returns whether the parameter is the value that a method is called on: one that it can change, a list, or a
/// number.
fn is_receiver(info: &str) -> bool {
    let kind = info.split_once(':').map_or("", |(_, kind)| kind).trim();
    kind.starts_with("&mut") || matches!(kind, "List" | "Number")
}

fn kind_and_name(name: &str, is_method: bool) -> (FunctionKind, &str) {
    match name.rsplit_once('$') {
        Some(("get", property)) => (FunctionKind::Getter, property),
        Some(("set", property)) => (FunctionKind::Setter, property),
        Some(("index$get", _)) => (FunctionKind::IndexGetter, "[]"),
        Some(("index$set", _)) => (FunctionKind::IndexSetter, "[]"),
        _ if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
            (FunctionKind::Operator, name)
        }
        _ if is_method => (FunctionKind::Method, name),
        _ => (FunctionKind::Function, name),
    }
}

/// Parses `email: &str` as the name `email` and the type `string`.
pub(in crate::script) fn parameter(info: &str) -> Parameter {
    let (name, kind) = info.split_once(':').unwrap_or((info, ""));
    Parameter {
        name: name.trim().trim_matches('_').to_owned(),
        kind: script_type(kind).unwrap_or_else(|| ANY_TYPE.to_owned()),
        schema: None,
    }
}

/// The type of a parameter that is an array or a lazy list.
const LIST_TYPE: &str = "list";
/// The type of a parameter that is an int or a float.
const NUMBER_TYPE: &str = "number";

/// The type of a parameter or result that can be anything.
const ANY_TYPE: &str = "value";

/// Returns the name in scripts of a Rust type; `None` for no value.
pub(in crate::script) fn script_type(rust: &str) -> Option<String> {
    let rust = rust.trim_start().trim_start_matches('&').trim_start();
    let rust: String = rust.trim_start_matches("mut ").split_whitespace().collect();
    let inner = |prefix, suffix| rust.strip_prefix(prefix)?.strip_suffix(suffix);
    let full_name = "core::result::Result<";
    let result = inner("RhaiResultOf<", ">")
        .or_else(|| inner("Result<", ",Box<EvalAltResult>>"))
        .or_else(|| {
            Some(
                rust.strip_prefix(full_name)?
                    .rsplit_once(",alloc::boxed::Box<")?
                    .0,
            )
        });
    if let Some(result) = result {
        return script_type(result);
    }
    let name = match plain_type_name(&rust) {
        "" | "()" => return None,
        "str" | "String" => "string",
        "INT" => "int",
        "FLOAT" => "float",
        "Array" => "array",
        "Map" => "map",
        "Blob" => "blob",
        "FnPtr" => "closure",
        "List" => LIST_TYPE,
        "KeyOrClosure" => "string or closure",
        "Number" => NUMBER_TYPE,
        "RegexArgument" => "Regex",
        "StringOrRegex" => "string or Regex",
        "Dynamic" | "RhaiResult" | "?" => ANY_TYPE,
        "Instant" => "timestamp",
        "ExclusiveRange" | "InclusiveRange" | "Range<int>" | "RangeInclusive<int>" => "range",
        other => other,
    };
    Some(name.to_owned())
}

/// Removes the marks of doc comments.
pub(in crate::script) fn strip_comment_marks<'a>(
    comments: impl Iterator<Item = &'a str>,
) -> String {
    let lines = comments.flat_map(str::lines).map(|line| {
        let text = line.trim_start().strip_prefix("///").unwrap_or(line);
        text.strip_prefix(' ').unwrap_or(text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_map_belongs_to_a_function() {
        let functions = functions();
        let shaped = functions.iter().filter(|each| each.result_shape.is_some());
        let found: Vec<String> = shaped.map(Function::signature).collect();
        let declared = api::RESULT_SHAPES.iter().map(|(of, _)| *of);
        let missing: Vec<&str> = declared
            .filter(|of| !found.iter().any(|signature| signature == of))
            .collect();
        assert_eq!(missing, [""; 0]);
    }
}
