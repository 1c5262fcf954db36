//! Scoring for scripts: sessions in, rows of scores out.

use rhai::{Array, Dynamic, ImmutableString, Map, NativeCallContext};
use serde_json::Number;

use crate::api::{self, AutoScores, FollowUp, Score, snake_case};
use crate::bulk::{Consent, Scorable, ScoreCounts, ScoringResult, ScoringStatus, score, select};
use crate::error_code::ErrorCode;
use crate::script::api::conversion::object_map::{MapBuilder, ToMap, object_map};
use crate::script::error::termination::Termination;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::number::from_json_number;
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::{from_json, or_unit, to_cell, type_name};
use crate::script::values::result_shape::{ResultKey, ResultShape};
use crate::text::{count, is_or_are};

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
    let sessions: Vec<Scorable> = sessions
        .map(|row| scorable(ctx, &row?))
        .collect::<RhaiResultOf<_>>()?;
    let mut rows = execute(host, select(sessions, again))?;
    if ScoreCounts::of(&rows).scored == 0
        && let Some(error) = take_auth_error(&mut rows)
    {
        // Nothing was scored, and nothing can be with this key.
        return Err(throw(ctx, error));
    }
    if !host.settings().options.dry_run {
        host.console().note(&summary_line(&rows));
    }
    Ok(rows.iter().map(|row| row_map(host, row).into()).collect())
}

/// Scores one session, whatever its status.
pub(in crate::script) fn score_one(
    host: &Host,
    ctx: &NativeCallContext,
    id: &str,
) -> RhaiResultOf<Map> {
    let session = Scorable {
        id: id.to_owned(),
        ..Scorable::default()
    };
    let rows = execute(host, select(vec![session], true))?;
    match rows.into_iter().next() {
        Some(ScoringResult {
            scoring_status: ScoringStatus::Failed(error),
            ..
        }) => Err(throw(ctx, error)),
        Some(row) => Ok(row_map(host, &row)),
        None => Ok(Map::new()),
    }
}

/// Scores the open sessions after asking for confirmation.
fn execute(host: &Host, rows: Vec<ScoringResult>) -> RhaiResultOf<Vec<ScoringResult>> {
    let open = ScoreCounts::of(&rows).open;
    let options = &host.settings().options;
    if open == 0 {
        return Ok(rows);
    }
    if options.dry_run {
        let (sessions, verb) = (count(open, "session"), is_or_are(open));
        host.console()
            .note(&format!("dry run: {sessions} {verb} not scored"));
        return Ok(rows);
    }
    match host.console().approve_scores(open) {
        Consent::Given => {}
        Consent::Refused => return Err(Termination::NotConfirmed.into()),
        Consent::Interrupted => return Err(Termination::Interrupted.into()),
    }
    let client = &host.settings().client;
    let runtime = host.runtime();
    let concurrency = client.config().limits.concurrency;
    let rows = score(rows, client, concurrency, runtime, host.console());
    host.record_scores(ScoreCounts::of(&rows));
    if runtime.interrupt().is_set() {
        // The script ends here and cannot save the scores, so report what was paid for.
        for line in rows.iter().filter_map(scored_line) {
            host.console().note(&line);
        }
        host.console().note(&summary_line(&rows));
        return Err(Termination::Interrupted.into());
    }
    Ok(rows)
}

/// Reads a session: a map as `list_sessions` returns it, another map with an id, or an id.
fn scorable(ctx: &NativeCallContext, value: &Dynamic) -> RhaiResultOf<Scorable> {
    if let Some(id) = value.read_lock::<ImmutableString>() {
        return Ok(Scorable {
            id: id.to_string(),
            ..Scorable::default()
        });
    }
    let field = |names: &[&str]| {
        let map = value.read_lock::<Map>()?;
        let found = names.iter().find_map(|name| map.get(*name));
        found.map(to_cell).filter(|text| !text.is_empty())
    };
    let id = field(&["id", "session_id"]).ok_or_else(|| {
        let message = format!(
            "a session is a map with its `id`, or the id alone, not `{}`",
            type_name(value)
        );
        throw(ctx, Throw::new(ErrorCode::WrongType, message))
    })?;
    Ok(Scorable {
        id,
        status: field(&["status"]),
        email: field(&["candidate_email", "email"]),
        name: field(&["candidate_name", "name"]),
    })
}

/// Removes the row whose error says that the API rejects the key, and returns the error.
fn take_auth_error(rows: &mut Vec<ScoringResult>) -> Option<api::Error> {
    let is_auth_error = |row: &ScoringResult| match &row.scoring_status {
        ScoringStatus::Failed(error) => error.is_auth_error(),
        _ => false,
    };
    let index = rows.iter().position(is_auth_error)?;
    match rows.swap_remove(index).scoring_status {
        ScoringStatus::Failed(error) => Some(error),
        _ => None,
    }
}

/// Returns the row that scripts see: the session, its outcome, and all keys of a score, which are `()` if there is
/// none.
fn row_map(host: &Host, row: &ScoringResult) -> Map {
    let ScoringResult {
        session,
        scoring_status,
    } = row;
    let (outcome, note) = match scoring_status {
        ScoringStatus::Open => ("planned", None),
        ScoringStatus::Scored(_) => ("scored", None),
        ScoringStatus::Skipped(reason) => ("skipped", Some(reason.clone())),
        ScoringStatus::Failed(error) => ("failed", Some(error.to_string())),
    };
    let mut map = match scoring_status {
        ScoringStatus::Scored(score) => score.to_map(host),
        _ => Score::default().to_map(host),
    };
    for (key, value) in [
        ("session_id", session.id.clone().into()),
        ("candidate_email", or_unit(session.email.clone())),
        ("candidate_name", or_unit(session.name.clone())),
        ("outcome", outcome.into()),
        ("note", or_unit(note)),
    ] {
        map.insert(key.into(), value);
    }
    map
}

/// `31 sessions: 29 scored, 1 skipped, 1 failed`
fn summary_line(rows: &[ScoringResult]) -> String {
    format!(
        "{}: {}",
        count(rows.len(), "session"),
        ScoreCounts::of(rows)
    )
}

/// `scored: jane@example.com: 78`
fn scored_line(row: &ScoringResult) -> Option<String> {
    let ScoringStatus::Scored(score) = &row.scoring_status else {
        return None;
    };
    let Scorable { id, email, .. } = &row.session;
    let who = email.as_ref().unwrap_or(id);
    let points = score.final_score.as_ref();
    let points = points.map_or_else(|| "without points".to_owned(), ToString::to_string);
    Some(format!("scored: {who}: {points}"))
}
