//! The user's decisions about how text is read as a date or a zone.

use super::date_rules::DateRules;
use super::zone_map::ZoneMap;

/// What the user decided about dates and zones in files and scripts.
#[derive(Clone, Debug, Default)]
pub struct ReadingRules {
    /// The user's own names for zones.
    pub zones: ZoneMap,
    /// How dates are read that could mean several.
    pub dates: DateRules,
}
