//! `import` finds scripts in the directory of the importing script or of the main script, and below.
//!
//! Rhai's own resolver accepts `../` and absolute paths. A script of somebody else must not read the rest of the disk.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rhai::module_resolvers::ModuleResolver;
use rhai::{Engine, EvalAltResult, Module, Position, Scope, Shared};

use crate::error_code::ErrorCode;
use crate::file_access::{AccessDenied, FileAccess, OwnFiles};
use crate::script::error::throw::{RhaiResultOf, Throw};
use crate::script::source::{ImportRoot, Source};

/// The sources of all scripts of a run, by name. Diagnostics show lines of them.
pub(in crate::script) type SourceMap = Rc<RefCell<HashMap<Arc<str>, Source>>>;

/// Finds imported scripts below the import root, and loads each once.
pub(in crate::script) struct Resolver {
    source_map: SourceMap,
    import_root: ImportRoot,
    /// Files that are not imported, because they belong to the program.
    own_files: Arc<OwnFiles>,
    loaded: RefCell<HashMap<String, Shared<Module>>>,
    loading: RefCell<Vec<String>>,
}

impl Resolver {
    pub(in crate::script) fn new(
        import_root: ImportRoot,
        own_files: &Arc<OwnFiles>,
        source_map: SourceMap,
    ) -> Self {
        Self {
            source_map,
            import_root,
            own_files: Arc::clone(own_files),
            loaded: RefCell::default(),
            loading: RefCell::default(),
        }
    }

    /// Finds the script that `path` means when `importer` imports it.
    ///
    /// # Errors
    /// The script does not exist, is not below the import root, or cannot be read.
    pub(in crate::script) fn find(
        &self,
        importer: Option<&str>,
        path: &str,
    ) -> Result<Source, Throw> {
        let relative = file_of(path).ok_or_else(|| outside(path))?;
        match &self.import_root {
            ImportRoot::Shipped => {
                let directory = importer
                    .and_then(|name| name.strip_prefix("<shipped>/"))
                    .and_then(|name| Path::new(name).parent())
                    .unwrap_or(Path::new(""));
                Source::embedded(&directory.join(&relative))
                    .or_else(|| Source::embedded(&relative))
                    .ok_or_else(|| missing(path, &relative))
            }
            ImportRoot::Directory(root) => {
                let directory = importer
                    .and_then(|name| Path::new(name).parent())
                    .map_or_else(|| root.clone(), PathBuf::from);
                let mut file = directory.join(&relative);
                if !file.is_file() && root.join(&relative).is_file() {
                    file = root.join(&relative);
                }
                let file_access = FileAccess::within(root).map_err(|_| missing(path, &file))?;
                let file_access = file_access.without(&self.own_files);
                let found = file_access.to_read(&file).map_err(|denied| match denied {
                    AccessDenied::OwnFile { .. } => denied.into(),
                    _ => outside(path),
                })?;
                if !found.is_file() {
                    return Err(missing(path, &file));
                }
                Source::read_at(&found)
                    .map_err(|error| Throw::new(ErrorCode::Import, error.to_string()))
            }
        }
    }

    fn load(&self, engine: &Engine, source: &Source) -> RhaiResultOf<Shared<Module>> {
        self.source_map
            .borrow_mut()
            .insert(Arc::clone(&source.name), source.clone());
        let mut ast = engine
            .compile(&*source.text)
            .map_err(|error| EvalAltResult::ErrorParsing(*error.0, error.1))?;
        ast.set_source(&*source.name);
        let module = Module::eval_ast_as_new(Scope::new(), &ast, engine)?;
        Ok(module.into())
    }
}

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        engine: &Engine,
        importer: Option<&str>,
        path: &str,
        position: Position,
    ) -> RhaiResultOf<Shared<Module>> {
        let source = self
            .find(importer, path)
            .map_err(|thrown| thrown.at(position))?;
        let name = source.name.to_string();
        if let Some(module) = self.loaded.borrow().get(&name) {
            return Ok(module.clone());
        }
        if self.loading.borrow().contains(&name) {
            return Err(imports_itself(path).at(position));
        }
        self.loading.borrow_mut().push(name.clone());
        let loaded = self.load(engine, &source);
        self.loading.borrow_mut().pop();
        let module = loaded.map_err(|error| {
            Box::new(EvalAltResult::ErrorInModule(name.clone(), error, position))
        })?;
        self.loaded.borrow_mut().insert(name, module.clone());
        Ok(module)
    }
}

/// Returns the file that `import "path"` means, relative to the directory of the importing script. Returns `None` for a path
/// that leaves that directory.
pub(in crate::script) fn file_of(path: &str) -> Option<PathBuf> {
    let parts = Path::new(path).components().map(|part| match part {
        Component::Normal(_) => Some(Some(part)),
        Component::CurDir => Some(None),
        _ => None,
    });
    let parts: Option<Vec<Option<Component>>> = parts.collect();
    let mut file: PathBuf = parts?.into_iter().flatten().collect();
    if file.extension().is_none_or(|end| end != "rhai") {
        file.as_mut_os_string().push(".rhai");
    }
    Some(file)
}

/// The error for scripts that import each other.
pub(in crate::script) fn imports_itself(path: &str) -> Throw {
    Throw::new(ErrorCode::Import, format!("`{path}` imports itself"))
        .hint("move the shared functions to a third script")
}

fn outside(path: &str) -> Throw {
    Throw::new(
        ErrorCode::Import,
        format!("`{path}` is outside the directory of the script"),
    )
    .hint("a script can import from its own directory and those below it")
}

fn missing(path: &str, file: &Path) -> Throw {
    Throw::new(
        ErrorCode::Import,
        format!("cannot import `{path}`: there is no `{}`", file.display()),
    )
}
