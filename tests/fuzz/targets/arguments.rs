//! Scripts and the words behind them: the words one a line, an empty line, then the script. Compiling, checking, finding
//! its `arg` calls and reading the words must end with values or a message.
#![no_main]

use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;

use gradient_bulk::cli::{STACK, read_arguments};
use gradient_bulk::script::{Source, ImportRoot};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (words, script) = text.split_once("\n\n").unwrap_or(("", text));
    let given: Vec<OsString> = words.lines().map(OsString::from).collect();
    let source = Source {
        name: "fuzz.rhai".into(),
        text: script.into(),
        import_root: ImportRoot::Directory(PathBuf::from("/nonexistent")),
    };
    let reserved = ["dry-run", "yes", "help"].map(str::to_owned);
    // As the program does it: on a stack of its own.
    let reading = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || read_arguments(source, given, &reserved))
        .expect("a thread");
    match reading.join() {
        Ok(Ok(_)) => {}
        Ok(Err(message)) => assert!(!message.trim().is_empty()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
});
