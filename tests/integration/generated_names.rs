//! Generated files of names: each name is sent as a careful person would read it, or the plan points at its row, or refuses it. The
//! generator knows the parts of each name and the form that it wrote.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::seeds::for_each_seed;
use crate::support::Project;

/// Files of each seed, and names of each file. The summary lists up to 50 rows of each remark, so none is missing there.
const FILES: u64 = 4;
const ROWS: usize = 42;

const FIRST_NAMES: [&str; 36] = [
    "Jane",
    "José",
    "María",
    "Zoë",
    "Seán",
    "Jan Willem",
    "Anne-Marie",
    "Nguyễn",
    "Thị Minh",
    "Łukasz",
    "Şule",
    "İbrahim",
    "Þórður",
    "Иван",
    "Юлия",
    "Ελένη",
    "Dean",
    "Prince",
    "Major",
    "Pastor",
    "Sukarno",
    "Jack",
    "Phil",
    "Nat",
    "Mohamed",
    "Fatima",
    "Siobhán",
    "O'Shea",
    "J.R.",
    "Mary Jane",
    "Ngozi",
    "Aoife",
    "Kenzaburō",
    "Alžběta",
    "Joy",
    "Van",
];

const LAST_NAMES: [&str; 36] = [
    "Smith",
    "García López",
    "de la Cruz",
    "van der Berg",
    "Ó Conchúir",
    "O'Brien",
    "Müller-Lüdenscheidt",
    "Văn Nam",
    "Kowalski",
    "Yılmaz",
    "Þorláksson",
    "Петров",
    "Παπαδοπούλου",
    "von Goethe",
    "al-Rashid",
    "ibn Musa",
    "dos Anjos",
    "D’Angelo",
    "McDonald",
    "Ramírez de Arellano",
    "Lee",
    "Smith-Jones",
    "Bishop",
    "King",
    "Ōe",
    "Dvořák",
    "St. John",
    "Nowak",
    "Tran",
    "Kim",
    "van 't Hoff",
    "Ní Dhómhnaill",
    "Okonkwo",
    "Le Pen",
    "Doe",
    "Ray",
];

const TITLES: [&str; 8] = [
    "Dr.",
    "Prof. Dr. med.",
    "Rev.",
    "Dipl.-Ing.",
    "Mag.",
    "Frau",
    "Mme",
    "Sir",
];
const GENERATIONS: [&str; 4] = ["Jr.", "Sr.", "III", "jr"];
const CREDENTIALS: [&str; 10] = [
    "PhD", "Ph.D.", "PMP", "MBA", "CPA", "SHRM-CP", "phd", "PMP, CSM", "M.D.", "RN",
];

/// What can be wrong with a name. The number in the middle of each is the place of the name.
const DAMAGES: [fn(&str) -> String; 12] = [
    |name| format!("{name}\u{FFFD}"),
    |name| format!("{name} MÃ¼ller"),
    |name| format!("{name} O&apos;Hara"),
    |name| format!("{{{{first_name}}}} {name}"),
    |_| "#N/A".to_owned(),
    |_| "None None".to_owned(),
    |_| "*|FNAME|*".to_owned(),
    |name| format!("{name} \u{0}"),
    |name| format!("{name}\u{202E} x"),
    |name| format!("{name} Sm\u{200B}ith"),
    |name| format!("{name} Smіth"),
    |name| format!("{name} 2"),
];

/// How a file has its names.
#[derive(Clone, Copy, Debug)]
enum Form {
    FirstLast,
    LastFirst,
    /// The columns `Vorname` and `Nachname`.
    TwoColumns,
    /// The columns `Name` and `Vorname`, with the last name in the first.
    NameAndFirst,
    /// The columns `Name` and `First name`, with the whole name in the first.
    FullAndFirst,
    /// The columns `Nombre` and `Apellidos`, with the first name in the first.
    NameAndLast,
}

struct Person {
    cells: Vec<String>,
    expected: String,
    is_damaged: bool,
    /// Whether the name is written in another way than most of the file.
    is_odd: bool,
}

fn pick<'a>(random: &mut fastrand::Rng, from: &[&'a str]) -> &'a str {
    from[random.usize(..from.len())]
}

