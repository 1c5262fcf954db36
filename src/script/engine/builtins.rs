//! Replacements for functions of Rhai that need the host: they end when the script must end.

use rhai::{Dynamic, Engine, NativeCallContext};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::values::json::{JsonError, read_json};

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("parse_json", parse_json);
}

#[expect(clippy::needless_pass_by_value, reason = "Rhai passes values")]
fn parse_json(ctx: NativeCallContext, json: &str) -> RhaiResultOf<Dynamic> {
    let checkpoint = Host::of(&ctx)?.checkpoint();
    read_json(json.as_bytes(), &checkpoint).map_err(|error| match error {
        JsonError::Ended(ended) => ended.into(),
        // As Rhai's own.
        JsonError::Invalid(error) => error.to_string().into(),
        JsonError::TooLarge { line } => {
            let message = format!(
                "the text is too large: {}",
                JsonError::too_many_values(line)
            );
            throw(&ctx, Throw::new(ErrorCode::TooLarge, message))
        }
    })
}
