//! Which of the dates is the event's: the evidence of every date, and the role that its words give it.

use super::blocks::{Block, BlockKind};
use super::grammar::clock::Hours;
use super::grammar::relative::{Relative, Which};
use super::language::{Class, Classes};
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::places;
use super::resolve::{Found, resolve};
use super::scores::Evidence::{self, *};
use super::sessions::Programme;
use super::verdict::Leaning;
use crate::model::{DeadlineKind, Role, TimeSpan};
use chrono::{Datelike, NaiveDate, Weekday};

/// A mention, its days and what speaks for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Index of the mention; none for days that several mentions give together.
    pub mention: Option<usize>,
    /// The block that names them.
    pub block: usize,
    /// Days and hours.
    pub span: TimeSpan,
    /// What its words say it is.
    pub role: Role,
    /// The form the date is written in.
    pub rule: &'static str,
    /// It was read with its own year, and no weekday contradicts.
    pub plain: bool,
    /// What speaks for and against it being the event's.
    pub evidence: Vec<Evidence>,
    /// How likely it is the event's, 0 to 1.
    pub likelihood: f32,
}

impl Judged {
    /// It may be an event's date.
    pub fn is_candidate(&self) -> bool {
        self.role == Role::Event
    }
}

/// The days of each mention with their evidence, without those that cannot be placed in time.
pub fn judge(page: &Page, programme: &Programme, leaning: &Leaning) -> Vec<Judged> {
    let mut judged = Vec::new();
    let mut seen = Seen::default();
    for (index, mention) in page.mentions.iter().enumerate() {
        for reading in readings(page, mention) {
            let role = role(page, mention, programme);
            let evidence = evidence(page, mention, &reading, &role, programme, seen);
            let Reading { span, rule, found } = reading;
            let plain = !found.weekday_clash && !found.guessed;
            let (mention, block) = (Some(index), mention.block);
            judged.push(Judged { mention, block, span, role, rule, plain, evidence, likelihood: 0.0 });
        }
        seen.day |= mention.is_day();
        seen.date |= matches!(mention.what, What::Dates(..));
    }
    together(page, programme, &mut judged);
    compare(page, &mut judged, programme);
    for item in &mut judged {
        item.evidence.extend_from_slice(&leaning.evidence);
        crossed(&mut item.evidence);
    }
    let sums: Vec<f32> = judged.iter().map(|item| super::scores::sum(&item.evidence)).collect();
    for (item, likelihood) in judged.iter_mut().zip(super::scores::likelihoods(&sums)) {
        item.likelihood = likelihood;
    }
    judged
}

/// What stood before a mention.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// A day.
    day: bool,
    /// A day that was not counted from publication.
    date: bool,
}

/// What the words of a mention mean in days and hours.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Days and hours.
    pub span: TimeSpan,
    /// The form the date is written in.
    pub rule: &'static str,
    found: Found,
}

/// Days and hours of a mention; two readings where the order of day and month is unknown.
pub fn readings(page: &Page, mention: &Mention) -> Vec<Reading> {
    let past = mention.before.has(Class::Past) || page.past && !mention.before.has(Class::Next);
    match &mention.what {
        What::Dates(dates, hours) => {
            let mut both = vec![dates.clone()];
            if dates.days.iter().any(|day| day.either) {
                let mut turned = dates.clone();
                for day in turned.days.iter_mut().filter(|day| day.either) {
                    (day.month, day.day) = (Some(day.day), day.month.unwrap_or(day.day));
                }
                both.push(turned);
            }
            let read = |dates| {
                let found = resolve(&dates, &page.years, past)?;
                let span = dated(page, mention, &dates, hours.as_ref(), &found);
                Some(Reading { span, rule: dates.rule, found })
            };
            both.into_iter().filter_map(read).collect()
        }
        What::Relative(relative, hours) => {
            let Some((first, last)) = page.years.anchor.and_then(|anchor| relative.days(anchor, past, page.language))
            else {
                return Vec::new();
            };
            let mut span = TimeSpan { last, ..TimeSpan::day(first) };
            if let (Some(hours), None) = (hours, last) {
                set_hours(&mut span, hours);
            }
            vec![Reading {
                span,
                rule: "relative-day",
                found: Found { first, last, weekday_clash: false, guessed: true },
            }]
        }
        What::Repeats(_) | What::Hours(_) => Vec::new(),
    }
}

