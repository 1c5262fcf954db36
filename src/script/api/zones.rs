//! Reading the names of time zones.

use rhai::plugin::*;
use rhai::{ImmutableString, Map};

use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map, read_map};
use crate::time::{ZoneMap, ZoneMapProblem, readable_name};

option_map! {
    /// The options of `zone`.
    pub(in crate::script) struct ZoneOptions: Options {
        /// Zones by the names that the file has for them, such as `#{ Munich: "Europe/Berlin" }`. They come before all
        /// rules, and before the file of `--zones`.
        map: ZoneMap,
    }
}

impl OptionValue for ZoneMap {
    const TYPE: KeyType = KeyType::TextMap;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let entries = value.read_lock::<Map>().ok_or(Rejection::WrongType)?;
        let mut map = Self::default();
        for (name, zone) in entries.iter() {
            let text = zone.read_lock::<ImmutableString>();
            let text = text.ok_or_else(|| Rejection::WrongItem(zone.type_name().to_owned()))?;
            map.add(name, &text)
                .map_err(|problem| Rejection::BadValue {
                    expected: "a map of zones",
                    hint: Some(bad_entry(name, &problem)),
                })?;
        }
        Ok(map)
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

fn bad_entry(name: &str, problem: &ZoneMapProblem) -> String {
    format!("the zone of `{name}`: {problem}")
}

fn read_zone(ctx: &NativeCallContext, name: &str, map: &ZoneMap) -> RhaiResultOf<String> {
    let host = Host::of(ctx)?;
    let mapped = map.get(name);
    let zone = match mapped {
        Some(zone) => zone,
        None => host.zone_named(name).or_throw(ctx)?,
    };
    Ok(readable_name(&zone))
}

#[export_module]
pub mod functions {
    /// Reads the name of a time zone, and returns it as the other functions take it.
    ///
    /// In this order, in any case: `UTC` and `Z`; an offset such as `UTC+2`, `GMT-5:30` or `+02:00`, which has no summer
    /// time; an IANA name such as `America/New_York`, with blanks or underscores, or a country that is one, such as
    /// `Japan`; a zone's name in Windows, such as `Pacific Standard Time`; a city that is part of exactly one IANA name.
    /// Everything but IANA names is shown in the plan. Anything else is an error, also abbreviations such as `PST`, `CET`
    /// and `EST`, which mean different things, and `local`.
    ///
    /// A file for `--zones` maps other names to zones.
    ///
    /// # Errors
    /// - `unknown_zone`: the name is not that of a zone, or could mean several
    ///
    /// # Example
    /// ```rhai
    /// print(today(zone("america/new york")).zone);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn zone(ctx: NativeCallContext, name: &str) -> RhaiResultOf<String> {
        read_zone(&ctx, name, &ZoneMap::default())
    }

    /// Reads the name of a time zone as `zone(name)` does, with names of your own.
    ///
    /// # Errors
    /// - `unknown_option`, `wrong_type`: there is no such option, or its value is wrong
    /// - those of `zone(name)`
    ///
    /// # Example
    /// ```rhai
    /// let cities = #{ Munich: "Europe/Berlin", "New York office": "America/New_York" };
    /// print(today(zone("Munich", #{ map: cities })));
    /// ```
    #[rhai_fn(name = "zone", return_raw)]
    pub fn zone_with(ctx: NativeCallContext, name: &str, options: Map) -> RhaiResultOf<String> {
        let options: ZoneOptions = read_map(&ctx, &options)?;
        read_zone(&ctx, name, &options.map)
    }
}
