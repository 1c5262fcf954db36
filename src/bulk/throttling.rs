//! Waiting for the API, and telling why it takes so long.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::interval;

use crate::api::Client;
use crate::runtime::Runtime;

/// How often it is looked whether the API asked to wait.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Why nothing is sent at the moment.
#[derive(Clone, Debug)]
pub struct Throttling {
    /// For how much longer.
    pub left: Duration,
    /// Why.
    pub reason: &'static str,
}

/// Returns why `client` sends nothing at the moment, where that is so.
pub(super) fn throttling(client: &Client) -> Option<Throttling> {
    client.limiter_status().pause.map(|pause| Throttling {
        left: pause.left,
        reason: pause.reason,
    })
}

/// Waits for `work`, which asks `client`, and calls `on_throttled` once a second while the API asks to wait. `None` where the user
/// interrupted it.
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
