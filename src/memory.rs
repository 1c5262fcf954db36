//! The memory limit of the process, and the thread that watches it.
//!
//! Rhai's own size limits measure nested data again at every mutating call, which makes building a long array quadratic. An
//! allocator that counts makes the threads of a plan wait for each other. So a thread polls how much memory the process
//! holds. Work that can end early reads the result. If it does not, because one call allocates without end, the process ends.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;

const MEBIBYTE: usize = 1024 * 1024;
/// The smallest limit: the program and its threads need some of it themselves.
const LEAST: usize = 64 * MEBIBYTE;
/// A process ends when it holds more than the limit and this part of it.
const TOLERATED_PART: usize = 10;
/// The most memory that a process can fill in a second, with room to spare.
const FILLED_PER_SECOND: usize = 16 * 1024 * MEBIBYTE;
/// The time between two polls is that until the limit could be reached, within these bounds.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);
const LONGEST_INTERVAL: Duration = Duration::from_millis(100);

/// How much memory the process may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimit {
    bytes: usize,
}

/// Tells whether the process holds more memory than it may. Clones share one state.
#[derive(Clone, Debug, Default)]
pub struct MemoryWatch {
    pub limit: MemoryLimit,
    exceeded: Arc<AtomicBool>,
}

impl MemoryLimit {
    fn tolerated(self) -> usize {
        self.bytes.saturating_add(self.bytes / TOLERATED_PART)
    }
}

impl Default for MemoryLimit {
    fn default() -> Self {
        let bytes = 2048 * MEBIBYTE;
        Self { bytes }
    }
}

impl fmt::Display for MemoryLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.bytes / MEBIBYTE)
    }
}

impl FromStr for MemoryLimit {
    type Err = String;

    /// Parses a size such as `512M` or `2G`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = text.split_at(text.len() - usize::from(text.ends_with(['M', 'G'])));
        let unit = match unit {
            "M" => MEBIBYTE,
            "G" => 1024 * MEBIBYTE,
            _ => 0,
        };
        let bytes = number.parse::<usize>().ok();
        let bytes = bytes.and_then(|number| number.checked_mul(unit));
        let bytes = bytes.filter(|bytes| *bytes >= LEAST);
        bytes.map(|bytes| Self { bytes }).ok_or_else(|| {
            let least = LEAST / MEBIBYTE;
            format!("a size of {least}M or more is needed, such as 512M or 4G")
        })
    }
}

impl MemoryWatch {
    /// Watches until the process ends. Calls `end_process` when the process holds a tenth more than `limit`.
    ///
    /// Nothing is watched on a system that has no thread for it, or that does not say how much memory a process holds.
    pub fn start(
        limit: MemoryLimit,
        end_process: impl FnOnce(MemoryLimit) + Send + 'static,
    ) -> Self {
        let watch = Self {
            limit,
            exceeded: Arc::default(),
        };
        let exceeded = Arc::clone(&watch.exceeded);
        let _ = thread::Builder::new()
            .name("memory".to_owned())
            .spawn(move || {
                poll(limit, &exceeded);
                end_process(limit);
            });
        watch
    }

    /// Returns whether the process holds more than the limit. This is cheap enough for a tight loop.
    pub fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Relaxed)
    }
}

/// Returns when the process holds more than is tolerated.
fn poll(limit: MemoryLimit, exceeded: &AtomicBool) {
    loop {
        let held = memory_stats().map_or(0, |stats| stats.physical_mem);
        exceeded.store(held > limit.bytes, Ordering::Relaxed);
        if held > limit.tolerated() {
            return;
        }
        thread::sleep(interval(limit.bytes.saturating_sub(held)));
    }
}

/// Returns how long to wait if the process may fill `left` more bytes.
fn interval(left: usize) -> Duration {
    let milliseconds = left / (FILLED_PER_SECOND / 1000);
    Duration::from_millis(milliseconds as u64).clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_INTERVAL, MEBIBYTE, MemoryLimit, SHORTEST_INTERVAL, interval};

    #[test]
    fn a_limit_is_a_number_with_a_unit() {
        for (text, shown) in [("64M", "64 MiB"), ("2G", "2048 MiB"), ("1024M", "1024 MiB")] {
            let limit = text.parse::<MemoryLimit>().map(|limit| limit.to_string());
            assert_eq!(limit.as_deref(), Ok(shown));
        }
        for text in [
            "",
            "M",
            "G",
            "63M",
            "2",
            "2T",
            "-2G",
            "1.5G",
            "2Gé",
            "99999999999999999999G",
            "18446744073709551615G",
        ] {
            assert!(text.parse::<MemoryLimit>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_watch_is_closer_near_the_limit() {
        assert_eq!(interval(0), SHORTEST_INTERVAL);
        assert_eq!(interval(usize::MAX), LONGEST_INTERVAL);
        assert_eq!(interval(164 * MEBIBYTE).as_millis(), 10);
    }
}
