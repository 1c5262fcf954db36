//! One walk through a script, which writes down what the rules ask about.

use std::mem;

use rhai::{ASTFlags, Expr, FlowControl, FnCallExpr, Ident, Position, Stmt};

use super::facts::{Call, Guard, Outline, Qualified, Receiver, Site, Unknown};
use super::scopes::Scopes;
use super::script::{Function, Script, leaves};
use super::templates;

/// The functions that call a closure for each of many values.
const FOR_EACH: [&str; 9] = [
    "all", "drain", "filter", "find", "for_each", "map", "reduce", "retain", "some",
];

impl<'a> Outline<'a> {
    pub(super) fn of(script: &'a Script) -> Self {
        let mut walker = Walker {
            script,
            outline: Self::default(),
            scopes: Scopes::default(),
            is_in_function: false,
            site: Site::default(),
        };
        walker.block(script.ast.statements(), false);
        walker.is_in_function = true;
        for function in &script.functions {
            walker.body(function);
        }
        walker.outline
    }
}

struct Walker<'a> {
    script: &'a Script,
    outline: Outline<'a>,
    scopes: Scopes<'a>,
    /// The walk is in the body of a `fn`.
    is_in_function: bool,
    site: Site,
}

impl<'a> Walker<'a> {
    /// Walks through a function or closure, which sees its parameters only.
    fn body(&mut self, function: &'a Function) {
        let outside = mem::take(&mut self.scopes);
        self.scopes.open();
        for parameter in &function.parameters {
            self.scopes.define_quietly(parameter);
        }
        self.block(&function.body, true);
        self.scopes = outside;
    }

    /// Walks through a block, whose last statement is its value.
    fn block(&mut self, statements: &'a [Stmt], is_taken: bool) {
        self.scopes.open();
        self.statements(statements, is_taken);
        self.outline.unused.extend(self.scopes.close());
    }

    fn statements(&mut self, statements: &'a [Stmt], is_taken: bool) {
        for (index, statement) in statements.iter().enumerate() {
            let is_last = index + 1 == statements.len();
            self.statement(statement, is_taken && is_last);
        }
        let left = statements.iter().position(leaves);
        let unreachable = left.and_then(|left| statements.get(left + 1));
        self.outline
            .unreachable
            .extend(unreachable.map(Stmt::position));
    }

    /// Walks through what another `site` surrounds.
    fn within(&mut self, site: Site, walk: impl FnOnce(&mut Self)) {
        let outside = mem::replace(&mut self.site, site);
        walk(self);
        self.site = outside;
    }

    fn repeated(&mut self, walk: impl FnOnce(&mut Self)) {
        let site = Site {
            is_repeated: true,
            ..self.site
        };
        self.within(site, walk);
    }

    fn statement(&mut self, statement: &'a Stmt, is_taken: bool) {
        match statement {
            Stmt::Expr(expression) => self.expression(expression, is_taken),
            Stmt::FnCall(call, position) => self.call(call, *position, None, is_taken),
            Stmt::Var(definition, flags, _) => {
                self.kept(&definition.1);
                self.scopes.define(&definition.0);
                if flags.contains(ASTFlags::EXPORTED) {
                    self.scopes.note_use(&definition.0.name);
                }
            }
            Stmt::Assignment(assignment) => {
                self.assigned(&assignment.1.lhs);
                self.kept(&assignment.1.rhs);
            }
            Stmt::If(flow, _) => {
                self.value(&flow.expr);
                self.block(flow.body.statements(), is_taken);
                self.block(flow.branch.statements(), is_taken);
            }
            Stmt::Switch(switch, _) => {
                self.value(&switch.0);
                for case in &switch.1.expressions {
                    self.value(&case.lhs);
                    self.expression(&case.rhs, is_taken);
                }
            }
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => self.repeated(|walker| {
                walker.value(&flow.expr);
                walker.block(flow.body.statements(), false);
            }),
            Stmt::For(parts, _) => self.for_loop(parts),
            Stmt::Block(block) => self.block(block.statements(), is_taken),
            Stmt::TryCatch(flow, _) => self.try_catch(flow, is_taken),
            Stmt::BreakLoop(Some(value), ..) | Stmt::Return(Some(value), ..) => self.value(value),
            Stmt::Import(import, _) => self.value(&import.0),
            Stmt::Export(names, _) => {
                self.scopes.note_use(&names.0.name);
            }
            _ => {}
        }
    }

    fn for_loop(&mut self, parts: &'a (Ident, Option<Ident>, FlowControl)) {
        let (item, counter, flow) = parts;
        self.value(&flow.expr);
        self.scopes.open();
        self.scopes.define_quietly(item.as_str());
        if let Some(counter) = counter {
            self.scopes.define_quietly(counter.as_str());
        }
        self.repeated(|walker| walker.block(flow.body.statements(), false));
        self.scopes.close();
    }

    fn try_catch(&mut self, flow: &'a FlowControl, is_taken: bool) {
        let site = Site {
            guard: Guard::Caught,
            ..self.site
        };
        self.within(site, |walker| {
            walker.block(flow.body.statements(), is_taken);
        });
        self.scopes.open();
        if let Expr::Variable(variable, ..) = &flow.expr {
            self.scopes.define_quietly(&variable.1);
        }
        self.block(flow.branch.statements(), is_taken);
        self.scopes.close();
    }

    fn value(&mut self, expression: &'a Expr) {
        self.expression(expression, true);
    }

    /// Walks through a value that is passed on as it is.
    fn kept(&mut self, expression: &'a Expr) {
        self.outline.kept.extend(last_call(expression));
        self.value(expression);
    }

