//! The options that `run` and its kind share: whom to talk to, and how.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use clap::Args;

use crate::api::{BaseUrl, Client, Config, Key};
use crate::error::Error;
use crate::runtime::Runtime;
use crate::sandbox::{self, Sandbox};
use crate::settings::{Given, Place, Settings};

#[derive(Debug, Args)]
pub(super) struct Connection {
    /// Rehearse against the built-in sandbox: no key needed, no email sent
    #[arg(long)]
    sandbox: bool,

    /// Id or name of the assessment [env: GRADIENT_ASSESSMENT_ID]
    #[arg(long, value_name = "ID_OR_NAME")]
    assessment: Option<String>,

    /// File that holds the API key; without it GRADIENT_API_KEY counts
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Address of the API [env: GRADIENT_API_URL] [default: https://app.trygradient.ai]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    api_url: Option<String>,

    /// Time zone of dates and of shown times, such as Europe/Berlin [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,

    /// Take INSTANT for the current time, to rehearse deadlines
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,

    /// Requests in flight at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    /// Longest time for one request, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| (0.001..=86_400.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "a number of seconds from 0.001 to 86400 is needed".to_owned())
}

impl Connection {
    pub(super) fn settings(&self) -> Result<Settings, Error> {
        let given = Given {
            sandbox: self.sandbox,
            api_url: self.api_url.clone(),
            assessment: self.assessment.clone(),
            api_key_file: self.api_key_file.clone(),
            tz: self.tz.clone(),
            now: self.now.clone(),
            concurrency: usize::from(self.concurrency),
            timeout: self.timeout,
        };
        Ok(Settings::resolve(&given)?)
    }
}

/// A client, and what must be let go of after its last request.
pub(super) struct Connected {
    pub(super) client: Client,
    pub(super) assessment: Option<String>,
    sandbox: Option<Sandbox>,
    runtime: Rc<Runtime>,
}

impl Connected {
    /// Prepares the client that `settings` ask for, and with it the sandbox, if that is meant.
    pub(super) fn open(settings: &Settings, runtime: &Rc<Runtime>) -> Result<Self, Error> {
        let (base_url, key, assessment, sandbox) = match &settings.place {
            Place::Api { base_url, key } => {
                let assessment = settings.assessment.clone();
                (base_url.clone(), key.clone(), assessment, None)
            }
            Place::Sandbox(home) => {
                let sandbox = runtime.wait(sandbox::attach(home))?;
                let base_url = BaseUrl::parse(sandbox.base_url())?;
                let key = Key::parse(sandbox::KEY)?;
                let default = || sandbox::ASSESSMENT.to_owned();
                let assessment = settings.assessment.clone().unwrap_or_else(default);
                (base_url, Some(key), Some(assessment), Some(sandbox))
            }
        };
        Ok(Self {
            client: Client::new(Config {
                base_url,
                key,
                timeout: settings.timeout,
                concurrency: settings.concurrency,
            }),
            assessment,
            sandbox,
            runtime: Rc::clone(runtime),
        })
    }

    pub(super) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Ends the use of the sandbox. Where other processes use this one's server, it is served on until they end, or
    /// until an interrupt.
    pub(super) fn close(self, on_wait: impl FnOnce()) -> Result<(), Error> {
        if let Some(sandbox) = self.sandbox {
            self.runtime
                .wait_unless_interrupted(sandbox.release(on_wait))
                .transpose()?;
        }
        Ok(())
    }
}
