//! The run's own assessment, and others by name or id.

use std::sync::Arc;

use rhai::NativeCallContext;

use super::assessment_cache::PendingLookup;
use crate::api;
use crate::bulk::Target;
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;

impl Host {
    /// Finds the assessment called `reference`, or the run's own; the API is asked once for each.
    pub(in crate::script) fn target(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Arc<Target>> {
        if let Some(reference) = reference {
            return self.cached_target(ctx, reference);
        }
        if self.settings().client.config().key.is_none() {
            return Err(throw(ctx, api::Error::NoKey));
        }
        let selected = self.assessment_cache().selected.borrow();
        let reference = selected.as_deref().ok_or_else(|| {
            throw(
                ctx,
                Throw::new(ErrorCode::NoAssessment, "no assessment is set").hint(
                    "pass `--assessment NAME_OR_ID`, or set `GRADIENT_ASSESSMENT_ID`; \
                     `gradient-bulk repl -e \"list_assessments()\"` shows what there is",
                ),
            )
        })?;
        self.cached_target(ctx, reference)
    }

    fn cached_target(&self, ctx: &NativeCallContext, reference: &str) -> RhaiResultOf<Arc<Target>> {
        self.finish_pending_lookup();
        if let Some(target) = self.assessment_cache().known.borrow().get(reference) {
            return Ok(Arc::clone(target));
        }
        let found = self.call_api(ctx, self.settings().client.assessment(reference))?;
        Ok(self.assessment_cache().remember(reference, found))
    }

    /// Returns the id to filter lists by: of the assessment called `reference`, else of the run's own, else none.
    pub(in crate::script) fn assessment_filter_id(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Option<String>> {
        if reference.is_none() && self.assessment_cache().selected.borrow().is_none() {
            return Ok(None);
        }
        Ok(Some(self.target(ctx, reference)?.id.clone()))
    }

    /// Makes the assessment called `reference` the run's own, and returns what it is called. `None` where the user
    /// interrupted the look-up.
    ///
    /// # Errors
    /// There is no such assessment, or the API gave no usable answer; the run's own stays what it was.
    pub fn select_assessment(&self, reference: &str) -> Result<Option<String>, api::Error> {
        let client = &self.settings().client;
        let asked = client.assessment(reference);
        let Some(found) = self.unless_interrupted(asked) else {
            return Ok(None);
        };
        let target = self.assessment_cache().remember(reference, found?);
        self.assessment_cache()
            .selected
            .replace(Some(reference.to_owned()));
        Ok(Some(target.label.clone()))
    }

    /// Returns id or name of the run's own assessment, as it was given.
    #[must_use]
    pub fn assessment(&self) -> Option<String> {
        self.assessment_cache().selected.borrow().clone()
    }

    /// Begins to look up what the run's own assessment is called, where that can be asked.
    pub fn prefetch_assessment(&self) {
        let client = self.settings().client.clone();
        let Some(reference) = self.assessment() else {
            return;
        };
        if client.config().key.is_none() {
            return;
        }
        let asked = reference.clone();
        let handle = self
            .runtime()
            .spawn(async move { client.assessment(&asked).await });
        let lookup = PendingLookup { reference, handle };
        self.assessment_cache().pending_lookup.replace(Some(lookup));
    }

    /// Returns what the run's own assessment is called, where that is known by now.
    #[must_use]
    pub fn assessment_label(&self) -> Option<String> {
        self.finish_pending_lookup();
        let selected = self.assessment()?;
        let known = self.assessment_cache().known.borrow();
        known.get(&selected).map(|target| target.label.clone())
    }

    /// Remembers the assessment that was looked up, once it was found. What failed is asked again when it is needed.
    fn finish_pending_lookup(&self) {
        let mut pending_lookup = self.assessment_cache().pending_lookup.borrow_mut();
        let is_there = |lookup: &mut PendingLookup| lookup.handle.is_finished();
        let Some(lookup) = pending_lookup.take_if(is_there) else {
            return;
        };
        if let Ok(Ok(found)) = self.runtime().wait(lookup.handle) {
            self.assessment_cache().remember(&lookup.reference, found);
        }
    }
}
