//! The REPL at a pseudo-terminal: types keys and checks what the screen shows.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use crate::change_service::{ChangeService, Kind};
use crate::screen::{CTRL_C, CTRL_D, Screen};
use crate::stub::{Stub, default_reply};
use crate::support::{Project, SECRET};

const PEOPLE: &str = "email,name,team\nann@example.com,Ann Lee,design\nbob@example.com,,sales\n";

const ENTER: &str = "\r";
const ALT_ENTER: &str = "\u{1b}\r";
const TAB: &str = "\t";
const UP: &str = "\u{1b}[A";
const RIGHT: &str = "\u{1b}[C";
const CTRL_R: &str = "\u{12}";
/// The line editor writes this when it stops reading.
const BRACKETED_PASTE_OFF: &str = "\u{1b}[?2004l";
const RETRY_INTERVAL: Duration = Duration::from_millis(500);
const MAX_TRIES: usize = 60;

fn open(project: &Project, options: &[&str]) -> Screen {
    Screen::open(project.program(&[&["repl"], options].concat()))
}

/// A session and the prompt it shows.
struct Session {
    screen: Screen,
    prompt: String,
}

impl Session {
    fn start(project: &Project, options: &[&str], prompt: &str) -> Self {
        let mut session = Self {
            screen: open(project, options),
            prompt: prompt.to_owned(),
        };
        session.wait_for_prompt();
        session
    }

    fn sandbox(project: &Project) -> Self {
        Self::start(project, &["--sandbox"], "sandbox>")
    }

    /// Starts a session with the API and waits for the prompt with the assessment's name, which the first prompts may lack.
    fn start_live(project: &Project, options: &[&str], prompt: &str) -> Self {
        let mut screen = open(project, options);
        screen.wait_to_see(">");
        let named = (0..MAX_TRIES).any(|_| {
            screen.type_keys(ENTER);
            screen.shows_within(RETRY_INTERVAL, prompt, 1)
        });
        assert!(named, "{}", screen.picture());
        let prompt = prompt.to_owned();
        Self { screen, prompt }
    }

    #[track_caller]
    fn wait_for_prompt(&mut self) {
        self.screen.wait_for_line(&self.prompt.clone());
    }

    #[track_caller]
    fn see(&mut self, text: &str) {
        self.screen.wait_to_see(text);
    }

    fn type_keys(&self, keys: &str) {
        self.screen.type_keys(keys);
    }

    fn enter(&self, line: &str) {
        self.type_keys(line);
        self.type_keys(ENTER);
    }

    /// Enters an input, waits for `text`, which must not be on the screen yet, and then for the next prompt.
    #[track_caller]
    fn expect(&mut self, input: &str, text: &str) {
        let picture = self.screen.picture();
        assert!(
            !picture.contains(text) && !input.contains(text),
            "`{text}` is on the screen before `{input}` is entered\n{picture}"
        );
        self.enter(input);
        self.see(text);
        self.wait_for_prompt();
    }

    /// Discards the current input with Ctrl-C.
    #[track_caller]
    fn discard_line(&mut self) {
        self.type_keys(CTRL_C);
        self.wait_for_prompt();
    }

    /// Enters a line and waits for the next prompt.
    #[track_caller]
    fn run(&mut self, line: &str) {
        self.enter(line);
        self.see(line);
        self.wait_for_prompt();
    }

    #[track_caller]
    fn clear(&mut self) {
        self.enter(":clear");
        self.screen.wait_for_picture(&self.prompt.clone());
    }

    /// Quits with Ctrl-D.
    #[track_caller]
    fn quit(mut self) {
        self.wait_for_prompt();
        self.type_keys(CTRL_D);
        self.screen.finish().succeeds().never_says(SECRET);
    }
}

#[test]
fn it_is_the_last_result() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.expect("40 + 1", "41");
    session.expect("it + 1", "42");
    session.quit();
}

