//! What a command works with, resolved from all that was given.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::origin::first;
use super::variable::{ASSESSMENT_VARIABLE, KEY_VARIABLE, URL_VARIABLE, variable};
use super::{
    CONCURRENCY, Configuration, Error, Given, KeySource, Origin, Origins, Profile, Warning, ledger,
    sandbox_home,
};
use crate::api::{Authorities, BaseUrl, Key};
use crate::ledger::{Run, Target};
use crate::moment;

/// What a command works with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where invitations go.
    pub place: Place,
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
    pub origins: Origins,
    /// What should not stay as it is.
    pub warnings: Vec<Warning>,
}

/// Where invitations go.
#[derive(Clone, Debug)]
pub enum Place {
    /// To the sandbox that keeps its state in this directory.
    Sandbox(PathBuf),
    /// To the API.
    Api {
        /// Its address.
        base_url: BaseUrl,
        /// The key, where one is configured.
        key: Option<Key>,
        /// Certificates that count beside those of this machine.
        authorities: Option<Authorities>,
    },
}

impl Settings {
    /// Resolves what was given: on the command line, by the profile it names, in the environment, and at the top of the
    /// configuration file, in this order.
    ///
    /// # Errors
    /// A value is malformed, the configuration file is, or there is no key where one should be.
    pub fn resolve(given: &Given) -> Result<Self, Error> {
        let configuration = Configuration::read()?;
        Layers::new(given, &configuration)?.resolve(None)
    }

    /// Resolves what was given for sending the rest of `run`: where it goes and to what is the run's.
    ///
    /// # Errors
    /// As [`Settings::resolve`]; or what was given contradicts the run.
    pub fn of_run(given: &Given, run: &Run) -> Result<Self, Error> {
        let made_of = &run.made_of;
        let contradiction = |what: &Origin, given: &str, planned: &str| Error::Contradiction {
            run: run.id,
            what: what.to_string(),
            given: given.to_owned(),
            planned: planned.to_owned(),
        };
        if given.sandbox && !made_of.sandbox {
            let option = Origin::Option("--sandbox");
            return Err(contradiction(&option, "the sandbox", &made_of.api_url));
        }
        let mut given = given.clone();
        if made_of.sandbox {
            if let Some(url) = &given.api_url {
                let option = Origin::Option("--api-url");
                return Err(contradiction(&option, url, "the sandbox"));
            }
            given.sandbox = true;
        }
        if given.tz.is_none() && moment::zone(&made_of.zone).is_ok() {
            given.tz = Some(made_of.zone.clone());
        }
        let configuration = Configuration::read()?;
        let layers = Layers::new(&given, &configuration)?;
        if !made_of.sandbox {
            let (url, origin) = layers.base_url(Some(run))?;
            let url = url.to_string();
            if url != made_of.api_url {
                return Err(contradiction(&origin, &url, &made_of.api_url));
            }
        }
        if let Some(assessment) = &given.assessment {
            let is_it = |target: &Target| {
                target.assessment == *assessment
                    || target.label.to_lowercase() == assessment.to_lowercase()
            };
            if !run.targets.iter().all(is_it) {
                let targets = run.targets.iter();
                let labels: Vec<&str> = targets.map(|target| target.label.as_str()).collect();
                let option = Origin::Option("--assessment");
                return Err(contradiction(&option, assessment, &labels.join(", ")));
            }
        }
        layers.resolve(Some(run))
    }
}

/// All that may say something, the command line first.
struct Layers<'a> {
    given: &'a Given,
    /// The profile that was asked for by name.
    named: Option<(&'a Profile, Origin)>,
    /// What the configuration file says at its top.
    top: &'a Profile,
}

impl<'a> Layers<'a> {
    fn new(given: &'a Given, configuration: &'a Configuration) -> Result<Self, Error> {
        let named = match &given.profile {
            Some(name) => Some((configuration.profile(name)?, Origin::Profile(name.clone()))),
            None => None,
        };
        Ok(Self {
            given,
            named,
            top: &configuration.top,
        })
    }

