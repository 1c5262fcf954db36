//! The model: topics, their entries, and the overloads of an entry.

use std::sync::LazyLock;

use crate::script::{self, Doc, Function, FunctionKind, OptionKey, Parameter, ResultShape};

/// Everything that scripts can call.
#[derive(Debug)]
pub struct Reference {
    /// The functions of this program.
    pub topics: Vec<Topic>,
    /// The functions of Rhai that no topic describes; read on first use, as that takes longer than all the rest.
    pub(super) standard: LazyLock<Vec<Entry>>,
}

/// A chapter of the reference.
#[derive(Clone, Debug)]
pub struct Topic {
    /// The heading.
    pub title: &'static str,
    /// Other names under which `docs` finds it.
    pub names: Vec<&'static str>,
    /// What there is to know before the functions, in Markdown; empty for most topics.
    pub introduction: String,
    /// Functions first, then the members of types, then operators.
    pub entries: Vec<Entry>,
}

/// One name: a function with all its overloads, a method or property of a type, or an operator.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name: `invite_all`, `plus_days`, `[]`, `<`.
    pub name: String,
    /// The type it belongs to.
    pub owner: Option<String>,
    /// Function, method, property, …
    pub kind: FunctionKind,
    /// At least one, sorted by parameters.
    pub overloads: Vec<Overload>,
}

/// One parameter list of an entry, with its documentation.
#[derive(Clone, Debug)]
pub struct Overload {
    /// For a method, the first one is the value it is called on.
    pub parameters: Vec<Parameter>,
    /// The type of the result, if there is one.
    pub returns: Option<String>,
    /// The keys of the map that it returns, or of the items of the list.
    pub result_shape: Option<&'static ResultShape>,
    /// The text of the doc comment.
    pub comment: String,
    /// The parsed doc comment.
    pub doc: Doc,
    /// The call with types: `invite_all(rows: value) -> Outcome`.
    pub signature: String,
}

impl Reference {
    /// Reads the metadata and doc comments of all functions. This is slow: do it once.
    pub fn read() -> Self {
        let topics = script::topics().into_iter().map(|topic| Topic {
            title: topic.title,
            names: topic.names,
            introduction: topic.introduction,
            entries: entries(topic.functions),
        });
        Self {
            topics: topics.collect(),
            standard: LazyLock::new(|| entries(other_rhai_functions())),
        }
    }

    /// Returns the functions of Rhai that no topic describes.
    pub fn standard(&self) -> &[Entry] {
        &self.standard
    }

    /// Returns the entries of all topics.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.topics.iter().flat_map(|topic| &topic.entries)
    }
}

impl Overload {
    /// Returns the keys of the map that the function takes.
    pub fn options(&self) -> &'static [OptionKey] {
        let map = self.parameters.iter().find(|each| each.kind == "map");
        let schema = map.and_then(|parameter| parameter.schema);
        schema.map_or(&[], |schema| schema.keys)
    }
}

fn other_rhai_functions() -> Vec<Function> {
    let described = script::described_functions();
    let mut functions = script::rhai_functions();
    functions.retain(|function| !described.iter().any(|page| page.describes(function)));
    functions
}

/// Groups functions by name.
fn entries(functions: Vec<Function>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for function in functions {
        // Rhai calls `to_debug` for `debug(value)`; it has the text of `to_string`.
        if function.name == "to_debug" {
            continue;
        }
        let owner = function.owner().map(ToOwned::to_owned);
        let overload = Overload {
            signature: signature(&function),
            doc: function.parsed_doc(),
            comment: function.doc,
            parameters: function.parameters,
            returns: function.returns,
            result_shape: function.result_shape,
        };
        match entries.last_mut() {
            Some(entry)
                if entry.name == function.name
                    && entry.owner == owner
                    && entry.kind == function.kind =>
            {
                entry.overloads.push(overload);
            }
            _ => entries.push(Entry {
                name: function.name,
                owner,
                kind: function.kind,
                overloads: vec![overload],
            }),
        }
    }
    entries
}

