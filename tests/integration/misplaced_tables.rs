//! Tables below a title or in another sheet, and columns without a name.

use crate::support::{Project, Ran};
use crate::workbooks::pack_sheets;

const EXPORT: &str = "Notes:\n\"When exporting, some addresses are missing, because of \"\"settings\"\".\"\n\n\
                      First Name,Last Name,Email Address,Company\n\
                      Ann,Lee,ann@example.com,Acme\n";

fn invite(name: &str, content: impl AsRef<[u8]>, options: &[&str]) -> Ran {
    Project::new().file(name, content).run(
        &[
            &["run", "--sandbox", "--dry-run", "invite_csv", name],
            options,
        ]
        .concat(),
    )
}

fn read(content: &str, options: &str) -> Ran {
    Project::new().file("people.csv", content).rhai(
        &[],
        &format!("for row in scan_csv(\"people.csv\", {options}) {{ print(`${{row.line()}} ${{row}}`); }}"),
    )
}

#[test]
fn the_line_of_the_header_is_named_and_can_be_set() {
    for (delimiter, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\r")] {
        let export = EXPORT.replace("Name,", &format!("Name{delimiter}"));
        let export = export.replace("Address,", &format!("Address{delimiter}"));
        let export = export.replace(
            "Ann,Lee,ann@example.com,",
            &["Ann", "Lee", "ann@example.com", ""].join(delimiter),
        );
        let export = export.replace('\n', end);
        invite("people.csv", &export, &[])
            .exits(1)
            .says("hint: the names of the columns seem to be in line 4: pass `--start-row 4`");
        invite("people.csv", &export, &["--start-row", "4"])
            .succeeds()
            .says("  line 5: Ann Lee <ann@example.com>\n");
    }
    read(EXPORT, "#{}")
        .exits(1)
        .says("error: `people.csv` line 4: 4 fields where the header has 1")
        .says("pass `#{ start_row: 4 }`, or `--start-row 4`");
    // The file declares its delimiter, and a title has one too.
    read(
        "sep=;\nSpring; all\n\n\nname;email\nAnn;ann@example.com\n",
        "#{ start_row: 5, columns: [\"email\"] }",
    )
    .succeeds()
    .prints("6 #{name: \"Ann\", email: \"ann@example.com\"}\n");
    read(
        "Spring; all\n\nname;email\nAnn;ann@example.com\n",
        "#{ columns: [\"email\"] }",
    )
    .exits(1)
    .says("error: `people.csv` line 1: there is no column `email`; the file has `Spring` and `all`")
    .says("the names of the columns seem to be in line 3");
    read("a\n1\n", "#{ start_row: 9 }")
        .exits(1)
        .says("error: `people.csv` is empty");
    read("a\n1\n", "#{ start_row: 0 }")
        .exits(1)
        .says("`start_row` must be a number from 1, not `0`");
    read("x\n1,2\n3,4\n", "#{ start_row: 2, header: false }")
        .succeeds()
        .prints("2 #{column_1: \"1\", column_2: \"2\"}\n3 #{column_1: \"3\", column_2: \"4\"}\n");
}

#[test]
fn the_line_of_the_header_is_named_below_a_title_with_empty_fields() {
    invite(
        "people.csv",
        "Candidates,,Job\nName,Email,Title\nAnn,ann@example.com,Dev\n",
        &[],
    )
    .exits(1)
    .says("error: `people.csv` line 1: column 2 has no name, and a value in line 2")
    .says("the names of the columns seem to be in line 2: pass `--start-row 2`");
}

#[test]
fn another_delimiter_is_named() {
    for (content, delimiter) in [
        ("name^email\n\nAnn^ann@example.com\n", "^"),
        ("name:email\nAnn:ann@example.com\n", ":"),
        ("sep=;\nname,email\nAnn,ann@example.com\n", ","),
    ] {
        let seems = format!("hint: the columns seem to be separated by `{delimiter}`: ");
        invite("people.csv", content, &[])
            .exits(1)
            .says(&seems)
            .never_says("rename");
        read(content, "#{ columns: [\"email\"] }")
            .exits(1)
            .says(&format!("{seems}pass `#{{ delimiter: \"{delimiter}\" }}`"));
    }
    let wide = "name\u{ff0c}email\nAnn\u{ff0c}ann@example.com\n";
    invite("people.csv", wide, &[])
        .exits(1)
        .says("the columns seem to be separated by `\u{ff0c}`: save the file with commas");
    // A title is not a header.
    invite("people.csv", "Email list: spring\nAnn\n", &[])
        .exits(1)
        .never_says("separated by");
}

#[test]
fn names_with_addresses_are_not_a_header() {
    for content in [
        "Ann Lee <ann@example.com>\nBo Li <bo@example.com>\n",
        "Ann Lee <ann@example.com>; Bo Li <bo@example.com>\n",
    ] {
        invite("people.csv", content, &[])
            .exits(1)
            .says("error: `people.csv` line 1: `Ann Lee <ann@example.com>` is an address, not the name of a column")
            .says("a list of addresses has only one in each line");
    }
}

