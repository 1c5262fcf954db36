//! `--shard`: several machines send parts of one list.

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::service::Service;
use crate::support::Project;

#[test]
fn shards_cover_everyone_once() {
    let service = Service::healthy();
    let project = people(400).talking_to(&service.stub);
    for shard in 1..=4 {
        let (shard, ledger) = (format!("{shard}/4"), format!("ledger{shard}.db"));
        project
            .rhai(
                &["--yes", "--shard", &shard, "--ledger", &ledger],
                INVITE_ALL,
            )
            .succeeds()
            .says(&ledger);
    }
    assert_eq!(service.stub.invited_emails(), addresses(400));
}

#[test]
fn an_invalid_row_rejects_every_shard() {
    let service = Service::healthy();
    let project = Project::new()
        .file(
            "people.txt",
            format!("{}\nnobody\n", addresses(40).join("\n")),
        )
        .talking_to(&service.stub);
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        project
            .rhai(&["--yes", "--shard", shard], INVITE_ALL)
            .exits(5);
    }
    assert!(service.stub.invites().is_empty());
}

/// Machines with different versions must agree.
#[test]
fn the_shard_of_an_address_follows_the_documented_hash() {
    let fnv_1a = |text: &str| {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        text.bytes().fold(0xcbf2_9ce4_8422_2325, mix)
    };
    let service = Service::healthy();
    let project = people(60).talking_to(&service.stub);
    project
        .rhai(
            &["--yes", "--shard", "2/3"],
            "invite_all(read_lines(\"people.txt\"), |email| email.to_upper());",
        )
        .succeeds();
    let mut expected = addresses(60);
    expected.retain(|email| fnv_1a(email) % 3 + 1 == 2);
    let created: Vec<String> = service.created().into_keys().collect();
    assert_eq!(created, expected);
}
