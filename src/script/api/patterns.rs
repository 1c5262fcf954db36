//! Regular expressions, and what replaces text. A string is always literal: only `regex(…)` makes a pattern.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::{Captures, Regex, RegexBuilder};
use rhai::plugin::*;
use rhai::{Array, ImmutableString};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::limits::bounded_builtins::check_element_count;
use crate::script::limits::text_size::check_byte_count;
use crate::script::values::convert::{or_unit, type_name};

/// A parameter that must be a `Regex`: a string gets an error that says so.
type RegexArgument = Dynamic;
/// A parameter that is a string or a `Regex`.
type StringOrRegex = Dynamic;

/// Maximum bytes of a pattern.
const MAX_PATTERN_BYTES: usize = 10_000;
/// Maximum bytes of a compiled pattern.
const MAX_COMPILED_BYTES: usize = 2 * 1024 * 1024;
/// Maximum nesting of groups in a pattern.
const MAX_NESTING: u32 = 100;
/// How many compiled patterns are kept. A script has a few; one that makes them from its data should not fill the memory.
const MAX_KEPT: usize = 64;

thread_local! {
    /// The patterns of this thread, because a closure compiles its pattern again for each row.
    static COMPILED: RefCell<HashMap<String, Regex>> = RefCell::default();
}

fn compile(pattern: &str) -> Result<Regex, Throw> {
    if let Some(known) = COMPILED.with_borrow(|kept| kept.get(pattern).cloned()) {
        return Ok(known);
    }
    if pattern.len() > MAX_PATTERN_BYTES {
        let length = pattern.len();
        let message =
            format!("a pattern of {length} bytes is too long (at most {MAX_PATTERN_BYTES})");
        return Err(Throw::new(ErrorCode::TooLarge, message));
    }
    let compiled = RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED_BYTES)
        .nest_limit(MAX_NESTING)
        .build()
        .map_err(|error| invalid(pattern, &error))?;
    COMPILED.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(pattern.to_owned(), compiled.clone());
    });
    Ok(compiled)
}

fn invalid(pattern: &str, error: &regex::Error) -> Throw {
    if let regex::Error::CompiledTooBig(_) = error {
        let message = format!("the pattern `{pattern}` is too large");
        return Throw::new(ErrorCode::TooLarge, message).hint("repeat fewer characters: `{1,100}`");
    }
    // The last line says what is wrong; those before it show where.
    let reason = error.to_string();
    let reason = reason.lines().last().unwrap_or_default();
    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
    let message = format!("`{pattern}` is not a regular expression: {reason}");
    Throw::new(ErrorCode::BadPattern, message).hint(hint(reason, pattern))
}

fn hint(reason: &str, pattern: &str) -> String {
    if reason.contains("look-around") || reason.contains("backreferences") {
        return "look-around and backreferences are not supported, so that every search is fast"
            .to_owned();
    }
    format!(
        "to search for this text itself, pass it without `regex`: `text.contains(\"{pattern}\")`"
    )
}

fn regex_of(ctx: &NativeCallContext, value: &RegexArgument) -> RhaiResultOf<Regex> {
    if let Some(regex) = value.read_lock::<Regex>() {
        return Ok(regex.clone());
    }
    Err(throw(ctx, not_a_regex(&type_name(value))))
}

/// The error for a value of another type in place of a pattern.
pub(in crate::script) fn not_a_regex(kind: &str) -> Throw {
    let message = format!("a regular expression is needed, not `{kind}`");
    Throw::new(ErrorCode::WrongType, message)
        .hint("write `regex(\"…\")`; to search for a text itself, `text.contains(\"…\")`")
}

/// Returns the match and its groups; a group that took no part is `()`.
fn groups(captures: &Captures) -> Array {
    let groups = captures.iter();
    groups
        .map(|group| or_unit(group.map(|group| group.as_str())))
        .collect()
}

fn replace_in(
    ctx: &NativeCallContext,
    text: &str,
    find: &StringOrRegex,
    with: &str,
) -> RhaiResultOf<ImmutableString> {
    let checkpoint = Host::of(ctx)?.checkpoint();
    let mut replaced = String::new();
    let mut end = 0;
    let mut add = |from: usize, to: usize, insert: &dyn Fn(&mut String)| {
        replaced.push_str(&text[end..from]);
        insert(&mut replaced);
        end = to;
        if let Some(termination) = checkpoint.pending_termination() {
            return Err(termination.into());
        }
        check_byte_count(ctx, replaced.len())
    };
    if let Some(literal) = find.read_lock::<ImmutableString>() {
        for (at, found) in text.match_indices(literal.as_str()) {
            add(at, at + found.len(), &|text| text.push_str(with))?;
        }
    } else {
        for captures in regex_of(ctx, find)?.captures_iter(text) {
            let found = captures.get_match();
            add(found.start(), found.end(), &|text| {
                captures.expand(with, text);
            })?;
        }
    }
    replaced.push_str(&text[end..]);
    check_byte_count(ctx, replaced.len())?;
    Ok(replaced.into())
}

#[export_module]
pub mod functions {
    pub type Regex = regex::Regex;

