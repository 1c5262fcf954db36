//! Columns of real spreadsheets, whose names differ a little from those that scripts use.

use crate::support::{Project, Ran};

/// Runs the shipped `invite_csv` on a file with this content.
fn invite(content: &str) -> (Project, Ran) {
    let project = Project::new().file("people.csv", content);
    let ran = project.run(&["run", "--sandbox", "invite_csv", "people.csv"]);
    (project, ran)
}

#[test]
fn the_shipped_scripts_know_common_column_names() {
    for header in [
        "Email,Name",
        "E-Mail,Full Name",
        " EMAIL , name ",
        "Email Address,Candidate",
        "E-mail 1 - Value,Name",
        "Email(s),Candidate Name",
        "email,Vollständiger Name",
    ] {
        let (_, ran) = invite(&format!("{header}\njane@example.com,Jane Smith\n"));
        ran.succeeds().says("line 2: Jane Smith <jane@example.com>");
    }
    let (_, ran) = invite("First Name;Surname;Mail\nJane;Smith;j@example.com\n");
    ran.succeeds().says("line 2: Jane Smith <j@example.com>");
    for (header, row, name) in [
        (
            "Voornaam;Tussenvoegsel;Achternaam",
            "Jan;van der;Berg",
            "Jan van der Berg",
        ),
        (
            "Voornaam;Tussenvoegsel;Achternaam",
            "Anna;;Smit",
            "Anna Smit",
        ),
        (
            "Nombre;Primer apellido;Segundo apellido",
            "José;García;Márquez",
            "José García Márquez",
        ),
        ("Imię;Nazwisko", "Anna;Kowalska", "Anna Kowalska"),
        ("Vorname;Nachname", "Anna;Dr. Huber", "Dr. Anna Huber"),
        ("Vorname;Nachname", "Anna Maria;Dr", "Anna Maria Dr"),
    ] {
        let (_, ran) = invite(&format!("{header};Mail\n{row};j@example.com\n"));
        ran.succeeds()
            .says(&format!("line 2: {name} <j@example.com>"));
    }
}

/// The other part of the names may be in a column that no script reads.
#[test]
fn names_of_one_word_are_pointed_at_if_most_are() {
    let remark = "most names are one word (2 of 3): is the rest in another column?";
    let (_, ran) = invite(
        "Nome;Apelido;Mail\nJoão;Silva;j@example.com\nAna Rita;Lima;a@example.com\nRui;Paz;r@example.com\n",
    );
    ran.succeeds().says_once(&format!("`João`: {remark}"));
    let (_, ran) = invite("Name,Mail\nMadonna,m@example.com\nAnn Lee,a@example.com\n");
    ran.succeeds().never_says("most names");
}

#[test]
fn every_shipped_script_that_reads_candidates_knows_them() {
    let file = "Candidate,E-Mail,Position,Time Zone,Deadline\n\
                Jane Smith,jane@example.com,Data Analyst,Europe/Berlin,2035-02-01\n";
    let project = Project::new().file("people.csv", file).file(
        "latin.csv",
        b"Name,Email\nZo\xeb M\xfcller,zoe@example.com\n",
    );
    for script in ["invite_deadlines", "invite_cohorts", "invite_new"] {
        project
            .run(&["run", "--sandbox", "--dry-run", script, "people.csv"])
            .succeeds()
            .says("Jane Smith <jane@example.com>");
    }
    let options = ["--encoding", "windows-1252"];
    project
        .run(
            &[
                ["run", "--sandbox", "invite_new", "latin.csv"].as_slice(),
                &options,
            ]
            .concat(),
        )
        .succeeds()
        .says("Zoë Müller <zoe@example.com>");
}

/// If a column of deadlines is not recognized, the default deadline must not be used silently.
#[test]
fn a_missing_deadline_column_is_reported_with_the_unused_columns() {
    let invite = |content: &str| {
        Project::new()
            .file("people.csv", content)
            .run(&["run", "--sandbox", "invite_deadlines", "people.csv"])
            .succeeds()
    };
    invite("Name,E-Mail,Team,Answer until,Notes\nJane Smith,jane@example.com,design,2035-02-01,\n")
        .shows("no column due_date: the rules set all deadlines; unused columns: Answer until, Notes\n");
    invite("Name,E-Mail\nJane Smith,jane@example.com\n")
        .shows("no column due_date: the rules set all deadlines\n");
    invite("Name,E-Mail,Frist\nJane Smith,jane@example.com,2035-02-01\n")
        .never_says("no column due_date");
}

