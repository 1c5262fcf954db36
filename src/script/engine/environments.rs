//! Lets a closure see the functions, constants and imports of the script that it is written in, not those of its caller.
//!
//! Rhai calls a closure in the environment of its caller: a closure that the main script passes to a function of a module
//! would see the functions and constants of the module. A function of a module, on the other hand, carries its own
//! environment with it. So here all functions and closures of a script become functions of a module, which is evaluated in
//! their environment, and Rhai finds closures there:
//!
//! - The functions of the main script are where Rhai looks first for the closure behind a pointer.
//! - Closures of an imported script are taken out of its functions. Rhai does not find them, and asks for them.
//!
//! Rhai also caches which function a call means, by name and not by environment: once the main script has called its `f`, a
//! module that calls its own `f` would get that one. So whoever enters an environment begins a new cache.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem;
use std::rc::Rc;

use rhai::{
    AST, CustomExpr, Dynamic, Engine, EvalContext, Expr, Expression, FnAccess, FnPtr,
    ImmutableString, Locked, Module, NativeCallContext, Position, Scope, ScriptFuncDef, Shared,
    Stmt, StmtBlock, Token,
};

use super::function_bodies::function_bodies;
use crate::script::error::throw::RhaiResultOf;

/// Prefix of the names that Rhai gives to closures.
pub(in crate::script) const CLOSURE_PREFIX: &str = "anon$";

/// The key of a statement that binds the functions of a script to its environment.
const BIND: &str = "bind functions";
/// The key of a statement that enters the environment that functions are bound to.
const ENTER: &str = "enter environment";
/// The key of the body of a function that begins a new cache.
const BODY: &str = "function body";

/// The closures of imported scripts. Clones share them.
#[derive(Clone, Default)]
pub(in crate::script) struct Closures(Rc<RefCell<HashMap<ImmutableString, Closure>>>);

#[derive(Clone)]
struct Closure {
    definition: Shared<ScriptFuncDef>,
    /// The functions of its script, with their environment.
    functions: Shared<Module>,
}

/// What a function does in a new cache.
#[derive(Clone)]
struct Body {
    statements: Expr,
    /// The functions that it calls without leaving its environment.
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
    let _ = engine.register_custom_syntax_handler(BODY, false, |context, _, state| {
        let Some(body) = state.read_lock::<Body>() else {
            return Ok(Dynamic::UNIT);
        };
        let mut frame = context.new_frame().with_new_caching_layer();
        // Rhai removes it at the end of the call.
        frame
            .global_runtime_state_mut()
            .lib
            .push(body.functions.clone());
        frame.eval_expression_tree(&Expression::from(&body.statements))
    });
}

/// Prepares a main script that imports others, so that its closures keep their environment.
pub(in crate::script) fn of_main_script(ast: &AST) -> AST {
    let script = ScriptFunctions {
        functions: entering_functions(ast, |_| Some(FnAccess::Public)),
        closures: None,
    };
    with_bindings(ast, ast.shared_lib().clone(), script)
}

/// Prepares an imported script, so that its closures keep their environment.
pub(super) fn of_imported_script(ast: &AST, closures: &Closures) -> AST {
    let script = ScriptFunctions {
        functions: entering_functions(ast, |_| Some(FnAccess::Public)),
        closures: Some(closures.clone()),
    };
    let named = entering_functions(ast, |function| {
        let is_closure = function.name.starts_with(CLOSURE_PREFIX);
        (!is_closure).then_some(function.access)
    });
    with_bindings(ast, named, script)
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

/// Copies the functions of a script for which `access` returns one, so that each begins a new cache. Those of an environment
/// are public, because only public ones keep it.
fn entering_functions(
    ast: &AST,
    access: impl Fn(&ScriptFuncDef) -> Option<FnAccess>,
) -> Shared<Module> {
    let mut inside = ast.clone_functions_only();
    inside.retain_functions(|_, _, name, _| !name.starts_with(CLOSURE_PREFIX));
    let bodies = function_bodies(ast);
    let template = BodyTemplate::new();
    // Methods of different types can have one name, and then it is not known which statements are whose.
    let typed: HashSet<&str> = ast
        .shared_lib()
        .iter_script_fn_info()
        .filter(|(.., function)| function.this_type.is_some())
        .map(|(_, _, name, ..)| name)
        .collect();
    let mut functions = Module::new();
    for (_, _, name, count, definition) in ast.shared_lib().iter_script_fn_info() {
        let Some(access) = access(definition) else {
            continue;
        };
        let definition = ScriptFuncDef {
            access,
            ..(**definition).clone()
        };
        let statements = bodies.get(&(name.to_owned(), count));
        functions.set_script_fn(match statements.filter(|_| !typed.contains(name)) {
            Some(statements) => template.function(definition, statements, inside.shared_lib()),
            None => definition,
        });
    }
    if let Some(source) = ast.source() {
        functions.set_id(source);
    }
    functions.into()
}

/// Makes functions with a [`Body`]. Rhai has no way to make one but to parse it.
struct BodyTemplate {
    engine: Engine,
    body: Rc<RefCell<Dynamic>>,
}

impl BodyTemplate {
    fn new() -> Self {
        let body = Rc::new(RefCell::new(Dynamic::UNIT));
        let parsed = body.clone();
        let mut engine = Engine::new_raw();
        #[expect(deprecated, reason = "Rhai marks what may change as deprecated")]
        engine.on_parse_token(|token, _, _| match token {
            Token::Identifier(name) if *name == "body" => Token::Custom(Box::new(BODY.into())),
            other => other,
        });
        engine.register_custom_syntax_with_state_raw(
            BODY,
            move |_, _, state| {
                *state = parsed.take();
                Ok(None)
            },
            false,
            |_, _, _| Ok(Dynamic::UNIT),
        );
        Self { engine, body }
    }

    /// Returns the function with a body that begins a new cache, and calls the functions `inside` its environment.
    fn function(
        &self,
        mut definition: ScriptFuncDef,
        statements: &[Stmt],
        inside: &Shared<Module>,
    ) -> ScriptFuncDef {
        let (start, end) = (
            definition.body.start_position(),
            definition.body.end_position(),
        );
        let block = StmtBlock::new(statements.iter().cloned(), start, end);
        *self.body.borrow_mut() = Dynamic::from(Body {
            statements: Expr::Stmt(block.into()),
            functions: inside.clone(),
        });
        let parsed = self.engine.compile("fn f() { body }").unwrap_or_default();
        if let Some((.., function)) = parsed.shared_lib().iter_script_fn_info().next() {
            definition.body = function.body.clone();
        }
        definition
    }
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
