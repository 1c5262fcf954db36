//! Where the key comes from, and how to fetch it.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read as _};
use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;

use super::error::Error;
use super::key_command::{KeyCommand, MAX_KEY_BYTES};
use super::key_text::parse_key;
use super::origin::{KEY_VARIABLE, SettingOrigin, variable};
use crate::api::ApiKey;

/// The path that stands for standard input.
const STDIN: &str = "-";

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// The environment variable.
    Variable,
    /// Standard input.
    Stdin,
    /// A file, and what names it.
    File(PathBuf, SettingOrigin),
    /// A command, and what names it.
    Command(KeyCommand, SettingOrigin),
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable => write!(f, "`{KEY_VARIABLE}`"),
            Self::Stdin => f.write_str("standard input"),
            Self::File(path, origin) => write!(f, "the file `{}` ({origin})", path.display()),
            Self::Command(command, origin) => write!(f, "the command `{command}` ({origin})"),
        }
    }
}

impl KeySource {
    /// Returns the source that `--api-key-file` names.
    pub(super) fn from_option(path: &Path) -> Self {
        if path == Path::new(STDIN) {
            Self::Stdin
        } else {
            Self::File(path.to_owned(), SettingOrigin::Option("--api-key-file"))
        }
    }

    pub(super) fn fetch(&self) -> Result<ApiKey, Error> {
        match self {
            Self::Variable => {
                let text = Zeroizing::new(variable(KEY_VARIABLE)?.unwrap_or_default());
                self.parse(text.as_bytes())
            }
            Self::Stdin => {
                let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_BYTES));
                read_line(io::stdin().lock(), &mut bytes).map_err(Error::KeyInput)?;
                self.parse(&bytes)
            }
            Self::File(path, _) => self.parse(&read(path)?),
            Self::Command(command, _) => {
                let output = command.output().map_err(|failure| Error::KeyCommand {
                    command: command.to_string(),
                    failure,
                })?;
                self.parse(&output)
            }
        }
    }

    /// Returns the key file, if the key comes from one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path, _) => Some(path),
            _ => None,
        }
    }

    fn parse(&self, bytes: &[u8]) -> Result<ApiKey, Error> {
        parse_key(bytes).map_err(|source| Error::KeyText {
            origin: match self {
                Self::File(path, _) => format!("`{}`", path.display()),
                other => other.to_string(),
            },
            source,
        })
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    // A user who mistakes the option passes the key itself, which no error may repeat.
    if ApiKey::parse(&path.to_string_lossy()).is_ok() {
        return Err(Error::KeyAsPath);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_BYTES));
    File::open(path)
        .and_then(|file| file.take(MAX_KEY_BYTES as u64).read_to_end(&mut bytes))
        .map_err(|source| Error::KeyFile {
            path: path.to_owned(),
            source,
        })?;
    Ok(bytes)
}

/// Reads a line and nothing after it, which may be input for the script.
fn read_line(input: impl BufRead, line: &mut Vec<u8>) -> io::Result<()> {
    for byte in input.bytes().take(MAX_KEY_BYTES) {
        // The line break stays, because it is the difference between a blank line and no input.
        line.push(byte?);
        if line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(())
}
