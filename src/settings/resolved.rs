//! The settings of a command, and the options that they are resolved from.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::exposure::Warning;
use super::key_source::KeySource;
use super::origin::SettingOrigin;
use super::reading::ReadingSettings;
use super::restrictions::Restrictions;
use crate::api::{ApiKey, BaseUrl, CaCertificates, RequestLimits};
use crate::file_access::OwnFiles;

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
