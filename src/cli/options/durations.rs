//! Durations as people write them: `30s`, `2h`, `3d`, `1h30m`.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// Reads a duration of at least a second; a day has 24 hours.
pub(in crate::cli) fn duration(text: &str) -> Result<Duration, String> {
    text.parse::<Span>()
        .ok()
        .and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok())
        .and_then(|duration| Duration::try_from(duration).ok())
        .filter(|duration| duration.as_secs() >= 1)
        .ok_or_else(|| {
            "a time of a second or more, such as 30s, 90m, 1h30m or 3d, is needed".to_owned()
        })
}
