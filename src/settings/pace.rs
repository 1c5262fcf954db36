//! How fast requests may be asked to go.

use std::ops::RangeInclusive;

/// How many requests a second can be asked for.
pub const RATES: RangeInclusive<f64> = 0.01..=10_000.0;
/// How many requests can be in flight at once.
pub const CONCURRENCIES: RangeInclusive<u16> = 1..=256;
/// How many are, where nobody says otherwise.
pub const CONCURRENCY: u16 = 16;
