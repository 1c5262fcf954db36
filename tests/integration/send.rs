//! `send`: sends the unsent rows of a run to where they were planned for, after a recheck.

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::ledger::{set_state, state};
use crate::service::{OTHER, Service};
use crate::stub::{Stub, default_reply};
use crate::support::Project;

#[test]
fn a_declined_plan_is_kept_and_can_be_sent() {
    let service = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project.rhai(&[], INVITE_ALL).exits(6).says("pass `--yes`");
    assert_eq!(state(&project, 1), "declined");
    project.run(&["send", "1"]).exits(6);
    assert_eq!(state(&project, 1), "declined");
    assert!(service.created().is_empty());
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(3));
}

#[test]
fn first_sends_some_rows_and_send_the_rest() {
    let service = Service::healthy();
    let project = people(600).talking_to(&service.stub);
    project
        .rhai(&["--yes", "--first", "3"], INVITE_ALL)
        .succeeds()
        .says("`gradient-bulk send 1`");
    assert_eq!(service.stub.invited_emails(), addresses(3));
    project
        .run(&["send", "1", "--yes", "--first", "257"])
        .succeeds();
    assert_eq!(service.stub.invited_emails(), addresses(260));
    project.run(&["send", "1", "--yes"]).succeeds();
    assert_eq!(service.stub.invited_emails(), addresses(600));
}

#[test]
fn a_dry_run_has_no_effects_and_can_be_sent() {
    let service = Service::healthy();
    let project = people(5).talking_to(&service.stub);
    project
        .rhai(
            &["--dry-run"],
            "let outcome = invite_all(read_lines(\"people.txt\"));\noutcome.write_csv(\"links.csv\");\nwrite_json(\"links.json\", [1]);",
        )
        .succeeds();
    project.run(&["send", "1", "--dry-run"]).succeeds();
    assert!(service.stub.invites().is_empty());
    let mut files: Vec<_> = std::fs::read_dir(project.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["people.txt", "script.rhai"]);
    project.run(&["send", "1", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(5));
}

/// Plans three rows. The first deadline is early in 2030.
fn planned_with_a_deadline() -> (Service, Project) {
    let service = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--dry-run", "--now", "2029-01-01T00:00:00Z"],
            "let number = 0;\ninvite_all(read_lines(\"people.txt\"), |email| {\n    number += 1;\n    #{ email: email, due_date: if number == 1 { \"2030-01-01\" } else { \"2031-01-01\" } }\n});",
        )
        .succeeds();
    (service, project)
}

const LATER: [&str; 5] = ["send", "1", "--yes", "--now", "2030-06-01T00:00:00Z"];

#[test]
fn a_deadline_that_has_passed_since_planning_is_refused_each_time() {
    let (service, project) = planned_with_a_deadline();
    for _ in 0..2 {
        project
            .run(&LATER)
            .exits(5)
            .says("1 of 3 rows is invalid, so nothing is sent")
            .says("people.txt line 1: due_date");
    }
    assert!(service.stub.invites().is_empty());
    project
        .run(&[&LATER[..], &["--skip-invalid"]].concat())
        .exits(3);
    assert_eq!(service.stub.invited_emails(), addresses(3)[1..]);
}

#[test]
fn a_dry_run_at_another_time_makes_no_row_invalid() {
    let (service, project) = planned_with_a_deadline();
    let rehearsal = [&LATER[..], &["--dry-run", "--skip-invalid"]].concat();
    project.run(&rehearsal);
    project
        .run(&["send", "1", "--yes", "--now", "2029-06-01T00:00:00Z"])
        .succeeds();
    service.has_one_session_for_each(&addresses(3));
}

/// After a dry run without `--again`, the same run can be sent with it.
#[test]
fn a_dry_run_skips_nobody_permanently() {
    let service = Service::healthy();
    let project = people(2).talking_to(&service.stub);
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    service.add_session("someone00001@example.com", "submitted");
    project
        .run(&["send", "1", "--dry-run"])
        .succeeds()
        .says("1 skipped: finished");
    project.run(&["send", "1", "--yes", "--again"]).succeeds();
    assert_eq!(service.stub.invited_emails(), addresses(2));
}

#[test]
fn send_uses_the_host_and_assessment_of_the_run() {
    let service = Service::healthy();
    let elsewhere = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    for contradiction in [
        &["--sandbox"][..],
        &["--api-url", &elsewhere.stub.url()],
        &["--assessment", OTHER],
    ] {
        project
            .run(&[&["send", "1", "--yes"], contradiction].concat())
            .exits(2)
            .says("run 1 was planned for")
            .says(contradiction[0]);
    }
    project
        .run(&[
            "send",
            "1",
            "--yes",
            "--api-url",
            &format!("{}/", service.stub.url()),
        ])
        .succeeds();
    service.has_one_session_for_each(&addresses(3));
    assert!(elsewhere.created().is_empty());
}

