//! The words of a language. One data file a language; the grammar and the rules know none of their own.

mod en;

use chrono::Weekday;

/// What the rules need to know of a language. All words are in lower case; phrases are words parted by one space.
#[derive(Debug)]
pub struct Words {
    /// Month names and their short forms.
    pub months: &'static [(&'static str, u32)],
    /// Month names that are also something else: only with a capital.
    pub shy_months: &'static [&'static str],
    /// Weekday names, short forms and plurals.
    pub weekdays: &'static [(&'static str, Weekday)],
    /// Weekday names that say "each" by their form.
    pub plural_weekdays: &'static [&'static str],
    /// Number words for positions.
    pub ordinals: &'static [(&'static str, i8)],
    /// Endings of ordinal numbers in digits.
    pub ordinal_endings: &'static [&'static str],
    /// Number words.
    pub counts: &'static [(&'static str, u32)],
    /// Between the ends of a range.
    pub to: &'static [&'static str],
    /// Between the members of a list, and the ends of a range that [`Words::between`] opens.
    pub and: &'static [&'static str],
    /// Opens a range of two.
    pub between: &'static [&'static str],
    /// Articles and prepositions between a day and its month or weekday.
    pub of: &'static [&'static str],
    /// Between a date and its hours.
    pub before_hours: &'static [&'static str],
    /// Between hours and their date.
    pub before_date: &'static [&'static str],
    /// Morning and afternoon.
    pub am: &'static [&'static str],
    /// See [`Words::am`].
    pub pm: &'static [&'static str],
    /// 12:00.
    pub noon: &'static [&'static str],
    /// 0:00.
    pub midnight: &'static [&'static str],
    /// Says "each".
    pub every: &'static [&'static str],
    /// Says "each second".
    pub other: &'static [&'static str],
    /// Adjectives of repetition and their frequency.
    pub often: &'static [(&'static str, &'static str)],
    /// Nouns of repetition ("every week") and their frequency.
    pub units: &'static [(&'static str, &'static str)],
    /// Says that something happens.
    pub happens: &'static [&'static str],
    /// "last" before a weekday.
    pub last: &'static [&'static str],
    /// "this", "coming".
    pub this: &'static [&'static str],
    /// "next".
    pub next: &'static [&'static str],
    /// "on" before a bare weekday.
    pub on: &'static [&'static str],
    /// Saturday and Sunday.
    pub weekend: &'static [&'static str],
    /// Words for a day, counted from the day of publication.
    pub near_days: &'static [(&'static str, i64)],
    /// Behind a zone's name: "Helsinki time".
    pub time_word: &'static [&'static str],
    /// Nouns for events.
    pub event_nouns: &'static [&'static str],
    /// Endings of names of events.
    pub event_endings: &'static [&'static str],
    /// Says that an event takes place.
    pub event_verbs: &'static [&'static str],
    /// Asks to come.
    pub invitations: &'static [&'static str],
    /// Says that it is still to come.
    pub ahead: &'static [&'static str],
    /// Says that it is over.
    pub past: &'static [&'static str],
    /// In the same clause: the date is a last day for something, if it stands before the date.
    pub deadline_before: &'static [&'static str],
    /// The same, if it stands anywhere in the clause.
    pub deadline_any: &'static [&'static str],
    /// The deadline is for talks or papers.
    pub papers: &'static [&'static str],
    /// The deadline is for registration.
    pub registration: &'static [&'static str],
    /// The date is history or housekeeping, if it stands before the date.
    pub history_before: &'static [&'static str],
    /// The date is of another event than this text's.
    pub another: &'static [&'static str],
    /// Says that this event belongs to a greater one.
    pub part_of: &'static [&'static str],
    /// Labels and headings for days.
    pub label_when: &'static [&'static str],
    /// Labels and headings for hours.
    pub label_time: &'static [&'static str],
    /// Labels and headings for places.
    pub label_where: &'static [&'static str],
    /// Headings of programmes.
    pub schedule: &'static [&'static str],
    /// Titles of lists of events, whatever else they say.
    pub whats_on_surely: &'static [&'static str],
    /// Headings of lists of events.
    pub whats_on: &'static [&'static str],
    /// Titles of texts that announce no event.
    pub not_event_titles: &'static [&'static str],
    /// Titles that look back.
    pub recap_titles: &'static [&'static str],
    /// Cancelled.
    pub cancelled: &'static [&'static str],
    /// Postponed.
    pub postponed: &'static [&'static str],
    /// The event's new date follows.
    pub moved_to: &'static [&'static str],
    /// Before a place's name, after which the place itself follows.
    pub place_before: &'static [&'static str],
    /// Opens an address.
    pub address_before: &'static [&'static str],
    /// Only on site.
    pub on_site: &'static [&'static str],
    /// Only online.
    pub online: &'static [&'static str],
    /// Both.
    pub hybrid: &'static [&'static str],
    /// A place that is none: "to be announced".
    pub no_place: &'static [&'static str],
    /// Languages and fields of knowledge: "in German" and "in Data Science" are no places.
    pub subjects: &'static [&'static str],
    /// Opens a range of two that a word of [`Words::to`] closes.
    pub from: &'static [&'static str],
    /// Between a date and hours of its own.
    pub at: &'static [&'static str],
    /// Articles and their like.
    pub determiners: &'static [&'static str],
    /// Between a day and its month, or a weekday and "month".
    pub of_month: &'static [&'static str],
    /// Behind a date, where behind a number of things no such word stands.
    pub after_date: &'static [&'static str],
    /// A label with one of these words is for days.
    pub label_when_nouns: &'static [&'static str],
    /// The one of [`Words::place_before`] that also stands before subjects and languages.
    pub place_in: &'static [&'static str],
    /// Small words inside names of places.
    pub name_joints: &'static [&'static str],
    /// Says that one takes part there.
    pub taking_part: &'static [&'static str],
    /// Says that something else than the event is there.
    pub side_channels: &'static [&'static str],
    /// Before "cancelled" or "postponed", where it is said of the event.
    pub says_status: &'static [&'static str],
    /// Nouns of [`Words::event_nouns`] that measure time more often than they name an event.
    pub time_nouns: &'static [&'static str],
    /// Words that end the name of an event, read backwards.
    pub before_names: &'static [&'static str],
    /// Right before a date: what is told begins behind it.
    pub after: &'static [&'static str],
    /// Before a day that stands for its weekend.
    pub weekend_of: &'static [&'static str],
    /// Before the zone of all hours of a text.
    pub all_times: &'static [&'static str],
    /// Labels of dates that are not the event's.
    pub label_other_dates: &'static [&'static str],
    /// Says that something stops, moves or is repaired then, and nobody is asked to come.
    pub disturbances: &'static [&'static str],
    /// Before the hours at which an event begins, where others stand beside them.
    pub starts: &'static [&'static str],
    /// Nouns that end the name of a venue or a street.
    pub venues: &'static [&'static str],
    /// Rooms.
    pub rooms: &'static [&'static str],
}

