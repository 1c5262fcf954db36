//! Finds each setting in its sources: the command line, the profile that it selects, the environment, and the top level of the
//! configuration file, in this order.

use std::fs;

use jiff::tz::TimeZone;

use super::configuration::Configuration;
use super::error::Error;
use super::key_source::KeySource;
use super::origin::{
    ASSESSMENT_VARIABLE, KEY_VARIABLE, SettingOrigin, URL_VARIABLE, first_set, variable,
};
use super::profile::Profile;
use super::reading::{ReadingSettings, zone};
use super::resolved::CliOverrides;
use super::restrictions::Restrictions;
use crate::api::{BaseUrl, CaCertificates};
use crate::ledger::Run;

/// The sources of settings, the command line first.
pub(super) struct Layers<'a> {
    pub(super) overrides: &'a CliOverrides,
    /// The profile that `--profile` selects.
    named: Option<(&'a Profile, SettingOrigin)>,
    pub(super) configuration: &'a Configuration,
}

impl<'a> Layers<'a> {
    pub(super) fn new(
        overrides: &'a CliOverrides,
        configuration: &'a Configuration,
    ) -> Result<Self, Error> {
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

    /// Returns the value of the option called `name`, or that of a profile.
    pub(super) fn option_or_profile<T: Clone>(
        &self,
        name: &'static str,
        option: Option<&T>,
        value: impl Fn(&Profile) -> &Option<T>,
    ) -> (Option<T>, SettingOrigin) {
        let [named, top] = self.profile_values(value);
        first_set([(option.cloned(), SettingOrigin::Option(name)), named, top])
    }

    pub(super) fn base_url(&self, run: Option<&Run>) -> Result<(BaseUrl, SettingOrigin), Error> {
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
    pub(super) fn key(
        &self,
        address: &BaseUrl,
        asking: &SettingOrigin,
    ) -> Result<Option<KeySource>, Error> {
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

    pub(super) fn assessment(&self) -> Result<(Option<String>, SettingOrigin), Error> {
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

    pub(super) fn restrictions(&self) -> Restrictions {
        fn set<T>(values: [(Option<T>, SettingOrigin); 2]) -> Option<(T, SettingOrigin)> {
            let (value, origin) = first_set(values);
            value.map(|value| (value, origin))
        }
        Restrictions {
            allow: set(self.profile_values(|profile| &profile.allow)),
            max_invites: set(self.profile_values(|profile| &profile.max_invites)),
            max_changes: set(self.profile_values(|profile| &profile.max_changes)),
            never_invite: set(self.profile_values(|profile| &profile.never_invite)),
        }
    }

    pub(super) fn reading(&self) -> ReadingSettings {
        ReadingSettings {
            zones: first_set(self.profile_values(|profile| &profile.zones)).0,
            dates: first_set(self.profile_values(|profile| &profile.dates)).0,
        }
    }

    pub(super) fn zone(&self) -> Result<(TimeZone, SettingOrigin), Error> {
        let (name, origin) =
            self.option_or_profile("--tz", self.overrides.tz.as_ref(), |profile| &profile.tz);
        Ok((zone(name.as_deref())?, origin))
    }

    pub(super) fn ca_certificates(&self) -> Result<(Option<CaCertificates>, SettingOrigin), Error> {
        let (path, origin) =
            self.option_or_profile("--ca-file", self.overrides.ca_file.as_ref(), |profile| {
                &profile.ca_file
            });
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
