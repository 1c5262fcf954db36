//! What a plan says is what happens: random plans with existing sessions, compared with a model, with the results, and with the
//! service.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::Mutex;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::seeds::for_seeds;
use crate::service::{STATUSES, Service};
use crate::support::{Project, Ran};

const PLANS: u64 = 500;
const AT_ONCE: u64 = 4;
const NEVER: &str = "in the never_invite list";
const NOW: &str = "2030-01-01T12:00:00Z";
const PASSED: &str = "2029-12-31T23:00:00Z";
const REQUESTED: &str = "2030-02-01T16:00:00Z";
/// The same instant in another zone.
const ELSEWHERE: &str = "2030-02-01T11:00:00-05:00";
const LATER: &str = "2030-02-08T16:00:00Z";

const ACTIVE: [&str; 3] = ["invited", "setup", "in_progress"];

const SCRIPT: &str = "let outcome = invite_all(read_csv(\"people.csv\"), |row| {
    if row.rule == \"skip\" { return skip(\"withdrew\"); }
    if row.rule == \"throw\" { throw \"no rule\"; }
    let request = #{ email: row.email };
    if row.name != \"\" { request.name = row.name; }
    if row.due != \"\" { request.due_date = row.due; }
    request
});
outcome.write_csv(\"results.csv\");";

struct Session {
    status: &'static str,
    name: Value,
    deadline: Value,
}

struct Row {
    line: u64,
    /// Who it is, whatever the case of the address.
    person: usize,
    email: String,
    name: &'static str,
    due: &'static str,
    rule: &'static str,
}

/// A random list, the sessions of the people in it, and the options.
struct Case {
    rows: Vec<Row>,
    sessions: BTreeMap<usize, Vec<Session>>,
    never_invited: Option<usize>,
    assessment_deadline: Value,
    again: bool,
    skip_invalid: bool,
    first: Option<usize>,
    as_json: bool,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Create,
    Keep,
    Skip(&'static str),
    Duplicate,
    Invalid,
}

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}

fn address(person: usize) -> String {
    format!("kim.lee{person}@example.com")
}

impl Case {
    fn random(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        // Otherwise most plans would be rejected for one of their rows.
        let has_invalid = rng.u8(..3) == 0;
        let passed = [
            REQUESTED, REQUESTED, ELSEWHERE, LATER, "", "", PASSED, "soon",
        ];
        let dues = &passed[..if has_invalid { 8 } else { 6 }];
        let rules = ["", "", "", "", "", "", "skip", "throw"];
        let rules = &rules[..if has_invalid { 8 } else { 7 }];
        let rows = 1 + rng.u64(..10);
        let rows: Vec<Row> = (0..rows)
            .map(|index| {
                let person = rng.usize(..8);
                let mut email = address(person);
                if rng.u8(..4) == 0 {
                    email = email.to_uppercase();
                }
                if has_invalid && rng.u8(..8) == 0 {
                    email = email.replace('@', "@@");
                }
                Row {
                    line: index + 2,
                    person,
                    email,
                    name: pick(&mut rng, &["Kim Smyth", "Kim Smyth", "Kim Smith", ""]),
                    due: pick(&mut rng, dues),
                    rule: pick(&mut rng, rules),
                }
            })
            .collect();
        let mut sessions = BTreeMap::<usize, Vec<Session>>::new();
        for person in 0..8 {
            for _ in 0..pick(&mut rng, &[0, 0, 1, 1, 1, 2]) {
                let known = sessions.entry(person).or_default();
                let has_active = known.iter().any(Session::is_active);
                let statuses = &STATUSES[if has_active { 3 } else { 0 }..];
                known.push(Session {
                    status: pick(&mut rng, statuses),
                    name: pick(
                        &mut rng,
                        &[Some("Kim Smyth"), Some("KIM smyth"), Some(" "), None],
                    )
                    .into(),
                    deadline: pick(
                        &mut rng,
                        &[
                            Some(REQUESTED),
                            Some(ELSEWHERE),
                            Some(LATER),
                            Some(PASSED),
                            Some("soon"),
                            None,
                        ],
                    )
                    .into(),
                });
            }
        }
        Self {
            rows,
            sessions,
            never_invited: (rng.u8(..3) == 0).then(|| rng.usize(..8)),
            assessment_deadline: pick(&mut rng, &[None, None, Some(LATER), Some(PASSED)]).into(),
            again: rng.u8(..4) == 0,
            skip_invalid: has_invalid && rng.bool(),
            first: (rng.u8(..3) == 0).then(|| rng.usize(1..4)),
            as_json: rng.bool(),
        }
    }

    fn options(&self) -> Vec<String> {
        let mut options: Vec<String> = ["--yes", "--tz", "Europe/Berlin", "--now", NOW]
            .map(str::to_owned)
            .to_vec();
        for (is_set, option) in [
            (self.again, "--again"),
            (self.skip_invalid, "--skip-invalid"),
            (self.as_json, "--json"),
        ] {
            options.extend(is_set.then(|| option.to_owned()));
        }
        if let Some(first) = self.first {
            options.extend(["--first".to_owned(), first.to_string()]);
        }
        options
    }

    fn service(&self) -> Service {
        let service = Service::healthy();
        service.set_deadline(self.assessment_deadline.clone());
        for (person, sessions) in &self.sessions {
            for Session {
                status,
                name,
                deadline,
            } in sessions
            {
                service.add_session_with(&address(*person), status, name.clone(), deadline.clone());
            }
        }
        service
    }

    fn project(&self, service: &Service) -> Project {
        let mut file = "email,name,due,rule\n".to_owned();
        for row in &self.rows {
            writeln!(file, "{},{},{},{}", row.email, row.name, row.due, row.rule).unwrap();
        }
        let project = Project::new()
            .file("people.csv", file)
            .file("script.rhai", SCRIPT)
            .talking_to(&service.stub);
        if let Some(person) = self.never_invited {
            fs::create_dir_all(project.home()).unwrap();
            fs::write(project.home().join("never.txt"), address(person)).unwrap();
            fs::write(
                project.home().join("config.toml"),
                "never_invite = \"never.txt\"\n",
            )
            .unwrap();
        }
        project
    }

    /// Returns the session that counts for a person: an active one, or else the latest.
    fn session(&self, person: usize) -> Option<&Session> {
        let sessions = self.sessions.get(&person)?;
        let active = sessions.iter().find(|session| session.is_active());
        active.or(sessions.last())
    }

    /// Returns what becomes of each row.
    fn fates(&self) -> Vec<Fate> {
        let mut seen = Vec::new();
        let fates = self.rows.iter().map(|row| {
            let is_sendable = row.rule.is_empty() && row.due != "soon";
            let is_address = !row.email.contains("@@");
            let lacks_deadline = row.due.is_empty() && self.assessment_deadline == PASSED;
            if row.rule == "skip" {
                return Fate::Skip("withdrew");
            } else if is_sendable && is_address && self.never_invited == Some(row.person) {
                return Fate::Skip(NEVER);
            } else if !is_sendable || !is_address || row.due == PASSED || lacks_deadline {
                return Fate::Invalid;
            } else if seen.contains(&row.person) {
                return Fate::Duplicate;
            }
            seen.push(row.person);
            match self.session(row.person) {
                Some(session) if session.is_active() => Fate::Keep,
                Some(_) if self.again => Fate::Create,
                Some(session) => Fate::Skip(session.reason()),
                None => Fate::Create,
            }
        });
        fates.collect()
    }
}

impl Session {
    fn is_active(&self) -> bool {
        ACTIVE.contains(&self.status)
    }

    fn reason(&self) -> &'static str {
        match self.status {
            "submitted" => "finished (submitted)",
            "scoring" => "finished (scoring)",
            "scored" => "finished (scored)",
            "reviewed" => "finished (reviewed)",
            _ => "has a session (on_hold)",
        }
    }

    fn keeps_other_deadline(&self, row: &Row) -> bool {
        let same: &[&str] = match row.due {
            "" => return false,
            LATER => &[LATER],
            _ => &[REQUESTED, ELSEWHERE],
        };
        !self
            .deadline
            .as_str()
            .is_some_and(|text| same.contains(&text))
    }

    fn keeps_other_name(&self, row: &Row) -> bool {
        let name = self.name.as_str().unwrap_or_default().trim().to_lowercase();
        !name.is_empty() && !row.name.is_empty() && name != row.name.to_lowercase()
    }

    fn is_expired(&self, assessment_deadline: &Value) -> bool {
        let in_force = if self.deadline.is_null() {
            assessment_deadline
        } else {
            &self.deadline
        };
        in_force == PASSED
    }
}

