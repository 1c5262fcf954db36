//! Visits expressions: collects their facts, and infers their types.

use rhai::{ASTFlags, Expr, FnCallExpr, Position};

use super::facts::{
    Call, CallContext, Comparison, Condition, ErrorHandling, KeyRead, MAX_HINTS, MisuseKind,
    ModuleVariable, Receiver, UnknownVariable, ValueUse,
};
use super::inference::{argument_type, indexed, list_of};
use super::parsed_script::Function;
use super::scopes::Copy;
use super::templates;
use super::value_type::{ValueType, common, literal_type};
use super::variable_facts::{chain_end, root};
use super::visitor::Visitor;
use crate::script::diagnosis::unknown_name::is_word;
use crate::script::values::comparison::compares;

/// Functions that call a closure for each of many values.
const ITERATION_FUNCTIONS: [&str; 9] = [
    "all", "drain", "filter", "find", "for_each", "map", "reduce", "retain", "some",
];

/// Functions that do not need the value of their closure.
const VALUELESS_FUNCTIONS: [&str; 3] = ["assert_throws", "for_each", "run_script"];

pub(super) const COMPARISON_OPERATORS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

impl<'a> Visitor<'a> {
    pub(super) fn value(&mut self, expression: &'a Expr) -> Option<ValueType> {
        self.expression(expression, ValueUse::Used)
    }

    fn values(&mut self, expressions: &'a [Expr]) -> Vec<Option<ValueType>> {
        expressions.iter().map(|each| self.value(each)).collect()
    }

