//! The terminal of a command that sends: what a person is shown, and asked.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::ending_text::{self, Commands};
use super::long_wait::LongWait;
use super::plan_text::{describe, describe_problems};
use super::progress::{Meter, Reached};
use super::question::{ask, can_ask};
use crate::bulk::{
    Consent, Ended, Event, Invitation, Options, Outcome, Overseer, Plan, Rejection, Scorable,
    Waiting,
};
use crate::cli::output::{Streams, Talk, colors_results, note, style_of_errors};
use crate::error::Error;
use crate::moment::DateTime;
use crate::render::{render, visible, visible_line, visible_text};
use crate::repl::Front;
use crate::runtime::Runtime;
use crate::script::Console;

/// The terminal of a command that sends.
pub(in crate::cli) struct Terminal {
    runtime: Rc<Runtime>,
    streams: Streams,
    talk: Talk,
    /// Standard output is kept free for one JSON object.
    json: bool,
    /// Where invitations go, as a person knows it.
    place: String,
    /// As whom, where the key counts.
    key: Option<String>,
    options: Options,
    commands: Commands,
    /// Sending was agreed to beforehand, or for everything that is still to come.
    agreed: Cell<bool>,
    /// The same for scoring: who agrees to all scores has not agreed to any invitation.
    scores_agreed: Cell<bool>,
    /// How often a single invitation was asked about.
    singles: Cell<u32>,
    meter: RefCell<Option<Meter>>,
    long_wait: LongWait,
}

/// What a terminal is made for.
pub(in crate::cli) struct Occasion {
    /// Where the lines go.
    pub(in crate::cli) streams: Streams,
    /// How much is said.
    pub(in crate::cli) talk: Talk,
    /// Standard output is kept free for one JSON object.
    pub(in crate::cli) json: bool,
    /// Sending was agreed to beforehand.
    pub(in crate::cli) agreed: bool,
    /// Where invitations go, as a person knows it.
    pub(in crate::cli) place: String,
    /// As whom, where the key counts.
    pub(in crate::cli) key: Option<String>,
    /// What the user decided about plans.
    pub(in crate::cli) options: Options,
    /// How the commands are called that come next.
    pub(in crate::cli) commands: Commands,
}

impl Terminal {
    pub(in crate::cli) fn new(runtime: Rc<Runtime>, occasion: Occasion) -> Self {
        Self {
            runtime,
            streams: occasion.streams,
            talk: occasion.talk,
            json: occasion.json,
            place: occasion.place,
            key: occasion.key,
            options: occasion.options,
            commands: occasion.commands,
            agreed: Cell::new(occasion.agreed),
            scores_agreed: Cell::new(occasion.agreed),
            singles: Cell::new(0),
            meter: RefCell::default(),
            long_wait: LongWait::default(),
        }
    }

    /// Writes a line to standard error, above the bar if there is one.
    fn line(&self, text: &str) {
        let text = visible_line(text);
        match &*self.meter.borrow() {
            Some(meter) => meter.line(&text),
            None => self.streams.note(&text),
        }
    }

    /// Says why nobody could be asked.
    fn refuse(&self) -> Consent {
        self.streams.note(&format!(
            "not confirmed: this would invite real candidates at {}, and there is no terminal to ask at\n  hint: pass `--yes` before the script to send without asking, or `--sandbox` to rehearse",
            self.place
        ));
        Consent::Refused
    }

    /// Writes a line about a long wait, once.
    fn announce(&self, waiting: &Waiting) {
        if self.talk > Talk::Quiet
            && let Some(news) = self.long_wait.news(waiting, &self.now())
        {
            self.line(&news);
        }
    }

    /// Shows how far it got, and tells of a long wait.
    fn advance<'a>(&self, waiting: Option<&Waiting>, reached: impl Into<Reached<'a>>) {
        if let Some(waiting) = waiting {
            self.announce(waiting);
        }
        if let Some(meter) = &mut *self.meter.borrow_mut() {
            meter.update(reached);
        }
    }

    /// Says `text` when a second Ctrl-C ends the process at once.
    fn say_at_leaving(&self, text: String) {
        let above_bar = self.meter.borrow().as_ref().map(Meter::writer);
        self.runtime.at_leaving(move || match above_bar {
            Some(write) => write(&text),
            None => note(&text),
        });
    }

    fn shows_progress(&self) -> bool {
        self.talk > Talk::Quiet && matches!(self.streams, Streams::Process)
    }

    fn now(&self) -> DateTime {
        DateTime::of(self.options.now(), &self.options.zone)
    }

    fn as_whom(&self) -> String {
        let key = self.key.as_ref();
        key.map_or_else(String::new, |key| format!(" with key {key}"))
    }
}

