//! The words of a language, ready to be looked up: one look a word, no allocation.

use super::class::{Class, Classes, PLACE_LEADS};
use super::file::{File, Meaning};
use super::index::{Affixes, Index, Spelling, Spellings, first_bytes, last_bytes};
use super::word::{Marks, WordId};
use chrono::Weekday;
use std::collections::BTreeMap;

static NONE: Meaning = Meaning {
    classes: Classes::of(&[]),
    month: None,
    weekday: None,
    ordinal: None,
    count: None,
    unit: None,
    near: None,
    often: None,
    ordinal_ending: false,
};

#[derive(Debug, Default)]
struct Word {
    /// Lower case.
    text: Box<str>,
    meaning: Meaning,
    /// The phrases that begin with it, longest first.
    phrases: Vec<Phrase>,
    /// Whatever it or one of its phrases means.
    reach: Meaning,
}

#[derive(Debug)]
struct Phrase {
    /// The words behind the first.
    rest: Box<[WordId]>,
    meaning: Meaning,
}

impl Word {
    fn marks(&self) -> Marks {
        let opens = self.meaning.opens() || self.phrases.iter().any(|phrase| phrase.meaning.opens());
        Marks::of(&[
            (opens, Marks::OPENS),
            (self.reach.opens_date(), Marks::OPENS_DATE),
            (self.reach.opens_hours(), Marks::OPENS_HOURS),
            (self.reach.opens_repetition(), Marks::OPENS_REPETITION),
            (self.reach.names_time(), Marks::NAMES_TIME),
            (self.reach.times(), Marks::TIMES),
            (self.meaning.ordinal_ending, Marks::ENDS_ORDINAL),
            (self.meaning.is_cue(), Marks::IS_CUE),
            (self.phrases.iter().any(|phrase| phrase.meaning.is_cue()), Marks::LEADS_CUES),
            (self.reach.classes.any(PLACE_LEADS), Marks::LEADS_TO_PLACE),
        ])
    }
}

/// Words, phrases, stems and endings.
#[derive(Debug)]
pub struct Lexicon {
    words: Vec<Word>,
    /// What is asked of many words of a text, each list small enough to stay at hand.
    own: Vec<Classes>,
    reaches: Vec<Classes>,
    spellings: Spellings,
    index: Index,
    stems: Affixes,
    endings: Affixes,
    /// There are stems or endings.
    has_affixes: bool,
    /// The longest entry in a script without spaces, in characters; 0 where there is none.
    pub longest_run: usize,
}

impl Lexicon {
    /// Builds the lexicon of a file; months and weekdays of `also` are known too, unless the file has another meaning for them.
    pub fn new(file: &File, also: Option<&File>) -> Self {
        let mut builder = Builder::default();
        builder.words.push(Word::default());
        builder.file(file);
        for name in ONLINE_NAMES {
            builder.entry(name, &Meaning { classes: Classes::of(&[Class::OnlineName]), ..Meaning::default() });
        }
        if let Some(also) = also {
            builder.calendar(also, true);
        }
        builder.finish()
    }

    /// The word that is written so, in any case.
    pub fn look(&self, written: &str) -> WordId {
        let (spelling, end) = Spelling::at(written.as_bytes(), 0);
        if end == written.len() {
            return self.look_spelled(spelling, end, || written);
        }
        self.look_any(written)
    }

    fn look_any(&self, written: &str) -> WordId {
        let mut buffer = [0; LONGEST + 8];
        let Some(lower) = lower_case(written, &mut buffer) else { return WordId::default() };
        let found = self.index.get(lower, |id| self.text(id));
        if found.is_known() || !self.has_affixes {
            return found;
        }
        let stem = self.stems.prefix_of(lower, |id| self.text(id));
        if stem.is_known() { stem } else { self.endings.suffix_of(lower, |id| self.text(id)) }
    }

