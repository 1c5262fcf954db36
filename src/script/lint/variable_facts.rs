//! What a script does with its variables anywhere, before it is visited in order.

use std::collections::HashSet;

use rhai::{AST, ASTNode, Expr, FnCallExpr, ImmutableString, Stmt};

/// Functions that put items into a list, which may be of another type than those in it.
const ADDING_FUNCTIONS: [&str; 6] = ["append", "insert", "pad", "push", "set", "splice"];

/// Functions that do not set a key of a map, and do not look one up.
const READING_FUNCTIONS: [&str; 4] = ["keys", "len", "print", "values"];

/// Variables by name; several with one name count as one.
#[derive(Default)]
pub(super) struct VariableFacts {
    assigned: HashSet<ImmutableString>,
    /// Variables of which an item may be set, or get others.
    refilled: HashSet<ImmutableString>,
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
                match (variable(&target.lhs), root(&target.lhs)) {
                    (Some(name), _) => self.assigned.insert(name.clone()),
                    (None, Some(name)) => self.refilled.insert(name.clone()),
                    (None, None) => false,
                };
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
            Expr::Index(pair, ..) => self.add_refilled(expression, &pair.lhs),
            Expr::Dot(pair, ..) => {
                self.add_refilled(expression, &pair.lhs);
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

    /// Records `list.push(…)`, `list[0].push(…)`.
    fn add_refilled(&mut self, chain: &Expr, list: &Expr) {
        if matches!(chain_end(chain), Expr::MethodCall(call, _) if ADDING_FUNCTIONS.contains(&call.name.as_str()))
        {
            self.refilled.extend(variable(list).cloned());
        }
    }

    fn add_arguments(&mut self, call: &FnCallExpr) {
        if ADDING_FUNCTIONS.contains(&call.name.as_str()) {
            self.refilled
                .extend(call.args.first().and_then(variable).cloned());
        }
        if !READING_FUNCTIONS.contains(&call.name.as_str()) {
            self.guarded
                .extend(call.args.iter().filter_map(variable).cloned());
        }
    }

    /// Whether the variable gets a new value after its declaration.
    pub(super) fn is_assigned(&self, name: &str) -> bool {
        self.assigned.contains(name)
    }

    /// Whether the items of the list in the variable are those of its declaration.
    pub(super) fn keeps_items(&self, name: &str) -> bool {
        !self.refilled.contains(name)
    }

    /// Whether the variable is an empty map in which no key is ever set.
    pub(super) fn stays_empty(&self, name: &str) -> bool {
        self.empty.contains(name) && !self.guarded.contains(name)
    }
}

/// The last part of a chain: the call in `a.b[0].c()`.
pub(super) fn chain_end(chain: &Expr) -> &Expr {
    match chain {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => chain_end(&pair.rhs),
        end => end,
    }
}

fn variable(expression: &Expr) -> Option<&ImmutableString> {
    match expression {
        Expr::Variable(variable, ..) if variable.2.is_empty() => Some(&variable.1),
        _ => None,
    }
}

/// The variable at the start of a chain.
pub(super) fn root(expression: &Expr) -> Option<&ImmutableString> {
    match expression {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => variable(&pair.lhs),
        _ => variable(expression),
    }
}
