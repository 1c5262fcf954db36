//! Email addresses: their syntax compared with the regular expression of the HTML standard. `tests/generate/emails.py` writes
//! the cases to `tests/data/emails.csv`.

use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::people::{is_email, parse_email};

use crate::support::Project;

/// An address, whether the HTML standard accepts it, the address that is sent or nothing, and why the two differ.
type Case = (String, bool, String, String);

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/emails.csv");
    csv::Reader::from_path(path)
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn addresses_are_those_of_the_html_standard_except_for_listed_reasons() {
    let mut wrong = String::new();
    for (address, html, sent, why) in cases() {
        let found = parse_email(&address);
        if found.as_deref().unwrap_or("") != sent || is_email(&address) == sent.is_empty() {
            writeln!(wrong, "{address:?}: {found:?}, expected {sent:?}").unwrap();
        }
        if why.is_empty() && html == sent.is_empty() {
            writeln!(
                wrong,
                "{address:?}: the standard says {html}, and no reason for the difference is given"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn an_internationalized_domain_is_sent_in_ascii() {
    Project::new()
        .rehearse(
            r#"
            print(is_email("jane@bücher.example"));
            print(invite("jane@bücher.example", "Jane Smith").email);
            "#,
        )
        .succeeds()
        .prints("true\njane@xn--bcher-kva.example\n");
}

/// Spreadsheets and mail programs leave text around addresses; the message says what to delete.
#[test]
fn text_around_an_address_is_named() {
    for (text, reason) in [
        ("z@example.com.", "`.` after it: delete it"),
        ("bob@example.com;", "`;` after it: delete it"),
        ("bob@example.com, ", "`,` after it: delete it"),
        ("mailto:jane@x.com", "`mailto:` before it: delete it"),
        ("Mailto:jane@x.com", "`mailto:` before it: delete it"),
        ("<jane@x.com>", "inside `<>`: delete them"),
        ("\"jane@x.com\"", "inside `\"\"`: delete them"),
        ("'jane@x.com'", "inside `''`: delete them"),
        (
            "Jane Smith <jane@x.com>",
            "with a name: keep only the address",
        ),
        (
            "jane@x.com; bob@x.com",
            "several addresses: give each its own row",
        ),
        (
            "jane@x.com,bob@x.com",
            "several addresses: give each its own row",
        ),
        ("jane@@x.com", "more than one `@`"),
        ("jane@example", "no dot in the domain"),
        ("jane@example,com", "a comma in the domain"),
        ("jane@mail.example,com", "a comma in the domain"),
        ("jane@exa_mple", "no domain name after the `@`"),
        ("jane@a,,b", "no domain name after the `@`"),
        ("ja ne@x.com", "` ` before the `@`"),
        (".", "no `@`"),
        ("mailto:", "no `@`"),
        ("<", "no `@`"),
    ] {
        let found = parse_email(text).unwrap_err().to_string();
        assert_eq!(found, reason, "{text:?}");
    }
    Project::new()
        .file("people.csv", "email,name\nbob@example.com;,Bob Li\n")
        .rehearse("invite_all(read_csv(\"people.csv\"));")
        .exits(5)
        .says("line 2: email `bob@example.com;`: not an email address (`;` after it: delete it)\n");
}

#[test]
fn a_row_without_an_address_is_identified_by_its_name() {
    Project::new()
        .rehearse("invite_all([#{ email: \"\", name: \"Kai Lund\" }, #{ email: \" \" }, #{ email: \"tim@example,com\", name: \"Tim\" }, #{ email: \"eve@example\" }]);")
        .exits(5)
        .says("2 rows: email: no address: row 1 (Kai Lund), row 2\n")
        .says("row 3: email `tim@example,com`: not an email address (a comma in the domain)\n")
        .says("row 4: email `eve@example`: not an email address (no dot in the domain)\n");
}
