//! The model: topics, their entries, and the forms in which an entry is called.

use std::sync::LazyLock;

use crate::script::{self, Doc, DocItem, Function, Kind, Parameter};

/// What scripts can call.
#[derive(Debug)]
pub struct Reference {
    /// What this program brings.
    pub topics: Vec<Topic>,
    /// What Rhai brings; read when it is asked for, as that takes longer than all the rest.
    pub(super) standard: LazyLock<Vec<Entry>>,
}

/// Entries that belong together.
#[derive(Clone, Debug)]
pub struct Topic {
    /// What they are about.
    pub title: &'static str,
    /// Functions first, then what belongs to a type, then operators.
    pub entries: Vec<Entry>,
}

/// What has one name: a function with all its forms, a method or property of a type, an operator.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name: `invite_all`, `plus_days`, `[]`, `<`.
    pub name: String,
    /// The type it belongs to.
    pub owner: Option<String>,
    /// How it is called.
    pub kind: Kind,
    /// At least one, by their parameters.
    pub forms: Vec<Form>,
}

/// A function's parameters, with what is said about them.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it takes; for a method, first the value it is called on.
    pub parameters: Vec<Parameter>,
    /// The type of what it returns.
    pub returns: Option<String>,
    /// Its comment as it stands, without the marks.
    pub comment: String,
    /// What the comment says.
    pub doc: Doc,
    /// How it is called, with types: `invite_all(rows: value) -> Outcome`.
    pub signature: String,
}

impl Reference {
    /// Reads the functions' metadata and comments. To be read once.
    #[must_use]
    pub fn read() -> Self {
        let topics = script::topics().into_iter().map(|topic| Topic {
            title: topic.title,
            entries: entries(topic.functions),
        });
        Self {
            topics: topics.collect(),
            standard: LazyLock::new(|| entries(script::standard_functions())),
        }
    }

    /// Returns what Rhai brings.
    #[must_use]
    pub fn standard(&self) -> &[Entry] {
        &self.standard
    }

    /// Returns the entries of all topics.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.topics.iter().flat_map(|topic| &topic.entries)
    }

    /// Returns the options of `form`, with those of the functions that its comment refers to.
    #[must_use]
    pub fn options<'a>(&'a self, form: &'a Form) -> Vec<&'a DocItem> {
        form.doc.options_with(|name, parameters| {
            let named = self.entries().filter(|entry| entry.name == name);
            let forms = named.flat_map(|entry| &entry.forms);
            let meant = forms.filter(|form| form.parameters.len() == parameters);
            meant.map(|form| &form.doc).collect()
        })
    }
}

/// Puts the forms of one name together.
fn entries(functions: Vec<Function>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for function in functions {
        // Rhai calls it where a value is shown by `debug`, with the text of `to_string`.
        if function.name == "to_debug" {
            continue;
        }
        let owner = function.owner().map(ToOwned::to_owned);
        let form = Form {
            signature: signature(&function),
            doc: function.parsed_doc(),
            comment: function.doc,
            parameters: function.parameters,
            returns: function.returns,
        };
        match entries.last_mut() {
            Some(entry)
                if entry.name == function.name
                    && entry.owner == owner
                    && entry.kind == function.kind =>
            {
                entry.forms.push(form);
            }
            _ => entries.push(Entry {
                name: function.name,
                owner,
                kind: function.kind,
                forms: vec![form],
            }),
        }
    }
    entries
}

/// Writes a function as it is called, with the types of what it takes and returns.
fn signature(function: &Function) -> String {
    let typed: Vec<String> = function
        .parameters
        .iter()
        .map(|each| format!("{}: {}", each.name, each.kind))
        .collect();
    let (receiver, rest) = match function.parameters.split_first() {
        Some((first, rest)) if function.kind != Kind::Function => {
            (&*first.name, &typed[typed.len() - rest.len()..])
        }
        _ => ("", &*typed),
    };
    let name = &function.name;
    let mut text = match (function.kind, rest) {
        (Kind::Function, _) => format!("{name}({})", rest.join(", ")),
        (Kind::Method, _) => format!("{receiver}.{name}({})", rest.join(", ")),
        (Kind::Getter, _) => format!("{receiver}.{name}"),
        (Kind::Setter, _) => format!("{receiver}.{name} = {}", rest.join(", ")),
        (Kind::IndexGetter, _) => format!("{receiver}[{}]", rest.join(", ")),
        (Kind::IndexSetter, [index, value]) => format!("{receiver}[{index}] = {value}"),
        (Kind::IndexSetter | Kind::Operator, _) => typed.join(&format!(" {name} ")),
    };
    if let Some(kind) = &function.returns {
        text.push_str(" -> ");
        text.push_str(kind);
    }
    text
}

impl Entry {
    /// Returns the entry's first sentence.
    #[must_use]
    pub fn summary(&self) -> &str {
        self.forms.first().map_or("", |form| &form.doc.summary)
    }

    /// Returns the name with that of its type: `DateTime.plus_days`, `Row[]`.
    #[must_use]
    pub fn full_name(&self) -> String {
        let name = &self.name;
        match (&self.owner, self.kind) {
            (None, _) => name.clone(),
            (Some(owner), Kind::IndexGetter) => format!("{owner}[]"),
            (Some(owner), Kind::IndexSetter) => format!("{owner}[] ="),
            (Some(owner), Kind::Setter) => format!("{owner}.{name} ="),
            (Some(owner), Kind::Operator) => format!("{owner} {name} {owner}"),
            (Some(owner), _) => format!("{owner}.{name}"),
        }
    }

    /// Returns how it is called, in as few ways as say it, each with its summary: `invite_all(rows[, request])`, `.year`.
    #[must_use]
    pub fn usages(&self) -> Vec<(String, &str)> {
        let mut usages: Vec<(Vec<&str>, Vec<&str>, &str)> = Vec::new();
        for form in &self.forms {
            let receiver = usize::from(self.owner.is_some() && self.kind != Kind::Operator);
            let parameters = form.parameters.iter().skip(receiver);
            let names: Vec<&str> = parameters.map(|each| &*each.name).collect();
            match usages.last_mut() {
                // It differs in types only, or takes more at the end.
                Some((always, optional, _)) if optional.is_empty() && names.starts_with(always) => {
                    *optional = names[always.len()..].to_vec();
                }
                _ => usages.push((names, Vec::new(), &form.doc.summary)),
            }
        }
        let usages = usages.into_iter();
        let shown =
            usages.map(|(always, optional, summary)| (self.usage(&always, &optional), summary));
        shown.collect()
    }

    fn usage(&self, always: &[&str], optional: &[&str]) -> String {
        let name = &self.name;
        let mut list = always.join(", ");
        if !optional.is_empty() {
            let comma = if list.is_empty() { "" } else { ", " };
            list = format!("{list}[{comma}{}]", optional.join(", "));
        }
        match self.kind {
            Kind::Function => format!("{name}({list})"),
            Kind::Method => format!(".{name}({list})"),
            Kind::Getter => format!(".{name}"),
            Kind::Setter => format!(".{name} = {list}"),
            Kind::IndexGetter => format!("[{list}]"),
            Kind::IndexSetter => match always {
                [index, rest @ ..] => format!("[{index}] = {}", rest.join(", ")),
                [] => name.clone(),
            },
            Kind::Operator => self.full_name(),
        }
    }
}
