//! The REPL at a pseudo-terminal: what is typed, and what a person sees.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

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
/// What the line editor writes when it gives the terminal back.
const LET_GO: &str = "\u{1b}[?2004l";
/// After how long something is tried again.
const AGAIN: Duration = Duration::from_millis(500);
const TRIES: usize = 60;

fn open(project: &Project, options: &[&str]) -> Screen {
    Screen::open(project.program(&[&["repl"], options].concat()))
}

/// A session, whose prompt is known.
struct Session {
    screen: Screen,
    prompt: String,
}

impl Session {
    /// Begins a session with these options.
    fn begin(project: &Project, options: &[&str], prompt: &str) -> Self {
        let mut session = Self {
            screen: open(project, options),
            prompt: prompt.to_owned(),
        };
        session.wait_for_prompt();
        session
    }

    /// Begins a session with the sandbox.
    fn rehearse(project: &Project) -> Self {
        Self::begin(project, &["--sandbox"], "sandbox>")
    }

    /// Begins a session with the API, and waits until the assessment's name is known: the first prompt does not.
    fn begin_unnamed(project: &Project, options: &[&str], prompt: &str) -> Self {
        let mut screen = open(project, options);
        screen.wait_to_see(">");
        let named = (0..TRIES).any(|_| {
            screen.type_keys(ENTER);
            screen.shows_within(AGAIN, prompt, 1)
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

    fn keys(&self, keys: &str) {
        self.screen.type_keys(keys);
    }

    /// Types a line and ends it.
    fn enter(&self, line: &str) {
        self.keys(line);
        self.keys(ENTER);
    }

    /// Enters an input, which shows `text` that was not to be seen before, and waits for the next prompt.
    #[track_caller]
    fn answers(&mut self, input: &str, text: &str) {
        let picture = self.screen.picture();
        assert!(
            !picture.contains(text) && !input.contains(text),
            "`{text}` is there before `{input}` is answered\n{picture}"
        );
        self.enter(input);
        self.see(text);
        self.wait_for_prompt();
    }

    /// Drops what is typed.
    #[track_caller]
    fn drop_line(&mut self) {
        self.keys(CTRL_C);
        self.wait_for_prompt();
    }

    /// Enters a line and waits for the next prompt.
    #[track_caller]
    fn done(&mut self, line: &str) {
        self.enter(line);
        self.see(line);
        self.wait_for_prompt();
    }

    /// Clears the screen.
    #[track_caller]
    fn clear(&mut self) {
        self.enter(":clear");
        self.screen.wait_for_picture(&self.prompt.clone());
    }

    /// Leaves with Ctrl-D.
    #[track_caller]
    fn leave(mut self) {
        self.wait_for_prompt();
        self.keys(CTRL_D);
        self.screen.finish().succeeds().never_says(SECRET);
    }
}

#[test]
fn a_result_is_shown_and_kept() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.answers("40 + 1", "41");
    session.answers("it + 1", "42");
    session.leave();
}

#[test]
fn enter_continues_what_is_not_complete() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
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
        session.answers(end, result);
    }
    session.enter("\"open");
    session.screen.wait_for_line("...");
    session.drop_line();
    session.leave();
}

#[test]
fn alt_enter_always_begins_a_line() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.keys("1000");
    session.keys(ALT_ENTER);
    session.screen.wait_for_line("...");
    session.answers("+ 234", "1234");
    session.leave();
}

#[test]
fn ctrl_c_stops_an_endless_loop_and_a_sleep_and_variables_survive() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("let before = 4320 + 1;");
    for (times, line) in [(1, "loop { }"), (2, "sleep(1000)")] {
        session.screen.look_away();
        session.enter(line);
        session.screen.wait_for(LET_GO);
        // The terminal hands Ctrl-C on as a signal a moment after the line editor has let go of it.
        let stopped = (0..TRIES).any(|_| {
            session.keys(CTRL_C);
            session.screen.shows_within(AGAIN, "interrupted", times)
        });
        assert!(stopped, "{}", session.screen.picture());
        session.wait_for_prompt();
    }
    session.answers("before", "4321");
    session.leave();
}

#[test]
fn ctrl_c_drops_the_line_and_never_leaves() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    for _ in 0..3 {
        session.keys("throw \"no\"");
        session.screen.wait_for_line("sandbox> throw \"no\"");
        session.drop_line();
    }
    session.answers("11 * 11", "121");
    session.leave();
}