#[test]
fn an_exact_column_name_takes_precedence() {
    let (_, ran) =
        invite("Name,E-Mail,email,name\nno,no@example.com,jane@example.com,Jane Smith\n");
    ran.succeeds().says("Jane Smith <jane@example.com>");
}

#[test]
fn an_ambiguous_column_is_an_error() {
    let (_, ran) = invite("Email,Name,E-Mail\na@example.com,Jane Smith,b@example.com\n");
    ran.exits(1).reports(
        "error: `people.csv` line 1: the columns 1 `Email` and 3 `E-Mail` could each be `email`
 |
 = hint: rename the right one to `email` in the first line of the file: an exact name comes first\n",
    );
}

/// You fix the failed rows in the same spreadsheet and give them to the same script.
#[test]
fn failed_rows_keep_their_original_columns() {
    let (project, ran) = invite("Full Name,E-Mail,Team\nJane Smith,jane@@example.com,design\n");
    ran.exits(5);
    let listed = project.run(&["runs", "1", "--invalid", "--format", "csv"]);
    let listed = listed.succeeds().shows("Full Name,E-Mail,Team,gb_error");
    let fixed = listed.stdout.replace("@@", "@");
    let project = project.file("fixed.csv", fixed);
    project
        .run(&["run", "--sandbox", "invite_csv", "fixed.csv"])
        .succeeds()
        .says("Jane Smith <jane@example.com>");
}

#[test]
fn scripts_can_declare_aliases() {
    let script = "let options = #{ aliases: #{ email: [], who: \"Full Name\" }, columns: [\"email\", \"who\"] };
for rows in [read_csv(\"people.csv\", options), scan_csv(\"people.csv\", options)] {
    for row in rows {
        print(`${row.who} ${row.email} ${row[\"E-Mail\"]} ${row.get(\"who\")} ${\"who\" in row} ${\"team\" in row}`);
        row.who = \"Bo\";
        print(row);
    }
}
write_csv(\"out.csv\", read_csv(\"people.csv\", options));
write_csv(\"chosen.csv\", read_csv(\"people.csv\", options), [\"who\", \"email\"]);";
    let project = Project::new().file("people.csv", "E-Mail,full_name\nj@example.com,Jane\n");
    let row = "Jane j@example.com j@example.com Jane true false\n\
               #{E-Mail: \"j@example.com\", full_name: \"Bo\"}\n";
    project.rhai(&[], script).succeeds().prints(&row.repeat(2));
    assert_eq!(
        project.read("out.csv"),
        "E-Mail,full_name\nj@example.com,Jane\n"
    );
    assert_eq!(
        project.read("chosen.csv"),
        "who,email\nJane,j@example.com\n"
    );
}

#[test]
fn aliases_must_be_strings() {
    Project::new()
        .file("people.csv", "a,b\n1,2\n")
        .rhai(
            &[],
            "read_csv(\"people.csv\", #{ aliases: #{ email: 5 } });",
        )
        .exits(1)
        .says("`aliases` must be a map of strings or arrays of strings");
}

/// An export has many columns, and a script reads only a few of them.
#[test]
fn ambiguous_columns_are_an_error_only_if_they_are_read() {
    let aliases =
        "aliases: #{ role: [\"position\", \"job title\"], name: [\"candidate\"], n: [\"#\"] }";
    let project = Project::new().file(
        "people.csv",
        "Candidate,Name,Position,Job Title,%\nJS-48213,Jane,PM,Lead,5\n",
    );
    let read = |columns: &str, expression: &str| {
        let script = format!(
            "let row = read_csv(\"people.csv\", #{{ {columns}{aliases} }})[0];\n{expression}"
        );
        project.rhai(&[], &script)
    };
    read(
        "",
        "print(`${row.name} ${\"role\" in row} ${\"n\" in row}`);",
    )
    .succeeds()
    .prints("Jane true false\n");
    let ambiguous = "the columns 3 `Position` and 4 `Job Title` could each be `role`";
    for expression in [
        "row.role",
        "row[\"role\"]",
        "row.get(\"role\")",
        "write_csv(\"out.csv\", [row], [\"role\"])",
    ] {
        read("", &format!("{expression};")).exits(1).says(ambiguous);
    }
    read("columns: [\"role\"], ", "").exits(1).says(ambiguous);
    read("", "row.role = \"PM\"; print(row.role);")
        .succeeds()
        .prints("PM\n");
}

#[test]
fn columns_without_a_header_can_have_aliases() {
    Project::new()
        .file("people.csv", "j@example.com,Jane\n")
        .rhai(
            &[],
            "let options = #{ header: false, aliases: #{ email: \"column_1\" } };
print(read_csv(\"people.csv\", options)[0].email);",
        )
        .succeeds()
        .prints("j@example.com\n");
}
