//! Workbooks: those that LibreOffice and Excel save, and malicious ones.

use std::fmt::Write as _;
use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{Project, Ran};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/libreoffice");

/// The parts of a workbook with one sheet.
struct Parts(Vec<(String, String)>);

impl Parts {
    /// Creates a sheet of `rows`, which are XML.
    fn of(rows: &str) -> Self {
        const WORKBOOK: &str = r#"<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>"#;
        const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let styles = r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>"#;
        let relation = |id, kind, target| {
            format!(
                r#"<Relationships><Relationship Id="{id}" Type="{KIND}/{kind}" Target="{target}"/></Relationships>"#
            )
        };
        let parts = [
            (
                "_rels/.rels",
                relation("r1", "officeDocument", "xl/workbook.xml"),
            ),
            ("xl/workbook.xml", WORKBOOK.to_owned()),
            (
                "xl/_rels/workbook.xml.rels",
                relation("r1", "worksheet", "worksheets/sheet1.xml"),
            ),
            ("xl/styles.xml", styles.to_owned()),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
            ),
        ];
        Self(
            parts
                .map(|(name, content)| (name.to_owned(), content))
                .into(),
        )
    }

    fn with(mut self, name: impl Into<String>, content: impl Into<String>) -> Self {
        let name = name.into();
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, content.into()));
        self
    }

    fn pack(&self) -> Vec<u8> {
        let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            archive
                .start_file(name, SimpleFileOptions::default())
                .unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

/// Packs a workbook whose only sheet has `rows`, which are XML.
pub(crate) fn pack(rows: &str) -> Vec<u8> {
    Parts::of(rows).pack()
}

/// A row of texts, and its number.
type TextRow<'a> = (u32, &'a [&'a str]);

/// Packs a workbook of several sheets: the name of each, and its rows.
pub(crate) fn pack_sheets(sheets: &[(&str, &[TextRow])]) -> Vec<u8> {
    const KIND: &str =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let mut parts = Parts::of("");
    let numbered = || (1..).zip(sheets);
    let (mut list, mut relations) = (String::new(), String::new());
    for (number, (name, _)) in numbered() {
        write!(list, r#"<sheet name="{name}" r:id="r{number}"/>"#).unwrap();
        write!(
            relations,
            r#"<Relationship Id="r{number}" Type="{KIND}" Target="worksheets/sheet{number}.xml"/>"#
        )
        .unwrap();
    }
    parts = parts
        .with(
            "xl/workbook.xml",
            format!(r#"<workbook xmlns:r="r"><sheets>{list}</sheets></workbook>"#),
        )
        .with(
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships>{relations}</Relationships>"),
        );
    for (number, (_, rows)) in numbered() {
        parts = parts.with(
            format!("xl/worksheets/sheet{number}.xml"),
            format!(
                "<worksheet><sheetData>{}</sheetData></worksheet>",
                sheet(rows)
            ),
        );
    }
    parts.pack()
}

/// Returns the XML of rows, whose cells are text or XML.
fn sheet(rows: &[(u32, &[&str])]) -> String {
    let mut xml = String::new();
    for (row, cells) in rows {
        write!(xml, "<row r=\"{row}\">").unwrap();
        for (letter, cell) in ('A'..='Z').zip(*cells) {
            match *cell {
                "" => {}
                xml_cell if xml_cell.starts_with('<') => {
                    xml += &xml_cell.replace("<c", &format!("<c r=\"{letter}{row}\""));
                }
                text => write!(
                    xml,
                    "<c r=\"{letter}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
                )
                .unwrap(),
            }
        }
        xml += "</row>";
    }
    xml
}

/// The styles of a workbook: plain, struck through, `00000`, `000-00-0000`, percent, and a percent with decimals.
const STYLES: &str = r#"<styleSheet>
    <numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="000\-00\-0000"/><numFmt numFmtId="166" formatCode="0.0%;-0.0%"/></numFmts>
    <fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>
    <cellStyleXfs><xf fontId="1"/></cellStyleXfs>
    <cellXfs><xf/><xf fontId="1"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="166"/><xf fontId="2"/></cellXfs>
    <dxfs><dxf><font><strike/></font></dxf></dxfs>
</styleSheet>"#;

/// Packs a workbook with these rows, whose cells may have the numbers of [`STYLES`].
fn pack_styled(rows: &[TextRow]) -> Parts {
    Parts::of(&sheet(rows)).with("xl/styles.xml", STYLES)
}

/// A cell of text with a style.
fn styled(style: u8, text: &str) -> String {
    format!("<c s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn rows_that_are_struck_through_are_named() {
    let cells = ["Bo Li", "b@example.com", "note"].map(|text| styled(1, text));
    let plain = styled(6, "Di Wu");
    let workbook = pack_styled(&[
        (1, &["name", "email", "note"]),
        (2, &["Ann Lee", "a@example.com", &cells[2]]),
        (3, &[&cells[0], "b@example.com", ""]),
        (4, &["Cy Ray", &cells[1].replace("b@", "c@"), ""]),
        (5, &[&plain, "d@example.com", ""]),
    ]);
    let dry_run = |arguments: &[&str]| {
        let project = Project::new().file("people.xlsx", workbook.pack());
        let start = ["run", "--sandbox", "--dry-run", "invite_csv", "people.xlsx"];
        project.run(&[&start, arguments].concat()).succeeds()
    };
    let remark = "2 rows: column `name`: the row is struck through in the workbook: line 3 `Bo Li`, line 4 `Cy Ray`\n";
    dry_run(&[]).says("4 to invite").says_once(remark);
    dry_run(&["--where", "name=Ann Lee"])
        .says("1 to invite")
        .never_says("struck through");
}

/// The text of a cell is the address, and the link behind it may be that of another person.
#[test]
fn links_to_another_address_are_named() {
    const LINK: &str =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";
    let formula = |address: &str| {
        format!(
            "<c t=\"str\"><f>HYPERLINK(&quot;mailto:{address}&quot;,&quot;d@example.com&quot;)</f><v>d@example.com</v></c>"
        )
    };
    let rows = sheet(&[
        (1, &["name", "email"]),
        (2, &["Ann Lee", "a@example.com"]),
        (3, &["Bo Li", "b+x@example.com"]),
        (4, &["Cy Ray", "c@example.com"]),
        (5, &["Di Wu", &formula("other@example.com")]),
        (
            6,
            &["Ed Fox", &formula("D@example.com").replace("d@", "D@")],
        ),
    ]);
    let targets = [
        ("B2", "mailto:zoe@example.com?subject=Hi"),
        ("B3", "MAILTO:B%2Bx@example.com"),
        ("B4", "https://example.com/c"),
    ];
    let (mut links, mut relations) = (String::new(), String::new());
    for (cell, target) in targets {
        write!(links, "<hyperlink ref=\"{cell}\" r:id=\"{cell}\"/>").unwrap();
        write!(
            relations,
            "<Relationship Id=\"{cell}\" Type=\"{LINK}\" Target=\"{target}\" TargetMode=\"External\"/>"
        )
        .unwrap();
    }
    let workbook = Parts::of("")
        .with(
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns:r=\"r\"><sheetData>{rows}</sheetData><hyperlinks>{links}</hyperlinks></worksheet>"),
        )
        .with(
            "xl/worksheets/_rels/sheet1.xml.rels",
            format!("<Relationships>{relations}</Relationships>"),
        );
    Project::new()
        .file("people.xlsx", workbook.pack())
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.xlsx"])
        .succeeds()
        .says("line 2: Ann Lee <a@example.com>")
        .says("2 rows: column `email`: the link behind the address leads to another one: \
               line 2 `a@example.com` (the link is to `zoe@example.com`), line 5 `d@example.com` (the link is to `other@example.com`)\n")
        .never_says("line 3 `b+x@");
}

#[test]
fn numbers_have_the_digits_that_the_workbook_shows() {
    let number = |style: u8, number: &str| format!("<c s=\"{style}\"><v>{number}</v></c>");
    let cells = [
        number(2, "123"),
        number(3, "12345678"),
        number(4, "0.65"),
        number(5, "7.25E-2"),
        number(0, "0.65"),
    ];
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let workbook = pack_styled(&[(1, &["a", "b", "c", "d", "e"]), (2, &cells)]);
    rows_with("#{}", workbook.pack())
        .succeeds()
        .prints("2 #{a: \"00123\", b: \"012-34-5678\", c: \"65%\", d: \"7.25%\", e: \"0.65\"}\n");
}

fn rows_with(options: &str, content: impl AsRef<[u8]>) -> Ran {
    let script = format!(
        "for row in read_xlsx(\"people.xlsx\", {options}) {{ print(`${{row.line()}} ${{row}}`); }}"
    );
    Project::new()
        .file("people.xlsx", content)
        .rhai(&[], &script)
}

fn rows_of(rows: &[(u32, &[&str])]) -> Ran {
    rows_with("#{}", Parts::of(&sheet(rows)).pack())
}

fn libreoffice(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).unwrap()
}

#[test]
fn a_libreoffice_workbook_reads_as_it_looks() {
    rows_with("#{}", libreoffice("candidates.xlsx")).succeeds().prints(
        "2 #{name: \"Müller, Jörg\", email: \"joerg.mueller@example.com\", team: \"design\", due_date: \"2035-02-01\", \
         zone: \"Europe/Berlin\", score: \"7\", remote: \"true\", called at: \"2034-12-24T17:00:00\"}\n\
         3 #{name: \"Zoë Ångström \\\"Zo\\\"\", email: \"zoe@example.org\", team: \"design\", due_date: \"\", \
         zone: \"Europe/Stockholm\", score: \"10.5\", remote: \"false\", called at: \"\"}\n\
         4 #{name: \"François Lefèvre\", email: \"francois@example.net\", team: \"sales\", due_date: \"2035-03-15\", \
         zone: \"\", score: \"\", remote: \"\", called at: \"\"}\n",
    );
}

/// Reads the workbook and its CSV export by LibreOffice: semicolons, Windows-1252, no merged cells.
#[test]
fn libreoffice_files_are_invited_with_their_deadlines() {
    for (name, options) in [
        ("candidates.xlsx", &[][..]),
        ("candidates.csv", &["--encoding", "windows-1252"]),
    ] {
        let before = [
            "run",
            "--sandbox",
            "--tz",
            "UTC",
            "--now",
            "2035-01-20T09:00:00Z",
        ];
        let arguments = [&before[..], &["invite_deadlines", name], options].concat();
        let zoe = if options.is_empty() {
            "Sat 2035-01-27"
        } else {
            "Thu 2035-01-25"
        };
        Project::new()
            .file(name, libreoffice(name))
            .run(&arguments)
            .succeeds()
            .says(&format!("3 to invite to `Senior PM Assessment` at the sandbox, from {name}\n"))
            .says("  line 2: Müller, Jörg <joerg.mueller@example.com>, due Thu 2035-02-01 23:59:59 Europe/Berlin\n")
            .says(&format!("  line 3: Zoë Ångström \"Zo\" <zoe@example.org>, due {zoe} 17:00:00 Europe/Stockholm\n"))
            .says("  line 4: François Lefèvre <francois@example.net>, due Thu 2035-03-15 23:59:59 UTC\n")
            .shows("3 rows: 3 created, 0 existing, 0 failed\n");
    }
}

#[test]
fn cells_of_every_kind_become_text() {
    rows_of(&[
        (2, &["email", "a", "b", "c", "d", "e", "f"]),
        (
            4,
            &[
                " j@x ",
                "<c><v>5</v></c>",
                "<c><v>0.30000000000000004</v></c>",
                "<c s=\"1\"><v>45689</v></c>",
                "<c s=\"2\"><v>45689.708333333</v></c>",
                "<c t=\"b\"><v>1</v></c>",
                "<c s=\"3\"><v>1.5</v></c>",
            ],
        ),
        (5, &["", "", "", "<c><v></v></c>", " "]),
        (
            7,
            &[
                "<c t=\"str\"><f>A1&amp;B1</f><v>a &amp; b</v></c>",
                "<c><f>1+1</f><v>2</v></c>",
                "",
                "<c t=\"d\"><v>2025-02-01T00:00:00</v></c>",
                "<c s=\"1\"><v>-3</v></c>",
                "<c t=\"b\"><v>0</v></c>",
                "<c><v>4915112345678</v></c>",
            ],
        ),
    ])
    .succeeds()
    .prints(
        "4 #{email: \" j@x \", a: \"5\", b: \"0.3\", c: \"2025-02-01\", d: \"2025-02-01T17:00:00\", e: \"true\", f: \"36:00:00\"}\n\
         7 #{email: \"a & b\", a: \"2\", b: \"\", c: \"2025-02-01\", d: \"-3\", e: \"false\", f: \"4915112345678\"}\n",
    );
}

#[test]
fn the_options_of_csv_apply() {
    let content = Parts::of(&sheet(&[
        (1, &["Candidates of spring"]),
        (3, &["", "Full Name", "E-mail"]),
        (4, &["", " Jane ", "j@x"]),
    ]))
    .pack();
    rows_with(
        "#{ start_row: 3, trim: true, normalize_headers: true, columns: [\"e_mail\"] }",
        &content,
    )
    .succeeds()
    .prints("4 #{full_name: \"Jane\", e_mail: \"j@x\"}\n");
    rows_with("#{ start_row: 4, header: false }", &content)
        .succeeds()
        .prints("4 #{column_1: \"\", column_2: \" Jane \", column_3: \"j@x\"}\n");
    // A row of values may start and end with empty cells.
    let without_names =
        Parts::of(&sheet(&[(1, &["", "j@x"]), (2, &["Bo", "b@x", "sales"])])).pack();
    rows_with("#{ header: false, columns: [\"name\", \"email\", \"team\"] }", &without_names)
        .succeeds()
        .prints(
            "1 #{name: \"\", email: \"j@x\", team: \"\"}\n2 #{name: \"Bo\", email: \"b@x\", team: \"sales\"}\n",
        );
    rows_with("#{ header: false }", &without_names)
        .exits(1)
        .says("error: `people.xlsx` cell C2: a value outside the 2 columns of the header");
    rows_with("#{ start_row: 3, columns: [\"email\"] }", &content)
        .exits(1)
        .says("error: `people.xlsx` line 3: there is no column `email`; the file has `Full Name` and `E-mail`")
        .says("did you mean `E-mail` for `email`?");
    rows_with("#{ start_row: 4 }", &content)
        .exits(1)
        .says("error: `people.xlsx` has a header but no rows");
    rows_with("#{ start_row: 4, allow_empty: true }", &content)
        .succeeds()
        .prints("");
    rows_with("#{ start_row: 9 }", &content)
        .exits(1)
        .says("error: `people.xlsx` is empty");
    rows_with("#{ delimiter: \";\" }", &content)
        .exits(1)
        .says("there is no option `delimiter`");
}

#[test]
fn a_value_beyond_the_columns_is_an_error() {
    rows_with(
        "#{}",
        Parts::of(&sheet(&[(1, &["a", "b"]), (2, &["1", "2", "", "lost"])])).pack(),
    )
    .exits(1)
    .says("error: `people.xlsx` cell D2: a value outside the 2 columns of the header")
    .says("hint: give the column a name in the header, or clear the cell");
    rows_of(&[(1, &["a", "", "c"]), (2, &["1"]), (3, &["2", " ", "4"])])
        .succeeds()
        .prints("2 #{a: \"1\", c: \"\"}\n3 #{a: \"2\", c: \"4\"}\n");
    rows_of(&[(1, &["a", "", "c"]), (2, &["1"]), (3, &["2", "3"])])
        .exits(1)
        .says("error: `people.xlsx` line 1: column 2 has no name, and a value in line 3");
}

#[test]
fn a_cell_with_two_values_is_an_error() {
    let row = |number| sheet(&[(number, &["Ann", "ann@example.com"][..])]);
    let header = sheet(&[(1, &["name", "email"])]);
    for rows in [
        format!("{header}{}{}", row(2), row(2)),
        format!("{header}{}", row(2).replace("B2", "A2")),
    ] {
        rows_with("#{}", Parts::of(&rows).pack())
            .exits(1)
            .says("it is damaged (a cell has two values)");
    }
}

/// The script reads the rows, and one column of them.
fn emails_of(rows: &str) -> Ran {
    Project::new().file("people.xlsx", pack(rows)).rhai(
        &[],
        "for row in read_xlsx(\"people.xlsx\") { try { print(row.email); } catch (problem) { print(problem.error); print(problem.message); } }",
    )
}

#[test]
fn a_cell_with_an_error_is_harmless_until_it_is_read() {
    let error = "<c t=\"e\"><f>X</f><v>#N/A</v></c>";
    let rows = sheet(&[
        (1, &["name", "", "email"]),
        (2, &[error, "", "ann@example.com"]),
        (3, &["Bo", "", error]),
        (4, &["Cy", "", "#N/A"]),
    ]);
    emails_of(&rows).succeeds().prints(
        "ann@example.com\nbad_cell\nthe cell in the column `email` shows the error #N/A\n#N/A\n",
    );
    emails_of(&sheet(&[(1, &["name", error]), (2, &["Ann", "x"])]))
        .exits(1)
        .says("error: `people.xlsx` cell B1: the formula's result is #N/A");
    let merged = format!(
        "<worksheet><sheetData>{}</sheetData><mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells></worksheet>",
        sheet(&[
            (1, &["email", "name"]),
            (2, &[error, "Ann"]),
            (3, &["", "Bo"])
        ])
    );
    let content = Parts::of("")
        .with("xl/worksheets/sheet1.xml", merged)
        .pack();
    Project::new()
        .file("people.xlsx", content)
        .rehearse("invite_all(read_xlsx(\"people.xlsx\"));")
        .exits(5)
        .says("2 of 2 rows are invalid");
}

#[test]
fn a_cell_with_an_error_makes_its_row_invalid() {
    let error = "<c t=\"e\"><f>X</f><v>#REF!</v></c>";
    let rows = [
        (1, &["name", "email", "due_date", "note"][..]),
        (2, &["Ann", "ann@example.com", "2035-02-01", error]),
        (3, &[error, "bo@example.com"]),
        (4, &["Cy", "cy@example.com", error]),
    ];
    let project = Project::new().file("people.xlsx", pack(&sheet(&rows)));
    let run = ["run", "--sandbox", "--now", "2035-01-01T00:00:00Z"];
    project
        .run(&[&run[..], &["invite_deadlines", "people.xlsx"]].concat())
        .exits(5)
        .says("2 of 3 rows are invalid")
        .says("2 rows like people.xlsx line 3: the cell in the column `name` shows the error #REF!: people.xlsx lines 3, 4");
    project
        .run(&[&run[..], &["--skip-invalid", "invite_csv", "people.xlsx"]].concat())
        .exits(3)
        .says("1 row left out as invalid")
        .says("2 to invite");
    project
        .run(
            &[
                &run[..],
                &[
                    "--skip-invalid",
                    "invite_csv",
                    "people.xlsx",
                    "--where",
                    "note!=x",
                ],
            ]
            .concat(),
        )
        .exits(3)
        .says("the cell in the column `note` shows the error #REF!");
}

/// A generated file has formulas without results until a spreadsheet calculates them.
#[test]
fn a_formula_without_a_result_is_an_error() {
    let formula = "<c><f>A1&amp;B1</f></c>";
    rows_of(&[(1, &["a", "b"]), (2, &["1", formula])])
        .exits(1)
        .says("error: `people.xlsx` cell B2: a formula without a result")
        .says("hint: open the file in the spreadsheet, which calculates it, and save it");
    let empty_text = "<c t=\"str\"><f>A1&amp;B1</f><v></v></c>";
    rows_of(&[(1, &["a", "b"]), (2, &["1", empty_text])])
        .succeeds()
        .prints("2 #{a: \"1\", b: \"\"}\n");
}

#[test]
fn a_merged_cell_applies_to_each_row_but_only_the_first_column() {
    let rows = sheet(&[
        (1, &["team", "name", "more"]),
        (2, &["design", "Jane"]),
        (3, &["", "Bo"]),
        (4, &["", ""]),
        (5, &["", "Al", ""]),
        (6, &["", "Cy", ""]),
    ]);
    let merged = format!(
        "<worksheet><sheetData>{rows}</sheetData><mergeCells><mergeCell ref=\"A2:A5\"/><mergeCell ref=\"B6:C6\"/></mergeCells></worksheet>"
    );
    rows_with(
        "#{}",
        Parts::of("")
            .with("xl/worksheets/sheet1.xml", merged)
            .pack(),
    )
    .succeeds()
    .prints(
        "2 #{team: \"design\", name: \"Jane\", more: \"\"}\n\
             3 #{team: \"design\", name: \"Bo\", more: \"\"}\n\
             5 #{team: \"design\", name: \"Al\", more: \"\"}\n\
             6 #{team: \"\", name: \"Cy\", more: \"\"}\n",
    );
}

#[test]
fn a_sheet_is_found_by_name_or_number() {
    let content = libreoffice("candidates.xlsx");
    for choice in ["1", "\"Bewerber\""] {
        rows_with(
            &format!("#{{ sheet: {choice}, columns: [\"zone\"] }}"),
            &content,
        )
        .succeeds()
        .shows("4 #{name: \"François Lefèvre\"");
    }
    for choice in ["2", "\"Fehler\""] {
        rows_with(&format!("#{{ sheet: {choice} }}"), &content)
            .succeeds()
            .shows("#DIV/0!");
    }
    rows_with("#{ sheet: \"Bewerbr\" }", &content)
        .exits(1)
        .says("error: `people.xlsx` has no sheet `Bewerbr`; it has `Bewerber` and `Fehler`")
        .says("did you mean `Bewerber` for `Bewerbr`?");
    rows_with("#{ sheet: 3 }", &content)
        .exits(1)
        .says("error: `people.xlsx` has no sheet 3; it has `Bewerber` and `Fehler`");
    let numbers = "`sheet` must be the name of a sheet, or its number from 1";
    let types = "`sheet` must be an int or a string";
    for (choice, problem) in [
        ("0", numbers),
        ("-1", numbers),
        ("true", types),
        ("[1]", types),
    ] {
        rows_with(&format!("#{{ sheet: {choice} }}"), &content)
            .exits(1)
            .says(problem);
    }
}

#[test]
fn hidden_sheets_are_not_counted() {
    let parts = Parts::of(&sheet(&[(1, &["a"]), (2, &["1"])]))
        .with(
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="Lists" state="hidden" r:id="r2"/><sheet name="One" r:id="r1"/></sheets></workbook>"#,
        )
        .with("xl/worksheets/sheet2.xml", format!("<worksheet><sheetData>{}</sheetData></worksheet>", sheet(&[(1, &["b"]), (2, &["2"])])));
    let relations = parts
        .0
        .iter()
        .find(|(name, _)| name.ends_with("workbook.xml.rels"))
        .unwrap()
        .1
        .clone();
    let second = relations
        .split_once("<Relationship ")
        .unwrap()
        .1
        .replace("r1", "r2")
        .replace("sheet1", "sheet2");
    let relations = relations.replace("</Relationships>", &format!("<Relationship {second}"));
    let content = parts.with("xl/_rels/workbook.xml.rels", relations).pack();
    rows_with("#{}", &content)
        .succeeds()
        .prints("2 #{a: \"1\"}\n");
    rows_with("#{ sheet: 1 }", &content)
        .succeeds()
        .prints("2 #{a: \"1\"}\n");
    rows_with("#{ sheet: \"Lists\" }", &content)
        .succeeds()
        .prints("2 #{b: \"2\"}\n");
}

#[test]
fn other_files_are_rejected_with_a_hint() {
    for (name, problem, hint) in [
        (
            "candidates.xls",
            "it is an older Excel file (.xls), or one with a password",
            "save it as an Excel workbook (.xlsx)",
        ),
        (
            "candidates.ods",
            "it is an OpenDocument file (.ods)",
            "save it as an Excel workbook (.xlsx)",
        ),
        (
            "candidates.csv",
            "it is not an .xlsx file",
            "such as CSV, with `read_csv`",
        ),
    ] {
        rows_with("#{}", libreoffice(name))
            .exits(1)
            .says(&format!(
                "error: cannot read `people.xlsx` as a workbook: {problem}"
            ))
            .says(hint);
    }
    let whole = libreoffice("candidates.xlsx");
    for content in [&whole[..whole.len() / 2], &b"PK\x03\x04"[..]] {
        rows_with("#{}", content)
            .exits(1)
            .says("cannot read `people.xlsx` as a workbook: it is damaged (");
    }
    rows_with("#{}", "")
        .exits(1)
        .says("it is not an .xlsx file");
}

#[test]
fn a_workbook_is_not_read_as_text() {
    for name in ["candidates.xlsx", "candidates.xls"] {
        let project = Project::new().file(name, libreoffice(name));
        for call in ["read_csv", "scan_csv", "read_lines"] {
            project
                .rhai(&[], &format!("{call}(\"{name}\");"))
                .exits(1)
                .says(&format!("error: `{name}` is a workbook, not a text file"))
                .says("hint: read it with `read_xlsx`, or save the sheet as \"CSV UTF-8");
        }
    }
}

#[test]
fn a_zip_bomb_is_rejected() {
    // 17 MiB of styles compress to 17 KiB.
    let bomb = format!("<styleSheet>{}</styleSheet>", " ".repeat(17 * 1024 * 1024));
    let content = Parts::of("").with("xl/styles.xml", bomb).pack();
    assert!(content.len() < 100_000);
    rows_with("#{}", content)
        .exits(1)
        .says("its part `xl/styles.xml` unpacks to more than 16777216 bytes");
    for count in ["18446744073709551615", "99999999999", "100"] {
        let texts = format!("<sst uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        rows_with(
            "#{}",
            Parts::of("").with("xl/sharedStrings.xml", texts).pack(),
        )
        .exits(1)
        .says(&format!(
            "it is damaged (`xl/sharedstrings.xml` declares {count} texts)"
        ));
    }
    // Two distant cells cost no more than any two cells.
    rows_of(&[(1, &["a"]), (1_048_576, &["1"])])
        .succeeds()
        .prints("1048576 #{a: \"1\"}\n");
    for reference in ["XFE2", "A1048577", "A1"] {
        let cell = format!("<row><c r=\"{reference}\"><v>1</v></c></row>");
        let rows = format!("{}{cell}", sheet(&[(2, &["a"])]));
        rows_with("#{}", Parts::of(&rows).pack())
            .exits(1)
            .says("it is damaged (a cell is out of place)");
    }
}

/// A workbook with random damage is read or rejected with `bad_table`, and nothing else happens.
#[test]
fn random_damage_is_handled() {
    let mut random = fastrand::Rng::with_seed(5);
    let rows = sheet(&[
        (1, &["name", "email"]),
        (2, &["Jane", "<c t=\"s\"><v>0</v></c>"]),
        (3, &["<c s=\"1\"><v>45689</v></c>", "<c><v>1.5</v></c>"]),
    ]);
    let merged = format!(
        "<worksheet><dimension ref=\"A1:B3\"/><sheetData>{rows}</sheetData><mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells></worksheet>"
    );
    let parts = Parts::of("").with("xl/worksheets/sheet1.xml", merged).with(
        "xl/sharedStrings.xml",
        "<sst uniqueCount=\"1\"><si><r><t>j@x</t></r></si></sst>",
    );
    let pieces = [
        "",
        "<",
        ">",
        "\"",
        "/",
        "0",
        "9",
        "A",
        "ZZ",
        "4294967295",
        "&#0;",
        "&lt;",
        "\u{0}",
        "x",
    ];
    let mut project = Project::new();
    for number in 0..300 {
        let mut damaged = Parts(parts.0.clone());
        for _ in 0..=random.usize(0..2) {
            let (_, content) = &mut damaged.0[random.usize(0..parts.0.len())];
            let at = random.usize(0..content.len());
            content.replace_range(at..=at, pieces[random.usize(0..pieces.len())]);
        }
        let mut packed = damaged.pack();
        if number % 3 == 0 {
            let at = random.usize(0..packed.len());
            packed[at] = random.u8(..);
        }
        project = project.file(&format!("{number}.xlsx"), packed);
    }
    project
        .rhai(
            &[],
            r#"
            let read = 0;
            let rejected = 0;
            for number in 0..300 {
                try {
                    read_xlsx(`${number}.xlsx`);
                    read += 1;
                } catch (problem) {
                    if problem.error != "bad_table" { throw problem; }
                    rejected += 1;
                }
            }
            if read < 20 || rejected < 100 { throw `${read} read, ${rejected} rejected`; }
            "#,
        )
        .succeeds();
}

/// Shared texts, each of them 50 runs of 20,000 characters.
fn long_texts(count: usize) -> String {
    let run = format!("<r><t>{}</t></r>", "y".repeat(20_000));
    let text = format!("<si>{}</si>", run.repeat(50));
    format!("<sst uniqueCount=\"{count}\">{}</sst>", text.repeat(count))
}

#[test]
fn cells_that_share_a_long_text_are_an_error() {
    let shared = "<c t=\"s\"><v>0</v></c>";
    let rows = sheet(&[(1, &["a", "b"]), (2, &["1", "2"]), (3, &[shared, shared])]);
    let parts = Parts::of(&rows).with("xl/sharedStrings.xml", long_texts(1));
    rows_with("#{}", parts.pack())
        .exits(1)
        .says("error: `people.xlsx` line 3: a row with more than 1048576 bytes of text")
        .says("hint: shorten or delete the long text")
        .says("--> script.rhai:1:");
}

#[test]
fn merged_cells_that_repeat_long_texts_are_an_error() {
    let shared = "<c t=\"s\"><v>0</v></c>";
    let header: &[&str] = &["a", "b", "c"];
    let rows = sheet(&[
        (1, header),
        (2, &[shared]),
        (3, &["", shared]),
        (4, &["", "", "1"]),
    ]);
    let merged = "<mergeCells><mergeCell ref=\"A2:A9\"/><mergeCell ref=\"B3:B9\"/></mergeCells>";
    let xml = format!("<worksheet><sheetData>{rows}</sheetData>{merged}</worksheet>");
    let parts = Parts::of("")
        .with("xl/worksheets/sheet1.xml", xml)
        .with("xl/sharedStrings.xml", long_texts(1));
    rows_with("#{}", parts.pack())
        .exits(1)
        .says("error: `people.xlsx` line 3: a row with more than 1048576 bytes of text");
}

#[test]
fn a_workbook_of_too_many_pieces_is_an_error() {
    let parts = Parts::of(&sheet(&[(1, &["a"]), (2, &[&"y".repeat(1_100_000)])]));
    rows_with("#{}", parts.pack())
        .exits(1)
        .says("its part `xl/worksheets/sheet1.xml` has a text of more than 1048576 bytes");
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..10_001 {
        let name = format!("part{number}");
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
    }
    rows_with("#{}", archive.finish().unwrap().into_inner())
        .exits(1)
        .says("it has more than 10000 parts");
}