/// The first reading of a mention.
pub fn span(page: &Page, mention: &Mention) -> Option<TimeSpan> {
    readings(page, mention).into_iter().next().map(|reading| reading.span)
}

fn dated(
    page: &Page,
    mention: &Mention,
    dates: &super::grammar::date::Dates,
    hours: Option<&Hours>,
    found: &Found,
) -> TimeSpan {
    let mut span = TimeSpan { last: found.last, ..TimeSpan::day(found.first) };
    if span.last.is_none() && mention.near.has(Class::WeekendOf) {
        span = weekend(span.first).unwrap_or(span);
    }
    if span.last.is_none() && dates.days.len() == 1 {
        span.last = lasting(page, mention).and_then(|days| span.first.checked_add_days(chrono::Days::new(days - 1)));
    }
    match (&dates.hours, hours, span.last) {
        ([Some(from), Some(to)], _, Some(_)) if from.to.is_none() && to.to.is_none() => {
            span.from = Some(from.from);
            span.to = Some(to.from);
            span.zone = to.zone.clone().or(from.zone.clone());
        }
        (_, Some(hours), None) => set_hours(&mut span, hours),
        ([Some(hours), _], None, None) => set_hours(&mut span, hours),
        _ => {}
    }
    span
}

/// "starts on 5 May for three days", "the three-day course begins on 5 May": how many days, from 2.
fn lasting(page: &Page, mention: &Mention) -> Option<u64> {
    let text = page.text(mention.block);
    let days = |at: usize| {
        let (count, unit_at) = text.count(at)?;
        let unit_at = text.skip(unit_at, '-');
        let (unit, end) = text.longest(unit_at, |meaning| meaning.unit)?;
        (unit == super::language::Unit::Day && (2..=14).contains(&count)).then_some((u64::from(count), end))
    };
    let behind = (mention.until..(mention.until + 4).min(mention.clause.1))
        .find_map(|at| text.phrase(at, Class::Lasting).and_then(days));
    if let Some((count, _)) = behind {
        return Some(count);
    }
    let begins = mention.near.has(Class::Starts);
    let adjective = || (mention.clause.0..mention.at).find_map(days);
    begins.then(adjective).flatten().map(|(count, _)| count)
}

/// Saturday and Sunday, where one of them is named for both.
fn weekend(day: NaiveDate) -> Option<TimeSpan> {
    let saturday = match day.weekday() {
        Weekday::Sat => day,
        Weekday::Sun => day.pred_opt()?,
        _ => return None,
    };
    Some(TimeSpan { last: saturday.succ_opt(), ..TimeSpan::day(saturday) })
}

/// Puts hours into a span of one day.
pub fn set_hours(span: &mut TimeSpan, hours: &Hours) {
    span.from = Some(hours.from);
    span.to = hours.to;
    span.zone.clone_from(&hours.zone);
}

/// What its words say a mention is. What may be the event's is [`Role::Event`]: how likely, the evidence says.
fn role(page: &Page, mention: &Mention, programme: &Programme) -> Role {
    if moved_here(mention) {
        return Role::Event;
    }
    let label = page.label(mention);
    if programme.blocks.contains(&mention.block) {
        return Role::Session;
    }
    if let Some(kind) = deadline(page, mention, label) {
        return Role::Deadline(kind);
    }
    if label == Some(Label::When) {
        return Role::Event;
    }
    let near = mention.near;
    let says = |classes: &[Class]| near.any(Classes::of(classes));
    if label == Some(Label::OtherDate) || says(&[Class::LabelOtherDate, Class::After, Class::HistoryBefore]) {
        return if says(&[Class::ReleasedBefore]) { Role::Release } else { Role::History };
    }
    if says(&[Class::PublishedBefore]) {
        return Role::Publication;
    }
    if says(&[Class::ReleasedBefore]) {
        return Role::Release;
    }
    Role::Event
}

