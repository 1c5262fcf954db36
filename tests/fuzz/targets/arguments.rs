//! Scripts and their arguments: the arguments one per line, an empty line, then the script. Compiling and checking the script,
//! finding its `arg` calls and parsing the arguments must end with values or a message.
#![no_main]

use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;

use gradient_bulk::internals::cli::{STACK, read_arguments};
use gradient_bulk::internals::script::{ImportRoot, Source};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (arguments, script) = text.split_once("\n\n").unwrap_or(("", text));
    let arguments: Vec<OsString> = arguments.lines().map(OsString::from).collect();
    let source = Source {
        name: "fuzz.rhai".into(),
        text: script.into(),
        import_root: ImportRoot::Directory(PathBuf::from("/nonexistent")),
    };
    let reserved = ["dry-run", "yes", "help"].map(str::to_owned);
    // On a thread with a large stack, as in the program.
    let reader = thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || read_arguments(source, arguments, &reserved))
        .expect("a thread");
    match reader.join() {
        Ok(Ok(_)) => {}
        Ok(Err(message)) => assert!(!message.trim().is_empty()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
});