    /// Notes a text that holds `${…}` with the name of a variable, which counts as used.
    fn template(&mut self, text: &str, position: Position) {
        let mut names_variable = false;
        for name in templates::names(text) {
            names_variable |= self.scopes.note_use(name);
        }
        if names_variable {
            self.outline.templates.push(position);
        }
    }

    fn values(&mut self, expressions: &'a [Expr]) {
        for expression in expressions {
            self.value(expression);
        }
    }

    fn expression(&mut self, expression: &'a Expr, is_taken: bool) {
        if let Some(closure) = self.script.closure(expression) {
            return self.closure(closure, self.site);
        }
        match expression {
            Expr::Variable(variable, _, position) => {
                let (_, name, namespace, _) = &**variable;
                match namespace.path.first() {
                    None => self.variable(name, *position),
                    Some(module) => self.outline.qualified.push(Qualified {
                        module,
                        is_nested: namespace.path.len() > 1,
                        name,
                        position: *position,
                    }),
                }
            }
            Expr::FnCall(call, position) => self.call(call, *position, None, is_taken),
            Expr::Dot(pair, ..) => {
                self.value(&pair.lhs);
                self.member(Some(&pair.lhs), &pair.rhs, is_taken);
            }
            Expr::Index(pair, flags, _) => {
                self.value(&pair.lhs);
                self.index(&pair.rhs, *flags, is_taken);
            }
            Expr::StringConstant(text, _) => {
                self.outline.words.insert(text);
                self.template(text, expression.position());
            }
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => {
                for part in parts {
                    self.kept(part);
                }
            }
            Expr::Map(map, _) => {
                for (key, value) in &map.0 {
                    self.outline.words.insert(key.as_str());
                    self.kept(value);
                }
            }
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
                self.values(parts);
            }
            Expr::Stmt(block) => self.block(block.statements(), is_taken),
            _ => {}
        }
    }

    /// Walks through what follows a dot: a property or method, and the rest of the chain. `before` is what stands before
    /// the dot, where nothing else does.
    fn member(&mut self, before: Option<&'a Expr>, member: &'a Expr, is_taken: bool) {
        match member {
            Expr::MethodCall(call, position) => {
                let receiver = match before {
                    Some(Expr::Variable(variable, ..)) => Receiver::Variable(&variable.1),
                    _ => Receiver::Value,
                };
                self.call(call, *position, Some(receiver), is_taken);
            }
            Expr::Dot(pair, ..) => {
                self.outline.kept.extend(last_call(&pair.lhs));
                self.member(before, &pair.lhs, true);
                self.member(None, &pair.rhs, is_taken);
            }
            Expr::Index(pair, flags, _) => {
                self.member(before, &pair.lhs, true);
                self.index(&pair.rhs, *flags, is_taken);
            }
            _ => {}
        }
    }

    /// Walks through what follows a bracket: an index, and the rest of the chain unless `flags` end it.
    fn index(&mut self, index: &'a Expr, flags: ASTFlags, is_taken: bool) {
        match index {
            Expr::Dot(pair, ..) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&pair.lhs);
                self.member(None, &pair.rhs, is_taken);
            }
            Expr::Index(pair, inner, _) if !flags.contains(ASTFlags::BREAK) => {
                self.value(&pair.lhs);
                self.index(&pair.rhs, *inner, is_taken);
            }
            last => self.value(last),
        }
    }

    /// Walks through what is assigned to. The name of a property may come to stand for a closure.
    fn assigned(&mut self, expression: &'a Expr) {
        self.value(expression);
        let mut rest = expression;
        while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = rest {
            if let Expr::Property(property, _) = &pair.lhs {
                self.outline.words.insert(&property.2);
            }
            rest = &pair.rhs;
        }
        if let Expr::Property(property, _) = rest {
            self.outline.words.insert(&property.2);
        }
    }

    fn variable(&mut self, name: &'a str, position: Position) {
        let names_function = || self.script.functions.iter().any(|other| other.name == name);
        if !self.scopes.note_use(name) && !names_function() {
            self.outline.unknown.push(Unknown {
                name,
                position,
                is_in_function: self.is_in_function,
                visible: self.scopes.names(),
            });
        }
    }

    fn call(
        &mut self,
        call: &'a FnCallExpr,
        position: Position,
        receiver: Option<Receiver<'a>>,
        is_taken: bool,
    ) {
        if call.capture_parent_scope {
            self.scopes.note_use_of_all();
        }
        let is_operator = !call
            .name
            .starts_with(|c: char| c.is_alphabetic() || c == '_');
        if is_operator && !is_taken {
            self.outline.idle_operators.push((&call.name, position));
        }
        if !is_operator {
            self.outline.calls.push(Call {
                name: &call.name,
                module: call.namespace.path.first(),
                is_nested: call.namespace.path.len() > 1,
                receiver,
                arguments: &call.args,
                position,
                is_idle: !is_taken,
                names_variable: self.scopes.contains(&call.name),
                site: self.site,
            });
        }
        let guard = match &*call.name {
            "assert_throws" => Guard::Awaited,
            _ => self.site.guard,
        };
        let site = Site {
            guard,
            is_repeated: self.site.is_repeated || FOR_EACH.contains(&call.name.as_str()),
            is_planning: self.site.is_planning || call.name == "invite_all",
        };
        for argument in &call.args {
            match self.script.closure(argument) {
                Some(closure) => self.closure(closure, site),
                None => self.kept(argument),
            }
        }
    }

    fn closure(&mut self, (function, captured): (&'a Function, &'a [Expr]), site: Site) {
        self.values(captured);
        self.within(site, |walker| walker.body(function));
    }
}

/// Returns where the call stands that a value comes from, if one does.
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
