//! The engine: Rhai, bounded, with the functions of `api/`.

use rhai::{Dynamic, Engine, OptimizationLevel};

use super::import_resolver::{Resolver, SourceMap};
use crate::script::api;
use crate::script::host::run_host::Host;
use crate::script::limits::{bounded_builtins, text_size};
use crate::script::rows::row_list;
use crate::script::source::ImportRoot;

/// Stack that a thread needs for a script at the limits below, in an unoptimised build.
pub const STACK: usize = 256 * 1024 * 1024;
/// Calls within calls.
const CALL_DEPTH: usize = 100;
/// Nesting of expressions, outside and inside functions.
const EXPRESSION_DEPTH: usize = 100;

/// Builds an engine that knows the functions but has nothing to run them with: for compiling and for reference.
pub(in crate::script) fn bare() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_max_call_levels(CALL_DEPTH)
        .set_max_expr_depths(EXPRESSION_DEPTH, EXPRESSION_DEPTH)
        // `arg` calls must still be there when the parsed script is searched for them.
        .set_optimization_level(OptimizationLevel::None)
        // An unknown variable is found before anything is sent.
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .disable_symbol("eval");
    bounded_builtins::register(&mut engine);
    text_size::register(&mut engine);
    row_list::register(&mut engine);
    api::register(&mut engine);
    engine
}

/// Lets `engine` run scripts for `host`; they import from `home`.
pub(in crate::script) fn attach(
    engine: &mut Engine,
    host: &Host,
    home: ImportRoot,
    source_map: SourceMap,
) {
    let console = host.clone();
    engine.on_print(move |text| console.console().print(text));
    let console = host.clone();
    engine.on_debug(move |text, _source, position| {
        console.console().note(&format!("debug {position}: {text}"));
    });
    let checkpoint = host.checkpoint();
    engine.on_progress(move |_operations| checkpoint.ending_due().map(Dynamic::from));
    import_from(engine, home, source_map);
    engine.set_default_tag(Dynamic::from(host.clone()));
}

/// Lets the scripts of `engine` import from `home`.
pub(in crate::script) fn import_from(engine: &mut Engine, home: ImportRoot, source_map: SourceMap) {
    engine.set_module_resolver(Resolver::new(home, source_map));
}