/// Writes the call of a function with the types of its parameters and result.
fn signature(function: &Function) -> String {
    let typed: Vec<String> = function
        .parameters
        .iter()
        .map(|each| format!("{}: {}", each.name, each.kind))
        .collect();
    let (receiver, rest) = match function.parameters.split_first() {
        Some((first, rest)) if function.kind != FunctionKind::Function => {
            (&*first.name, &typed[typed.len() - rest.len()..])
        }
        _ => ("", &*typed),
    };
    let name = &function.name;
    let mut text = match (function.kind, rest) {
        (FunctionKind::Function, _) => format!("{name}({})", rest.join(", ")),
        (FunctionKind::Method, _) => format!("{receiver}.{name}({})", rest.join(", ")),
        (FunctionKind::Getter, _) => format!("{receiver}.{name}"),
        (FunctionKind::Setter, _) => format!("{receiver}.{name} = {}", rest.join(", ")),
        (FunctionKind::IndexGetter, _) => format!("{receiver}[{}]", rest.join(", ")),
        (FunctionKind::IndexSetter, [index, value]) => format!("{receiver}[{index}] = {value}"),
        (FunctionKind::IndexSetter | FunctionKind::Operator, _) => typed.join(&format!(" {name} ")),
    };
    if let Some(kind) = &function.returns {
        text.push_str(" -> ");
        text.push_str(kind);
    }
    text
}

impl Entry {
    /// Returns the summary of the first overload.
    pub fn summary(&self) -> &str {
        self.overloads
            .first()
            .map_or("", |overload| &overload.doc.summary)
    }

    /// Returns the keys of the map that `overload` returns, unless they are those of an earlier overload.
    pub fn documented_result(&self, overload: &Overload) -> Option<&'static ResultShape> {
        let shape = overload
            .result_shape
            .filter(|shape| !shape.keys.is_empty())?;
        let mut overloads = self.overloads.iter();
        let first = overloads.find(|each| each.result_shape == Some(shape))?;
        std::ptr::eq(first, overload).then_some(shape)
    }

    /// Returns the name with that of its type: `DateTime.plus_days`, `Row[]`.
    pub fn full_name(&self) -> String {
        let name = &self.name;
        match (&self.owner, self.kind) {
            (None, _) => name.clone(),
            (Some(owner), FunctionKind::IndexGetter) => format!("{owner}[]"),
            (Some(owner), FunctionKind::IndexSetter) => format!("{owner}[] ="),
            (Some(owner), FunctionKind::Setter) => format!("{owner}.{name} ="),
            (Some(owner), FunctionKind::Operator) => format!("{owner} {name} {owner}"),
            (Some(owner), _) => format!("{owner}.{name}"),
        }
    }

    /// Returns the calls with optional parameters in brackets, each with its summary: `invite_all(rows[, request])`, `.year`.
    pub fn usages(&self) -> Vec<(String, &str)> {
        let mut usages: Vec<(Vec<&str>, Vec<&str>, &str)> = Vec::new();
        for overload in &self.overloads {
            let receiver = usize::from(self.owner.is_some() && self.kind != FunctionKind::Operator);
            let parameters = overload.parameters.iter().skip(receiver);
            let names: Vec<&str> = parameters.map(|each| &*each.name).collect();
            match usages.last_mut() {
                // It only differs in types, or has more parameters at the end.
                Some((required, optional, _))
                    if optional.is_empty() && names.starts_with(required) =>
                {
                    *optional = names[required.len()..].to_vec();
                }
                _ => usages.push((names, Vec::new(), &overload.doc.summary)),
            }
        }
        let usages = usages.into_iter();
        let shown =
            usages.map(|(required, optional, summary)| (self.usage(&required, &optional), summary));
        shown.collect()
    }

    fn usage(&self, required: &[&str], optional: &[&str]) -> String {
        let name = &self.name;
        let mut list = required.join(", ");
        if !optional.is_empty() {
            let comma = if list.is_empty() { "" } else { ", " };
            list = format!("{list}[{comma}{}]", optional.join(", "));
        }
        match self.kind {
            FunctionKind::Function => format!("{name}({list})"),
            FunctionKind::Method => format!(".{name}({list})"),
            FunctionKind::Getter => format!(".{name}"),
            FunctionKind::Setter => format!(".{name} = {list}"),
            FunctionKind::IndexGetter => format!("[{list}]"),
            FunctionKind::IndexSetter => match required {
                [index, rest @ ..] => format!("[{index}] = {}", rest.join(", ")),
                [] => name.clone(),
            },
            FunctionKind::Operator => self.full_name(),
        }
    }
}
