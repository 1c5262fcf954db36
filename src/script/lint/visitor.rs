//! Walks through the statements of a script once and collects the facts for the rules.

use std::mem;

use rhai::{ASTFlags, Expr, FlowControl, Ident, OpAssignment, Position, Stmt};

use super::facts::{
    CallContext, Comparison, ErrorHandling, MissingKey, Misuse, MisuseKind, ScriptFacts, ValueUse,
};
use super::inference::Inference;
use super::parsed_script::{Function, ParsedScript, leaves_block};
use super::scopes::{Copy, Scopes};
use super::templates;
use super::value_type::{ValueType, common};
use super::variable_facts::{VariableFacts, root};

impl<'a> ScriptFacts<'a> {
    pub(super) fn of(script: &'a ParsedScript, inference: &'a Inference<'a>) -> Self {
        let mut visitor = Visitor {
            script,
            inference,
            variables: VariableFacts::of(&script.ast),
            facts: Self::default(),
            scopes: Scopes::default(),
            is_in_function: false,
            has_return: false,
            context: CallContext::default(),
            returned: ValueUse::Returned,
        };
        visitor.block(script.ast.statements(), ValueUse::Ignored);
        visitor.is_in_function = true;
        for function in &script.functions {
            visitor.function(function);
        }
        visitor.facts
    }
}

pub(super) struct Visitor<'a> {
    pub(super) script: &'a ParsedScript,
    pub(super) inference: &'a Inference<'a>,
    pub(super) variables: VariableFacts,
    pub(super) facts: ScriptFacts<'a>,
    pub(super) scopes: Scopes<'a>,
    /// Whether this is the body of a `fn`.
    pub(super) is_in_function: bool,
    /// Whether the body so far has a `return`.
    pub(super) has_return: bool,
    pub(super) context: CallContext,
    /// What happens to the value of a `return`.
    pub(super) returned: ValueUse,
}

impl<'a> Visitor<'a> {
    fn function(&mut self, function: &'a Function) {
        let parameters = function.parameters.iter();
        let parameters = parameters.map(|name| (name.as_str(), None, Some(Copy::Argument)));
        self.body(function, parameters.collect(), ValueUse::Last);
    }

    /// Visits a function or closure, which sees only its parameters. Returns the type of its value.
    pub(super) fn body(
        &mut self,
        function: &'a Function,
        parameters: Vec<(&'a str, Option<ValueType>, Option<Copy<'a>>)>,
        value_use: ValueUse,
    ) -> Option<ValueType> {
        let outside = mem::take(&mut self.scopes);
        let returned = mem::replace(&mut self.returned, value_use.max_returned());
        let has_return = mem::take(&mut self.has_return);
        self.scopes.open();
        for (name, value_type, copy) in parameters {
            self.scopes.define_as_used(name, value_type, copy);
        }
        let value = self.block(&function.body, value_use);
        self.close_block();
        self.scopes = outside;
        self.returned = returned;
        let has_return = mem::replace(&mut self.has_return, has_return);
        value.filter(|_| !has_return)
    }

    /// Visits a block. Its value is that of its last statement; returns the type of that.
    pub(super) fn block(
        &mut self,
        statements: &'a [Stmt],
        value_use: ValueUse,
    ) -> Option<ValueType> {
        self.scopes.open();
        let value = self.statements(statements, value_use);
        self.close_block();
        value
    }

    fn close_block(&mut self) {
        let closed = self.scopes.close();
        self.facts.unused.extend(closed.unused);
        self.facts.lost_changes.extend(closed.lost);
    }

    fn statements(&mut self, statements: &'a [Stmt], value_use: ValueUse) -> Option<ValueType> {
        let mut value = None;
        for (index, statement) in statements.iter().enumerate() {
            let is_last = index + 1 == statements.len();
            value = self.statement(
                statement,
                if is_last {
                    value_use
                } else {
                    ValueUse::Ignored
                },
            );
        }
        let left = statements.iter().position(leaves_block);
        let unreachable = left.and_then(|left| statements.get(left + 1));
        self.facts
            .unreachable
            .extend(unreachable.map(Stmt::position));
        value
    }

