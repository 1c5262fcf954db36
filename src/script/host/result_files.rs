//! The files that a script writes results of invitations to, found before it runs.
//!
//! Results never replace a file unless the script says so. If the path is known, that is reported before anybody is
//! invited, not when the links are to be saved.

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, Map, Position, Stmt};

/// A call of `outcome.write_csv(path)` that does not replace a file.
#[derive(Clone, Debug)]
pub(in crate::script) struct ResultFile {
    pub(in crate::script) path: ResultPath,
    pub(in crate::script) position: Position,
}

#[derive(Clone, Debug)]
pub(in crate::script) enum ResultPath {
    Literal(String),
    /// The value of the script's argument with this name.
    Argument(String),
}

/// Finds the calls whose path is a literal, or a variable that always has the value of a literal or an argument.
pub(in crate::script) fn find_result_files(ast: &AST) -> Vec<ResultFile> {
    let variables = Variables::of(ast);
    let mut files = Vec::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::MethodCall(call, position))) = path.last()
            && call.name == "write_csv"
            && let Some(path) = written_path(call, &variables)
        {
            files.push(ResultFile {
                path,
                position: *position,
            });
        }
        true
    });
    files
}

/// Returns the path of a call that does not have the option `overwrite`.
fn written_path(call: &FnCallExpr, variables: &Variables) -> Option<ResultPath> {
    let path = match call.args.as_slice() {
        [path] => path,
        [path, options] if !may_overwrite(options) => path,
        _ => return None,
    };
    match path {
        Expr::Variable(variable, ..) => variables.value(&variable.1),
        other => literal_or_argument(other),
    }
}

fn may_overwrite(options: &Expr) -> bool {
    match options {
        Expr::Map(map, _) => map.0.iter().any(|(key, _)| key.name == "overwrite"),
        Expr::DynamicConstant(value, _) => has_overwrite(value),
        _ => true,
    }
}

fn has_overwrite(options: &Dynamic) -> bool {
    let map = options.read_lock::<Map>();
    map.is_none_or(|map| map.contains_key("overwrite"))
}

fn literal_or_argument(expression: &Expr) -> Option<ResultPath> {
    match expression {
        Expr::StringConstant(path, _) => Some(ResultPath::Literal(path.to_string())),
        Expr::FnCall(call, _) if call.name == "arg" && !call.is_qualified() => {
            match call.args.first()? {
                Expr::StringConstant(name, _) => Some(ResultPath::Argument(name.to_string())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The declarations of variables in a script, and the variables that it changes.
#[derive(Default)]
struct Variables {
    declared: Vec<(String, Option<ResultPath>)>,
    changed: Vec<String>,
}

impl Variables {
    fn of(ast: &AST) -> Self {
        let mut variables = Self::default();
        ast.walk(&mut |path| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Var(declaration, ..))) => {
                    let (name, value) = (&declaration.0.name, &declaration.1);
                    let value = literal_or_argument(value);
                    variables.declared.push((name.to_string(), value));
                }
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    if let Expr::Variable(variable, ..) = &assignment.1.lhs {
                        variables.changed.push(variable.1.to_string());
                    }
                }
                _ => {}
            }
            true
        });
        variables
    }

    /// Returns the value of a variable that is declared once and never changed.
    fn value(&self, name: &str) -> Option<ResultPath> {
        let mut declared = self.declared.iter().filter(|(other, _)| other == name);
        match (declared.next(), declared.next()) {
            (Some((_, value)), None) if !self.changed.iter().any(|other| other == name) => {
                value.clone()
            }
            _ => None,
        }
    }
}
