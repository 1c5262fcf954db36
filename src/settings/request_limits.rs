//! How fast requests may be asked to go.

use std::ops::RangeInclusive;

/// How many requests a second can be asked for.
pub const RATE_RANGE: RangeInclusive<f64> = 0.01..=10_000.0;
/// How many requests can be in flight at once.
pub const CONCURRENCY_RANGE: RangeInclusive<u16> = 1..=256;
/// How many are, where nobody says otherwise.
pub const DEFAULT_CONCURRENCY: u16 = 16;