    /// The same for a word of so many ASCII letters whose spelling is known.
    #[inline]
    pub fn look_spelled<'t>(&self, spelling: Spelling, length: usize, written: impl Fn() -> &'t str) -> WordId {
        let found = self.spellings.find(spelling);
        let may_have =
            || self.stems.lets_through(spelling.first(length)) || self.endings.lets_through(spelling.last(length));
        if found.is_known() || !self.has_affixes || !may_have() { found } else { self.look_any(written()) }
    }

    fn text(&self, id: WordId) -> &[u8] {
        text(&self.words, id)
    }

    /// What a word means by itself.
    pub fn meaning(&self, id: WordId) -> &Meaning {
        self.words.get(id.place()).map_or(&NONE, |word| &word.meaning)
    }

    /// The names of months, in small letters.
    pub fn months(&self) -> impl Iterator<Item = (Box<[u8]>, WordId)> {
        let months = self.words.iter().enumerate().filter(|(_, word)| word.meaning.month.is_some());
        months.map(|(at, word)| (word.text.as_bytes().into(), WordId::at(at)))
    }

    /// Whatever a word may mean by itself or as the beginning of a phrase.
    pub fn reach(&self, id: WordId) -> &Meaning {
        self.words.get(id.place()).map_or(&NONE, |word| &word.reach)
    }

    /// The lists that a word stands in by itself.
    pub fn classes(&self, id: WordId) -> Classes {
        self.own.get(id.place()).copied().unwrap_or_default()
    }

    /// The lists that a word or a phrase that begins with it stands in.
    pub fn reach_classes(&self, id: WordId) -> Classes {
        self.reaches.get(id.place()).copied().unwrap_or_default()
    }

    /// The phrases that begin with a word, longest first: the words behind it, and the meaning.
    pub fn phrases(&self, id: WordId) -> impl Iterator<Item = (&[WordId], &Meaning)> {
        let phrases = self.words.get(id.place()).map_or(&[][..], |word| &word.phrases);
        phrases.iter().map(|phrase| (&*phrase.rest, &phrase.meaning))
    }
}

/// Names of venues of the internet, as they stand in running text.
#[rustfmt::skip]
const ONLINE_NAMES: &[&str] = &[
    "discord", "zoom", "jitsi", "google meet", "microsoft teams", "ms teams", "bigbluebutton", "big blue button",
    "webex", "twitch", "youtube", "matrix", "irc", "teams", "gather.town", "whereby", "mumble", "bbb", "google hangouts",
    "hangouts", "skype", "venueless", "workadventure", "spatialchat", "teamspeak", "telegram",
];

/// Longer words, in bytes, are in no lexicon.
pub(super) const LONGEST: usize = 56;

/// The word in lower case, in the buffer; `None` where it does not fit.
pub(super) fn lower_case<'b>(written: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let mut length = 0;
    if written.len() > LONGEST {
        return None;
    }
    if written.is_ascii() {
        let room = buffer.get_mut(..written.len())?;
        room.copy_from_slice(written.as_bytes());
        room.make_ascii_lowercase();
        length = written.len();
    } else {
        for c in written.chars().flat_map(char::to_lowercase) {
            let end = length + c.len_utf8();
            c.encode_utf8(buffer.get_mut(length..end)?);
            length = end;
        }
    }
    buffer.get(..length)
}

#[derive(Default)]
struct Builder {
    words: Vec<Word>,
    exact: BTreeMap<Box<str>, WordId>,
    stems: BTreeMap<Box<str>, WordId>,
    endings: BTreeMap<Box<str>, WordId>,
    longest_run: usize,
}

impl Builder {
    fn file(&mut self, file: &File) {
        for (class, entries) in file.lists.all() {
            for entry in entries {
                self.entry(entry, &Meaning { classes: Classes::of(&[class]), ..Meaning::default() });
            }
        }
        self.calendar(file, false);
        for (entry, ordinal) in &file.ordinals {
            self.entry(entry, &Meaning { ordinal: Some(*ordinal), ..Meaning::default() });
        }
        for entry in &file.ordinal_endings {
            self.entry(entry, &Meaning { ordinal_ending: true, ..Meaning::default() });
        }
        for (entry, count) in &file.counts {
            self.entry(entry, &Meaning { count: Some(*count), ..Meaning::default() });
        }
        for (entry, unit) in &file.units {
            self.entry(entry, &Meaning { unit: Some(*unit), ..Meaning::default() });
        }
        for (entry, near) in &file.near_days {
            self.entry(entry, &Meaning { near: Some(*near), ..Meaning::default() });
        }
        for (entry, often) in &file.often {
            self.entry(entry, &Meaning { often: Some(*often), ..Meaning::default() });
        }
    }