/// Returns the numbers in a list such as `lines 2, 3` or `line 2 (…), line 4 repeats line 2`.
fn numbers(list: &str) -> Vec<u64> {
    let items = list.split(", ").map(|item| {
        let item = item
            .trim_start_matches("lines ")
            .trim_start_matches("line ");
        let digits = item.chars().take_while(char::is_ascii_digit);
        digits.collect::<String>().parse().ok()
    });
    items.flatten().collect()
}

/// Returns the lines that the plan names after `what`, whose number it states first.
fn named(plan: &str, what: &[&str]) -> Vec<u64> {
    let mut found = Vec::new();
    for text in plan.lines().filter(|text| !text.starts_with(' ')) {
        for what in what {
            let Some((count, list)) = text.split_once(what) else {
                continue;
            };
            let lines = numbers(list);
            assert_eq!(count.trim(), lines.len().to_string(), "{text}");
            found.extend(lines);
        }
    }
    found
}

/// Returns the lines of invalid rows.
fn named_invalid(plan: &str) -> Vec<u64> {
    let headline = |text: &&str| {
        text.contains("so nothing is sent:") || text.contains(" left out as invalid:")
    };
    let lines = plan.lines().skip_while(|text| !headline(text)).skip(1);
    let mut found = Vec::new();
    for text in lines.take_while(|text| text.starts_with("  ")) {
        if let Some((_, list)) = text.rsplit_once("people.csv line") {
            let list = list.trim_start_matches("s ").trim_start();
            let list = list.split(": ").next().unwrap_or_default();
            found.extend(numbers(list));
        }
    }
    found.sort_unstable();
    found
}

