//! Inputs at the prompt: whether they are complete, their colours, and the completions at the cursor. The first byte is the
//! position of the cursor.
#![no_main]

use std::cell::RefCell;

use gradient_bulk::internals::repl::TestHooks;
use libfuzzer_sys::fuzz_target;

thread_local! {
    static TEST_HOOKS: RefCell<TestHooks> = RefCell::default();
}

fuzz_target!(|data: &[u8]| {
    let [at, input @ ..] = data else {
        return;
    };
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let cursor = usize::from(*at).min(input.len());
    TEST_HOOKS.with_borrow(|hooks| {
        let _ = hooks.is_complete(input);
        assert_eq!(hooks.highlight(input, cursor).concat(), input);
        for (span, _) in hooks.complete(input, cursor) {
            assert!(input.get(span.clone()).is_some(), "{span:?}");
            assert_eq!(span.end, cursor);
        }
    });
});
