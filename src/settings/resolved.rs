//! The settings of a command, resolved from options, environment and configuration file.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::configuration::Configuration;
use super::directories::{ledger, locks, sandbox_data_dir};
use super::error::Error;
use super::exposure::{self, PrivatePlace, Warning};
use super::key_source::KeySource;
use super::origin::{
    ASSESSMENT_VARIABLE, KEY_VARIABLE, SettingOrigin, URL_VARIABLE, first_set, variable,
};
use super::own_files;
use super::profile::Profile;
use super::reading::ReadingSettings;
use super::restrictions::Restrictions;
use crate::api::{ApiKey, BaseUrl, CaCertificates, RequestLimits};
use crate::file_access::{OwnFileKind, OwnFiles};
use crate::ledger::{Run, Target};
use crate::time::{self, LocalTimes, ReadingRules};

/// The settings of a command.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where invitations go.
    pub endpoint: Endpoint,
    /// ID or name of the assessment.
    pub assessment: Option<String>,
    /// The time zone of dates and displayed times.
    pub zone: TimeZone,
    /// How scripts read dates and zones.
    pub reading: ReadingSettings,
    /// A fixed time that replaces the clock.
    pub now: Option<Timestamp>,
    /// The limits of requests to the API.
    pub limits: RequestLimits,
    /// The path of the ledger.
    pub ledger: PathBuf,
    /// The directory of the locks of the API's assessments.
    pub locks: PathBuf,
    /// What the configuration file forbids.
    pub restrictions: Restrictions,
    /// Where the settings come from.
    pub origins: SettingOrigins,
    /// The program's own files, which no script may use.
    pub own_files: Arc<OwnFiles>,
    /// Problems that do not stop the command.
    pub warnings: Vec<Warning>,
}

/// Where the settings of a command come from.
#[derive(Clone, Debug)]
pub struct SettingOrigins {
    pub api_url: SettingOrigin,
    pub key: Option<KeySource>,
    pub assessment: SettingOrigin,
    pub ca_certificates: SettingOrigin,
    pub zone: SettingOrigin,
    pub rate: SettingOrigin,
    pub concurrency: SettingOrigin,
}

/// The options of the command line that override other settings.
#[derive(Clone, Debug)]
pub struct CliOverrides {
    pub sandbox: bool,
    pub profile: Option<String>,
    pub api_url: Option<String>,
    pub assessment: Option<String>,
    pub api_key_file: Option<PathBuf>,
    pub ca_file: Option<PathBuf>,
    pub tz: Option<String>,
    pub now: Option<String>,
    pub concurrency: Option<u16>,
    pub rate: Option<f64>,
    pub ledger: Option<PathBuf>,
}

/// Where invitations go.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// The sandbox that keeps its state in this directory.
    Sandbox(PathBuf),
    /// The API. Its certificates are trusted in addition to those of this machine.
    Api {
        base_url: BaseUrl,
        key: Option<ApiKey>,
        ca_certificates: Option<CaCertificates>,
    },
}

impl Settings {
    /// Resolves the settings from the command line, the profile it selects, the environment, and the top level of the
    /// configuration file, in this order.
    pub fn resolve(overrides: &CliOverrides) -> Result<Self, Error> {
        let configuration = Configuration::read()?;
        Layers::new(overrides, &configuration)?.resolve(None)
    }

