//! What a command works with, resolved from all that was given.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::origin::first_set;
use super::variable::{ASSESSMENT_VARIABLE, KEY_VARIABLE, URL_VARIABLE, variable};
use super::{
    CliOverrides, Configuration, DEFAULT_CONCURRENCY, Error, KeySource, Profile, SettingOrigin,
    SettingOrigins, Warning, ledger, sandbox_data_dir,
};
use crate::api::{BaseUrl, CaCertificates, Key};
use crate::ledger::{Run, Target};
use crate::time;

/// What a command works with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where invitations go.
    pub endpoint: Endpoint,
    /// Id or name of the assessment.
    pub assessment: Option<String>,
    /// The zone of dates and of shown times.
    pub zone: TimeZone,
    /// A fixed time instead of the clock's.
    pub now: Option<Timestamp>,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// How long one request may take.
    pub timeout: Duration,
    /// Requests per second, at most.
    pub rate: Option<f64>,
    /// How often one request is repeated.
    pub max_retries: u32,
    /// The file of the ledger.
    pub ledger: PathBuf,
    /// Where all of it comes from.
    pub origins: SettingOrigins,
    /// What should not stay as it is.
    pub warnings: Vec<Warning>,
}

/// Where invitations go.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// To the sandbox that keeps its state in this directory.
    Sandbox(PathBuf),
    /// To the API.
    Api {
        /// Its address.
        base_url: BaseUrl,
        /// The key, where one is configured.
        key: Option<Key>,
        /// Certificates that count beside those of this machine.
        ca_certificates: Option<CaCertificates>,
    },
}

impl Settings {
    /// Resolves what was given: on the command line, by the profile it names, in the environment, and at the top of the
    /// configuration file, in this order.
    ///
    /// # Errors
    /// A value is malformed, the configuration file is, or there is no key where one should be.
    pub fn resolve(given: &CliOverrides) -> Result<Self, Error> {
        let configuration = Configuration::read()?;
        Layers::new(given, &configuration)?.resolve(None)
    }

