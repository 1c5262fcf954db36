//! Walks through a script once and collects the facts for the rules.

use std::mem;

use rhai::{ASTFlags, Expr, FlowControl, FnCallExpr, Ident, Position, Stmt};

use super::facts::{
    Call, CallContext, ErrorHandling, MAX_HINTS, ModuleVariable, Receiver, ScriptFacts,
    UnknownVariable,
};
use super::parsed_script::{Function, ParsedScript, leaves_block};
use super::scopes::Scopes;
use super::templates;
use crate::script::diagnosis::unknown_name::is_word;

/// Functions that call a closure for each of many values.
const ITERATION_FUNCTIONS: [&str; 9] = [
    "all", "drain", "filter", "find", "for_each", "map", "reduce", "retain", "some",
];

impl<'a> ScriptFacts<'a> {
    pub(super) fn of(script: &'a ParsedScript) -> Self {
        let mut visitor = Visitor {
            script,
            facts: Self::default(),
            scopes: Scopes::default(),
            is_in_function: false,
            context: CallContext::default(),
        };
        visitor.block(script.ast.statements(), false);
        visitor.is_in_function = true;
        for function in &script.functions {
            visitor.body(function);
        }
        visitor.facts
    }
}

struct Visitor<'a> {
    script: &'a ParsedScript,
    facts: ScriptFacts<'a>,
    scopes: Scopes<'a>,
    /// Whether this is the body of a `fn`.
    is_in_function: bool,
    context: CallContext,
}

impl<'a> Visitor<'a> {
    /// Visits a function or closure, which sees only its parameters.
    fn body(&mut self, function: &'a Function) {
        let outside = mem::take(&mut self.scopes);
        self.scopes.open();
        for parameter in &function.parameters {
            self.scopes.define_as_used(parameter);
        }
        self.block(&function.body, true);
        self.scopes = outside;
    }

    /// Visits a block. Its value is that of its last statement.
    fn block(&mut self, statements: &'a [Stmt], is_used: bool) {
        self.scopes.open();
        self.statements(statements, is_used);
        self.facts.unused.extend(self.scopes.close());
    }

    fn statements(&mut self, statements: &'a [Stmt], is_used: bool) {
        for (index, statement) in statements.iter().enumerate() {
            let is_last = index + 1 == statements.len();
            self.statement(statement, is_used && is_last);
        }
        let left = statements.iter().position(leaves_block);
        let unreachable = left.and_then(|left| statements.get(left + 1));
        self.facts
            .unreachable
            .extend(unreachable.map(Stmt::position));
    }

    /// Runs `visit` in another `context`.
    fn with_context(&mut self, context: CallContext, visit: impl FnOnce(&mut Self)) {
        let outside = mem::replace(&mut self.context, context);
        visit(self);
        self.context = outside;
    }

    fn in_loop(&mut self, visit: impl FnOnce(&mut Self)) {
        let context = CallContext {
            is_repeated: true,
            ..self.context
        };
        self.with_context(context, visit);
    }

    fn statement(&mut self, statement: &'a Stmt, is_used: bool) {
        match statement {
            Stmt::Expr(expression) => self.expression(expression, is_used),
            Stmt::FnCall(call, position) => self.call(call, *position, None, is_used),
            Stmt::Var(definition, flags, _) => {
                self.used_value(&definition.1);
                self.scopes.define(&definition.0);
                if flags.contains(ASTFlags::EXPORTED) {
                    self.scopes.mark_used(&definition.0.name);
                }
            }
            Stmt::Assignment(assignment) => {
                self.assignment_target(&assignment.1.lhs);
                self.used_value(&assignment.1.rhs);
            }
            Stmt::If(flow, _) => {
                self.value(&flow.expr);
                self.block(flow.body.statements(), is_used);
                self.block(flow.branch.statements(), is_used);
            }
            Stmt::Switch(switch, _) => {
                self.value(&switch.0);
                for case in &switch.1.expressions {
                    self.value(&case.lhs);
                    self.expression(&case.rhs, is_used);
                }
            }
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => self.in_loop(|visitor| {
                visitor.value(&flow.expr);
                visitor.block(flow.body.statements(), false);
            }),
            Stmt::For(parts, _) => self.for_loop(parts),
            Stmt::Block(block) => self.block(block.statements(), is_used),
            Stmt::TryCatch(flow, _) => self.try_catch(flow, is_used),
            Stmt::BreakLoop(Some(value), ..) | Stmt::Return(Some(value), ..) => self.value(value),
            Stmt::Import(import, _) => self.value(&import.0),
            Stmt::Export(names, _) => {
                self.scopes.mark_used(&names.0.name);
            }
            _ => {}
        }
    }

