//! What existing sessions keep, as lines of a plan.

use std::fmt::{Display, Write as _};

use super::row_labels::{join_limited, row_label};
use crate::bulk::{EXPIRED, OTHER_DEADLINE, OTHER_NAME, Plan, Sample};

/// Names the candidates whose session differs from what their row asks for, a line for each kind of difference.
pub(super) fn describe_kept_sessions(plan: &Plan, text: &mut String) {
    fn line<T: Display>(text: &mut String, what: &str, sample: &Sample<T>, plan: &Plan) {
        if sample.total == 0 {
            return;
        }
        let named = join_limited(sample, |origin, kept| {
            format!("{} ({kept})", row_label(origin, plan))
        });
        let _ = writeln!(text, "{} {what}: {named}", sample.total);
    }
    let warnings = &plan.warnings;
    let (deadlines, names) = (&warnings.other_deadlines, &warnings.other_names);
    let expired = &warnings.expired_sessions;
    line(text, OTHER_DEADLINE.of(deadlines.total), deadlines, plan);
    line(text, OTHER_NAME.of(names.total), names, plan);
    line(text, EXPIRED.of(expired.total), expired, plan);
}
