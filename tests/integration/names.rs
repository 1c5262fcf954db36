//! Names: how they are derived, written and split, and which are doubtful. The cases are in `tests/data/names.csv`, each with
//! its source.

use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::people;

use crate::support::Project;

/// A row of the table: input, expected output, function, and source.
type Case = (String, String, String, String);

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/names.csv");
    csv::Reader::from_path(path)
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

fn apply(function: &str, input: &str) -> String {
    match function {
        "title_case" => people::title_case(input),
        "name_from_email" => people::name_from_email(input),
        "first_name" => people::first_name(input),
        "last_name" => people::last_name(input),
        "reorder_name" => people::reorder_name(input).unwrap_or_default(),
        "name_issue" => {
            let pair = input
                .strip_suffix('>')
                .and_then(|pair| pair.split_once(" <"));
            let name_issue = match pair {
                Some((name, email)) => people::name_issue(name, Some(email)),
                None => people::name_issue(input, None),
            };
            name_issue.map_or_else(String::new, |name_issue| name_issue.to_string())
        }
        _ => panic!("the table names an unknown function `{function}`"),
    }
}

#[test]
fn every_case_of_the_table_passes() {
    let cases = cases();
    let mut wrong = String::new();
    for (input, expected, function, source) in &cases {
        let found = apply(function, input);
        if found != *expected {
            writeln!(
                wrong,
                "{function}({input:?}): {found:?}, expected {expected:?} ({source})"
            )
            .unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "of {} cases, these fail:\n{wrong}",
        cases.len()
    );
}

#[test]
fn many_cases_come_from_published_sources() {
    let cases = cases();
    let published = |case: &&Case| {
        ["nameparser", "Lingua::", "Wikipedia"]
            .iter()
            .any(|from| case.3.contains(from))
    };
    let count = cases.iter().filter(published).count();
    assert!(count >= 160, "{count} of {}", cases.len());
}

/// Random texts of parts of names, and of letters with unusual case rules.
fn random_texts(seed: u64, count: usize) -> impl Iterator<Item = String> {
    const PIECES: [&str; 64] = [
        "a", "e", "y", "j", "mc", "mac", "MAC", "Mc", "van", "VAN", "de", "la", "LA", "bin", "al",
        "al-", "o'", "O'", "d’", "'t", "'", "-", "–", ".", ",", " ", "  ", "\u{a0}", "\t", "ii",
        "III", "jr", "Jr.", "phd", "md", "smith", "SMITH", "Smith", "ß", "ẞ", "İ", "ı", "ŉ", "ǆ",
        "Ǆ", "ǅ", "Σ", "ς", "ﬁ", "\u{301}", "\u{345}", "é", "É", "გ", "Გ", "王", "𝐀", "ʼ", "3",
        "(", "\"", "&", "Nguyen", "€",
    ];
    let mut random = fastrand::Rng::with_seed(seed);
    (0..count).map(move |_| {
        let length = random.usize(0..12);
        (0..length)
            .map(|_| match random.u8(0..5) {
                0 => random.char(..).to_string(),
                1 => random.char('!'..='ž').to_string(),
                _ => PIECES[random.usize(..PIECES.len())].to_owned(),
            })
            .collect()
    })
}

#[test]
fn title_case_is_idempotent() {
    for text in random_texts(4711, 60_000) {
        let cased = people::title_case(&text);
        assert_eq!(people::title_case(&cased), cased, "of {text:?}");
    }
}

#[test]
fn no_text_makes_a_name_function_panic() {
    for text in random_texts(815, 40_000) {
        let name = people::name_from_email(&text);
        assert_eq!(people::title_case(&name), name, "of {text:?}");
        let (first, last) = (people::first_name(&text), people::last_name(&text));
        for part in [&first, &last] {
            assert_eq!(part.trim(), part, "of {text:?}");
        }
        if let Some(name) = people::reorder_name(&text) {
            assert_eq!(people::reorder_name(&name), None, "of {text:?}");
        }
        let _ = people::name_issue(&text, None);
        let _ = people::name_issue(&name, Some(&text));
        let _ = people::parse_email(&text);
    }
}

#[test]
fn scripts_can_split_and_check_names() {
    Project::new()
        .rehearse(
            r#"
            let name = name_from_email("eva.van.der.haag2@example.com");
            print([name, first_name(name), last_name(name)]);
            print([title_case("SMITH, JANE"), first_name("SMITH, JANE")]);
            print([is_doubtful_name("Jdoe"), is_doubtful_name("Jane Doe")]);
            print([is_doubtful_name("Jo", "jo.smith@example.com"), is_doubtful_name("Info", "info@example.com")]);
            "#,
        )
        .succeeds()
        .prints(
            "[\"Eva van der Haag\", \"Eva\", \"van der Haag\"]\n\
             [\"Smith, Jane\", \"JANE\"]\n\
             [true, false]\n\
             [false, true]\n",
        );
}

#[test]
fn unit_is_not_a_name() {
    Project::new()
        .rehearse("print(first_name(()));")
        .exits(1)
        .says("error: no function takes `first_name(())`")
        .says("hint: available: `first_name(name)`");
}