/// The role of a date, once it is known how likely it is the event's.
pub fn settled(item: &Judged) -> Role {
    let unlikely = item.likelihood < 0.3;
    let has = |piece: Evidence| item.evidence.contains(&piece);
    match item.role {
        Role::Event if unlikely && has(PastEdition) => Role::PastEdition,
        Role::Event if unlikely && has(NextEdition) => Role::NextEdition,
        Role::Event if unlikely && has(DoorsNear) => Role::Doors,
        Role::Event if unlikely => Role::History,
        role if item.likelihood > 0.5 && !matches!(role, Role::Deadline(_)) => Role::Event,
        role => role,
    }
}

/// "has been moved to …": this is the new date.
pub fn moved_here(mention: &Mention) -> bool {
    mention.near.has(Class::MovedTo)
}

fn deadline(page: &Page, mention: &Mention, label: Option<Label>) -> Option<DeadlineKind> {
    let heading = page.heading(mention.block);
    let range = matches!(&mention.what, What::Dates(dates, _) if dates.range);
    let labelled = label == Some(Label::Deadline);
    let when = label == Some(Label::When);
    let before = mention.near.has(Class::DeadlineBefore) && !range;
    let happens = mention.before.has(Class::EventVerb);
    let in_clause = mention.before.has(Class::DeadlineAny) && !when && (!happens || deadline_said_last(page, mention));
    let behind = mention.soon.has(Class::DeadlineAny) && !when && !happens;
    let by_heading = heading.has(Class::DeadlineAny) && !when;
    if !(labelled || before || in_clause || behind || by_heading) {
        return None;
    }
    let mut context = mention.around().with(heading);
    if page.block(mention).is_some_and(Block::is_row) {
        context = context.with(page.classes_in(mention.block, 0, mention.at));
    }
    Some(if context.has(Class::Registration) {
        DeadlineKind::Registration
    } else if context.has(Class::Papers) {
        DeadlineKind::CallForPapers
    } else {
        DeadlineKind::Other
    })
}

/// In the clause before the date, the word for a deadline stands behind the verb of the event.
fn deadline_said_last(page: &Page, mention: &Mention) -> bool {
    let cues = page.cues(mention.block);
    let last = |class: Class| {
        let inside = |at: usize| mention.clause.0 <= at && at < mention.at;
        cues.iter().filter(|cue| cue.classes.has(class) && inside(cue.at as usize)).map(|cue| cue.at).max()
    };
    last(Class::DeadlineAny) > last(Class::EventVerb)
}

/// "Saturday 24 May", where that day is a Saturday.
pub(super) fn names_its_weekday(mention: &Mention, span: &TimeSpan) -> bool {
    let What::Dates(dates, _) = &mention.what else { return false };
    dates.days.first().and_then(|day| day.weekday) == Some(span.first.weekday())
}

/// A list of evidence that grows by what holds.
struct Pieces(Vec<Evidence>);

impl Pieces {
    fn add(&mut self, holds: bool, piece: Evidence) {
        if holds {
            self.0.push(piece);
        }
    }
}

fn evidence(
    page: &Page,
    mention: &Mention,
    reading: &Reading,
    role: &Role,
    programme: &Programme,
    seen: Seen,
) -> Vec<Evidence> {
    let mut pieces = Pieces(Vec::with_capacity(48));
    pieces.add(true, Any);
    place_in_text(page, mention, programme, !seen.day, &mut pieces);
    clause(page, mention, role, &mut pieces);
    form(mention, reading, seen.date, &mut pieces);
    distance(page, mention, &reading.span, &mut pieces);
    pieces.0
}

