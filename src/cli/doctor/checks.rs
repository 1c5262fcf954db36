//! The checks of `doctor`.

use std::env;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::text::{CheckResult, CheckStatus};
use crate::api::{self, ApiKeyInfo, Client, Probe};
use crate::cli::options::ApiConnection;
use crate::error::ExitStatus;
use crate::ledger::Ledger;
use crate::settings::{Configuration, Endpoint, PrivatePlace, SettingOrigin, Settings};
use crate::text::count;
use crate::time::{DateTime, zone_name};

/// How far the clock may be off without a warning.
const MAX_CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);
/// How long before its expiry a key gets a warning.
const KEY_EXPIRY_WARNING: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The variables that name a proxy for `https`; the first that is set is used.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Reports the configuration file, which could be read.
pub(super) fn configuration(configuration: &Configuration) -> CheckResult {
    let path = configuration.path.display();
    let names: Vec<&str> = configuration.profiles.keys().map(String::as_str).collect();
    CheckResult::passed(
        "configuration",
        match (configuration.exists, names.as_slice()) {
            (false, _) => format!("none; it would be `{path}`"),
            (true, []) => format!("`{path}`, without profiles"),
            (true, names) => format!("`{path}`, with profiles {}", names.join(", ")),
        },
    )
}

/// Checks everything that needs no request.
pub(super) fn offline_checks(
    settings: &Settings,
    api_connection: &ApiConnection,
) -> Vec<CheckResult> {
    let origins = &settings.origins;
    let zone = CheckResult::passed(
        "time zone",
        match &origins.zone {
            SettingOrigin::Default => {
                format!("{} (this machine's)", zone_name(&settings.zone))
            }
            origin => format!("{} ({origin})", zone_name(&settings.zone)),
        },
    );
    let rate = settings.limits.rate.map_or_else(
        || "no limit on requests per second".to_owned(),
        |rate| format!("at most {rate} requests per second ({})", origins.rate),
    );
    let pace = format!(
        "{} requests in flight ({}), {rate}",
        settings.limits.concurrency, origins.concurrency
    );
    let Endpoint::Api {
        key,
        ca_certificates,
        ..
    } = &settings.endpoint
    else {
        return vec![zone, CheckResult::passed("pace", pace)];
    };
    let mut results = vec![zone, CheckResult::passed("pace", pace)];
    if let Some(ca_certificates) = ca_certificates {
        let count = ca_certificates.count();
        let found = format!(
            "{count} more than this machine's ({})",
            origins.ca_certificates
        );
        results.push(CheckResult::passed("certificates", found));
    }
    if let Some(found) = proxy(api_connection) {
        results.push(CheckResult::passed("proxy", found));
    }
    results.push(match (key, &origins.key) {
        (Some(key), Some(source)) => {
            let found = format!("{} from {source}", key.prefix());
            let mut warnings = settings.warnings.iter();
            match warnings.find(|warning| warning.place == PrivatePlace::KeyFile) {
                Some(warning) => {
                    CheckResult::warning("key", format!("{found}: {warning}"), warning.hint())
                }
                None => CheckResult::passed("key", found),
            }
        }
        // The API refused nothing: a setting is missing.
        _ => CheckResult {
            state: CheckStatus::Failed(ExitStatus::Usage),
            ..CheckResult::failed("key", &api::Error::NoKey.into())
        },
    });
    results
}

/// Checks everything that needs requests.
pub(super) async fn online_checks(
    settings: &Settings,
    api_connection: &ApiConnection,
) -> Vec<CheckResult> {
    let client = &api_connection.client;
    let address = format!(
        "{} ({})",
        client.config().base_url,
        if api_connection.is_sandbox {
            "the sandbox".to_owned()
        } else {
            settings.origins.api_url.to_string()
        }
    );
    if client.config().key.is_none() {
        let found = format!("{address}: not checked without a key");
        return vec![CheckResult::warning("api", found, "set a key first")];
    }
    let probe = match client.probe().await {
        Ok(probe) => probe,
        Err(error) => return vec![unreachable(&address, error)],
    };
    let mut results = vec![clock(&probe)];
    let took = probe.took.as_millis();
    if let Err(error) = probe.answer {
        results.insert(0, unreachable(&address, error));
        return results;
    }
    let answered = format!("{address}, answered in {took} ms");
    results.insert(0, CheckResult::passed("api", answered));
    results.push(access(client, settings).await);
    results.push(assessment(settings, api_connection).await);
    results
}

fn unreachable(address: &str, error: api::Error) -> CheckResult {
    let mut result = CheckResult::failed("api", &error.into());
    result.found = format!("{address}: {}", result.found);
    result
}

fn clock(probe: &Probe) -> CheckResult {
    match probe.clock_ahead {
        None => CheckResult::warning(
            "clock",
            "the API sent no time to compare it with",
            "compare it with another clock: deadlines depend on it",
        ),
        Some(ahead) if ahead.abs() <= MAX_CLOCK_SKEW => CheckResult::passed(
            "clock",
            format!("within {} s of the API's", ahead.abs().as_secs() + 1),
        ),
        Some(ahead) => {
            let side = if ahead.is_positive() {
                "ahead of"
            } else {
                "behind"
            };
            CheckResult::warning(
                "clock",
                format!(
                    "{:#} {side} the API's",
                    SignedDuration::from_secs(ahead.abs().as_secs())
                ),
                "set this machine's clock: `now()`, `today()` and deadlines depend on it",
            )
        }
    }
}

