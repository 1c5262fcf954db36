//! What the configuration file forbids: the owner of the machine decides, and neither a script nor an option can change it.

use std::path::PathBuf;

use super::error::Error;
use super::origin::SettingOrigin;
use crate::change_kind::{ChangeKind, ChangePermissions};
use crate::ledger::RunId;

/// What may be changed at the API, each with the part of the configuration file that says so.
#[derive(Clone, Debug, Default)]
pub struct Restrictions {
    /// The only kinds of change that are permitted.
    pub allow: Option<(Vec<ChangeKind>, SettingOrigin)>,
    /// The most invitations of one process.
    pub max_invites: Option<(u64, SettingOrigin)>,
    /// The most changes of any kind of one process.
    pub max_changes: Option<(u64, SettingOrigin)>,
    /// The file of addresses and domains that are never invited.
    pub never_invite: Option<(PathBuf, SettingOrigin)>,
}

impl Restrictions {
    /// Returns which kinds of change are permitted.
    pub fn permissions(&self) -> ChangePermissions {
        match &self.allow {
            None => ChangePermissions::All,
            Some((kinds, origin)) => ChangePermissions::Only {
                kinds: kinds.clone(),
                origin: origin.to_string(),
            },
        }
    }

    /// Checks whether a run, whose rows are changes of this kind, may be sent.
    pub fn check_run(&self, run: RunId, kind: ChangeKind) -> Result<(), Error> {
        self.permissions()
            .check(kind)
            .map_err(|forbidden| Error::ForbiddenRun { run, forbidden })
    }

    /// Returns the lower limit of the configuration file and of `--max-invites`, which must not be the higher one.
    pub fn max_invites(&self, option: Option<u64>) -> Result<Option<(u64, SettingOrigin)>, Error> {
        lower_limit(self.max_invites.as_ref(), option, "--max-invites")
    }

    /// Returns the lower limit of the configuration file and of `--max-changes`, which must not be the higher one.
    pub fn max_changes(&self, option: Option<u64>) -> Result<Option<(u64, SettingOrigin)>, Error> {
        lower_limit(self.max_changes.as_ref(), option, "--max-changes")
    }
}

fn lower_limit(
    configured: Option<&(u64, SettingOrigin)>,
    option: Option<u64>,
    name: &'static str,
) -> Result<Option<(u64, SettingOrigin)>, Error> {
    let Some(given) = option else {
        return Ok(configured.cloned());
    };
    match configured {
        Some((allowed, origin)) if given > *allowed => Err(Error::AboveLimit {
            option: name,
            given,
            allowed: *allowed,
            origin: origin.to_string(),
        }),
        _ => Ok(Some((given, SettingOrigin::Option(name)))),
    }
}
