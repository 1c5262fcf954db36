//! `GET /api/assessments`, `GET /api/assessments/:id`, and finding one by name.

use serde::Deserialize;

use super::page::ListItem;
use super::{Client, Error, Extra, Time};

/// How many names an error offers instead of an unknown one.
const MAX_SUGGESTIONS: usize = 3;

/// What candidates are invited to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Assessment {
    /// The assessment's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The role it is for.
    pub role: Option<String>,
    /// Whether candidates can be invited to it.
    pub is_active: Option<bool>,
    /// The deadline of candidates who have none of their own.
    pub due_date: Option<Time>,
    /// The time a candidate has for the task, in minutes.
    pub task_time_minutes: Option<i64>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When it was last changed.
    pub updated_at: Option<Time>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Assessment {
    /// Returns its name, or its id where it has none.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.name.as_deref() {
            Some(name) if !name.trim().is_empty() => name,
            _ => &self.id,
        }
    }
}

#[derive(Deserialize)]
struct AssessmentBody {
    assessment: Assessment,
}

impl ListItem for Assessment {
    const LIST_FIELD: &'static str = "assessments";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Lists all assessments, from every page.
    ///
    /// # Errors
    /// The API refused, or there was no usable answer.
    pub async fn assessments(&self) -> Result<Vec<Assessment>, Error> {
        self.list(&["api", "assessments"], &[]).await
    }

    /// Finds the assessment whose id or name is `reference`; a name is compared without regard to case.
    ///
    /// # Errors
    /// No assessment has that id or name, several have that name, or the API gave no usable answer.
    pub async fn assessment(&self, reference: &str) -> Result<Assessment, Error> {
        let reference = reference.trim();
        if is_uuid(reference) {
            let path = ["api", "assessments", reference];
            return match self.fetch::<AssessmentBody>(&path, &[]).await {
                Ok(answer) => Ok(answer.assessment),
                Err(error) if error.status() == Some(404) => Err(Error::UnknownAssessment {
                    reference: reference.to_owned(),
                    suggestions: Vec::new(),
                }),
                Err(error) => Err(error),
            };
        }
        let (mut named, others): (Vec<_>, Vec<_>) = self
            .assessments()
            .await?
            .into_iter()
            .partition(|each| each.id == reference || same_name(each.label(), reference));
        match (named.pop(), named.is_empty()) {
            (Some(found), true) => Ok(found),
            (Some(last), false) => Err(Error::AmbiguousAssessment {
                reference: reference.to_owned(),
                ids: named
                    .into_iter()
                    .chain([last])
                    .map(|each| each.id)
                    .collect(),
            }),
            (None, _) => Err(Error::UnknownAssessment {
                reference: reference.to_owned(),
                suggestions: suggestions(reference, &others),
            }),
        }
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn suggestions(reference: &str, assessments: &[Assessment]) -> Vec<String> {
    let wanted = reference.to_lowercase();
    let mut ranked: Vec<(f64, &str)> = assessments
        .iter()
        .map(|each| {
            let name = each.label();
            (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked
        .into_iter()
        .take(MAX_SUGGESTIONS)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
