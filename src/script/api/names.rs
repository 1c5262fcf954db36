//! Names and addresses.

use rhai::Module;
use rhai::plugin::*;

use crate::people;

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

#[export_module]
mod functions {
    /// Derives a display name from an email address.
    ///
    /// What follows a `+` and all digits are dropped. `.` and `_` separate the parts of a name; `-` joins a double name,
    /// unless it is the only separator. The parts are put into title case, and nothing is added: `j.doe@` is `J Doe`. Empty
    /// where the address holds no letter. Ask `is_doubtful_name` whether it looks like a name.
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
    /// A word that already has capitals and small letters stays as it is (`DeShawn`, `De Niro`). Capitals also after `-`,
    /// `O'`, `D'`, `Mc` and, by rule and list, `Mac` (`MacDonald`, but `Mackie`). Particles such as `van`, `de la` and `bin`
    /// stay small inside a name. Ends have their spelling: `Jr`, `III`, `PhD`. In `SMITH, JANE` the comma stays.
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

    /// Returns the first name in a name, as it is written.
    ///
    /// `Smith, Jane` is understood; titles such as `Dr.` and what is in brackets are left out. A single word is a first
    /// name. Empty where there is only a last name (`de la Vega`), or nothing. A name that is written with the family name
    /// first and without a comma is read as it stands.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(`Dear ${first_name("van der Berg, Jan")}`);
    /// ```
    pub fn first_name(name: &str) -> String {
        people::first_name(name)
    }

    /// Returns the last name in a name, with its particles, as it is written.
    ///
    /// `Smith, Jane` is understood; ends such as `Jr` and `PhD` are left out. It is the last word, or what starts with the
    /// last particles: `van der Berg`, `dos Anjos`, `Ortega y Gasset`. Empty where the name is a single word.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(last_name("Jan van der Berg, Jr."));
    /// ```
    pub fn last_name(name: &str) -> String {
        people::last_name(name)
    }

    /// Tells whether a name is probably none.
    ///
    /// So are those with no letter or a single one, with an `@` or a digit, placeholders such as `n/a` and `Test`, offices
    /// such as `Info`, a last name before a comma (`Smith, Jane`), names that start or end in an initial (`J Doe`), and
    /// single words (`Jdoe`) in scripts that have capitals. Plans point at names by the same rules as `is_doubtful_name(name, email)`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(is_doubtful_name(name_from_email("jdoe@example.com")));
    /// ```
    pub fn is_doubtful_name(name: &str) -> bool {
        people::name_issue(name, None).is_some()
    }

    /// Tells whether the name of the person with this address is probably none.
    ///
    /// As `is_doubtful_name(name)`, but initials, single words and offices count only where the name says no more than the
    /// address does: `Jo` of `jo.smith@` is a name, and `Jane Doe` may read `info@`, where `Info Desk` is
    /// nobody.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(is_doubtful_name("Info", "info@example.com"));
    /// ```
    #[rhai_fn(name = "is_doubtful_name")]
    pub fn is_doubtful_name_of(name: &str, email: &str) -> bool {
        people::name_issue(name, Some(email)).is_some()
    }

    /// Tells whether a text is an email address.
    ///
    /// The syntax is that of the HTML standard's `input type=email`, with a dot in the domain and at most 254 characters.
    /// The domain may be internationalised (`jane@bücher.example`); it is sent in ASCII. Space around it does not matter.
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
