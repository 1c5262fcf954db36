//! Scoring sessions: several at once, none of which stops the others by failing.
//!
//! A judge costs money, so who is scored already is left out, nothing is asked for twice, and what is under way when the
//! user interrupts is waited for.

use std::collections::HashSet;
use std::fmt;
use std::ops::Add;
use std::panic::resume_unwind;
use std::pin::pin;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use serde::Serialize;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use super::waiting::waiting;
use super::{Event, Overseer, Waiting};
use crate::api::{Client, Error, Score};
use crate::interrupt::Interrupt;
use crate::runtime::Runtime;
use crate::status::Status;

/// So many failures in succession because the service cannot be reached or is broken end the scoring.
const OUTAGE: u32 = 20;
/// How often progress is told.
const TICK: Duration = Duration::from_millis(100);

/// A session that is to be scored, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scorable {
    /// The session's id.
    pub id: String,
    /// Its status.
    pub status: Option<String>,
    /// The candidate's address.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

/// A session, and what became of its scoring.
#[derive(Debug)]
pub struct Judged {
    /// The session.
    pub session: Scorable,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a session's scoring.
#[derive(Debug)]
pub enum Verdict {
    /// It is to be scored.
    Open,
    /// It was scored.
    Scored(Box<Score>),
    /// It was left out, for this reason.
    Skipped(String),
    /// It could not be scored, or nobody knows.
    Failed(Error),
}

/// How far scoring got.
#[derive(Clone, Debug, Default)]
pub struct ScoringProgress {
    /// Sessions that were scored.
    pub scored: u64,
    /// Sessions that could not be.
    pub failed: u64,
    /// Why nothing is sent at the moment.
    pub waiting: Option<Waiting>,
}

/// How many sessions became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreCounts {
    /// Were scored.
    pub scored: u64,
    /// Were left out.
    pub skipped: u64,
    /// Could not be scored.
    pub failed: u64,
    /// Are to be scored, or were not asked for.
    #[serde(skip)]
    pub open: u64,
}

impl ScoreCounts {
    /// Counts `rows`.
    #[must_use]
    pub fn of(rows: &[Judged]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.verdict {
                Verdict::Open => &mut counts.open,
                Verdict::Scored(_) => &mut counts.scored,
                Verdict::Skipped(_) => &mut counts.skipped,
                Verdict::Failed(_) => &mut counts.failed,
            } += 1;
        }
        counts
    }
}

impl Add for ScoreCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            scored: self.scored + other.scored,
            skipped: self.skipped + other.skipped,
            failed: self.failed + other.failed,
            open: self.open + other.open,
        }
    }
}

/// `3 scored, 1 skipped, 0 failed`
impl fmt::Display for ScoreCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scored,
            skipped,
            failed,
            open,
        } = self;
        write!(f, "{scored} scored, {skipped} skipped, {failed} failed")?;
        match open {
            0 => Ok(()),
            open => write!(f, ", {open} not asked for"),
        }
    }
}

/// Decides which of `sessions` are to be scored; with `again`, those that have a score too.
#[must_use]
pub fn select(sessions: Vec<Scorable>, again: bool) -> Vec<Judged> {
    let mut ids = HashSet::new();
    let mut left_out = |session: &Scorable| match session.status.as_deref().and_then(Status::of) {
        _ if !ids.insert(session.id.clone()) => Some("listed twice"),
        Some(status) if !status.is_finished() => Some("not submitted yet"),
        Some(Status::Scoring) => Some("being scored already"),
        Some(Status::Scored) if !again => Some("scored already"),
        Some(Status::Reviewed) => Some("reviewed already"),
        // What is not known here the API judges.
        _ => None,
    };
    let judge = |session: Scorable| Judged {
        verdict: match left_out(&session) {
            Some(why) => Verdict::Skipped(why.to_owned()),
            None => Verdict::Open,
        },
        session,
    };
    sessions.into_iter().map(judge).collect()
}

/// Scores those of `rows` that are open, `concurrency` at once. Where the user interrupts it, the key is refused or the
/// service is out of order, those that were not asked for stay open or are skipped with that reason.
#[must_use]
pub fn score(
    rows: Vec<Judged>,
    client: &Client,
    concurrency: usize,
    runtime: &Runtime,
    overseer: &dyn Overseer,
) -> Vec<Judged> {
    let total = ScoreCounts::of(&rows).open;
    if total == 0 {
        return rows;
    }
    overseer.progress(Event::Started { total });
    let (events, mut incoming) = unbounded_channel();
    let scoring = Scoring {
        client: client.clone(),
        events,
        stop: Interrupt::default(),
        progress: ScoringProgress::default(),
        failed_in_succession: 0,
        why: None,
    };
    let interrupt = runtime.interrupt().clone();
    let work = runtime.spawn(scoring.run(rows, concurrency, interrupt));
    while let Some(event) = runtime.wait(incoming.recv()) {
        overseer.progress(event);
    }
    let rows = runtime.wait(work);
    overseer.progress(Event::Ended);
    rows.unwrap_or_else(|gone| resume_unwind(gone.into_panic()))
}

