//! Resolves the settings of a command from options, environment and configuration file.

use std::sync::Arc;

use super::configuration::Configuration;
use super::directories::{ledger, locks, sandbox_data_dir};
use super::error::Error;
use super::exposure::{self, PrivatePlace, Warning};
use super::key_source::KeySource;
use super::layers::Layers;
use super::origin::SettingOrigin;
use super::own_files;
use super::reading::parse_now;
use super::resolved::{CliOverrides, Endpoint, SettingOrigins, Settings};
use crate::api::RequestLimits;
use crate::file_access::OwnFileKind;
use crate::ledger::{Run, Target};
use crate::time;

impl Settings {
    /// Resolves the settings of a command that does not continue a run.
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

impl Layers<'_> {
    fn resolve(&self, run: Option<&Run>) -> Result<Settings, Error> {
        let overrides = self.overrides;
        let (zone, zone_origin) = self.zone()?;
        let now = overrides.now.as_deref();
        let now = now.map(|text| parse_now(text, &zone)).transpose()?;
        let (assessment, assessment_origin) = self.assessment()?;
        let (rate, rate_origin) =
            self.option_or_profile("--rate", overrides.rate.as_ref(), |profile| &profile.rate);
        let (concurrency, concurrency_origin) =
            self.option_or_profile("--concurrency", overrides.concurrency.as_ref(), |profile| {
                &profile.concurrency
            });
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
}