#[test]
fn enter_continues_an_incomplete_input() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    for (begin, end, result) in [
        ("let f = |x|", "x * 2; f.call(111)", "222"),
        ("if true {", "300 + 33 }", "333"),
        ("(400 + 44", ")", "444"),
        ("`first", "second 555`.len()", "16"),
        ("[600 + 66,", "][0]", "666"),
        ("777 /* why", "*/ + 1", "778"),
    ] {
        session.enter(begin);
        session.screen.wait_for_line("...");
        session.expect(end, result);
    }
    session.enter("\"open");
    session.screen.wait_for_line("...");
    session.discard_line();
    session.quit();
}

#[test]
fn alt_enter_always_starts_a_new_line() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.type_keys("1000");
    session.type_keys(ALT_ENTER);
    session.screen.wait_for_line("...");
    session.expect("+ 234", "1234");
    session.quit();
}

#[test]
fn ctrl_c_stops_a_loop_or_sleep_and_keeps_variables() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.run("let before = 4320 + 1;");
    for (times, line) in [(1, "loop { }"), (2, "sleep(1000)")] {
        session.screen.look_away();
        session.enter(line);
        session.screen.wait_for(BRACKETED_PASTE_OFF);
        // The terminal turns Ctrl-C into a signal only shortly after the line editor has stopped.
        let stopped = (0..MAX_TRIES).any(|_| {
            session.type_keys(CTRL_C);
            session
                .screen
                .shows_within(RETRY_INTERVAL, "interrupted", times)
        });
        assert!(stopped, "{}", session.screen.picture());
        session.wait_for_prompt();
    }
    session.expect("before", "4321");
    session.quit();
}

#[test]
fn a_second_ctrl_c_ends_a_call_that_cannot_end_early() {
    let project = Project::new().file("pipe.rhai", "let pipe = arg(\"pipe\", \"A pipe\");\n");
    project.shell("mkfifo p").succeeds();
    let options = ["--sandbox", "pipe.rhai", "p"];
    let mut session = Session::start(&project, &options, "sandbox>");
    session.enter("read_lines(\"p\")");
    // Waits until the call has opened the pipe. Nothing is ever written to it.
    let _writer = File::options()
        .write(true)
        .open(project.path().join("p"))
        .unwrap();
    session.type_keys(CTRL_C);
    session
        .screen
        .wait_to_see("this call cannot end early; press Ctrl-C again to end the session");
    session.type_keys(CTRL_C);
    let (ran, picture, _) = session.screen.leave();
    assert_eq!(ran.status, 130, "{picture}");
    let history = fs::read_to_string(project.home().join("history.txt")).unwrap();
    assert!(history.contains("read_lines"), "{history}");
}

#[test]
fn ctrl_c_discards_the_line_and_never_quits() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    for _ in 0..3 {
        session.type_keys("throw \"no\"");
        session.screen.wait_for_line("sandbox> throw \"no\"");
        session.discard_line();
    }
    session.expect("11 * 11", "121");
    session.quit();
}

#[test]
fn an_error_shows_its_position_and_the_session_continues() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.enter("let kept = 17; kept.nope");
    session.see("error: unknown property `nope`");
    session.see("1 | let kept = 17; kept.nope");
    session.see("  |                     ^^^^");
    session.wait_for_prompt();
    session.expect("kept + 1", "18");
    session.quit();
}

#[test]
fn completion_shows_functions_with_their_summary() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.type_keys("invite_");
    session.type_keys(TAB);
    session.see("invite_all(rows, request)");
    session.see("Invites everybody in a list by the requests that a closure returns");
    session.discard_line();
    session.quit();
}

#[test]
fn completion_knows_columns_variables_and_options() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut session = Session::sandbox(&project);
    session.run("let people = read_csv(\"people.csv\");");
    session.run("fn greet(person) { person }");
    for (typed, seen) in [
        ("people[0].te", "people[0].team"),
        ("people.filter(|p| p.te", "people.filter(|p| p.team"),
        (
            "invite_all(people, |row| #{ due",
            "invite_all(people, |row| #{ due_date:",
        ),
        ("list_sessions(#{ st", "list_sessions(#{ status:"),
        (
            "read_csv(\"people.csv\", #{ allow",
            "read_csv(\"people.csv\", #{ allow_empty:",
        ),
        (
            "scan_csv(\"people.csv\", #{ allow",
            "scan_csv(\"people.csv\", #{ allow_empty:",
        ),
        ("list_api", "list_api_keys()"),
        ("read_csv(\"peo", "read_csv(\"people.csv"),
        ("today().plus_d", "today().plus_days("),
        ("gre", "greet("),
        ("peop", "people"),
        (":vi", ":vi"),
        (":va", ":vars"),
        ("people[0][\"te", "people[0][\"team\"]"),
    ] {
        session.type_keys(typed);
        session.screen.wait_for_line(&format!("sandbox> {typed}"));
        session.type_keys(TAB);
        session.screen.wait_for_line(&format!("sandbox> {seen}"));
        session.discard_line();
    }
    session.quit();
}

