//! A language file as it is written, and what one of its words can mean.

use super::class::{Class, Classes, Lists, SMALL_WORDS};
use chrono::Weekday;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A language file as it is written.
#[derive(Debug, Deserialize)]
pub struct File {
    /// Its English name: for the readers of the file.
    #[serde(rename = "name")]
    _name: String,
    /// How it writes numeric dates.
    pub numeric_order: NumericOrder,
    /// It writes every noun with a capital.
    #[serde(default)]
    pub capital_nouns: bool,
    /// "next" and "last" stand behind their weekday.
    #[serde(default)]
    pub next_behind: bool,
    /// "next Tuesday" is the one of next week.
    #[serde(default)]
    pub next_week_after: bool,
    /// "next weekend" is the one after the coming one.
    #[serde(default)]
    pub next_weekend_after: bool,
    /// How names of towns end behind a preposition, and how they end by themselves; the first that makes a town's name is right.
    #[serde(default)]
    pub town_endings: Vec<(String, String)>,
    pub months: Vec<Vec<String>>,
    pub weekdays: Vec<Vec<String>>,
    pub ordinals: BTreeMap<String, i8>,
    pub ordinal_endings: Vec<String>,
    pub counts: BTreeMap<String, u8>,
    pub units: BTreeMap<String, Unit>,
    pub near_days: BTreeMap<String, i16>,
    pub often: BTreeMap<String, Often>,
    #[serde(flatten)]
    pub lists: Lists,
}

/// The order of day and month between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumericOrder {
    /// 31/12/2025.
    DayFirst,
    /// 12/31/2025.
    MonthFirst,
    /// Both are in use.
    Unknown,
}

/// A span of time that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Unit {
    Day,
    Weekday,
    Week,
    Month,
    Year,
}

/// How often: "weekly", "every two weeks".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub enum Often {
    #[serde(rename = "day")]
    Daily,
    #[serde(rename = "weekday")]
    Weekdays,
    #[serde(rename = "week")]
    Weekly,
    #[serde(rename = "2week")]
    Fortnightly,
    #[serde(rename = "month")]
    Monthly,
    #[serde(rename = "year")]
    Yearly,
}

/// What a word or phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Meaning {
    /// The lists it stands in.
    pub classes: Classes,
    /// 1 to 12.
    pub month: Option<u8>,
    /// The weekday it names.
    pub weekday: Option<Weekday>,
    /// A position; -1 is the last.
    pub ordinal: Option<i8>,
    /// A number.
    pub count: Option<u8>,
    /// A span of time.
    pub unit: Option<Unit>,
    /// A day counted from publication.
    pub near: Option<i16>,
    /// How often.
    pub often: Option<Often>,
    /// Glued behind a number, makes it an ordinal.
    pub ordinal_ending: bool,
}

/// Lists whose phrases may begin a mention of time.
pub const OPENERS: Classes = Classes::of(&[
    Class::Weekend,
    Class::EachWeekday,
    Class::Every,
    Class::Last,
    Class::This,
    Class::Next,
    Class::On,
    Class::From,
    Class::Between,
    Class::AheadBy,
    Class::AgoBefore,
    Class::Noon,
    Class::Midnight,
    Class::HourBefore,
    Class::Am,
    Class::Pm,
]);

impl Meaning {
    /// A mention of time may begin so.
    pub fn opens(&self) -> bool {
        self.classes.any(OPENERS)
            || self.month.is_some()
            || self.weekday.is_some()
            || self.ordinal.is_some()
            || self.count.is_some()
            || self.near.is_some()
            || self.often.is_some()
    }

    /// A date may begin with it.
    pub fn opens_date(&self) -> bool {
        self.month.is_some()
            || self.weekday.is_some()
            || self.ordinal.is_some()
            || self.classes.any(Classes::of(&[Class::Between, Class::From, Class::On]))
    }

    /// Hours may begin with it.
    pub fn opens_hours(&self) -> bool {
        let classes =
            [Class::Between, Class::From, Class::Noon, Class::Midnight, Class::Am, Class::Pm, Class::HourBefore];
        self.classes.any(Classes::of(&classes))
    }

    /// A repetition may begin with it.
    pub fn opens_repetition(&self) -> bool {
        self.often.is_some()
            || self.ordinal.is_some()
            || self.classes.any(Classes::of(&[Class::Every, Class::EachWeekday, Class::On, Class::Determiner]))
    }

    /// It names a time by itself: no number, which may count anything.
    pub fn names_time(&self) -> bool {
        Meaning { count: None, ordinal: None, ..*self }.times()
    }

    /// It names or counts a stretch of time.
    pub fn times(&self) -> bool {
        self.month.is_some()
            || self.weekday.is_some()
            || self.ordinal.is_some()
            || self.count.is_some()
            || self.unit.is_some()
            || self.near.is_some()
            || self.often.is_some()
            || self.classes.any(Classes::of(&[Class::Weekend, Class::Noon, Class::Midnight]))
    }

    /// It tells something about its sentence.
    pub fn is_cue(&self) -> bool {
        self.classes.beyond(SMALL_WORDS)
    }

    /// Adds what another word means.
    pub fn add(&mut self, other: &Meaning) {
        self.classes = self.classes.with(other.classes);
        self.month = self.month.or(other.month);
        self.weekday = self.weekday.or(other.weekday);
        self.ordinal = self.ordinal.or(other.ordinal);
        self.count = self.count.or(other.count);
        self.unit = self.unit.or(other.unit);
        self.near = self.near.or(other.near);
        self.often = self.often.or(other.often);
        self.ordinal_ending |= other.ordinal_ending;
    }
}