fn rows(project: &Project) -> Vec<Value> {
    let ran = project.run(&["runs", "1", "--format", "jsonl"]);
    ran.succeeds().json_lines()
}

/// The plan of a case, and how many of its rows are sent.
struct Promise<'c> {
    case: &'c Case,
    fates: Vec<Fate>,
    is_rejected: bool,
}

impl<'c> Promise<'c> {
    fn of(case: &'c Case) -> Self {
        let fates = case.fates();
        let is_rejected = !case.skip_invalid && fates.contains(&Fate::Invalid);
        Self {
            case,
            fates,
            is_rejected,
        }
    }

    fn rows(&self) -> impl Iterator<Item = (&Row, Fate)> {
        self.case.rows.iter().zip(self.fates.iter().copied())
    }

    fn count(&self, which: impl Fn(Fate) -> bool) -> usize {
        self.fates.iter().filter(|fate| which(**fate)).count()
    }

    fn to_send(&self) -> usize {
        self.count(Fate::is_to_send)
    }

    /// Returns how many rows the first command sends.
    fn sent_first(&self) -> usize {
        match self.case.first {
            _ if self.is_rejected => 0,
            Some(first) => first.min(self.to_send()),
            None => self.to_send(),
        }
    }

    /// Returns the first `limit` rows that are to be sent.
    fn sent(&self, limit: usize) -> Vec<(&Row, Fate)> {
        let to_send = self.rows().filter(|(_, fate)| fate.is_to_send());
        to_send.take(limit).collect()
    }

    /// Returns those of `rows` whose session differs in one respect.
    fn differing<'r>(
        &self,
        rows: impl IntoIterator<Item = (&'r Row, Fate)>,
        differs: impl Fn(&Session, &Row) -> bool,
    ) -> Vec<u64> {
        let kept = rows.into_iter().filter(|(_, fate)| *fate == Fate::Keep);
        let differing = kept.filter(|(row, _)| {
            let session = self.case.session(row.person);
            session.is_some_and(|session| differs(session, row))
        });
        differing.map(|(row, _)| row.line).collect()
    }

    /// Returns the lines of the rows in each respect in which sessions may differ.
    fn differences(&self, rows: &[(&Row, Fate)]) -> [Vec<u64>; 3] {
        let deadline = &self.case.assessment_deadline;
        let rows = || rows.iter().copied();
        [
            self.differing(rows(), Session::keeps_other_deadline),
            self.differing(rows(), Session::keeps_other_name),
            self.differing(rows(), |session, _| session.is_expired(deadline)),
        ]
    }

