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
fn single_invites_of_all_shards_cover_everyone_once() {
    let service = Service::healthy();
    let project = people(20).talking_to(&service.stub);
    let script = r#"
        for email in read_lines("people.txt") {
            let sent = invite(#{ email: email });
            if sent.outcome == "other_shard" {
                assert_eq([sent.email, sent.invite_url, sent.session, sent.note], [email, (), (), "not in shard SHARD"]);
            } else {
                assert_eq(sent.outcome, "created");
                print(email);
            }
        }
    "#;
    let mut invited = Vec::new();
    for shard in ["1/2", "2/2"] {
        let ran = project
            .rhai(
                &["--yes", "--json", "--shard", shard],
                &script.replace("SHARD", shard),
            )
            .succeeds();
        invited.extend(ran.stderr.lines().map(ToOwned::to_owned));
        let summary = ran.json();
        // Candidates of the other shard are in no count, as with `invite_all`.
        assert_eq!(summary["total"], summary["created"]);
    }
    invited.sort();
    assert_eq!(invited, addresses(20));
    service.has_one_session_for_each(&addresses(20));
}

#[test]
fn a_single_invite_of_another_shard_lists_no_sessions() {
    let service = Service::healthy();
    let project = Project::new().talking_to(&service.stub);
    let script = "print(invite(\"jane@example.com\", \"Jane\").outcome);";
    let mut outcomes = Vec::new();
    for shard in ["1/2", "2/2"] {
        let ran = project
            .rhai(&["--yes", "-v", "--shard", shard], script)
            .succeeds();
        if ran.stdout == "other_shard\n" {
            assert!(!ran.stderr.contains("created"), "{ran}");
            assert!(
                ran.stderr.contains("other shard: jane@example.com\n"),
                "{ran}"
            );
        }
        outcomes.push(ran.stdout);
    }
    outcomes.sort();
    assert_eq!(outcomes, ["created\n", "other_shard\n"]);
    let requests = service.stub.requests();
    let lists = requests
        .iter()
        .filter(|request| request.path == "/api/sessions");
    assert_eq!(lists.count(), 1);
    service.has_one_session_for_each(&["jane@example.com".to_owned()]);
}

/// What is invalid in one shard is invalid in all of them.
#[test]
fn an_invalid_single_invite_is_an_error_in_every_shard() {
    let service = Service::healthy();
    let project = Project::new().talking_to(&service.stub);
    for shard in ["1/2", "2/2"] {
        project
            .rhai(
                &["--yes", "--shard", shard],
                "invite(\"nobody\", \"Nobody\");",
            )
            .exits(1)
            .says("not an email address");
    }
    assert!(service.stub.invites().is_empty());
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
