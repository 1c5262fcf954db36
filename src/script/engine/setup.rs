//! Creates engines with the limits of scripts and the functions of `api/`.

use rhai::{Dynamic, Engine, OptimizationLevel};

use super::environments::{self, Closures};
use super::import_resolver::{FindComparisons, Resolver, SourceMap};
use super::{builtins, checked_comparisons};
use crate::script::api;
use crate::script::host::run_host::Host;
use crate::script::limits::{bounded_builtins, name_lookups, text_size};
use crate::script::rows::row_list;
use crate::script::source::ImportRoot;

/// Stack size, in bytes, of a thread that runs a script up to the limits below, in an unoptimized build.
pub const STACK: usize = 256 * 1024 * 1024;
/// Maximum depth of nested calls.
const MAX_CALL_DEPTH: usize = 100;
/// Maximum nesting of expressions, outside and inside functions.
const MAX_EXPRESSION_DEPTH: usize = 100;

/// Creates an engine without a host. It can compile scripts and list functions, but not run them.
pub(in crate::script) fn bare() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_max_call_levels(MAX_CALL_DEPTH)
        .set_max_expr_depths(MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_DEPTH)
        // An optimized script may have lost the `arg` calls that we search for.
        .set_optimization_level(OptimizationLevel::None)
        // Finds an unknown variable before anything is sent.
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .disable_symbol("eval");
    name_lookups::register(&mut engine);
    bounded_builtins::register(&mut engine);
    text_size::register(&mut engine);
    builtins::register(&mut engine);
    checked_comparisons::register(&mut engine);
    row_list::register(&mut engine);
    api::register(&mut engine);
    engine
}

/// What imported scripts are loaded with.
#[derive(Clone)]
pub(in crate::script) struct Loader {
    pub(in crate::script) source_map: SourceMap,
    pub(in crate::script) closures: Closures,
    /// Finds the comparisons whose types are not known before a run.
    pub(in crate::script) find_comparisons: FindComparisons,
}

/// Connects `engine` to `host`. Scripts import from `import_root`.
pub(in crate::script) fn attach(
    engine: &mut Engine,
    host: &Host,
    import_root: ImportRoot,
    loader: &Loader,
) {
    let console = host.clone();
    engine.on_print(move |text| console.print(text));
    let console = host.clone();
    engine.on_debug(move |text, _source, position| {
        console.console.note(&format!("debug {position}: {text}"));
    });
    let checkpoint = host.checkpoint();
    engine.on_progress(move |_operations| checkpoint.pending_termination().map(Dynamic::from));
    environments::register(engine, &loader.closures);
    import_from(engine, host, import_root, loader);
    engine.set_default_tag(Dynamic::from(host.clone()));
}

/// Lets the scripts of `engine` import from `import_root`.
pub(in crate::script) fn import_from(
    engine: &mut Engine,
    host: &Host,
    import_root: ImportRoot,
    loader: &Loader,
) {
    let source_map = SourceMap::clone(&loader.source_map);
    let resolver = Resolver::new(import_root, host.own_files(), source_map)
        .loading(loader.closures.clone(), loader.find_comparisons);
    engine.set_module_resolver(resolver);
}
