//! The names of months and days of the week in many languages, from the locales of the GNU C library.
//!
//! A name that means different months in two languages is not read: `listopad` is November in Polish and October in Croatian.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

/// The names of all months, in small letters and without full stops; `None` if it is another month in another language.
static MONTHS: LazyLock<HashMap<String, Option<usize>>> = LazyLock::new(|| numbered(MONTH_LISTS));
/// Likewise, the days of the week. Sunday is 0.
static WEEKDAYS: LazyLock<HashMap<String, Option<usize>>> =
    LazyLock::new(|| numbered(WEEKDAY_LISTS));

type Names = &'static [&'static str];

macro_rules! lists {
    ($($locale:ident)*) => {
        const MONTH_LISTS: &[Names] = &[
            &["", "", "", "", "", "", "", "", "Sept"],
            $(
                pure_rust_locales::$locale::LC_TIME::MON,
                pure_rust_locales::$locale::LC_TIME::ABMON,
                // The form without a day, if it differs: `grudzień`, but `4 grudnia`.
                or_empty(pure_rust_locales::$locale::LC_TIME::ALT_MON),
            )*
        ];
        const WEEKDAY_LISTS: &[Names] = &[
            $(
                pure_rust_locales::$locale::LC_TIME::DAY,
                pure_rust_locales::$locale::LC_TIME::ABDAY,
            )*
        ];
    };
}

lists! {
    en_US de_DE de_AT fr_FR es_ES ca_ES it_IT pt_PT pt_BR ro_RO nl_NL da_DK sv_SE nb_NO fi_FI pl_PL cs_CZ sk_SK sl_SI hr_HR
    hu_HU tr_TR el_GR bg_BG ru_RU uk_UA
}

const fn or_empty(names: Option<Names>) -> Names {
    match names {
        Some(names) => names,
        None => &[],
    }
}

fn numbered(lists: &[Names]) -> HashMap<String, Option<usize>> {
    let mut numbered = HashMap::new();
    for (number, name) in lists.iter().flat_map(|names| names.iter().enumerate()) {
        let known = numbered.entry(bare(name)).or_insert(Some(number));
        if *known != Some(number) {
            *known = None;
        }
    }
    numbered
}

/// Returns the number of the month, from 1.
pub(super) fn month(name: &str) -> Option<i8> {
    let index = MONTHS.get(&bare(name)).copied().flatten()?;
    i8::try_from(index + 1).ok()
}

/// Returns the day of the week; English names also by their first three letters or more.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    let number = WEEKDAYS.get(&bare(name)).copied().flatten();
    let found =
        number.and_then(|number| Weekday::from_sunday_zero_offset(i8::try_from(number).ok()?).ok());
    found.or_else(|| super::weekday(name).ok())
}

fn bare(name: &str) -> String {
    name.trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::{MONTHS, WEEKDAYS, month, weekday};

    #[test]
    fn names_are_read_in_many_languages() {
        for (name, number) in [
            ("Dezember", 12),
            ("Jänner", 1),
            ("déc", 12),
            ("août", 8),
            ("diciembre", 12),
            ("março", 3),
            ("out", 10),
            ("mrt", 3),
            ("grudnia", 12),
            ("grudzień", 12),
            ("декабря", 12),
            ("sept", 9),
            ("Sep", 9),
            ("MAY", 5),
        ] {
            assert_eq!(month(name), Some(number), "{name}");
        }
        for (name, day) in [
            ("Freitag", Weekday::Friday),
            ("ven.", Weekday::Friday),
            ("tues", Weekday::Tuesday),
        ] {
            assert_eq!(weekday(name), Some(day), "{name}");
        }
    }

    #[test]
    fn what_differs_between_languages_is_not_read() {
        for name in ["listopad", "lis", "", "Decem"] {
            assert_eq!(month(name), None, "{name}");
        }
        assert_eq!(weekday("ma"), None);
        assert!(MONTHS.len() > 300);
        assert!(WEEKDAYS.len() > 200);
    }
}