#[test]
fn completion_knows_what_functions_return() {
    let project = Project::new()
        .file("people.csv", PEOPLE)
        .file("rules.rhai", "/// Adds days.\nfn deadline(row) { row }\nprivate fn hidden() { 1 }\nexport const DAYS = 5;\n");
    let mut session = Session::sandbox(&project);
    session.run("let s = 5;");
    session.run("import \"rules\" as rules;");
    for (typed, seen) in [
        (
            "list_sessions().filter(|s| s.candidate_e",
            "list_sessions().filter(|s| s.candidate_email",
        ),
        (
            "for s in list_sessions() { s.ass",
            "for s in list_sessions() { s.assessment_",
        ),
        (
            "for (s, i) in list_sessions() { s.tok",
            "for (s, i) in list_sessions() { s.token",
        ),
        (
            "let x = list_sessions()[0]; x.sub",
            "let x = list_sessions()[0]; x.submitted_at",
        ),
        (
            "let x = list_sessions().find(|s| s.id == \"1\"); x.sub",
            "let x = list_sessions().find(|s| s.id == \"1\"); x.submitted_at",
        ),
        (
            "list_sessions().sort(|a, b| b.cre",
            "list_sessions().sort(|a, b| b.created_at",
        ),
        (
            "list_sessions()[0].due_date.plus_d",
            "list_sessions()[0].due_date.plus_days(",
        ),
        (
            "invite_all([\"a@example.com\"]).results()[0].inv",
            "invite_all([\"a@example.com\"]).results()[0].invite_url",
        ),
        (
            "let o = invite_all([]); for r in o.failures() { r.no",
            "let o = invite_all([]); for r in o.failures() { r.note",
        ),
        (
            "let o = invite_all([]); o.results().to_array().map(|r| r.ses",
            "let o = invite_all([]); o.results().to_array().map(|r| r.session_",
        ),
        (
            "invite(\"a@example.com\", \"A\").session.tok",
            "invite(\"a@example.com\", \"A\").session.token",
        ),
        (
            "score(\"1\").follow_up_questions[0].qu",
            "score(\"1\").follow_up_questions[0].question",
        ),
        (
            "list_sessions().map(|s| #{ who: s.candidate_name })[0].w",
            "list_sessions().map(|s| #{ who: s.candidate_name })[0].who",
        ),
        (
            "let options = #{ days: 5 }; options.da",
            "let options = #{ days: 5 }; options.days",
        ),
        (
            "try { x() } catch (e) { e.mes",
            "try { x() } catch (e) { e.message",
        ),
        (
            "read_csv(\"people.csv\").filter(|p| p.te",
            "read_csv(\"people.csv\").filter(|p| p.team",
        ),
        (
            "invite_all(scan_csv(\"people.csv\"), |p| p.te",
            "invite_all(scan_csv(\"people.csv\"), |p| p.team",
        ),
        ("rules::de", "rules::deadline("),
        ("rules::D", "rules::DAYS"),
        (
            "import \"rules\" as r; r::de",
            "import \"rules\" as r; r::deadline(",
        ),
        ("rul", "rules::"),
        // A parameter hides the variable of the session, and nothing is known about it.
        ("fn f(s) { s.candidate_e", "fn f(s) { s.candidate_e"),
        ("rules::hid", "rules::hid"),
        // The closure of `filter` ends before the comma.
        (
            "[list_sessions().filter(|q| true), q.candidate_e",
            "[list_sessions().filter(|q| true), q.candidate_e",
        ),
    ] {
        session.type_keys(typed);
        session.screen.wait_for_line(&format!("sandbox> {typed}"));
        session.type_keys(TAB);
        session.screen.wait_for_line(&format!("sandbox> {seen}"));
        session.discard_line();
    }
    session.quit();
}

