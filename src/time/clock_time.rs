//! Times of day as people write them.

use jiff::civil::Time;

/// A time of day at the end of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockTime {
    pub(super) time: Time,
    /// Whether it is `12 am` or `12 pm`, which many people confuse.
    pub(super) is_twelve: bool,
}

/// What follows a time of day, and whether that is before noon or after it.
#[rustfmt::skip]
const ENDINGS: [(&str, Option<bool>); 7] = [
    ("am", Some(false)), ("a.m.", Some(false)), ("pm", Some(true)), ("p.m.", Some(true)), ("uhr", None), ("h", None), ("", None),
];

/// Reads `17:00`, `17:00:30`, `5pm`, `5:30 p.m.`, `17.00`, `17h30` and `17 Uhr`.
pub(super) fn read(text: &str) -> Option<ClockTime> {
    let lower = text.to_ascii_lowercase();
    let mut endings = ENDINGS.iter();
    let (clock, ending, is_afternoon) = endings.find_map(|(ending, is_afternoon)| {
        let clock = lower.strip_suffix(ending)?;
        Some((clock.trim_end(), *ending, *is_afternoon))
    })?;
    let (hour, minute, second) = numbers(clock)?;
    let has_minutes = clock.len() > 2;
    let hour_of_day = match is_afternoon {
        Some(is_afternoon) if (1..=12).contains(&hour) => {
            hour % 12 + if is_afternoon { 12 } else { 0 }
        }
        None if has_minutes || !ending.is_empty() => hour,
        _ => return None,
    };
    Some(ClockTime {
        time: Time::new(hour_of_day, minute, second, 0).ok()?,
        is_twelve: is_afternoon.is_some() && hour == 12,
    })
}

/// Returns hour, minute and second of `5`, `5:30`, `17.30`, `17h30` or `05:30:15`.
fn numbers(clock: &str) -> Option<(i8, i8, i8)> {
    let mut parts = clock.split([':', '.', 'h']);
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
