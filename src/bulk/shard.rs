//! Splitting one list among several machines: each keeps the rows whose address hashes to its shard.

use std::fmt;
use std::hash::Hasher as _;
use std::num::NonZeroU32;
use std::str::FromStr;

use fnv::FnvHasher;

/// Shard `index` of `count`, from 1.
///
/// A row belongs to shard `FNV-1a-64(lower-cased address) mod count + 1`. This never changes between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: NonZeroU32,
}

impl Shard {
    /// Returns true if the row for `email` belongs to this shard.
    pub fn contains(self, email: &str) -> bool {
        let mut hasher = FnvHasher::default();
        for byte in email.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
        hasher.finish() % u64::from(self.count.get()) == u64::from(self.index - 1)
    }

    /// Returns true if some row may belong to both shards. Those of different divisions always may.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.count != other.count || self.index == other.index
    }

    /// Returns true for the shard that keeps the rows without an address.
    pub fn is_first(self) -> bool {
        self.index == 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (index, count) = text.split_once('/')?;
            let count: NonZeroU32 = count.parse().ok()?;
            let index: u32 = index.parse().ok()?;
            (1..=count.get())
                .contains(&index)
                .then_some(Self { index, count })
        };
        parse().ok_or_else(|| "a shard is `I/N`, such as `1/4`, with I from 1 to N".to_owned())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}