    fn check_plan(&self, plan: &str) {
        let to_send = self.to_send();
        let invited = match to_send {
            0 => "nobody to invite".to_owned(),
            number => format!("{number} to invite to `First Assessment`"),
        };
        assert!(
            plan.lines().any(|line| line.starts_with(&invited)),
            "{invited}"
        );
        self.check_shown_rows(plan);
        let existing = self.count(|fate| fate == Fate::Keep);
        let already = format!("  {existing} of them already invited: ");
        assert_eq!(plan.contains(&already), existing > 0, "{already}");
        let all: Vec<(&Row, Fate)> = self.rows().collect();
        let [deadlines, names, expired] = self.differences(&all);
        for (expected, what) in [
            (
                deadlines,
                [
                    " keeps a different deadline: ",
                    " keep a different deadline: ",
                ],
            ),
            (
                names,
                [" keeps a different name: ", " keep a different name: "],
            ),
            (
                expired,
                [
                    " has a session whose deadline has passed, so its link is dead: ",
                    " have sessions whose deadlines have passed, so their links are dead: ",
                ],
            ),
            (
                self.lines(|fate| fate == Fate::Duplicate),
                [" duplicate, invited once: ", " duplicates, invited once: "],
            ),
        ] {
            assert_eq!(named(plan, &what), expected, "{what:?}");
        }
        for reason in [
            "withdrew",
            "finished (submitted)",
            "finished (scoring)",
            "finished (scored)",
            "finished (reviewed)",
            "has a session (on_hold)",
        ] {
            let expected = self.lines(|fate| fate == Fate::Skip(reason));
            let what = format!(" skipped: {reason} (");
            assert_eq!(named(plan, &[&what]), expected, "{reason}");
        }
        let never = self.lines(|fate| fate == Fate::Skip(NEVER)).into_iter();
        let never: Vec<String> = never.map(|line| format!("line 1 (line {line})")).collect();
        let listed = format!("{} skipped: {NEVER}", never.len());
        let listed = plan.lines().find(|line| line.starts_with(&listed));
        let ends = |line: &str| line.ends_with(&format!(", {}", never.join(", ")));
        assert_eq!(listed.is_some_and(ends), !never.is_empty(), "{never:?}");
        assert_eq!(
            named_invalid(plan),
            self.lines(|fate| fate == Fate::Invalid)
        );
    }

    /// The plan lists the first rows that are to be sent, each with its address and its deadline.
    fn check_shown_rows(&self, plan: &str) {
        let to_send = self.sent(usize::MAX);
        let shown = plan.lines().filter(|text| text.starts_with("  line "));
        let shown: Vec<&str> = shown.collect();
        assert!(shown.len() >= to_send.len().min(3), "{shown:?}");
        for (index, text) in shown.iter().enumerate() {
            let line = numbers(text.trim_start())[0];
            let place = to_send.iter().position(|(row, _)| row.line == line);
            let place = place.unwrap_or_else(|| panic!("not to be sent: {text}"));
            assert!(place == index || index >= 3, "{text}");
            let row = to_send[place].0;
            assert!(text.contains(&format!(" <{}>", row.email)), "{text}");
            let due = match (row.due, self.case.assessment_deadline.as_str()) {
                (REQUESTED, _) => ", due Fri 2030-02-01 17:00:00 Europe/Berlin",
                (ELSEWHERE, _) => ", due Fri 2030-02-01 11:00:00 ",
                (LATER, _) => ", due Fri 2030-02-08 17:00:00 Europe/Berlin",
                (_, Some(_)) => {
                    ", due Fri 2030-02-08 17:00:00 Europe/Berlin (the assessment's deadline)"
                }
                (_, None) => ">",
            };
            assert!(text.contains(due), "{due}: {text}");
            assert_eq!(due == ">", text.ends_with('>'), "{text}");
        }
    }

    fn lines(&self, which: impl Fn(Fate) -> bool) -> Vec<u64> {
        let rows = self.rows().filter(|(_, fate)| which(*fate));
        rows.map(|(row, _)| row.line).collect()
    }

