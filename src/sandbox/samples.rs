//! The sample assessments of a new sandbox, and those made up for unknown ids.

use super::clock::Millis;

/// 2025-01-15T09:00:00Z.
pub(crate) const SAMPLES_CREATED: Millis = 1_736_931_600_000;

/// The id of the sample that is used if no assessment is named.
pub const ASSESSMENT: &str = "1a6d0f8e-5b42-4ce9-b813-3dfaeb0c6951";

/// The fields that differ between assessments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AssessmentTemplate<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) role: &'a str,
    pub(crate) task_prompt: &'a str,
    /// `pptx`, `docx`, `xlsx` or `email`.
    pub(crate) deliverable_type: &'a str,
    pub(crate) task_time_minutes: i64,
    /// For sessions without a due date of their own.
    pub(crate) due_date: Option<&'a str>,
    pub(crate) is_active: bool,
}

/// The samples, oldest first.
pub(crate) const SAMPLES: [AssessmentTemplate<'static>; 3] = [
    AssessmentTemplate {
        id: "3c8f2b1a-7d64-4e0b-9a35-5f1c0d2e8b73",
        name: "Staff Engineer Assessment 2024",
        role: "Staff Engineer",
        task_prompt: "Write a design review of the attached migration proposal.",
        deliverable_type: "docx",
        task_time_minutes: 120,
        due_date: Some("2024-12-31T23:59:59Z"),
        is_active: false,
    },
    AssessmentTemplate {
        id: "2b7e1a90-6c53-4dfa-8924-4e0bfc1d7a62",
        name: "Data Analyst Assessment",
        role: "Data Analyst",
        task_prompt: "Find out from the attached orders why revenue fell in March.",
        deliverable_type: "xlsx",
        task_time_minutes: 60,
        due_date: Some("2035-12-31T23:59:59Z"),
        is_active: true,
    },
    AssessmentTemplate {
        id: ASSESSMENT,
        name: "Senior PM Assessment",
        role: "Senior Product Manager",
        task_prompt: "Prepare a launch plan for the feature in the attached brief.",
        deliverable_type: "pptx",
        task_time_minutes: 90,
        due_date: None,
        is_active: true,
    },
];

/// Makes up an assessment for an unknown id, so that scripts with real ids can be rehearsed.
pub(crate) fn adopted<'a>(id: &'a str, name: &'a str) -> AssessmentTemplate<'a> {
    AssessmentTemplate {
        id,
        name,
        role: "Unknown",
        task_prompt: "The sandbox adopted this assessment; its task is not known here.",
        deliverable_type: "docx",
        task_time_minutes: 60,
        due_date: None,
        is_active: true,
    }
}

pub(crate) fn adopted_name(id: &str) -> String {
    format!("Adopted assessment {}", id.split('-').next().unwrap_or(id))
}