fn place_in_text(page: &Page, mention: &Mention, programme: &Programme, is_first: bool, pieces: &mut Pieces) {
    let Some(block) = page.block(mention) else { return };
    let at = mention.block;
    match block.kind {
        BlockKind::Title => pieces.add(true, InTitle),
        BlockKind::Summary => pieces.add(true, InSummary),
        BlockKind::Heading(_) => pieces.add(true, InHeading),
        BlockKind::Item(_) => pieces.add(true, InItem),
        BlockKind::Row { .. } => pieces.add(true, InRow),
        BlockKind::Quote => pieces.add(true, InQuote),
        BlockKind::Paragraph => {}
    }
    pieces.add((1..=3).contains(&at), InFirstBlocks);
    pieces.add((4..=8).contains(&at), InEarlyBlocks);
    pieces.add(at > 25, InLateBlocks);
    pieces.add(is_first, FirstOfText);
    pieces.add(block.bold.iter().take(50).any(|bold| bold.touches(mention.start, mention.end)), Bold);
    pieces.add(block.links.iter().take(50).any(|link| link.at.touches(mention.start, mention.end)), Linked);
    pieces.add(block.code.iter().take(200).any(|code| code.touches(mention.start, mention.end)), InCode);
    let own_line = (mention.end - mention.start) * 5 > block.text.len() * 3;
    pieces.add(own_line && block.kind != BlockKind::Title, OwnLine);
    let heading = page.heading(at);
    pieces.add(heading.has(Class::Schedule), UnderSchedule);
    pieces.add(heading.has(Class::WhatsOn), UnderWhatsOn);
    pieces.add(heading.has(Class::DeadlineAny), UnderDeadlines);
    pieces.add(heading.any(Classes::of(&[Class::Past, Class::PastEdition])), UnderPast);
    pieces.add(heading.has(Class::LabelWhen), UnderWhen);
    pieces.add(page.is_under_title(at), UnderTitle);
    pieces.add(programme.blocks.contains(&at), ProgrammeDay);
    let label = match page.label(mention) {
        Some(Label::When) => LabelWhen,
        Some(Label::Time) => LabelTime,
        Some(Label::Where) => LabelWhere,
        Some(Label::Deadline) => LabelDeadline,
        Some(Label::OtherDate) => LabelOtherDate,
        Some(Label::Other) => LabelOther,
        None => return,
    };
    pieces.add(true, label);
}

fn clause(page: &Page, mention: &Mention, role: &Role, pieces: &mut Pieces) {
    let (before, near, after, around) = (mention.before, mention.near, mention.after, mention.around());
    let noun_before = before.has(Class::EventNoun) && page.event_noun_in(mention.block, mention.clause.0, mention.at);
    let noun_after = after.has(Class::EventNoun) && page.event_noun_in(mention.block, mention.until, mention.clause.1);
    let verb = around.has(Class::EventVerb);
    pieces.add(before.has(Class::EventVerb), VerbBefore);
    pieces.add(near.has(Class::EventVerb), VerbNear);
    pieces.add(after.has(Class::EventVerb), VerbAfter);
    pieces.add(noun_before, NounBefore);
    pieces.add(near.has(Class::EventNoun) && noun_before, NounNear);
    pieces.add(noun_after, NounAfter);
    pieces.add(verb && (noun_before || noun_after), VerbAndNoun);
    pieces.add(around.has(Class::Invitation), InviteAround);
    pieces.add(around.has(Class::Ahead), AheadAround);
    let text = page.text(mention.block);
    pieces.add(mention.at > 0 && text.has(mention.at - 1, Class::On), OnBefore);
    pieces.add(before.has(Class::Past), PastBefore);
    pieces.add(after.has(Class::Past), PastAfter);
    pieces.add(matches!(role, Role::Deadline(_)), DeadlineBefore);
    pieces.add(near.has(Class::DeadlineBefore), DeadlineNear);
    pieces.add(after.has(Class::DeadlineAny), DeadlineAfter);
    pieces.add(around.has(Class::Papers), PapersAround);
    pieces.add(around.has(Class::Registration), RegistrationAround);
    pieces.add(near.has(Class::PublishedBefore), PublishedNear);
    pieces.add(near.has(Class::ReleasedBefore), ReleasedNear);
    pieces.add(near.has(Class::HistoryBefore), HistoryNear);
    pieces.add(around.has(Class::PastEdition), PastEdition);
    pieces.add(around.has(Class::NextEdition), NextEdition);
    pieces.add(before.has(Class::Another), AnotherBefore);
    pieces.add(near.has(Class::After), AfterNear);
    pieces.add(around.has(Class::Disturbance), Disturbance);
    pieces.add(near.has(Class::Starts), StartsNear);
    pieces.add(near.has(Class::Ends), EndsNear);
    pieces.add(near.has(Class::Doors), DoorsNear);
    pieces.add(moved_here(mention), MovedHere);
    pieces.add(around.has(Class::Venue), VenueAround);
    let place = text.has(mention.until, Class::PlaceBefore) && text.at(mention.until + 1).is_some_and(|t| t.capital);
    pieces.add(place, PlaceAfter);
    pieces.add(around.has(Class::Online), OnlineAround);
    pieces.add(
        !(noun_before || noun_after || verb || before.has(Class::Past)) && page.label(mention).is_none(),
        LoneMention,
    );
    pieces.add(
        !matches!(page.block(mention).map(|b| b.kind), Some(BlockKind::Title)) && places::beside(page, mention),
        BesidePlace,
    );
}

