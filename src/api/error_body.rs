//! Finds the reason that a server gives in the JSON of an error response.
//!
//! Documented is `{ "error": { "code": "…", "message": "…" } }`. Gateways and frameworks in front of the API have forms of their
//! own, and a reason in any of them is better than none.

use serde_json::{Map, Value};

/// The names of a member that explains the error, the best first. Case does not matter.
const MESSAGE_NAMES: [&str; 8] = [
    "message",
    "detail",
    "error_description",
    "msg",
    "reason",
    "error",
    "title",
    "description",
];
/// The names of a member for the part of the request that is wrong.
const FIELD_NAMES: [&str; 4] = ["field", "param", "path", "loc"];
/// How many entries of a list become part of the reason.
const MAX_ENTRIES: usize = 10;

/// The parts of a reason, as the server wrote them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reason {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

impl Reason {
    /// Finds the reason in the body of a response.
    pub(super) fn find(body: &Value) -> Self {
        let message = describe(body);
        let code = find_code(body).filter(|code| message.as_deref() != Some(code));
        Self {
            code: code.map(str::to_owned),
            message,
        }
    }
}

fn find_code(body: &Value) -> Option<&str> {
    let top = body.as_object()?;
    let in_error = |name| text(member(member(top, "error")?.as_object()?, name)?);
    in_error("code")
        .or_else(|| in_error("status"))
        .or_else(|| text(member(top, "code")?))
        .or_else(|| text(member(top, "error")?))
}

/// Returns what `value` says about the error in one text.
fn describe(value: &Value) -> Option<String> {
    match value {
        Value::String(_) => text(value).map(str::to_owned),
        Value::Array(entries) => join(entries.iter().filter_map(describe)),
        Value::Object(members) => describe_object(members),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn describe_object(members: &Map<String, Value>) -> Option<String> {
    let message = MESSAGE_NAMES
        .iter()
        .find_map(|name| describe(member(members, name)?));
    let errors = member(members, "errors").and_then(describe);
    if message.is_none() && errors.is_none() {
        return describe_members(members);
    }
    let field = FIELD_NAMES
        .iter()
        .find_map(|name| field(member(members, name)?));
    let found = [field, message, errors].into_iter().flatten();
    Some(found.collect::<Vec<_>>().join(": "))
}

/// Returns all text in `members` of other names: those of [`MESSAGE_NAMES`] have none, and a code alone is not a message.
fn describe_members(members: &Map<String, Value>) -> Option<String> {
    // Looking at the same members twice, at every level, would take forever.
    let is_known = |name: &str| {
        let mut known = MESSAGE_NAMES
            .iter()
            .chain(&["errors", "code", "status", "type"]);
        known.any(|known| known.eq_ignore_ascii_case(name))
    };
    let described = members
        .iter()
        .filter(|(name, _)| !is_known(name))
        .filter_map(|(name, value)| Some(format!("{name}: {}", describe(value)?)));
    join(described)
}

/// Returns the name of a field of the request, which can be a list: `["body", "email"]`.
fn field(value: &Value) -> Option<String> {
    match value {
        Value::Array(parts) => {
            let parts: Vec<&str> = parts.iter().filter_map(text).collect();
            (!parts.is_empty()).then(|| parts.join("."))
        }
        _ => text(value).map(str::to_owned),
    }
}

fn join(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.take(MAX_ENTRIES).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Returns the member called `name`, in upper or lower case.
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut members = members.iter();
    members
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Returns the text of `value`, unless it is blank.
fn text(value: &Value) -> Option<&str> {
    value
        .as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Reason;
    use serde_json::{Value, json};

    fn found(body: &Value) -> (Option<String>, Option<String>) {
        let Reason { code, message } = Reason::find(body);
        (message, code)
    }

    #[test]
    fn nesting_takes_no_time() {
        let mut body = json!(null);
        for _ in 0..120 {
            body = json!({ "error": body, "errors": [], "other": {} });
        }
        assert_eq!(found(&body), (None, None));
    }

    #[test]
    fn the_reason_is_found_in_every_usual_form() {
        for (body, message, code) in [
            (
                json!({ "error": { "code": "c", "message": "m" } }),
                "m",
                "c",
            ),
            (json!({ "error": { "message": "m" } }), "m", ""),
            (json!({ "error": { "code": "c" } }), "", "c"),
            (
                json!({ "error": { "code": 400, "message": "m", "status": "S" } }),
                "m",
                "S",
            ),
            (json!({ "error": "e" }), "e", ""),
            (
                json!({ "error": "Bad Request", "message": ["a", "b"] }),
                "a; b",
                "Bad Request",
            ),
            (
                json!({ "error": "invalid", "error_description": "d" }),
                "d",
                "invalid",
            ),
            (json!({ "message": "m", "code": "c" }), "m", "c"),
            (json!({ "Message": "m" }), "m", ""),
            (json!({ "title": "t", "detail": "d" }), "d", ""),
            (json!({ "title": "t" }), "t", ""),
            (
                json!({ "errors": [{ "field": "email", "message": "m" }] }),
                "email: m",
                "",
            ),
            (
                json!({ "detail": [{ "loc": ["body", "email"], "msg": "m" }] }),
                "body.email: m",
                "",
            ),
            (
                json!({ "message": "m", "errors": { "email": ["a", "b"] } }),
                "m: email: a; b",
                "",
            ),
            (
                json!({ "error": { "code": "c", "message": { "email": ["m"] } } }),
                "email: m",
                "c",
            ),
            (
                json!({ "ok": false, "why": { "deep": "w" } }),
                "why: deep: w",
                "",
            ),
            (json!(["a", { "b": "c" }]), "a; b: c", ""),
            (json!("s"), "s", ""),
            (
                json!({ "message": " ", "error": { "message": null }, "n": 1 }),
                "",
                "",
            ),
            (json!({}), "", ""),
            (json!(null), "", ""),
        ] {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            assert_eq!(found(&body), (some(message), some(code)), "{body}");
        }
    }
}
