//! The value that `skip` returns.

use rhai::ImmutableString;

/// Leaves a row out of a plan.
#[derive(Clone, Debug)]
pub(in crate::script) struct Skip {
    pub(in crate::script) reason: ImmutableString,
}
