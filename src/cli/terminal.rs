//! What a person sees: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal as _, Write as _};

use super::plan_text::{describe, describe_problems};
use crate::bulk::{Answer, Event, Invitation, Plan};
use crate::render::visible;
use crate::script::{Consent, Console};

/// Writes a line to standard output. A reader that has gone away, as `head` does, is no reason to stop sending.
pub(super) fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Writes a line to standard error.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells whether errors are coloured: on a terminal, unless `NO_COLOR` forbids it.
pub(super) fn colors_errors() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// How much is said beside results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Talk {
    /// Nothing.
    Quiet,
    /// Plans, and what went wrong.
    Normal,
    /// Every answer.
    Verbose,
}

/// The terminal of a `run`.
pub(super) struct Terminal {
    /// How much is said on standard error.
    pub(super) talk: Talk,
    /// Standard output is kept free for one JSON object.
    pub(super) json: bool,
    /// Sending was agreed to beforehand.
    pub(super) yes: bool,
    /// Where invitations go, as a person knows it.
    pub(super) place: String,
}

impl Terminal {
    fn consent(&self) -> Consent {
        if self.yes {
            return Consent::Given;
        }
        note(&format!(
            "not sent: this would invite real candidates at {}\n  hint: pass `--yes` before the script to send, or `--sandbox` to rehearse",
            self.place
        ));
        Consent::Refused
    }
}

impl Console for Terminal {
    fn print(&self, text: &str) {
        // Multi-line results, such as tables, keep their line breaks; other control characters are shown.
        let text = visible(text);
        if self.json { note(&text) } else { print(&text) }
    }

    fn note(&self, text: &str) {
        if self.talk > Talk::Quiet {
            note(&visible(text));
        }
    }

    fn approve(&self, plan: &Plan) -> Consent {
        if self.talk > Talk::Quiet {
            note(&describe(plan, &self.place));
        }
        let problems = describe_problems(plan);
        if !problems.is_empty() {
            note(&format!("error: {problems}"));
            return Consent::Rejected;
        }
        if plan.invitations().next().is_none() {
            return Consent::Given;
        }
        self.consent()
    }

    fn approve_one(&self, invitation: &Invitation) -> Consent {
        if self.yes {
            return Consent::Given;
        }
        note(&visible(&format!(
            "1 to invite to `{}`: {} <{}>",
            invitation.target.label, invitation.name, invitation.email
        )));
        self.consent()
    }

    fn progress(&self, event: &Event<'_>) {
        match event {
            Event::Answered {
                origin,
                invitation,
                answer: Answer::Failed(error),
            } => note(&visible(&format!(
                "failed: {origin}: {}: {error}",
                invitation.email
            ))),
            Event::Answered {
                origin,
                invitation,
                answer,
            } if self.talk == Talk::Verbose => {
                let what = match answer {
                    Answer::Created(_) => "created",
                    _ => "existing",
                };
                note(&visible(&format!("{what}: {origin}: {}", invitation.email)));
            }
            Event::Stopping if self.talk > Talk::Quiet => {
                note("stopping: waiting for the invitations in flight");
            }
            _ => {}
        }
    }

    fn width(&self) -> Option<u16> {
        if !io::stdout().is_terminal() || self.json {
            return None;
        }
        comfy_table::Table::new().width()
    }
}
