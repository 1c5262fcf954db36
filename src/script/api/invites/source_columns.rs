//! The columns of the files that the rows of a plan come from: which of them name the candidate, and which are not used.

use std::sync::Arc;

use rhai::Dynamic;

use crate::bulk::CandidateColumns;
use crate::table::{Advice, Header, Row, match_key};
use crate::text::{join_names, plural};

/// How many files are remembered.
const MAX_FILES: usize = 20;

/// Columns that are meant to be used: the name that scripts read them by, other names, and what uses them.
const MEANT_COLUMNS: [MeantColumn; 6] = [
    MeantColumn {
        name: "due_date",
        other_names: &["deadline", "due", "due by"],
        used_by: "`invite_deadlines` uses it for the deadlines",
    },
    MeantColumn {
        name: "zone",
        other_names: &["time zone", "tz"],
        used_by: "`invite_deadlines` uses it for the deadlines",
    },
    MeantColumn {
        name: "team",
        other_names: &["department"],
        used_by: "`invite_deadlines` uses it for the deadlines",
    },
    MeantColumn {
        name: "role",
        other_names: &["position", "job title"],
        used_by: "`invite_cohorts` uses it to choose the assessment",
    },
    MeantColumn {
        name: "other_email",
        other_names: &[
            "personal email",
            "private email",
            "home email",
            "secondary email",
            "second email",
            "alternative email",
            "alternate email",
            "email 2",
            "email address 2",
        ],
        used_by: "the addresses of another column are",
    },
    MeantColumn {
        name: "stage",
        other_names: &["status"],
        used_by: "the shipped scripts select rows by it with `--where COLUMN=VALUE`",
    },
];

struct MeantColumn {
    name: &'static str,
    other_names: &'static [&'static str],
    used_by: &'static str,
}

/// What is known about the files that the rows of a plan come from.
#[derive(Default)]
pub(super) struct SourceColumns {
    files: Vec<SourceHeader>,
    /// The columns of rows that do not come from a file.
    other: Option<Arc<CandidateColumns>>,
}

struct SourceHeader {
    header: Arc<Header>,
    candidate: Arc<CandidateColumns>,
    /// The columns that look meant, each with whether a row has a value in it.
    meant: Vec<(usize, &'static MeantColumn, bool)>,
    /// The columns that the workbook hides, each with whether a row has a value in it.
    hidden: Vec<(usize, bool)>,
}

impl SourceColumns {
    /// Records the row of a plan, and returns the columns that name its candidate.
    pub(super) fn add(&mut self, row: &Dynamic) -> Arc<CandidateColumns> {
        let Some(row) = row.read_lock::<Row>() else {
            let columns = self
                .other
                .get_or_insert_with(|| Arc::new(candidate_columns(|name| Some(Arc::from(name)))));
            return Arc::clone(columns);
        };
        let header = row.header();
        let is_known = |file: &SourceHeader| Arc::ptr_eq(&file.header, header);
        let known = self.files.iter().rposition(is_known);
        let index = known.unwrap_or_else(|| {
            // A script that adds a column to every row makes a header for each.
            self.files.truncate(MAX_FILES - 1);
            self.files.push(SourceHeader::of(header));
            self.files.len() - 1
        });
        let file = &mut self.files[index];
        let meant = file
            .meant
            .iter_mut()
            .map(|(index, _, found)| (index, found));
        let hidden = file.hidden.iter_mut().map(|(index, found)| (index, found));
        for (index, has_value) in meant.chain(hidden) {
            *has_value = *has_value || !row.peek(*index).trim().is_empty();
        }
        Arc::clone(&file.candidate)
    }

    /// Describes the columns that no row was read in although they look meant, and files without names.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for file in &self.files {
            let columns = file.header.columns();
            for (index, meant, has_value) in &file.meant {
                if *has_value && !file.header.is_read(*index) {
                    let column = &columns[*index];
                    notes.push(format!("column `{column}` is not used: {}", meant.used_by));
                }
            }
            let path = file.header.path().display();
            for (index, has_value) in &file.hidden {
                if *has_value && file.header.is_read(*index) {
                    let column = &columns[*index];
                    notes.push(format!(
                        "column `{column}` is hidden in `{path}`, and it is used"
                    ));
                }
            }
            if let Some(sheet) = file.header.hidden_sheet() {
                notes.push(format!(
                    "the sheet `{sheet}` is hidden in `{path}`, and it is used"
                ));
            }
            let other_lists = file.header.advice().map_or(&[][..], Advice::other_lists);
            if !other_lists.is_empty() {
                let noun = plural(other_lists.len(), "sheet");
                notes.push(format!(
                    "`{path}` has addresses in the {noun} {}, too: `--sheet` of a shipped script reads another sheet",
                    join_names(other_lists, "and")
                ));
            }
            if columns.len() == 1 && file.candidate.email.is_some() {
                notes.push(format!(
                    "`{path}` has addresses only: the names are derived from them"
                ));
            }
        }
        notes.dedup();
        notes
    }
}

impl SourceHeader {
    fn of(header: &Arc<Header>) -> Self {
        let columns = header.columns().iter().enumerate();
        let meant = columns.filter_map(|(index, column)| {
            let is_meant = |meant: &&MeantColumn| {
                let key = match_key(column);
                let mut names = meant.other_names.iter().chain([&meant.name]);
                header.aliases_of(index).any(|alias| alias == meant.name)
                    || names.any(|name| match_key(name) == key)
            };
            let meant = MEANT_COLUMNS.iter().find(is_meant)?;
            Some((index, meant, false))
        });
        let hidden = header.hidden_columns().iter();
        Self {
            meant: meant.collect(),
            hidden: hidden.map(|index| (*index, false)).collect(),
            candidate: Arc::new(candidate_columns(|name| header.column(name).map(Arc::from))),
            header: Arc::clone(header),
        }
    }
}

fn candidate_columns(column: impl Fn(&str) -> Option<Arc<str>>) -> CandidateColumns {
    let full_name = || Some(vec![column("first_name")?, column("last_name")?]);
    CandidateColumns {
        email: column("email"),
        name: match column("name") {
            Some(name) => vec![name],
            None => full_name().unwrap_or_default(),
        },
        due_date: column("due_date"),
    }
}