    /// Makes a regular expression from a pattern.
    ///
    /// It is for `matches`, `captures`, `captures_all`, `replaced`, `replace` and `split`. A string in these functions is
    /// always literal; only this function gives `.`, `*` and others their meaning. In backticks, a backslash needs no second one: `` regex(`\d+`) ``. `(?i)` at the start ignores case. The time of a
    /// search grows with the length of the text only, so look-around and backreferences do not exist. The syntax is
    /// that of the `regex` crate.
    ///
    /// # Errors
    /// - `bad_pattern`: the pattern is not a regular expression
    /// - `too_large`: the pattern is longer than 10,000 bytes, or takes more than 2 MiB when it is compiled
    ///
    /// # Example
    /// ```rhai
    /// let address = regex(`(?i)^[^@\s]+@example\.(com|org)$`);
    /// print("Jane@Example.com".matches(address));
    /// ```
    #[rhai_fn(name = "regex", return_raw)]
    pub fn make_regex(ctx: NativeCallContext, pattern: &str) -> RhaiResultOf<Regex> {
        compile(pattern).or_throw(&ctx)
    }

    /// Returns whether a regular expression matches any part of a text.
    ///
    /// To match the whole text, begin the pattern with `^` and end it with `$`. `contains` searches for a text itself.
    ///
    /// # Errors
    /// - `wrong_type`: the pattern is not made with `regex`
    ///
    /// # Example
    /// ```rhai
    /// print("REQ-1234".matches(regex(`^REQ-\d+$`)));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn matches(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        pattern: RegexArgument,
    ) -> RhaiResultOf<bool> {
        Ok(regex_of(&ctx, &pattern)?.is_match(text))
    }

    /// Returns the first match of a regular expression and its groups, or `()`.
    ///
    /// The result is an array: the whole match, then the text of each group in parentheses. A group that took no part
    /// in the match is `()`.
    ///
    /// # Errors
    /// - those of `matches`
    ///
    /// # Example
    /// ```rhai
    /// let found = "Jane Smith <jane@example.com>".captures(regex(`^(.*) <(.*)>$`));
    /// if found != () { print(`${found[1]} has the address ${found[2]}`); }
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn captures(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        pattern: RegexArgument,
    ) -> RhaiResultOf<Dynamic> {
        let regex = regex_of(&ctx, &pattern)?;
        Ok(or_unit(regex.captures(text).map(|found| groups(&found))))
    }

    /// Returns every match of a regular expression and its groups, as an array.
    ///
    /// Each is an array as that of `captures`. If there is no match, the result is empty.
    ///
    /// # Errors
    /// - `too_large`: there are more than 10 million matches
    /// - those of `matches`
    ///
    /// # Example
    /// ```rhai
    /// let text = "ann@example.com, or bob@example.com";
    /// print(text.captures_all(regex(`\S+@[\w.]+`)).map(|found| found[0]));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn captures_all(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        pattern: RegexArgument,
    ) -> RhaiResultOf<Array> {
        let regex = regex_of(&ctx, &pattern)?;
        let checkpoint = Host::of(&ctx)?.checkpoint();
        let mut all = Array::new();
        for found in regex.captures_iter(text) {
            if let Some(termination) = checkpoint.pending_termination() {
                return Err(termination.into());
            }
            check_element_count(&ctx, all.len().saturating_mul(found.len()))?;
            all.push(groups(&found).into());
        }
        Ok(all)
    }

    /// Returns a text in which every occurrence of a text or pattern is replaced.
    ///
    /// A string is literal. With a pattern made by `regex`, `$1` in the new text is the first group, `${1}` the same
    /// before a letter or digit, and `$$` a dollar sign. `replace` changes a text in place.
    ///
    /// # Errors
    /// - `wrong_type`: the first argument is neither a string nor made with `regex`
    /// - `too_large`: the text would be larger than 256 MiB
    ///
    /// # Example
    /// ```rhai
    /// print("a.b.c".replaced(".", "-"));
    /// print("Smith, Jane".replaced(regex(`^(\w+), (\w+)$`), "$2 $1"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn replaced(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        find: StringOrRegex,
        replacement: &str,
    ) -> RhaiResultOf<ImmutableString> {
        replace_in(&ctx, text, &find, replacement)
    }

    /// Replaces every match of a regular expression in a text, in place.
    ///
    /// The new text is as for `replaced`.
    ///
    /// # Errors
    /// - those of `replaced`
    ///
    /// # Example
    /// ```rhai
    /// let phone = "+49 30 123-456";
    /// phone.replace(regex(`[^+\d]`), "");
    /// print(phone);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn replace(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        pattern: Regex,
        replacement: &str,
    ) -> RhaiResultOf<()> {
        *text = replace_in(&ctx, text, &Dynamic::from(pattern), replacement)?;
        Ok(())
    }

    /// Splits a text at every match of a regular expression.
    ///
    /// # Errors
    /// - `too_large`: there are more than 10 million parts
    ///
    /// # Example
    /// ```rhai
    /// print("design, sales;hr".split(regex(`[,;]\s*`)));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn split(
        ctx: NativeCallContext,
        text: &mut ImmutableString,
        pattern: Regex,
    ) -> RhaiResultOf<Array> {
        let mut parts = Array::new();
        for part in pattern.split(text) {
            check_element_count(&ctx, parts.len())?;
            parts.push(part.into());
        }
        Ok(parts)
    }

    /// Returns the pattern of a regular expression.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(regex(`\d+`));
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(regex: &mut Regex) -> String {
        format!("regex(`{regex}`)")
    }
}
