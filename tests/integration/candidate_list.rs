//! A list of candidates of any length: their addresses, the file with them, and the script that invites them.

use crate::support::Project;

/// Invites everyone in the list.
pub(crate) const INVITE_ALL: &str = "invite_all(read_lines(\"people.txt\"));";

/// Returns `count` addresses in the order of the list.
pub(crate) fn addresses(count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("someone{number:05}@example.com"))
        .collect()
}

/// A project with a list of `count` people.
pub(crate) fn people(count: usize) -> Project {
    Project::new().file("people.txt", addresses(count).join("\n"))
}