    /// Visits a value that must be `true` or `false`.
    pub(super) fn condition(&mut self, expression: &'a Expr, needed_by: &'static str) {
        let value_type = self.value(expression);
        if let Some(value_type) = value_type.filter(|value_type| value_type.kind != "bool") {
            self.facts.conditions.push(Condition {
                value: expression,
                value_type,
                needed_by,
                error_handling: self.context.error_handling,
            });
        }
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

    pub(super) fn expression(
        &mut self,
        expression: &'a Expr,
        value_use: ValueUse,
    ) -> Option<ValueType> {
        if let Some(closure) = self.script.closure(expression) {
            self.closure(closure, self.context, [None, None], ValueUse::Last);
            return Some(ValueType::named("closure"));
        }
        match expression {
            Expr::Variable(variable, _, position) => {
                let (_, name, namespace, _) = &**variable;
                match namespace.path.first() {
                    None => return self.variable(name, *position),
                    Some(module) => self.facts.module_variables.push(ModuleVariable {
                        module,
                        is_nested: namespace.path.len() > 1,
                        name,
                        position: *position,
                    }),
                }
                None
            }
            Expr::FnCall(call, position) => self.call(call, *position, None, value_use),
            Expr::Dot(pair, flags, _) => {
                let receiver = self.value(&pair.lhs);
                let value = self.member(Some(&pair.lhs), receiver, &pair.rhs, value_use);
                self.in_place_change(expression, value_use);
                value.filter(|_| !flags.contains(ASTFlags::NEGATED))
            }
            Expr::Index(pair, flags, _) => {
                let list = self.value(&pair.lhs);
                let value = self.index(list, &pair.rhs, *flags, value_use);
                self.in_place_change(expression, value_use);
                value.filter(|_| !flags.contains(ASTFlags::NEGATED))
            }
            Expr::StringConstant(text, _) => {
                self.facts.dynamic_names.insert(text);
                self.template(text, expression.position());
                Some(ValueType::named("string"))
            }
            Expr::InterpolatedString(parts, _) => {
                self.values(parts);
                Some(ValueType::named("string"))
            }
            Expr::Array(items, _) => Some(list_of(self.values(items))),
            Expr::Map(map, _) => {
                for (key, value) in &map.0 {
                    self.facts.dynamic_names.insert(key.as_str());
                    self.value(value);
                }
                Some(ValueType::named("map"))
            }
            Expr::And(parts, _) => {
                parts.iter().for_each(|part| self.condition(part, "&&"));
                Some(ValueType::named("bool"))
            }
            Expr::Or(parts, _) => {
                parts.iter().for_each(|part| self.condition(part, "||"));
                Some(ValueType::named("bool"))
            }
            Expr::Coalesce(parts, _) => {
                let types = self.values(parts);
                common(types)
            }
            Expr::Stmt(block) => self.block(block.statements(), value_use),
            literal => literal_type(literal).map(ValueType::named),
        }
    }

    /// Visits what follows a dot: a property or method, and the rest of the chain. `receiver` is what precedes the dot, if
    /// this is the first of the chain.
    fn member(
        &mut self,
        receiver: Option<&'a Expr>,
        receiver_type: Option<ValueType>,
        member: &'a Expr,
        value_use: ValueUse,
    ) -> Option<ValueType> {
        match member {
            Expr::Property(property, position) => {
                let receiver_type = receiver_type?;
                if let Some(shape) = receiver_type.shape {
                    self.facts.key_reads.push(KeyRead {
                        shape,
                        name: &property.2,
                        position: *position,
                        error_handling: self.context.error_handling,
                    });
                } else {
                    let kind = MisuseKind::Property(&property.2, receiver_type.kind.clone());
                    self.misuse(kind, *position);
                }
                self.inference.property(&receiver_type, &property.2)
            }
            Expr::MethodCall(call, position) => {
                let receiver = match receiver {
                    Some(Expr::Variable(variable, ..)) => Receiver::Variable(&variable.1),
                    _ => Receiver::Value,
                };
                self.call(call, *position, Some((receiver, receiver_type)), value_use)
            }
            Expr::Dot(pair, flags, _) => {
                let first = self.member(receiver, receiver_type, &pair.lhs, ValueUse::Used);
                let first = first.filter(|_| !flags.contains(ASTFlags::NEGATED));
                self.member(None, first, &pair.rhs, value_use)
            }
            Expr::Index(pair, flags, _) => {
                let first = self.member(receiver, receiver_type, &pair.lhs, ValueUse::Used);
                self.index(first, &pair.rhs, *flags, value_use)
            }
            _ => None,
        }
    }

    /// Visits what follows a bracket: an index, and the rest of the chain unless `flags` end it.
    fn index(
        &mut self,
        list: Option<ValueType>,
        index: &'a Expr,
        flags: ASTFlags,
        value_use: ValueUse,
    ) -> Option<ValueType> {
        let is_end = flags.contains(ASTFlags::BREAK);
        match index {
            Expr::Dot(pair, ..) if !is_end => {
                let item = self.item(list, &pair.lhs);
                self.member(None, item, &pair.rhs, value_use)
            }
            Expr::Index(pair, inner, _) if !is_end => {
                let item = self.item(list, &pair.lhs);
                self.index(item, &pair.rhs, *inner, value_use)
            }
            end => self.item(list, end),
        }
    }

    fn item(&mut self, list: Option<ValueType>, index: &'a Expr) -> Option<ValueType> {
        let at = self.value(index);
        let (list, at) = (list?, at?);
        let item = indexed(&list, &at);
        self.misuse(
            MisuseKind::Index([list.kind, at.kind]),
            index.start_position(),
        );
        item
    }

    /// Records a change in place, as `row.name.trim()`, of what is in a variable.
    fn in_place_change(&mut self, chain: &'a Expr, value_use: ValueUse) {
        let (Expr::Dot(pair, ..) | Expr::Index(pair, ..)) = chain else {
            return;
        };
        // Another rule reports the use of a value that does not exist.
        if matches!(value_use, ValueUse::Used | ValueUse::Returned) {
            return;
        }
        if let (Some(name), Expr::MethodCall(call, position)) = (root(chain), chain_end(&pair.rhs))
            && self
                .inference
                .changes_in_place(&call.name, call.args.len() + 1)
        {
            self.scopes.mark_changed(name, *position);
        }
    }

    fn variable(&mut self, name: &'a str, position: Position) -> Option<ValueType> {
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
        self.scopes.type_of(name).cloned()
    }

    pub(super) fn call(
        &mut self,
        call: &'a FnCallExpr,
        position: Position,
        receiver: Option<(Receiver<'a>, Option<ValueType>)>,
        value_use: ValueUse,
    ) -> Option<ValueType> {
        if call.capture_parent_scope {
            self.scopes.mark_all_used();
        }
        let is_method = receiver.is_some();
        let (receiver, receiver_type) = match receiver {
            Some((receiver, receiver_type)) => (Some(receiver), receiver_type),
            None => (None, None),
        };
        let names_variable = self.scopes.contains(&call.name);
        let mut types: Vec<Option<ValueType>> =
            is_method.then_some(receiver_type).into_iter().collect();
        let mut closure_type = None;
        for argument in &call.args {
            let argument_type = match self.script.closure(argument) {
                Some(closure) => {
                    let list = types.first().and_then(Option::as_ref);
                    let parameters = self.inference.closure_parameters(&call.name, list);
                    let closure_use = closure_use(&call.name, value_use);
                    let context = self.closure_context(&call.name);
                    let own = closure.0.parameters.get(closure.1.len());
                    if let ("for_each", Some(name)) = (&*call.name, own) {
                        self.misuse(MisuseKind::ForEach(name), position);
                    }
                    closure_type = self.closure(closure, context, parameters, closure_use);
                    Some(ValueType::named("closure"))
                }
                None if call.name == "!" => {
                    self.condition(argument, "!");
                    None
                }
                None => self.value(argument),
            };
            types.push(argument_type);
        }
        let value = match &*call.name {
            name if !is_word(name) => {
                self.compare(call, position, &types);
                if let [Some(left), Some(right)] = types.as_slice() {
                    let kinds = [left.kind.clone(), right.kind.clone()];
                    self.misuse(MisuseKind::Operation(name, kinds), position);
                }
                self.inference.operation(name, &types)
            }
            _ if !call.namespace.is_empty() => None,
            "arg" => argument_type(&call.args),
            "map" if is_method => Some(ValueType::list("array", closure_type)).filter(|_| {
                let list = types.first().and_then(Option::as_ref);
                list.is_some_and(|list| list.kind == "array")
            }),
            name => self.inference.result(name, is_method, &types),
        };
        if let ("contains", None, [list, item]) = (&*call.name, receiver, call.args.as_slice()) {
            self.membership((list, types.first()), (item, types.get(1)), position);
        }
        if is_word(&call.name) {
            self.facts.calls.push(Call {
                name: &call.name,
                module: call.namespace.path.first(),
                is_nested: call.namespace.path.len() > 1,
                receiver,
                arguments: &call.args,
                argument_types: types,
                position,
                value_use,
                names_variable,
                context: self.context,
            });
        } else if value_use == ValueUse::Ignored {
            self.facts.unused_operators.push((&call.name, position));
        }
        value
    }

    /// What surrounds the body of a closure that is passed to a function.
    fn closure_context(&self, name: &str) -> CallContext {
        CallContext {
            error_handling: match name {
                "assert_throws" => ErrorHandling::Expected,
                _ => self.context.error_handling,
            },
            is_repeated: self.context.is_repeated || ITERATION_FUNCTIONS.contains(&name),
            is_planning: self.context.is_planning || name == "invite_all",
        }
    }

    fn compare(&mut self, call: &'a FnCallExpr, position: Position, types: &[Option<ValueType>]) {
        let is_comparison = COMPARISON_OPERATORS.contains(&call.name.as_str());
        if let (
            [value, Expr::StringConstant(name, at)] | [Expr::StringConstant(name, at), value],
            true,
        ) = (call.args.as_slice(), is_comparison)
            && matches!(chain_end(value), Expr::FnCall(test, _) | Expr::MethodCall(test, _) if test.name == "type_of")
        {
            self.misuse(MisuseKind::TypeName(name), *at);
        }
        if is_comparison && !is_proven(call, types) {
            self.facts.unproven_comparisons.insert(position);
        }
        if let ([left, right], [Some(left_type), Some(right_type)], true) =
            (call.args.as_slice(), types, is_comparison)
        {
            self.facts.comparisons.push(Comparison {
                operator: &call.name,
                operands: [(left, left_type.clone()), (right, right_type.clone())],
                position,
                error_handling: self.context.error_handling,
            });
        }
    }

    /// Records `item in list`.
    fn membership(
        &mut self,
        (list, list_type): (&'a Expr, Option<&Option<ValueType>>),
        (item, item_type): (&'a Expr, Option<&Option<ValueType>>),
        position: Position,
    ) {
        let items = list_type.cloned().flatten().and_then(|list| list.item);
        if let (Some(items), Some(item_type)) = (items, item_type.cloned().flatten()) {
            self.facts.comparisons.push(Comparison {
                operator: "in",
                operands: [(item, item_type), (list, *items)],
                position,
                error_handling: self.context.error_handling,
            });
        }
    }

    fn closure(
        &mut self,
        (function, captured): (&'a Function, &'a [Expr]),
        context: CallContext,
        parameter_types: [Option<ValueType>; 2],
        value_use: ValueUse,
    ) -> Option<ValueType> {
        // Captured variables come first, and keep their types.
        let mut types = self.values(captured);
        types.extend(parameter_types);
        let parameters = function.parameters.iter().enumerate();
        let parameters = parameters.map(|(at, name)| {
            let value_type = self.kept_type(name, types.get(at).cloned().flatten());
            let copy = (at >= captured.len()).then_some(Copy::Argument);
            (name.as_str(), value_type, copy)
        });
        let parameters = parameters.collect();
        self.with_context(context, |visitor| {
            visitor.body(function, parameters, value_use)
        })
    }
}

/// What happens to the value of the closure that is passed to a function.
fn closure_use(name: &str, value_use: ValueUse) -> ValueUse {
    if value_use == ValueUse::Ignored || VALUELESS_FUNCTIONS.contains(&name) {
        ValueUse::Last
    } else {
        ValueUse::Used
    }
}

/// Whether the operands of a comparison are known to compare, or it is a test for a missing value.
fn is_proven(call: &FnCallExpr, types: &[Option<ValueType>]) -> bool {
    let is_test_for_unit = matches!(call.name.as_str(), "==" | "!=")
        && call
            .args
            .iter()
            .any(|argument| matches!(argument, Expr::Unit(_)));
    match types {
        [Some(left), Some(right)] => {
            is_test_for_unit || compares(&call.name, &left.kind, &right.kind)
        }
        _ => is_test_for_unit,
    }
}
