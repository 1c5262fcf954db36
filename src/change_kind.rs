//! The kinds of change that a script can make at the API, and which of them are permitted.

use std::fmt;

use strum::{EnumString, IntoStaticStr};

/// A kind of change at the API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ChangeKind {
    #[default]
    Invite,
    Revoke,
    Score,
}

impl ChangeKind {
    /// All kinds, in the order in which they are listed to users.
    pub const ALL: [Self; 3] = [Self::Invite, Self::Revoke, Self::Score];

    /// Returns the name in the configuration file.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns what was done with a row: `revoked`, for example.
    pub fn done(self) -> &'static str {
        match self {
            Self::Invite => "invited",
            Self::Revoke => "revoked",
            Self::Score => "scored",
        }
    }

    /// Returns what was done with the rows of a plan, as in `nothing was sent`.
    pub fn sent(self) -> &'static str {
        match self {
            Self::Invite => "sent",
            Self::Revoke | Self::Score => self.done(),
        }
    }

    /// Returns the kind called `name`.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// Which kinds of change are permitted.
#[derive(Clone, Debug, Default)]
pub enum ChangePermissions {
    /// Every kind is permitted.
    #[default]
    All,
    /// `--deny-send` forbids every kind.
    DenySend,
    /// A setting permits some kinds only.
    Only {
        /// What is permitted.
        kinds: Vec<ChangeKind>,
        /// What sets it, such as "profile `x`".
        origin: String,
    },
}

/// What forbids a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// The option `--deny-send`.
    DenySend,
    /// The setting `allow`.
    NotListed {
        /// The kind that it does not list.
        kind: ChangeKind,
        /// What sets it, such as "profile `x`".
        origin: String,
    },
}

impl ChangePermissions {
    /// Checks whether changes of this kind are permitted.
    pub fn check(&self, kind: ChangeKind) -> Result<(), Forbidden> {
        match self {
            Self::Only { kinds, origin } if !kinds.contains(&kind) => Err(Forbidden::NotListed {
                kind,
                origin: origin.clone(),
            }),
            Self::All | Self::Only { .. } => Ok(()),
            Self::DenySend => Err(Forbidden::DenySend),
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DenySend => f.write_str("`--deny-send` forbids it"),
            Self::NotListed { kind, origin } => {
                write!(f, "`allow` of {origin} does not list `{}`", kind.name())
            }
        }
    }
}

impl Forbidden {
    /// Returns how the change could be permitted.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::DenySend => {
                "`--dry-run` shows what a script would send without sending it; leave out `--deny-send` if you trust the script"
            }
            Self::NotListed { .. } => {
                "`gradient-bulk doctor` shows what is allowed; only the configuration file can allow more"
            }
        }
    }
}