#[test]
fn an_error_shows_the_place_and_the_session_goes_on() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.enter("let kept = 17; kept.nope");
    session.see("error: unknown property `nope`");
    session.see("1 | let kept = 17; kept.nope");
    session.see("  |                     ^^^^");
    session.wait_for_prompt();
    session.answers("kept + 1", "18");
    session.leave();
}

#[test]
fn completion_shows_functions_with_what_they_do() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.keys("invite_");
    session.keys(TAB);
    session.see("invite_all(rows, request)");
    session.see("Invites everybody for whom a closure returns a request");
    session.drop_line();
    session.leave();
}

#[test]
fn completion_knows_columns_variables_and_keys_of_options() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut session = Session::rehearse(&project);
    session.done("let people = read_csv(\"people.csv\");");
    session.done("fn greet(person) { person }");
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
        session.keys(typed);
        session.screen.wait_for_line(&format!("sandbox> {typed}"));
        session.keys(TAB);
        session.screen.wait_for_line(&format!("sandbox> {seen}"));
        session.drop_line();
    }
    session.leave();
}

#[test]
fn completion_calls_nothing() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session =
        Session::begin_unnamed(&project, &["--yes"], "Stub Assessment (live, unasked)>");
    session.keys("invite(\"ann@example.com\", \"Ann\").");
    session.keys(TAB);
    session.see("(\"ann@example.com\", \"Ann\").");
    session.drop_line();
    session.done("1");
    session.leave();
    assert!(stub.invites().is_empty());
}

#[test]
fn words_texts_and_numbers_have_colours() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.keys("let name = \"Ann ${1}\" + `b${22}c` // said");
    session.see("// said");
    let colors = ["let", "\"Ann", "22", "// said"].map(|text| session.screen.color_of(text));
    let plain = session.screen.color_of("name");
    assert!(!colors.contains(&plain), "{colors:?}");
    assert_ne!(colors[0], colors[1]);
    assert_ne!(colors[1], colors[2]);
    assert_eq!(session.screen.color_of("c`"), colors[1]);
    session.drop_line();
    session.leave();
}

#[test]
fn earlier_inputs_come_back_in_the_next_session() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("let first = 1;");
    session.done("let second = 2;");
    session.leave();
    let file = project.home().join("history.txt");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&project.home()), 0o700);

    let mut session = Session::rehearse(&project);
    session.keys(UP);
    session.screen.wait_for_line("sandbox> let second = 2;");
    session.drop_line();
    session.keys(CTRL_R);
    session.keys("fir");
    session.see("let first = 1;");
    session.drop_line();
    // What was entered before is offered in grey, and taken with the right arrow.
    session.keys("let fi");
    session.screen.wait_for_line("sandbox> let first = 1;");
    session.keys(RIGHT);
    session.keys("// taken");
    session
        .screen
        .wait_for_line("sandbox> let first = 1;// taken");
    session.drop_line();
    session.leave();
}

#[test]
fn a_key_is_never_kept() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("let harmless = 1;");
    session.done("let key = \"gai_abc123\";");
    session.keys(UP);
    session.screen.wait_for_line("sandbox> let harmless = 1;");
    session.drop_line();
    session.done(":save kept.rhai");
    session.see("left out, as they may hold a key: 1");
    session.leave();
    let history = fs::read_to_string(project.home().join("history.txt")).unwrap();
    assert!(history.contains("harmless"), "{history}");
    assert!(!history.contains("gai_"), "{history}");
    assert!(!project.read("kept.rhai").contains("gai_"));
}

#[test]
fn a_session_is_saved_as_a_script_and_loaded_again() {
    let project = Project::new().file("people.csv", PEOPLE);
    let mut session = Session::rehearse(&project);
    session.done("let days = 3");
    session.done("fn later(n) { n + 1 }");
    session.done("read_csv(\"people.csv\")");
    session.done("let count = it.len()");
    session.done("nonsense +* 1");
    session.done(":save mine.rhai");
    session.see("4 lines written to mine.rhai");
    session.leave();
    assert_eq!(
        project.read("mine.rhai"),
        "let days = 3;\nfn later(n) { n + 1 }\nlet it = read_csv(\"people.csv\");\nlet count = it.len();\n"
    );

    let mut session = Session::rehearse(&project);
    session.done(":load mine.rhai");
    session.answers("later(days) * 1000 + count", "4002");
    session.answers(":save mine.rhai", "`mine.rhai` is there already");
    session.leave();
}