/// Checks whether the key may invite: only the key of an admin lists keys. Scopes are documented as not used yet.
async fn access(client: &Client, settings: &Settings) -> CheckResult {
    const NAME: &str = "access";
    let unknown =
        "inviting needs a key of an owner or admin; only an invitation shows whether this key may";
    match client.own_api_key().await {
        Ok(Some(key)) => key_details(&key, settings),
        Ok(None) => {
            CheckResult::passed(NAME, "a key with admin access, which the API does not list")
        }
        Err(error) if error.status() == Some(403) => CheckResult::warning(
            NAME,
            "the key may not list keys, so it may not be an admin's",
            unknown,
        ),
        Err(error) => CheckResult::warning(NAME, format!("unknown: {error}"), unknown),
    }
}

fn key_details(key: &ApiKeyInfo, settings: &Settings) -> CheckResult {
    const NAME: &str = "access";
    let name = key.name.as_deref().unwrap_or("without name");
    let expires = key.expires_at.as_ref().and_then(api::Time::timestamp);
    let until = expires.map_or_else(String::new, |at| {
        format!(", until {}", DateTime::of(at, &settings.zone).to_minute())
    });
    let found = format!("key `{name}`, with admin access{until}");
    let hint = "create a new key in Gradient's settings";
    if key.is_active == Some(false) {
        return CheckResult {
            state: CheckStatus::Failed(ExitStatus::Refused),
            ..CheckResult::warning(NAME, format!("{found}; it is not active"), hint)
        };
    }
    if expires.is_some_and(|at| at.duration_since(Timestamp::now()) < KEY_EXPIRY_WARNING) {
        return CheckResult::warning(NAME, format!("{found}: it expires soon"), hint);
    }
    CheckResult::passed(NAME, found)
}

async fn assessment(settings: &Settings, api_connection: &ApiConnection) -> CheckResult {
    const NAME: &str = "assessment";
    let Some(reference) = &api_connection.assessment else {
        return CheckResult::warning(
            NAME,
            "none is set",
            "set one with `--assessment` or `GRADIENT_ASSESSMENT_ID`, in a profile, or in each script",
        );
    };
    let origin = &settings.origins.assessment;
    match api_connection.client.assessment(reference).await {
        Ok(found) => {
            let label = format!("{}, {} ({origin})", found.label(), found.id);
            if found.is_active == Some(false) {
                let hint = "activate it in Gradient, or use another one";
                return CheckResult::warning(NAME, format!("{label} is not active"), hint);
            }
            CheckResult::passed(NAME, label)
        }
        Err(error) => {
            let mut result = CheckResult::failed(NAME, &error.into());
            result.found = format!("{} ({origin})", result.found);
            result
        }
    }
}

/// Checks the ledger, if there is one already.
pub(super) fn ledger(path: &Path) -> CheckResult {
    const NAME: &str = "ledger";
    let examined = Ledger::open_existing(path)
        .and_then(|ledger| ledger.map(|ledger| ledger.check_integrity()).transpose());
    let path = path.display();
    let health = match examined {
        Ok(Some(health)) => health,
        Ok(None) => return CheckResult::passed(NAME, format!("none yet; it would be `{path}`")),
        Err(error) => return CheckResult::failed(NAME, &error.into()),
    };
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let megabytes = health.bytes as f64 / 1_048_576.0;
    let runs = count(health.runs, "run");
    let found = format!(
        "`{path}`: {runs}, {megabytes:.1} MiB, format {}",
        health.format
    );
    if let Some(damage) = health.integrity_errors.first() {
        return CheckResult {
            state: CheckStatus::Failed(ExitStatus::ScriptError),
            ..CheckResult::warning(
                NAME,
                format!("{found}; it is damaged: {damage}"),
                "keep a copy of the file: `sqlite3 FILE .recover` saves what can be read; use another one with `--ledger`",
            )
        };
    }
    if health.is_readable_by_others {
        let hint = format!("`chmod 600 {path}` makes it private");
        return CheckResult::warning(NAME, format!("{found}; others can read it"), hint);
    }
    CheckResult::passed(NAME, format!("{found}, intact"))
}

/// Returns the proxy that requests may go through, without its password.
fn proxy(api_connection: &ApiConnection) -> Option<String> {
    if api_connection.client.config().base_url.is_loopback() {
        return None;
    }
    let set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let name = PROXY_VARIABLES.iter().find(|name| set(name))?;
    let value = env::var(name).ok()?;
    let (_, endpoint) = value.rsplit_once('@').unwrap_or(("", &value));
    let exception = if ["NO_PROXY", "no_proxy"].iter().any(set) {
        ", except for hosts in `NO_PROXY`"
    } else {
        ""
    };
    Some(format!("{endpoint} (`{name}`){exception}"))
}
