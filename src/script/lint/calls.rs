//! Finds calls of functions that do not exist, by name and number of arguments.

use std::cell::LazyCell;
use std::collections::HashSet;

use rhai::Engine;

use super::builtins::Builtins;
use super::facts::{Call, MAX_HINTS, Receiver, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::{Function, Import, ParsedScript};
use crate::script::diagnosis::certain_fix::equivalent_function;
use crate::script::diagnosis::unknown_name::{self, unknown_function};
use crate::script::error::diagnostic::Diagnostic;
use crate::script::metadata::functions as metadata;
use crate::text::{nearest, only_typo};

/// Decides which functions a call can reach.
pub(super) struct CallResolver<'a> {
    pub(super) engine: &'a Engine,
    pub(super) builtins: &'a Builtins,
    /// All scripts of the program, the main one first.
    pub(super) scripts: &'a [ParsedScript],
    /// Names by which a closure in a map may be called.
    pub(super) dynamic_names: &'a HashSet<&'a str>,
}

/// Checks the calls of script `number`.
pub(super) fn check(
    call_resolver: &CallResolver,
    number: usize,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let Some(script) = call_resolver.scripts.get(number) else {
        return Vec::new();
    };
    let known = LazyCell::new(|| unknown_name::known_functions(call_resolver.engine, &script.ast));
    let mut missing = 0;
    facts
        .calls
        .iter()
        .filter_map(|call| {
            let (diagnostic, replacement) = match call.module {
                Some(module) => {
                    let has_hint = missing < MAX_HINTS;
                    let missed =
                        missing_in_module(call_resolver, script, module.as_str(), call, has_hint)?;
                    missing += 1;
                    (missed, None)
                }
                None if call_resolver.exists(number, script, call) => return None,
                // Another rule reports that the module is not a variable.
                None if is_module(script, call) => return None,
                None => {
                    missing += 1;
                    let known = Some(&**known).filter(|_| missing <= MAX_HINTS);
                    let missed = call_resolver.missing(script, call, known);
                    let replacement =
                        known.and_then(|known| call_resolver.replacement(script, call, known));
                    (missed, replacement)
                }
            };
            let diagnostic = diagnostic.at(&script.source, call.position);
            Some(Finding::of_call(
                call,
                diagnostic.fix_marked(replacement.as_deref()),
            ))
        })
        .collect()
}

/// `rules.f()` instead of `rules::f()`
fn is_module(script: &ParsedScript, call: &Call) -> bool {
    match call.receiver {
        Some(Receiver::Variable(name)) => script.imports.iter().any(|import| import.alias == name),
        _ => false,
    }
}

