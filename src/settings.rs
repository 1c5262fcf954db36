//! Options and environment, resolved once into plain structs. An option beats the environment.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io};

use etcetera::BaseStrategy as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::{self, BaseUrl, Key};
use crate::ledger::{Run, RunId, Target};
use crate::moment;

/// The variable that holds the key.
pub const KEY_VARIABLE: &str = "GRADIENT_API_KEY";
/// The variable that holds the address of the API.
pub const URL_VARIABLE: &str = "GRADIENT_API_URL";
/// The variable that holds id or name of the assessment.
pub const ASSESSMENT_VARIABLE: &str = "GRADIENT_ASSESSMENT_ID";
/// The variable that moves the state directory.
pub const HOME_VARIABLE: &str = "GRADIENT_BULK_HOME";

/// What the command line says.
#[derive(Clone, Debug)]
pub struct Given {
    /// `--sandbox`.
    pub sandbox: bool,
    /// `--api-url`.
    pub api_url: Option<String>,
    /// `--assessment`.
    pub assessment: Option<String>,
    /// `--api-key-file`.
    pub api_key_file: Option<PathBuf>,
    /// `--tz`.
    pub tz: Option<String>,
    /// `--now`.
    pub now: Option<String>,
    /// `--concurrency`.
    pub concurrency: usize,
    /// `--timeout`.
    pub timeout: Duration,
    /// `--rate`.
    pub rate: Option<f64>,
    /// `--max-retries`.
    pub max_retries: u32,
    /// `--ledger`.
    pub ledger: Option<PathBuf>,
}

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
    },
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The key file cannot be read.
    #[error("cannot read the key file `{}`: {source}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Key or address are malformed.
    #[error("{origin}: {source}")]
    Api {
        /// The option or variable.
        origin: String,
        /// What is wrong.
        source: api::Error,
    },
    /// A time or zone cannot be understood.
    #[error("{origin}: {source}")]
    Moment {
        /// The option or variable.
        origin: String,
        /// What is wrong.
        source: moment::Error,
    },
    /// A variable holds bytes that are no text.
    #[error("the variable `{name}` is not UTF-8 text")]
    NotText {
        /// The variable.
        name: &'static str,
    },
    /// What is given is not what a run was planned for.
    #[error("run {run} was planned for `{planned}`, and `{what}` says `{given}`")]
    Contradiction {
        /// The run.
        run: RunId,
        /// The option or variable.
        what: String,
        /// What it says.
        given: String,
        /// What the run was planned for.
        planned: String,
    },
    /// The platform names no directory for state.
    #[error("there is no home directory to keep state in")]
    NoHome,
}

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Api { source, .. } => source.hint(),
            Self::Moment { source, .. } => source.hint(),
            Self::NoHome => Some(format!("set `{HOME_VARIABLE}` to a directory")),
            Self::Contradiction { what, .. } => Some(format!(
                "leave `{what}` out: `send` goes where the run was planned for"
            )),
            Self::KeyFile { .. } | Self::NotText { .. } => None,
        }
    }
}

impl Settings {
    /// Resolves what was given on the command line, and where that is silent the environment.
    ///
    /// # Errors
    /// A value is malformed, or the key file cannot be read.
    pub fn resolve(given: &Given) -> Result<Self, Error> {
        let place = if given.sandbox {
            Place::Sandbox(sandbox_home()?)
        } else {
            Place::Api {
                base_url: base_url(given.api_url.as_deref())?,
                key: key(given.api_key_file.as_deref())?,
            }
        };
        let assessment = match &given.assessment {
            Some(assessment) => Some(assessment.clone()),
            None => variable(ASSESSMENT_VARIABLE)?,
        };
        let zone = zone(given.tz.as_deref())?;
        let now = given
            .now
            .as_deref()
            .map(|text| instant(text, &zone))
            .transpose()?;
        Ok(Self {
            place,
            assessment,
            zone,
            now,
            concurrency: given.concurrency,
            timeout: given.timeout,
            rate: given.rate,
            max_retries: given.max_retries,
            ledger: ledger(given.ledger.as_deref())?,
        })
    }

