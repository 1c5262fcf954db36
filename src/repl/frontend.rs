//! The terminal in front of a session, as the session sees it.

use crate::error::Error;
use crate::script::Console;

/// Who shows what comes of an input.
pub trait ReplFrontend: Console {
    /// Lets what is sent from now on go without a question, or not.
    fn set_auto_confirm(&self, agreed: bool);

    /// Shows a result that is ready to be shown: it may be coloured, and holds no other control characters.
    fn print_result(&self, text: &str);

    /// Shows an error.
    fn print_error(&self, error: &Error);

    /// Tells whether results are coloured.
    fn colors(&self) -> bool;
}
