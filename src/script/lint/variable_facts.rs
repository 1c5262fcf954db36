//! What a script does with its variables anywhere, before it is visited in order.

use std::collections::HashSet;

use rhai::{AST, ASTNode, Expr, FnCallExpr, ImmutableString, Stmt};

/// Functions that do not set a key of a map, and do not look one up.
const READING_FUNCTIONS: [&str; 4] = ["keys", "len", "print", "values"];

/// Variables by name; several with one name count as one.
#[derive(Default)]
pub(super) struct VariableFacts {
    assigned: HashSet<ImmutableString>,
    /// Variables that are declared with an empty map.
    empty: HashSet<ImmutableString>,
    /// Variables of which a key may be set, or is looked up first.
    guarded: HashSet<ImmutableString>,
}

impl VariableFacts {
    pub(super) fn of(ast: &AST) -> Self {
        let mut facts = Self::default();
        ast.walk(&mut |path| {
            match path.last() {
                Some(ASTNode::Stmt(statement)) => facts.add_statement(statement),
                Some(ASTNode::Expr(expression)) => facts.add_expression(expression),
                _ => {}
            }
            true
        });
        facts
    }

    fn add_statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Var(definition, ..) => {
                let (name, value, _) = &**definition;
                match value {
                    Expr::Map(map, _) if map.0.is_empty() => self.empty.insert(name.name.clone()),
                    _ => self.guarded.insert(name.name.clone()),
                };
            }
            Stmt::Assignment(assignment) => {
                let (operator, target) = &**assignment;
                if let Some(name) = variable(&target.lhs) {
                    self.assigned.insert(name.clone());
                }
                let is_read_first =
                    operator.is_op_assignment() && matches!(target.lhs, Expr::Index(..));
                if let Some(name) = root(&target.lhs).filter(|_| !is_read_first) {
                    self.guarded.insert(name.clone());
                }
                self.guarded.extend(variable(&target.rhs).cloned());
            }
            Stmt::FnCall(call, _) => self.add_arguments(call),
            // A closure may set a key.
            Stmt::Share(captured) => {
                let names = captured.iter().map(|(name, _)| name.name.clone());
                self.guarded.extend(names);
            }
            _ => {}
        }
    }

    fn add_expression(&mut self, expression: &Expr) {
        match expression {
            Expr::FnCall(call, _) => self.add_arguments(call),
            Expr::Dot(pair, ..) => {
                let method = match &pair.rhs {
                    Expr::MethodCall(call, _) => Some(call.name.as_str()),
                    _ => None,
                };
                if method.is_some_and(|method| !READING_FUNCTIONS.contains(&method)) {
                    self.guarded.extend(variable(&pair.lhs).cloned());
                }
            }
            _ => {}
        }
    }

    fn add_arguments(&mut self, call: &FnCallExpr) {
        if !READING_FUNCTIONS.contains(&call.name.as_str()) {
            self.guarded
                .extend(call.args.iter().filter_map(variable).cloned());
        }
    }

    /// Whether the variable gets a new value after its declaration.
    pub(super) fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// Whether the variable is an empty map in which no key is ever set.
    pub(super) fn stays_empty(&self, name: &str) -> bool {
        self.empty.contains(name) && !self.guarded.contains(name)
    }
}

fn variable(expression: &Expr) -> Option<&ImmutableString> {
    match expression {
        Expr::Variable(variable, ..) if variable.2.is_empty() => Some(&variable.1),
        _ => None,
    }
}

/// The variable at the start of a chain.
fn root(expression: &Expr) -> Option<&ImmutableString> {
    match expression {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => variable(&pair.lhs),
        _ => variable(expression),
    }
}
