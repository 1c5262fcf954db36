//! The codes of errors that a script, `check` or the prompt can show.
//!
//! The table below is the only list of them. A script sees the name in the key `error` of what it catches, so names do not
//! change. A script may also throw a code of its own, which is plain text and not listed here.

use crate::exit_status::ExitStatus;

/// What kind of trouble a code reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCategory {
    /// The script, or an input at the prompt, is wrong.
    Script,
    /// `check` reports it without running the script.
    Lint,
    /// One value is wrong. Raised in the closure of `invite_all`, it makes that row invalid.
    Data,
    /// A file is wrong as a whole, or the work does not fit into memory.
    Input,
    /// A setting is missing on the command line.
    Usage,
    /// The API refuses the key, its rights or the assessment, so no other request can succeed.
    Refused,
    /// This one action is refused; others may succeed.
    Denied,
    /// The service cannot be reached, or is out of order.
    Unavailable,
    /// Another process is in the way; waiting helps.
    Busy,
    /// Something on this computer is in the way.
    Local,
    /// The script raised it itself, or a test did.
    Raised,
}

impl ErrorCategory {
    /// Returns the name, as the reference shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Lint => "lint",
            Self::Data => "data",
            Self::Input => "input",
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::Local => "local",
            Self::Raised => "raised",
        }
    }

    /// Returns the exit status of a script that such an error ends.
    pub fn exit_status(self) -> ExitStatus {
        match self {
            Self::Usage => ExitStatus::Usage,
            Self::Refused => ExitStatus::Refused,
            Self::Busy => ExitStatus::WaitTimedOut,
            Self::Script
            | Self::Lint
            | Self::Data
            | Self::Input
            | Self::Denied
            | Self::Unavailable
            | Self::Local
            | Self::Raised => ExitStatus::ScriptError,
        }
    }
}

macro_rules! error_codes {
    ($($category:ident { $($code:ident $name:literal $summary:literal)* })*) => {
                #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[doc = $summary] $code,)*)*
        }

        impl ErrorCode {
            /// Every code, by category.
            pub const ALL: &[Self] = &[$($(Self::$code,)*)*];

            /// Returns the name that scripts see.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$code => $name,)*)* }
            }

            /// Returns the category, which decides about the exit status.
            pub const fn category(self) -> ErrorCategory {
                match self { $($(Self::$code)|* => ErrorCategory::$category,)* }
            }

            /// Returns the sentence that the reference has about it.
            pub const fn summary(self) -> &'static str {
                match self { $($(Self::$code => $summary,)*)* }
            }
        }
    };
}

