//! Catches panics of libraries that work on data of others: that a file is damaged is an error, not a crash of this program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

static HOOK: Once = Once::new();

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`, and returns `None` if it panics. Nothing is printed about that panic.
///
/// The caller must not use anything afterwards that the work may have left half done.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_QUIET.try_with(Cell::get).unwrap_or(false) {
                usual(info);
            }
        }));
    });
    let outer = IS_QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(outer);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::catch;

    #[test]
    fn a_panic_is_caught_also_inside_another() {
        assert_eq!(catch(|| 1), Some(1));
        let caught = catch(|| {
            assert_eq!(catch(|| assert!("".contains('x'))), None);
            2
        });
        assert_eq!(caught, Some(2));
    }
}
