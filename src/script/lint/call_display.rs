//! Calls as messages show them: `read_cvs(string)`, `due.plus_days(int, days)`.

use rhai::{ASTFlags, Expr};

use super::facts::{Call, Receiver};
use super::value_type::literal_type;

impl Call<'_> {
    /// Returns the call as it is written, shortened.
    pub(super) fn display(&self) -> String {
        let before = match (self.module, self.receiver) {
            (Some(module), _) => format!("{}::", module.as_str()),
            (_, Some(Receiver::Variable(name))) => format!("{name}."),
            (_, Some(Receiver::Value)) => ".".to_owned(),
            (None, None) => String::new(),
        };
        let arguments: Vec<String> = self.arguments.iter().map(display_argument).collect();
        format!("{before}{}({})", self.name, arguments.join(", "))
    }

    /// Returns the number of arguments, including the receiver of a method call.
    pub(super) fn arity(&self) -> usize {
        self.arguments.len() + usize::from(self.receiver.is_some())
    }
}

/// Shows a variable or a property by its name, and a literal by its type.
fn display_argument(argument: &Expr) -> String {
    let word = match argument {
        Expr::Variable(variable, ..) if variable.2.is_empty() => &variable.1,
        Expr::Dot(pair, ..) => match (&pair.lhs, &pair.rhs) {
            (Expr::Variable(variable, ..), Expr::Property(property, _)) => {
                return format!("{}.{}", variable.1, property.2);
            }
            _ => "…",
        },
        other => literal_type(other).unwrap_or("…"),
    };
    word.to_owned()
}

/// Returns a variable, a chain of properties or a literal as it is written; `None` for anything else.
pub(super) fn written(expression: &Expr) -> Option<String> {
    Some(match expression {
        Expr::Variable(variable, ..) if variable.2.is_empty() => variable.1.to_string(),
        Expr::Dot(pair, ..) => format!("{}.{}", written(&pair.lhs)?, written(&pair.rhs)?),
        Expr::Property(property, _) => property.2.to_string(),
        Expr::MethodCall(call, _) => {
            let arguments: Option<Vec<String>> = call.args.iter().map(written).collect();
            format!("{}({})", call.name, arguments?.join(", "))
        }
        Expr::Index(pair, flags, _) => {
            format!(
                "{}{}",
                written(&pair.lhs)?,
                written_index(&pair.rhs, *flags)?
            )
        }
        Expr::StringConstant(text, _) => format!("{text:?}"),
        Expr::IntegerConstant(number, _) => number.to_string(),
        Expr::FloatConstant(number, _) => number.to_string(),
        Expr::BoolConstant(flag, _) => flag.to_string(),
        Expr::Unit(_) => "()".to_owned(),
        _ => return None,
    })
}

/// Returns an index in brackets, and the rest of the chain unless `flags` end it.
fn written_index(index: &Expr, flags: ASTFlags) -> Option<String> {
    Some(match index {
        Expr::Dot(pair, ..) if !flags.contains(ASTFlags::BREAK) => {
            format!("[{}].{}", written(&pair.lhs)?, written(&pair.rhs)?)
        }
        Expr::Index(pair, inner, _) if !flags.contains(ASTFlags::BREAK) => {
            format!(
                "[{}]{}",
                written(&pair.lhs)?,
                written_index(&pair.rhs, *inner)?
            )
        }
        last => format!("[{}]", written(last)?),
    })
}