    /// Compares the results after the first `limit` rows were sent.
    fn check_results(&self, limit: usize, results: &[Value], service: &Service) {
        assert_eq!(results.len(), self.case.rows.len());
        let emails = service.emails();
        let mut left = limit;
        for ((row, fate), result) in self.rows().zip(results) {
            let is_sent = fate.is_to_send() && left > 0;
            left -= usize::from(is_sent);
            let outcome = match fate {
                _ if fate.is_to_send() && !is_sent => "planned",
                Fate::Create => "created",
                Fate::Keep => "existing",
                Fate::Skip(_) => "skipped",
                Fate::Duplicate => "duplicate",
                Fate::Invalid => "invalid",
            };
            let about = format!("{result}");
            assert_eq!(result["line"], row.line, "{about}");
            assert_eq!(result["outcome"], outcome, "{about}");
            assert_eq!(result["invite_url"].is_string(), is_sent, "{about}");
            let note = result["note"].as_str().unwrap_or_default();
            match fate {
                Fate::Skip(reason) => assert!(note.starts_with(reason), "{about}"),
                Fate::Create => assert_eq!(note, "", "{about}"),
                Fate::Duplicate | Fate::Invalid => assert_ne!(note, "", "{about}"),
                Fate::Keep => {}
            }
            if !is_sent {
                continue;
            }
            // The link is that of a session of this candidate.
            let session = result["session_id"].as_str().unwrap_or_default();
            let number = session.trim_start_matches("session-");
            let link = format!("https://service.example/s/{number}");
            assert_eq!(result["invite_url"], link, "{about}");
            let number: usize = number.parse().unwrap();
            assert_eq!(emails[number], address(row.person), "{about}");
            let requested = (!row.due.is_empty()).then(|| in_utc(row.due));
            assert_eq!(result["requested_due_date"], json!(requested), "{about}");
            let session = self.case.session(row.person).filter(|_| fate == Fate::Keep);
            let in_force = match session {
                Some(session) => session.deadline.as_str().map(in_utc),
                None => requested,
            };
            assert_eq!(result["due_date"], json!(in_force), "{about}");
            let differences = self.differences(&[(row, fate)]);
            let texts = ["keeps its deadline", "keeps the name", "has passed"];
            for (lines, text) in differences.iter().zip(texts) {
                assert_eq!(note.contains(text), !lines.is_empty(), "{text}: {about}");
            }
        }
    }

    fn check_summary(&self, ran: &Ran) {
        let sent = self.sent(self.sent_first());
        let of = |which: Fate| sent.iter().filter(|(_, fate)| *fate == which).count();
        let skipped = self.count(|fate| matches!(fate, Fate::Skip(_)));
        let duplicates = self.count(|fate| fate == Fate::Duplicate);
        let numbers = [
            ("total", self.fates.len()),
            ("created", of(Fate::Create)),
            ("existing", of(Fate::Keep)),
            ("failed", 0),
            ("planned", self.to_send() - sent.len()),
            ("skipped", skipped),
            ("duplicates", duplicates),
            ("invalid", self.count(|fate| fate == Fate::Invalid)),
        ];
        if self.case.as_json {
            let summary = ran.json();
            for (name, number) in numbers {
                assert_eq!(summary[name], number, "{name}");
            }
        }
        let is_summed_up = !self.is_rejected && self.to_send() > 0;
        let mut text = format!("run 1: {} row", self.fates.len());
        text.push_str(if self.fates.len() == 1 { ": " } else { "s: " });
        let parts = numbers[1..].iter().filter_map(|(name, number)| {
            let name = match *name {
                "planned" => "not sent",
                "duplicates" if *number == 1 => "duplicate",
                name => name,
            };
            let is_always_shown = ["created", "existing", "failed"].contains(&name);
            (is_always_shown || *number > 0).then(|| format!("{number} {name}"))
        });
        text.push_str(&parts.collect::<Vec<_>>().join(", "));
        text.push('\n');
        assert_eq!(ran.stderr.contains(&text), is_summed_up, "{text}");
        let differences = self.differences(&sent);
        let texts = [
            "with a different deadline than requested",
            "with a different name than requested",
            "whose deadline has passed",
        ];
        for (lines, text) in differences.iter().zip(texts) {
            let line = format!("  existing sessions {text}: {};", lines.len());
            assert_eq!(ran.stderr.contains(&line), !lines.is_empty(), "{line}");
        }
        assert!(!ran.stderr.contains("not in the plan"));
    }