fn form(mention: &Mention, reading: &Reading, behind_date: bool, pieces: &mut Pieces) {
    let span = &reading.span;
    match &mention.what {
        What::Dates(dates, _) => {
            pieces.add(dates.range, Range);
            pieces.add(!dates.range && dates.days.len() > 1, List);
            pieces.add(dates.days.iter().any(|day| day.year.is_some()), NamedYear);
            pieces.add(names_its_weekday(mention, span), Weekday);
            pieces.add(reading.found.weekday_clash, WeekdayClash);
            pieces.add(dates.days.iter().any(|day| day.either), Either);
        }
        What::Relative(relative, _) => {
            pieces.add(true, Relative);
            pieces.add(matches!(relative, Relative::Weekday(..) | Relative::Weekend(_)), RelativeWeekday);
            pieces.add(matches!(relative, Relative::Weekday(Which::Bare, _)), BareWeekday);
            // "On 22 and 23 June … On this weekend you may …"
            pieces.add(behind_date, RelativeBehind);
        }
        What::Repeats(_) | What::Hours(_) => {}
    }
    pieces.add(span.from.is_some(), Hours);
    pieces.add(span.from.is_some() && span.to.is_some(), HoursRange);
    pieces.add(span.zone.is_some(), Zone);
    let length = (span.last_day() - span.first).num_days();
    pieces.add(length > 30, LongSpan);
    pieces.add((1..=10).contains(&length), ShortSpan);
}

fn distance(page: &Page, mention: &Mention, span: &TimeSpan, pieces: &mut Pieces) {
    let Some(published) = page.years.published else {
        pieces.add(true, NoPublished);
        return;
    };
    let ahead = (span.first - published).num_days();
    let told = mention.around().has(Class::Past) || page.past;
    pieces.add(
        true,
        match ahead {
            0 => SameDay,
            1..=3 => Ahead3,
            4..=30 => Ahead30,
            31..=120 => Ahead120,
            121..=330 => Ahead330,
            331.. => AheadFar,
            -14..=-1 => Back14,
            -60..=-15 => Back60,
            -400..=-61 => Back400,
            _ => BackFar,
        },
    );
    pieces.add(ahead <= 0 && told, BackTold);
    pieces.add(ahead > 0 && told, AheadTold);
    pieces.add(ahead < 0 && !told, BackUntold);
}

/// Days that several mentions give together: the programme's, a start and an end that stand apart, a run of single days.
fn together(page: &Page, programme: &Programme, judged: &mut Vec<Judged>) {
    let virtual_span = |first: NaiveDate, last: NaiveDate, block: usize, rule: &'static str, piece: Evidence| {
        let mut pieces = Pieces(vec![Any, piece]);
        let span = TimeSpan { last: (last > first).then_some(last), ..TimeSpan::day(first) };
        if let Some(mention) = page.mentions.iter().find(|mention| mention.block == block && mention.is_day()) {
            distance(page, mention, &span, &mut pieces);
        }
        let length = (last - first).num_days();
        pieces.add(length > 30, LongSpan);
        pieces.add((1..=10).contains(&length), ShortSpan);
        let (plain, role) = (true, Role::Event);
        Judged { mention: None, block, span, role, rule, plain, evidence: pieces.0, likelihood: 0.0 }
    };
    let mut found = Vec::new();
    let days = (programme.days.iter().map(|d| d.first).min(), programme.days.iter().map(TimeSpan::last_day).max());
    if let ((Some(first), Some(last)), Some(block)) = (days, programme.blocks.first()) {
        found.push(virtual_span(first, last, *block, "programme-days", Programme));
    }
    let mentioned = |item: &Judged| item.mention.and_then(|at| page.mentions.get(at));
    for pair in judged.windows(2) {
        let [start, end] = pair else { continue };
        let (Some(a), Some(b)) = (mentioned(start), mentioned(end)) else { continue };
        let near = b.block - a.block <= 2 && start.span.last.is_none() && end.span.last.is_none();
        let length = (end.span.first - start.span.first).num_days();
        let says = |mention: &Mention, class| mention.near.has(class);
        if near
            && (1..=60).contains(&length)
            && says(a, Class::Starts)
            && says(b, Class::Ends)
            && !matches!(start.role, Role::Deadline(_))
        {
            found.push(virtual_span(start.span.first, end.span.first, a.block, "start-and-end", StartAndEnd));
        }
    }
    // "Monday 5 May … Tuesday 6 May … Wednesday 7 May", each with its own text.
    let mut singles: Vec<(NaiveDate, usize)> = judged
        .iter()
        .filter(|item| item.is_candidate() && item.span.last.is_none())
        .map(|item| (item.span.first, item.block))
        .take(60)
        .collect();
    singles.sort_unstable();
    singles.dedup_by_key(|(day, _)| *day);
    let mut at = 0;
    while at < singles.len() {
        let mut end = at;
        while let (Some((day, _)), Some((next, _))) = (singles.get(end), singles.get(end + 1))
            && (*next - *day).num_days() == 1
        {
            end += 1;
        }
        if let (true, Some((first, block)), Some((last, _))) = (end > at, singles.get(at), singles.get(end)) {
            found.push(virtual_span(*first, *last, *block, "run-of-days", RunOfDays));
        }
        at = end + 1;
    }
    judged.extend(found);
}