#[test]
fn completion_of_a_pipe_does_not_wait() {
    let project = Project::new();
    project.shell("mkfifo pipe.csv").succeeds();
    let mut session = Session::sandbox(&project);
    session.type_keys("read_csv(\"pipe.csv\")[0].to_m");
    session.type_keys(TAB);
    session
        .screen
        .wait_for_line("sandbox> read_csv(\"pipe.csv\")[0].to_map()");
    session.discard_line();
    session.quit();
}

#[test]
fn completion_evaluates_nothing() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session =
        Session::start_live(&project, &["--yes"], "Stub Assessment (live, auto-send)>");
    session.type_keys("invite(\"ann@example.com\", \"Ann\").");
    session.type_keys(TAB);
    session.see("(\"ann@example.com\", \"Ann\").");
    session.discard_line();
    session.run("1");
    session.quit();
    assert!(stub.invites().is_empty());
}

#[test]
fn keywords_strings_and_numbers_have_colors() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.type_keys("let name = \"Ann ${1}\" + `b${22}c` // said");
    session.see("// said");
    let colors = ["let", "\"Ann", "22", "// said"].map(|text| session.screen.color_of(text));
    let plain = session.screen.color_of("name");
    assert!(!colors.contains(&plain), "{colors:?}");
    assert_ne!(colors[0], colors[1]);
    assert_ne!(colors[1], colors[2]);
    assert_eq!(session.screen.color_of("c`"), colors[1]);
    session.discard_line();
    session.quit();
}

#[test]
fn history_survives_the_session() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.run("let first = 1;");
    session.run("let second = 2;");
    session.quit();
    let file = project.home().join("history.txt");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&project.home()), 0o700);

    let mut session = Session::sandbox(&project);
    session.type_keys(UP);
    session.screen.wait_for_line("sandbox> let second = 2;");
    session.discard_line();
    session.type_keys(CTRL_R);
    session.type_keys("fir");
    session.see("let first = 1;");
    session.discard_line();
    // The editor suggests an earlier input in gray; the right arrow accepts it.
    session.type_keys("let fi");
    session.screen.wait_for_line("sandbox> let first = 1;");
    session.type_keys(RIGHT);
    session.type_keys("// accepted");
    session
        .screen
        .wait_for_line("sandbox> let first = 1;// accepted");
    session.discard_line();
    session.quit();
}

#[test]
fn an_input_that_exceeds_the_memory_limit_in_one_step_ends_the_session() {
    let project = Project::new();
    let options = ["--sandbox", "--max-memory", "96M"];
    let mut session = Session::start(&project, &options, "sandbox>");
    session.run("let first = 1;");
    session.type_keys("let big = []; big.pad(9000000, 0);");
    session.type_keys(ENTER);
    let (ran, picture, is_cursor_visible) = session.screen.leave();
    assert_eq!(ran.status, 1, "{picture}");
    assert!(
        picture.contains("uses more than 96 MiB of memory"),
        "{picture}"
    );
    assert!(is_cursor_visible);
    let history = fs::read_to_string(project.home().join("history.txt")).unwrap();
    assert!(history.contains("let first = 1;"), "{history}");
    assert!(history.contains("big.pad"), "{history}");
}

#[test]
fn an_api_key_is_never_stored() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.run("let harmless = 1;");
    session.run("let key = \"gai_abc123\";");
    session.type_keys(UP);
    session.screen.wait_for_line("sandbox> let harmless = 1;");
    session.discard_line();
    session.run(":save kept.rhai");
    session.see("inputs left out because they may contain an API key: 1");
    session.quit();
    let history = fs::read_to_string(project.home().join("history.txt")).unwrap();
    assert!(history.contains("harmless"), "{history}");
    assert!(!history.contains("gai_"), "{history}");
    assert!(!project.read("kept.rhai").contains("gai_"));
}

