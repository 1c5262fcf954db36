//! Processes that invite the same people at the same time, with random timing. The service is the worst that is allowed: it
//! looks for a session when a request arrives, and creates one later without looking again.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use fastrand::Rng;

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::seeds::for_each_seed;
use crate::service::{InviteFault, Service};
use crate::support::{PATIENCE, Project, Running};

/// How late the service creates sessions, if it is in time for the default timeout.
const LATE: Duration = Duration::from_millis(60);
/// The timeout of tests in which it runs out.
#[cfg(unix)]
const TIMEOUT: Duration = Duration::from_millis(400);

/// Starts a service that creates each session up to `latest` late, and a list of the invites that have arrived.
fn late_service(seed: u64, latest: Duration) -> (Service, Receiver<usize>) {
    let (sender, arrivals) = channel();
    let sender = Mutex::new(sender);
    let service = Service::faulty(move |number, _| {
        let mut random = Rng::with_seed(seed << 32 | number as u64);
        // This fails once the test does not wait for arrivals any more.
        let _ = sender.lock().unwrap().send(number);
        Some(InviteFault::Late(latest.mul_f64(random.f64())))
    });
    (service, arrivals)
}

/// Waits until invite `number` has arrived.
fn await_invite(arrivals: &Receiver<usize>, number: usize) {
    while number > 0 && arrivals.recv_timeout(PATIENCE).unwrap() < number {}
}

fn project(count: usize, service: &Service) -> Project {
    people(count)
        .file("script.rhai", INVITE_ALL)
        .talking_to(&service.stub)
}

fn start(project: &Project, options: &[&str]) -> Running {
    project.start(
        &[
            &["run", "--yes", "--concurrency", "4"],
            options,
            &["script.rhai"],
        ]
        .concat(),
    )
}

#[test]
fn two_processes_with_one_list_invite_nobody_twice() {
    for_each_seed(|seed| {
        let mut random = Rng::with_seed(seed);
        let (service, arrivals) = late_service(seed, LATE);
        let count = random.usize(4..20);
        let project = project(count, &service);
        let waits = random.bool();
        let wait: &[&str] = if waits { &["--wait-lock", "30"] } else { &[] };
        let first = start(&project, wait);
        await_invite(&arrivals, random.usize(0..=count));
        let ledger: &[&str] = if random.bool() {
            &["--ledger", "other.db"]
        } else {
            &[]
        };
        let second = start(&project, &[ledger, wait].concat()).finish();
        let first = first.finish();
        // If both start at the same time, either may come first.
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        let allowed: &[[i32; 2]] = if waits { &[[0, 0]] } else { &[[0, 0], [0, 7]] };
        assert!(
            allowed.contains(&statuses),
            "seed {seed}\n{first}\n{second}"
        );
        service.has_one_session_for_each(&addresses(count));
    });
}

#[test]
fn all_shards_of_one_list_at_once_cover_everyone_once() {
    for_each_seed(|seed| {
        let mut random = Rng::with_seed(seed);
        let (service, _) = late_service(seed, LATE);
        let count = random.usize(8..30);
        let shards = random.usize(2..=3);
        let project = project(count, &service);
        let running: Vec<Running> = (1..=shards)
            .map(|shard| {
                let (shard, ledger) = (format!("{shard}/{shards}"), format!("ledger{shard}.db"));
                let ledger = if random.bool() { "shared.db" } else { &ledger };
                start(&project, &["--shard", &shard, "--ledger", ledger])
            })
            .collect();
        for each in running {
            each.finish().succeeds();
        }
        service.has_one_session_for_each(&addresses(count));
    });
}

/// The service may still be creating sessions for the killed process.
#[test]
#[cfg(unix)]
fn after_a_killed_process_the_next_one_goes_on() {
    for_each_seed(|seed| {
        let mut random = Rng::with_seed(seed);
        let (service, arrivals) = late_service(seed, TIMEOUT.mul_f64(1.9));
        let count = random.usize(4..12);
        let project = project(count, &service);
        let timeout = TIMEOUT.as_secs_f64().to_string();
        let start = |options: &[&str]| {
            let options = [&["--timeout", &timeout], options].concat();
            start(&project, &options)
        };
        let first = start(&[]);
        await_invite(&arrivals, random.usize(1..=count));
        let ledger: &[&str] = if random.bool() {
            &["--ledger", "other.db"]
        } else {
            &[]
        };
        let options = [ledger, &["--wait-lock", "30"]].concat();
        let waiting = random.bool().then(|| start(&options));
        first.kill();
        let second = waiting.unwrap_or_else(|| start(&options));
        second.finish().succeeds();
        service.has_one_session_for_each(&addresses(count));
    });
}

/// Processes that need two locks each, in opposite order, and many times.
#[test]
fn processes_with_several_assessments_do_not_block_each_other() {
    for_each_seed(|seed| {
        let (service, _) = late_service(seed, LATE);
        let project = Project::new()
            .file("one.rhai", script(["First Assessment", "Other Assessment"]))
            .file("two.rhai", script(["Other Assessment", "First Assessment"]))
            .talking_to(&service.stub);
        let running = ["one.rhai", "two.rhai"]
            .map(|script| project.start(&["run", "--yes", "--wait-lock", "30", script]));
        for each in running {
            each.finish().succeeds();
        }
        for (email, count) in service.created() {
            assert_eq!(count, 2, "seed {seed}: {email}");
        }
    });
}

/// Invites the same people to two assessments: all at once, one list after the other, and one by one.
fn script([first, second]: [&str; 2]) -> String {
    format!(
        r#"
        let people = ["ann@example.com", "bob@example.com"];
        let both = [];
        for person in people {{
            both.push(#{{ email: person, assessment: "{first}" }});
            both.push(#{{ email: person, assessment: "{second}" }});
        }}
        invite_all(both);
        invite_all(people, |person| #{{ email: person, assessment: "{first}" }});
        invite_all(people, |person| #{{ email: person, assessment: "{second}" }});
        for person in people {{
            invite(#{{ email: person, assessment: "{second}" }});
            invite(#{{ email: person, assessment: "{first}" }});
        }}
        "#
    )
}
