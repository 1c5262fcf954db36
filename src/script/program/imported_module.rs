//! The modules that an input can use, with their public functions and exported variables.

use std::sync::Arc;

use rhai::{FnAccess, Module, ScriptFnMetadata};

use crate::script::diagnosis::diagnose::parse_leniently;
use crate::script::engine::environments::CLOSURE_PREFIX;
use crate::script::engine::import_resolver::{Resolver, SourceMap};
use crate::script::lint::exports;
use crate::script::metadata::functions::Function;
use crate::script::source::ImportRoot;

/// A module that was imported, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedModule {
    /// The name before `::`.
    pub alias: String,
    /// The functions that the module provides, by name.
    pub functions: Vec<Function>,
    /// The variables that it exports, by name.
    pub variables: Vec<String>,
}

impl ImportedModule {
    /// Describes a module that was loaded.
    pub(super) fn of(alias: &str, module: &Module) -> Self {
        let variables = module.iter_var().map(|(name, _)| name.to_owned());
        Self::new(alias, module, variables.collect())
    }

    /// Reads the module that `import "path" as alias;` would load from the working directory, without evaluating anything.
    /// Returns `None` if it cannot be read or parsed.
    pub fn read(alias: &str, path: &str) -> Option<Self> {
        let root = ImportRoot::Directory(".".into());
        let resolver = Resolver::new(root, &Arc::default(), SourceMap::default());
        let source = resolver.locate(None, path).ok()?.read().ok()?;
        let ast = parse_leniently(&source).ok()?;
        let variables = exports(&ast).map(ToOwned::to_owned).collect();
        Some(Self::new(alias, ast.shared_lib(), variables))
    }

    fn new(alias: &str, module: &Module, mut variables: Vec<String>) -> Self {
        let defined = module.iter_script_fn_info();
        let mut functions: Vec<Function> = defined
            .filter(|(_, access, name, _, definition)| {
                *access == FnAccess::Public
                    && definition.this_type.is_none()
                    && !name.starts_with(CLOSURE_PREFIX)
            })
            .map(|(.., definition)| Function::from_script(&ScriptFnMetadata::from(&**definition)))
            .collect();
        functions.sort_by_key(Function::signature);
        variables.sort();
        Self {
            alias: alias.to_owned(),
            functions,
            variables,
        }
    }

    /// Lists what the module provides on one line.
    pub fn members(&self) -> String {
        let functions = self.functions.iter().map(Function::signature);
        let members: Vec<String> = functions.chain(self.variables.iter().cloned()).collect();
        members.join(", ")
    }
}
