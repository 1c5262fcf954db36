//! Shows plans, and what happens while they are sent.

use super::console::Terminal;
use super::event_text::describe_event;
use super::plan_text::describe;
use super::problem_text::{describe_problems, problem_lines};
use super::progress::Meter;
use crate::api::Pause;
use crate::bulk::{
    BulkFrontend, Consent, Event, Plan, Problem, Progress, Rejection, RowOrigin, SendResult,
};
use crate::change_kind::ChangeKind;
use crate::cli::output::{Streams, note};
use crate::text::escape_line;

impl BulkFrontend for Terminal {
    fn show(&self, plan: &Plan, rejection: Option<&Rejection>) {
        if !self.is_quiet() {
            self.config.streams.note(&describe(
                plan,
                &self.config.endpoint,
                &self.now(),
                &self.config.commands,
            ));
        }
        self.record_interpretations(&plan.warnings.interpretations);
        let problems = describe_problems(plan, rejection);
        if rejection.is_some() {
            self.report_failure(&problems);
        } else if !problems.is_empty() && !self.is_quiet() {
            self.config.streams.note(&problems);
        }
    }

    fn approve(&self, plan: &Plan) -> Consent {
        match plan.kind {
            ChangeKind::Invite => self.approve_invitations(plan),
            ChangeKind::Revoke => self.approve_revocation(plan),
            ChangeKind::Score => self.approve_scores(plan),
        }
    }

    fn progress(&self, event: Event) {
        let text = describe_event(&event, &self.config.commands, &self.config.options);
        match event {
            Event::Started { total } if self.shows_progress() => {
                self.meter.replace(Some(Meter::start(total)));
            }
            Event::Paused(pause) => self.report_long_wait(&pause),
            Event::Progress(progress) => self.update_progress(&progress),
            Event::RowResult {
                origin,
                candidate,
                result,
                note,
            } => self.report_row(&origin, &candidate, &result, note.as_deref()),
            Event::Stopping { run, .. } if !self.is_quiet() => {
                let send = self.config.commands.line("send", run, "");
                self.set_forced_exit_message(format!(
                    "exited at once; {send} retries rows without a recorded result"
                ));
            }
            Event::Ended => {
                if let Some(meter) = self.meter.take() {
                    meter.end();
                }
                self.report_alike_results();
            }
            _ => {}
        }
        if let Some(text) = text.filter(|_| !self.is_quiet()) {
            self.line(&text);
        }
    }
}

impl Terminal {
    /// Writes a line to standard error, above the bar if there is one.
    fn line(&self, text: &str) {
        let text = escape_line(text);
        match &*self.meter.borrow() {
            Some(meter) => meter.line(&text),
            None => self.config.streams.note(&text),
        }
    }

    /// Shows the result of a row. Without `--verbose`, only the first of those that are alike has its own line, and all of them are
    /// summed up at the end.
    fn report_row(
        &self,
        origin: &RowOrigin,
        candidate: &str,
        result: &SendResult,
        note: Option<&str>,
    ) {
        let is_new = || {
            let problem = match result {
                SendResult::Unsent(problem) => problem.clone(),
                _ => Problem::of_response(candidate, note.unwrap_or_default().to_owned()),
            };
            let mut results = self.notable_results.borrow_mut();
            let alike = results.entry(result.name()).or_default();
            alike.add(origin.clone(), problem)
        };
        if self.config.options.report_all || is_new() {
            let note = note.map_or_else(String::new, |note| format!(": {note}"));
            self.line(&format!("{}: {origin}: {candidate}{note}", result.name()));
        }
    }

    /// Sums up rows with the same result for the same reason.
    fn report_alike_results(&self) {
        for (result, mut problems) in self.notable_results.take() {
            problems.kinds.retain(|kind| kind.rows.total > 1);
            for line in problem_lines(&problems) {
                self.line(&format!("{result}: {line}"));
            }
        }
    }

    /// Announces a long wait, once.
    fn report_long_wait(&self, pause: &Pause) {
        if !self.is_quiet()
            && let Some(notice) = self.long_wait.notice(pause, &self.now())
        {
            self.line(&notice);
        }
    }

    /// Updates the progress bar and announces a long wait.
    fn update_progress(&self, progress: &Progress) {
        if let Some(pause) = &progress.pause {
            self.report_long_wait(pause);
        }
        if let Some(meter) = &mut *self.meter.borrow_mut() {
            meter.update(progress);
        }
    }

    /// Sets the message for a second Ctrl-C, which exits at once.
    fn set_forced_exit_message(&self, text: String) {
        let above_bar = self.meter.borrow().as_ref().map(Meter::writer);
        self.runtime.set_exit_message(move || match above_bar {
            Some(write) => write(&text),
            None => note(&text),
        });
    }

    fn shows_progress(&self) -> bool {
        !self.is_quiet() && matches!(self.config.streams, Streams::Process)
    }
}
