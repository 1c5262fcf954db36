//! How values were read, as text: a line for each remark, with the rows.

use super::row_labels::{label_numbers, row_label};
use crate::bulk::{InterpretationGroup, Interpretations, Plan, RowOrigin};
use crate::text::{escape_line, join_first};

/// Describes the interpretations of a plan.
pub(super) fn interpretation_lines(interpretations: &Interpretations, plan: &Plan) -> Vec<String> {
    let lines = interpretations.lines(|group| {
        if group.is_of_rows() {
            list_rows(group, plan)
        } else {
            list_values(group)
        }
    });
    lines.iter().map(|line| escape_line(line)).collect()
}

/// Lists the values of a group that does not belong to rows, unless the line has the only one.
pub(super) fn list_values(group: &InterpretationGroup) -> String {
    if group.is_uniform {
        return String::new();
    }
    let values = group.values.iter();
    join_first(
        values.map(|(_, each)| each.value_and_reading()),
        group.total,
    )
}

/// Lists the rows of a group, with their values if they differ.
fn list_rows(group: &InterpretationGroup, plan: &Plan) -> String {
    let rows = group
        .values
        .iter()
        .filter_map(|(origin, each)| Some((origin.as_ref()?, each)));
    if group.is_uniform {
        let origins: Vec<&RowOrigin> = rows.map(|(origin, _)| origin).collect();
        return label_numbers(&origins, group.total, plan);
    }
    let values = rows
        .map(|(origin, each)| format!("{} {}", row_label(origin, plan), each.value_and_reading()));
    join_first(values, group.total)
}
