//! Times of day as people write them.

use jiff::civil::Time;
use jiff::fmt::strtime;

/// Forms that are not accepted, and whose meaning is certain: for hints.
const HINTED: [&str; 4] = ["%H.%M", "%Hh%M", "%Hh", "%H:%M Uhr"];

/// A time of day at the end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockTime {
    pub(super) time: Time,
    /// Whether the form is accepted; otherwise, the time is for a hint.
    pub(super) is_accepted: bool,
    /// Whether it is `12 am` or `12 pm`, which many people confuse.
    pub(super) is_twelve: bool,
}

/// Reads `17:00`, `17:00:30`, `5pm`, `5:30 p.m.`, and for hints other forms.
pub(super) fn read(text: &str) -> Option<ClockTime> {
    let accepted = |time, is_twelve| ClockTime {
        time,
        is_accepted: true,
        is_twelve,
    };
    if let Some((clock, is_afternoon)) = split_half_of_day(text) {
        let (hour, minute, second) = numbers(clock)?;
        if !(1..=12).contains(&hour) {
            return None;
        }
        let hour_of_day = hour % 12 + if is_afternoon { 12 } else { 0 };
        let time = Time::new(hour_of_day, minute, second, 0).ok()?;
        return Some(accepted(time, hour == 12));
    }
    if text.contains(':')
        && let Some((hour, minute, second)) = numbers(text)
    {
        return Some(accepted(Time::new(hour, minute, second, 0).ok()?, false));
    }
    let mut patterns = HINTED.iter();
    let time = patterns.find_map(|pattern| strtime::parse(pattern, text).ok()?.to_time().ok())?;
    Some(ClockTime {
        time,
        is_accepted: false,
        is_twelve: false,
    })
}

/// Splits `am` or `pm` off the end. Returns whether it is `pm`.
fn split_half_of_day(text: &str) -> Option<(&str, bool)> {
    let lower = text.to_ascii_lowercase();
    [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)]
        .into_iter()
        .find(|(suffix, _)| lower.ends_with(suffix))
        .map(|(suffix, is_afternoon)| (text[..text.len() - suffix.len()].trim_end(), is_afternoon))
}

/// Returns hour, minute and second of `5`, `5:30` or `05:30:15`.
fn numbers(clock: &str) -> Option<(i8, i8, i8)> {
    let mut parts = clock.split(':');
    let hour = parts.next()?;
    let (minute, second) = (parts.next().unwrap_or("00"), parts.next().unwrap_or("00"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some()
        || hour.len() > 2
        || [minute, second].iter().any(|part| part.len() != 2)
        || ![hour, minute, second].into_iter().all(is_number)
    {
        return None;
    }
    Some((
        hour.parse().ok()?,
        minute.parse().ok()?,
        second.parse().ok()?,
    ))
}
