//! Many people: their addresses, the file they stand in, and the script that invites them.

use crate::support::Project;

/// Invites everybody in the list.
pub(crate) const INVITE_ALL: &str = "invite_all(read_lines(\"people.txt\"));";

/// So many addresses, in the order in which they stand in the list.
pub(crate) fn addresses(count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("someone{number:05}@example.com"))
        .collect()
}

/// A project with a list of so many people.
pub(crate) fn people(count: usize) -> Project {
    Project::new().file("people.txt", addresses(count).join("\n"))
}
