//! Consent to every kind of change: limits, permissions, `--yes`, and the question at a terminal.

#[cfg(unix)]
use std::process::Command;

use crate::change_service::{ChangeService, Kind};
use crate::ledger::state;
#[cfg(unix)]
use crate::screen::{CTRL_C, CTRL_D, Screen};
#[cfg(unix)]
use crate::support::{Project, Ran};

#[test]
fn nothing_is_changed_without_consent() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        let sent = kind.sent();
        project
            .run(&["run", "script.rhai"])
            .exits(6)
            .prints("")
            .says("not confirmed: this would ")
            .says(&format!(
                "nothing was {sent}; `gradient-bulk send 1` asks again"
            ));
        assert_eq!(state(&project, 1), "declined", "{kind:?}");
        project
            .run(&["runs", "1"])
            .shows(&format!("run 1: declined; nothing was {sent}\n"))
            .shows(&format!(", 3 not {sent}\n"));
        for command in [["run", "--json", "script.rhai"], ["send", "--json", "1"]] {
            let summary = project.run(&command).exits(6).json();
            assert_eq!(
                summary["error"],
                format!("not confirmed, nothing was {sent}")
            );
        }
        assert_eq!(service.changes(), 0, "{kind:?}");
    }
}

#[test]
fn yes_alone_deletes_nothing() {
    let service = ChangeService::healthy(Kind::Revoke, 3);
    let project = service.project();
    project
        .run(&["run", "--yes", "script.rhai"])
        .exits(6)
        .says("`--yes` alone does not delete anything\n  hint: add `--max-changes 3` if you mean");
    assert_eq!(service.changes(), 0);
}

#[test]
fn a_plan_beyond_the_limit_is_rejected() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        project
            .run(&["run", "--yes", "--max-changes", "2", "script.rhai"])
            .exits(5)
            .says(&format!(
                "3 changes are planned, but `--max-changes` allows 2, so nothing is {}\n",
                kind.sent()
            ));
        assert_eq!(service.changes(), 0, "{kind:?}");
        assert_eq!(state(&project, 1), "rejected", "{kind:?}");
    }
}

#[test]
fn a_script_that_is_not_trusted_changes_nothing() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        service
            .run(&project, &["--deny-send"])
            .exits(1)
            .says("changes something at the API, and `--deny-send` forbids it");
        assert_eq!(service.changes(), 0, "{kind:?}");
    }
}

#[test]
fn a_profile_permits_single_kinds() {
    for kind in Kind::ALL {
        for allowed in ["invite", "revoke", "score"] {
            let service = ChangeService::healthy(kind, 2);
            let project = service.project();
            project.configure(&format!("[profiles.x]\nallow = [\"{allowed}\"]\n"));
            let ran = service.run(&project, &["--profile", "x"]);
            let is_allowed = format!("{kind:?}").to_lowercase() == allowed;
            if is_allowed {
                ran.succeeds();
                assert_eq!(service.changed(), 2);
            } else {
                ran.exits(1).says("`allow` of profile `x` does not list");
                assert_eq!(service.changes(), 0);
            }
        }
    }
}

#[test]
fn a_profile_limits_every_kind_and_an_option_can_only_lower_that() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        project.configure("[profiles.x]\nmax_changes = 2\n");
        let run = |options: &[&str]| {
            project.run(
                &[
                    &["run", "--profile", "x", "--yes"],
                    options,
                    &["script.rhai"],
                ]
                .concat(),
            )
        };
        run(&[])
            .exits(5)
            .says("3 changes are planned, but profile `x` allows 2");
        run(&["--max-changes", "3"])
            .exits(2)
            .says("`--max-changes 3` is above the limit of profile `x`, which is 2")
            .says("hint: the option can only lower `max_changes` of the configuration file");
        assert_eq!(service.changes(), 0, "{kind:?}");
        project
            .run(&["doctor", "--profile", "x"])
            .shows("2 changes by one command (profile `x`)");
    }
}

/// A limit that somebody has written down once is not the consent to delete now.
#[test]
fn the_limit_of_a_profile_is_not_consent_to_delete() {
    let service = ChangeService::healthy(Kind::Revoke, 2);
    let project = service.project();
    project.configure("[profiles.x]\nmax_changes = 2\n");
    let run = ["run", "--profile", "x", "--yes"];
    project
        .run(&[&run[..], &["script.rhai"]].concat())
        .exits(6)
        .says("hint: add `--max-changes 2` if you mean");
    project
        .run(&[&run[..], &["--max-changes", "2", "script.rhai"]].concat())
        .succeeds();
    assert_eq!(service.changed(), 2);
}

