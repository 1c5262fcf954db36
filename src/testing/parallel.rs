//! Several pieces of work at once, told in their order.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread::{self, Builder};

use crate::interrupt::Interrupt;

/// Does `work` for each of `items` on `jobs` threads, each with so much `stack`, and tells what came of it in the order of
/// the items. After an interrupt nothing new is begun.
///
/// # Errors
/// The platform gives no thread.
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
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(at) else { break };
                        // The other end is there until all threads are done.
                        let _ = sender.send((at, work(item)));
                    }
                })?;
        }
        drop(sender);
        let mut out_of_order = BTreeMap::new();
        let mut next_index = 0;
        for (at, result) in done {
            out_of_order.insert(at, result);
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
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::sync::Barrier;

    use super::in_parallel;
    use crate::interrupt::Interrupt;

    const STACK: usize = 64 * 1024;

    #[test]
    fn results_come_in_order_and_work_is_done_at_once() {
        let both = Barrier::new(2);
        let mut results = Vec::new();
        let work = |item: &u32| {
            both.wait();
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
    fn nothing_is_begun_after_an_interrupt() {
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
