//! Candidates: the people that the organization has invited.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::api::{Candidate, CandidateFilter, Time};
use crate::script::api::conversion::object_map::{object_map, to_maps};
use crate::script::error::throw::RhaiResultOf;
use crate::script::host::run_host::Host;
use crate::script::values::option_map::{option_map, read_map};

object_map! {
    CANDIDATE: "a candidate" from Candidate {
        /// the candidate's id
        id: String,
        /// the candidate's address
        email: Option<String>,
        /// the candidate's name
        name: Option<String>,
        /// when the candidate was created
        created_at: Option<Time>,
    }
}

option_map! {
    pub(super) struct CandidateQuery: Options {
        /// The assessment that the candidates were invited to, by id or name. The run's assessment by default.
        assessment: Option<String>,
    }
}

fn list(ctx: &NativeCallContext, filter: &Map) -> RhaiResultOf<Array> {
    let host = Host::of(ctx)?;
    let filter: CandidateQuery = read_map(ctx, filter)?;
    let filter = CandidateFilter {
        assessment_id: host.assessment_filter_id(ctx, filter.assessment.as_deref())?,
    };
    let listed = host.call_api(ctx, host.settings.client.candidates(&filter))?;
    Ok(to_maps(&host, &listed))
}

#[export_module]
pub mod functions {
    /// Lists the candidates of the run's assessment as maps, from every page.
    ///
    /// If no assessment is set, the candidates of all assessments are listed.
    ///
    /// # Errors
    /// - those of `list_assessments`
    ///
    /// # Example
    /// ```rhai
    /// let known = list_candidates().map(|c| c.email);
    /// print(`${known.len()} candidates`);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn list_candidates(ctx: NativeCallContext) -> RhaiResultOf<Array> {
        list(&ctx, &Map::new())
    }

    /// Lists the candidates that match a filter as maps, from every page.
    ///
    /// # Errors
    /// - `unknown_option`: the filter has an unknown key
    /// - those of `assessment`
    ///
    /// # Example
    /// ```rhai
    /// let known = list_candidates(#{ assessment: "Data Analyst Assessment" });
    /// print(known.len());
    /// ```
    #[rhai_fn(name = "list_candidates", return_raw)]
    pub fn list_candidates_filtered(ctx: NativeCallContext, filter: Map) -> RhaiResultOf<Array> {
        list(&ctx, &filter)
    }
}