    /// Runs `visit` in another `context`.
    pub(super) fn with_context<T>(
        &mut self,
        context: CallContext,
        visit: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outside = mem::replace(&mut self.context, context);
        let value = visit(self);
        self.context = outside;
        value
    }

    fn in_loop(&mut self, visit: impl FnOnce(&mut Self)) {
        let context = CallContext {
            is_repeated: true,
            ..self.context
        };
        self.scopes.loops += 1;
        self.with_context(context, visit);
        self.scopes.loops -= 1;
    }

    fn statement(&mut self, statement: &'a Stmt, value_use: ValueUse) -> Option<ValueType> {
        match statement {
            Stmt::Expr(expression) => return self.expression(expression, value_use),
            Stmt::FnCall(call, position) => {
                return self.call(call, *position, None, value_use);
            }
            Stmt::Var(definition, flags, _) => {
                self.declaration(&definition.0, &definition.1, *flags);
            }
            Stmt::Assignment(assignment) => {
                let (operator, target) = &**assignment;
                self.value(&target.rhs);
                self.assignment_target(&target.lhs, operator);
                self.missing_key(operator, &target.lhs, &target.rhs);
            }
            Stmt::If(flow, _) => {
                self.condition(&flow.expr, "if");
                let values = [&flow.body, &flow.branch]
                    .map(|block| self.block(block.statements(), value_use));
                return common(values);
            }
            Stmt::Switch(switch, _) => {
                let value_type = self.value(&switch.0);
                for case in &switch.1.expressions {
                    self.switch_case(&switch.0, value_type.as_ref(), &case.rhs);
                    self.condition(&case.lhs, "if");
                    self.expression(&case.rhs, value_use);
                }
            }
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => self.in_loop(|visitor| {
                // `loop` is a `while` without a condition.
                if !matches!(flow.expr, Expr::Unit(position) if position.is_none()) {
                    visitor.condition(&flow.expr, "while");
                }
                visitor.block(flow.body.statements(), ValueUse::Ignored);
            }),
            Stmt::For(parts, _) => self.for_loop(parts),
            Stmt::Block(block) => return self.block(block.statements(), value_use),
            Stmt::TryCatch(flow, _) => self.try_catch(flow, value_use),
            Stmt::Return(Some(value), flags, _) => {
                let is_throw = flags.contains(ASTFlags::BREAK);
                self.has_return |= !is_throw;
                let value_use = if is_throw {
                    ValueUse::Used
                } else {
                    self.returned
                };
                self.expression(value, value_use);
            }
            Stmt::BreakLoop(Some(value), ..) => {
                self.value(value);
            }
            Stmt::Return(None, ..) => self.has_return = true,
            Stmt::Import(import, _) => {
                self.value(&import.0);
            }
            Stmt::Export(names, _) => {
                self.scopes.mark_used(&names.0.name);
            }
            _ => {}
        }
        None
    }

    fn declaration(&mut self, ident: &'a Ident, value: &'a Expr, flags: ASTFlags) {
        // The name says that the value is not needed.
        let value_use = if ident.name.starts_with('_') {
            ValueUse::Last
        } else {
            ValueUse::Used
        };
        let value_type = self.expression(value, value_use);
        let value_type = self.kept_type(&ident.name, value_type);
        let is_copy = matches!(value, Expr::Index(..) | Expr::Dot(..) | Expr::Variable(..));
        self.scopes
            .define(ident, value_type, is_copy.then_some(Copy::Value));
        if flags.contains(ASTFlags::EXPORTED) {
            self.scopes.mark_used(&ident.name);
        }
    }

    /// Returns what is known about the type of a variable in all places.
    pub(super) fn kept_type(&self, name: &str, value_type: Option<ValueType>) -> Option<ValueType> {
        let mut value_type = value_type.filter(|_| !self.variables.is_assigned(name))?;
        if !self.variables.keeps_items(name) {
            value_type.item = None;
        }
        Some(value_type)
    }

    pub(super) fn misuse(&mut self, kind: MisuseKind<'a>, position: Position) {
        if self.context.error_handling != ErrorHandling::Expected {
            self.facts.misuses.push(Misuse {
                kind,
                position,
                error_handling: self.context.error_handling,
            });
        }
    }

