//! Processes that are killed at random changes. `cargo test kills_lose_nothing -- --nocapture` prints a table of the results.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::change_service::{ChangeService, Kind, Sessions, reply};
use crate::ledger::{notes, state_counts};
use crate::seeds::for_each_seed;
use crate::stub::{Reply, Request};
use crate::support::{PATIENCE, Project};

const ROWS: u64 = 100;
const KILLS: u64 = 2;

/// The results of one kind, with all seeds.
#[derive(Default)]
struct Tally {
    kills: u64,
    /// Rows with a recorded result when a process was killed.
    recorded: u64,
    /// Rows without one, which the next process took up.
    resumed: u64,
    /// Rows that are changed in the service at the end.
    changed: u64,
    /// Rows of which the ledger says that they may have been changed.
    unclear: u64,
    /// Changes that were made twice, or would have been if the service had not refused.
    twice: u64,
    /// Rows without a result in the ledger at the end.
    lost: u64,
}

/// Prints itself at the end, also of a test that fails.
struct KillTable(Mutex<BTreeMap<&'static str, Tally>>);

impl KillTable {
    fn add(&self, kind: Kind, add: impl FnOnce(&mut Tally)) {
        let name = match kind {
            Kind::Invite => "invite",
            Kind::Revoke => "revoke",
            Kind::Score => "score",
        };
        add(self.0.lock().unwrap().entry(name).or_default());
    }
}

impl fmt::Display for KillTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "kind    kills  recorded  resumed  changed  unclear  twice  lost"
        )?;
        for (kind, tally) in &*self.0.lock().unwrap() {
            writeln!(
                f,
                "{kind:<6}  {:>5}  {:>8}  {:>7}  {:>7}  {:>7}  {:>5}  {:>4}",
                tally.kills,
                tally.recorded,
                tally.resumed,
                tally.changed,
                tally.unclear,
                tally.twice,
                tally.lost
            )?;
        }
        Ok(())
    }
}

impl Drop for KillTable {
    #[expect(clippy::print_stdout, reason = "for people who run the test")]
    fn drop(&mut self) {
        println!("{self}");
    }
}

/// Returns whether the change has been made already, so that it must not be asked for again.
fn is_made(kind: Kind, request: &Request, sessions: &Sessions) -> bool {
    let sessions = sessions.lock().unwrap();
    match kind {
        // Asking again returns the same session, and its link.
        Kind::Invite => false,
        Kind::Revoke => !sessions.contains_key(request.path.rsplit('/').next().unwrap()),
        Kind::Score => sessions[request.body["sessionId"].as_str().unwrap()].scores > 0,
    }
}

/// One change in ten is made without a response, and one in ten is not made, so that its end is as unclear.
fn interfere(seed: u64, number: usize, request: &Request, sessions: &Sessions) -> Option<Reply> {
    match Rng::with_seed(seed << 32 | number as u64).u8(0..10) {
        0 => {
            reply(sessions, request);
            Some(Reply::broken())
        }
        1 => Some(Reply::broken()),
        _ => None,
    }
}

fn with_results(counts: &BTreeMap<String, u64>) -> u64 {
    let is_result = |state: &str| !["planned", "sending"].contains(&state);
    let results = counts.iter().filter(|(state, _)| is_result(state));
    results.map(|(_, count)| count).sum()
}

/// Lets changes pass up to a number; the others wait.
#[derive(Default)]
struct Gate {
    allowed: Mutex<usize>,
    has_opened: Condvar,
}

impl Gate {
    fn pass(&self, number: usize) {
        let allowed = self.allowed.lock().unwrap();
        let wait = self
            .has_opened
            .wait_timeout_while(allowed, PATIENCE, |allowed| number > *allowed);
        drop(wait.unwrap());
    }

    fn open(&self, allowed: usize) {
        *self.allowed.lock().unwrap() = allowed;
        self.has_opened.notify_all();
    }
}

/// Waits until the ledger has results, and returns how many.
fn await_results(project: &Project) -> u64 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let recorded = with_results(&state_counts(project));
        if recorded > 0 {
            return recorded;
        }
        assert!(Instant::now() < deadline, "nothing is recorded");
        thread::sleep(Duration::from_millis(10));
    }
}

fn kill_and_resume(kind: Kind, seed: u64, table: &KillTable) {
    let mut random = Rng::with_seed(seed);
    let (reached, arrivals) = channel();
    let reached = Mutex::new(reached);
    let gate = Arc::<Gate>::default();
    let passed = Arc::clone(&gate);
    let twice = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&twice);
    let rows = usize::try_from(ROWS).unwrap();
    let service = ChangeService::start(kind, rows, move |number, request, sessions| {
        let _ = reached.lock().unwrap().send(number);
        passed.pass(number);
        *counted.lock().unwrap() += u64::from(is_made(kind, request, sessions));
        interfere(seed, number, request, sessions)
    });
    let project = service.project();
    let options = ["--concurrency", "4", "--timeout", "0.3"];
    let resume = [&["send", "1"], kind.consent(), options.as_slice()].concat();
    let mut running = service.begin(&project, &options);
    let mut allowed = 0;
    for _ in 0..KILLS {
        // After this many more changes, requests are in flight, and rows are left.
        let more = random.usize(1..40);
        allowed += more;
        gate.open(allowed);
        let mut arrived = 0;
        while arrived <= allowed {
            arrived = arrivals.recv_timeout(PATIENCE).unwrap();
        }
        let recorded = if more > 10 && random.bool() {
            await_results(&project)
        } else {
            with_results(&state_counts(&project))
        };
        running.kill();
        // What was held is carried out after all.
        allowed = arrivals.try_iter().last().unwrap_or(arrived);
        gate.open(allowed);
        table.add(kind, |tally| {
            tally.kills += 1;
            tally.recorded += recorded;
            tally.resumed += ROWS - recorded;
        });
        running = project.start(&resume);
    }
    gate.open(usize::MAX);
    running.finish();
    // The results of requests without a response come last.
    for _ in 0..3 {
        service.send(&project, &options);
    }
    let counts = state_counts(&project);
    let unclear = counts.get("unclear").copied().unwrap_or(0);
    let lost = ROWS - with_results(&counts);
    let changed = u64::try_from(service.changed()).unwrap();
    // A second session of a candidate is one too many.
    let twice = *twice.lock().unwrap() + changed.saturating_sub(ROWS);
    table.add(kind, |tally| {
        tally.changed += changed;
        tally.unclear += unclear;
        tally.twice += twice;
        tally.lost += lost;
    });
    assert_eq!(lost, 0, "seed {seed}: {counts:?}");
    match kind {
        // The API returns the session that is there, so asking again is harmless.
        Kind::Invite => assert_eq!(changed, ROWS, "seed {seed}: {counts:?}"),
        Kind::Revoke => {
            assert_eq!(
                counts,
                crate::ledger::counts(&[("done", ROWS)]),
                "seed {seed}"
            );
            assert_eq!((changed, twice), (ROWS, 0), "seed {seed}");
        }
        Kind::Score => {
            assert_eq!(twice, 0, "seed {seed}");
            assert!(changed + unclear >= ROWS, "seed {seed}: {counts:?}");
        }
    }
    let failed = notes(&project, "failed");
    assert!(failed.is_empty(), "seed {seed}: {failed:?}");
}

#[test]
fn kills_lose_nothing() {
    let table = KillTable(Mutex::default());
    for kind in Kind::ALL {
        for_each_seed(|seed| kill_and_resume(kind, seed, &table));
    }
}