    fn for_loop(&mut self, parts: &'a (Ident, Option<Ident>, FlowControl)) {
        let (item, counter, flow) = parts;
        self.value(&flow.expr);
        self.scopes.open();
        self.scopes.define_as_used(item.as_str());
        if let Some(counter) = counter {
            self.scopes.define_as_used(counter.as_str());
        }
        self.in_loop(|visitor| visitor.block(flow.body.statements(), false));
        self.scopes.close();
    }

    fn try_catch(&mut self, flow: &'a FlowControl, is_used: bool) {
        let context = CallContext {
            error_handling: ErrorHandling::Caught,
            ..self.context
        };
        self.with_context(context, |visitor| {
            visitor.block(flow.body.statements(), is_used);
        });
        self.scopes.open();
        if let Expr::Variable(variable, ..) = &flow.expr {
            self.scopes.define_as_used(&variable.1);
        }
        self.block(flow.branch.statements(), is_used);
        self.scopes.close();
    }

    fn value(&mut self, expression: &'a Expr) {
        self.expression(expression, true);
    }

    /// Visits a value that is assigned, passed or stored as it is.
    fn used_value(&mut self, expression: &'a Expr) {
        self.facts.used_values.extend(last_call(expression));
        self.value(expression);
    }

    /// Records a text that contains `${…}` with the name of a variable. This counts as a use.
    fn template(&mut self, text: &str, position: Position) {
        let mut names_variable = false;
        for name in templates::interpolated_names(text) {
            names_variable |= self.scopes.mark_used(name);
        }
        if names_variable {
            self.facts.templates.push(position);
        }
    }

    fn values(&mut self, expressions: &'a [Expr]) {
        for expression in expressions {
            self.value(expression);
        }
    }