/// The words of the language with this BCP 47 tag; English where we have none of its own.
pub fn words(_tag: &str) -> &'static Words {
    &en::ENGLISH
}

impl Words {
    /// The month of this name, as written and in lower case.
    pub fn month(&self, written: &str, lower: &str) -> Option<u32> {
        let month = lookup(self.months, lower)?;
        let shy = self.shy_months.contains(&lower) && !written.starts_with(char::is_uppercase);
        (!shy).then_some(month)
    }
}

/// The value of a word in a table.
pub fn lookup<T: Copy>(table: &[(&str, T)], lower: &str) -> Option<T> {
    table.iter().find(|(word, _)| *word == lower).map(|(_, value)| *value)
}

/// The first place of one of these phrases in a text in lower case, at word boundaries.
pub fn find_phrase(lower: &str, phrases: &[&str]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| find_one(lower, phrase)).min()
}

/// True where one of these phrases stands in a text in lower case.
pub fn has_phrase(lower: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find_one(lower, phrase).is_some())
}

fn find_one(lower: &str, phrase: &str) -> Option<usize> {
    lower.match_indices(phrase).map(|(at, _)| at).find(|at| {
        let before = lower.get(..*at).and_then(|text| text.chars().next_back());
        let after = lower.get(at + phrase.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
