//! The files next to a ledger that belong to it.

/// Returns whether the file whose name is that of a ledger and `suffix` belongs to the ledger: a log of `SQLite`, the lock of
/// a run, or a copy.
#[must_use]
pub fn is_companion(suffix: &str) -> bool {
    let is_lock = suffix.starts_with("-run") && suffix.strip_suffix(".lock").is_some();
    let is_copy = [".recovered", ".v"].iter().any(|start| {
        let number = suffix.strip_prefix(start);
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    ["-wal", "-shm", "-journal"].contains(&suffix) || is_lock || is_copy
}

#[cfg(test)]
mod tests {
    use super::is_companion;

    #[test]
    fn logs_locks_and_copies_belong_to_a_ledger() {
        for suffix in [
            "-wal",
            "-shm",
            "-journal",
            "-run7.lock",
            ".recovered",
            ".recovered2",
            ".v2",
        ] {
            assert!(is_companion(suffix), "{suffix}");
        }
        for suffix in [
            "",
            ".csv",
            "-2026.csv",
            "-runs.csv",
            ".v2.csv",
            ".recovered.txt",
        ] {
            assert!(!is_companion(suffix), "{suffix}");
        }
    }
}