#[test]
fn a_sandbox_run_is_sent_to_the_sandbox_only() {
    let service = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(&["--sandbox", "--first", "1"], INVITE_ALL)
        .succeeds();
    project
        .run(&["send", "1", "--api-url", &service.stub.url()])
        .exits(2);
    project
        .run(&["send", "1"])
        .succeeds()
        .says("3 rows: 3 created");
    assert!(service.stub.requests().is_empty());
}

#[test]
fn rejected_and_discarded_runs_are_not_sent() {
    let service = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--yes"],
            "invite_all([\"jane@example.com\", \"nobody\"]);",
        )
        .exits(5);
    project
        .run(&["send", "1", "--yes"])
        .exits(5)
        .says("run 1 is rejected");
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    set_state(&project, 2, "discarded");
    project
        .run(&["send", "2", "--yes"])
        .exits(5)
        .says("run 2 is discarded");
    project
        .run(&["send", "3", "--yes"])
        .exits(2)
        .says("there is no run 3")
        .says("`gradient-bulk runs`");
    for nonsense in ["0", "-1", "one", "99999999999999999999"] {
        project.run(&["send", nonsense]).exits(2);
    }
    assert!(service.stub.invites().is_empty());
}

#[test]
fn first_counts_the_rows_of_all_plans_of_a_command() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let script = "for pair in [[\"a\", \"b\"], [\"c\", \"d\"], [\"e\", \"f\"]] {\n\
                      invite_all(pair.map(|name| name + \"@example.com\"));\n\
                  }\n\
                  print(invite(\"g@example.com\", \"Gil Ray\").outcome);";
    project
        .rhai(&["--yes", "--first", "3"], script)
        .succeeds()
        .prints("planned\n")
        .says_once("only the first one is sent now\n")
        .says_once("none of them are sent now: `--first` is reached\n");
    let invited = |count: usize| {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let expected: Vec<String> = names[..count]
            .iter()
            .map(|name| format!("{name}@example.com"))
            .collect();
        assert_eq!(stub.invited_emails(), expected);
    };
    invited(3);
    for (run, count) in [("2", 4), ("3", 6), ("4", 7)] {
        project.run(&["send", run, "--yes"]).succeeds();
        invited(count);
    }
}

#[test]
fn first_counts_single_invitations_and_plans_together() {
    for (script, invited) in [
        (
            "invite(\"a@example.com\", \"Ann Lee\"); invite_all([\"b@example.com\", \"c@example.com\"]);",
            ["a@example.com", "b@example.com"],
        ),
        (
            "invite_all([\"b@example.com\"]); for n in 0..3 { invite(`${n}@example.com`, \"Ann Lee\"); }",
            ["0@example.com", "b@example.com"],
        ),
    ] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        project
            .rhai(&["--yes", "--first", "2", "--max-invites", "2"], script)
            .succeeds();
        assert_eq!(stub.invited_emails(), invited);
    }
}

#[test]
fn a_run_that_invites_again_does_so_until_its_end() {
    let service = Service::healthy();
    let project = people(4).talking_to(&service.stub);
    for address in addresses(4) {
        service.add_session(&address, "submitted");
    }
    project.rhai(&["--dry-run"], INVITE_ALL).succeeds();
    project
        .rhai(&["--yes", "--again", "--first", "1"], INVITE_ALL)
        .succeeds()
        .says("the rest: `gradient-bulk send 2`\n");
    project
        .run(&["send", "2", "--yes", "--first", "1"])
        .succeeds();
    assert_eq!(service.stub.invited_emails(), addresses(4)[..2]);
    project.run(&["send", "2", "--yes"]).succeeds();
    assert_eq!(service.stub.invited_emails(), addresses(4));
    for address in addresses(4) {
        service.submit(&address);
    }
    // It holds for no other run, unless that is decided later.
    project
        .run(&["send", "1", "--dry-run"])
        .succeeds()
        .says("nobody to invite");
    project
        .run(&["send", "1", "--yes", "--again", "--first", "1"])
        .succeeds()
        .says("the rest: `gradient-bulk send 1`\n");
    project
        .run(&["send", "1", "--dry-run"])
        .succeeds()
        .says("3 to invite to");
}

#[test]
fn a_run_that_leaves_out_invalid_rows_does_so_until_its_end() {
    let service = Service::healthy();
    let project = people(3).talking_to(&service.stub);
    project
        .rhai(
            &["--dry-run", "--skip-invalid", "--now", "2029-01-01T00:00:00Z"],
            "let number = 0;\ninvite_all(read_lines(\"people.txt\"), |email| {\n    number += 1;\n    #{ email: email, due_date: if number == 1 { \"2030-01-01\" } else { \"2031-01-01\" } }\n});",
        )
        .succeeds();
    project
        .run(&LATER)
        .exits(3)
        .says("1 row left out as invalid");
    assert_eq!(service.stub.invited_emails(), addresses(3)[1..]);
}