#[test]
fn the_repl_needs_the_same_consent() {
    for kind in Kind::ALL {
        let service = ChangeService::healthy(kind, 3);
        let project = service.project();
        let script = project.read("script.rhai");
        let repl = |options: &[&str]| project.run(&[&["repl"], options, &["-e", &script]].concat());
        repl(&[]).exits(6).says("not confirmed: this would ");
        repl(&["--yes", "--max-changes", "2"])
            .exits(5)
            .says("3 changes are planned, but `--max-changes` allows 2");
        if kind == Kind::Revoke {
            repl(&["--yes"])
                .exits(6)
                .says("`--yes` alone does not delete anything\n  hint: add `--max-changes 3`");
        }
        assert_eq!(service.changes(), 0, "{kind:?}");
        repl(&["--yes", "--max-changes", "3"]).succeeds();
        assert_eq!(service.changed(), 3, "{kind:?}");
    }
}

/// Answers the question of `command` about three deletions.
#[cfg(unix)]
fn answer(command: Command, keys: &str) -> Ran {
    let mut screen = Screen::open(command);
    screen.wait_for("Delete 3 sessions at ");
    screen.wait_for("Type 3 to confirm, or `show`: ");
    screen.type_keys(keys);
    screen.finish()
}

/// The commands that delete, each with a project whose next question is about three deletions.
#[cfg(unix)]
fn deleting() -> [(ChangeService, Project, Vec<&'static str>); 2] {
    let revoking = ChangeService::healthy(Kind::Revoke, 3);
    let project = revoking.project();
    let inviting = ChangeService::healthy(Kind::Invite, 3);
    let invited = inviting.project();
    inviting.run(&invited, &[]).succeeds();
    [
        (revoking, project, vec!["run", "script.rhai"]),
        (inviting, invited, vec!["undo", "1"]),
    ]
}

#[cfg(unix)]
#[test]
fn a_deletion_is_confirmed_by_its_number_and_by_nothing_else() {
    for (service, project, command) in deleting() {
        let sessions = || service.sessions.lock().unwrap().len();
        for keys in [
            "y\n", "yes\n", "all\n", "2\n", "33\n", "3 3\n", "-3\n", "\n", CTRL_D,
        ] {
            answer(project.program(&command), keys)
                .exits(6)
                .says("asks again");
            assert_eq!(sessions(), 3, "{keys:?}");
        }
        answer(project.program(&command), CTRL_C).exits(130);
        assert_eq!(sessions(), 3);
        answer(project.program(&command), " 3 \n")
            .succeeds()
            .says("3 revoked");
        assert_eq!(sessions(), 0);
    }
}

#[cfg(unix)]
#[test]
fn the_question_about_deletions_can_show_all_rows_first() {
    for (service, project, command) in deleting() {
        let mut screen = Screen::open(project.program(&command));
        screen.wait_for("or `show`: ");
        screen.type_keys("show\n");
        screen.wait_for("p2@example.com");
        screen.wait_for("Type 3 to confirm, or `show`: ");
        assert_eq!(service.sessions.lock().unwrap().len(), 3);
        screen.type_keys("3\n");
        screen.finish().succeeds();
        assert!(service.sessions.lock().unwrap().is_empty());
    }
}

/// Another process works on the assessment at the time of the question, and a candidate opens the link.
#[cfg(unix)]
#[test]
fn a_candidate_who_begins_at_the_question_is_kept_and_named() {
    for (service, project, command) in deleting() {
        let mut screen = Screen::open(project.program(&command));
        screen.wait_for("Type 3 to confirm, or `show`: ");
        let other = project.path().join("other.rhai");
        std::fs::write(other, "invite_all([\"other@example.com\"]);").unwrap();
        project.run(&["run", "--yes", "other.rhai"]).succeeds();
        service
            .sessions
            .lock()
            .unwrap()
            .values_mut()
            .filter(|session| session.email == "p2@example.com")
            .for_each(|session| session.status = "setup");
        screen.type_keys("3\n");
        screen
            .finish()
            .succeeds()
            .says("<p2@example.com>: begun (setup)\n")
            .says("the sessions were looked up again: 1 more kept\n")
            .says("2 revoked, 1 kept, 0 failed");
        let left = service.sessions.lock().unwrap().len();
        assert_eq!(left, 2, "the kept and the other session");
    }
}