#[test]
fn a_long_list_is_shown_in_part_and_all_of_it_on_demand() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.enter(
        "let rows = []; for n in 0..5000 { rows += #{ number: n, name: `Row ${n}` }; } rows",
    );
    session.see("Row 19 ");
    session.see("… 4,980 more, `:all` shows them");
    session.wait_for_prompt();
    assert!(!session.screen.picture().contains("Row 20 "));
    session.answers(":all", "Row 4999 ");
    session.leave();
}

#[test]
fn a_wide_table_fits_the_terminal_and_names_what_it_leaves_out() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("invite(\"ann@example.com\", \"Ann Lee\");");
    session.answers("list_sessions()", "… no room for");
    session.see("candidate_email");
    let picture = session.screen.picture();
    let is_row = |line: &&str| line.starts_with('│');
    assert!(picture.lines().any(|line| is_row(&line)), "{picture}");
    let mut rows = picture.lines().filter(is_row);
    assert!(rows.all(|row| row.ends_with('│')), "{picture}");
    session.leave();
}

#[test]
fn values_are_shown_as_people_read_them() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
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
        session.answers(input, shown);
    }
    session.leave();
}

#[test]
fn a_declined_plan_gives_the_prompt_back() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let address = stub.address();
    let prompt = "Stub Assessment (live)>";
    let mut session = Session::begin_unnamed(&project, &[], prompt);
    let invite = "invite_all([\"ann@example.com\"])";
    let question =
        format!("Invite 1 candidate to `Stub Assessment` at {address} with key gai_pref…? [y/N]");
    session.enter(invite);
    session.see(&question);
    session.answers("n", "nothing was sent");

    session.clear();
    session.enter(invite);
    session.see(&question);
    session.drop_line();
    // Whoever asked before takes nothing of this.
    session.answers("\"still \" + \"here\"", "\"still here\"");
    assert!(stub.invites().is_empty());

    session.clear();
    session.enter(invite);
    session.see(&question);
    session.answers("y", "1 created");
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);

    session.prompt = "Stub Assessment (live, unasked)>".to_owned();
    session.done(":live on");
    session.answers(
        "invite(\"bob@example.com\", \"Bob\").outcome",
        "\"created\"",
    );
    assert_eq!(stub.invited_emails().len(), 2);
    session.leave();
}

#[test]
fn all_of_a_question_counts_for_one_input() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::begin_unnamed(&project, &[], "Stub Assessment (live)>");
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
    session.leave();
}

/// Who was declined is not sent along with the next one.
#[test]
fn a_declined_candidate_stays_declined() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::begin_unnamed(&project, &[], "Stub Assessment (live)>");
    session.enter("invite(\"ann@example.com\", \"Ann\")");
    session.see("[y/N/all]");
    session.enter("n");
    session.wait_for_prompt();
    session.clear();
    session.enter("invite(\"bob@example.com\", \"Bob\").email.to_upper()");
    session.see("[y/N/all]");
    session.answers("y", "BOB@EXAMPLE.COM");
    assert_eq!(stub.invited_emails(), ["bob@example.com"]);
    session.leave();
}

#[test]
fn what_is_unknown_is_answered_with_what_was_probably_meant() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    for (input, hint) in [
        (":hepl", "did you mean `:help`?"),
        (":doc invite_al", "did you mean `invite_all`?"),
        (
            "name_form_email(\"a@b.de\")",
            "did you mean `name_from_email`?",
        ),
        ("let deadline = 1; deadlin", "did you mean `deadline`?"),
    ] {
        session.answers(input, hint);
    }
    session.leave();
}

#[test]
fn help_explains_functions_commands_and_what_was_defined() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.answers(
        ":help invite_all",
        "Invites everybody for whom a closure returns a request.",
    );
    session.answers(":help", ":save FILE");
    session.clear();
    session.answers(":help save", "writes what was entered so far as a script");
    session.clear();
    session.keys("/// Adds one.");
    session.keys(ALT_ENTER);
    session.done("fn next(n) { n + 1 }");
    session.clear();
    session.answers(":doc next", "Adds one.");
    session.see("next(n)");
    session.leave();
}

