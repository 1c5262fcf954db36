//! Asks the user to agree to a plan, or to a single invitation.

use std::cell::Cell;

use super::console::Terminal;
use super::kind_text::kind_text;
use super::plan_pages::show_rows;
use super::plan_text::due_text;
use super::prompt::{ask, can_ask};
use crate::bulk::{Consent, Invitation, Plan};
use crate::change_kind::ChangeKind;
use crate::text::{count, escape_line};

impl Terminal {
    /// Asks about a single invitation, which is not part of a plan.
    pub(super) fn approve_invitation(&self, invitation: &Invitation) -> Consent {
        if self.auto_confirm.get() {
            return Consent::Given;
        }
        let inherited = invitation.target.deadline.as_ref();
        let due = due_text(invitation.due_date.as_ref(), inherited);
        self.config.streams.note(&escape_line(&format!(
            "1 to invite to `{}`: {} <{}>{due}",
            invitation.target.label, invitation.name, invitation.email
        )));
        if !self.can_ask() {
            return self.refuse_invitations(None);
        }
        self.single_confirmations
            .set(self.single_confirmations.get() + 1);
        if self.single_confirmations.get() == 2 {
            self.config
                .streams
                .note("  hint: `invite_all` plans the whole list first and asks once");
        }
        let question = format!(
            "Invite at {}{}? [y/N/all]",
            self.config.endpoint,
            self.key_suffix()
        );
        consent(self.ask(&question).as_deref(), &self.auto_confirm)
    }

    fn can_ask(&self) -> bool {
        can_ask(&self.config.stdin)
    }

    fn ask(&self, question: &str) -> Option<String> {
        ask(&self.runtime, &self.config.stdin, question)
    }

    /// Explains that the user cannot be prompted to confirm what `this` would do. `plan` is `None` for a single invitation.
    fn refuse_without_terminal(&self, this: &str, options: &str, plan: Option<&Plan>) -> Consent {
        let (kind, is_stored) = plan.map_or((ChangeKind::Invite, false), |plan| {
            (plan.kind, plan.planned_at.is_some())
        });
        let act = kind_text(kind).act;
        // Stored rows belong to the endpoint that they were planned for, as sessions do.
        let rehearse = if is_stored || kind == ChangeKind::Revoke {
            ""
        } else {
            ", or `--sandbox` to rehearse"
        };
        self.config.streams.note(&format!(
            "not confirmed: this would {this}, and there is no terminal to ask at\n  hint: pass {options} to {act} without asking{rehearse}",
        ));
        Consent::Refused
    }

    fn refuse_invitations(&self, plan: Option<&Plan>) -> Consent {
        let this = format!("invite real candidates at {}", self.config.endpoint);
        self.refuse_without_terminal(&this, "`--yes`", plan)
    }

    pub(super) fn approve_invitations(&self, plan: &Plan) -> Consent {
        if self.auto_confirm.get() {
            return Consent::Given;
        }
        if !self.can_ask() {
            return self.refuse_invitations(Some(plan));
        }
        let labels: Vec<String> = plan
            .targets
            .iter()
            .map(|target| format!("`{}`", target.label))
            .collect();
        let question = format!(
            "Invite {} to {} at {}{}? [y/N/show]",
            count(plan.to_send(), "candidate"),
            labels.join(", "),
            self.config.endpoint,
            self.key_suffix()
        );
        self.ask_about(plan, &question, |answer| {
            matches!(answer, "y" | "yes").then_some(Consent::Given)
        })
    }

    /// What is deleted does not come back, so a reflex must not confirm it.
    pub(super) fn approve_revocation(&self, plan: &Plan) -> Consent {
        let sessions = plan.to_send();
        let changes = self.config.options.changed.total() + sessions;
        let limit_option = format!("`--max-changes {changes}`");
        if self.config.is_sandbox {
            return Consent::Given;
        }
        let this = format!(
            "delete {} at {}",
            count(sessions, "session"),
            self.config.endpoint
        );
        // Only `--yes` is meant for this. An earlier answer or `:live on` may not have had deletions in mind.
        if self.config.auto_confirm && self.auto_confirm.get() {
            let limit = self.config.options.max_changes.as_ref();
            if limit.is_some_and(|limit| limit.is_option) {
                return Consent::Given;
            }
            self.config.streams.note(&format!(
                "not confirmed: this would {this}, and `--yes` alone does not delete anything\n  hint: add {limit_option} if you mean to delete that many"
            ));
            return Consent::Refused;
        }
        if !self.can_ask() {
            let options = format!("`--yes` and {limit_option}");
            return self.refuse_without_terminal(&this, &options, Some(plan));
        }
        let question = format!(
            "Delete {} at {}{}? Type {sessions} to confirm, or `show`:",
            count(sessions, "session"),
            self.config.endpoint,
            self.key_suffix()
        );
        let number = sessions.to_string();
        self.ask_about(plan, &question, |answer| {
            (answer == number).then_some(Consent::Given)
        })
    }

    pub(super) fn approve_scores(&self, plan: &Plan) -> Consent {
        if self.auto_confirm_scores.get() {
            return Consent::Given;
        }
        let sessions = count(plan.to_send(), "session");
        let endpoint = &self.config.endpoint;
        if !self.can_ask() {
            let this = format!("score {sessions} at {endpoint}, which costs money");
            return self.refuse_without_terminal(&this, "`--yes`", Some(plan));
        }
        let key = self.key_suffix();
        let question =
            format!("Score {sessions} at {endpoint}{key}? Each score costs money. [y/N/all/show]");
        self.ask_about(plan, &question, |answer| {
            match consent(Some(answer), &self.auto_confirm_scores) {
                Consent::Refused => None,
                given => Some(given),
            }
        })
    }

    /// Asks about a plan, and shows its rows if the user wants to see them. `interpret` returns what an answer means; `None` is a
    /// No.
    fn ask_about(
        &self,
        plan: &Plan,
        question: &str,
        interpret: impl Fn(&str) -> Option<Consent>,
    ) -> Consent {
        let question = escape_line(question);
        loop {
            let Some(answer) = self.ask(&question) else {
                return Consent::Interrupted;
            };
            if !matches!(answer.as_str(), "s" | "show") {
                return interpret(&answer).unwrap_or(Consent::Refused);
            }
            if let Err(consent) =
                show_rows(plan, &self.config.streams, |question| self.ask(question))
            {
                return consent;
            }
        }
    }

    fn key_suffix(&self) -> String {
        let key = self.config.key.as_ref();
        key.map_or_else(String::new, |key| format!(" with key {key}"))
    }
}

/// Interprets an answer; `all` sets `auto_confirm` for everything that is still to come.
fn consent(answer: Option<&str>, auto_confirm: &Cell<bool>) -> Consent {
    match answer {
        Some("y" | "yes") => Consent::Given,
        Some("a" | "all") => {
            auto_confirm.set(true);
            Consent::Given
        }
        Some(_) => Consent::Refused,
        None => Consent::Interrupted,
    }
}