    /// What the named profile, and what the top of the file says.
    fn written<T: Clone>(&self, of: impl Fn(&Profile) -> &Option<T>) -> [(Option<T>, Origin); 2] {
        let named = match &self.named {
            Some((profile, origin)) => (of(profile).clone(), origin.clone()),
            None => (None, Origin::Default),
        };
        [named, (of(self.top).clone(), Origin::Configuration)]
    }

    fn resolve(&self, run: Option<&Run>) -> Result<Settings, Error> {
        let given = self.given;
        let (zone, zone_origin) = self.zone()?;
        let now = given.now.as_deref();
        let now = now.map(|text| instant(text, &zone)).transpose()?;
        let (assessment, assessment_origin) = self.assessment()?;
        let [named, top] = self.written(|profile| &profile.rate);
        let (rate, rate_origin) = first([(given.rate, Origin::Option("--rate")), named, top]);
        let [named, top] = self.written(|profile| &profile.concurrency);
        let option = (given.concurrency, Origin::Option("--concurrency"));
        let (concurrency, concurrency_origin) = first([option, named, top]);
        let mut origins = Origins {
            api_url: Origin::Default,
            key: None,
            assessment: assessment_origin,
            authorities: Origin::Default,
            zone: zone_origin,
            rate: rate_origin,
            concurrency: concurrency_origin,
        };
        let place = if given.sandbox {
            Place::Sandbox(sandbox_home()?)
        } else {
            self.api(run, &mut origins)?
        };
        Ok(Settings {
            place,
            assessment,
            zone,
            now,
            concurrency: usize::from(concurrency.unwrap_or(CONCURRENCY)),
            timeout: given.timeout,
            rate,
            max_retries: given.max_retries,
            ledger: ledger(given.ledger.as_deref())?,
            warnings: origins.key.iter().filter_map(KeySource::warning).collect(),
            origins,
        })
    }

    fn api(&self, run: Option<&Run>, origins: &mut Origins) -> Result<Place, Error> {
        let (base_url, origin) = self.base_url(run)?;
        origins.api_url = origin;
        origins.key = self.key(&base_url, &origins.api_url)?;
        let (authorities, origin) = self.authorities()?;
        origins.authorities = origin;
        Ok(Place::Api {
            base_url,
            key: origins.key.as_ref().map(KeySource::fetch).transpose()?,
            authorities,
        })
    }

    fn base_url(&self, run: Option<&Run>) -> Result<(BaseUrl, Origin), Error> {
        let parse = |text: Option<String>, origin: Origin| match text.as_deref().map(BaseUrl::parse)
        {
            None => Ok((None, origin)),
            Some(Ok(url)) => Ok((Some(url), origin)),
            Some(Err(source)) => Err(Error::Api {
                origin: origin.to_string(),
                source,
            }),
        };
        let [named, top] = self.written(|profile| &profile.api_url);
        let option = parse(self.given.api_url.clone(), Origin::Option("--api-url"))?;
        let variable = parse(variable(URL_VARIABLE)?, Origin::Variable(URL_VARIABLE))?;
        let planned = match run {
            Some(run) => parse(Some(run.made_of.api_url.clone()), Origin::Run(run.id))?,
            None => (None, Origin::Default),
        };
        let (found, origin) = first([option, named, variable, planned, top]);
        match found {
            Some(url) => Ok((url, origin)),
            None => Ok((production()?, Origin::Default)),
        }
    }

