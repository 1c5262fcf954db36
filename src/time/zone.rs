//! Time zones by their IANA names.

use jiff::tz::TimeZone;

use super::Error;

/// Returns the time zone called `name`: an IANA name in any case, `UTC`, or `local` for this machine's.
///
/// # Errors
/// No zone has that name; the error carries the likely one.
pub fn zone(name: &str) -> Result<TimeZone, Error> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("local") {
        return Ok(TimeZone::system());
    }
    TimeZone::get(name).map_err(|_| Error::UnknownZone {
        name: name.to_owned(),
        likely: likely_zone(name),
    })
}

/// Returns the name people know `zone` by; a fixed offset is its own name.
#[must_use]
pub fn zone_name(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) => name
            .strip_prefix("Etc/")
            .filter(|bare| *bare == "UTC")
            .unwrap_or(name)
            .to_owned(),
        None => zone
            .to_fixed_offset()
            .map_or_else(|_| "local".to_owned(), |offset| offset.to_string()),
    }
}

/// Finds the zone nearest to a misspelt name; a bare city (`berlin`) finds its zone as well.
fn likely_zone(name: &str) -> Option<String> {
    let wanted = name.to_lowercase().replace(' ', "_");
    jiff::tz::db()
        .available()
        .map(|zone| {
            let zone = zone.as_str().to_owned();
            let lower = zone.to_lowercase();
            let city = lower.rsplit('/').next().unwrap_or(&lower);
            let likeness =
                strsim::jaro_winkler(&wanted, &lower).max(strsim::jaro_winkler(&wanted, city));
            (likeness, zone)
        })
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, zone)| zone)
}