error_codes! {
    Script {
        ArgMisuse "arg_misuse" "A call of `arg` is not at the top level, or its arguments are not literals."
        Import "import" "An imported script is missing, cannot be read or parsed, or imports itself."
        MissingKey "missing_key" "A request has no `email`."
        NoHost "no_host" "The functions of gradient-bulk are not available in this engine."
        Planning "planning" "The closure of `invite_all` calls a function that sends, writes or waits."
        Recursion "recursion" "Functions call each other too deeply."
        Script "script" "Rhai reports an error that has no code of its own, such as a division by zero."
        Syntax "syntax" "The script cannot be parsed."
        TestOnly "test_only" "A function for tests is called outside a test."
        TestParameters "test_parameters" "A function named `test_…` takes parameters."
        UnknownFunction "unknown_function" "No function has this name and takes these arguments."
        UnknownIndex "unknown_index" "A value of this type cannot be indexed this way."
        UnknownKey "unknown_key" "A map or a request has no such key."
        UnknownModule "unknown_module" "Nothing is imported under this name."
        UnknownOption "unknown_option" "The function has no such option."
        UnknownProperty "unknown_property" "A value of this type has no such property."
        UnknownVariable "unknown_variable" "No variable of this name is in scope."
        WrongType "wrong_type" "A value has the wrong type."
        BadPattern "bad_pattern" "The pattern for a date or time, a regular expression, or a pattern for file names is invalid."
        UnknownUnit "unknown_unit" "There is no such unit of time."
        UnknownCommand "unknown_command" "The prompt has no such command."
        Usage "usage" "A command of the prompt has a wrong or missing argument."
    }
    Lint {
        IgnoredSkip "ignored_skip" "The value of `skip` is not returned, so no row is left out."
        InviteInLoop "invite_in_loop" "`invite` is called in a loop, and asks each time; `invite_all` asks once."
        LostChange "lost_change" "A copy is changed, and nothing reads it afterwards."
        NoTemplate "no_template" "A text between quotes contains `${…}`, which only backticks replace."
        NoValue "no_value" "The value of a function that returns nothing is used."
        Unreachable "unreachable" "Some code can never run."
        UnusedResult "unused_result" "A value is computed and not used."
        UnusedVariable "unused_variable" "A variable is never used."
    }
    Data {
        BadCell "bad_cell" "A cell of a workbook shows an error such as `#N/A`."
        BadDate "bad_date" "A date or time is invalid or ambiguous."
        BadEmail "bad_email" "An email address is invalid."
        BadNumber "bad_number" "A text is not a number, or a number is out of range."
        DuplicateKey "duplicate_key" "Two items have the same value, and it must be unique."
        OutOfRange "out_of_range" "A point in time is too far in the past or future."
        UnknownWeekday "unknown_weekday" "There is no such weekday."
        UnknownZone "unknown_zone" "There is no such time zone."
    }
    Input {
        BadCondition "bad_condition" "A condition for rows is not `COLUMN=VALUE` or `COLUMN!=VALUE`."
        BadHolidays "bad_holidays" "A list of holidays cannot be understood."
        BadJson "bad_json" "A file is not valid JSON."
        BadSheetName "bad_sheet_name" "Excel refuses the name of a sheet."
        BadTable "bad_table" "A CSV file or workbook cannot be understood."
        File "file" "A file cannot be opened, read or written."
        Memory "memory" "The script uses too much memory. It cannot be caught."
        TooLarge "too_large" "A text or list would become too large."
        UnknownColumn "unknown_column" "A row or a list of rows has no such column."
    }
    Usage {
        NoAssessment "no_assessment" "The call needs an assessment, and none is set."
    }
    Refused {
        AmbiguousAssessment "ambiguous_assessment" "Several assessments have this name."
        Forbidden "forbidden" "The key does not have the rights for this."
        MalformedKey "malformed_key" "The API key is malformed."
        NoKey "no_key" "No API key is set."
        Unauthorized "unauthorized" "The key is wrong, expired or revoked."
        UnknownAssessment "unknown_assessment" "No assessment has this id or name."
    }
    Denied {
        BadRequest "bad_request" "The API refuses the request as invalid."
        Finished "finished" "The candidate has finished a session of this assessment."
        NotAllowed "not_allowed" "An option such as `--deny-send` forbids this, no `--allow-path` allows it, or the file belongs to gradient-bulk."
        NotFound "not_found" "The API has nothing under this id."
        WrongState "wrong_state" "The session is not in a state that allows this."
    }
    Unavailable {
        BadAnswer "bad_answer" "The response of the API is incomplete or cannot be understood."
        Connection "connection" "The connection to the API fails or breaks."
        RateLimited "rate_limited" "The API is still too busy after all retries."
        ServerError "server_error" "The API reports an error of its own."
        Timeout "timeout" "The API does not respond in time."
    }
    Busy {
        InUse "in_use" "Another process invites to the same assessment."
    }
    Local {
        BadAddress "bad_address" "The address of the API is invalid, or not https."
        BadCertificate "bad_certificate" "A certificate of `--ca-file` cannot be used."
        Interrupted "interrupted" "You interrupted a request before there was a response."
        Ledger "ledger" "The ledger cannot be read or written."
        UnreadOutput "unread_output" "The script prints without end, and nothing reads its output any more. No `catch` takes it."
    }
    Raised {
        Assertion "assertion" "An assertion failed."
        Ended "ended" "A test ended before its last line, for example by `exit`."
        Stuck "stuck" "A script in a test keeps sleeping until something happens that never will."
        Thrown "thrown" "The script threw a value that is not a map with `error` and `message`."
        Unable "unable" "`run_script` or `set_status` cannot do this."
    }
}

impl ErrorCode {
    /// Returns the code with this name; `None` for one that a script made up.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Returns the exit status of a script that such an error ends.
    pub fn exit_status(self) -> ExitStatus {
        self.category().exit_status()
    }
}