/// The lines above the header are longer than the buffer.
#[test]
fn a_long_preamble_is_skipped() {
    let content = format!(
        "{}name,email\nAnn,ann@example.com\n",
        "note \"\n".repeat(40_000)
    );
    read(&content, "#{ start_row: 40001 }")
        .succeeds()
        .prints("40002 #{name: \"Ann\", email: \"ann@example.com\"}\n");
}

/// A wrong row in a file with a header is not blamed on the header.
#[test]
fn a_good_header_is_not_doubted() {
    read("name,email\nAnn,ann@example.com\nName,Email,Team\n", "#{}")
        .exits(1)
        .says("error: `people.csv` line 3: 3 fields where the header has 2")
        .says("hint: put a field that contains a comma in quotes")
        .never_says("seem to be in line");
}

#[test]
fn the_other_sheets_and_the_row_of_the_header_are_named() {
    let cover = pack_sheets(&[
        ("Instructions", &[(1, &["Please fill in the next sheet"])]),
        (
            "Candidates",
            &[
                (1, &["name", "email"]),
                (2, &["Ann Lee", "ann@example.com"]),
            ],
        ),
    ]);
    invite("people.xlsx", &cover, &[])
        .exits(1)
        .says("error: `people.xlsx` has a header but no rows")
        .says("the other sheet of the workbook is `Candidates`: pass `--sheet \"Candidates\"`");
    for sheet in ["Candidates", "2"] {
        invite("people.xlsx", &cover, &["--sheet", sheet])
            .succeeds()
            .says("  line 2: Ann Lee <ann@example.com>\n");
    }
    let title = pack_sheets(&[
        (
            "One",
            &[
                (1, &["Candidates of spring"]),
                (3, &["name", "email"]),
                (4, &["Ann Lee", "ann@example.com"]),
            ],
        ),
        ("2", &[(1, &["note", "by"]), (2, &["none", "Bo"])]),
        ("Three", &[]),
    ]);
    invite("people.xlsx", &title, &[])
        .exits(1)
        .says("error: `people.xlsx` cell B3: a value outside the 1 column of the header")
        .says("the names of the columns seem to be in line 3: pass `--start-row 3`")
        .says("the other sheets of the workbook are `2` and `Three`");
    invite("people.xlsx", &title, &["--start-row", "3"])
        .succeeds()
        .says("  line 4: Ann Lee <ann@example.com>\n");
    let required = Project::new().file("people.xlsx", &title).rhai(
        &[],
        "read_xlsx(\"people.xlsx\", #{ columns: [\"email\"] });",
    );
    required
        .exits(1)
        .says("error: `people.xlsx` line 1: there is no column `email`; the file has `Candidates of spring`")
        .says("the names of the columns seem to be in line 3: pass `#{ start_row: 3 }`, or `--start-row 3`");
    // The name of a sheet comes before its number.
    for sheet in ["2", "3"] {
        let ran = invite("people.xlsx", &title, &["--sheet", sheet]).exits(1);
        let problem = if sheet == "2" {
            "has no column"
        } else {
            "is empty"
        };
        ran.says(problem)
            .says("the other sheets of the workbook are `One` and");
    }
}

#[test]
fn an_empty_column_without_a_name_is_left_out() {
    for (content, expected) in [
        (
            "name,email,\nAnn,a@x,\nBo,b@x,  \n",
            "2 #{name: \"Ann\", email: \"a@x\"}\n3 #{name: \"Bo\", email: \"b@x\"}\n",
        ),
        (
            "name,email,,\nAnn,a@x\n\"B,o\",b@x,\"\",\n",
            "2 #{name: \"Ann\", email: \"a@x\"}\n3 #{name: \"B,o\", email: \"b@x\"}\n",
        ),
        (
            ";name;;email\n;Ann;;a@x\n",
            "2 #{name: \"Ann\", email: \"a@x\"}\n",
        ),
    ] {
        read(content, "#{}").succeeds().prints(expected);
    }
    read("name,,email\nAnn,,a@x\nBo,x,b@x\n", "#{}")
        .exits(1)
        .prints("2 #{name: \"Ann\", email: \"a@x\"}\n")
        .says("error: `people.csv` line 1: column 2 has no name, and a value in line 3");
    read("name,,email\nAnn,a@x\n", "#{}")
        .exits(1)
        .says("error: `people.csv` line 2: 2 fields where the header has 3");
    read(
        "name,,E-Mail,,e mail\nAnn,,a@x,,b@x\n",
        "#{ columns: [\"email\"], aliases: #{ email: [] } }",
    )
    .exits(1)
    .says("the columns 3 `E-Mail` and 5 `e mail` could each be `email`");
    read("\"\",\"\"\n1,2\n", "#{}")
        .exits(1)
        .says("error: `people.csv` line 1: no column has a name");
}
