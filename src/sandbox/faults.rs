//! The faults of a sandbox, parsed from specs such as `drop=7`. `fault_injector` carries them out.

use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;
use jiff::SignedDuration;

/// The spec of every fault, and what it does.
///
/// N counts all requests to a server from 1, over all connections; for `open`, only those that show a single session. TIME is like `50ms`, `2s` or `1m`.
pub const FAULT_SPECS: [(&str, &str); 13] = [
    ("latency=TIME", "take at least TIME to answer each request"),
    (
        "drop=N",
        "close the connection at every Nth request instead of carrying it out",
    ),
    (
        "lose=N",
        "carry out every Nth request, but close the connection without a response",
    ),
    (
        "error=N[:STATUS]",
        "refuse every Nth request with STATUS, 500 if not given",
    ),
    (
        "html=N",
        "answer every Nth request with status 200 and an HTML page instead of carrying it out",
    ),
    (
        "truncate=N",
        "carry out every Nth request, but send only half of the response",
    ),
    (
        "empty=N",
        "carry out every Nth request, but answer success with status 204 and no body",
    ),
    ("stall=N:TIME", "carry out every Nth request after TIME"),
    (
        "late=N:TIME",
        "if every Nth request is an invite, look for a session at once, but create one only after TIME",
    ),
    (
        "open=N",
        "let a candidate open the link just before every Nth request that shows a single session",
    ),
    ("rate=N", "refuse requests beyond N per second with 429"),
    (
        "retry-after=date",
        "with rate: send `Retry-After` as a date, not in seconds",
    ),
    (
        "short-list=N",
        "leave out all but the first N entries of each list, but not from its `total`",
    ),
];

/// The faults that a sandbox shows on purpose; none by default.
///
/// A request shows the first fault given that applies to it, or only a 429 if it exceeds the rate. The latency is added to both,
/// and lists are shortened as well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// The minimum time of every request.
    pub(crate) latency: Option<Duration>,
    /// Requests per second.
    pub(crate) rate: Option<NonZeroU32>,
    pub(crate) retry_after_format: RetryAfterFormat,
    /// The number of entries that each list has.
    pub(crate) short_list: Option<NonZeroUsize>,
    /// Before every how many requests for a single session its candidate opens the link.
    pub(crate) open: Option<NonZeroU64>,
    rules: Vec<Rule>,
}

/// How a `Retry-After` header is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum RetryAfterFormat {
    #[default]
    Seconds,
    Date,
}

/// What happens to a request, as [`FAULT_SPECS`] describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Drop,
    Lose,
    Error(StatusCode),
    Html,
    Truncate,
    Empty,
    Stall(Duration),
    Late(Duration),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    every: NonZeroU64,
    fault: Fault,
}

/// Why a spec is not valid.
#[derive(Debug, thiserror::Error)]
#[error("cannot simulate the fault `{spec}`: {reason}")]
pub struct FaultSpecError {
    spec: String,
    reason: String,
}

impl FaultSpecError {
    pub(crate) fn hint() -> String {
        let specs = FAULT_SPECS.map(|(spec, _)| format!("`{spec}`"));
        format!("the faults are {}", specs.join(", "))
    }
}

impl Faults {
    /// Parses specs as in [`FAULT_SPECS`].
    pub fn parse(specs: &[String]) -> Result<Self, FaultSpecError> {
        let mut faults = Self::default();
        for spec in specs {
            faults
                .add(spec)
                .map_err(|reason| invalid_spec(spec, reason))?;
        }
        match specs.iter().find(|spec| spec.starts_with("retry-after=")) {
            Some(spec) if faults.rate.is_none() => {
                Err(invalid_spec(spec, "it needs `rate=N` too".to_owned()))
            }
            _ => Ok(faults),
        }
    }

    /// Returns the fault of the request with this number.
    pub(crate) fn fault_for(&self, number: u64) -> Option<Fault> {
        self.rules
            .iter()
            .find(|rule| number.is_multiple_of(rule.every.get()))
            .map(|rule| rule.fault)
    }

    fn add(&mut self, spec: &str) -> Result<(), String> {
        let (name, value) = spec.split_once('=').unwrap_or((spec, ""));
        match name {
            "latency" => set_once(&mut self.latency, duration(value)?),
            "rate" => set_once(&mut self.rate, number(value)?),
            "open" => set_once(&mut self.open, number(value)?),
            "short-list" => set_once(&mut self.short_list, number(value)?),
            "retry-after" if value == "date" => {
                self.retry_after_format = RetryAfterFormat::Date;
                Ok(())
            }
            "retry-after" => Err(format!("`{value}` is not `date`")),
            "drop" => self.add_rule(value, Fault::Drop),
            "lose" => self.add_rule(value, Fault::Lose),
            "html" => self.add_rule(value, Fault::Html),
            "truncate" => self.add_rule(value, Fault::Truncate),
            "empty" => self.add_rule(value, Fault::Empty),
            "error" => {
                let (every, status) = value.split_once(':').unwrap_or((value, "500"));
                self.add_rule(every, Fault::Error(parse_error_status(status)?))
            }
            "stall" => self.add_timed_rule(value, Fault::Stall),
            "late" => self.add_timed_rule(value, Fault::Late),
            _ => Err(format!("unknown fault `{name}`")),
        }
    }

    fn add_timed_rule(
        &mut self,
        value: &str,
        fault: impl Fn(Duration) -> Fault,
    ) -> Result<(), String> {
        let (every, time) = value.split_once(':').unwrap_or((value, ""));
        self.add_rule(every, fault(duration(time)?))
    }

