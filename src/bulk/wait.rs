//! Waiting for the API, and reporting why it takes so long.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::interval;

use crate::api::{Client, Pause};
use crate::runtime::Runtime;

/// How often a pause is reported.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Waits for `work`, which uses `client`, and calls `on_pause` once a second while the client pauses. Returns `None` if the
/// user interrupts it.
pub fn wait<T>(
    runtime: &Runtime,
    client: &Client,
    on_pause: impl Fn(&Pause),
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
                    if let Some(pause) = client.limiter_status().pause {
                        on_pause(&pause);
                    }
                }
            }
        }
    })
}
