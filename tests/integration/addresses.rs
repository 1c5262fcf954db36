//! Email addresses: their syntax compared with the regular expression of the HTML standard. `tests/generate/emails.py` writes
//! the cases to `tests/data/emails.csv`.

use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::internals::people::{interpret_domain, is_email, parse_email};

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

/// Texts around and inside addresses, and what the message says about them.
const WRONG_ADDRESSES: &[(&str, &str)] = &[
    ("z@example.com.", "`.` after it: delete it"),
    ("bob@example.com;", "`;` after it: delete it"),
    ("bob@example.com, ", "`,` after it: delete it"),
    ("mailto:jane@x.com", "`mailto:` before it: delete it"),
    ("Mailto:jane@x.com", "`mailto:` before it: delete it"),
    ("<jane@x.com>", "inside `<>`: delete them"),
    ("\"jane@x.com\"", "inside `\"\"`: delete them"),
    ("'jane@x.com'", "inside `''`: delete them"),
    ("“jane@x.com”", "inside `“”`: delete them"),
    ("‘jane@x.com’", "inside `‘’`: delete them"),
    (
        "MAILTO:jane@x.com?subject=Hi",
        "`mailto:` before it: delete it",
    ),
    (
        "Jane Smith (jane@x.com)",
        "with a name: keep only the address",
    ),
    (
        "jane@x.com <mailto:jane@x.com>",
        "with a name: keep only the address",
    ),
    (
        "jane@x.com <bob@x.com>",
        "several addresses: give each its own row",
    ),
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
    ("jane@exa_mple", "`_` in the domain"),
    ("jane@a,,b", "a comma in the domain"),
    ("jane@a..b", "no domain name after the `@`"),
    ("jane@example.c", "no domain name ends in `.c`"),
    ("jane@192.168.0.1", "no domain name ends in `.1`"),
    ("ja ne@x.com", "a space before the `@`"),
    ("jane@x y.com", "a space in the domain"),
    (
        "jane @ x.com",
        "a space before the `@`, and a space in the domain",
    ),
    ("ja\u{a0}ne@x.com", "U+00A0 NO-BREAK SPACE before the `@`"),
    (
        "a\u{200b}nn@x.com",
        "U+200B ZERO WIDTH SPACE before the `@`",
    ),
    (
        "bо@x.com",
        "`о` (U+043E CYRILLIC SMALL LETTER O) before the `@`",
    ),
    (
        "jané@x.com",
        "`é` (U+00E9 LATIN SMALL LETTER E WITH ACUTE) before the `@`",
    ),
    ("jane@exam\u{ad}ple.com", "U+00AD SOFT HYPHEN in the domain"),
    (
        "cy＠example.com",
        "`＠` (U+FF20 FULLWIDTH COMMERCIAL AT) in place of the `@`",
    ),
    ("jane(at)example.com", "`(at)` in place of the `@`"),
    ("jane at example.com", "`at` in place of the `@`"),
    (
        "gail@exаmple.com",
        "`exаmple` mixes Latin and Cyrillic: it has `а` (U+0430 CYRILLIC SMALL LETTER A)",
    ),
    (
        "gail@xn--exmple-4nf.com",
        "`exаmple` mixes Latin and Cyrillic: it has `а` (U+0430 CYRILLIC SMALL LETTER A)",
    ),
    (
        "gail@gοοgle.com",
        "`gοοgle` mixes Latin and Greek: it has `ο` (U+03BF GREEK SMALL LETTER OMICRON)",
    ),
    (
        "ga il@exаmple.com",
        "a space before the `@`, and `exаmple` mixes Latin and Cyrillic: it has `а` (U+0430 CYRILLIC SMALL LETTER A)",
    ),
    ("\"jane doe\"@x.com", "`\"` and a space before the `@`"),
    (
        "jane@exam\u{fffd}ple.com",
        "`\u{fffd}` (U+FFFD REPLACEMENT CHARACTER) in the domain",
    ),
    (".", "no `@`"),
    ("mailto:", "no `@`"),
    ("<", "no `@`"),
];