#[test]
fn variables_are_listed_and_forgotten() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("let team = \"design\";");
    session.done("fn twice(n) { n * 2 }");
    session.enter(":vars");
    session.see("│ team ");
    session.see("│ twice(n) ");
    session.wait_for_prompt();
    session.done(":reset");
    session.answers("team", "unknown variable `team`");
    session.leave();
}

#[test]
fn another_assessment_can_be_chosen() {
    let stub = Stub::start(default_reply);
    let project = Project::new()
        .talking_to(&stub)
        .env("GRADIENT_ASSESSMENT_ID", "");
    let address = stub.address();
    let mut session = Session::begin(&project, &[], &format!("{address} (live)>"));
    session.answers(
        ":assessment stub assesment",
        "error: no assessment `stub assesment`",
    );
    session.prompt = "Stub Assessment (live)>".to_owned();
    session.enter(":assessment stub assessment");
    session.wait_for_prompt();
    session.leave();
}

#[test]
fn an_input_may_leave_with_a_status() {
    let project = Project::new();
    let session = Session::rehearse(&project);
    session.enter("exit(7)");
    session.screen.finish().exits(7);
    let session = Session::rehearse(&project);
    session.enter(":quit");
    session.screen.finish().exits(0);
}

#[test]
fn a_script_that_fails_leaves_what_it_did_to_the_session() {
    let project = Project::new().file("start.rhai", "let done = 88;\nlet x = done.nope;\n");
    let mut session = Session::begin(&project, &["--sandbox", "start.rhai"], "sandbox>");
    session.see("--> start.rhai:2:14");
    session.answers("done + 1", "89");
    session.leave();
}

#[test]
fn a_signal_that_ends_the_process_ends_the_session() {
    for running in ["", "sleep(1000)"] {
        let project = Project::new();
        let mut session = Session::rehearse(&project);
        session.enter(running);
        session.see(&format!("sandbox> {running}"));
        session.screen.signal("TERM");
        session.screen.finish().exits(130);
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_session() {
    for running in ["", "sleep(1000)"] {
        let project = Project::new();
        let command = project.program(&["repl", "--sandbox"]);
        let left = Screen::vanish(command, "sandbox>", running);
        assert_eq!(left, Some(130), "`{running}`");
    }
}

#[test]
fn a_script_may_be_run_first() {
    let project = Project::new().file("people.csv", PEOPLE).file(
        "start.rhai",
        "let file = arg(\"file\", \"CSV\");\nlet rows = read_csv(file);\nfn count() { 77 }\n",
    );
    let mut session = Session::begin(
        &project,
        &["--sandbox", "start.rhai", "people.csv"],
        "sandbox>",
    );
    session.answers("rows.len() * 1000 + count()", "2077");
    session.leave();
}

#[test]
fn a_session_says_where_it_sends_and_what_helps() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    let version = env!("CARGO_PKG_VERSION");
    session.see(&format!(
        "gradient-bulk {version} at the sandbox: nobody gets an email; `:help` helps"
    ));
    session.leave();
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut session = Session::begin_unnamed(&project, &[], "Stub Assessment (live)>");
    session.see(": asks before it sends; `:help` helps");
    session.leave();
    let mut session =
        Session::begin_unnamed(&project, &["--yes"], "Stub Assessment (live, unasked)>");
    session.see(": sends without asking; `:help` helps");
    session.leave();
}

#[test]
fn a_colon_may_be_forgotten_before_help_and_quit() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
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
fn a_table_of_sessions_has_who_how_far_and_until_when() {
    let project = Project::new();
    let mut session = Session::rehearse(&project);
    session.done("let who = #{ email: \"maximiliane@subsidiary.example.com\", name: \"Maximiliane Musterfrau\" };");
    session.done("who.due_date = \"2099-01-01\"; invite(who); ()");
    session.enter("list_sessions()");
    session.see("… no room for");
    session.wait_for_prompt();
    let picture = session.screen.picture();
    for column in ["candidate_email", "candidate_name", "due_date", "status"] {
        assert!(picture.contains(&format!(" {column} ")), "{picture}");
    }
    session.leave();
}