    /// Resolves the settings to send the rest of `run`, which determines the endpoint and the assessment.
    pub fn for_run(overrides: &CliOverrides, run: &Run) -> Result<Self, Error> {
        let spec = &run.spec;
        let contradiction =
            |what: &SettingOrigin, given: &str, planned: &str| Error::Contradiction {
                run: run.id,
                what: what.to_string(),
                given: given.to_owned(),
                planned: planned.to_owned(),
            };
        if overrides.sandbox && !spec.sandbox {
            let option = SettingOrigin::Option("--sandbox");
            return Err(contradiction(&option, "the sandbox", &spec.api_url));
        }
        let mut overrides = overrides.clone();
        if spec.sandbox {
            if let Some(url) = &overrides.api_url {
                let option = SettingOrigin::Option("--api-url");
                return Err(contradiction(&option, url, "the sandbox"));
            }
            overrides.sandbox = true;
        }
        if overrides.tz.is_none() && time::zone(&spec.zone).is_ok() {
            overrides.tz = Some(spec.zone.clone());
        }
        let configuration = Configuration::read()?;
        let layers = Layers::new(&overrides, &configuration)?;
        if !spec.sandbox {
            let (url, origin) = layers.base_url(Some(run))?;
            let url = url.to_string();
            if url != spec.api_url {
                return Err(contradiction(&origin, &url, &spec.api_url));
            }
        }
        if let Some(assessment) = &overrides.assessment {
            let matches_assessment = |target: &Target| {
                target.assessment == *assessment
                    || target.label.to_lowercase() == assessment.to_lowercase()
            };
            if !run.targets.iter().all(matches_assessment) {
                let targets = run.targets.iter();
                let labels: Vec<&str> = targets.map(|target| target.label.as_str()).collect();
                let option = SettingOrigin::Option("--assessment");
                return Err(contradiction(&option, assessment, &labels.join(", ")));
            }
        }
        layers.resolve(Some(run))
    }
}

/// The sources of settings, the command line first.
struct Layers<'a> {
    overrides: &'a CliOverrides,
    /// The profile that `--profile` selects.
    named: Option<(&'a Profile, SettingOrigin)>,
    configuration: &'a Configuration,
}

impl<'a> Layers<'a> {
    fn new(overrides: &'a CliOverrides, configuration: &'a Configuration) -> Result<Self, Error> {
        let named = match &overrides.profile {
            Some(name) => Some((
                configuration.profile(name)?,
                SettingOrigin::Profile(name.clone()),
            )),
            None => None,
        };
        Ok(Self {
            overrides,
            named,
            configuration,
        })
    }

    /// Returns a value of the selected profile, and that of the top level.
    fn profile_values<T: Clone>(
        &self,
        value: impl Fn(&Profile) -> &Option<T>,
    ) -> [(Option<T>, SettingOrigin); 2] {
        let named = match &self.named {
            Some((profile, origin)) => (value(profile).clone(), origin.clone()),
            None => (None, SettingOrigin::Default),
        };
        [
            named,
            (
                value(&self.configuration.top).clone(),
                SettingOrigin::Configuration,
            ),
        ]
    }

    fn resolve(&self, run: Option<&Run>) -> Result<Settings, Error> {
        let overrides = self.overrides;
        let (zone, zone_origin) = self.zone()?;
        let now = overrides.now.as_deref();
        let now = now.map(|text| parse_now(text, &zone)).transpose()?;
        let (assessment, assessment_origin) = self.assessment()?;
        let [named, top] = self.profile_values(|profile| &profile.rate);
        let (rate, rate_origin) = first_set([
            (overrides.rate, SettingOrigin::Option("--rate")),
            named,
            top,
        ]);
        let [named, top] = self.profile_values(|profile| &profile.concurrency);
        let option = (
            overrides.concurrency,
            SettingOrigin::Option("--concurrency"),
        );
        let (concurrency, concurrency_origin) = first_set([option, named, top]);
        let defaults = RequestLimits::default();
        let mut origins = SettingOrigins {
            api_url: SettingOrigin::Default,
            key: None,
            assessment: assessment_origin,
            ca_certificates: SettingOrigin::Default,
            zone: zone_origin,
            rate: rate_origin,
            concurrency: concurrency_origin,
        };
        let key_option = overrides.api_key_file.as_deref();
        let has_key_on_stdin = key_option.map(KeySource::from_option) == Some(KeySource::Stdin);
        let endpoint = if overrides.sandbox {
            if has_key_on_stdin {
                // The sandbox needs no key, but this one is not for the script either.
                drop(KeySource::Stdin.fetch());
            }
            Endpoint::Sandbox(sandbox_data_dir()?)
        } else {
            self.api(run, &mut origins)?
        };
        let mut own_files =
            own_files::list(self.configuration, key_option, overrides.ledger.as_deref());
        if has_key_on_stdin {
            own_files.add_stdin(OwnFileKind::ApiKey);
        }
        Ok(Settings {
            endpoint,
            assessment,
            zone,
            reading: self.reading(),
            now,
            limits: RequestLimits {
                rate,
                concurrency: concurrency.map_or(defaults.concurrency, usize::from),
                ..defaults
            },
            ledger: ledger(overrides.ledger.as_deref())?,
            locks: locks()?,
            restrictions: self.restrictions(),
            own_files: Arc::new(own_files),
            warnings: self.warnings(&origins)?,
            origins,
        })
    }

