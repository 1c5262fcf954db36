//! Sending a plan: several invitations in flight at once, none of which stops the others by failing.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{MissedTickBehavior, interval};

use super::waiting::waiting;
use super::{Answer, Event, Origin, OtherDeadline, Problem, Progress, Stop};
use crate::api::{self, Attempted, Client, Invitations, Invite, Invited};
use crate::interrupt::Interrupt;
use crate::ledger::{Answered, Clerk, Pending, RowState, RunId, Target};
use crate::moment::{Clock, DateTime};

/// So many rows that fail in succession because the service cannot be reached or is broken stop the run.
const OUTAGE: u32 = 20;
/// How often progress is told, and answers are recorded at the latest.
const TICK: Duration = Duration::from_millis(100);

/// Sends the rows of one run.
pub(super) struct Sender {
    pub(super) run: RunId,
    pub(super) client: Client,
    pub(super) targets: Vec<Target>,
    /// Where the invitations to each target go.
    pub(super) places: Vec<Invitations>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) concurrency: usize,
    /// What deadlines are judged by.
    pub(super) clock: Clock,
    /// Every answer is reported, not failures only.
    pub(super) report_all: bool,
}

/// What came of sending.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Why it ended early, if it did.
    pub(super) stop: Option<Stop>,
    /// How many existing sessions keep another deadline than was asked for.
    pub(super) other_deadlines: u64,
}

/// A row that was asked for, and what came of it.
struct Asked {
    row: Pending,
    due_date: Option<DateTime>,
    /// The problem of a row that was not even sent.
    attempted: Result<Attempted<Invited>, Problem>,
}

impl Sender {
    /// Sends the rows that `clerk` hands out, of which there are `total`, and returns it.
    ///
    /// A row that fails does not stop the others. An interrupt, a refusal of the key and an outage end the taking of rows;
    /// requests in flight are waited for.
    pub(super) async fn send(
        self,
        mut clerk: Clerk,
        total: u64,
        interrupt: Interrupt,
        events: UnboundedSender<Event>,
    ) -> (Clerk, Sent) {
        let mut sending = Sending {
            sender: &self,
            events,
            progress: Progress {
                total,
                ..Progress::default()
            },
            sent: Sent::default(),
            stop: Interrupt::default(),
            gone: Vec::new(),
            failed_in_succession: 0,
        };
        let mut in_flight = FuturesUnordered::new();
        let mut more = true;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut interrupted = pin!(interrupt.wait().fuse());
        loop {
            more = more && !sending.stop.is_set();
            if !more && in_flight.is_empty() {
                break;
            }
            tokio::select! {
                Some(asked) = in_flight.next() => sending.take(asked, &mut clerk),
                row = clerk.next(), if more && in_flight.len() < self.concurrency => match row {
                    Some(row) if sending.gone.contains(&row.target) => clerk.put_back(row.number),
                    Some(row) => in_flight.push(self.ask(row, sending.stop.clone())),
                    None => more = false,
                },
                () = &mut interrupted => sending.end(Stop::Interrupted),
                _ = tick.tick() => {
                    clerk.flush();
                    sending.tell();
                }
            }
        }
        sending.tell();
        if interrupt.is_set() {
            // Also where the last row was answered meanwhile: who interrupts wants what comes after not to happen.
            sending.sent.stop.get_or_insert(Stop::Interrupted);
        }
        (clerk, sending.sent)
    }

    async fn ask(&self, row: Pending, give_up: Interrupt) -> Asked {
        let due_date = row.due_date.as_deref().and_then(DateTime::from_text);
        // Hours may lie between a plan and its sending: a question waits, and so does a rate limit.
        let late = due_date
            .as_ref()
            .filter(|due| due.timestamp() <= self.clock.now());
        let attempted = match (late, self.places.get(row.target as usize)) {
            (Some(late), _) => Err(Problem::late(late)),
            (None, Some(place)) => Ok(invite(place, &row, due_date.as_ref(), &give_up).await),
            (None, None) => Err(Problem::no_target(row.target)),
        };
        Asked {
            row,
            due_date,
            attempted,
        }
    }
}

async fn invite(
    place: &Invitations,
    row: &Pending,
    due_date: Option<&DateTime>,
    give_up: &Interrupt,
) -> Attempted<Invited> {
    let invite = Invite {
        email: row.email.clone(),
        name: row.name.clone(),
        due_date: due_date.map(DateTime::timestamp),
        send_email: row.send_email,
    };
    place.invite(&invite, give_up).await
}