    fn add_rule(&mut self, every: &str, fault: Fault) -> Result<(), String> {
        let every = number(every)?;
        self.rules.push(Rule { every, fault });
        Ok(())
    }
}

fn invalid_spec(spec: &str, reason: String) -> FaultSpecError {
    FaultSpecError {
        spec: spec.to_owned(),
        reason,
    }
}

fn set_once<T>(slot: &mut Option<T>, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err("it is given twice".to_owned()),
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a whole number from 1"))
}

fn parse_error_status(text: &str) -> Result<StatusCode, String> {
    text.parse()
        .ok()
        .filter(|status: &StatusCode| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| format!("`{text}` is not a status from 400 to 599"))
}

fn duration(text: &str) -> Result<Duration, String> {
    let span = text.parse::<SignedDuration>().ok();
    span.and_then(|span| Duration::try_from(span).ok())
        .ok_or_else(|| format!("`{text}` is not a time like `50ms`, `2s` or `1m`"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use std::num::{NonZeroU32, NonZeroUsize};
    use std::time::Duration;

    use axum::http::StatusCode;

    use super::{FAULT_SPECS, Fault, FaultSpecError, Faults, RetryAfterFormat};

    fn parse(specs: &[&str]) -> Result<Faults, String> {
        let specs: Vec<String> = specs.iter().map(ToString::to_string).collect();
        Faults::parse(&specs).map_err(|error| error.to_string())
    }

    #[test]
    fn settings_are_read() {
        let specs = [
            "latency=50ms",
            "rate=200",
            "retry-after=date",
            "short-list=100",
        ];
        let faults = parse(&specs).unwrap();
        assert_eq!(faults.latency, Some(Duration::from_millis(50)));
        assert_eq!(faults.rate, NonZeroU32::new(200));
        assert_eq!(faults.retry_after_format, RetryAfterFormat::Date);
        assert_eq!(faults.short_list, NonZeroUsize::new(100));
    }

    #[test]
    fn times_have_three_units() {
        for (text, millis) in [("0ms", 0), ("50ms", 50), ("2s", 2_000), ("1m", 60_000)] {
            let faults = parse(&[&format!("latency={text}")]).unwrap();
            assert_eq!(faults.latency, Some(Duration::from_millis(millis)));
        }
    }

    #[test]
    fn a_fault_applies_to_every_nth_request() {
        let faults = parse(&["drop=3"]).unwrap();
        let affected = (1..=10).filter(|number| faults.fault_for(*number).is_some());
        assert_eq!(affected.collect::<Vec<u64>>(), [3, 6, 9]);
        assert_eq!(faults.fault_for(3), Some(Fault::Drop));
    }

    #[test]
    fn the_first_of_several_faults_applies() {
        let specs = [
            "error=4:503",
            "lose=2",
            "error=3",
            "html=5",
            "truncate=7",
            "empty=17",
            "stall=11:30s",
            "late=13:2s",
        ];
        let faults = parse(&specs).unwrap();
        let refused = |status| Some(Fault::Error(status));
        assert_eq!(faults.fault_for(1), None);
        assert_eq!(faults.fault_for(2), Some(Fault::Lose));
        assert_eq!(
            faults.fault_for(3),
            refused(StatusCode::INTERNAL_SERVER_ERROR)
        );
        assert_eq!(
            faults.fault_for(4),
            refused(StatusCode::SERVICE_UNAVAILABLE)
        );
        assert_eq!(faults.fault_for(5), Some(Fault::Html));
        assert_eq!(faults.fault_for(6), Some(Fault::Lose));
        assert_eq!(faults.fault_for(7), Some(Fault::Truncate));
        assert_eq!(faults.fault_for(17), Some(Fault::Empty));
        let stall = Fault::Stall(Duration::from_secs(30));
        assert_eq!(faults.fault_for(11), Some(stall));
        let late = Fault::Late(Duration::from_secs(2));
        assert_eq!(faults.fault_for(13), Some(late));
        assert_eq!(
            faults.fault_for(12),
            refused(StatusCode::SERVICE_UNAVAILABLE)
        );
    }

    #[test]
    fn errors_show_the_spec_and_the_reason() {
        for (spec, reason) in [
            ("dorp=7", "unknown fault `dorp`"),
            ("", "unknown fault ``"),
            ("drop", "`` is not a whole number"),
            ("drop=0", "`0` is not a whole number"),
            ("error=7:200", "`200` is not a status"),
            ("latency=50", "`50` is not a time"),
            ("short-list=0", "`0` is not a whole number from 1"),
            ("latency=-2s", "`-2s` is not a time"),
            (
                "latency=999999999999999999m",
                "`999999999999999999m` is not",
            ),
            ("stall=7", "`` is not a time"),
            ("open=0", "`0` is not a whole number from 1"),
            ("late=7:soon", "`soon` is not a time"),
            ("retry-after=monday", "`monday` is not `date`"),
            ("retry-after=date", "it needs `rate=N`"),
        ] {
            let error = parse(&["drop=7", spec]).unwrap_err();
            let start = format!("cannot simulate the fault `{spec}`: {reason}");
            assert!(error.starts_with(&start), "{error}");
        }
    }

    #[test]
    fn a_setting_is_given_once() {
        let error = parse(&["rate=1", "rate=2"]).unwrap_err();
        assert_eq!(
            error,
            "cannot simulate the fault `rate=2`: it is given twice"
        );
        assert!(parse(&["latency=1s", "latency=1s"]).is_err());
    }

    #[test]
    fn the_hint_lists_every_fault() {
        let hint = FaultSpecError::hint();
        assert!(FAULT_SPECS.iter().all(|(spec, _)| hint.contains(spec)));
    }
}
