//! What can go wrong between this machine and the API.

use std::time::Duration;

use crate::error_code::ErrorCode;

/// A request that got no usable answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No key is configured.
    #[error("no API key")]
    NoKey,
    /// The configured key cannot be one.
    #[error("the API key is malformed: it must start with `gai_` and hold no spaces")]
    MalformedKey,
    /// The configured address is no address.
    #[error("bad API address `{url}`: {reason}")]
    BadAddress {
        /// The address as given, without credentials.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The key would travel in clear text.
    #[error("refusing to send the API key over plain http to `{url}`")]
    PlainHttp {
        /// The address as given.
        url: String,
    },
    /// An id that no object can have.
    #[error("`{id}` is no id")]
    BadId {
        /// The id as given.
        id: String,
    },
    /// A certificate of an authority cannot be used.
    #[error("bad certificate: {reason}")]
    BadCertificate {
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client could not be set up.
    #[error("cannot set up the HTTP client: {0}")]
    ClientSetup(#[source] reqwest::Error),
    /// No connection came about.
    #[error("cannot connect to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// The server did not answer in time.
    #[error("{host} did not answer within {} s", limit.as_secs_f64())]
    Timeout {
        /// Host and port.
        host: String,
        /// The time it had.
        limit: Duration,
    },
    /// The connection broke while the answer came.
    #[error("the connection to {host} broke: {reason}")]
    ConnectionLost {
        /// Host and port.
        host: String,
        /// The innermost cause.
        reason: String,
    },
    /// The API refused the request.
    #[error("the API answered {status}: {}", format_reason(message.as_deref(), code.as_deref()))]
    ErrorResponse {
        /// HTTP status.
        status: u16,
        /// `error.code` of the answer.
        code: Option<String>,
        /// `error.message` of the answer.
        message: Option<String>,
    },
    /// The answer is no JSON, such as a proxy's page.
    #[error("{host} answered {status} with something that is not JSON: `{first_line}`")]
    NotJson {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// First line of the body, shortened.
        first_line: String,
    },
    /// The answer is JSON of another shape than documented.
    #[error("{host} answered {status} with unexpected JSON: {reason}")]
    UnexpectedJson {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// What did not fit.
        reason: String,
    },
    /// The answer is larger than any answer should be.
    #[error("{host} sent more than {limit} bytes")]
    TooLarge {
        /// Host and port.
        host: String,
        /// The bound, in bytes.
        limit: usize,
    },
    /// No assessment has this id or name.
    #[error("no assessment `{reference}`")]
    UnknownAssessment {
        /// The id or name as given.
        reference: String,
        /// The nearest names.
        suggestions: Vec<String>,
    },
    /// Several assessments have this name.
    #[error("`{reference}` is the name of {} assessments", ids.len())]
    AmbiguousAssessment {
        /// The name as given.
        reference: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// Nobody knows whether a request was carried out that does more each time it is.
    #[error("it may have been done all the same, and is not tried again: {after}")]
    OutcomeUnknown {
        /// What came instead of an answer.
        #[source]
        after: Box<Error>,
    },
    /// It was to be given up before it had an answer.
    #[error("interrupted before there was an answer")]
    Cancelled {
        /// What came of the last attempt, where there was one: the API may have done it even so.
        #[source]
        after: Option<Box<Error>>,
    },
}

fn format_reason(message: Option<&str>, code: Option<&str>) -> String {
    match (message, code) {
        (Some(message), Some(code)) => format!("{message} ({code})"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => "no reason given".to_owned(),
    }
}

impl Error {
    /// Returns the HTTP status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::ErrorResponse { status, .. }
            | Self::NotJson { status, .. }
            | Self::UnexpectedJson { status, .. } => Some(*status),
            Self::OutcomeUnknown { after } => after.status(),
            _ => None,
        }
    }

    /// Tells whether the request may have been carried out, though there was no usable answer.
    pub(super) fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::ConnectionLost { .. } | Self::TooLarge { .. } => true,
            Self::ErrorResponse { status, .. }
            | Self::NotJson { status, .. }
            | Self::UnexpectedJson { status, .. } => *status < 300 || *status >= 500,
            _ => false,
        }
    }

    /// Tells whether the API refuses the key or its rights, so that no further request can succeed.
    #[must_use]
    pub fn is_auth_error(&self) -> bool {
        matches!(self, Self::NoKey | Self::MalformedKey) || matches!(self.status(), Some(401 | 403))
    }

    /// Tells whether the service, or the way to it, seems to be out of order, whatever the request.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::Timeout { .. }
            | Self::ConnectionLost { .. }
            | Self::NotJson { .. } => true,
            // A 429 becomes an error only where the API let nobody through for long.
            Self::ErrorResponse { status, .. } => *status == 429 || *status >= 500,
            Self::OutcomeUnknown { after } => after.is_outage(),
            _ => false,
        }
    }

    /// Returns the code that scripts see.
    #[must_use]
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
            Self::BadId { .. } | Self::ErrorResponse { status: 404, .. } => ErrorCode::NotFound,
            Self::ErrorResponse { status: 409, .. } => ErrorCode::WrongState,
            Self::ErrorResponse { status: 429, .. } => ErrorCode::RateLimited,
            Self::ErrorResponse { status, .. } if *status < 500 => ErrorCode::BadRequest,
            Self::ErrorResponse { .. } => ErrorCode::ServerError,
            Self::NotJson { .. } | Self::UnexpectedJson { .. } | Self::TooLarge { .. } => {
                ErrorCode::BadAnswer
            }
            Self::UnknownAssessment { .. } => ErrorCode::UnknownAssessment,
            Self::AmbiguousAssessment { .. } => ErrorCode::AmbiguousAssessment,
            Self::OutcomeUnknown { after } => after.error_code(),
            Self::Cancelled { .. } => ErrorCode::Interrupted,
        }
    }

    /// Returns what the user can do about it.
    #[must_use]
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
                "a proxy of your company may answer for the service: `--ca-file` names its certificate"
            }
            Self::Connect { .. } => {
                "check the network and `--api-url`; to rehearse without the service, use `--sandbox`"
            }
            Self::Timeout { .. } => {
                "the server may still have done it: asking again is safe, since invites are idempotent; `--timeout` gives it longer"
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
            } => "the API gives a reason: `--api-url` may lead to something else, so check it",
            Self::OutcomeUnknown { .. } => "the session's status tells whether it was done",
            Self::NotJson { .. } => {
                "a proxy or a login page may stand between you and the API; check `--api-url`"
            }
            Self::UnknownAssessment { suggestions, .. } if suggestions.is_empty() => {
                "`gradient-bulk repl -e \"list_assessments()\"` shows what the key can see"
            }
            Self::UnknownAssessment { suggestions, .. } => {
                let names: Vec<String> =
                    suggestions.iter().map(|name| format!("`{name}`")).collect();
                return Some(format!("did you mean {}?", names.join(" or ")));
            }
            Self::AmbiguousAssessment { ids, .. } => {
                return Some(format!("use an id: {}", ids.join(", ")));
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}
