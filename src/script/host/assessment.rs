//! Finds the run's assessment, and others by id or name.

use std::sync::Arc;

use rhai::NativeCallContext;

use super::state::PendingLookup;
use crate::api::{self, is_assessment_id};
use crate::bulk::{Target, existing_sessions};
use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::host::state::SessionList;

impl Host {
    /// Finds the assessment with this id or name, or the run's. Each is fetched once.
    pub(in crate::script) fn resolve_assessment(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Arc<Target>> {
        if let Some(reference) = reference {
            return self.cached_assessment(ctx, reference);
        }
        if self.settings.client.config().key.is_none() {
            return Err(throw(ctx, api::Error::NoKey));
        }
        let selected = self.assessment_cache.selected.borrow();
        let reference = selected.as_deref().ok_or_else(|| {
            throw(
                ctx,
                Throw::new(ErrorCode::NoAssessment, "no assessment is set").hint(
                    "pass `--assessment NAME_OR_ID`, or set `GRADIENT_ASSESSMENT_ID`; \
                     `gradient-bulk repl -e \"list_assessments()\"` lists them",
                ),
            )
        })?;
        self.cached_assessment(ctx, reference)
    }

    /// Finds the assessment with this id or name, or the run's, for an invitation. With `lists_sessions`, its sessions are needed,
    /// too: if they can be listed without it, they are listed at the same time.
    pub(in crate::script) fn resolve_target(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
        lists_sessions: bool,
    ) -> RhaiResultOf<Arc<Target>> {
        let selected = self.assessment_cache.selected.borrow();
        let id = reference.or(selected.as_deref());
        let begun = id.filter(|id| lists_sessions && self.is_unknown_id(id));
        if let Some(id) = begun {
            self.session_lists.add(id, self.begin_session_list(id));
        }
        let target = self.resolve_assessment(ctx, reference);
        if begun.is_some_and(|id| !target.as_ref().is_ok_and(|target| target.id == id)) {
            self.abandon_session_lists();
        }
        target
    }

    /// Returns the list of sessions that was begun for an assessment, or begins one.
    pub(in crate::script) fn take_session_list(&self, assessment: &str) -> SessionList {
        let begun = self.session_lists.take(assessment);
        begun.unwrap_or_else(|| self.begin_session_list(assessment))
    }

    /// Ends the lists of sessions that were begun for an invitation that is not sent.
    pub(in crate::script) fn abandon_session_lists(&self) {
        self.session_lists.abandon();
    }

    fn begin_session_list(&self, assessment: &str) -> SessionList {
        let client = self.settings.client.clone();
        self.runtime
            .spawn(existing_sessions(client, assessment.to_owned()))
    }

    /// Returns whether `reference` is an id, as the API spells it, that is not looked up yet.
    fn is_unknown_id(&self, reference: &str) -> bool {
        let cache = &self.assessment_cache;
        if cache.known.borrow().contains_key(reference) {
            return false;
        }
        let pending = cache.pending_lookup.borrow();
        let is_pending = pending
            .as_ref()
            .is_some_and(|lookup| lookup.reference == reference);
        let has_capitals = reference.bytes().any(|byte| byte.is_ascii_uppercase());
        is_assessment_id(reference) && !is_pending && !has_capitals
    }

    fn cached_assessment(
        &self,
        ctx: &NativeCallContext,
        reference: &str,
    ) -> RhaiResultOf<Arc<Target>> {
        self.finish_pending_lookup();
        if let Some(target) = self.assessment_cache.known.borrow().get(reference) {
            return Ok(Arc::clone(target));
        }
        let found = self.call_api(ctx, self.settings.client.assessment(reference))?;
        Ok(self
            .assessment_cache
            .remember(reference, found, self.zone()))
    }

    /// Returns the id to filter lists by: that of the assessment with this id or name, or of the run's, if there is
    /// one.
    pub(in crate::script) fn assessment_filter_id(
        &self,
        ctx: &NativeCallContext,
        reference: Option<&str>,
    ) -> RhaiResultOf<Option<String>> {
        if reference.is_none() && self.assessment_cache.selected.borrow().is_none() {
            return Ok(None);
        }
        Ok(Some(self.resolve_assessment(ctx, reference)?.id.clone()))
    }

    /// Selects the assessment with this id or name for the run, and returns its label. `None` means that the user
    /// interrupted.
    ///
    /// # Errors
    /// There is no such assessment, or the API gave no usable response; the selection is unchanged.
    pub fn select_assessment(&self, reference: &str) -> Result<Option<String>, api::Error> {
        let client = &self.settings.client;
        let request = client.assessment(reference);
        let Some(found) = self.unless_interrupted(request) else {
            return Ok(None);
        };
        let target = self
            .assessment_cache
            .remember(reference, found?, self.zone());
        self.assessment_cache
            .selected
            .replace(Some(reference.to_owned()));
        Ok(Some(target.label.clone()))
    }

    /// Returns the id or name of the run's assessment, as it was given.
    pub fn assessment(&self) -> Option<String> {
        self.assessment_cache.selected.borrow().clone()
    }

    /// Starts to fetch the run's assessment in the background, if there is an API key.
    pub fn prefetch_assessment(&self) {
        let client = self.settings.client.clone();
        let Some(reference) = self.assessment() else {
            return;
        };
        if client.config().key.is_none() {
            return;
        }
        let id_or_name = reference.clone();
        let handle = self
            .runtime
            .spawn(async move { client.assessment(&id_or_name).await });
        let lookup = PendingLookup { reference, handle };
        self.assessment_cache.pending_lookup.replace(Some(lookup));
    }

    /// Returns the label of the run's assessment, if it has been fetched.
    pub fn assessment_label(&self) -> Option<String> {
        self.finish_pending_lookup();
        let selected = self.assessment()?;
        let known = self.assessment_cache.known.borrow();
        known.get(&selected).map(|target| target.label.clone())
    }

    /// Caches the assessment that was fetched in the background. If that failed, it is fetched again when needed.
    fn finish_pending_lookup(&self) {
        let mut pending_lookup = self.assessment_cache.pending_lookup.borrow_mut();
        let is_finished = |lookup: &mut PendingLookup| lookup.handle.is_finished();
        let Some(lookup) = pending_lookup.take_if(is_finished) else {
            return;
        };
        if let Ok(Ok(found)) = self.runtime.wait(lookup.handle) {
            self.assessment_cache
                .remember(&lookup.reference, found, self.zone());
        }
    }
}
