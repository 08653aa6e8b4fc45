//! What speaks for and against each date: where it stands, what is said around it, how it is written, when it is, how it stands to the others.

use super::blocks::BlockKind;
use super::grammar::relative::{Relative, Which};
use super::judged::{Judged, moved_here};
use super::language::{Class, Classes};
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::places;
use super::readings::{Reading, names_its_weekday};
use super::scores::Evidence::{self, *};
use super::sessions::Programme;
use crate::model::{Role, TimeSpan};
use chrono::{Datelike, NaiveDate};

/// What stood before a mention.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// A day.
    pub day: bool,
    /// A day that was not counted from publication.
    pub date: bool,
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

/// The evidence of one reading of a mention.
pub fn evidence(
    page: &Page,
    mention: &Mention,
    reading: &Reading,
    (label, role): (Option<Label>, &Role),
    programme: &Programme,
    seen: Seen,
) -> Vec<Evidence> {
    let mut pieces = Pieces(Vec::with_capacity(48));
    pieces.add(true, Any);
    place_in_text(page, mention, programme, !seen.day, &mut pieces);
    labelled(label, &mut pieces);
    clause(page, mention, (label, role), &mut pieces);
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
}

/// What its label says.
fn labelled(label: Option<Label>, pieces: &mut Pieces) {
    let label = match label {
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

fn clause(page: &Page, mention: &Mention, (label, role): (Option<Label>, &Role), pieces: &mut Pieces) {
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
    pieces.add(page.names_host(mention.block, mention.clause.0, mention.at), OfHost);
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
    pieces.add(!(noun_before || noun_after || verb || before.has(Class::Past)) && label.is_none(), LoneMention);
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
pub fn together(page: &Page, programme: &Programme, judged: &mut Vec<Judged>) {
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
pub fn compare(page: &Page, judged: &mut [Judged], programme: &Programme) {
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
pub fn crossed(evidence: &mut Vec<Evidence>) {
    let mut held = [false; 1 << u8::BITS];
    for piece in evidence.iter() {
        held.get_mut(*piece as usize).into_iter().for_each(|held| *held = true);
    }
    let has = |piece: Evidence| held.get(piece as usize).is_some_and(|held| *held);
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