struct Scoring {
    client: Client,
    events: UnboundedSender<Event>,
    /// Set when nothing more is to be asked for.
    stop: Interrupt,
    progress: ScoringProgress,
    failed_in_succession: u32,
    /// Why it was stopped, unless the user did.
    why: Option<String>,
}

impl Scoring {
    async fn run(
        mut self,
        mut rows: Vec<Judged>,
        concurrency: usize,
        interrupt: Interrupt,
    ) -> Vec<Judged> {
        let open = rows.iter().enumerate();
        let open = open.filter(|(_, row)| matches!(row.verdict, Verdict::Open));
        let open: Vec<(usize, String)> = open
            .map(|(place, row)| (place, row.session.id.clone()))
            .collect();
        let mut open = open.into_iter();
        let mut in_flight = FuturesUnordered::new();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            while !self.stop.is_set() && in_flight.len() < concurrency.max(1) {
                let Some((place, id)) = open.next() else {
                    break;
                };
                let (client, stop) = (self.client.clone(), self.stop.clone());
                in_flight.push(async move { (place, client.score(&id, &stop).await) });
            }
            tokio::select! {
                answer = in_flight.next() => match answer {
                    Some((place, result)) => {
                        if let Some(row) = rows.get_mut(place) {
                            self.take(row, result);
                        }
                    }
                    None => break,
                },
                () = &mut interrupted => self.end(None),
                _ = tick.tick() => self.tell(),
            }
        }
        self.tell();
        if let Some(why) = &self.why {
            for row in &mut rows {
                if matches!(row.verdict, Verdict::Open) {
                    row.verdict = Verdict::Skipped(why.clone());
                }
            }
        }
        rows
    }

    fn take(&mut self, row: &mut Judged, result: Result<Score, Error>) {
        let error = match result {
            Ok(score) => {
                self.failed_in_succession = 0;
                self.progress.scored += 1;
                row.verdict = Verdict::Scored(Box::new(score));
                return;
            }
            // Nothing was sent, or no connection came about: it stays open.
            Err(Error::GivenUp { .. }) => return,
            Err(error) => error,
        };
        self.progress.failed += 1;
        self.failed_in_succession = if error.is_outage() {
            self.failed_in_succession + 1
        } else {
            0
        };
        if error.is_refusal() {
            self.end(Some("not asked for: the API refuses the key".to_owned()));
        } else if self.failed_in_succession >= OUTAGE {
            let why = format!("not asked for after {OUTAGE} failures in succession");
            self.end(Some(why));
        }
        self.report(Event::NotScored {
            session: row.session.clone(),
            reason: error.to_string(),
        });
        row.verdict = Verdict::Failed(error);
    }

    fn end(&mut self, why: Option<String>) {
        if self.stop.is_set() {
            return;
        }
        self.stop.set();
        self.why = why;
        self.report(Event::StoppingScoring);
    }

    fn tell(&mut self) {
        self.progress.waiting = waiting(&self.client);
        self.report(Event::Scoring(self.progress.clone()));
    }

    fn report(&self, event: Event) {
        // Where nobody listens any more, there is nobody to tell.
        let _ = self.events.send(event);
    }
}

#[cfg(test)]
mod tests {
    use super::{Scorable, ScoreCounts, Verdict, select};

    fn session(id: &str, status: Option<&str>) -> Scorable {
        Scorable {
            id: id.to_owned(),
            status: status.map(ToOwned::to_owned),
            ..Scorable::default()
        }
    }

    fn selected(again: bool) -> String {
        let sessions = [
            ("a", Some("submitted")),
            ("b", Some("scored")),
            ("c", Some("setup")),
            ("d", Some("reviewed")),
            ("e", Some("on_hold")),
            ("f", None),
            ("a", Some("submitted")),
        ];
        let sessions = sessions.map(|(id, status)| session(id, status));
        let rows = select(sessions.to_vec(), again);
        let open = rows
            .iter()
            .filter(|row| matches!(row.verdict, Verdict::Open));
        assert_eq!(
            ScoreCounts::of(&rows).skipped + open.clone().count() as u64,
            7
        );
        open.map(|row| &*row.session.id).collect()
    }

    #[test]
    fn who_is_scored_already_is_left_out_unless_asked_for() {
        assert_eq!(selected(false), "aef");
        assert_eq!(selected(true), "abef");
    }
}