/// How each date stands to the others.
fn compare(page: &Page, judged: &mut [Judged], programme: &Programme) {
    const MOST: usize = 200;
    let spans: Vec<(NaiveDate, NaiveDate, bool)> =
        judged.iter().take(MOST).map(|item| (item.span.first, item.span.last_day(), item.is_candidate())).collect();
    let earliest = page.years.published.and_then(|published| {
        judged
            .iter()
            .filter(|item| item.is_candidate() && item.span.first >= published)
            .map(|item| item.span.first)
            .min()
    });
    let of_programme =
        (programme.days.iter().map(|d| d.first).min(), programme.days.iter().map(TimeSpan::last_day).max());
    let mut distinct: Vec<NaiveDate> = spans.iter().map(|(first, ..)| *first).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let only = distinct.len() == 1;
    for item in judged.iter_mut() {
        let own = (item.span.first, item.span.last_day());
        let mut same = 0;
        let (mut inside, mut holds) = (false, 0);
        for (first, last, candidate) in &spans {
            let other = (*first, *last);
            same += usize::from(other == own);
            inside |= *candidate && other != own && *first < *last && *first <= own.0 && own.1 <= *last;
            holds += usize::from(other != own && own.0 < own.1 && own.0 <= *first && *last <= own.1);
        }
        let mut pieces = Pieces(std::mem::take(&mut item.evidence));
        pieces.add(only, OnlyOfText);
        pieces.add(same > 1, Repeated);
        pieces.add(inside, InsideRange);
        pieces.add(holds > 0, HoldsOthers);
        pieces.add(earliest == Some(item.span.first), EarliestAhead);
        pieces.add(page.years.titled.contains(&item.span.first.year()), TitleYear);
        pieces.add(item.mention.is_some() && of_programme == (Some(own.0), Some(own.1)), OfProgrammeSpan);
        item.evidence = pieces.0;
    }
}

/// Evidence that weighs otherwise together.
fn crossed(evidence: &mut Vec<Evidence>) {
    let has = |piece: Evidence| evidence.contains(&piece);
    let ahead = has(SameDay) || has(Ahead3) || has(Ahead30) || has(Ahead120) || has(Ahead330);
    let strong = ahead && (has(LabelWhen) || has(VerbAndNoun) || has(Hours) && has(Weekday));
    let labelled = has(TitleNot) && has(LabelWhen);
    let titled = has(InTitle) && ahead;
    let relative = has(Relative) && has(Hours);
    let today = has(SameDay) && has(Hours) && (has(LabelWhen) || has(Zone) || has(HoursRange));
    let mut pieces = Pieces(std::mem::take(evidence));
    pieces.add(strong, StrongMention);
    pieces.add(labelled, NotTitleStrong);
    pieces.add(titled, TitledAhead);
    pieces.add(today, TimedToday);
    pieces.add(relative, RelativeTimed);
    *evidence = pieces.0;
}
