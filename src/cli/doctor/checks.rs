//! What `doctor` looks at.

use std::env;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::finding::{Finding, State};
use crate::api::{self, ApiKey, Client, Probe};
use crate::cli::options::Connected;
use crate::error::ExitStatus;
use crate::ledger::Ledger;
use crate::moment::{DateTime, zone_name};
use crate::settings::{Configuration, Place, Settings, Warning};

/// How far the clock may be off.
const SKEW: SignedDuration = SignedDuration::from_secs(30);
/// How long before its end a key is spoken of.
const ENDING: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The variables that name a proxy for `https`, the first that is set counts.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The configuration file, which could be read.
pub(super) fn configuration(configuration: &Configuration) -> Finding {
    let path = configuration.path.display();
    let names: Vec<&str> = configuration.profiles.keys().map(String::as_str).collect();
    Finding::fine(
        "configuration",
        match (configuration.exists, names.as_slice()) {
            (false, _) => format!("none; it would be `{path}`"),
            (true, []) => format!("`{path}`, without profiles"),
            (true, names) => format!("`{path}`, with profiles {}", names.join(", ")),
        },
    )
}

/// What is configured, as far as no request is needed to judge it.
pub(super) fn stated(settings: &Settings, connected: &Connected) -> Vec<Finding> {
    let origins = &settings.origins;
    let zone = Finding::fine(
        "time zone",
        match &origins.zone {
            crate::settings::Origin::Default => {
                format!("{} (this machine's)", zone_name(&settings.zone))
            }
            origin => format!("{} ({origin})", zone_name(&settings.zone)),
        },
    );
    let rate = settings.rate.map_or_else(
        || "no limit of requests a second".to_owned(),
        |rate| format!("at most {rate} requests a second ({})", origins.rate),
    );
    let pace = format!(
        "{} requests in flight ({}), {rate}",
        settings.concurrency, origins.concurrency
    );
    let Place::Api {
        key, authorities, ..
    } = &settings.place
    else {
        return vec![zone, Finding::fine("pace", pace)];
    };
    let mut findings = vec![zone, Finding::fine("pace", pace)];
    if let Some(authorities) = authorities {
        let count = authorities.count();
        let found = format!("{count} more than this machine's ({})", origins.authorities);
        findings.push(Finding::fine("certificates", found));
    }
    if let Some(found) = proxy(connected) {
        findings.push(Finding::fine("proxy", found));
    }
    findings.push(match (key, &origins.key) {
        (Some(key), Some(source)) => {
            let found = format!("{} from {source}", key.prefix());
            match settings.warnings.first() {
                Some(warning @ Warning::ReadableByOthers { .. }) => {
                    Finding::warning("key", format!("{found}: {warning}"), warning.hint())
                }
                None => Finding::fine("key", found),
            }
        }
        // Nothing was asked of the API: it is a setting that is wanting.
        _ => Finding {
            state: State::Fault(ExitStatus::Usage),
            ..Finding::fault("key", &api::Error::NoKey.into())
        },
    });
    findings
}

/// What only requests can tell.
pub(super) async fn reached(settings: &Settings, connected: &Connected) -> Vec<Finding> {
    let client = &connected.client;
    let address = format!(
        "{} ({})",
        client.config().base_url,
        if connected.is_sandbox() {
            "the sandbox".to_owned()
        } else {
            settings.origins.api_url.to_string()
        }
    );
    if client.config().key.is_none() {
        let found = format!("{address}: not asked, for want of a key");
        return vec![Finding::warning("api", found, "set a key first")];
    }
    let probe = match client.probe().await {
        Ok(probe) => probe,
        Err(error) => return vec![unreachable(&address, error)],
    };
    let mut findings = vec![clock(&probe)];
    let took = probe.took.as_millis();
    if let Err(error) = probe.answer {
        findings.insert(0, unreachable(&address, error));
        return findings;
    }
    let answered = format!("{address}, answered in {took} ms");
    findings.insert(0, Finding::fine("api", answered));
    findings.push(access(client, settings).await);
    findings.push(assessment(settings, connected).await);
    findings
}

fn unreachable(address: &str, error: api::Error) -> Finding {
    let mut finding = Finding::fault("api", &error.into());
    finding.found = format!("{address}: {}", finding.found);
    finding
}

fn clock(probe: &Probe) -> Finding {
    match probe.clock_ahead {
        None => Finding::warning(
            "clock",
            "the API tells no time to compare it with",
            "compare it with another clock: deadlines count by it",
        ),
        Some(ahead) if ahead.abs() <= SKEW => Finding::fine(
            "clock",
            format!("within {} s of the API's", ahead.abs().as_secs() + 1),
        ),
        Some(ahead) => {
            let side = if ahead.is_positive() {
                "ahead of"
            } else {
                "behind"
            };
            Finding::warning(
                "clock",
                format!(
                    "{:#} {side} the API's",
                    SignedDuration::from_secs(ahead.abs().as_secs())
                ),
                "set this machine's clock: `now()` and `today()` go by it, and with them deadlines",
            )
        }
    }
}