/// Spreadsheets and mail programs leave text around addresses; the message says what to delete.
#[test]
fn text_around_an_address_is_named() {
    for (text, reason) in WRONG_ADDRESSES {
        let found = parse_email(text).unwrap_err().to_string();
        assert_eq!(found, *reason, "{text:?}");
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

/// Domains near those of large providers.
#[rustfmt::skip]
const RIGHT_DOMAINS: [&str; 64] = [
    "gmail.com", "googlemail.com", "ymail.com", "rocketmail.com", "gmx.de", "gmx.com",
    "gmx.net", "gmx.at", "mail.com", "email.com", "mail.ru", "web.de",
    "hotmail.com", "hotmail.fr", "hotmail.co.uk", "yahoo.co.uk", "yahoo.com.br", "yahoo.ca",
    "yahoo.cn", "outlook.de", "outlook.com", "live.com", "live.ca", "msn.com",
    "aol.com", "aol.de", "icloud.com", "me.com", "mac.com", "proton.me",
    "protonmail.com", "protonmail.ch", "t-online.de", "t-online.hu", "email.de", "qmail.com",
    "fastmail.com", "example.com", "example.co", "company.co", "mail.example.com", "cloud.com",
    "yandex.ru", "qq.com", "163.com", "naver.com", "libero.it", "orange.fr",
    "free.fr", "hotmail.gr", "comcast.net", "google.com", "gmx.li", "outlook.jp",
    "hotelmail.com", "email.it", "cmail.com", "gmail.example.com", "outlook.example.org", "live.com.mx",
    "example.cm", "example.cam", "example.mom", "example.om",
];

/// Inputs that were sent to nobody, or to somebody else, without a word.
#[test]
fn misspelled_providers_are_shown_before_anything_is_sent() {
    for (address, likely) in [
        ("ann@gmial.com", "gmail.com"),
        ("ann@gmail.con", "gmail.com"),
        ("ann@gmail.co", "gmail.com"),
        ("ann@gmail.cm", "gmail.com"),
        ("ann@gmail.de", "gmail.com"),
        ("ann@gmail.com.com", "gmail.com"),
        ("ann@www.gmail.com", "gmail.com"),
        ("ann@gnail.com", "gmail.com"),
        ("ann@gmai.com", "gmail.com"),
        ("ann@GMAIL.CON", "gmail.com"),
        ("ann@googlemial.com", "googlemail.com"),
        ("ann@hotmial.com", "hotmail.com"),
        ("ann@hotmial.fr", "hotmail.fr"),
        ("ann@hotmail.con", "hotmail.com"),
        ("ann@hotmaill.con", "hotmail.com"),
        ("ann@yahoo.co", "yahoo.com"),
        ("ann@yaho.com", "yahoo.com"),
        ("ann@yahooo.co.uk", "yahoo.co.uk"),
        ("ann@outlok.com", "outlook.com"),
        ("ann@otulook.com", "outlook.com"),
        ("ann@icloud.de", "icloud.com"),
        ("ann@icould.com", "icloud.com"),
        ("ann@aol.con", "aol.com"),
        ("ann@gmx.con", "gmx.com"),
        ("ann@t-onlin.de", "t-online.de"),
        ("ann@protonmial.com", "protonmail.com"),
        ("ann@example.con", "example.com"),
        ("ann@mail.example.comm", "mail.example.com"),
    ] {
        let found = interpret_domain(address, address).unwrap();
        let reading = format!("did you mean `{likely}`?");
        assert_eq!(found.reading, Some(reading), "{address}");
    }
    for domain in RIGHT_DOMAINS {
        let address = format!("ann@{domain}");
        assert_eq!(interpret_domain(&address, &address), None);
    }
    let with_blanks = "\u{a0}ann@example.com\u{200b}";
    assert_eq!(interpret_domain(with_blanks, "ann@example.com"), None);
    for address in [
        "ann..lee@example.com",
        ".ann@example.com",
        "ann.@example.com",
    ] {
        let remark = interpret_domain(address, address).unwrap().remark;
        assert_eq!(
            remark,
            "a full stop before the `@` is next to another one, or first or last"
        );
    }
    Project::new()
        .file("people.csv", "name,E-Mail\nAnn Lee,ann@gmial.com\nBo Li,bo@example.com\nCy Mo,cy@yahoo.co\n")
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .succeeds()
        .says_once(
            "2 rows: column `E-Mail`: the domain looks misspelled: line 2 `ann@gmial.com` (did you mean `gmail.com`?), \
             line 4 `cy@yahoo.co` (did you mean `yahoo.com`?)\n",
        );
}

#[test]
fn domains_in_other_letters_are_shown_as_they_are_read_and_as_they_are_sent() {
    Project::new()
        .file(
            "people.csv",
            "name,email\nAnn Lee,ann@bücher.example\nBo Li,bo@xn--bcher-kva.example\nCy Mo,cy@аррӏе.com\nDi Fu,di@ｅxample.com\n",
        )
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .succeeds()
        .says_once(
            "the domain is internationalized: line 2 `ann@bücher.example` (`xn--bcher-kva.example` is `bücher.example`), \
             line 3 `bo@xn--bcher-kva.example` (`xn--bcher-kva.example` is `bücher.example`), \
             line 5 `di@ｅxample.com` (sent as `example.com`)\n",
        )
        .says_once(
            "(`xn--80ak6aa92e.com` is not `apple.com`: it has `а` (U+0430 CYRILLIC SMALL LETTER A), \
             `р` (U+0440 CYRILLIC SMALL LETTER ER), `ӏ` (U+04CF CYRILLIC SMALL LETTER PALOCHKA) and 1 more): \
             the domain looks like another one: line 4\n",
        );
}

#[test]
fn an_address_with_letters_of_two_scripts_is_invalid() {
    Project::new()
        .file("people.csv", "name,email\nGail Hu,gail.hu@exаmple.com\n")
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .exits(5)
        .says_once(
            "line 2: email `gail.hu@exаmple.com`: not an email address (`exаmple` mixes Latin and Cyrillic: it has `а` \
             (U+0430 CYRILLIC SMALL LETTER A))\n",
        );
}