    /// Records a case of a `switch` that is a literal: `80 => …`.
    fn switch_case(&mut self, value: &'a Expr, value_type: Option<&ValueType>, result: &'a Expr) {
        let position = result.start_position();
        let literal = templates::case_before(&self.script.source, position);
        if let (Some(value_type), Some(kind)) = (value_type, literal) {
            self.facts.switch_cases.push(Comparison {
                operator: "switch",
                operands: [
                    (value, value_type.clone()),
                    (result, ValueType::named(kind)),
                ],
                position,
                error_handling: self.context.error_handling,
            });
        }
    }

    fn for_loop(&mut self, parts: &'a (Ident, Option<Ident>, FlowControl)) {
        let (item, counter, flow) = parts;
        let list = self.value(&flow.expr);
        let list_name = match &flow.expr {
            Expr::Variable(variable, ..) if variable.2.is_empty() => Some(variable.1.as_str()),
            _ => None,
        };
        let item_type = list.as_ref().and_then(ValueType::iterated);
        let item_type = self.kept_type(&item.name, item_type);
        if let Some(list) = list {
            self.misuse(MisuseKind::Loop(list.kind), flow.expr.start_position());
        }
        self.scopes.open();
        self.in_loop(|visitor| {
            let copy = Some(Copy::Item(list_name));
            visitor
                .scopes
                .define_as_used(item.as_str(), item_type, copy);
            if let Some(counter) = counter {
                visitor.scopes.define_as_used(counter.as_str(), None, None);
            }
            visitor.block(flow.body.statements(), ValueUse::Ignored);
        });
        self.close_block();
    }

    fn try_catch(&mut self, flow: &'a FlowControl, value_use: ValueUse) {
        let context = CallContext {
            error_handling: ErrorHandling::Caught,
            ..self.context
        };
        self.with_context(context, |visitor| {
            visitor.block(flow.body.statements(), value_use);
        });
        self.scopes.open();
        if let Expr::Variable(variable, ..) = &flow.expr {
            self.scopes.define_as_used(&variable.1, None, None);
        }
        self.block(flow.branch.statements(), value_use);
        self.close_block();
    }

    /// Visits the target of an assignment. If a closure is assigned to a property, it can be called by the name of that.
    fn assignment_target(&mut self, target: &'a Expr, operator: &OpAssignment) {
        let mut rest = target;
        while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = rest {
            if let Expr::Property(property, _) = &pair.lhs {
                self.facts.dynamic_names.insert(&property.2);
            }
            rest = &pair.rhs;
        }
        if let Expr::Property(property, _) = rest {
            self.facts.dynamic_names.insert(&property.2);
        }
        self.changed(target, operator.position());
    }

    /// Visits what is changed in place: `row.name` in `row.name = …` and `row.name.trim()`.
    pub(super) fn changed(&mut self, target: &'a Expr, position: Position) {
        self.value(target);
        if let Some(name) = root(target) {
            self.scopes.mark_changed(name, position);
        }
    }

    /// Records `seen[key] += 1` if `seen` is an empty map in which no key is ever set.
    fn missing_key(&mut self, operator: &OpAssignment, target: &'a Expr, value: &'a Expr) {
        let (Some((_, _, _, syntax, ..)), Expr::Index(pair, flags, _)) =
            (operator.get_op_assignment_info(), target)
        else {
            return;
        };
        let Expr::Variable(map, ..) = &pair.lhs else {
            return;
        };
        let is_end =
            flags.contains(ASTFlags::BREAK) || !matches!(pair.rhs, Expr::Dot(..) | Expr::Index(..));
        if map.2.is_empty() && self.variables.stays_empty(&map.1) && is_end {
            self.facts.missing_keys.push(MissingKey {
                map: &map.1,
                key: &pair.rhs,
                value,
                operator: syntax,
                position: target.start_position(),
                error_handling: self.context.error_handling,
            });
        }
    }
}

impl ValueUse {
    /// What happens to the value of a `return`, if this happens to the value of the body.
    fn max_returned(self) -> Self {
        match self {
            Self::Used => Self::Used,
            _ => Self::Returned,
        }
    }
}
