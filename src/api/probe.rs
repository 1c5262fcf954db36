//! What tells whether the service can be used: one plain request.

use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use reqwest::header::DATE;

use super::{Client, Error};

/// What one plain request showed.
#[derive(Debug)]
pub struct Probe {
    /// How long the answer took.
    pub took: Duration,
    /// How far this machine's clock is ahead of the service's; `None` where the answer has no date.
    pub clock_ahead: Option<SignedDuration>,
    /// Whether the request was answered as asked.
    pub answer: Result<(), Error>,
}

impl Client {
    /// Sends one request that changes nothing.
    ///
    /// # Errors
    /// There is no key, or no answer.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let timeout = self.config().timeout;
        let url = self.url(&["api", "assessments"])?;
        let request = self.http()?.get(url).query(&[("limit", "1")]);
        let begun = SystemTime::now();
        let sent = request.timeout(timeout).send().await;
        let response = sent.map_err(|error| self.transport_error(&error, timeout))?;
        let took = begun.elapsed().unwrap_or_default();
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        let clock_ahead = date.and_then(|date| ahead(begun + took / 2, date));
        let status = response.status().as_u16();
        let body = self.read_body(response, timeout).await?;
        let answer = if (200..300).contains(&status) {
            match serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
                Ok(_) => Ok(()),
                Err(_) => Err(self.not_json(status, &body)),
            }
        } else {
            Err(self.error_response(status, &body))
        };
        Ok(Probe {
            took,
            clock_ahead,
            answer,
        })
    }
}

/// How far `here` is ahead of a clock that shows whole seconds.
fn ahead(here: SystemTime, shown: SystemTime) -> Option<SignedDuration> {
    let there = shown + Duration::from_millis(500);
    match here.duration_since(there) {
        Ok(ahead) => SignedDuration::try_from(ahead).ok(),
        Err(behind) => SignedDuration::try_from(behind.duration()).ok().map(|d| -d),
    }
}
