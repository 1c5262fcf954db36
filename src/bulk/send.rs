//! Sending a plan: several invitations in flight at once, none of which stops the others by failing.

use std::cell::Cell;
use std::pin::pin;

use futures_util::{FutureExt as _, StreamExt as _, stream};

use super::{Answer, Event, Invitation, Origin, Plan};
use crate::api::{Client, Error};
use crate::interrupt::Interrupt;

/// Why sending ended before the last row.
#[derive(Debug)]
pub enum Stop {
    /// The user interrupted it.
    Interrupted,
    /// The API refuses the key or its rights.
    Refused(Error),
}

/// What came of a plan's rows: an entry for each [`Plan::invitations`], `None` where it was not sent.
#[derive(Debug)]
pub struct Sending {
    /// The answers, in the plan's order.
    pub answers: Vec<Option<Answer>>,
    /// Why it ended early, if it did.
    pub stop: Option<Stop>,
}

/// Sends `plan`, at most `concurrency` invitations at a time.
///
/// A row that fails does not stop the others. An interrupt, and a refusal of the key, end the taking of rows; those in
/// flight are waited for.
pub async fn send(
    client: &Client,
    plan: &Plan,
    concurrency: usize,
    interrupt: &Interrupt,
    report: impl Fn(&Event<'_>),
) -> Sending {
    let invitations: Vec<(&Origin, &Invitation)> = plan.invitations().collect();
    report(&Event::Started {
        total: invitations.len(),
    });
    let mut answers: Vec<Option<Answer>> = invitations.iter().map(|_| None).collect();
    let mut refusal = None;
    let stopping = Cell::new(false);
    let open = invitations
        .iter()
        .enumerate()
        .take_while(|_| !stopping.get())
        .map(
            |(index, (_, invitation))| async move { (index, invite_one(client, invitation).await) },
        );
    let mut in_flight = stream::iter(open).buffer_unordered(concurrency.max(1));
    let stop_asked = pin!(interrupt.wait());
    let mut stop_asked = stop_asked.fuse();
    loop {
        let answered = tokio::select! {
            answered = in_flight.next() => answered,
            () = &mut stop_asked => {
                if !stopping.replace(true) {
                    report(&Event::Stopping);
                }
                continue;
            }
        };
        let Some((index, result)) = answered else {
            break;
        };
        let answer = match result {
            Err(error) if error.is_refusal() => {
                if !stopping.replace(true) {
                    report(&Event::Stopping);
                }
                refusal.get_or_insert(error);
                continue;
            }
            result => Answer::from(result),
        };
        let (origin, invitation) = invitations[index];
        report(&Event::Answered {
            origin,
            invitation,
            answer: &answer,
        });
        answers[index] = Some(answer);
    }
    let stop = match refusal {
        Some(error) => Some(Stop::Refused(error)),
        None if interrupt.is_set() => Some(Stop::Interrupted),
        None => None,
    };
    Sending { answers, stop }
}

/// Sends one invitation.
///
/// # Errors
/// The API refused, or there was no usable answer.
pub async fn invite_one(
    client: &Client,
    invitation: &Invitation,
) -> Result<crate::api::Invited, Error> {
    client
        .invite(&invitation.target.id, &invitation.to_invite())
        .await
}
