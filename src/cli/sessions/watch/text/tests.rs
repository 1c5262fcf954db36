//! Screens at given times, independent of the clock.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{View, frame};
use crate::api::{Session, Time};
use crate::monitoring::{TargetStatus, changes};

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2030-01-07T00:00:00Z".parse().unwrap_or_default();
    start
        .checked_add(SignedDuration::from_hours(hours))
        .unwrap_or_default()
}

fn session(name: &str, status: &str, due: Timestamp) -> Session {
    Session {
        id: name.to_owned(),
        candidate_name: Some(name.to_owned()),
        status: Some(status.to_owned()),
        due_date: Some(Time::At(due)),
        ..Session::default()
    }
}

fn view(goal: Option<&str>) -> View {
    let goal = goal.and_then(|goal| TargetStatus::parse(goal).ok());
    View::new("all", TimeZone::UTC, goal)
}

fn drawn(view: &View, width: usize, height: usize) -> Vec<String> {
    let lines = frame(view, width, height).into_iter();
    lines
        .map(|line| line.into_iter().map(|(_, piece)| piece).collect())
        .collect()
}

#[test]
fn a_change_of_yesterday_is_shown_with_its_day() {
    let mut view = view(None);
    let ann = Session {
        created_at: Some(Time::At(at(22))),
        ..session("Ann", "invited", at(99))
    };
    view.update(Vec::new(), &changes(&[], &[ann]), at(23), Some(at(23)));
    assert!(
        drawn(&view, 80, 24)
            .iter()
            .any(|line| line.starts_with("  22:00  Ann"))
    );
    view.update(Vec::new(), &[], at(31), Some(at(31)));
    let lines = drawn(&view, 80, 24);
    let is_dated = |line: &String| line.starts_with("  Mon 07 Jan 22:00  Ann");
    assert!(lines.iter().any(is_dated), "{lines:?}");
}

#[test]
fn upcoming_deadlines_are_shown_however_many_candidates_are_late() {
    let mut view = view(None);
    let mut sessions: Vec<Session> = (0..50)
        .map(|hour| session(&format!("late{hour}"), "setup", at(hour)))
        .collect();
    sessions.push(session("soon", "setup", at(101)));
    view.update(sessions, &[], at(100), Some(at(100)));
    let lines = drawn(&view, 80, 24);
    assert!(lines.len() < 24, "{lines:?}");
    // The candidate who became late last comes first.
    let shown: Vec<&String> = lines.iter().filter(|line| line.contains("late4")).collect();
    assert!(
        shown.first().is_some_and(|line| line.contains("late49")),
        "{lines:?}"
    );
    assert!(
        lines.last().is_some_and(|line| line.contains("soon")),
        "{lines:?}"
    );
}

#[test]
fn a_long_status_does_not_push_its_number_off_the_screen() {
    let mut view = view(None);
    let sessions = vec![session("Ann", &"very_odd_".repeat(30), at(1))];
    view.update(sessions, &[], at(0), Some(at(0)));
    let lines = drawn(&view, 80, 24);
    let bar = lines.iter().find(|line| line.contains('█'));
    let number = bar.and_then(|line| line.find("  1 █"));
    assert!(number.is_some_and(|column| column < 40), "{lines:?}");
}

#[test]
fn the_remaining_sessions_are_described_for_one_many_and_none() {
    let text = |statuses: &[&str]| {
        let mut view = view(Some("submitted"));
        let sessions = statuses.iter().map(|status| session(status, status, at(1)));
        view.update(sessions.collect(), &[], at(0), Some(at(0)));
        view.remaining_text()
    };
    assert_eq!(text(&[]), "there are no sessions to wait for");
    assert_eq!(
        text(&["scored"]),
        "the one session is submitted, or further"
    );
    assert_eq!(text(&["scored", "setup"]), "1 of 2 is not submitted yet");
    assert_eq!(text(&["invited", "setup"]), "2 of 2 are not submitted yet");
    assert_eq!(
        text(&["scored", "submitted"]),
        "all 2 are submitted, or further"
    );
}
