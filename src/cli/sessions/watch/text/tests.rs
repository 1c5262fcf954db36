//! Screens of sessions that are watched, by the time that is told and not by the clock.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{View, frame};
use crate::api::{Session, Time};
use crate::monitoring::{SessionChange, SessionEvent, TargetStatus};

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
    View::new("everybody", TimeZone::UTC, goal)
}

fn drawn(view: &View, width: usize, height: usize) -> Vec<String> {
    let lines = frame(view, width, height).into_iter();
    lines
        .map(|line| line.into_iter().map(|(_, piece)| piece).collect())
        .collect()
}

#[test]
fn a_change_of_yesterday_has_its_day_the_morning_after() {
    let mut view = view(None);
    let change = SessionChange {
        candidate: "Ann".to_owned(),
        event: SessionEvent::New,
        at: Some(at(22)),
    };
    view.take(Vec::new(), &[change], at(23), Some(at(23)));
    assert!(
        drawn(&view, 80, 24)
            .iter()
            .any(|line| line.starts_with("  22:00  Ann"))
    );
    view.take(Vec::new(), &[], at(31), Some(at(31)));
    let lines = drawn(&view, 80, 24);
    let is_dated = |line: &String| line.starts_with("  Mon 07 Jan 22:00  Ann");
    assert!(lines.iter().any(is_dated), "{lines:?}");
}

#[test]
fn however_many_are_late_those_who_can_be_in_time_are_seen() {
    let mut view = view(None);
    let mut sessions: Vec<Session> = (0..50)
        .map(|hour| session(&format!("late{hour}"), "setup", at(hour)))
        .collect();
    sessions.push(session("soon", "setup", at(101)));
    view.take(sessions, &[], at(100), Some(at(100)));
    let lines = drawn(&view, 80, 24);
    assert!(lines.len() < 24, "{lines:?}");
    // Who became late last is asked about first.
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
fn a_status_of_any_length_leaves_its_number_on_the_screen() {
    let mut view = view(None);
    let sessions = vec![session("Ann", &"very_odd_".repeat(30), at(1))];
    view.take(sessions, &[], at(0), Some(at(0)));
    let lines = drawn(&view, 80, 24);
    let bar = lines.iter().find(|line| line.contains('█'));
    let number = bar.and_then(|line| line.find("  1 █"));
    assert!(number.is_some_and(|column| column < 40), "{lines:?}");
}

#[test]
fn what_is_waited_for_is_said_of_one_of_many_and_of_none() {
    let said = |statuses: &[&str]| {
        let mut view = view(Some("submitted"));
        let sessions = statuses.iter().map(|status| session(status, status, at(1)));
        view.take(sessions.collect(), &[], at(0), Some(at(0)));
        view.left()
    };
    assert_eq!(said(&[]), "there are no sessions to wait for");
    assert_eq!(
        said(&["scored"]),
        "the one session is submitted, or further"
    );
    assert_eq!(said(&["scored", "setup"]), "1 of 2 is not submitted yet");
    assert_eq!(said(&["invited", "setup"]), "2 of 2 are not submitted yet");
    assert_eq!(
        said(&["scored", "submitted"]),
        "all 2 are submitted, or further"
    );
}
