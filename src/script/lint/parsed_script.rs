//! A parsed script, with direct access to its functions, closures and imports.

use std::collections::HashMap;

use rhai::{
    AST, ASTFlags, ASTNode, Dynamic, Expr, FnAccess, FnPtr, ImmutableString, Position, Stmt,
};

use super::facts::ErrorHandling;
use crate::script::engine::environments::CLOSURE_PREFIX;
use crate::script::engine::function_bodies::function_bodies;
use crate::script::source::Source;

pub(super) struct ParsedScript {
    pub(super) source: Source,
    pub(super) ast: AST,
    pub(super) functions: Vec<Function>,
    pub(super) imports: Vec<Import>,
    /// Whether it assigns to a computed key, as in `map["go" + n] = …`. A closure there can be called as a method of any name.
    pub(super) sets_computed_keys: bool,
    closures: HashMap<ImmutableString, Function>,
    /// The indexes of the functions of each name.
    by_name: HashMap<ImmutableString, Vec<usize>>,
}

pub(super) struct Function {
    pub(super) name: ImmutableString,
    /// For a closure, the captured variables come first.
    pub(super) parameters: Vec<ImmutableString>,
    pub(super) is_private: bool,
    /// It is a method of one type, and can be called in no other way.
    pub(super) is_typed: bool,
    pub(super) body: Vec<Stmt>,
}

/// An `import` statement.
pub(super) struct Import {
    /// The imported path, if it is a literal.
    pub(super) path: Option<ImmutableString>,
    pub(super) alias: ImmutableString,
    pub(super) position: Position,
    /// It is not inside a block or function, so it always runs.
    pub(super) is_top_level: bool,
    pub(super) error_handling: ErrorHandling,
    /// The number of the imported script, if it could be read.
    pub(super) target: Option<usize>,
}

impl ParsedScript {
    pub(super) fn new(source: Source, ast: AST) -> Self {
        let imports = imports(&ast);
        let mut functions = Vec::new();
        let mut closures = HashMap::new();
        for function in all_functions(&ast) {
            if function.name.starts_with(CLOSURE_PREFIX) {
                closures.insert(function.name.clone(), function);
            } else {
                functions.push(function);
            }
        }
        let mut by_name: HashMap<ImmutableString, Vec<usize>> = HashMap::new();
        for (index, function) in functions.iter().enumerate() {
            by_name
                .entry(function.name.clone())
                .or_default()
                .push(index);
        }
        Self {
            sets_computed_keys: sets_computed_keys(&ast),
            source,
            ast,
            functions,
            imports,
            closures,
            by_name,
        }
    }

    /// Returns the closure that an expression creates, and the variables it captures.
    pub(super) fn closure<'a>(
        &'a self,
        expression: &'a Expr,
    ) -> Option<(&'a Function, &'a [Expr])> {
        match expression {
            Expr::DynamicConstant(value, _) => Some((self.closure_of_pointer(value)?, &[])),
            // Rhai shares captured variables first, and then binds them with `curry`.
            Expr::Stmt(block) => {
                let [Stmt::Share(_), Stmt::Expr(curry)] = block.statements() else {
                    return None;
                };
                let Expr::FnCall(call, _) = &**curry else {
                    return None;
                };
                let (Expr::DynamicConstant(value, _), captured) = call.args.split_first()? else {
                    return None;
                };
                Some((self.closure_of_pointer(value)?, captured))
            }
            _ => None,
        }
    }

    fn closure_of_pointer(&self, value: &Dynamic) -> Option<&Function> {
        let pointer = value.read_lock::<FnPtr>()?;
        self.closures.get(pointer.fn_name())
    }

    /// Lists the functions called `name`.
    pub(super) fn functions_named(&self, name: &str) -> impl Iterator<Item = &Function> {
        let indexes = self.by_name.get(name).into_iter().flatten();
        indexes.filter_map(|index| self.functions.get(*index))
    }

    /// Whether the script defines a function `name` with this number of parameters.
    pub(super) fn defines(&self, name: &str, arguments: usize) -> bool {
        self.functions_named(name)
            .any(|function| function.parameters.len() == arguments)
    }
}

fn all_functions(ast: &AST) -> Vec<Function> {
    let bodies = function_bodies(ast);
    ast.shared_lib()
        .iter_script_fn_info()
        .map(|(_, access, name, count, definition)| Function {
            name: definition.name.clone(),
            parameters: definition.params.iter().cloned().collect(),
            is_private: access == FnAccess::Private,
            is_typed: definition.this_type.is_some(),
            body: bodies
                .get(&(name.to_owned(), count))
                .cloned()
                .unwrap_or_default(),
        })
        .collect()
}

fn sets_computed_keys(ast: &AST) -> bool {
    let mut found = false;
    ast.walk(&mut |path| {
        if let Some(ASTNode::Stmt(Stmt::Assignment(assignment))) = path.last() {
            found |= has_computed_key(&assignment.1.lhs);
        }
        !found
    });
    found
}

fn imports(ast: &AST) -> Vec<Import> {
    let is_try = |node: &ASTNode| matches!(node, ASTNode::Stmt(Stmt::TryCatch(..)));
    let mut imports = Vec::new();
    let mut roots = 0;
    ast.walk(&mut |path| {
        roots += usize::from(path.len() == 1);
        if let Some(ASTNode::Stmt(Stmt::Import(import, position))) = path.last() {
            let (path_of, alias) = &**import;
            imports.push(Import {
                path: match path_of {
                    Expr::StringConstant(text, _) => Some(text.clone()),
                    _ => None,
                },
                alias: alias.name.clone(),
                position: path_of.position().or_else(*position),
                // Rhai visits the top-level statements first, and then the bodies of functions.
                is_top_level: path.len() == 1 && roots <= ast.statements().len(),
                error_handling: if path.iter().any(is_try) {
                    ErrorHandling::Caught
                } else {
                    ErrorHandling::Uncaught
                },
                target: None,
            });
        }
        true
    });
    imports
}

/// Whether a statement always leaves its block.
pub(super) fn leaves_block(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Return(..) | Stmt::BreakLoop(..))
}

/// Returns the value of a `return`, but not of a `throw`.
pub(super) fn return_value(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Return(Some(value), flags, _) if !flags.contains(ASTFlags::BREAK) => Some(value),
        _ => None,
    }
}

fn has_computed_key(target: &Expr) -> bool {
    match target {
        Expr::Index(parts, ..) => {
            let is_literal = matches!(
                parts.rhs,
                Expr::StringConstant(..) | Expr::IntegerConstant(..)
            );
            !is_literal || has_computed_key(&parts.lhs)
        }
        Expr::Dot(parts, ..) => has_computed_key(&parts.lhs) || has_computed_key(&parts.rhs),
        _ => false,
    }
}