    /// Compares the service's sessions after the first `limit` rows were sent.
    fn check_service(&self, limit: usize, service: &Service) {
        let mut expected = BTreeMap::new();
        for (person, sessions) in &self.case.sessions {
            expected.insert(address(*person), sessions.len());
        }
        for (row, fate) in self.sent(limit) {
            if fate == Fate::Create {
                *expected.entry(address(row.person)).or_default() += 1;
            }
        }
        assert_eq!(service.created(), expected);
        // Each row was asked for once, with its own address, name and deadline.
        let asked = service.stub.invites().into_iter();
        let mut asked: Vec<String> = asked.map(|request| request.body.to_string()).collect();
        let sent = self.sent(limit).into_iter();
        let mut expected: Vec<String> = sent.map(|(row, _)| row.request().to_string()).collect();
        asked.sort();
        expected.sort();
        assert_eq!(asked, expected);
    }
}

impl Row {
    /// The body of its invitation.
    fn request(&self) -> Value {
        let name = if self.name.is_empty() {
            "Kim Lee"
        } else {
            self.name
        };
        let mut body = json!({ "email": self.email, "name": name });
        if !self.due.is_empty() {
            body["dueDate"] = in_utc(self.due).into();
        }
        body
    }
}

impl Fate {
    fn is_to_send(self) -> bool {
        matches!(self, Self::Create | Self::Keep)
    }
}

fn in_utc(deadline: &str) -> &str {
    match deadline {
        ELSEWHERE => REQUESTED,
        other => other,
    }
}

/// How often each fate occurred.
#[derive(Default)]
struct Totals(Mutex<BTreeMap<String, usize>>);

impl Totals {
    fn add(&self, promise: &Promise) {
        let mut totals = self.0.lock().unwrap();
        let mut count = |what: String| *totals.entry(what).or_default() += 1;
        for fate in &promise.fates {
            count(format!("{fate:?}"));
        }
        count(
            if promise.is_rejected {
                "rejected"
            } else {
                "sent"
            }
            .to_owned(),
        );
        let all: Vec<(&Row, Fate)> = promise.rows().collect();
        let respects = ["other deadline", "other name", "expired"];
        for (lines, respect) in promise.differences(&all).iter().zip(respects) {
            for _ in lines {
                count(respect.to_owned());
            }
        }
    }
}

fn check(seed: u64, totals: &Totals) {
    let case = Case::random(seed);
    let promise = Promise::of(&case);
    let service = case.service();
    let project = case.project(&service);
    let options = case.options();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let ran = project.run(&[&["run"], &options[..], &["script.rhai"]].concat());
    promise.check_plan(&ran.stderr);
    let limit = promise.sent_first();
    promise.check_results(limit, &rows(&project), &service);
    promise.check_summary(&ran);
    promise.check_service(limit, &service);
    let has_invalid = promise.fates.contains(&Fate::Invalid);
    ran.exits(match (promise.is_rejected, has_invalid) {
        (true, _) => 5,
        (false, true) => 3,
        (false, false) => 0,
    });
    if !promise.is_rejected && limit < promise.to_send() {
        // What was decided belongs to the run.
        let rest = ["send", "1", "--yes", "--tz", "Europe/Berlin", "--now", NOW];
        project.run(&rest);
        promise.check_results(promise.to_send(), &rows(&project), &service);
        promise.check_service(promise.to_send(), &service);
    }
    totals.add(&promise);
}

#[test]
fn random_plans_say_what_happens() {
    let totals = Totals::default();
    for_seeds(PLANS, AT_ONCE, |seed| check(seed, &totals));
    let totals = totals.0.into_inner().unwrap();
    assert_eq!(
        totals["rejected"] + totals["sent"],
        usize::try_from(PLANS).unwrap()
    );
    for what in [
        "Create",
        "Keep",
        "Duplicate",
        "Invalid",
        "other deadline",
        "other name",
        "expired",
    ] {
        assert!(totals[what] > 50, "{totals:?}");
    }
}
