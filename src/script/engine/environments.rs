//! Lets a closure see the functions, constants and imports of the script that it is written in, not those of its caller.
//!
//! Rhai calls a closure in the environment of its caller: a closure that the main script passes to a function of a module
//! would see the functions and constants of the module. A function of a module, on the other hand, carries its own
//! environment with it. So here all functions and closures of a script become functions of a module, which is evaluated in
//! their environment, and Rhai finds closures there:
//!
//! - The functions of the main script are where Rhai looks first for the closure behind a pointer.
//! - Closures of an imported script are taken out of its functions. Rhai does not find them, and asks for them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::rc::Rc;

use rhai::{
    AST, CustomExpr, Dynamic, Engine, EvalContext, Expr, FnAccess, FnPtr, ImmutableString, Locked,
    Module, NativeCallContext, Position, Scope, ScriptFuncDef, Shared, Stmt,
};

use crate::script::error::throw::RhaiResultOf;

/// Prefix of the names that Rhai gives to closures.
pub(in crate::script) const CLOSURE_PREFIX: &str = "anon$";

/// The key of a statement that binds the functions of a script to its environment.
const BIND: &str = "bind functions";
/// The key of a statement that enters the environment that functions are bound to.
const ENTER: &str = "enter environment";

/// The closures of imported scripts. Clones share them.
#[derive(Clone, Default)]
pub(in crate::script) struct Closures(Rc<RefCell<HashMap<ImmutableString, Closure>>>);

#[derive(Clone)]
struct Closure {
    definition: Shared<ScriptFuncDef>,
    /// The functions of its script, with their environment.
    functions: Shared<Module>,
}

/// What the functions of a script see outside themselves.
#[derive(Clone)]
struct Environment {
    imports: Vec<(ImmutableString, Shared<Module>)>,
    constants: Shared<Locked<BTreeMap<ImmutableString, Dynamic>>>,
}

/// The functions of a script that is evaluated.
#[derive(Clone)]
struct ScriptFunctions {
    functions: Shared<Module>,
    /// Takes the closures of an imported script; `None` for the main script.
    closures: Option<Closures>,
}

/// Makes `engine` bind functions, and find `closures`.
#[expect(deprecated, reason = "Rhai marks what may change as deprecated")]
pub(super) fn register(engine: &mut Engine, closures: &Closures) {
    let closures = closures.clone();
    engine.on_missing_function(move |name, arguments, is_method, context| {
        if !name.starts_with(CLOSURE_PREFIX) {
            return Ok(None);
        }
        closures.call(name, arguments, is_method, &context)
    });
    // These cannot fail: only a parser could refuse the keys, and no script can contain them.
    let _ =
        engine.register_custom_syntax_handler(BIND, false, |context, _, state| match state
            .read_lock::<ScriptFunctions>(
        ) {
            Some(script) => bind_functions(context, &script).map(|()| Dynamic::UNIT),
            None => Ok(Dynamic::UNIT),
        });
    let _ = engine.register_custom_syntax_handler(ENTER, false, |context, _, state| {
        if let Some(environment) = state.read_lock::<Environment>() {
            let global = context.global_runtime_state_mut();
            for (name, module) in &environment.imports {
                global.push_import(name.clone(), module.clone());
            }
            global.constants = Some(environment.constants.clone());
        }
        Ok(Dynamic::UNIT)
    });
}

/// Prepares a main script that imports others, so that its closures keep their environment.
pub(in crate::script) fn of_main_script(ast: &AST) -> AST {
    let script = ScriptFunctions {
        functions: public_functions(ast),
        closures: None,
    };
    with_bindings(ast, ast.shared_lib().clone(), script)
}

/// Prepares an imported script, so that its closures keep their environment.
pub(super) fn of_imported_script(ast: &AST, closures: &Closures) -> AST {
    let script = ScriptFunctions {
        functions: public_functions(ast),
        closures: Some(closures.clone()),
    };
    let mut named = ast.clone_functions_only();
    named.retain_functions(|_, _, name, _| !name.starts_with(CLOSURE_PREFIX));
    with_bindings(ast, named.shared_lib().clone(), script)
}

