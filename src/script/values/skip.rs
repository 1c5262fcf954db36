//! What `skip` returns.

/// What `skip` returns: this row is to be left out.
#[derive(Clone, Debug)]
pub(in crate::script) struct Skip {
    /// Why.
    pub(in crate::script) reason: String,
}
