//! Calls as messages show them: `read_cvs(string)`, `due.plus_days(int, days)`.

use rhai::Expr;

use super::facts::{Call, Receiver};
use super::types::literal_type;

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
        Expr::Unit(_) => "()",
        other => literal_type(other).unwrap_or("…"),
    };
    word.to_owned()
}
