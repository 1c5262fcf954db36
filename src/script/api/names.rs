//! Names and email addresses.

use rhai::plugin::*;

use crate::people;

#[export_module]
pub mod functions {
    /// Derives a display name from an email address.
    ///
    /// Digits, and everything after a `+`, are dropped. `.` and `_` separate the words of a name; `-` joins a double
    /// name, unless it is the only separator. The words are put into title case, and nothing is added: `j.doe@` becomes
    /// `J Doe`. The result is empty if the address has no letters. Check the result with `is_doubtful_name`.
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
    /// A word in mixed case is kept (`DeShawn`, `De Niro`). Letters are also capitalized after `-`, `O'`, `D'`, `Mc`
    /// and, by rules and a list of names, `Mac` (`MacDonald`, but `Mackie`). Particles such as `van`, `de la` and
    /// `bin` stay lower-case inside a name. Suffixes are written as usual: `Jr`, `III`, `PhD`. The comma of `SMITH,
    /// JANE` is kept.
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

    /// Returns the first name of a full name, in its own spelling.
    ///
    /// `Smith, Jane` and `Smith, Jane, PhD` are recognized. Titles such as `Prof. Dr. med.`, suffixes such as `PMP`, and
    /// text in parentheses are left out. A single word is a first name. The result is empty if there is only a last name (`de la Vega`), or nothing. The first word is taken as
    /// the first name, even if the culture puts the family name first.
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

    /// Returns the last name of a full name with its particles, in its own spelling.
    ///
    /// `Smith, Jane` is recognized. Suffixes such as `Jr` and `PhD` are left out. The last name is the last word, with
    /// the particles before it: `van der Berg`, `dos Anjos`, `Ortega y Gasset`. The result is empty if the name is a
    /// single word.
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

    /// Returns `Smith, Jane` as `Jane Smith`; any other name stays as it is.
    ///
    /// Suffixes stay behind: `Smith Jr., Robert, PhD` becomes `Robert Smith Jr., PhD`. `Jane Smith, PMP` and `Jane Smith,
    /// M.A.` have their first name first already. Titles come first. A name with other text behind a second comma stays as
    /// it is, and so do names in Chinese, Japanese and Korean letters. `name_format` reads the names of a list as most of
    /// them are written.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(reorder_name("de la Cruz, María"));
    /// ```
    pub fn reorder_name(name: &str) -> String {
        people::reorder_name(name).unwrap_or_else(|| name.to_owned())
    }

    /// Returns whether a text is probably not the name of a person.
    ///
    /// A name is doubtful if it has no letters or only one, contains an `@` or a digit, is a placeholder such as `n/a`
    /// or `Test Test` or a department such as `Info`, puts the last name first (`Smith, Jane`, `SMITH Jane`), starts or ends
    /// with an initial (`J Doe`), or is a single word (`Jdoe`) in a writing system that has capital letters. Pronouns and
    /// notes next to it (`Jane Smith (external)`) are not part of a name. It is also doubtful if it is damaged: the wrong
    /// encoding (`MÃ¼ller`), lost letters, HTML, merge fields (`{{name}}`), errors of spreadsheets (`#N/A`), symbols,
    /// quotation marks around it, invisible characters, or letters of several scripts in one word. Plans use the rules of
    /// `is_doubtful_name(name, email)`.
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

    /// Returns whether a text is probably not the name of the owner of an address.
    ///
    /// This works like `is_doubtful_name(name)`, but initials, single words and departments are doubtful only if the
    /// name adds nothing to the address: for `jo.smith@`, `Jo` is a name, and for `info@`, `Jane Doe` is a name and
    /// `Info Desk` is not.
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

    /// Returns whether a text is an email address.
    ///
    /// The syntax is that of the HTML standard's `input type=email`, with a dot in the domain and at most 254
    /// characters. The domain may be internationalized (`jane@bücher.example`); it is sent in ASCII. Surrounding white
    /// space is ignored.
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
