//! gradient-bulk: bulk work on the Gradient hiring-assessment API, scripted in Rhai.
//!
//! The program is all that other programs can use. The library exists so that `main.rs` and the tests share its code: its modules
//! are private, so that the compiler finds what nobody uses.
//!
//! The modules, from the top down. A module uses only those below it; a test checks that.
//!
//! - `main.rs` owns the state of the process, runs the command, and exits.
//! - `cli`: one file or folder per command. The only module that knows clap and that prints.
//! - `repl`: the interactive session and its line editor.
//! - `render`: displays an error with its source line and caret.
//! - `error`: the error that a command ends with, with its exit status and hints.
//! - `testing`: discovers tests of scripts and provides their environment.
//! - `settings`: options, environment and configuration file, resolved once into plain structs.
//! - `reference`: the reference of the functions for scripts, generated from their doc comments.
//! - `script`: the scripting host. `script/api/` contains the functions for scripts, one file per noun; `script/mod.rs`
//!   describes the other folders.
//! - `report`: HTML reports of sessions and runs: data in, text out.
//! - `bulk`: plans invitations, then sends them.
//! - `monitoring`: the funnel of sessions, their deadlines, and what changed.
//! - `runtime`: the only place that blocks on asynchronous work.
//! - `api`: the Gradient client, one file per resource. The only module that knows reqwest.
//! - `sandbox`: the built-in replacement for the API.
//! - `interrupt`: Ctrl-C and other signals, as a flag that can be read and awaited.
//! - `memory`: the memory limit of the process, and the thread that watches it.
//! - `ledger`: what was planned and sent, in SQLite; it survives a crash at any moment.
//! - `table`, `file_access`: rows of files, and the files that a script may use.
//! - `people`, `time`: names and addresses, times with a zone.
//! - `interpretation`: how a value was read, if a person should see it before anything is sent.
//! - `error_code`, `exit_status`: every code of an error, with its meaning and exit status.
//! - `change_kind`: the kinds of change at the API, and which are permitted.
//! - `session_status`: the documented statuses of a session, in order.
//! - `file_lock`: locks between processes.
//! - `file_identity`: which file it is, whatever its path.
//! - `quiet_panic`: catches panics of libraries that work on data of others.
//! - `private_file`: files that only their owner can read.
//! - `process_limits`: `ulimit -n` and `ulimit -f`.
//! - `hardening`: what the process does at its start so that it leaves no core dump.
//! - `text`: escaping, wrapping, plurals and suggestions.

mod api;
mod bulk;
mod change_kind;
pub mod cli;
mod error;
mod error_code;
mod exit_status;
mod file_access;
mod file_identity;
mod file_lock;
pub mod hardening;
mod interpretation;
mod interrupt;
mod ledger;
mod memory;
mod monitoring;
mod people;
mod private_file;
mod process_limits;
mod quiet_panic;
mod reference;
mod render;
mod repl;
mod report;
mod runtime;
mod sandbox;
mod script;
mod session_status;
mod settings;
mod table;
mod testing;
mod text;
mod time;

pub use self::exit_status::ExitStatus;
pub use self::file_access::Stdin;

/// What the tests and fuzz targets of this repository call directly. It is not an interface for other programs.
pub mod internals {
    pub mod api {
        pub use crate::api::{
            ApiKey, Assessment, BaseUrl, Candidate, Client, Config, Error, InvalidResponse, Invite,
            InviteResponse, RawResponse, RequestLimits, RetryOutcome, Score, Session,
            SessionFilter,
        };
    }
    pub mod cli {
        pub use crate::cli::{STACK, read_arguments};
    }
    pub mod error_code {
        pub use crate::error_code::ErrorCode;
    }
    pub mod interrupt {
        pub use crate::interrupt::Interrupt;
    }
    pub mod people {
        pub use crate::people::{
            first_name, interpret_domain, is_email, last_name, name_from_email, name_issue,
            parse_email, reorder_name, title_case,
        };
    }
    pub mod reference {
        pub use crate::reference::{Reference, terminal};
    }
    pub mod repl {
        pub use crate::repl::TestHooks;
    }
    pub mod report {
        pub use crate::report::{Category, MAX_ROWS, Score, Session, SessionsReport};
    }
    pub mod script {
        pub use crate::script::{
            Finding, Function, FunctionKind, ImportRoot, KeyType, Linter, MapKind, MapSchema,
            OptionKey, Source, described_functions, functions, rhai_functions,
        };
    }
    pub mod table {
        pub use crate::table::{
            Charset, ColumnOptions, CsvOptions, CsvReader, Error, Header, Row, SheetChoice,
            Workbook, WorkbookOptions, escape_formula,
        };
    }
    pub mod time {
        pub use crate::time::{DateTime, Error, Holidays, parse_date, weekday, zone};
    }
}
