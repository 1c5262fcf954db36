//! The statements of functions.

use std::collections::HashMap;

use rhai::{AST, ASTNode, Stmt};

/// The statements of functions and closures, by name and number of parameters.
pub(in crate::script) type FunctionBodies = HashMap<(String, usize), Vec<Stmt>>;

/// Copies the statements of all functions and closures of a script.
///
/// Rhai shows them in a walk only, which does not say to which function they belong. So the functions are split in two until
/// each is alone, which takes far less time for many functions than to pick each one of all.
pub(in crate::script) fn function_bodies(ast: &AST) -> FunctionBodies {
    let mut bodies = HashMap::new();
    collect(ast.clone_functions_only(), &mut bodies);
    bodies
}

fn collect(ast: AST, bodies: &mut FunctionBodies) {
    let functions = ast.shared_lib().iter_script_fn_info();
    let mut keys: Vec<(String, usize)> = functions
        .map(|(_, _, name, count, _)| (name.to_owned(), count))
        .collect();
    keys.sort();
    keys.dedup();
    if keys.len() > 1 {
        let (middle, middle_count) = &keys[keys.len() / 2];
        let is_before = |name: &str, count: usize| (name, count) < (middle.as_str(), *middle_count);
        let (mut before, mut after) = (ast.clone(), ast);
        before.retain_functions(|_, _, name, count| is_before(name, count));
        after.retain_functions(|_, _, name, count| !is_before(name, count));
        collect(before, bodies);
        collect(after, bodies);
    } else if let Some(key) = keys.pop() {
        let mut statements = Vec::new();
        ast.walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                statements.push((*statement).clone());
            }
            true
        });
        bodies.insert(key, statements);
    }
}
