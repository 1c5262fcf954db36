//! Looking up which of some sessions exist, and their statuses.

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::Error;
use crate::api::{Client, SessionFilter};
use crate::ledger::Target;

/// Up to this many sessions of an assessment are looked up one by one, and more of them by a list of all.
const MAX_SINGLE_LOOKUPS: usize = 16;

/// The status of each session that exists, by its id. A session may have none.
pub(super) type Statuses = HashMap<String, Option<String>>;

/// Returns the statuses of those of the sessions `ids` of `target` that exist, perhaps with others of it. The rest are gone: an error
/// means that this is not certain.
pub(super) async fn look_up(
    client: &Client,
    target: &Target,
    ids: Vec<String>,
) -> Result<Statuses, Error> {
    if ids.is_empty() {
        return Ok(Statuses::new());
    }
    let assessment = &target.assessment;
    if assessment.is_empty() || ids.len() <= MAX_SINGLE_LOOKUPS {
        let concurrency = client.config().limits.concurrency.max(1);
        let found: Result<Vec<_>, _> = stream::iter(ids)
            .map(|id| async move {
                match client.session(&id).await {
                    Ok(session) => Ok(Some((id, session.status))),
                    Err(error) if error.is_missing() => Ok(None),
                    Err(error) => Err(error),
                }
            })
            .buffer_unordered(concurrency)
            .try_collect()
            .await;
        match found {
            Ok(found) => {
                if !assessment.is_empty() && found.iter().all(Option::is_none) {
                    check_assessment(client, assessment).await?;
                }
                return Ok(found.into_iter().flatten().collect());
            }
            // A proxy may have answered. The list shows which sessions exist.
            Err(error) if error.status() == Some(404) && !assessment.is_empty() => {}
            Err(error) => return Err(Error::Sessions(error)),
        }
    }
    let filter = SessionFilter {
        assessment_id: Some(assessment.clone()),
        ..SessionFilter::default()
    };
    let listed = client.sessions(&filter).await.map_err(Error::Sessions)?;
    if listed.is_empty() {
        check_assessment(client, assessment).await?;
    }
    let statuses = listed
        .into_iter()
        .map(|session| (session.id, session.status));
    Ok(statuses.collect())
}

/// Returns an error unless the key reaches an assessment none of whose sessions was found: they are not gone if it belongs to others.
async fn check_assessment(client: &Client, assessment: &str) -> Result<(), Error> {
    let found = client.assessment(assessment).await;
    found.map(drop).map_err(Error::Assessment)
}