/// Binds the functions at the start of the script, and again after each import.
fn with_bindings(ast: &AST, functions: Shared<Module>, script: ScriptFunctions) -> AST {
    let bind = statement(BIND, Dynamic::from(script));
    let mut statements = vec![bind.clone()];
    for each in ast.statements() {
        statements.push(each.clone());
        if matches!(each, Stmt::Import(..)) {
            statements.push(bind.clone());
        }
    }
    let mut prepared = AST::new(statements, functions);
    if let Some(source) = ast.source() {
        prepared.set_source(source);
    }
    prepared
}

/// Copies the functions of a script. Private ones become public, because only those keep an environment.
fn public_functions(ast: &AST) -> Shared<Module> {
    let mut functions = Module::new();
    for (_, access, _, _, definition) in ast.shared_lib().iter_script_fn_info() {
        let definition = if access.is_public() {
            definition.clone()
        } else {
            Shared::new(ScriptFuncDef {
                access: FnAccess::Public,
                ..(**definition).clone()
            })
        };
        functions.set_script_fn(definition);
    }
    if let Some(source) = ast.source() {
        functions.set_id(source);
    }
    functions.into()
}

fn statement(key: &str, state: Dynamic) -> Stmt {
    let custom = CustomExpr {
        inputs: std::iter::empty().collect(),
        tokens: std::iter::once(key.into()).collect(),
        state,
        scope_may_be_changed: false,
        self_terminated: true,
    };
    Stmt::Expr(Box::new(Expr::Custom(Box::new(custom), Position::NONE)))
}

fn bind_functions(context: &mut EvalContext, script: &ScriptFunctions) -> RhaiResultOf<()> {
    let global = context.global_runtime_state_mut();
    let environment = Environment {
        constants: global.constants.get_or_insert_with(Shared::default).clone(),
        imports: global
            .scan_imports_raw()
            .map(|(name, module)| (name.clone(), module.clone()))
            .collect(),
    };
    let bound = bind(context.engine(), &script.functions, environment)?;
    match &script.closures {
        Some(closures) => closures.add(&bound),
        None => {
            if let Some(functions) = context.global_runtime_state_mut().lib.first_mut() {
                *functions = bound;
            }
        }
    }
    Ok(())
}

/// Makes a module of functions that carry `environment` with them.
fn bind(
    engine: &Engine,
    functions: &Shared<Module>,
    environment: Environment,
) -> RhaiResultOf<Shared<Module>> {
    let enter = statement(ENTER, Dynamic::from(environment));
    let mut ast = AST::new([enter], functions.clone());
    if let Some(source) = functions.id() {
        ast.set_source(source);
    }
    let global = &mut engine.new_global_runtime_state();
    Module::eval_ast_as_new_raw(engine, &mut Scope::new(), global, &ast).map(Into::into)
}

impl Closures {
    fn add(&self, functions: &Shared<Module>) {
        let mut closures = self.0.borrow_mut();
        for (_, _, name, _, definition) in functions.iter_script_fn_info() {
            if name.starts_with(CLOSURE_PREFIX) {
                let closure = Closure {
                    definition: definition.clone(),
                    functions: functions.clone(),
                };
                closures.insert(definition.name.clone(), closure);
            }
        }
    }

    /// Calls the closure `name`, if there is one that takes this number of arguments.
    fn call(
        &self,
        name: &str,
        arguments: &mut [&mut Dynamic],
        is_method: bool,
        context: &EvalContext,
    ) -> RhaiResultOf<Option<Dynamic>> {
        let Some(closure) = self.0.borrow().get(name).cloned() else {
            return Ok(None);
        };
        let (this, arguments) = match arguments.split_first_mut() {
            Some((this, rest)) if is_method => (Some(&mut **this), rest),
            _ => (None, arguments),
        };
        if closure.definition.params.len() != arguments.len() {
            return Ok(None);
        }
        let mut global = context.global_runtime_state().clone();
        global.lib.insert(0, closure.functions);
        let context = NativeCallContext::new_with_all_fields(
            context.engine(),
            name,
            None,
            &global,
            Position::NONE,
        );
        let arguments: Vec<Dynamic> = arguments.iter_mut().map(|each| mem::take(*each)).collect();
        let pointer = FnPtr::from(closure.definition);
        pointer.call_raw(&context, this, arguments).map(Some)
    }
}