#[test]
fn save_writes_a_script_that_load_runs() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut session = Session::sandbox(&project);
    session.run("let days = 3");
    session.run("fn later(n) { n + 1 }");
    session.run("read_csv(\"people.csv\")");
    session.run("let count = it.len()");
    session.run("nonsense +* 1");
    session.run(":save mine.rhai");
    session.see("4 lines written to mine.rhai");
    session.quit();
    assert_eq!(
        project.read("mine.rhai"),
        "let days = 3;\nfn later(n) { n + 1 }\nlet it = read_csv(\"people.csv\");\nlet count = it.len();\n"
    );

    let mut session = Session::sandbox(&project);
    session.run(":load mine.rhai");
    session.expect("later(days) * 1000 + count", "4002");
    session.expect(":save mine.rhai", "`mine.rhai` already exists");
    session.expect(":save other", "lines written to other.rhai");
    session.expect(":save notes.txt", "lines written to notes.txt");
    session.quit();
}

#[test]
fn a_long_list_is_cut_and_all_shows_the_rest() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.enter(
        "let rows = []; for n in 0..5000 { rows += #{ number: n, name: `Row ${n}` }; } rows",
    );
    session.see("Row 19 ");
    session.see("… 4,980 more, `:all` shows them");
    session.wait_for_prompt();
    assert!(!session.screen.picture().contains("Row 20 "));
    session.expect(":all", "Row 4999 ");
    session.quit();
}

#[test]
fn a_wide_table_fits_the_terminal_and_names_omitted_columns() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.run("invite(\"ann@example.com\", \"Ann Lee\");");
    session.expect("list_sessions()", "… no room for");
    session.see("candidate_email");
    let picture = session.screen.picture();
    let is_row = |line: &&str| line.starts_with('│');
    assert!(picture.lines().any(|line| is_row(&line)), "{picture}");
    let mut rows = picture.lines().filter(is_row);
    assert!(rows.all(|row| row.ends_with('│')), "{picture}");
    session.quit();
}

#[test]
fn values_are_shown_in_readable_form() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    for (input, shown) in [
        ("#{ name: \"Ann\", days: 5 }", "days  5"),
        (
            "datetime(\"2025-02-01T10:00:00Z\")",
            "Sat 2025-02-01 10:00:00 UTC",
        ),
        ("\"bell\\x07\"", "\"bell\\u{7}\""),
        ("[1, \"t\" + \"wo\", ()]", "[1, \"two\", ()]"),
        ("|x| x", "closure"),
        (
            "invite_all([\"ann@example.com\"])",
            "run 1: 1 row: 1 created, 0 existing, 0 failed",
        ),
    ] {
        session.expect(input, shown);
    }
    session.quit();
}

#[test]
fn declining_a_plan_returns_to_the_prompt() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let address = stub.address();
    let prompt = "Stub Assessment (live)>";
    let mut session = Session::start_live(&project, &[], prompt);
    let invite = "invite_all([\"ann@example.com\"])";
    let question = format!(
        "Invite 1 candidate to `Stub Assessment` at {address} with key gai_pref…? [y/N/show]"
    );
    session.enter(invite);
    session.see(&question);
    session.expect("n", "nothing was sent");

    session.clear();
    session.enter(invite);
    session.see(&question);
    session.discard_line();
    // The cancelled question does not read this input.
    session.expect("\"still \" + \"here\"", "\"still here\"");
    assert!(stub.invites().is_empty());

    session.clear();
    session.enter(invite);
    session.see(&question);
    session.expect("y", "1 created");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);

    session.prompt = "Stub Assessment (live, auto-send)>".to_owned();
    session.run(":live on");
    session.expect(
        "invite(\"bob@example.com\", \"Bob\").outcome",
        "\"created\"",
    );
    assert_eq!(stub.invited_emails().len(), 2);
    session.quit();
}

#[test]
fn a_deletion_is_confirmed_by_its_number_whatever_was_agreed_to_before() {
    let service = ChangeService::healthy(Kind::Revoke, 3);
    let project = service.project();
    let mut session = Session::start_live(&project, &[], "Stub Assessment (live)>");
    session.prompt = "Stub Assessment (live, auto-send)>".to_owned();
    session.expect(":live on", "asks before it deletes sessions");
    for (answer, shown) in [
        ("y", "nothing was revoked"),
        ("all", "nothing was revoked"),
        ("2", "nothing was revoked"),
        ("3", "3 revoked"),
    ] {
        session.clear();
        session.enter("revoke_all(list_sessions())");
        session.see("Type 3 to confirm, or `show`:");
        assert_eq!(service.changed(), 0, "{answer}");
        session.expect(answer, shown);
    }
    assert_eq!(service.changed(), 3);
    session.quit();
}

