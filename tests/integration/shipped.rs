//! Shipped scripts, run by somebody who wrote none: errors tell what was given and what to do about it, not the source.

use crate::support::Project;

#[test]
fn a_missing_file_is_named_with_where_it_was_looked_for() {
    let project = Project::new();
    let ran = project.run(&["run", "--sandbox", "invite_csv", "people.csv"]);
    ran.exits(1)
        .says("error: cannot open `people.csv`: ")
        .says("hint: paths are relative to the directory the command runs in, `")
        .never_says("<shipped>")
        .never_says("read_csv");
}

#[test]
fn a_column_that_is_missing_is_to_be_renamed_in_the_file() {
    Project::new()
        .file("people.csv", "Emial,Name\nj@example.com,Jane\n")
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .exits(1)
        .reports(
            "error: `people.csv` has no column `email`; its columns are `Emial`, `Name`
 |
 = hint: rename the column `Emial` to `email` in the file\n",
        );
}

#[test]
fn hints_name_no_function_and_no_option_of_one() {
    let cases: [(&[u8], &str); 4] = [
        (
            b"email,name\n",
            "hint: the first line names the columns, such as `name,email`: add it where yours is a row already\n",
        ),
        (
            b"email,name\nj@x.com,Zo\xeb\n",
            "hint: the file looks like windows-1252: pass `--encoding windows-1252` to a script that takes it, or save the file",
        ),
        (
            b"PK\x03\x04 and so on",
            "hint: save the sheet as \"CSV UTF-8 (comma delimited)\"\n",
        ),
        (
            b"email,name\nj@x.com\n",
            "hint: an empty field still needs its comma, as in `,jane@example.com`\n",
        ),
    ];
    for (content, hint) in cases {
        Project::new()
            .file("people.csv", content)
            .run(&["run", "--sandbox", "invite_csv", "people.csv"])
            .exits(1)
            .says(hint)
            .never_says("<shipped>")
            .never_says("#{");
    }
}

#[test]
fn what_a_script_says_itself_stands_alone() {
    Project::new()
        .run(&["run", "--sandbox", "invite_list"])
        .exits(1)
        .reports("error: nobody to invite: give addresses, or --file FILE\n");
    Project::new()
        .run(&["run", "invite_list", "jane@example.com"])
        .exits(4)
        .never_says("<shipped>")
        .says("hint: set `GRADIENT_API_KEY`");
}

/// Somebody's own copy of a script is theirs to change.
#[test]
fn the_author_of_a_script_sees_where_it_stands() {
    let project = Project::new();
    project
        .run(&["new", "mine.rhai", "--from", "invite_csv"])
        .succeeds();
    project
        .run(&["run", "--sandbox", "mine.rhai", "people.csv"])
        .exits(1)
        .says("--> mine.rhai:")
        .says("let rows = read_csv(");
}
