//! Lists of rows that functions take: arrays and lazy lists.
//!
//! A type of lazy list implements [`LazyList`] and is listed in [`LAZY_LIST_TYPES`]. Then `for` loops and every
//! function that takes a [`RowIter`] support it, and a script that treats it as an array gets a hint.

use std::{iter, vec};

use rhai::{Array, Dynamic, Engine, FnPtr, FuncRegistration, Module, NativeCallContext};

use super::columns::columns;
use super::lazy_list::{LazyList, RowStream};
use super::results::Results;
use super::scan::Scan;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::limits::checkpoint::Checkpoint;
use crate::script::values::convert::plain_type_name;

/// A parameter that is an array or a lazy list; the reference shows it as `list`.
pub(in crate::script) type List = Dynamic;

const LAZY_LIST_TYPES: [LazyListType; 2] =
    [LazyListType::of::<Scan>(), LazyListType::of::<Results>()];

/// Functions of arrays that call a closure for the items, and change nothing.
const ARRAY_FUNCTIONS: [&str; 7] = ["all", "filter", "find", "find_map", "map", "reduce", "some"];

struct LazyListType {
    name: &'static str,
    register: fn(&mut Engine),
    stream: fn(&Dynamic) -> Option<Result<RowStream, Throw>>,
    preview: fn(&Dynamic) -> Option<Result<RowStream, Throw>>,
    can_repeat: fn(&Dynamic) -> Option<bool>,
}

impl LazyListType {
    const fn of<T: LazyList>() -> Self {
        Self {
            name: T::NAME,
            register: register_type::<T>,
            stream: |list| list.read_lock::<T>().map(|list| list.stream()),
            preview: |list| {
                let list = list.read_lock::<T>()?;
                list.can_repeat().then(|| list.stream())
            },
            can_repeat: |list| list.read_lock::<T>().map(|list| list.can_repeat()),
        }
    }
}

/// Registers the types of lazy lists, and `for` loops over them.
pub(in crate::script) fn register(engine: &mut Engine) {
    for kind in LAZY_LIST_TYPES {
        (kind.register)(engine);
    }
}

fn register_type<T: LazyList>(engine: &mut Engine) {
    let mut loops = Module::new();
    loops.set_iter_result(std::any::TypeId::of::<T>(), |list| {
        loop_iterator(&list.cast::<T>())
    });
    engine
        .register_type_with_name::<T>(T::NAME)
        .register_global_module(loops.into());
    for name in ARRAY_FUNCTIONS {
        FuncRegistration::new(name)
            .with_params_info(["list: List", "closure: FnPtr", "Dynamic"])
            .register_into_engine(
                engine,
                move |ctx: NativeCallContext, list: T, closure: FnPtr| {
                    as_array(&ctx, name, list, &mut [&mut closure.into()])
                },
            );
    }
    FuncRegistration::new("reduce")
        .with_params_info([
            "list: List",
            "closure: FnPtr",
            "initial: Dynamic",
            "Dynamic",
        ])
        .register_into_engine(
            engine,
            |ctx: NativeCallContext, list: T, closure: FnPtr, mut initial: Dynamic| {
                let arguments: &mut [&mut Dynamic] = &mut [&mut closure.into(), &mut initial];
                as_array(&ctx, "reduce", list, arguments)
            },
        );
}

/// Calls a function of arrays with all rows of a lazy list.
fn as_array<T: LazyList>(
    ctx: &NativeCallContext,
    name: &str,
    list: T,
    arguments: &mut [&mut Dynamic],
) -> RhaiResultOf<Dynamic> {
    let mut rows = materialize(ctx, Dynamic::from(list))?;
    let mut all: Vec<&mut Dynamic> = vec![&mut rows];
    all.extend(arguments.iter_mut().map(|argument| &mut **argument));
    ctx.call_native_fn_raw(name, true, &mut all)
}

/// Iterates for a `for` loop. An error has no position, because Rhai adds that of the loop; if the script catches the
/// error, it sees the position of the call that created the list.
fn loop_iterator<T: LazyList>(list: &T) -> Box<dyn Iterator<Item = RhaiResultOf<Dynamic>>> {
    let position = list.position();
    let raise = move |error: Throw| {
        let mut raised = error.at(position);
        raised.clear_position();
        raised
    };
    match list.stream() {
        Ok(stream) => Box::new(stream.rows.map(move |row| row.map_err(raise))),
        Err(error) => Box::new(iter::once(Err(raise(error)))),
    }
}