/// `--yes` agrees in advance until the user takes that back.
#[test]
fn live_off_asks_about_deletions_again() {
    let service = ChangeService::healthy(Kind::Revoke, 3);
    let project = service.project();
    let options = ["--yes", "--max-changes", "3"];
    let prompt = "Stub Assessment (live, auto-send)>";
    let mut session = Session::start_live(&project, &options, prompt);
    session.prompt = "Stub Assessment (live)>".to_owned();
    session.expect(":live off", "asks before it sends anything");
    session.clear();
    session.enter("revoke_all(list_sessions())");
    session.see("Type 3 to confirm, or `show`:");
    session.expect("n", "nothing was revoked");
    assert_eq!(service.changed(), 0);
    session.quit();
}

#[test]
fn answering_all_applies_to_one_input() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::start_live(&project, &[], "Stub Assessment (live)>");
    session.enter("for name in [\"a\", \"b\", \"c\"] { invite(name + \"@example.com\", name); }");
    session.see("[y/N/all]");
    session.enter("all");
    session.wait_for_prompt();
    assert_eq!(stub.invited_emails().len(), 3);
    session.clear();
    session.enter("invite(\"d@example.com\", \"D\")");
    session.see("[y/N/all]");
    session.enter("n");
    session.wait_for_prompt();
    assert_eq!(stub.invited_emails().len(), 3);
    session.quit();
}

#[test]
fn a_declined_candidate_is_not_sent_with_the_next_one() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::start_live(&project, &[], "Stub Assessment (live)>");
    session.enter("invite(\"ann@example.com\", \"Ann\")");
    session.see("[y/N/all]");
    session.enter("n");
    session.wait_for_prompt();
    session.clear();
    session.enter("invite(\"bob@example.com\", \"Bob\").email.to_upper()");
    session.see("[y/N/all]");
    session.expect("y", "BOB@EXAMPLE.COM");
    assert_eq!(stub.invited_emails(), ["bob@example.com"]);
    session.quit();
}

#[test]
fn unknown_names_get_a_suggestion() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    for (input, hint) in [
        (":hepl", "did you mean `:help`?"),
        (":doc invite_al", "did you mean `invite_all`?"),
        (
            "name_form_email(\"a@b.de\")",
            "did you mean `name_from_email`?",
        ),
        ("let deadline = 1; deadlin", "did you mean `deadline`?"),
    ] {
        session.expect(input, hint);
    }
    session.quit();
}

#[test]
fn help_explains_functions_commands_and_own_definitions() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.expect(
        ":help invite_all",
        "Invites everybody in a list by the requests that a closure returns.",
    );
    session.expect(":help", ":save FILE");
    session.clear();
    session.expect(
        ":help save",
        "writes the inputs of this session as a script",
    );
    session.clear();
    session.type_keys("/// Adds one.");
    session.type_keys(ALT_ENTER);
    session.run("fn next(n) { n + 1 }");
    session.clear();
    session.expect(":doc next", "Adds one.");
    session.see("next(n)");
    session.quit();
}

#[test]
fn vars_lists_variables_and_reset_forgets_them() {
    let project = Project::new().file("rules.rhai", "fn deadline(row) { row }");
    let mut session = Session::sandbox(&project);
    session.run("let team = \"design\";");
    session.run("fn twice(n) { n * 2 }");
    session.run("import \"rules\" as rules;");
    session.enter(":vars");
    session.see("│ team ");
    session.see("│ twice(n) ");
    session.see("│ rules:: ");
    session.see("┆ deadline(row) ");
    session.wait_for_prompt();
    session.run(":reset");
    session.expect(":vars", "no variables, functions and imports yet");
    session.expect("team", "unknown variable `team`");
    session.quit();
}

