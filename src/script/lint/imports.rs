//! Modules that nothing imports, and variables that an imported script does not export.

use rhai::{ASTFlags, Ident, Stmt};

use super::facts::{ModuleVariable, ScriptFacts};
use super::finding::Finding;
use super::script::ParsedScript;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::nearest;

/// Finds names of modules that nothing imports. The parser refuses such a script, and names the first only.
pub(super) fn unknown(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let of_calls = facts.calls.iter().filter_map(|call| call.module);
    let of_variables = facts.module_variables.iter().map(|used| used.module);
    of_calls
        .chain(of_variables)
        .filter(|module| module.as_str() != "global" && named(script, module).next().is_none())
        .map(|module| {
            let name = module.as_str();
            let aliases = script.imports.iter().map(|import| import.alias.as_str());
            let failure = Diagnostic::new(
                ErrorCode::UnknownModule,
                format!("nothing imports `{name}`"),
            );
            let failure = match nearest(name, aliases.filter(|alias| !alias.is_empty())) {
                Some(likely) => failure.hint(format!("did you mean `{likely}`?")),
                None => failure.hint(format!(
                    "write `import \"FILE\" as {name};` at the start of the script"
                )),
            };
            Finding::error(failure.at(&script.source, module.pos))
        })
        .collect()
}

fn named<'s>(
    script: &'s ParsedScript,
    module: &Ident,
) -> impl Iterator<Item = &'s super::script::Import> {
    script
        .imports
        .iter()
        .filter(move |import| import.alias == module.name)
}

/// Finds variables that an imported script does not export.
pub(super) fn unexported(
    scripts: &[ParsedScript],
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let check = |used: &ModuleVariable| {
        let mut imports = named(script, used.module);
        let (Some(import), None) = (imports.next(), imports.next()) else {
            return None;
        };
        let target = scripts.get(import.target?)?;
        if used.is_nested || exports(target).any(|name| name == used.name) {
            return None;
        }
        let message = format!("{} exports no `{}`", target.source.name, used.name);
        let failure = Diagnostic::new(ErrorCode::UnknownVariable, message);
        let failure = match nearest(used.name, exports(target)) {
            Some(likely) => failure.hint(format!(
                "did you mean `{}::{likely}`?",
                used.module.as_str()
            )),
            None => failure.hint(format!("write `export const {} = …;` there", used.name)),
        };
        Some(Finding::error(failure.at(&script.source, used.position)))
    };
    facts.module_variables.iter().filter_map(check).collect()
}

/// Lists what the outermost statements of a script export.
fn exports(script: &ParsedScript) -> impl Iterator<Item = &str> {
    script
        .ast
        .statements()
        .iter()
        .filter_map(|statement| match statement {
            Stmt::Var(definition, flags, _) if flags.contains(ASTFlags::EXPORTED) => {
                Some(definition.0.as_str())
            }
            Stmt::Export(names, _) if names.1.is_empty() => Some(names.0.as_str()),
            Stmt::Export(names, _) => Some(names.1.as_str()),
            _ => None,
        })
}
