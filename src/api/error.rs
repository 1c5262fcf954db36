//! Errors between this machine and the API.

use crate::text::join_names;
use std::time::Duration;

use crate::error_code::ErrorCode;

/// Why a request has no usable response.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no API key")]
    NoKey,
    #[error("the API key is malformed: it must start with `gai_` and contain no spaces")]
    MalformedKey,
    #[error("bad API address `{url}`: {reason}")]
    BadAddress {
        /// Without credentials.
        url: String,
        reason: String,
    },
    #[error("refusing to send the API key over plain http to `{url}`")]
    PlainHttp { url: String },
    #[error("`{id}` is not a valid id")]
    BadId { id: String },
    #[error("bad certificate: {reason}")]
    BadCertificate { reason: String },
    #[error("cannot set up the HTTP client: {0}")]
    ClientSetup(#[source] reqwest::Error),
    #[error("cannot connect to {host}: {reason}")]
    Connect { host: String, reason: String },
    #[error("{host} did not answer within {} s", limit.as_secs_f64())]
    Timeout {
        host: String,
        limit: Duration,
        /// The connection was not made, so the request was not sent.
        while_connecting: bool,
    },
    #[error("the connection to {host} broke: {reason}")]
    ConnectionLost { host: String, reason: String },
    /// The API refused the request.
    #[error("the API answered {status}: {}", format_reason(message.as_deref(), code.as_deref()))]
    ErrorResponse {
        status: u16,
        /// `error.code` of the body, or what is like it.
        code: Option<String>,
        /// `error.message` of the body, or any other text in it. One line, truncated.
        message: Option<String>,
    },
    /// The API names another address.
    #[error("{host} answered {status}, a redirect to `{location}`")]
    Redirect {
        host: String,
        status: u16,
        /// Without the query.
        location: String,
    },
    /// The body is not JSON, such as a proxy's page.
    #[error("{host} answered {status} with {}", describe_body(first_line))]
    NotJson {
        host: String,
        status: u16,
        /// Truncated.
        first_line: String,
    },
    /// The body does not have the documented form.
    #[error("{host} answered {status} with unexpected JSON: {reason}")]
    UnexpectedJson {
        host: String,
        status: u16,
        reason: String,
    },
    /// The session in the response to an invite belongs to another candidate or another assessment.
    #[error(
        "the API answered {status} with a session of another {owner} (`{id}`), so its link is not used"
    )]
    OtherSession {
        status: u16,
        /// `candidate` or `assessment`.
        owner: &'static str,
        /// The address of the other candidate, or the id of the other assessment.
        id: String,
    },
    #[error("{host} sent more than {limit} bytes")]
    TooLarge { host: String, limit: usize },
    /// The list was too short each time it was read.
    #[error("the API listed {listed} of {total} {list}")]
    IncompleteList {
        list: &'static str,
        listed: usize,
        /// How many entries the API says there are.
        total: usize,
    },
    #[error("the API's list of {list} has more than 100,000 pages or 1 GiB")]
    EndlessList { list: &'static str },
    /// The list has no `total`, so nobody knows whether it is complete.
    #[error(
        "the API repeated a page of its list after {listed} {list}, and does not say how many there are"
    )]
    RepeatedPage { list: &'static str, listed: usize },
    #[error("no assessment `{reference}`")]
    UnknownAssessment {
        reference: String,
        suggestions: Vec<String>,
    },
    #[error("`{reference}` is the name of {} assessments", ids.len())]
    AmbiguousAssessment { reference: String, ids: Vec<String> },
    /// A request that is not idempotent may have had its effect.
    #[error("the request may have been carried out, so it is not retried: {after}")]
    OutcomeUnknown {
        #[source]
        after: Box<Error>,
    },
    /// The caller cancelled the request.
    #[error("interrupted before there was a response")]
    Cancelled {
        /// The error of the last attempt, if there was one: that attempt may have had its effect.
        #[source]
        after: Option<Box<Error>>,
    },
}

fn describe_body(first_line: &str) -> String {
    if first_line.is_empty() {
        "an empty body".to_owned()
    } else {
        format!("something that is not JSON: `{first_line}`")
    }
}