/// Starts a pass over `list`, if it is a lazy list that can be read more than once.
pub(in crate::script) fn preview(list: &Dynamic) -> Option<Result<RowStream, Throw>> {
    LAZY_LIST_TYPES.iter().find_map(|kind| (kind.preview)(list))
}

/// Returns whether `list` is a lazy list that can be read only once.
pub(in crate::script) fn is_read_once(list: &Dynamic) -> bool {
    let mut kinds = LAZY_LIST_TYPES.iter();
    kinds.any(|kind| (kind.can_repeat)(list) == Some(false))
}

/// Explains that a value of this type is not an array, if it is a lazy list.
pub(in crate::script) fn lazy_hint(name: &str) -> Option<String> {
    let kind = LAZY_LIST_TYPES.iter().find(|kind| kind.name == name)?;
    let name = kind.name;
    Some(format!(
        "a `{name}` yields one row at a time: loop over it with `for`, or make it an array with `.to_array()`"
    ))
}

/// Returns whether `value` is an array or a lazy list.
pub(in crate::script) fn is_list(value: &Dynamic) -> bool {
    let name = plain_type_name(value.type_name());
    value.is_array() || lazy_list_names().any(|lazy| lazy == name)
}

/// Returns the names of the types of lazy lists.
pub(in crate::script) fn lazy_list_names() -> impl Iterator<Item = &'static str> {
    LAZY_LIST_TYPES.iter().map(|kind| kind.name)
}

/// The rows of a list that a script passed to a function. The user can interrupt the run between two rows.
pub(in crate::script) struct RowIter<'a> {
    ctx: &'a NativeCallContext<'a>,
    checkpoint: Checkpoint,
    source: RowSource,
}

enum RowSource {
    Array(vec::IntoIter<Dynamic>),
    LazyList(RowStream),
}

impl<'a> RowIter<'a> {
    /// Iterates over a list of rows.
    ///
    /// # Errors
    /// `wrong_type`: the value is not a list. Errors of starting a pass over it.
    pub(in crate::script) fn of(
        ctx: &'a NativeCallContext<'a>,
        list: Dynamic,
    ) -> RhaiResultOf<Self> {
        let source = match LAZY_LIST_TYPES.iter().find_map(|kind| (kind.stream)(&list)) {
            Some(stream) => RowSource::LazyList(stream.map_err(|error| throw(ctx, error))?),
            None => match list.into_array() {
                Ok(array) => RowSource::Array(array.into_iter()),
                Err(found) => return Err(throw(ctx, not_a_list(ctx, found))),
            },
        };
        Ok(Self {
            ctx,
            checkpoint: Host::of(ctx)?.checkpoint(),
            source,
        })
    }

    /// Returns the columns of the rows.
    ///
    /// # Errors
    /// `wrong_type`: an item of an array is not a row.
    pub(in crate::script) fn columns(&self) -> RhaiResultOf<Vec<String>> {
        match &self.source {
            RowSource::Array(items) => {
                columns(items.as_slice()).map_err(|error| throw(self.ctx, error))
            }
            RowSource::LazyList(stream) => Ok(stream.columns.clone()),
        }
    }
}

impl Iterator for RowIter<'_> {
    type Item = RhaiResultOf<Dynamic>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(ending) = self.checkpoint.pending_termination() {
            return Some(Err(ending.into()));
        }
        match &mut self.source {
            RowSource::Array(items) => items.next().map(Ok),
            RowSource::LazyList(stream) => {
                let row = stream.rows.next()?;
                Some(row.map_err(|error| throw(self.ctx, error)))
            }
        }
    }
}

/// Converts a lazy list to an array; any other value is returned unchanged.
pub(in crate::script) fn materialize(
    ctx: &NativeCallContext,
    value: Dynamic,
) -> RhaiResultOf<Dynamic> {
    let name = ctx.engine().map_type_name(value.type_name());
    if LAZY_LIST_TYPES.iter().all(|kind| kind.name != name) {
        return Ok(value);
    }
    let rows: RhaiResultOf<Array> = RowIter::of(ctx, value)?.collect();
    rows.map(Dynamic::from_array)
}

fn not_a_list(ctx: &NativeCallContext, found: &str) -> Throw {
    let found = plain_type_name(ctx.engine().map_type_name(found));
    let message = format!("a list is needed, not `{found}`");
    Throw::new(ErrorCode::WrongType, message)
}