    fn warnings(&self, origins: &SettingOrigins) -> Result<Vec<Warning>, Error> {
        let default_ledger = ledger(None)?;
        let ledger = ledger(self.overrides.ledger.as_deref())?;
        let key_file = origins.key.as_ref().and_then(KeySource::file);
        let key_file = key_file.map(|path| (PrivatePlace::KeyFile, path));
        let others = [
            (PrivatePlace::Configuration, &*self.configuration.path),
            (PrivatePlace::Ledger, &*ledger),
        ];
        let files: Vec<_> = key_file.into_iter().chain(others).collect();
        Ok(exposure::warnings(default_ledger.parent(), &files))
    }

    fn api(&self, run: Option<&Run>, origins: &mut SettingOrigins) -> Result<Endpoint, Error> {
        let (base_url, origin) = self.base_url(run)?;
        origins.api_url = origin;
        origins.key = self.key(&base_url, &origins.api_url)?;
        let (ca_certificates, origin) = self.ca_certificates()?;
        origins.ca_certificates = origin;
        Ok(Endpoint::Api {
            base_url,
            key: origins.key.as_ref().map(KeySource::fetch).transpose()?,
            ca_certificates,
        })
    }

    fn base_url(&self, run: Option<&Run>) -> Result<(BaseUrl, SettingOrigin), Error> {
        let parse =
            |text: Option<String>, origin: SettingOrigin| match text.as_deref().map(BaseUrl::parse)
            {
                None => Ok((None, origin)),
                Some(Ok(url)) => Ok((Some(url), origin)),
                Some(Err(source)) => Err(Error::Api {
                    origin: origin.to_string(),
                    source,
                }),
            };
        let [named, top] = self.profile_values(|profile| &profile.api_url);
        let option = parse(
            self.overrides.api_url.clone(),
            SettingOrigin::Option("--api-url"),
        )?;
        let variable = parse(
            variable(URL_VARIABLE)?,
            SettingOrigin::Variable(URL_VARIABLE),
        )?;
        let planned = match run {
            Some(run) => parse(Some(run.spec.api_url.clone()), SettingOrigin::Run(run.id))?,
            None => (None, SettingOrigin::Default),
        };
        let (found, origin) = first_set([option, named, variable, planned, top]);
        match found {
            Some(url) => Ok((url, origin)),
            None => Ok((production_url()?, SettingOrigin::Default)),
        }
    }

    /// Finds the source of the key. One from the configuration file may only be used for the address configured with it.
    fn key(&self, address: &BaseUrl, asking: &SettingOrigin) -> Result<Option<KeySource>, Error> {
        if let Some(path) = &self.overrides.api_key_file {
            return Ok(Some(KeySource::from_option(path)));
        }
        let named = self.named.as_ref();
        let named = named.filter(|(profile, _)| profile.names_key());
        if named.is_none() && variable(KEY_VARIABLE)?.is_some() {
            return Ok(Some(KeySource::Variable));
        }
        let top = (&self.configuration.top, SettingOrigin::Configuration);
        let (profile, origin) = named.unwrap_or(&top);
        let Some(key) = key_source(profile, origin) else {
            return Ok(None);
        };
        let key_url = match profile
            .api_url
            .as_ref()
            .or(self.configuration.top.api_url.as_ref())
        {
            Some(url) => url.clone(),
            None => production_url()?,
        };
        if key_url != *address {
            return Err(Error::KeyForOtherUrl {
                key: origin.to_string(),
                key_url: key_url.to_string(),
                asking: asking.to_string(),
                address: address.to_string(),
            });
        }
        Ok(Some(key))
    }