    fn calendar(&mut self, file: &File, only_new: bool) {
        const WEEK: [Weekday; 7] =
            [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let months = file.months.iter().zip(1..).flat_map(|(names, month)| {
            names.iter().map(move |name| (name, Meaning { month: Some(month), ..Meaning::default() }))
        });
        let weekdays = file.weekdays.iter().zip(WEEK).flat_map(|(names, weekday)| {
            names.iter().map(move |name| (name, Meaning { weekday: Some(weekday), ..Meaning::default() }))
        });
        let shy = Meaning { classes: Classes::of(&[Class::Shy]), ..Meaning::default() };
        for (name, mut meaning) in months.chain(weekdays) {
            if only_new && self.exact.contains_key(name.as_str()) {
                continue;
            }
            // What a guest calls a month may be any word at home.
            if only_new && name.chars().count() <= 4 {
                meaning.add(&shy);
            }
            self.entry(name, &meaning);
        }
    }

    fn entry(&mut self, entry: &str, meaning: &Meaning) {
        if let Some(stem) = entry.strip_suffix('*') {
            let id = affix(&mut self.words, &mut self.stems, stem);
            if let Some(word) = self.words.get_mut(id.place()) {
                word.meaning.add(meaning);
            }
        } else if let Some(ending) = entry.strip_prefix('*') {
            let id = affix(&mut self.words, &mut self.endings, ending);
            if let Some(word) = self.words.get_mut(id.place()) {
                word.meaning.add(meaning);
            }
        } else {
            self.phrase(entry, meaning);
        }
    }

    fn phrase(&mut self, entry: &str, meaning: &Meaning) {
        let ids: Vec<WordId> = super::super::tokens::words_of(entry).into_iter().map(|word| self.exact(word)).collect();
        let Some((first, rest)) = ids.split_first() else { return };
        if entry.chars().any(super::super::tokens::is_unspaced) {
            self.longest_run = self.longest_run.max(entry.chars().count());
        }
        let Some(word) = self.words.get_mut(first.place()) else { return };
        if rest.is_empty() {
            word.meaning.add(meaning);
            return;
        }
        match word.phrases.iter_mut().find(|phrase| *phrase.rest == *rest) {
            Some(phrase) => phrase.meaning.add(meaning),
            None => word.phrases.push(Phrase { rest: rest.into(), meaning: *meaning }),
        }
    }

    fn exact(&mut self, word: &str) -> WordId {
        affix(&mut self.words, &mut self.exact, word)
    }

    fn finish(mut self) -> Lexicon {
        let (stems, endings) = (entries(&self.stems), entries(&self.endings));
        let (stems, endings) = (Affixes::new(&stems, first_bytes), Affixes::new(&endings, last_bytes));
        // A word with a meaning of its own has that of its stem or ending too.
        for id in self.exact.values() {
            let written = self.words.get(id.place()).map(|word| word.text.clone()).unwrap_or_default();
            let of = |id: WordId| text(&self.words, id);
            let stem = stems.prefix_of(written.as_bytes(), of);
            let affix = if stem.is_known() { stem } else { endings.suffix_of(written.as_bytes(), of) };
            let inherited = self.words.get(affix.place()).map(|word| word.meaning).unwrap_or_default();
            if let Some(word) = self.words.get_mut(id.place()).filter(|_| affix.is_known()) {
                word.meaning.add(&inherited);
            }
        }
        for word in &mut self.words {
            word.phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
            word.reach = word.meaning;
            for phrase in &word.phrases {
                word.reach.add(&phrase.meaning);
            }
        }
        self.mark();
        let exact = entries(&self.exact);
        Lexicon {
            own: self.words.iter().map(|word| word.meaning.classes).collect(),
            reaches: self.words.iter().map(|word| word.reach.classes).collect(),
            words: self.words,
            spellings: Spellings::new(&exact),
            index: Index::new(&exact),
            stems: Affixes::new(&entries(&self.stems), first_bytes),
            endings: Affixes::new(&entries(&self.endings), last_bytes),
            has_affixes: !(self.stems.is_empty() && self.endings.is_empty()),
            longest_run: self.longest_run,
        }
    }

    /// Gives every word its marks, wherever it is named.
    fn mark(&mut self) {
        let marks: Vec<Marks> = self.words.iter().map(Word::marks).collect();
        let mark = |id: &mut WordId| *id = id.with(marks.get(id.place()).copied().unwrap_or_default());
        let maps = [&mut self.exact, &mut self.stems, &mut self.endings];
        maps.into_iter().flat_map(BTreeMap::values_mut).for_each(mark);
        let phrases = self.words.iter_mut().flat_map(|word| &mut word.phrases);
        phrases.flat_map(|phrase| &mut phrase.rest).for_each(mark);
    }
}

fn text(words: &[Word], id: WordId) -> &[u8] {
    words.get(id.place()).map_or(&[], |word| word.text.as_bytes())
}

fn entries(map: &BTreeMap<Box<str>, WordId>) -> Vec<(Box<[u8]>, WordId)> {
    map.iter().map(|(text, id)| (text.as_bytes().into(), *id)).collect()
}

fn affix(words: &mut Vec<Word>, map: &mut BTreeMap<Box<str>, WordId>, text: &str) -> WordId {
    if let Some(id) = map.get(text) {
        return *id;
    }
    let id = WordId::at(words.len());
    words.push(Word { text: text.into(), ..Word::default() });
    map.insert(text.into(), id);
    id
}