/// Whether the key may invite: what the list of keys says, as only an invitation would tell for sure.
async fn access(client: &Client, settings: &Settings) -> Finding {
    const NAME: &str = "access";
    let unknown = "only an invitation tells for sure; inviting needs a key of an owner or admin";
    match client.own_api_key().await {
        Ok(Some(key)) => listed(&key, settings),
        Ok(None) => Finding::warning(NAME, "the API does not list this key", unknown),
        Err(error) if error.status() == Some(403) => Finding::warning(
            NAME,
            "the key may not list keys, and so may be none of an admin",
            unknown,
        ),
        Err(error) => Finding::warning(NAME, format!("not known: {error}"), unknown),
    }
}

fn listed(key: &ApiKey, settings: &Settings) -> Finding {
    const NAME: &str = "access";
    let name = key.name.as_deref().unwrap_or("without name");
    let scopes = key.scope_names();
    let may = if scopes.is_empty() {
        "unknown".to_owned()
    } else {
        scopes.join(", ")
    };
    let expires = key.expires_at.as_ref().and_then(api::Time::timestamp);
    let until = expires.map_or_else(String::new, |at| {
        format!(", until {}", DateTime::of(at, &settings.zone).to_minute())
    });
    let found = format!("key `{name}`, scopes: {may}{until}");
    let anew = "make a new key in Gradient's settings";
    if key.is_active == Some(false) {
        return Finding {
            state: State::Fault(ExitStatus::Refused),
            ..Finding::warning(NAME, format!("{found}; it is not active"), anew)
        };
    }
    if expires.is_some_and(|at| at.duration_since(Timestamp::now()) < ENDING) {
        return Finding::warning(NAME, format!("{found}: that is soon"), anew);
    }
    if !scopes.is_empty() && scopes.iter().all(|scope| scope.starts_with("read")) {
        return Finding::warning(
            NAME,
            format!("{found}: it may only read"),
            "inviting needs a key with admin access (role owner or admin)",
        );
    }
    Finding::fine(NAME, found)
}

async fn assessment(settings: &Settings, connected: &Connected) -> Finding {
    const NAME: &str = "assessment";
    let Some(reference) = &connected.assessment else {
        return Finding::warning(
            NAME,
            "none is set",
            "name one with `--assessment` or `GRADIENT_ASSESSMENT_ID`, in a profile, or in each script",
        );
    };
    let origin = &settings.origins.assessment;
    match connected.client.assessment(reference).await {
        Ok(found) => {
            let label = format!("{}, {} ({origin})", found.label(), found.id);
            if found.is_active == Some(false) {
                let cure = "activate it in Gradient, or name another one";
                return Finding::warning(NAME, format!("{label} is not active"), cure);
            }
            Finding::fine(NAME, label)
        }
        Err(error) => {
            let mut finding = Finding::fault(NAME, &error.into());
            finding.found = format!("{} ({origin})", finding.found);
            finding
        }
    }
}

/// The ledger, if there is one already.
pub(super) fn ledger(path: &Path) -> Finding {
    const NAME: &str = "ledger";
    let examined = Ledger::open_existing(path)
        .and_then(|ledger| ledger.map(|ledger| ledger.examine()).transpose());
    let path = path.display();
    let health = match examined {
        Ok(Some(health)) => health,
        Ok(None) => return Finding::fine(NAME, format!("none yet; it would be `{path}`")),
        Err(error) => return Finding::fault(NAME, &error.into()),
    };
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let megabytes = health.bytes as f64 / 1_048_576.0;
    let runs = match health.runs {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    let found = format!(
        "`{path}`: {runs}, {megabytes:.1} MiB, format {}",
        health.format
    );
    if let Some(damage) = health.damages.first() {
        return Finding {
            state: State::Fault(ExitStatus::ScriptError),
            ..Finding::warning(
                NAME,
                format!("{found}; it is damaged: {damage}"),
                "keep a copy of the file: `sqlite3 FILE .recover` saves what can be read; `--ledger` names another one",
            )
        };
    }
    if health.is_open_to_others {
        let cure = format!("`chmod 600 {path}` keeps it to you");
        return Finding::warning(NAME, format!("{found}; others can read it"), cure);
    }
    Finding::fine(NAME, format!("{found}, sound"))
}

/// The proxy that requests may go through, without what it is entered with.
fn proxy(connected: &Connected) -> Option<String> {
    if connected.client.config().base_url.is_loopback() {
        return None;
    }
    let set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let name = PROXIES.iter().find(|name| set(name))?;
    let value = env::var(name).ok()?;
    let (_, place) = value.rsplit_once('@').unwrap_or(("", &value));
    let but = if ["NO_PROXY", "no_proxy"].iter().any(set) {
        ", but for what `NO_PROXY` names"
    } else {
        ""
    };
    Some(format!("{place} (`{name}`){but}"))
}
