//! Names and addresses.

use rhai::Engine;
use rhai::plugin::*;

use crate::people;

pub(super) fn register(engine: &mut Engine) {
    engine.register_global_module(exported_module!(functions).into());
}

#[export_module]
mod functions {
    /// Derives a display name from an email address.
    ///
    /// What follows a `+` and all digits are dropped. `.` and `_` separate the parts of a name; `-` joins a double name,
    /// unless it is the only separator. The parts are put into title case. Empty where the address holds no letter.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(name_from_email("mary-jane.o'neil+jobs@example.com"));
    /// ```
    pub fn name_from_email(email: &str) -> String {
        people::name_from_email(email)
    }

    /// Puts a name into title case.
    ///
    /// Capitals also after `-`, `'` and `Mc`; particles such as `van` and `de` stay small inside a name, and a word that
    /// already mixes cases stays as it is.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(title_case("LUDWIG VAN BEETHOVEN"));
    /// ```
    pub fn title_case(text: &str) -> String {
        people::title_case(text)
    }

    /// Tells whether a text is an email address.
    ///
    /// The syntax is that of the HTML standard's `input type=email`, with a dot in the domain; domains may be
    /// internationalised.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(is_email("jane@@example.com"));
    /// ```
    pub fn is_email(text: &str) -> bool {
        people::is_email(text)
    }
}