    fn assessment(&self) -> Result<(Option<String>, SettingOrigin), Error> {
        let [named, top] = self.profile_values(|profile| &profile.assessment);
        let option = SettingOrigin::Option("--assessment");
        let variable = (
            variable(ASSESSMENT_VARIABLE)?,
            SettingOrigin::Variable(ASSESSMENT_VARIABLE),
        );
        Ok(first_set([
            (self.overrides.assessment.clone(), option),
            named,
            variable,
            top,
        ]))
    }

    fn restrictions(&self) -> Restrictions {
        fn set<T>(values: [(Option<T>, SettingOrigin); 2]) -> Option<(T, SettingOrigin)> {
            let (value, origin) = first_set(values);
            value.map(|value| (value, origin))
        }
        Restrictions {
            allow: set(self.profile_values(|profile| &profile.allow)),
            max_invites: set(self.profile_values(|profile| &profile.max_invites)),
            never_invite: set(self.profile_values(|profile| &profile.never_invite)),
        }
    }

    fn reading(&self) -> ReadingSettings {
        ReadingSettings {
            zones: first_set(self.profile_values(|profile| &profile.zones)).0,
            dates: first_set(self.profile_values(|profile| &profile.dates)).0,
        }
    }

    fn zone(&self) -> Result<(TimeZone, SettingOrigin), Error> {
        let [named, top] = self.profile_values(|profile| &profile.tz);
        let option = (self.overrides.tz.clone(), SettingOrigin::Option("--tz"));
        let (name, origin) = first_set([option, named, top]);
        Ok((zone(name.as_deref())?, origin))
    }

    fn ca_certificates(&self) -> Result<(Option<CaCertificates>, SettingOrigin), Error> {
        let [named, top] = self.profile_values(|profile| &profile.ca_file);
        let option = (
            self.overrides.ca_file.clone(),
            SettingOrigin::Option("--ca-file"),
        );
        let (path, origin) = first_set([option, named, top]);
        let Some(path) = path else {
            return Ok((None, origin));
        };
        let pem = match fs::read(&path) {
            Ok(pem) => pem,
            Err(source) => return Err(Error::CaFile { path, source }),
        };
        match CaCertificates::parse(&pem) {
            Ok(ca_certificates) => Ok((Some(ca_certificates), origin)),
            Err(source) => Err(Error::CaCertificates { path, source }),
        }
    }
}

fn key_source(profile: &Profile, origin: &SettingOrigin) -> Option<KeySource> {
    let file = profile.api_key_file.clone();
    let command = profile.api_key_command.clone();
    match (file, command) {
        (Some(path), _) => Some(KeySource::File(path, origin.clone())),
        (None, Some(command)) => Some(KeySource::Command(command, origin.clone())),
        (None, None) => None,
    }
}

fn production_url() -> Result<BaseUrl, Error> {
    BaseUrl::parse(BaseUrl::PRODUCTION).map_err(|source| Error::Api {
        origin: SettingOrigin::Default.to_string(),
        source,
    })
}

/// Returns the time zone called `name`, or this machine's.
pub fn zone(name: Option<&str>) -> Result<TimeZone, Error> {
    name.map_or_else(
        || time::system_zone().map_err(time_error("TZ")),
        |name| time::zone(name).map_err(time_error("--tz")),
    )
}

/// Returns the time zone called `name`, that of the configuration file, or this machine's.
pub fn display_zone(name: Option<&str>) -> Result<TimeZone, Error> {
    match name {
        Some(name) => zone(Some(name)),
        None => zone(Configuration::read()?.top.tz.as_deref()),
    }
}

/// Parses the time that replaces the clock; one without a zone is in `zone`.
pub fn parse_now(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let rules = ReadingRules::default();
    let now = time::parse(text, zone, LocalTimes::Allowed, &rules);
    Ok(now.map_err(time_error("--now"))?.result.timestamp())
}

/// Returns a function that makes an error about a time of the option called `origin`.
pub fn time_error(origin: &str) -> impl FnOnce(time::Error) -> Error {
    let origin = format!("`{origin}`");
    move |source| Error::Time { origin, source }
}
