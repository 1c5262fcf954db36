//! Random tests: the same test with many seeds, several at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

const SEEDS: u64 = 30;
/// How many seeds are tested at once. They mostly wait.
const AT_ONCE: u64 = 10;

/// Runs `test` with each seed, and reports the seeds that fail.
#[track_caller]
pub(crate) fn for_each_seed(test: impl Fn(u64) + Sync) {
    for_seeds(SEEDS, AT_ONCE, test);
}

/// Runs `test` with the seeds up to `last`, several at once.
#[track_caller]
pub(crate) fn for_seeds(last: u64, at_once: u64, test: impl Fn(u64) + Sync) {
    let seeds = Mutex::new(1..=last);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let Some(seed) = seeds.lock().unwrap().next() else {
                        return;
                    };
                    if catch_unwind(AssertUnwindSafe(|| test(seed))).is_err() {
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "failed with the seeds {failed:?}");
}
