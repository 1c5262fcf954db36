//! Calls of functions that do not exist, by name and number of arguments.

use std::collections::HashSet;

use rhai::Engine;

use super::builtins::Builtins;
use super::facts::{Call, ScriptFacts};
use super::finding::Finding;
use super::script::{Function, Import, ParsedScript};
use crate::error_code::ErrorCode;
use crate::script::diagnosis::unknown_name;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::nearest;

/// What calls can reach.
pub(super) struct CallResolver<'a> {
    pub(super) engine: &'a Engine,
    pub(super) builtins: &'a Builtins,
    /// All scripts of the program, the main one first.
    pub(super) scripts: &'a [ParsedScript],
    /// The names by which a closure in a map may be called.
    pub(super) dynamic_names: &'a HashSet<&'a str>,
}

/// Checks the calls of the script with this `number`.
pub(super) fn check(
    call_resolver: &CallResolver,
    number: usize,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let Some(script) = call_resolver.scripts.get(number) else {
        return Vec::new();
    };
    facts
        .calls
        .iter()
        .filter_map(|call| {
            let failure = match call.module {
                Some(module) => in_module(call_resolver, script, module.as_str(), call)?,
                None if call_resolver.exists(number, script, call) => return None,
                None => call_resolver.missing(script, call),
            };
            let failure = failure.at(&script.source, call.position);
            Some(Finding::with_handling(call.context.error_handling, failure))
        })
        .collect()
}

impl CallResolver<'_> {
    fn exists(&self, number: usize, script: &ParsedScript, call: &Call) -> bool {
        let defines = |script: &ParsedScript| script.defines(call.name, call.arguments.len());
        if defines(script) || self.builtins.has(call.name, call.arity()) {
            return true;
        }
        // What is imported runs with the functions of the scripts that import it behind its own.
        if number > 0 && self.scripts.iter().any(defines) {
            return true;
        }
        call.receiver.is_some() && self.may_be_dynamic_method(call)
    }

    /// Tells whether a method may be a closure in a map, or a method that some script defines for a type; an imported
    /// script that could not be read may define any.
    pub(super) fn may_be_dynamic_method(&self, call: &Call) -> bool {
        let is_typed = |function: &Function| {
            function.is_typed
                && function.name == call.name
                && function.parameters.len() == call.arguments.len()
        };
        let may_define = |script: &ParsedScript| {
            script.functions.iter().any(is_typed)
                || script.sets_computed_keys()
                || script.imports.iter().any(|import| import.target.is_none())
        };
        self.dynamic_names.contains(call.name) || self.scripts.iter().any(may_define)
    }

    fn missing(&self, script: &ParsedScript, call: &Call) -> Diagnostic {
        let known = unknown_name::known_functions(self.engine, &script.ast);
        let failure = failure(call, known.iter().any(|other| other.name == call.name));
        if call.names_variable && call.receiver.is_none() {
            let name = call.name;
            return failure.hint(format!(
                "`{name}` is a variable: a closure in it is called with `{name}.call(…)`"
            ));
        }
        if call.receiver.is_some() && script.defines(call.name, call.arity()) {
            let name = call.name;
            return failure.hint(format!(
                "a function of the script takes its values in parentheses: `{name}(…)`"
            ));
        }
        if let Some(import) = self.import_with(script, call) {
            let alias = &import.alias;
            return failure.hint(format!("did you mean `{alias}::{}`?", call.name));
        }
        failure.hint(unknown_name::alternatives(call.name, &known))
    }

    /// Finds the imported script that has the function.
    fn import_with<'s>(&self, script: &'s ParsedScript, call: &Call) -> Option<&'s Import> {
        script.imports.iter().find(|import| {
            let target = import.target.and_then(|number| self.scripts.get(number));
            !import.alias.is_empty()
                && target.is_some_and(|target| target.defines(call.name, call.arity()))
        })
    }
}

fn failure(call: &Call, is_name_known: bool) -> Diagnostic {
    let shown = call.shown();
    let message = if is_name_known {
        format!("no function takes `{shown}`")
    } else {
        format!("unknown function `{shown}`")
    };
    Diagnostic::new(ErrorCode::UnknownFunction, message)
}

/// Checks a call of a function of an imported script.
fn in_module(
    call_resolver: &CallResolver,
    script: &ParsedScript,
    module: &str,
    call: &Call,
) -> Option<Diagnostic> {
    let mut named = script
        .imports
        .iter()
        .filter(|import| import.alias == module);
    let (Some(import), None) = (named.next(), named.next()) else {
        return None;
    };
    let target = call_resolver.scripts.get(import.target?)?;
    let (private, public): (Vec<&Function>, Vec<&Function>) = target
        .functions
        .iter()
        .filter(|function| !function.is_typed)
        .partition(|function| function.is_private);
    let takes = |function: &&&Function| {
        function.name == call.name && function.parameters.len() == call.arguments.len()
    };
    // A module of the imported one may be meant.
    if public.iter().any(|function| takes(&function)) || call.is_nested {
        return None;
    }
    let same_name: Vec<String> = public
        .iter()
        .filter(|function| function.name == call.name)
        .map(|function| {
            let parameters = function.parameters.join(", ");
            format!("`{module}::{}({parameters})`", function.name)
        })
        .collect();
    let file = &target.source.name;
    let hint = if private.iter().any(|function| function.name == call.name) {
        format!("in {file}, it is `private`")
    } else if !same_name.is_empty() {
        format!("there is {}", same_name.join(", "))
    } else {
        match nearest(call.name, public.iter().map(|each| each.name.as_str())) {
            Some(likely) => format!("did you mean `{module}::{likely}`?"),
            None => format!("{file} has no such function"),
        }
    };
    Some(failure(call, !same_name.is_empty()).hint(hint))
}