impl Overseer for Terminal {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        if self.talk > Talk::Quiet {
            self.streams
                .note(&describe(plan, &self.place, &self.now(), &self.commands));
        }
        let problems = describe_problems(plan, rejection);
        if rejection.is_some() {
            self.streams.error(&problems);
        } else if !problems.is_empty() && self.talk > Talk::Quiet {
            self.streams.note(&problems);
        }
    }

    fn approve(&self, plan: &Plan) -> Consent {
        if self.agreed.get() {
            return Consent::Given;
        }
        if !can_ask() {
            return self.refuse();
        }
        let count = plan.to_send();
        let noun = if count == 1 {
            "candidate"
        } else {
            "candidates"
        };
        let labels: Vec<String> = plan
            .targets
            .iter()
            .map(|target| format!("`{}`", target.label))
            .collect();
        let question = visible_line(&format!(
            "Invite {count} {noun} to {} at {}{}? [y/N]",
            labels.join(", "),
            self.place,
            self.as_whom()
        ));
        match ask(&self.runtime, &question).as_deref() {
            Some("y" | "yes") => Consent::Given,
            Some(_) => Consent::Refused,
            None => Consent::Interrupted,
        }
    }

    fn progress(&self, event: Event) {
        match event {
            Event::Started { total } if self.shows_progress() => {
                let meter = Meter::start(total);
                self.meter.replace(Some(meter));
            }
            Event::Scoring(progress) => self.advance(progress.waiting.as_ref(), &progress),
            Event::NotScored { session, reason } => {
                self.line(&format!("not scored: {}: {reason}", whose(&session)));
            }
            Event::StoppingScoring if self.talk > Talk::Quiet => {
                self.say_at_leaving(
                    "left at once; the API may go on with the scores under way".to_owned(),
                );
                self.line(
                    "stopping: waiting for the scores under way; Ctrl-C again leaves at once",
                );
            }
            Event::Waiting(waiting) => self.announce(&waiting),
            Event::Progress(progress) => self.advance(progress.waiting.as_ref(), &progress),
            Event::Answered {
                origin,
                email,
                answer,
                note,
            } => {
                let what = answer.name();
                let note = note.map_or_else(String::new, |note| format!(": {note}"));
                self.line(&format!("{what}: {origin}: {email}{note}"));
            }
            Event::PutOff { run, rejection } if self.talk > Talk::Quiet => {
                let kept = || {
                    let send = self
                        .commands
                        .send_alike(run, &self.options, self.options.dry_run);
                    format!("the plan is kept, and {send} goes on with it")
                };
                self.line(&rejection.map_or_else(kept, |why| {
                    format!("run {run} is rejected, and never sent: {why}")
                }));
            }
            Event::Stopping { run } if self.talk > Talk::Quiet => {
                let send = self.commands.line("send", run, "");
                self.say_at_leaving(format!(
                    "left at once; {send} asks again for what has no recorded answer"
                ));
                self.line(
                    "stopping: waiting for the invitations in flight; Ctrl-C again leaves at once",
                );
            }
            Event::Ended => {
                if let Some(meter) = self.meter.take() {
                    meter.end();
                }
            }
            Event::Started { .. }
            | Event::PutOff { .. }
            | Event::Stopping { .. }
            | Event::StoppingScoring => {}
        }
    }
}

impl Console for Terminal {
    fn print(&self, text: &str) {
        // Results keep their lines and tabs; other control characters are shown, also where `tee` or a log stands between
        // this and a terminal: what is to stay as it is, is written to a file.
        let text = visible_text(text);
        if self.json {
            self.streams.note(&text);
        } else {
            self.streams.print(&text);
        }
    }

    fn note(&self, text: &str) {
        if self.talk > Talk::Quiet {
            self.streams.note(&visible(text));
        }
    }

    fn approve_one(&self, invitation: &Invitation) -> Consent {
        if self.agreed.get() {
            return Consent::Given;
        }
        self.streams.note(&visible_line(&format!(
            "1 to invite to `{}`: {} <{}>",
            invitation.target.label, invitation.name, invitation.email
        )));
        if !can_ask() {
            return self.refuse();
        }
        self.singles.set(self.singles.get() + 1);
        if self.singles.get() == 2 {
            self.streams
                .note("  hint: `invite_all` plans the whole list first, and asks once");
        }
        let question = format!("Invite at {}{}? [y/N/all]", self.place, self.as_whom());
        consent(ask(&self.runtime, &question).as_deref(), &self.agreed)
    }

    fn approve_scores(&self, count: u64) -> Consent {
        if self.scores_agreed.get() {
            return Consent::Given;
        }
        let noun = if count == 1 { "session" } else { "sessions" };
        if !can_ask() {
            self.streams.note(&format!(
                "not confirmed: this would score {count} {noun} at {}, which costs money, and there is no terminal to ask at\n  hint: pass `--yes` before the script to score without asking, or `--sandbox` to rehearse",
                self.place
            ));
            return Consent::Refused;
        }
        let question = format!(
            "Score {count} {noun} at {}{}? A judge runs for each. [y/N/all]",
            self.place,
            self.as_whom()
        );
        consent(
            ask(&self.runtime, &question).as_deref(),
            &self.scores_agreed,
        )
    }

    fn report(&self, ended: &Ended, outcome: &Outcome) {
        let text = ending_text::describe(ended, outcome.counts(), &self.commands, &self.options);
        if let Some(error) = text.error {
            self.streams.error(&visible(&error));
        }
        if self.talk > Talk::Quiet {
            for line in text.remarks {
                self.streams.note(&visible_line(&line));
            }
        }
    }

    fn width(&self) -> Option<u16> {
        self.streams.width().filter(|_| !self.json)
    }
}

impl Front for Terminal {
    fn set_agreed(&self, agreed: bool) {
        self.agreed.set(agreed);
        self.scores_agreed.set(agreed);
    }

    fn present(&self, text: &str) {
        self.streams.print(text);
    }

    fn complain(&self, error: &Error) {
        self.streams.note_drawn(&render(error, style_of_errors()));
    }

    fn colors(&self) -> bool {
        colors_results()
    }
}

/// What an answer means that may be `all`, which agrees to everything that is still to come.
fn consent(answer: Option<&str>, agreed: &Cell<bool>) -> Consent {
    match answer {
        Some("y" | "yes") => Consent::Given,
        Some("a" | "all") => {
            agreed.set(true);
            Consent::Given
        }
        Some(_) => Consent::Refused,
        None => Consent::Interrupted,
    }
}

/// The candidate a session belongs to, as a person knows them.
fn whose(session: &Scorable) -> String {
    match (&session.name, &session.email) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (Some(who), None) | (None, Some(who)) => who.clone(),
        (None, None) => format!("session {}", session.id),
    }
}
