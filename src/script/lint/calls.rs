//! Finds calls of functions that do not exist, by name and number of arguments, and calls of `invite` that ask too often or come too
//! early.

use std::cell::LazyCell;
use std::collections::HashSet;

use rhai::Engine;

use super::builtins::Builtins;
use super::facts::{Call, ErrorHandling, MAX_HINTS, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::{Function, Import, ParsedScript};
use crate::error_code::ErrorCode;
use crate::script::diagnosis::certain_fix::equivalent_function;
use crate::script::diagnosis::foreign_syntax;
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
                // Another rule reports the variable.
                None if facts.is_unknown_receiver(call) => return None,
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
        } else if let Some(import) = self.imports_with(script, call).next() {
            match (&import.path, import.alias.as_str()) {
                (Some(path), "") => format!(
                    "name the import, as in `import \"{path}\" as m;`, and write `m::{name}(…)`"
                ),
                (_, alias) => format!("did you mean `{alias}::{name}`?"),
            }
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
        let mut with_it = self.imports_with(script, call);
        if call.receiver.is_none()
            && let Some(import) = with_it.next()
        {
            let is_certain = with_it.next().is_none() && !import.alias.is_empty() && !has(name);
            return is_certain.then(|| format!("{}::{name}", import.alias));
        }
        if has(name) {
            return None;
        }
        let takes = |function: &&metadata::Function| function.parameters.len() == call.arity();
        let names = known.iter().map(|function| function.name.as_str());
        // A name of another language that looks like one of ours may mean something else: `substring`.
        let is_typo = foreign_syntax::function(name).is_none();
        let likely = equivalent_function(name, call.arity())
            .or_else(|| only_typo(name, names).filter(|_| is_typo))?;
        let mut same_name = known.iter().filter(|function| function.name == likely);
        same_name
            .any(|function| takes(&function))
            .then(|| likely.to_owned())
    }

    /// Finds the imports whose scripts define the function.
    fn imports_with<'s>(
        &self,
        script: &'s ParsedScript,
        call: &Call,
    ) -> impl Iterator<Item = &'s Import> {
        script.imports.iter().filter(|import| {
            let target = import.target.and_then(|number| self.scripts.get(number));
            target.is_some_and(|target| target.defines(call.name, call.arity()))
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

/// Finds calls of `invite` in loops, and calls that invite from the closure of `invite_all`.
pub(super) fn invites(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    facts
        .calls
        .iter()
        .filter(|call| matches!(call.name, "invite" | "invite_all") && call.module.is_none())
        .filter(|call| call.context.error_handling != ErrorHandling::Expected)
        .filter(|call| !script.defines(call.name, call.arguments.len()))
        .filter_map(|call| {
            if call.context.is_planning && !script.defines("invite_all", 2) {
                let message = format!("`{}` may not be called while `invite_all` plans", call.name);
                let diagnostic = Diagnostic::new(ErrorCode::Planning, message)
                    .hint("the closure decides about one row: let it return a request or `skip(reason)`");
                let diagnostic = diagnostic.at(&script.source, call.position);
                return Some(Finding::of_call(call, diagnostic));
            }
            let is_single = call.name == "invite" && call.context.is_repeated;
            is_single.then(|| {
                let diagnostic = Diagnostic::new(ErrorCode::InviteInLoop, "`invite` in a loop sends one by one and asks each time")
                    .hint("`invite_all(rows, |row| …)` checks all rows before it sends the first, and asks once");
                Finding::warning(diagnostic.at(&script.source, call.position))
            })
        })
        .collect()
}
