//! Scoring for scripts: sessions in, rows of scores out.

use std::cell::RefCell;

use rhai::{Array, Dynamic, Map, NativeCallContext};
use serde_json::Number;

use crate::api::{AutoScores, FollowUp, Score, snake_case};
use crate::bulk::{
    BulkFrontend, Consent, Event, ExecutionStatus, NO_SESSION, OutcomeRow, Plan, Rejection,
    SendResult, StopReason,
};
use crate::change_kind::ChangeKind;
use crate::error_code::ErrorCode;
use crate::ledger::RowState;
use crate::script::api::conversion::object_map::{MapBuilder, ToMap, object_map};
use crate::script::api::session_changes::SessionChange;
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::{Console, Host};
use crate::script::number::from_json_number;
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::{from_json, or_unit};
use crate::script::values::result_shape::{ResultKey, ResultShape};

impl ToMap for Score {
    fn to_map(&self, host: &Host) -> Map {
        let auto = self.auto_scores.as_ref();
        let number = |number: Option<&Number>| number.map(from_json_number);
        let raw_total = auto.and_then(|auto| auto.raw_total.as_ref());
        let final_total = auto.and_then(|auto| auto.final_total.as_ref());
        let this_assessment = self.percentile_this_assessment.as_ref();
        let questions = self.follow_up_questions.iter().flatten();
        let questions: Array = questions.map(|each| each.to_map(host).into()).collect();
        MapBuilder::new(host, &self.extra)
            .field("score_id", &self.id)
            .field("summary_text", &self.summary_text)
            .field("feedback_text", &self.feedback_text)
            .field("scored_at", &self.scored_at)
            .value("final_score", number(self.final_score.as_ref()))
            .value("raw_total", number(raw_total))
            .value("final_total", number(final_total))
            .value("categories", Some(categories(auto)))
            .value("follow_up_questions", Some(questions))
            .value("percentile_this_assessment", number(this_assessment))
            .value(
                "percentile_category",
                number(self.percentile_category.as_ref()),
            )
            .value("percentile_global", number(self.percentile_global.as_ref()))
            .into_map()
    }
}

/// The categories by name. The names are not names of fields, so they keep their spelling.
fn categories(scores: Option<&AutoScores>) -> Map {
    let categories = scores.and_then(|scores| scores.categories.as_ref());
    categories
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.into(), from_json(value, &snake_case)))
        .collect()
}

object_map! {
    FOLLOW_UP: "a question" from FollowUp {
        /// the category that it is about
        category_id: Option<String>,
        /// what to ask the candidate
        question: Option<String>,
        /// why to ask it
        rationale: Option<String>,
        /// what a good answer contains
        look_for: Option<String>,
    }
}

/// The keys of a row of scores; [`row_map`] makes the map.
pub(in crate::script) const SCORE: ResultShape = ResultShape::open(
    "a score",
    &[
        ResultKey::new("final_score", NUMBER, "the points"),
        ResultKey::new(
            "categories",
            "map",
            "for each category by its name, `#{ score, max_points, sub_criteria }`",
        ),
        ResultKey::new(
            "percentile_this_assessment",
            NUMBER,
            "compared with all candidates of the assessment",
        ),
        ResultKey::new(
            "percentile_category",
            NUMBER,
            "compared with all candidates of the category",
        ),
        ResultKey::new("percentile_global", NUMBER, "compared with all candidates"),
        ResultKey::new("summary_text", "string", "a summary for the recruiter"),
        ResultKey::new("feedback_text", "string", "feedback for the candidate"),
        ResultKey::new("follow_up_questions", "array", "questions for an interview").of(&FOLLOW_UP),
        ResultKey::new("scored_at", "DateTime", "when the session was scored"),
        ResultKey::new("raw_total", NUMBER, "the sum of the points"),
        ResultKey::new("final_total", NUMBER, "the sum after adjustments"),
        ResultKey::new("score_id", "string", "the score's id"),
        ResultKey::new("session_id", "string", "the session's id"),
        ResultKey::new(
            "candidate_name",
            "string",
            "the candidate's name, if it is known",
        ),
        ResultKey::new(
            "candidate_email",
            "string",
            "the candidate's address, if it is known",
        ),
        ResultKey::new(
            "outcome",
            "string",
            "`\"scored\"`, `\"skipped\"`, `\"failed\"`, or in a dry run `\"planned\"`",
        ),
        ResultKey::new("note", "string", "why the session was skipped or failed"),
    ],
);

/// The type of a number of the API.
const NUMBER: &str = "int or float";

