//! Runs work in parallel and reports the results in order.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread::{self, Builder};

use crate::interrupt::Interrupt;

/// Runs `work` for each of `items` on `jobs` threads with `stack` bytes of stack, and reports the results in the order of the
/// items. After an interrupt, no new work is started.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    stack: usize,
    interrupt: &Interrupt,
    work: impl Fn(&T) -> R + Sync,
    mut report: impl FnMut(R),
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, done) = channel();
        for number in 0..jobs.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            Builder::new()
                .name(format!("test-{number}"))
                .stack_size(stack)
                .spawn_scoped(scope, move || {
                    while !interrupt.is_set() {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(index) else { break };
                        // The receiver outlives all threads.
                        let _ = sender.send((index, work(item)));
                    }
                })?;
        }
        drop(sender);
        let mut out_of_order = BTreeMap::new();
        let mut next_index = 0;
        for (index, result) in done {
            out_of_order.insert(index, result);
            while let Some(result) = out_of_order.remove(&next_index) {
                report(result);
                next_index += 1;
            }
        }
        out_of_order.into_values().for_each(report);
        Ok(())
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::sync::Barrier;

    use super::in_parallel;
    use crate::interrupt::Interrupt;

    const STACK: usize = 64 * 1024;

    #[test]
    fn work_runs_in_parallel_and_results_come_in_order() {
        let barrier = Barrier::new(2);
        let mut results = Vec::new();
        let work = |item: &u32| {
            barrier.wait();
            item * 10
        };
        let interrupt = Interrupt::default();
        in_parallel(&[1, 2, 3, 4], 2, STACK, &interrupt, work, |result| {
            results.push(result);
        })
        .unwrap();
        assert_eq!(results, [10, 20, 30, 40]);
    }

    #[test]
    fn no_work_starts_after_an_interrupt() {
        let interrupt = Interrupt::default();
        let mut results = Vec::new();
        let work = |item: &u32| {
            interrupt.set();
            *item
        };
        in_parallel(&[1, 2, 3], 1, STACK, &interrupt, work, |result| {
            results.push(result);
        })
        .unwrap();
        assert_eq!(results, [1]);
    }
}
