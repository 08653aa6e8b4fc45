//! What a word can be to the rules: the lists of a language file, as a set of bits.

use serde::Deserialize;

/// Makes [`Class`] and the lists of a language file from one table, so that neither can lack what the other has.
macro_rules! classes {
    ($($name:ident = $key:ident,)*) => {
        /// A list of words in a language file; what each is for stands there, in `en.toml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Class {
            $($name,)*
            /// Names of venues of the internet, the same in all languages.
            OnlineName,
        }

        /// The lists of a language file.
        #[derive(Debug, Deserialize)]
        pub struct Lists { $($key: Vec<String>,)* }

        impl Lists {
            /// Every list with its class, in the order of the file.
            pub fn all(&self) -> Vec<(Class, &[String])> {
                vec![$((Class::$name, self.$key.as_slice()),)*]
            }
        }
    };
}

classes! {
    Common = common,
    Shy = shy,
    EachWeekday = each_weekday,
    Weekend = weekend,
    To = to,
    And = and,
    Between = between,
    From = from,
    Of = of,
    Determiner = determiners,
    OfMonth = of_month,
    BeforeHours = before_hours,
    BeforeDate = before_date,
    At = at,
    Am = am,
    Pm = pm,
    Noon = noon,
    Midnight = midnight,
    HourWord = hour_words,
    HourBefore = hour_before,
    YearWord = year_words,
    Every = every,
    Other = other,
    Last = last,
    This = this,
    Next = next,
    On = on,
    AheadBy = ahead_by,
    AgoBefore = ago_before,
    Ago = ago,
    Lasting = lasting,
    Long = long,
    Until = until,
    Starting = starting,
    Except = except,
    TimeWord = time_word,
    YearMark = year_mark,
    MonthMark = month_mark,
    DayMark = day_mark,
    HourMark = hour_mark,
    MinuteMark = minute_mark,
    EventNoun = event_nouns,
    TimeNoun = time_nouns,
    EventVerb = event_verbs,
    Happens = happens,
    Invitation = invitations,
    Ahead = ahead,
    Past = past,
    DeadlineBefore = deadline_before,
    DeadlineAny = deadline_any,
    Papers = papers,
    Registration = registration,
    PublishedBefore = published_before,
    ReleasedBefore = released_before,
    HistoryBefore = history_before,
    PastEdition = past_edition,
    NextEdition = next_edition,
    Another = another,
    PartOf = part_of,
    After = after,
    WeekendOf = weekend_of,
    Starts = starts,
    Doors = doors,
    Ends = ends,
    Cancelled = cancelled,
    Postponed = postponed,
    MovedTo = moved_to,
    SaysStatus = says_status,
    Disturbance = disturbances,
    AllTimes = all_times,
    LabelWhen = label_when,
    LabelWhenNoun = label_when_nouns,
    LabelTime = label_time,
    LabelWhere = label_where,
    LabelDeadline = label_deadline,
    LabelOtherDate = label_other_dates,
    Schedule = schedule,
    WhatsOnSurely = whats_on_surely,
    WhatsOn = whats_on,
    NotEventTitle = not_event_titles,
    RecapTitle = recap_titles,
    PlaceBefore = place_before,
    PlaceIn = place_in,
    PlaceTo = place_to,
    PlaceAfter = place_after,
    PlaceNear = place_near,
    HostedBy = hosted_by,
    AddressBefore = address_before,
    Venue = venues,
    Room = rooms,
    NameJoint = name_joints,
    BeforeName = before_names,
    Subject = subjects,
    OnSite = on_site,
    Online = online,
    Hybrid = hybrid,
    TakingPart = taking_part,
    SideChannel = side_channels,
    NoPlace = no_place,
}

/// Lists of small words, which are half of a text. They mean something only right beside another word, where they are asked for one by
/// one: they are no cues of what their sentence says.
pub const SMALL_WORDS: Classes = Classes::of(&[
    Class::Common,
    Class::Shy,
    Class::To,
    Class::And,
    Class::Between,
    Class::From,
    Class::Of,
    Class::Determiner,
    Class::OfMonth,
    Class::BeforeHours,
    Class::BeforeDate,
    Class::At,
    Class::On,
    Class::PlaceBefore,
    Class::PlaceIn,
    Class::PlaceTo,
    Class::NameJoint,
    Class::BeforeName,
]);

/// Words that lead to the name of a place.
pub const PLACE_LEADS: Classes =
    Classes::of(&[Class::PlaceBefore, Class::PlaceAfter, Class::PlaceNear, Class::HostedBy, Class::On, Class::From]);

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u128);

impl Classes {
    /// The set of these.
    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < classes.len() {
            bits |= 1 << classes[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// True where it holds this class.
    pub const fn has(self, class: Class) -> bool {
        self.0 >> class as u8 & 1 == 1
    }

    /// True where it holds a class that the other lacks.
    pub const fn beyond(self, other: Self) -> bool {
        self.0 & !other.0 != 0
    }

    /// True where the two share a class.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// All of both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True for the empty set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