    fn expression(&mut self, expression: &'a Expr, is_used: bool) {
        if let Some(closure) = self.script.closure(expression) {
            return self.closure(closure, self.context);
        }
        match expression {
            Expr::Variable(variable, _, position) => {
                let (_, name, namespace, _) = &**variable;
                match namespace.path.first() {
                    None => self.variable(name, *position),
                    Some(module) => self.facts.module_variables.push(ModuleVariable {
                        module,
                        is_nested: namespace.path.len() > 1,
                        name,
                        position: *position,
                    }),
                }
            }
            Expr::FnCall(call, position) => self.call(call, *position, None, is_used),
            Expr::Dot(pair, ..) => {
                self.value(&pair.lhs);
                self.member(Some(&pair.lhs), &pair.rhs, is_used);
            }
            Expr::Index(pair, flags, _) => {
                self.value(&pair.lhs);
                self.index(&pair.rhs, *flags, is_used);
            }
            Expr::StringConstant(text, _) => {
                self.facts.dynamic_names.insert(text);
                self.template(text, expression.position());
            }
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => {
                for part in parts {
                    self.used_value(part);
                }
            }
            Expr::Map(map, _) => {
                for (key, value) in &map.0 {
                    self.facts.dynamic_names.insert(key.as_str());
                    self.used_value(value);
                }
            }
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
                self.values(parts);
            }
            Expr::Stmt(block) => self.block(block.statements(), is_used),
            _ => {}
        }
    }

    /// Visits what follows a dot: a property or method, and the rest of the chain. `receiver` is what precedes the dot, if
    /// this is the first of the chain.
    fn member(&mut self, receiver: Option<&'a Expr>, member: &'a Expr, is_used: bool) {
        match member {
            Expr::MethodCall(call, position) => {
                let receiver = match receiver {
                    Some(Expr::Variable(variable, ..)) => Receiver::Variable(&variable.1),
                    _ => Receiver::Value,
                };
                self.call(call, *position, Some(receiver), is_used);
            }
            Expr::Dot(pair, ..) => {
                self.facts.used_values.extend(last_call(&pair.lhs));
                self.member(receiver, &pair.lhs, true);
                self.member(None, &pair.rhs, is_used);
            }
            Expr::Index(pair, flags, _) => {
                self.member(receiver, &pair.lhs, true);
                self.index(&pair.rhs, *flags, is_used);
            }
            _ => {}
        }
    }

    /// Visits what follows a bracket: an index, and the rest of the chain unless `flags` end it.
    fn index(&mut self, index: &'a Expr, flags: ASTFlags, is_used: bool) {
        match index {
            Expr::Dot(pair, ..) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&pair.lhs);
                self.member(None, &pair.rhs, is_used);
            }
            Expr::Index(pair, inner, _) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&pair.lhs);
                self.index(&pair.rhs, *inner, is_used);
            }
            last => self.value(last),
        }
    }

    /// Visits the target of an assignment. If a closure is assigned to a property, it can be called by the name of that.
    fn assignment_target(&mut self, expression: &'a Expr) {
        self.value(expression);
        let mut rest = expression;
        while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = rest {
            if let Expr::Property(property, _) = &pair.lhs {
                self.facts.dynamic_names.insert(&property.2);
            }
            rest = &pair.rhs;
        }
        if let Expr::Property(property, _) = rest {
            self.facts.dynamic_names.insert(&property.2);
        }
    }

    fn variable(&mut self, name: &'a str, position: Position) {
        let names_function = || self.script.functions_named(name).next().is_some();
        if !self.scopes.mark_used(name) && !names_function() {
            self.facts.unknown.push(UnknownVariable {
                name,
                position,
                is_in_function: self.is_in_function,
                visible: match self.facts.unknown.len() {
                    ..MAX_HINTS => self.scopes.names(),
                    _ => Vec::new(),
                },
            });
        }
    }

    fn call(
        &mut self,
        call: &'a FnCallExpr,
        position: Position,
        receiver: Option<Receiver<'a>>,
        is_used: bool,
    ) {
        if call.capture_parent_scope {
            self.scopes.mark_all_used();
        }
        if is_word(&call.name) {
            self.facts.calls.push(Call {
                name: &call.name,
                module: call.namespace.path.first(),
                is_nested: call.namespace.path.len() > 1,
                receiver,
                arguments: &call.args,
                position,
                is_result_unused: !is_used,
                names_variable: self.scopes.contains(&call.name),
                context: self.context,
            });
        } else if !is_used {
            self.facts.unused_operators.push((&call.name, position));
        }
        let error_handling = match &*call.name {
            "assert_throws" => ErrorHandling::Expected,
            _ => self.context.error_handling,
        };
        let context = CallContext {
            error_handling,
            is_repeated: self.context.is_repeated
                || ITERATION_FUNCTIONS.contains(&call.name.as_str()),
            is_planning: self.context.is_planning || call.name == "invite_all",
        };
        for argument in &call.args {
            match self.script.closure(argument) {
                Some(closure) => self.closure(closure, context),
                None => self.used_value(argument),
            }
        }
    }

    fn closure(&mut self, (function, captured): (&'a Function, &'a [Expr]), context: CallContext) {
        self.values(captured);
        self.with_context(context, |visitor| visitor.body(function));
    }
}

/// Returns the position of the call that a value comes from, if any.
fn last_call(expression: &Expr) -> Option<Position> {
    match expression {
        Expr::FnCall(_, position) | Expr::MethodCall(_, position) => Some(*position),
        Expr::Dot(pair, ..) => last_call(&pair.rhs),
        Expr::Index(pair, flags, _) if !flags.contains(ASTFlags::BREAK) => match &pair.rhs {
            rest @ (Expr::Dot(..) | Expr::Index(..)) => last_call(rest),
            _ => None,
        },
        _ => None,
    }
}