fn format_reason(message: Option<&str>, code: Option<&str>) -> String {
    match (message, code) {
        (Some(message), Some(code)) => format!("{message} ({code})"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => "no reason given".to_owned(),
    }
}

impl Error {
    /// Returns the HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::ErrorResponse { status, .. }
            | Self::Redirect { status, .. }
            | Self::NotJson { status, .. }
            | Self::UnexpectedJson { status, .. }
            | Self::OtherSession { status, .. } => Some(*status),
            Self::OutcomeUnknown { after } => after.status(),
            _ => None,
        }
    }

    /// Returns whether the request may have been carried out although its response is missing or unusable.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Timeout {
                while_connecting, ..
            } => !while_connecting,
            Self::ConnectionLost { .. } | Self::TooLarge { .. } => true,
            Self::ErrorResponse { status, .. }
            | Self::NotJson { status, .. }
            | Self::UnexpectedJson { status, .. } => *status < 300 || *status >= 500,
            _ => false,
        }
    }

    /// Returns whether the API may still be carrying out the request: nothing that was received shows that it has ended.
    pub fn is_unclear(&self) -> bool {
        match self {
            Self::Timeout {
                while_connecting, ..
            } => !while_connecting,
            Self::ConnectionLost { .. } => true,
            // A proxy gave up on the service.
            Self::ErrorResponse { status, .. } => matches!(status, 502 | 504 | 520..),
            // Or the proxy answered in its place.
            Self::NotJson { status, .. } => matches!(status, 200..300 | 502 | 504 | 520..),
            _ => false,
        }
    }

    /// Returns whether the API refuses the key or its permissions, so that no further request can succeed.
    pub fn is_auth_error(&self) -> bool {
        matches!(self, Self::NoKey | Self::MalformedKey) || matches!(self.status(), Some(401 | 403))
    }

    /// Returns whether the API says that what was asked for does not exist. A response without a code may be that of a proxy, which
    /// cannot know.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::ErrorResponse {
                status: 404 | 410,
                code: Some(_),
                ..
            }
        )
    }

    /// Returns whether the service or the network seems to be down, whatever the request.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::ConnectionLost { .. }
            | Self::Redirect { .. }
            | Self::NotJson { .. } => true,
            // A 429 becomes an error only after the API has refused all requests for a while.
            Self::ErrorResponse { status, .. } => *status == 429 || *status >= 500,
            Self::OutcomeUnknown { after } => after.is_outage(),
            _ => false,
        }
    }

    /// Returns the code that scripts see.
    pub fn error_code(&self) -> ErrorCode {
        match self {
            Self::NoKey => ErrorCode::NoKey,
            Self::MalformedKey => ErrorCode::MalformedKey,
            Self::BadAddress { .. } | Self::PlainHttp { .. } => ErrorCode::BadAddress,
            Self::BadCertificate { .. } => ErrorCode::BadCertificate,
            Self::ClientSetup(_) | Self::Connect { .. } | Self::ConnectionLost { .. } => {
                ErrorCode::Connection
            }
            Self::Timeout { .. } => ErrorCode::Timeout,
            Self::ErrorResponse { status: 401, .. } => ErrorCode::Unauthorized,
            Self::ErrorResponse { status: 403, .. } => ErrorCode::Forbidden,
            Self::BadId { .. }
            | Self::ErrorResponse {
                status: 404 | 410, ..
            } => ErrorCode::NotFound,
            Self::ErrorResponse { status: 409, .. } => ErrorCode::WrongState,
            Self::ErrorResponse { status: 429, .. } => ErrorCode::RateLimited,
            Self::ErrorResponse { status, .. } if *status < 500 => ErrorCode::BadRequest,
            Self::ErrorResponse { .. } => ErrorCode::ServerError,
            Self::Redirect { .. }
            | Self::NotJson { .. }
            | Self::UnexpectedJson { .. }
            | Self::OtherSession { .. }
            | Self::TooLarge { .. }
            | Self::IncompleteList { .. }
            | Self::EndlessList { .. }
            | Self::RepeatedPage { .. } => ErrorCode::BadAnswer,
            Self::UnknownAssessment { .. } => ErrorCode::UnknownAssessment,
            Self::AmbiguousAssessment { .. } => ErrorCode::AmbiguousAssessment,
            Self::OutcomeUnknown { after } => after.error_code(),
            Self::Cancelled { .. } => ErrorCode::Interrupted,
        }
    }

    /// Returns what the user can do about the error.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoKey => {
                "set `GRADIENT_API_KEY`, or name a file with `--api-key-file`; to rehearse without a key, use `--sandbox`"
            }
            Self::PlainHttp { .. } => {
                "use an https:// address; http is for servers on this machine only"
            }
            Self::BadAddress { .. } => "the address looks like `https://app.trygradient.ai`",
            Self::Connect { reason, .. } if reason.contains("certificate") => {
                "your company's proxy may have replaced the API's certificate: pass its certificate with `--ca-file`"
            }
            Self::Connect { .. } => {
                "check the network and `--api-url`; to rehearse without the API, use `--sandbox`"
            }
            Self::Timeout { .. } => {
                "the server may still be carrying it out; `--timeout` allows more time"
            }
            Self::ErrorResponse { status: 401, .. } => {
                "the key is wrong, expired or revoked; make a new one in Gradient's settings"
            }
            Self::ErrorResponse { status: 403, .. } => {
                "inviting needs a key with admin access (role owner or admin)"
            }
            Self::ErrorResponse {
                code: None,
                message: None,
                ..
            } => "the API always gives a reason, so this may be another server; check `--api-url`",
            Self::ErrorResponse {
                status: 404 | 410,
                code: None,
                ..
            } => "the API always gives a code, so this may be another server; check `--api-url`",
            Self::Redirect { .. } => {
                "redirects are not followed, because the key must not reach another server; if that is the address of the API, pass it with `--api-url`"
            }
            Self::OutcomeUnknown { .. } => "check the session's status to see whether it was",
            Self::NotJson { .. } => {
                "a proxy or a login page may have answered instead of the API; check `--api-url`"
            }
            Self::IncompleteList { .. } | Self::RepeatedPage { .. } => {
                "try again later; if the list stays short, ask Gradient why"
            }
            Self::OtherSession { owner, .. } => {
                return Some(format!(
                    "look at the sessions of both {owner}s, and ask Gradient why"
                ));
            }
            Self::EndlessList { .. } => {
                "the API may answer every request with more; ask Gradient why"
            }
            Self::UnknownAssessment { suggestions, .. } if suggestions.is_empty() => {
                "`gradient-bulk repl -e \"list_assessments()\"` shows what the key can see"
            }
            Self::UnknownAssessment { suggestions, .. } => {
                return Some(format!("did you mean {}?", join_names(suggestions, "or")));
            }
            Self::AmbiguousAssessment { ids, .. } => {
                return Some(format!("use an id: {}", ids.join(", ")));
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
