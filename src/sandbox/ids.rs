//! UUIDs, and random ids and tokens. `SQLite` generates the random bits, so that no other generator is needed.

use rusqlite::Connection;

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
