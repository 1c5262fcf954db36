//! `GET /api/assessments`, `GET /api/assessments/:id`, and finding an assessment by name.

use serde::Deserialize;

use super::pagination::ListItem;
use super::{Client, Error, Extra, Time};

/// How many similar names an error suggests.
const MAX_SUGGESTIONS: usize = 3;

/// What candidates are invited to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Assessment {
    pub id: String,
    pub name: Option<String>,
    pub role: Option<String>,
    pub is_active: Option<bool>,
    /// For sessions without a due date of their own.
    pub due_date: Option<Time>,
    pub task_time_minutes: Option<i64>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    #[serde(flatten)]
    pub extra: Extra,
}

impl Assessment {
    /// Returns the name, or the id of an assessment without a name.
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
    /// Lists all assessments.
    pub async fn assessments(&self) -> Result<Vec<Assessment>, Error> {
        self.list(&["api", "assessments"], &[]).await
    }

    /// Finds the assessment whose id or name is `reference`; the case of a name does not matter.
    pub async fn assessment(&self, reference: &str) -> Result<Assessment, Error> {
        let reference = reference.trim();
        let unknown = |suggestions| Error::UnknownAssessment {
            reference: reference.to_owned(),
            suggestions,
        };
        if is_assessment_id(reference) {
            let path = ["api", "assessments", reference];
            return match self.fetch::<AssessmentBody>(&path, &[]).await {
                Ok(body) => Ok(body.assessment),
                Err(error) if error.status() == Some(404) => Err(unknown(Vec::new())),
                Err(error) => Err(error),
            };
        }
        let (mut matches, others): (Vec<_>, Vec<_>) = self
            .assessments()
            .await?
            .into_iter()
            .partition(|each| each.id == reference || same_name(each.label(), reference));
        match matches.len() {
            0 => Err(unknown(suggestions(reference, &others))),
            1 => Ok(matches.remove(0)),
            _ => Err(Error::AmbiguousAssessment {
                reference: reference.to_owned(),
                ids: matches.into_iter().map(|each| each.id).collect(),
            }),
        }
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn suggestions(reference: &str, assessments: &[Assessment]) -> Vec<String> {
    let wanted = reference.to_lowercase();
    let similarity = |name: &str| strsim::jaro_winkler(&wanted, &name.to_lowercase());
    let mut names: Vec<&str> = assessments.iter().map(Assessment::label).collect();
    names.sort_by(|a, b| similarity(b).total_cmp(&similarity(a)));
    names.truncate(MAX_SUGGESTIONS);
    names.into_iter().map(str::to_owned).collect()
}

/// Returns whether `text` can be the id of an assessment. Anything else is looked up as a name.
pub fn is_assessment_id(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
