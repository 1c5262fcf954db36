//! Names: how they are derived, written and split, and which are doubtful. The cases are in `tests/data/names.csv`, each with
//! its source.

use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::internals::people;

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

/// The shipped scripts read a file as most of its names are written, and say so.
#[test]
fn shipped_scripts_put_the_first_name_first_if_most_names_have_it_last() {
    let file = "name,email,role\n\"Smith, Jane\",a@example.com,Data Analyst\n\"de la Cruz, María, PhD\",b@example.com,Data Analyst\n\
                Ann Lee,c@example.com,Data Analyst\n\"Lee, MA\",d@example.com,Data Analyst\n";
    let project = Project::new().file("people.csv", file);
    for script in [
        "invite_csv",
        "invite_new",
        "invite_deadlines",
        "invite_cohorts",
    ] {
        let dry_run = |options: &[&str]| {
            let arguments = ["run", "--sandbox", "--dry-run", script, "people.csv"];
            project.run(&[&arguments, options].concat())
        };
        dry_run(&[])
            .succeeds()
            .says("line 2: Jane Smith <a@example.com>")
            .says("line 3: María de la Cruz, PhD <b@example.com>")
            .says_once(
                "`Smith, Jane` (Jane Smith): 2 of 3 names have the last name first, so their order is changed; \
                 `--names as-is` of a shipped script keeps it\n",
            )
            .says_once(
                "2 rows: column `name`: not written `Last, First` as most names of the list are, so it is sent as it is: \
                 line 4 `Ann Lee`, line 5 `Lee, MA`\n",
            );
        dry_run(&["--names", "as-is"])
            .succeeds()
            .says("line 2: Smith, Jane <a@example.com>")
            .never_says("their order is changed");
        dry_run(&["--names", "backwards"])
            .exits(1)
            .says("error: `names` must be `auto`, `last-first` or `as-is`, not `backwards`");
    }
    let capitals = "name,email\n\"SMITH, JANE\",a@example.com\n\"KIM, ED\",b@example.com\n\"ANN LEE, MA\",c@example.com\n\"ANN RAY, M.A.\",d@example.com\n";
    Project::new()
        .file("people.csv", capitals)
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .says("line 2: JANE SMITH <")
        .says("line 3: ED KIM <")
        .says("line 4 `ANN LEE, MA`, line 5 `ANN RAY, M.A.`\n");
    let few = "name,email\n\"Smith, Jane\",a@example.com\nAnn Lee,b@example.com\n\"Bo Ray, PMP\",c@example.com\n";
    let project = Project::new().file("people.csv", few);
    let arguments = ["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"];
    project
        .run(&arguments)
        .succeeds()
        .says("1 name looks doubtful: line 2 `Smith, Jane` (last name first)\n")
        .never_says("their order is changed");
    project
        .run(&[&arguments[..], &["--names", "last-first"]].concat())
        .succeeds()
        .says("line 2: Jane Smith <a@example.com>")
        .says("line 4: Bo Ray, PMP <c@example.com>");
}

/// Lists of France, Switzerland and China have the last name first, in capitals and without a comma.
#[test]
fn last_names_in_capitals_are_put_last_if_most_names_have_them_first() {
    let list = |names: &[&str]| {
        let rows = names.iter().enumerate();
        let rows = rows.map(|(row, name)| format!("{name},p{row}@example.com\n"));
        format!("name,email\n{}", rows.collect::<String>())
    };
    let dry_run = |names: &[&str], options: &[&str]| {
        let arguments = ["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"];
        let project = Project::new().file("people.csv", list(names));
        project.run(&[&arguments, options].concat()).succeeds()
    };
    let most = [
        "DUPONT Marie",
        "DE LA CRUZ María",
        "Ann Lee",
        "LI Wei",
        "MARTIN JEAN",
    ];
    dry_run(&most[..3], &[])
        .says("line 2: Marie DUPONT <")
        .says("line 3: María DE LA CRUZ <")
        .says("line 4: Ann Lee <")
        .says("column `name` `Ann Lee`: not written `LAST First` as most names of the list are, so it is sent as it is: line 4\n")
        .says_once("`DUPONT Marie` (Marie DUPONT): 2 of 3 names have the last name first, in capitals, so their order is changed; `--names as-is` of a shipped script keeps it\n")
        .never_says("doubtful");
    dry_run(&["KIM Min-su", "PARK Ji-sung", "LI Wei", "LEE Ann"], &[])
        .says("line 2: Min-su KIM <")
        .says("line 4: Wei LI <")
        .says("column `name` `LI Wei` (Wei LI): the capitals are read as the last name, as in most names of the list, and may be initials: line 4\n");
    dry_run(&["DUPONT Marie", "Ann Lee", "Bo Li"], &[])
        .says("line 2: DUPONT Marie <")
        .says("1 name looks doubtful: line 2 `DUPONT Marie` (last name first)\n");
    dry_run(&["DUPONT Marie"], &[])
        .says("line 2: DUPONT Marie <")
        .says("last name first");
    dry_run(&most, &["--names", "as-is"])
        .says("line 2: DUPONT Marie <")
        .never_says("their order is changed");
    dry_run(&["DUPONT Marie", "AJ Smith"], &["--names", "last-first"])
        .says("line 2: Marie DUPONT <")
        .says("line 3: AJ Smith <");
    dry_run(&["AJ Smith", "JP Ray", "TJ Fox"], &[])
        .says("line 2: AJ Smith <")
        .never_says("last name");
}

