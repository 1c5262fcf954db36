//! `--shard`: several machines share one file.

use crate::crowd::{INVITE_ALL, addresses, people};
use crate::service::Service;
use crate::support::Project;

#[test]
fn shares_cover_everybody_once() {
    let service = Service::sound();
    let project = people(400).talking_to(&service.stub);
    for share in 1..=4 {
        let (share, ledger) = (format!("{share}/4"), format!("ledger{share}.db"));
        project
            .rhai(
                &["--yes", "--shard", &share, "--ledger", &ledger],
                INVITE_ALL,
            )
            .succeeds()
            .says(&ledger);
    }
    assert_eq!(service.stub.invited(), addresses(400));
}

#[test]
fn an_invalid_row_rejects_every_share() {
    let service = Service::sound();
    let project = Project::new()
        .file(
            "people.txt",
            format!("{}\nnobody\n", addresses(40).join("\n")),
        )
        .talking_to(&service.stub);
    for share in ["1/4", "2/4", "3/4", "4/4"] {
        project
            .rhai(&["--yes", "--shard", share], INVITE_ALL)
            .exits(5);
    }
    assert!(service.stub.invites().is_empty());
}
