//! `import` finds scripts in the directory of the importing script or of the main script, and below.
//!
//! Rhai's own resolver accepts `../` and absolute paths. A script of somebody else must not read the rest of the disk.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rhai::module_resolvers::ModuleResolver;
use rhai::{AST, Engine, EvalAltResult, Module, ParseError, Position, Scope, Shared};

use super::environments::{self, Closures};

use crate::error_code::ErrorCode;
use crate::file_access::{AccessDenied, FileAccess, OwnFiles, ResolvedPath};
use crate::script::error::throw::{RhaiResultOf, Throw};
use crate::script::limits::name_lookups;
use crate::script::source::{ImportRoot, Source};

/// The most bytes of scripts that one script may import, with the imports of its imports.
const MAX_IMPORTED_BYTES: usize = 16 * 1024 * 1024;

/// The sources of all scripts of a run, by name. Diagnostics show lines of them.
pub(in crate::script) type SourceMap = Rc<RefCell<HashMap<Arc<str>, Source>>>;

/// Finds the comparisons of a script whose types are not known before a run.
pub(in crate::script) type FindComparisons = fn(&Engine, &Source, &AST) -> HashSet<Position>;

/// Finds imported scripts below the import root, and loads each once.
pub(in crate::script) struct Resolver {
    source_map: SourceMap,
    import_root: ImportRoot,
    /// Files that are not imported, because they belong to the program.
    own_files: Arc<OwnFiles>,
    /// The import root, once it was opened.
    file_access: OnceCell<FileAccess>,
    loaded: RefCell<HashMap<String, Loaded>>,
    loading: RefCell<Vec<Loading>>,
    closures: Closures,
    find_comparisons: FindComparisons,
}

/// A script that an import was resolved to, and that may not be read yet.
pub(in crate::script) enum Located {
    Shipped(Source),
    File(ResolvedPath),
}

struct Loaded {
    module: Shared<Module>,
    size: usize,
}

struct Loading {
    name: String,
    /// The bytes of the script and of its imports so far.
    size: usize,
}

impl Located {
    pub(in crate::script) fn name(&self) -> String {
        match self {
            Self::Shipped(source) => source.name.to_string(),
            Self::File(file) => file.name().display().to_string(),
        }
    }