#[test]
fn another_assessment_can_be_selected() {
    let stub = Stub::start(default_reply);
    let project = Project::new()
        .talking_to(&stub)
        .env("GRADIENT_ASSESSMENT_ID", "");
    let address = stub.address();
    let mut session = Session::start(&project, &[], &format!("{address} (live)>"));
    session.expect(
        ":assessment stub assesment",
        "error: no assessment `stub assesment`",
    );
    session.prompt = "Stub Assessment (live)>".to_owned();
    session.enter(":assessment stub assessment");
    session.wait_for_prompt();
    session.quit();
}

#[test]
fn an_input_can_exit_with_a_status() {
    let project = Project::new();
    let session = Session::sandbox(&project);
    session.enter("exit(7)");
    session.screen.finish().exits(7);
    let session = Session::sandbox(&project);
    session.enter(":quit");
    session.screen.finish().exits(0);
}

#[test]
fn a_failed_script_keeps_its_variables() {
    let project = Project::new().file("start.rhai", "let done = 88;\nthrow \"stop\";\n");
    let mut session = Session::start(&project, &["--sandbox", "start.rhai"], "sandbox>");
    session.see("--> start.rhai:2:1");
    session.expect("done + 1", "89");
    session.quit();
}

#[test]
fn sigterm_ends_the_session() {
    for running in ["", "sleep(1000)"] {
        let project = Project::new();
        let mut session = Session::sandbox(&project);
        session.enter(running);
        session.see(&format!("sandbox> {running}"));
        session.screen.signal("TERM");
        session.screen.finish().exits(130);
    }
}

#[test]
fn closing_the_terminal_ends_the_session() {
    for running in ["", "sleep(1000)"] {
        let project = Project::new();
        let command = project.program(&["repl", "--sandbox"]);
        let left = Screen::vanish(command, "sandbox>", running);
        assert_eq!(left, Some(130), "`{running}`");
    }
}

#[test]
fn a_script_with_arguments_can_be_run_first() {
    let project = Project::new().file("people.csv", PEOPLE).file(
        "start.rhai",
        "let file = arg(\"file\", \"CSV\");\nlet rows = read_csv(file);\nfn count() { 77 }\n",
    );
    let mut session = Session::start(
        &project,
        &["--sandbox", "start.rhai", "people.csv"],
        "sandbox>",
    );
    session.expect("rows.len() * 1000 + count()", "2077");
    session.quit();
}

#[test]
fn the_greeting_shows_the_endpoint_and_how_to_get_help() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    let version = env!("CARGO_PKG_VERSION");
    session.see(&format!(
        "gradient-bulk {version} at the sandbox: nobody gets an email; type `:help` for help"
    ));
    session.quit();
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::start_live(&project, &[], "Stub Assessment (live)>");
    session.see(": asks before it sends; type `:help` for help");
    session.quit();
    let mut session =
        Session::start_live(&project, &["--yes"], "Stub Assessment (live, auto-send)>");
    session.see(": sends without asking; type `:help` for help");
    session.quit();
}

#[test]
fn help_and_quit_work_without_the_colon() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.enter("help");
    session.see(":assessment [NAME]");
    session.wait_for_prompt();
    session.enter("help name_from_email");
    session.see("Derives a display name from an email address.");
    session.wait_for_prompt();
    session.enter("let quit = 40 + 2;");
    session.wait_for_prompt();
    session.enter("quit");
    session.see("42");
    session.wait_for_prompt();
    session.enter("exit");
    session.screen.finish().succeeds();
}

#[test]
fn a_narrow_table_of_sessions_keeps_the_important_columns() {
    let project = Project::new();
    let mut session = Session::sandbox(&project);
    session.run("let who = #{ email: \"maximiliane@subsidiary.example.com\", name: \"Maximiliane Musterfrau\" };");
    session.run("who.due_date = \"2099-01-01\"; invite(who); ()");
    session.enter("list_sessions()");
    session.see("… no room for");
    session.wait_for_prompt();
    let picture = session.screen.picture();
    for column in ["candidate_email", "candidate_name", "due_date", "status"] {
        assert!(picture.contains(&format!(" {column} ")), "{picture}");
    }
    session.quit();
}
