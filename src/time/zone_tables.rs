//! What names of zones mean that are not IANA names: Windows names, cities, and abbreviations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

/// The names of Windows, in lower case, with the zone of CLDR's territory 001.
static WINDOWS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let lines = include_str!("windows_zones.csv").lines();
    let zones = lines.filter(|line| !line.starts_with('#'));
    zones
        .filter_map(|line| line.rsplit_once(','))
        .map(|(name, zone)| (name.to_lowercase(), zone))
        .collect()
});

/// The zone of the form Region/City by its city, in lower case. A city of several zones has one only if their clocks always agree, as
/// those of Asia/Istanbul and Europe/Istanbul.
static CITIES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut cities: HashMap<String, Vec<String>> = HashMap::new();
    for zone in bundled_names() {
        if let Some((region, city)) = zone.split_once('/')
            && REGIONS.contains(&region)
            && !city.contains('/')
            && !NOT_CITIES.contains(&zone.as_str())
        {
            cities.entry(city.to_lowercase()).or_default().push(zone);
        }
    }
    let only = |(city, mut zones): (String, Vec<String>)| {
        let zone = zones.pop()?;
        let is_clear = zones
            .iter()
            .all(|other| clock_changes(other) == clock_changes(&zone));
        is_clear.then_some((city, zone))
    };
    cities.into_iter().filter_map(only).collect()
});

/// The zones that use an abbreviation, by that in upper case, the best known first.
static ABBREVIATIONS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut by_abbreviation: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in bundled_names().filter(|name| is_in_region(name)) {
        let Ok(zone) = TimeZoneDatabase::bundled().get(&name) else {
            continue;
        };
        for abbreviation in abbreviations_of(&zone) {
            let zones = by_abbreviation.entry(abbreviation).or_default();
            zones.push(name.clone());
        }
    }
    let windows: HashMap<&str, &str> = WINDOWS
        .iter()
        .map(|(name, zone)| (*zone, name.as_str()))
        .collect();
    for (abbreviation, zones) in &mut by_abbreviation {
        // `EDT` is to `Eastern Standard Time` what `EST` is.
        let standard = abbreviation.replace("DT", "ST");
        zones.sort_by_key(|zone| match windows.get(zone.as_str()) {
            Some(name) if initials(name) == standard => 0,
            Some(_) => 1,
            None => 2,
        });
    }
    by_abbreviation
});

/// The regions whose zones are named after places.
const REGIONS: [&str; 10] = [
    "Africa",
    "America",
    "Arctic",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Old names of states, and of islands and stations, whose last part is also the name of another place with another time.
const NOT_CITIES: [&str; 13] = [
    "Antarctica/Casey",
    "Antarctica/Davis",
    "Antarctica/Palmer",
    "Antarctica/Vostok",
    "Australia/ACT",
    "Australia/LHI",
    "Australia/NSW",
    "Australia/North",
    "Australia/South",
    "Australia/Victoria",
    "Australia/West",
    "Europe/Jersey",
    "Pacific/Samoa",
];

/// Returns when the clocks of a zone have changed since 1970 and will change, and their offset then.
fn clock_changes(zone: &str) -> Vec<(Timestamp, Offset)> {
    let Ok(zone) = TimeZoneDatabase::bundled().get(zone) else {
        return Vec::new();
    };
    let changes = zone.following(Timestamp::UNIX_EPOCH).take(300);
    changes
        .map(|change| (change.timestamp(), change.offset()))
        .collect()
}

/// Returns the IANA name of the zone with this name in Windows.
pub(super) fn windows_zone(name: &str) -> Option<&'static str> {
    WINDOWS.get(&name.to_lowercase()).copied()
}

/// Returns the zone of the form Region/City with this city.
pub(super) fn zone_of_city(city: &str) -> Option<&'static str> {
    let city = city.to_lowercase().replace(' ', "_");
    CITIES.get(&city).map(String::as_str)
}

/// Returns the zones that use this abbreviation, the best known first.
pub(super) fn zones_of_abbreviation(abbreviation: &str) -> &'static [String] {
    ABBREVIATIONS
        .get(&abbreviation.to_uppercase())
        .map_or(&[], Vec::as_slice)
}

/// Returns the abbreviations that a zone uses, in winter and in summer. A number is not an abbreviation.
fn abbreviations_of(zone: &TimeZone) -> BTreeSet<String> {
    let days = [date(2025, 1, 15), date(2025, 7, 15)];
    days.iter()
        .filter_map(|day| day.to_zoned_datetime(zone.clone()).ok())
        .map(|time| {
            let info = zone.to_offset_info(time.timestamp());
            info.abbreviation().to_owned()
        })
        .filter(|abbreviation| abbreviation.starts_with(|first: char| first.is_ascii_alphabetic()))
        .collect()
}

fn initials(name: &str) -> String {
    let letters = name.split(' ').filter_map(|word| word.chars().next());
    letters.flat_map(char::to_uppercase).collect()
}

fn is_in_region(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(region, _)| REGIONS.contains(&region))
}

fn bundled_names() -> impl Iterator<Item = String> {
    TimeZoneDatabase::bundled()
        .available()
        .map(|name| name.as_str().to_owned())
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::{WINDOWS, windows_zone, zone_of_city, zones_of_abbreviation};

    #[test]
    fn every_windows_name_has_a_zone() {
        assert!(WINDOWS.len() > 130);
        for zone in WINDOWS.values() {
            assert!(TimeZoneDatabase::bundled().get(zone).is_ok(), "{zone}");
        }
        assert_eq!(
            windows_zone("pacific standard time"),
            Some("America/Los_Angeles")
        );
        assert_eq!(windows_zone("Pacific Daylight Time"), None);
    }

    #[test]
    fn a_city_is_the_last_part_of_a_name() {
        assert_eq!(zone_of_city("new york"), Some("America/New_York"));
        assert_eq!(zone_of_city("Istanbul"), Some("Europe/Istanbul"));
        assert_eq!(zone_of_city("Nicosia"), Some("Europe/Nicosia"));
        for name in [
            "Samoa", "Victoria", "Knox", "Pacific", "Eastern", "York", "Berli",
        ] {
            assert_eq!(zone_of_city(name), None, "{name}");
        }
    }

    #[test]
    fn the_best_known_zones_of_an_abbreviation_come_first() {
        for (abbreviation, zone) in [
            ("pst", "America/Los_Angeles"),
            ("EST", "America/New_York"),
            ("EDT", "America/New_York"),
            ("CST", "America/Chicago"),
        ] {
            assert_eq!(zones_of_abbreviation(abbreviation)[0], zone);
        }
        assert!(zones_of_abbreviation("CST").contains(&"Asia/Shanghai".to_owned()));
        assert!(zones_of_abbreviation("XYZ").is_empty());
        assert!(zones_of_abbreviation("+03").is_empty());
    }
}