    /// Finds the key's source. One that the configuration file names is for the address that stands beside it there.
    fn key(&self, address: &BaseUrl, asking: &Origin) -> Result<Option<KeySource>, Error> {
        if let Some(path) = &self.given.api_key_file {
            return Ok(Some(KeySource::of_option(path)));
        }
        let named = self.named.as_ref();
        let named = named.filter(|(profile, _)| profile.names_key());
        if named.is_none() && variable(KEY_VARIABLE)?.is_some() {
            return Ok(Some(KeySource::Variable));
        }
        let top = (self.top, Origin::Configuration);
        let (profile, origin) = named.unwrap_or(&top);
        let Some(key) = source(profile, origin) else {
            return Ok(None);
        };
        let meant = match profile.api_url.as_ref().or(self.top.api_url.as_ref()) {
            Some(url) => url.clone(),
            None => production()?,
        };
        if meant != *address {
            return Err(Error::KeyElsewhere {
                key: origin.to_string(),
                meant: meant.to_string(),
                asking: asking.to_string(),
                address: address.to_string(),
            });
        }
        Ok(Some(key))
    }

    fn assessment(&self) -> Result<(Option<String>, Origin), Error> {
        let [named, top] = self.written(|profile| &profile.assessment);
        let option = Origin::Option("--assessment");
        let variable = (
            variable(ASSESSMENT_VARIABLE)?,
            Origin::Variable(ASSESSMENT_VARIABLE),
        );
        Ok(first([
            (self.given.assessment.clone(), option),
            named,
            variable,
            top,
        ]))
    }

    fn zone(&self) -> Result<(TimeZone, Origin), Error> {
        let [named, top] = self.written(|profile| &profile.tz);
        let option = (self.given.tz.clone(), Origin::Option("--tz"));
        let (name, origin) = first([option, named, top]);
        Ok((zone(name.as_deref())?, origin))
    }

    fn authorities(&self) -> Result<(Option<Authorities>, Origin), Error> {
        let [named, top] = self.written(|profile| &profile.ca_file);
        let option = (self.given.ca_file.clone(), Origin::Option("--ca-file"));
        let (path, origin) = first([option, named, top]);
        let Some(path) = path else {
            return Ok((None, origin));
        };
        let pem = match fs::read(&path) {
            Ok(pem) => pem,
            Err(source) => return Err(Error::AuthorityFile { path, source }),
        };
        match Authorities::parse(&pem) {
            Ok(authorities) => Ok((Some(authorities), origin)),
            Err(source) => Err(Error::Authorities { path, source }),
        }
    }
}

fn source(profile: &Profile, origin: &Origin) -> Option<KeySource> {
    let file = profile.api_key_file.clone();
    let command = profile.api_key_command.clone();
    match (file, command) {
        (Some(path), _) => Some(KeySource::File(path, origin.clone())),
        (None, Some(command)) => Some(KeySource::Command(command, origin.clone())),
        (None, None) => None,
    }
}

fn production() -> Result<BaseUrl, Error> {
    BaseUrl::parse(BaseUrl::PRODUCTION).map_err(|source| Error::Api {
        origin: Origin::Default.to_string(),
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
        |name| moment::zone(name).map_err(wrong_moment("--tz")),
    )
}

/// Returns the zone of times that are only shown: the one given by name, that of the configuration file, or this machine's.
///
/// # Errors
/// No zone has that name, or the configuration file is malformed.
pub fn shown_zone(given: Option<&str>) -> Result<TimeZone, Error> {
    match given {
        Some(name) => zone(Some(name)),
        None => zone(Configuration::read()?.top.tz.as_deref()),
    }
}

/// Reads the time that is taken for the current one; one without a zone counts in `zone`.
///
/// # Errors
/// The text is no time.
pub fn instant(text: &str, zone: &TimeZone) -> Result<Timestamp, Error> {
    let read = moment::parse(text, zone, true).map_err(wrong_moment("--now"))?;
    Ok(read.timestamp())
}

/// Returns what makes the error of a time that the option called `origin` gives.
pub(crate) fn wrong_moment(origin: &str) -> impl FnOnce(moment::Error) -> Error {
    let origin = format!("`{origin}`");
    move |source| Error::Moment { origin, source }
}
