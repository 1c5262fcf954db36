//! Waiting for the API, and reporting why it takes so long.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::interval;

use crate::api::Client;
use crate::runtime::Runtime;

/// How often a wait is reported.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// A pause in which no requests are sent.
#[derive(Clone, Debug)]
pub struct Throttling {
    pub remaining: Duration,
    pub reason: &'static str,
}

/// Returns why `client` sends nothing right now, if it is paused.
pub(super) fn throttling(client: &Client) -> Option<Throttling> {
    client.limiter_status().pause.map(|pause| Throttling {
        remaining: pause.left,
        reason: pause.reason,
    })
}

/// Waits for `work`, which uses `client`, and calls `on_throttled` once a second while the API throttles it. Returns `None`
/// if the user interrupts it.
pub fn wait<T>(
    runtime: &Runtime,
    client: &Client,
    on_throttled: impl Fn(&Throttling),
    work: impl Future<Output = T>,
) -> Option<T> {
    runtime.wait_unless_interrupted(async {
        let mut work = pin!(work);
        let mut poll = interval(POLL_INTERVAL);
        loop {
            tokio::select! {
                biased;
                output = &mut work => return output,
                _ = poll.tick() => {
                    if let Some(throttling) = throttling(client) {
                        on_throttled(&throttling);
                    }
                }
            }
        }
    })
}