    /// Resolves what was given for sending the rest of `run`: where it goes and to what is the run's.
    ///
    /// # Errors
    /// As [`Settings::resolve`]; or what was given contradicts the run.
    pub fn for_run(given: &CliOverrides, run: &Run) -> Result<Self, Error> {
        let spec = &run.spec;
        let contradiction =
            |what: &SettingOrigin, given: &str, planned: &str| Error::Contradiction {
                run: run.id,
                what: what.to_string(),
                given: given.to_owned(),
                planned: planned.to_owned(),
            };
        if given.sandbox && !spec.sandbox {
            let option = SettingOrigin::Option("--sandbox");
            return Err(contradiction(&option, "the sandbox", &spec.api_url));
        }
        let mut given = given.clone();
        if spec.sandbox {
            if let Some(url) = &given.api_url {
                let option = SettingOrigin::Option("--api-url");
                return Err(contradiction(&option, url, "the sandbox"));
            }
            given.sandbox = true;
        }
        if given.tz.is_none() && time::zone(&spec.zone).is_ok() {
            given.tz = Some(spec.zone.clone());
        }
        let configuration = Configuration::read()?;
        let layers = Layers::new(&given, &configuration)?;
        if !spec.sandbox {
            let (url, origin) = layers.base_url(Some(run))?;
            let url = url.to_string();
            if url != spec.api_url {
                return Err(contradiction(&origin, &url, &spec.api_url));
            }
        }
        if let Some(assessment) = &given.assessment {
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

/// All that may say something, the command line first.
struct Layers<'a> {
    given: &'a CliOverrides,
    /// The profile that was asked for by name.
    named: Option<(&'a Profile, SettingOrigin)>,
    /// What the configuration file says at its top.
    top: &'a Profile,
}

impl<'a> Layers<'a> {
    fn new(given: &'a CliOverrides, configuration: &'a Configuration) -> Result<Self, Error> {
        let named = match &given.profile {
            Some(name) => Some((
                configuration.profile(name)?,
                SettingOrigin::Profile(name.clone()),
            )),
            None => None,
        };
        Ok(Self {
            given,
            named,
            top: &configuration.top,
        })
    }

    /// What the named profile, and what the top of the file says.
    fn profile_values<T: Clone>(
        &self,
        of: impl Fn(&Profile) -> &Option<T>,
    ) -> [(Option<T>, SettingOrigin); 2] {
        let named = match &self.named {
            Some((profile, origin)) => (of(profile).clone(), origin.clone()),
            None => (None, SettingOrigin::Default),
        };
        [named, (of(self.top).clone(), SettingOrigin::Configuration)]
    }

    fn resolve(&self, run: Option<&Run>) -> Result<Settings, Error> {
        let given = self.given;
        let (zone, zone_origin) = self.zone()?;
        let now = given.now.as_deref();
        let now = now.map(|text| parse_now(text, &zone)).transpose()?;
        let (assessment, assessment_origin) = self.assessment()?;
        let [named, top] = self.profile_values(|profile| &profile.rate);
        let (rate, rate_origin) =
            first_set([(given.rate, SettingOrigin::Option("--rate")), named, top]);
        let [named, top] = self.profile_values(|profile| &profile.concurrency);
        let option = (given.concurrency, SettingOrigin::Option("--concurrency"));
        let (concurrency, concurrency_origin) = first_set([option, named, top]);
        let mut origins = SettingOrigins {
            api_url: SettingOrigin::Default,
            key: None,
            assessment: assessment_origin,
            ca_certificates: SettingOrigin::Default,
            zone: zone_origin,
            rate: rate_origin,
            concurrency: concurrency_origin,
        };
        let endpoint = if given.sandbox {
            Endpoint::Sandbox(sandbox_data_dir()?)
        } else {
            self.api(run, &mut origins)?
        };
        Ok(Settings {
            endpoint,
            assessment,
            zone,
            now,
            concurrency: usize::from(concurrency.unwrap_or(DEFAULT_CONCURRENCY)),
            timeout: given.timeout,
            rate,
            max_retries: given.max_retries,
            ledger: ledger(given.ledger.as_deref())?,
            warnings: origins.key.iter().filter_map(KeySource::warning).collect(),
            origins,
        })
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
            self.given.api_url.clone(),
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

    /// Finds the key's source. One that the configuration file names is for the address that stands beside it there.
    fn key(&self, address: &BaseUrl, asking: &SettingOrigin) -> Result<Option<KeySource>, Error> {
        if let Some(path) = &self.given.api_key_file {
            return Ok(Some(KeySource::from_option(path)));
        }
        let named = self.named.as_ref();
        let named = named.filter(|(profile, _)| profile.names_key());
        if named.is_none() && variable(KEY_VARIABLE)?.is_some() {
            return Ok(Some(KeySource::Variable));
        }
        let top = (self.top, SettingOrigin::Configuration);
        let (profile, origin) = named.unwrap_or(&top);
        let Some(key) = source(profile, origin) else {
            return Ok(None);
        };
        let key_url = match profile.api_url.as_ref().or(self.top.api_url.as_ref()) {
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
            (self.given.assessment.clone(), option),
            named,
            variable,
            top,
        ]))
    }

    fn zone(&self) -> Result<(TimeZone, SettingOrigin), Error> {
        let [named, top] = self.profile_values(|profile| &profile.tz);
        let option = (self.given.tz.clone(), SettingOrigin::Option("--tz"));
        let (name, origin) = first_set([option, named, top]);
        Ok((zone(name.as_deref())?, origin))
    }

    fn ca_certificates(&self) -> Result<(Option<CaCertificates>, SettingOrigin), Error> {
        let [named, top] = self.profile_values(|profile| &profile.ca_file);
        let option = (
            self.given.ca_file.clone(),
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

fn source(profile: &Profile, origin: &SettingOrigin) -> Option<KeySource> {
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

/// Returns the zone of shown times: the one given by name, or this machine's.
///
/// # Errors
/// No zone has that name.
pub fn zone(given: Option<&str>) -> Result<TimeZone, Error> {
    given.map_or_else(
        || Ok(TimeZone::system()),
        |name| time::zone(name).map_err(time_error("--tz")),
    )
}

/// Returns the zone of times that are only shown: the one given by name, that of the configuration file, or this machine's.
///
/// # Errors
/// No zone has that name, or the configuration file is malformed.
pub fn display_zone(given: Option<&str>) -> Result<TimeZone, Error> {
    match given {
        Some(name) => zone(Some(name)),
        None => zone(Configuration::read()?.top.tz.as_deref()),
    }
}

/// Reads the time that is taken for the current one; one without a zone counts in `zone`.
///
/// # Errors
/// The text is no time.
pub fn parse_now(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let read = time::parse(text, zone, true).map_err(time_error("--now"))?;
    Ok(read.timestamp())
}

/// Returns what makes the error of a time that the option called `origin` gives.
pub(crate) fn time_error(origin: &str) -> impl FnOnce(time::Error) -> Error {
    let origin = format!("`{origin}`");
    move |source| Error::Time { origin, source }
}