fn person(random: &mut fastrand::Rng, form: Form) -> Person {
    let first = pick(random, &FIRST_NAMES);
    let last = pick(random, &LAST_NAMES);
    let one_of = |random: &mut fastrand::Rng, from: &[&'static str], chance: u8| {
        (random.u8(..100) < chance).then(|| pick(random, from))
    };
    let title = one_of(random, &TITLES, 10);
    let generation = one_of(random, &GENERATIONS, 8);
    let credentials = one_of(random, &CREDENTIALS, 15);
    let join = |parts: &[Option<&str>]| -> String {
        let parts: Vec<&str> = parts.iter().copied().flatten().collect();
        parts.join(" ")
    };
    let behind = credentials.map_or_else(String::new, |credentials| format!(", {credentials}"));
    let expected = join(&[title, Some(first), Some(last), generation]) + behind.as_str();
    let is_odd = matches!(form, Form::FirstLast | Form::LastFirst) && random.u8(..100) < 10;
    let family = join(&[Some(last), generation]);
    let given = join(&[title, Some(first)]);
    let cells = match (form, is_odd) {
        (Form::FirstLast, false) | (Form::LastFirst, true) => vec![expected.clone()],
        (Form::FirstLast, true) | (Form::LastFirst, false) => {
            vec![match random.u8(..3) {
                0 if title.is_none() => format!("{family},{first}{behind}"),
                1 if title.is_some() => format!("{} {family}, {first}{behind}", title.unwrap()),
                _ => format!("{family}, {given}{behind}"),
            }]
        }
        (Form::TwoColumns | Form::NameAndLast, _) => vec![given, family + behind.as_str()],
        (Form::NameAndFirst, _) => vec![family + behind.as_str(), given],
        (Form::FullAndFirst, _) => vec![expected.clone(), first.to_owned()],
    };
    let damage = (random.u8(..100) < 8).then(|| DAMAGES[random.usize(..DAMAGES.len())]);
    let mut person = Person {
        cells,
        expected,
        is_damaged: damage.is_some(),
        is_odd,
    };
    if let Some(damage) = damage {
        person.cells[0] = damage(&person.cells[0]);
    }
    person
}

fn header(form: Form) -> &'static str {
    match form {
        Form::FirstLast | Form::LastFirst => "Name",
        Form::TwoColumns => "Vorname;Nachname",
        Form::NameAndFirst => "Name;Vorname",
        Form::FullAndFirst => "Name;First name",
        Form::NameAndLast => "Nombre;Apellidos",
    }
}

const SCRIPT: &str = r#"
    let aliases = #{ name: ["nombre"], first_name: ["vorname"], last_name: ["nachname", "apellidos"] };
    let rows = read_csv("people.csv", #{ aliases: aliases });
    let format = name_format(rows);
    let outcome = invite_all(rows, |row| #{ email: row.email, name: format.full_name(row) });
    for row in outcome.results() {
        print(`${row.line}|${row.outcome}|${is_doubtful_name(row.name, row.email)}|${row.name}`);
    }
"#;

#[test]
fn each_generated_name_is_read_as_a_person_would_or_pointed_at_or_refused() {
    for_each_seed(|seed| (0..FILES).for_each(|number| check_file(seed * FILES + number)));
}

fn check_file(seed: u64) {
    let random = &mut fastrand::Rng::with_seed(seed);
    let form = match seed % 10 {
        0..=2 => Form::FirstLast,
        3..=5 => Form::LastFirst,
        6 => Form::TwoColumns,
        7 => Form::NameAndFirst,
        8 => Form::FullAndFirst,
        _ => Form::NameAndLast,
    };
    let people: Vec<Person> = (0..ROWS).map(|_| person(random, form)).collect();
    let mut file = format!("{};email\n", header(form));
    for (number, person) in people.iter().enumerate() {
        let cells = person.cells.iter().map(|cell| format!("\"{cell}\";"));
        file += &cells.collect::<String>();
        writeln!(file, "x{number}@example.com").unwrap();
    }
    let project = Project::new().file("people.csv", file);
    let options = ["--sandbox", "--dry-run", "--json", "--skip-invalid"];
    let ran = project.rhai(&options, SCRIPT);
    let pointed_at = pointed_at(&ran.json());
    let mut checked = 0;
    for line in ran.stderr.lines() {
        let fields: Vec<&str> = line.splitn(4, '|').collect();
        let [line, outcome, doubtful, name] = fields[..] else {
            continue;
        };
        let Ok(line) = line.parse::<usize>() else {
            continue;
        };
        let person = &people[line - 2];
        let is_refused = outcome == "invalid";
        let is_shown = doubtful == "true" || pointed_at.contains(&line);
        let is_right = name == person.expected && !person.is_damaged;
        let is_fine = match (is_right, person.is_odd) {
            (true, false) => !is_refused && !is_shown,
            (true, true) => !is_refused,
            (false, _) => is_refused || is_shown,
        };
        assert!(
            is_fine,
            "{form:?} {:?} is read as {name:?}, expected {:?} (seed {seed}, shown: {is_shown}, {outcome})",
            person.cells, person.expected
        );
        checked += 1;
    }
    assert_eq!(checked, ROWS, "seed {seed}: {}", ran.stderr);
}

/// Returns the lines whose reading the summary of a run shows.
fn pointed_at(summary: &Value) -> BTreeSet<usize> {
    let groups = summary["interpretations"].as_array().unwrap().iter();
    let values = groups.flat_map(|group| group["first"].as_array().unwrap());
    let lines = values.filter_map(|value| value["line"].as_u64());
    lines.map(|line| usize::try_from(line).unwrap()).collect()
}