    /// Resolves what was given for sending the rest of `run`: where it goes and to what is the run's.
    ///
    /// # Errors
    /// As [`Settings::resolve`]; or what was given contradicts the run.
    pub fn of_run(given: &Given, run: &Run) -> Result<Self, Error> {
        let made_of = &run.made_of;
        let contradiction = |what: &str, given: &str, planned: &str| Error::Contradiction {
            run: run.id,
            what: what.to_owned(),
            given: given.to_owned(),
            planned: planned.to_owned(),
        };
        if given.sandbox && !made_of.sandbox {
            return Err(contradiction("--sandbox", "the sandbox", &made_of.api_url));
        }
        let mut given = given.clone();
        if made_of.sandbox {
            if let Some(url) = &given.api_url {
                return Err(contradiction("--api-url", url, "the sandbox"));
            }
            given.sandbox = true;
        } else if given.api_url.is_none() && variable(URL_VARIABLE)?.is_none() {
            given.api_url = Some(made_of.api_url.clone());
        }
        if given.tz.is_none() && moment::zone(&made_of.zone).is_ok() {
            given.tz = Some(made_of.zone.clone());
        }
        let settings = Self::resolve(&given)?;
        if let Place::Api { base_url, .. } = &settings.place {
            let url = base_url.to_string();
            if url != made_of.api_url {
                let what = if given.api_url.is_some() {
                    "--api-url"
                } else {
                    URL_VARIABLE
                };
                return Err(contradiction(what, &url, &made_of.api_url));
            }
        }
        if let Some(assessment) = &given.assessment {
            let is_it = |target: &Target| {
                target.assessment == *assessment
                    || target.label.to_lowercase() == assessment.to_lowercase()
            };
            if !run.targets.iter().all(is_it) {
                let labels: Vec<&str> = run
                    .targets
                    .iter()
                    .map(|target| target.label.as_str())
                    .collect();
                return Err(contradiction(
                    "--assessment",
                    assessment,
                    &labels.join(", "),
                ));
            }
        }
        Ok(settings)
    }
}

/// Returns the file of the ledger: the one given, or the one in the state directory.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn ledger(given: Option<&Path>) -> Result<PathBuf, Error> {
    match given {
        Some(path) => Ok(path.to_owned()),
        None => Ok(state_directory()?.join("ledger.db")),
    }
}

/// Returns the file of what was entered at the prompt.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn history() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join("history.txt"))
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

/// Returns the directory the sandbox keeps its state in.
///
/// # Errors
/// The platform names no directory, and no variable does.
pub fn sandbox_home() -> Result<PathBuf, Error> {
    Ok(state_directory()?.join("sandbox"))
}

fn state_directory() -> Result<PathBuf, Error> {
    if let Some(home) = env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty()) {
        return Ok(PathBuf::from(home));
    }
    let base = etcetera::choose_base_strategy().map_err(|_| Error::NoHome)?;
    let directory = base.state_dir().unwrap_or_else(|| base.data_dir());
    Ok(directory.join("gradient-bulk"))
}

fn base_url(option: Option<&str>) -> Result<BaseUrl, Error> {
    let (origin, text) = match option {
        Some(text) => ("--api-url", text.to_owned()),
        None => match variable(URL_VARIABLE)? {
            Some(text) => (URL_VARIABLE, text),
            None => ("", BaseUrl::PRODUCTION.to_owned()),
        },
    };
    BaseUrl::parse(&text).map_err(|source| Error::Api {
        origin: format!("`{origin}`"),
        source,
    })
}

fn key(file: Option<&Path>) -> Result<Option<Key>, Error> {
    let (origin, text) = match file {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|source| Error::KeyFile {
                path: path.to_owned(),
                source,
            })?;
            (path.display().to_string(), Some(text))
        }
        None => (KEY_VARIABLE.to_owned(), variable(KEY_VARIABLE)?),
    };
    text.map(|text| Key::parse(&text))
        .transpose()
        .map_err(|source| Error::Api {
            origin: format!("`{origin}`"),
            source,
        })
}

/// Reads a variable; an empty one counts as unset.
fn variable(name: &'static str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::NotText { name }),
    }
}
