//! What the user decided about dates: the order of day, month and year, and the numbers of spreadsheets.

/// The order in which day, month and year are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateOrder {
    /// `31/12/2027`.
    DayMonthYear,
    /// `12/31/2027`.
    MonthDayYear,
    /// `2027/12/31`.
    YearMonthDay,
}

/// How dates are read that could mean several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateRules {
    /// Without an order, dates that need one are refused.
    pub order: Option<DateOrder>,
    /// Whether a number is the day that spreadsheets store as this number.
    pub serials: bool,
}

/// Why a setting of dates is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateRulesError {
    /// The word is not known.
    #[error("`{0}` is not one of `dmy`, `mdy`, `ymd` and `excel`")]
    Unknown(String),
    /// Two orders are set.
    #[error("only one of `dmy`, `mdy` and `ymd` can be set")]
    TwoOrders,
}

impl DateOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::DayMonthYear, Self::MonthDayYear, Self::YearMonthDay];

    /// Returns the name in options: `dmy`, `mdy` or `ymd`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayMonthYear => "dmy",
            Self::MonthDayYear => "mdy",
            Self::YearMonthDay => "ymd",
        }
    }

    /// Returns the order with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }

    /// Returns what comes first.
    pub fn first_part(self) -> &'static str {
        match self {
            Self::DayMonthYear => "day",
            Self::MonthDayYear => "month",
            Self::YearMonthDay => "year",
        }
    }
}

impl DateRules {
    /// Reads the value of `--dates`: an order, `excel`, or both with a comma.
    pub fn parse(text: &str) -> Result<Self, DateRulesError> {
        let mut rules = Self::default();
        for word in text.split(',').map(str::trim) {
            if word == "excel" {
                rules.serials = true;
                continue;
            }
            let order =
                DateOrder::parse(word).ok_or_else(|| DateRulesError::Unknown(word.to_owned()))?;
            if rules.order.is_some_and(|other| other != order) {
                return Err(DateRulesError::TwoOrders);
            }
            rules.order = Some(order);
        }
        Ok(rules)
    }
}