#[test]
fn a_column_called_name_is_the_rest_of_the_name_next_to_one_part() {
    for (header, rows, names, remark) in [
        (
            "Name;Vorname",
            ["Müller;Jörg", "van der Berg;Jan"],
            ["Jörg Müller", "Jan van der Berg"],
            "`Name`: the column is read as the last name, because `Vorname` has the rest of the name\n",
        ),
        (
            "NOM;Prénom",
            ["DUPONT;Anne", "de la Tour;Luc"],
            ["Anne DUPONT", "Luc de la Tour"],
            "`NOM`: the column is read as the last name, because `Prénom` has the rest of the name\n",
        ),
        (
            "Nombre;Apellidos",
            ["Ana María;García López", "Juan;Ramírez"],
            ["Ana María García López", "Juan Ramírez"],
            "`Nombre`: the column is read as the first name, because `Apellidos` has the rest of the name\n",
        ),
        (
            "First name;Last name",
            ["Martín;Martín García", "Ann;Lee"],
            ["Martín Martín García", ""],
            "",
        ),
        (
            "Name;First name",
            ["Jane Smith;Jane", "Robert Ray;Bob"],
            ["Jane Smith", ""],
            "",
        ),
    ] {
        let project = Project::new().file(
            "people.csv",
            format!(
                "{header};Email\n{};a@example.com\n{};b@example.com\n",
                rows[0], rows[1]
            ),
        );
        let ran = project.run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"]);
        let ran = ran.succeeds().says(&format!("line 2: {} <", names[0]));
        if remark.is_empty() {
            ran.says("the columns for names differ from those of most rows");
        } else {
            ran.says(&format!("line 3: {} <", names[1]))
                .says_once(remark);
        }
    }
}

#[test]
fn rows_that_can_be_read_only_once_have_no_format() {
    let script = "print(name_format(scan_csv(\"-\")));";
    let project = Project::new()
        .file("a.rhai", script)
        .file("people.csv", "name,email\n\"Smith, Jane\",a@example.com\n");
    project
        .shell("cat people.csv | gradient-bulk run --sandbox a.rhai")
        .exits(1)
        .says("error: the rows can be read only once")
        .says("= hint: make them an array with `.to_array()`, or pass `#{ names: \"as-is\" }`");
    project
        .rehearse("let rows = scan_csv(\"people.csv\"); print(name_format(rows)); for row in rows { print(name_format([row]).full_name(row)); }")
        .succeeds()
        .prints("Last, First\nJane Smith\n");
}

#[test]
fn control_characters_in_a_name_are_invalid() {
    Project::new()
        .file("people.csv", "name,email\nAnn\0 Lee,a@example.com\nBo\u{202e}x Li,b@example.com\nدانا\u{200f} علی,c@example.com\n")
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .exits(5)
        .says("not a name (U+0000 NULL inside)")
        .says("not a name (U+202E RIGHT-TO-LEFT OVERRIDE inside)")
        .never_says("U+200F");
}

#[test]
fn one_name_at_several_addresses_is_shown() {
    Project::new()
        .file(
            "people.csv",
            "name,email\nJane Smith,a@example.com\njane smith,b@example.com\nBo Li,bo@example.com\nBo Li,bo@example.com\n\
             Bo,x@example.com\nBo,y@example.com\n",
        )
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .succeeds()
        .says_once("1 row has the same name as an earlier row, but a different address: line 3 `jane smith`\n");
    let rows = (0..60).fold(String::new(), |rows, number| {
        format!("{rows}Test Person,t{number}@example.com\n")
    });
    Project::new()
        .file("people.csv", format!("name,email\n{rows}"))
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .succeeds()
        .says_once("59 rows have the same name as an earlier row, but a different address: lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, and 49 more `Test Person`\n");
}

#[test]
fn damaged_names_are_shown_with_the_reason() {
    Project::new()
        .file(
            "people.csv",
            "name,email\nJos\u{fffd} Ray,a@example.com\nMÃ¼ller JÃ¶rg,b@example.com\n{{first_name}} {{last_name}},d@example.com\n\
             #N/A,e@example.com\nNone None,f@example.com\n",
        )
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .succeeds()
        .says_once(
            "5 names look doubtful: line 2 `Jos\u{fffd} Ray` (lost letters: `\u{fffd}` (U+FFFD REPLACEMENT CHARACTER)), \
             line 3 `MÃ¼ller JÃ¶rg` (the wrong encoding, perhaps for `Müller`), \
             line 4 `{{first_name}} {{last_name}}` (a merge field), line 5 `#N/A` (an error of a spreadsheet), \
             line 6 `None None` (a placeholder)\n",
        );
}