    /// Reads the script.
    pub(in crate::script) fn read(self) -> Result<Source, Throw> {
        match self {
            Self::Shipped(source) => Ok(source),
            Self::File(file) => Source::read_at(&file)
                .map_err(|error| Throw::new(ErrorCode::Import, error.to_string())),
        }
    }
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
            file_access: OnceCell::new(),
            loaded: RefCell::default(),
            loading: RefCell::default(),
            closures: Closures::default(),
            find_comparisons: |_, _, _| HashSet::new(),
        }
    }

    /// Sets where the closures of scripts go, and which of their comparisons are checked.
    pub(super) fn loading(self, closures: Closures, find_comparisons: FindComparisons) -> Self {
        Self {
            closures,
            find_comparisons,
            ..self
        }
    }

    /// Finds the script that `path` means when `importer` imports it.
    ///
    /// # Errors
    /// The script does not exist, or is not below the import root.
    pub(in crate::script) fn locate(
        &self,
        importer: Option<&str>,
        path: &str,
    ) -> Result<Located, Throw> {
        let relative = file_of(path).ok_or_else(|| outside(path))?;
        match &self.import_root {
            ImportRoot::Shipped => {
                let directory = importer
                    .and_then(|name| name.strip_prefix("<shipped>/"))
                    .and_then(|name| Path::new(name).parent())
                    .unwrap_or(Path::new(""));
                Source::embedded(&directory.join(&relative))
                    .or_else(|| Source::embedded(&relative))
                    .map(Located::Shipped)
                    .ok_or_else(|| missing(path, &relative))
            }
            ImportRoot::Directory(root) => {
                let directory = importer
                    .and_then(|name| Path::new(name).parent())
                    .map_or_else(|| root.clone(), PathBuf::from);
                let in_directory = |directory: &Path| {
                    // Messages show `dates.rhai` and not `./dates.rhai`.
                    directory
                        .strip_prefix(".")
                        .unwrap_or(directory)
                        .join(&relative)
                };
                let mut file = in_directory(&directory);
                if !file.is_file() && in_directory(root).is_file() {
                    file = in_directory(root);
                }
                let file_access = self.file_access(root).ok_or_else(|| missing(path, &file))?;
                let found = file_access.to_read(&file).map_err(|denied| match denied {
                    AccessDenied::OwnFile { .. } => denied.into(),
                    _ => outside(path),
                })?;
                if !found.is_file() {
                    return Err(missing(path, &file));
                }
                Ok(Located::File(found))
            }
        }
    }

    fn file_access(&self, root: &Path) -> Option<&FileAccess> {
        if self.file_access.get().is_none() {
            let opened = FileAccess::within(root).ok()?.without(&self.own_files);
            let _ = self.file_access.set(opened);
        }
        self.file_access.get()
    }

    /// Adds an imported script to the size of the script that is being loaded. Rhai lists the functions of all imports again
    /// for each script that has them, so a few scripts that import each other twice would use up all memory.
    fn add_size(&self, size: usize) -> Result<(), Throw> {
        let mut loading = self.loading.borrow_mut();
        let Some(importer) = loading.last_mut() else {
            return Ok(());
        };
        importer.size = importer.size.saturating_add(size);
        if importer.size <= MAX_IMPORTED_BYTES {
            return Ok(());
        }
        let limit = MAX_IMPORTED_BYTES / 1024 / 1024;
        let message = format!(
            "`{}` imports more than {limit} MiB of scripts",
            importer.name
        );
        Err(Throw::new(ErrorCode::Import, message).hint(
            "a script counts once for each script that imports it, and so do its own imports",
        ))
    }

    fn is_loading(&self, name: &str) -> bool {
        self.loading
            .borrow()
            .iter()
            .any(|script| script.name == name)
    }

    fn load(&self, engine: &Engine, source: &Source) -> RhaiResultOf<Shared<Module>> {
        self.source_map
            .borrow_mut()
            .insert(Arc::clone(&source.name), source.clone());
        let compiled = name_lookups::compile(engine, &source.text)
            .and_then(|ast| with_checked_comparisons(engine, source, ast, self.find_comparisons));
        let mut ast = compiled.map_err(|error| EvalAltResult::ErrorParsing(*error.0, error.1))?;
        ast.set_source(&*source.name);
        let ast = environments::of_imported_script(&ast, &self.closures);
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
        let raise = |thrown: Throw| thrown.at(position);
        let located = self.locate(importer, path).map_err(raise)?;
        let name = located.name();
        if let Some(Loaded { module, size }) = self.loaded.borrow().get(&name) {
            self.add_size(*size).map_err(raise)?;
            return Ok(module.clone());
        }
        if self.is_loading(&name) {
            return Err(imports_itself(path).at(position));
        }
        let source = located.read().map_err(raise)?;
        let size = source.text.len();
        self.loading.borrow_mut().push(Loading {
            name: name.clone(),
            size,
        });
        let loaded = self.load(engine, &source);
        let size = self
            .loading
            .borrow_mut()
            .pop()
            .map_or(size, |done| done.size);
        let module = loaded.map_err(|error| {
            Box::new(EvalAltResult::ErrorInModule(name.clone(), error, position))
        })?;
        self.add_size(size).map_err(raise)?;
        let loaded = Loaded {
            module: module.clone(),
            size,
        };
        self.loaded.borrow_mut().insert(name, loaded);
        Ok(module)
    }
}

/// Parses a script again with checked comparisons, if it has comparisons of types that are not known.
///
/// # Errors
/// None that the first parse did not have.
pub(in crate::script) fn with_checked_comparisons(
    engine: &Engine,
    source: &Source,
    ast: AST,
    find_comparisons: FindComparisons,
) -> Result<AST, ParseError> {
    let positions = find_comparisons(engine, source, &ast);
    if positions.is_empty() {
        return Ok(ast);
    }
    name_lookups::parse_checked(positions, || engine.compile(&*source.text))
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
