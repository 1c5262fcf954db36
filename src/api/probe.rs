//! A single request that shows whether the service is usable.

use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use reqwest::header::DATE;
use serde::de::IgnoredAny;

use super::transport::ResponseHead;
use super::{Client, Error};

/// The result of one plain request.
#[derive(Debug)]
pub struct Probe {
    /// The time until the response began.
    pub took: Duration,
    /// How far this machine's clock is ahead of the server's; `None` if the response has no date.
    pub clock_ahead: Option<SignedDuration>,
    /// Whether the request succeeded.
    pub answer: Result<(), Error>,
}

impl Client {
    /// Sends one request that changes nothing.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let (transport, timeout) = (self.transport(), self.config().limits.timeout);
        let url = self.config().base_url.join(&["api", "assessments"])?;
        let request = transport.http()?.get(url).query(&[("limit", "1")]);
        let begun = SystemTime::now();
        let response = transport.send(request, timeout).await?;
        let took = begun.elapsed().unwrap_or_default();
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        let clock_ahead = date.and_then(|date| ahead(begun + took / 2, date));
        let head = ResponseHead::of(&response);
        let body = transport.read_body(response, timeout).await?;
        let answer = transport.interpret_response::<IgnoredAny>(&head, &body);
        Ok(Probe {
            took,
            clock_ahead,
            answer: answer.map(drop).map_err(|attempt| attempt.error),
        })
    }
}

/// Returns how far `here` is ahead of a server's date, which has whole seconds: its second is half over on average.
fn ahead(here: SystemTime, date: SystemTime) -> Option<SignedDuration> {
    let there = date + Duration::from_millis(500);
    match here.duration_since(there) {
        Ok(ahead) => SignedDuration::try_from(ahead).ok(),
        Err(behind) => SignedDuration::try_from(behind.duration()).ok().map(|d| -d),
    }
}
