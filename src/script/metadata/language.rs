//! The pages about the language itself, with the functions of Rhai that scripts need, in our words.
//!
//! A page is a file of comments and definitions: its header starts with `title:` and `names:`, and every function has a doc
//! comment. Tests run each example, and compare each function with those of the engine.

use rhai::Engine;

use super::functions::{
    Function, FunctionKind, Topic, collect, describe_definition, own_topics, sort,
};

const PAGES: [&str; 8] = [
    include_str!("language/arrays.rhai"),
    include_str!("language/texts.rhai"),
    include_str!("language/maps.rhai"),
    include_str!("language/numbers.rhai"),
    include_str!("language/ranges.rhai"),
    include_str!("language/closures.rhai"),
    include_str!("language/control_flow.rhai"),
    include_str!("language/modules.rhai"),
];

/// Lists what scripts can call by topic: the functions that this program adds to Rhai, and those of the pages. A page with the
/// title of a topic is part of it.
pub fn topics() -> Vec<Topic> {
    let mut topics = own_topics();
    for page in PAGES.map(parse_page) {
        match topics.iter_mut().find(|topic| topic.title == page.title) {
            Some(topic) => {
                topic.names = page.names;
                topic.introduction = page.introduction;
                topic.functions.extend(page.functions);
                sort(&mut topic.functions);
            }
            None => topics.push(page),
        }
    }
    topics
}

/// Lists the functions of Rhai that the pages describe.
pub fn described_functions() -> Vec<Function> {
    let pages = PAGES.map(parse_page).into_iter();
    pages.flat_map(|page| page.functions).collect()
}

fn parse_page(text: &'static str) -> Topic {
    let header = text.lines().take_while(|line| line.starts_with("//!"));
    let header: Vec<&str> = header
        .map(|line| line.trim_start_matches("//!").trim_start_matches(' '))
        .collect();
    let field = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("//! ")?.strip_prefix(name));
        line.unwrap_or_default().trim()
    };
    let prose = header.iter().skip_while(|line| !line.is_empty());
    let prose: Vec<&str> = prose.copied().collect();
    let mut functions: Vec<Function> = text.split("\n\n").filter_map(describe_definition).collect();
    sort(&mut functions);
    Topic {
        title: field("title:"),
        names: field("names:").split(", ").collect(),
        introduction: prose.join("\n").trim().to_owned(),
        functions,
    }
}

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
