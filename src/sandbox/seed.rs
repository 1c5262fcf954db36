//! Reproducible randomness: a candidate behaves the same in every sandbox, on every machine and in every version. Ids and tokens are
//! random; `SQLite` generates their bits, so that no other generator is needed.

use std::hash::Hasher as _;

use fnv::FnvHasher;
use rusqlite::Connection;

/// The number that decides how one candidate behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed(u64);

impl Seed {
    /// Derives a seed from a text, such as an email address: 64-bit FNV-1a of its lower-case form in UTF-8.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut hasher = FnvHasher::default();
        hasher.write(text.to_lowercase().as_bytes());
        Self(hasher.finish())
    }

    /// Restores a seed from the integer that `SQLite` stores.
    pub(crate) fn from_bits(bits: i64) -> Self {
        Self(bits.cast_unsigned())
    }

    pub(crate) fn bits(self) -> i64 {
        self.0.cast_signed()
    }

    /// Draws a number from `low..high`; draws from different streams are independent.
    pub(crate) fn draw(self, stream: u64, low: i64, high: i64) -> i64 {
        low + (self.mix(stream) >> 1).cast_signed() % (high - low).max(1)
    }

    /// Draws 128 bits, for an id that must be the same each time.
    pub(crate) fn draw_u128(self, stream: u64) -> u128 {
        (u128::from(self.mix(stream)) << 64) | u128::from(self.mix(!stream))
    }

    /// Mixes seed and stream with the finaliser of splitmix64, because FNV alone hardly changes the high bits of short texts.
    fn mix(self, stream: u64) -> u64 {
        let mut bits = self
            .0
            .wrapping_add(stream.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

/// Returns the id in lower case, if it has the form of a UUID.
pub(crate) fn parse_uuid(text: &str) -> Option<String> {
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    well_formed.then(|| text.to_ascii_lowercase())
}

/// Makes a version 4 UUID from 128 bits.
pub(crate) fn uuid_v4_from_bits(bits: u128) -> String {
    let bits = (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

pub(crate) fn random_id(connection: &Connection) -> rusqlite::Result<String> {
    Ok(uuid_v4_from_bits(random_bits(connection)?))
}

/// Returns a random token for an invite link.
pub(crate) fn random_token(connection: &Connection) -> rusqlite::Result<String> {
    Ok(format!("{:032x}", random_bits(connection)?))
}

fn random_bits(connection: &Connection) -> rusqlite::Result<u128> {
    let mut select = connection.prepare_cached("SELECT randomblob(16)")?;
    select.query_row([], |row| row.get(0).map(u128::from_be_bytes))
}
