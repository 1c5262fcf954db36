//! The number by which an address is found again in a run.
//!
//! A key is not unique by itself: who finds a row by it compares the address, and looks at the next key if it is another
//! one. Equal leading bits for one run keep its keys together in the index.

use std::hash::Hasher as _;

use fnv::FnvHasher;

use super::RunId;

/// Bits of the hash; those above tell runs apart, and the sign stays free.
const HASH_BITS: u32 = 43;
const RUN_BITS: u32 = 20;

/// Returns the first key to look at for an address.
pub(super) fn key(run: RunId, assessment: &str, email: &str) -> i64 {
    let mut hasher = FnvHasher::default();
    hasher.write(assessment.as_bytes());
    hasher.write_u8(0);
    for byte in email.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    let hash = hasher.finish();
    // FNV's upper bits are the weaker ones: they are folded into the lower.
    let hash = (hash ^ (hash >> HASH_BITS)) & ((1 << HASH_BITS) - 1);
    let run = run.number() & ((1 << RUN_BITS) - 1);
    (run << HASH_BITS) | i64::try_from(hash).unwrap_or(0)
}

/// Returns the key to look at after `key`.
pub(super) fn next(key: i64) -> i64 {
    key.checked_add(1).unwrap_or(0)
}
