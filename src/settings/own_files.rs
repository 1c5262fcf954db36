//! The program's own files, which no script may read or write.

use std::path::Path;

use super::configuration::Configuration;
use super::directories::{
    CONFIGURATION, HISTORY, LEDGER, LOCKS, SANDBOX, configuration_directories, state_directories,
};
use super::error::Error;
use crate::file_access::{OwnFileKind, OwnFiles};
use crate::ledger::is_companion;

/// Lists the files of the program, whether they exist or not: those in its directories, those that the configuration names in
/// any profile, and those that the command line names.
pub fn own_files(api_key_file: Option<&Path>, ledger: Option<&Path>) -> Result<OwnFiles, Error> {
    match Configuration::read() {
        Ok(configuration) => Ok(list(&configuration, api_key_file, ledger)),
        // Without a home directory, there are none but those of the command line.
        Err(Error::NoHome) => Ok(list(&Configuration::default(), api_key_file, ledger)),
        Err(error) => Err(error),
    }
}

pub(super) fn list(
    configuration: &Configuration,
    api_key_file: Option<&Path>,
    ledger: Option<&Path>,
) -> OwnFiles {
    let mut files = OwnFiles::default();
    for directory in configuration_directories() {
        files.add_file(OwnFileKind::Configuration, &directory.join(CONFIGURATION));
        files.add_home(&directory);
    }
    for directory in state_directories() {
        let ledger = directory.join(LEDGER);
        files.add_file_with_companions(OwnFileKind::Ledger, &ledger, is_companion);
        files.add_file(OwnFileKind::History, &directory.join(HISTORY));
        files.add_directory(OwnFileKind::Sandbox, &directory.join(SANDBOX));
        files.add_directory(OwnFileKind::Locks, &directory.join(LOCKS));
        files.add_home(&directory);
    }
    if let Some(ledger) = ledger {
        files.add_file_with_companions(OwnFileKind::Ledger, ledger, is_companion);
    }
    let profiles = || {
        [&configuration.top]
            .into_iter()
            .chain(configuration.profiles.values())
    };
    let key_files = profiles().filter_map(|profile| profile.api_key_file.as_deref());
    for path in api_key_file.into_iter().chain(key_files) {
        files.add_file(OwnFileKind::ApiKey, path);
    }
    for path in profiles().filter_map(|profile| profile.ca_file.as_deref()) {
        files.add_file(OwnFileKind::Certificates, path);
    }
    for path in profiles().filter_map(|profile| profile.never_invite.as_deref()) {
        files.add_file(OwnFileKind::NeverInvite, path);
    }
    files
}
