//! How sessions differ from what was asked for, as lines of a plan and of the summary at the end.

use std::fmt::Display;

use super::row_labels::join_limited;
use crate::bulk::{Announcement, Announcements, DifferenceSamples, RowOrigin, Sample};

/// Names the candidates whose session differs from what their row asks for, a line for each kind of difference.
pub(super) fn describe_differences(
    differences: &DifferenceSamples,
    texts: Announcements,
    label: impl Fn(&RowOrigin) -> String,
) -> impl Iterator<Item = String> {
    fn line<T: Display>(
        what: Announcement,
        sample: &Sample<T>,
        label: impl Fn(&RowOrigin) -> String,
    ) -> Option<String> {
        let named = join_limited(sample, |origin, kept| format!("{} ({kept})", label(origin)));
        (sample.total > 0).then(|| format!("{} {}: {named}", sample.total, what.of(sample.total)))
    }
    let lines = [
        line(texts.deadline, &differences.deadlines, &label),
        line(texts.name, &differences.names, &label),
        line(texts.expired, &differences.expired, &label),
    ];
    lines.into_iter().flatten()
}