/// Scores the sessions that have no score, and with `again` all of them; returns a row for each.
pub(in crate::script) fn score_all(
    host: &Host,
    ctx: &NativeCallContext,
    sessions: RowIter,
    again: bool,
) -> RhaiResultOf<Array> {
    let change = SessionChange {
        kind: ChangeKind::Score,
        function: "score_all",
        again,
        frontend: &*host.console,
    };
    let (ended, outcome) = change.execute(host, ctx, sessions, Ok)?;
    if outcome.counts.sent() == 0
        && let ExecutionStatus::Stopped(StopReason::Refused(error)) = ended.status
    {
        // Nothing was scored, and nothing can be with this key.
        return Err(throw(ctx, error));
    }
    host.console.report(&ended, &outcome);
    let unsent = match &ended.status {
        // What was paid for is not lost: the script gets the rows.
        ExecutionStatus::Stopped(StopReason::Refused(_)) => {
            Some("not requested: the API refuses the key".to_owned())
        }
        ExecutionStatus::Stopped(StopReason::RepeatedFailures { rows, .. }) => {
            Some(format!("not requested after {rows} consecutive failures"))
        }
        status => {
            if let Some(ending) = Termination::of(status) {
                return Err(ending.into());
            }
            None
        }
    };
    if unsent.is_some() {
        host.record_stopped_scoring();
    }
    let rows = outcome.rows(&[]).or_throw(ctx)?;
    rows.map(|row| {
        let row = row.or_throw(ctx)?;
        Ok(row_map(host, row, unsent.as_deref()).into())
    })
    .collect()
}

/// Scores one session, also if it has a score.
pub(in crate::script) fn score_one(
    host: &Host,
    ctx: &NativeCallContext,
    id: &str,
) -> RhaiResultOf<Map> {
    let frontend = ResultKeeper {
        console: &*host.console,
        result: RefCell::default(),
    };
    let change = SessionChange {
        kind: ChangeKind::Score,
        function: "score",
        again: true,
        frontend: &frontend,
    };
    let sessions = RowIter::of(ctx, Dynamic::from_array(vec![id.into()]))?;
    let (ended, outcome) = change.execute(host, ctx, sessions, Ok)?;
    match (ended.status, frontend.result.take()) {
        (ExecutionStatus::Stopped(StopReason::Refused(error)), _)
        | (
            _,
            Some(
                SendResult::Failed(error)
                | SendResult::Unclear(error)
                | SendResult::Kept(Some(error)),
            ),
        ) => return Err(throw(ctx, error)),
        (status, _) => {
            if let Some(ending) = Termination::of(&status) {
                return Err(ending.into());
            }
        }
    }
    let row = outcome.last().or_throw(ctx)?;
    let Some(row) = row else {
        return Ok(Map::new());
    };
    if row.state != RowState::Kept {
        return Ok(row_map(host, row, None));
    }
    let reason = row.note.unwrap_or_default();
    let (code, message) = if reason == NO_SESSION {
        (ErrorCode::NotFound, format!("there is no session `{id}`"))
    } else {
        let message = format!("the session `{id}` cannot be scored: {reason}");
        (ErrorCode::WrongState, message)
    };
    Err(throw(ctx, Throw::new(code, message)))
}

/// Keeps the result of a row for the error that the script gets.
struct ResultKeeper<'a> {
    console: &'a dyn Console,
    result: RefCell<Option<SendResult>>,
}

impl BulkFrontend for ResultKeeper<'_> {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        self.console.show(plan, rejection);
    }

    fn approve(&self, plan: &Plan) -> Consent {
        self.console.approve(plan)
    }

    fn progress(&self, event: Event) {
        if let Event::RowResult { result, .. } = event {
            self.result.replace(Some(result));
        } else {
            self.console.progress(event);
        }
    }
}

/// Returns the row that scripts see: the session, its outcome, and all keys of a score, which are `()` if there is
/// none. `unsent` is why rows were not sent, if sending stopped.
fn row_map(host: &Host, row: OutcomeRow, unsent: Option<&str>) -> Map {
    let score = row.result.as_deref();
    let score: Option<Score> = score.and_then(|json| serde_json::from_str(json).ok());
    let (outcome, note) = match (row.state, unsent) {
        (RowState::Done, _) => ("scored", row.note.filter(|_| score.is_none())),
        (RowState::Duplicate, _) => ("skipped", Some("listed twice".to_owned())),
        (RowState::Kept | RowState::Skipped | RowState::Invalid, _) => ("skipped", row.note),
        (RowState::Failed | RowState::Unclear, _) => ("failed", row.note),
        (_, Some(why)) => ("skipped", Some(why.to_owned())),
        (_, None) => ("planned", None),
    };
    let mut map = score.unwrap_or_default().to_map(host);
    for (key, value) in [
        ("session_id", or_unit(row.session_id)),
        ("candidate_email", or_unit(non_empty(row.email))),
        ("candidate_name", or_unit(non_empty(row.name))),
        ("outcome", outcome.into()),
        ("note", or_unit(note)),
    ] {
        map.insert(key.into(), value);
    }
    map
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
