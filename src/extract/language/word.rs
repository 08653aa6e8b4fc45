//! The number of a word, which carries what is asked of every word of a text: that is told without a look into a table.

/// Names a word of a lexicon; the default is one that it does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordId(u32);

/// So many bits count the words, the others are the marks.
pub const COUNT_BITS: u32 = 20;

/// What is asked of a word, a bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u32);

impl Marks {
    /// A mention of time may begin with it, or with a phrase that begins with it.
    pub const OPENS: Self = Self(1 << COUNT_BITS);
    /// It names or counts a stretch of time, or begins a phrase that does.
    pub const TIMES: Self = Self(2 << COUNT_BITS);
    /// It names a stretch of time, or begins a phrase that does.
    pub const NAMES_TIME: Self = Self(4 << COUNT_BITS);
    /// A date may begin with it, or with a phrase that begins with it.
    pub const OPENS_DATE: Self = Self(8 << COUNT_BITS);
    /// The same for hours.
    pub const OPENS_HOURS: Self = Self(16 << COUNT_BITS);
    /// The same for a repetition.
    pub const OPENS_REPETITION: Self = Self(32 << COUNT_BITS);
    /// Glued behind a number, it makes that an ordinal.
    pub const ENDS_ORDINAL: Self = Self(64 << COUNT_BITS);
    /// It is a cue.
    pub const IS_CUE: Self = Self(128 << COUNT_BITS);
    /// Phrases that are cues begin with it.
    pub const LEADS_CUES: Self = Self(256 << COUNT_BITS);
    /// It leads to the name of a place, or begins a phrase that does.
    pub const LEADS_TO_PLACE: Self = Self(512 << COUNT_BITS);

    /// All of those that hold.
    pub fn of(marks: &[(bool, Self)]) -> Self {
        marks.iter().filter(|(holds, _)| *holds).fold(Self::default(), |all, (_, mark)| Self(all.0 | mark.0))
    }

    /// True where the two share a mark.
    pub fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::ops::BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl WordId {
    /// The word at this place of the lexicon, without marks; one that it does not know where no more words can be counted.
    pub fn at(place: usize) -> Self {
        Self(u32::try_from(place).ok().filter(|place| place >> COUNT_BITS == 0).unwrap_or(0))
    }

    /// The same word with these marks.
    pub fn with(self, marks: Marks) -> Self {
        Self(self.0 | marks.0)
    }

    /// Its place in the lexicon.
    #[inline]
    pub fn place(self) -> usize {
        (self.0 & ((1 << COUNT_BITS) - 1)) as usize
    }

    /// What is asked of it.
    #[inline]
    pub fn marks(self) -> Marks {
        Marks(self.0 & (u32::MAX << COUNT_BITS))
    }

    /// The lexicon knows it.
    #[inline]
    pub fn is_known(self) -> bool {
        self.0 != 0
    }

    /// It has this mark.
    #[inline]
    pub fn is(self, mark: Marks) -> bool {
        self.marks().any(mark)
    }
}