/// What is known while sending goes on.
struct Sending<'a> {
    sender: &'a Sender,
    events: UnboundedSender<Event>,
    progress: Progress,
    sent: Sent,
    /// Set when no more rows are to be taken, and nothing but answers is to be waited for.
    stop: Interrupt,
    /// Targets that the API does not know.
    gone: Vec<u32>,
    failed_in_succession: u32,
}

impl Sending<'_> {
    fn take(&mut self, asked: Asked, clerk: &mut Clerk) {
        let row = asked.row;
        let recorded = |state, attempts| Answered {
            number: row.number,
            state,
            attempts,
            status: None,
            invite_url: None,
            session: None,
            due_date: row.due_date.clone(),
            note: None,
            at: Timestamp::now().as_millisecond(),
        };
        let (attempts, answer) = match asked.attempted {
            Err(problem) => (0, Answer::Unsent(problem)),
            Ok(Attempted { attempts, result }) => match result {
                Err(api::Error::GivenUp { after }) => {
                    // Where something was sent, nobody knows whether it was carried out: `send` asks again.
                    if let Some(error) = after {
                        clerk.record(Answered {
                            note: Some(error.to_string()),
                            ..recorded(RowState::Sending, attempts)
                        });
                    }
                    return;
                }
                Err(error) if error.is_refusal() => return self.end(Stop::Refused(error)),
                Err(error) if error.status() == Some(404) => {
                    clerk.put_back(row.number);
                    return self.lose(row.target, error);
                }
                result => (attempts, Answer::from(result)),
            },
        };
        let other = match &answer {
            Answer::Existing(invited) => OtherDeadline::of(invited, asked.due_date.as_ref()),
            _ => None,
        };
        let answered = match &answer {
            Answer::Created(invited) => Answered {
                status: Some(201),
                invite_url: Some(invited.invite_url.clone()),
                session: invited.session_id(),
                ..recorded(RowState::Created, attempts)
            },
            Answer::Existing(invited) => Answered {
                status: Some(200),
                invite_url: Some(invited.invite_url.clone()),
                session: invited.session_id(),
                due_date: match &other {
                    Some(other) => other.kept.as_ref().map(DateTime::to_text),
                    None => row.due_date.clone(),
                },
                note: other.map(|other| other.note),
                ..recorded(RowState::Existing, attempts)
            },
            Answer::Failed(error) => Answered {
                status: error.status(),
                note: Some(error.to_string()),
                ..recorded(RowState::Failed, attempts)
            },
            Answer::Unsent(problem) => Answered {
                note: Some(problem.to_string()),
                ..recorded(RowState::Invalid, attempts)
            },
        };
        let note = answered.note.clone();
        clerk.record(answered);
        self.count(&answer, note.is_some());
        let is_loud = matches!(answer, Answer::Failed(_) | Answer::Unsent(_));
        let outage = is_loud && self.failed_in_succession == OUTAGE;
        if is_loud || self.sender.report_all {
            self.report(Event::Answered {
                origin: Origin::new(row.number, row.place, &self.sender.files),
                email: row.email,
                note: note.clone(),
                answer,
            });
        }
        if outage {
            self.end(Stop::Outage {
                rows: OUTAGE,
                last: note.unwrap_or_default(),
            });
        }
    }

    fn count(&mut self, answer: &Answer, noted: bool) {
        self.failed_in_succession = match answer {
            Answer::Failed(error) if error.is_outage() => self.failed_in_succession + 1,
            _ => 0,
        };
        match answer {
            Answer::Created(_) => self.progress.created += 1,
            Answer::Existing(_) => {
                self.progress.existing += 1;
                self.sent.other_deadlines += u64::from(noted);
            }
            Answer::Failed(_) | Answer::Unsent(_) => self.progress.failed += 1,
        }
    }

    /// Takes up that the API does not know an assessment: its rows are not sent, those of others are.
    fn lose(&mut self, target: u32, error: api::Error) {
        if self.gone.contains(&target) {
            return;
        }
        self.gone.push(target);
        let targets = &self.sender.targets;
        let label = targets
            .get(target as usize)
            .map(|target| target.label.clone());
        self.sent.stop.get_or_insert(Stop::NoAssessment {
            label: label.unwrap_or_default(),
            error,
        });
        if self.gone.len() == targets.len() {
            self.stop.set();
        }
    }

    fn end(&mut self, stop: Stop) {
        if self.stop.is_set() {
            return;
        }
        self.stop.set();
        self.sent.stop = Some(stop);
        let run = self.sender.run;
        self.report(Event::Stopping { run });
    }

    fn report(&self, event: Event) {
        // Where nobody listens any more, there is nobody to tell.
        let _ = self.events.send(event);
    }

    fn tell(&mut self) {
        self.progress.waiting = waiting(&self.sender.client);
        self.report(Event::Progress(self.progress.clone()));
    }
}
