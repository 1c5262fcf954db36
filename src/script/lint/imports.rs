//! Finds modules that are not imported, and variables that an imported script does not export.

use rhai::{AST, ASTFlags, Ident, Stmt};

use super::facts::{MAX_HINTS, ModuleVariable, ScriptFacts};
use super::finding::Finding;
use super::parsed_script::{Import, ParsedScript};
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::text::{did_you_mean, nearest};

/// Finds modules that are not imported. The parser reports only the first.
pub(super) fn unknown(script: &ParsedScript, facts: &ScriptFacts) -> Vec<Finding> {
    let of_calls = facts.calls.iter().filter_map(|call| call.module);
    let of_variables = facts.module_variables.iter().map(|used| used.module);
    of_calls
        .chain(of_variables)
        .filter(|module| module.as_str() != "global" && imports_as(script, module).next().is_none())
        .enumerate()
        .map(|(found, module)| {
            let name = module.as_str();
            let aliases = script.imports.iter().map(|import| import.alias.as_str());
            let aliases = aliases.filter(|alias| !alias.is_empty() && found < MAX_HINTS);
            let hint = did_you_mean(name, aliases);
            let hint = hint.unwrap_or_else(|| {
                format!("write `import \"FILE\" as {name};` at the start of the script")
            });
            let message = format!("no module `{name}` is imported");
            let diagnostic = Diagnostic::new(ErrorCode::UnknownModule, message).hint(hint);
            Finding::error(diagnostic.at(&script.source, module.pos))
        })
        .collect()
}

fn imports_as<'s>(script: &'s ParsedScript, module: &Ident) -> impl Iterator<Item = &'s Import> {
    let imports = script.imports.iter();
    imports.filter(move |import| import.alias == module.name)
}

/// Finds variables that an imported script does not export.
pub(super) fn unexported(
    scripts: &[ParsedScript],
    script: &ParsedScript,
    facts: &ScriptFacts,
) -> Vec<Finding> {
    let check = |used: &ModuleVariable| {
        let mut imports = imports_as(script, used.module);
        let (Some(import), None) = (imports.next(), imports.next()) else {
            return None;
        };
        let target = scripts.get(import.target?)?;
        if used.is_nested || exports(&target.ast).any(|name| name == used.name) {
            return None;
        }
        let message = format!("{} does not export `{}`", target.source.name, used.name);
        let diagnostic = Diagnostic::new(ErrorCode::UnknownVariable, message);
        let diagnostic = match nearest(used.name, exports(&target.ast)) {
            Some(likely) => diagnostic.hint(format!(
                "did you mean `{}::{likely}`?",
                used.module.as_str()
            )),
            None => diagnostic.hint(format!(
                "write `export const {} = …;` in that script",
                used.name
            )),
        };
        Some(Finding::error(diagnostic.at(&script.source, used.position)))
    };
    facts.module_variables.iter().filter_map(check).collect()
}

/// Lists the variables that a script exports.
pub(in crate::script) fn exports(ast: &AST) -> impl Iterator<Item = &str> {
    ast.statements()
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