impl CallResolver<'_> {
    fn exists(&self, number: usize, script: &ParsedScript, call: &Call) -> bool {
        let defines = |script: &ParsedScript| script.defines(call.name, call.arguments.len());
        if defines(script) || self.builtins.has(call.name, call.arity()) {
            return true;
        }
        // An imported script can also call functions of the scripts that import it.
        if number > 0 && self.scripts.iter().any(defines) {
            return true;
        }
        call.receiver.is_some() && self.may_be_dynamic_method(call)
    }

    /// Whether a method may be a closure in a map, or defined for a type by some script. An imported script that could not be
    /// read may define any method.
    pub(super) fn may_be_dynamic_method(&self, call: &Call) -> bool {
        let is_typed = |function: &Function| {
            function.is_typed && function.parameters.len() == call.arguments.len()
        };
        let may_define = |script: &ParsedScript| {
            script.functions_named(call.name).any(is_typed)
                || script.sets_computed_keys
                || script.imports.iter().any(|import| import.target.is_none())
        };
        self.dynamic_names.contains(call.name) || self.scripts.iter().any(may_define)
    }

    /// Describes a call of a function that does not exist. For a hint about what was meant, `known` are those that do.
    fn missing(
        &self,
        script: &ParsedScript,
        call: &Call,
        known: Option<&[metadata::Function]>,
    ) -> Diagnostic {
        let name = call.name;
        let mut same_name = known.into_iter().flatten();
        let is_name_known = same_name.any(|other| other.name == name);
        let hint = if call.names_variable && call.receiver.is_none() {
            format!("`{name}` is a variable: call a closure in it with `{name}.call(…)`")
        } else if call.receiver.is_some() && script.defines(name, call.arity()) {
            format!("functions of a script are not methods: write `{name}(…)`")
        } else if let Some(import) = self.import_with(script, call) {
            format!("did you mean `{}::{name}`?", import.alias)
        } else {
            known.map_or_else(String::new, |known| unknown_name::alternatives(name, known))
        };
        let hint = Some(hint).filter(|hint| !hint.is_empty());
        unknown_function(&call.display(), is_name_known).hint_if(hint)
    }

    /// Returns what to write instead of the name of the function, if that is certain.
    fn replacement(
        &self,
        script: &ParsedScript,
        call: &Call,
        known: &[metadata::Function],
    ) -> Option<String> {
        let name = call.name;
        if call.names_variable || call.receiver.is_some() && script.defines(name, call.arity()) {
            return None;
        }
        let has = |other: &str| known.iter().any(|function| function.name == other);
        if call.receiver.is_none()
            && let Some(import) = self.import_with(script, call)
        {
            let mut with_it = script.imports.iter().filter(|other| {
                let target = other.target.and_then(|number| self.scripts.get(number));
                target.is_some_and(|target| target.defines(name, call.arity()))
            });
            let is_only = with_it.next().is_some() && with_it.next().is_none();
            return (is_only && !has(name)).then(|| format!("{}::{name}", import.alias));
        }
        if has(name) {
            return None;
        }
        let takes = |function: &&metadata::Function| function.parameters.len() == call.arity();
        let names = known.iter().map(|function| function.name.as_str());
        let likely = equivalent_function(name, call.arity()).or_else(|| only_typo(name, names))?;
        let mut same_name = known.iter().filter(|function| function.name == likely);
        same_name
            .any(|function| takes(&function))
            .then(|| likely.to_owned())
    }

    /// Finds the import whose script defines the function.
    fn import_with<'s>(&self, script: &'s ParsedScript, call: &Call) -> Option<&'s Import> {
        script.imports.iter().find(|import| {
            let target = import.target.and_then(|number| self.scripts.get(number));
            !import.alias.is_empty()
                && target.is_some_and(|target| target.defines(call.name, call.arity()))
        })
    }
}

/// Describes a call of an imported function that does not exist, with a similar name if `has_hint`.
fn missing_in_module(
    call_resolver: &CallResolver,
    script: &ParsedScript,
    module: &str,
    call: &Call,
    has_hint: bool,
) -> Option<Diagnostic> {
    let mut named = script
        .imports
        .iter()
        .filter(|import| import.alias == module);
    let (Some(import), None) = (named.next(), named.next()) else {
        return None;
    };
    let target = call_resolver.scripts.get(import.target?)?;
    let is_public = |function: &&Function| !function.is_typed && !function.is_private;
    let same_name = || target.functions_named(call.name);
    let takes = |function: &Function| function.parameters.len() == call.arguments.len();
    // With `a::b::name`, the function is in a module that the imported script imports.
    if call.is_nested || same_name().filter(is_public).any(takes) {
        return None;
    }
    let is_private = same_name().any(|function| !function.is_typed && function.is_private);
    let same_name: Vec<String> = same_name()
        .filter(is_public)
        .map(|function| {
            let parameters = function.parameters.join(", ");
            format!("`{module}::{}({parameters})`", function.name)
        })
        .collect();
    let file = &target.source.name;
    let public = target.functions.iter().filter(is_public);
    let hint = if is_private {
        format!("it is `private` in {file}")
    } else if !same_name.is_empty() {
        format!("available: {}", same_name.join(", "))
    } else {
        let public = public.map(|each| each.name.as_str());
        match nearest(call.name, public.filter(|_| has_hint)) {
            Some(likely) => format!("did you mean `{module}::{likely}`?"),
            None => format!("{file} does not define it"),
        }
    };
    Some(unknown_function(&call.display(), !same_name.is_empty()).hint(hint))
}
