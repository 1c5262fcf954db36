//! Fresh ids and tokens. `SQLite`'s generator serves, so that no other source of randomness is
//! needed.

use rusqlite::Connection;

use crate::sandbox::syntax;

/// Draws an id.
pub(super) fn id(connection: &Connection) -> rusqlite::Result<String> {
    Ok(syntax::uuid_v4_from_bits(bits(connection)?))
}

/// Draws the token of an invite link.
pub(super) fn token(connection: &Connection) -> rusqlite::Result<String> {
    Ok(format!("{:032x}", bits(connection)?))
}

fn bits(connection: &Connection) -> rusqlite::Result<u128> {
    let mut draw = connection.prepare_cached("SELECT randomblob(16)")?;
    draw.query_row([], |row| row.get(0).map(u128::from_be_bytes))
}
