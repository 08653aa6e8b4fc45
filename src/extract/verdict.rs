//! Is it an event at all: what the text as a whole says for and against, whether it looks back, and whether the event takes place.

use super::blocks::BlockKind;
use super::judged::{Judged, moved_here};
use super::language::{Class, Classes};
use super::mentions::What;
use super::page::{Label, Page};
use super::scores::Evidence::{self, *};
use super::sessions::Programme;
use super::tokens::{Text, Token};
use super::venues::{Leads, leads};
use super::when::Own;
use crate::model::{EventStatus, Verdict};

/// So many blocks are looked at for labels and links.
const MOST_BLOCKS: usize = 80;

/// What the whole text says for and against being about an event: evidence that every date of it shares.
pub fn leaning(page: &Page, programme: &Programme) -> Vec<Evidence> {
    let mut evidence = Vec::with_capacity(24);
    let mut add = |holds: bool, piece: Evidence| {
        if holds {
            evidence.push(piece);
        }
    };
    let title = page.text(0);
    let noun = page.names_event(0);
    let words = title.tokens.iter().filter(|token| token.is_word()).count();
    add(noun, TitleNoun);
    add(noun && words <= 3, TitleOnlyNoun);
    add(page.title.has(Class::NotEventTitle), TitleNot);
    add(page.title.has(Class::RecapTitle), TitleRecap);
    add(page.title.has(Class::EventVerb) || page.title.has(Class::Invitation), TitleVerb);
    add(has_version(&title), TitleVersion);
    add(page.title.has(Class::Disturbance), TitleDisturbance);
    add(counts_editions(&title), TitleNumber);
    add(
        page.mentions.iter().any(|mention| mention.block == 0 && mention.is_day()) || !page.years.titled.is_empty(),
        TitleDated,
    );
    let invited = page.count(1..9, Class::Invitation);
    add(invited >= 1, Invites1);
    add(invited >= 2, Invites2);
    add(invited >= 4, Invites4);
    add(page.opening.has(Class::Ahead), OpeningAhead);
    add(page.opening.has(Class::Past), OpeningPast);
    add(page.opening.has(Class::EventNoun), OpeningNoun);
    add(page.opening.has(Class::EventVerb), OpeningVerb);
    add((1..4).any(|block| page.classes_of(block).has(Class::ReleasedBefore)), Releases);
    let labels = labels(page);
    add(labels.contains(&Label::When), LabelledWhen);
    add(labels.contains(&Label::Where), LabelledWhere);
    add(labels.contains(&Label::Deadline), HasDeadlines);
    let links = || page.blocks.iter().take(MOST_BLOCKS).flat_map(|block| block.links.iter().take(60));
    let (mut tickets, mut online) = (false, false);
    for link in links() {
        match leads(&link.href) {
            Some(Leads::Tickets) => tickets = true,
            Some(Leads::Online(_)) => online = true,
            _ => {}
        }
    }
    add(tickets, TicketLink);
    add(online, OnlineLink);
    let mut days: Vec<(usize, usize)> = page
        .mentions
        .iter()
        .filter(|mention| mention.is_day())
        .map(|mention| (mention.block, mention.start))
        .take(40)
        .collect();
    days.dedup();
    add((2..=4).contains(&days.len()), FewDates);
    add((5..=9).contains(&days.len()), ManyDates);
    add(days.len() >= 10, ManyManyDates);
    let length: usize = page.blocks.iter().map(|block| block.text.len()).sum();
    add(length < 600, ShortText);
    add((3_000..8_000).contains(&length), LongText);
    add(length >= 8_000, VeryLongText);
    let timed = |what: &What| match what {
        What::Hours(_) => true,
        What::Dates(dates, hours) => hours.is_some() || dates.hours[0].is_some(),
        What::Relative(_, hours) => hours.is_some(),
        What::Repeats(_) => false,
    };
    add(page.mentions.iter().any(|mention| timed(&mention.what)), HasHours);
    add(page.blocks.iter().map(|block| block.code.len()).sum::<usize>() >= 6, HasCode);
    add(!programme.sessions.is_empty() || programme.days.len() > 1, HasSchedule);
    let said = |classes: &[Class]| page.opening.any(Classes::of(classes));
    add(said(&[Class::OnSite, Class::Hybrid]), OnSiteSaid);
    evidence
}

/// The labels of a text.
fn labels(page: &Page) -> Vec<Label> {
    let mut found = Vec::new();
    for (index, block) in page.blocks.iter().enumerate().take(MOST_BLOCKS) {
        let text = page.text(index);
        let end = match block.kind {
            BlockKind::Heading(_) => Some(text.tokens.len()),
            BlockKind::Row { .. } => block.cells.first().map(|cell| page.tokens_at(index, 0, cell.end).1),
            _ => (0..text.tokens.len().min(10)).find(|at| text.is(*at, ':')),
        };
        found.extend(end.and_then(|end| page.label_of(index, 0, end)));
    }
    found
}

/// Whether the text looks back.
pub fn verdict(page: &Page, own: &Own) -> Verdict {
    let over = page.years.published.is_none_or(|published| own.first <= published);
    if (page.past || own.past) && over { Verdict::Recap } else { Verdict::Announcement }
}

/// Moved, cancelled or postponed, and the words that say so.
pub fn status(page: &Page, judged: &[Judged]) -> Option<(EventStatus, String)> {
    if let Some(moved) = moved(page, judged) {
        return Some(moved);
    }
    for block in 0..page.blocks.len().min(4) {
        let text = page.text(block);
        let short = block == 0 || text.source.len() < 200;
        for (class, status) in [(Class::Cancelled, EventStatus::Cancelled), (Class::Postponed, EventStatus::Postponed)]
        {
            let said = page.cues(block).iter().find(|cue| cue.classes.has(class));
            let Some(cue) = said.filter(|cue| short && (block == 0 || says_so(&text, cue.at as usize))) else {
                continue;
            };
            return Some((status, text.between(cue.at as usize, cue.end as usize).to_owned()));
        }
    }
    None
}

/// "The fair on 5 May has been moved to 12 May."
fn moved(page: &Page, judged: &[Judged]) -> Option<(EventStatus, String)> {
    let mention = |item: &Judged| item.mention.and_then(|at| page.mentions.get(at));
    let new = judged.iter().position(|item| mention(item).is_some_and(moved_here))?;
    let (new, old) = (judged.get(new)?, judged.get(new.checked_sub(1)?)?);
    let (to, from) = (mention(new)?, mention(old)?);
    let same = to.block == from.block && old.is_candidate() && old.span.first != new.span.first;
    let quote = page.block(to)?.text.get(from.start..to.end)?;
    same.then(|| (EventStatus::Moved { from: old.span.first }, quote.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// "is cancelled", "has been postponed", "CANCELLED:" — not "painfully postponed by the pandemic".
fn says_so(text: &Text, at: usize) -> bool {
    let word = |at: &usize| text.at(*at).is_some_and(|token| token.is_word() || token.is_number());
    let Some(before) = (0..at).rev().find(word) else { return true };
    (before.saturating_sub(2)..=before).any(|at| text.phrase(at, Class::SaysStatus).is_some())
}

/// `v1.2`, `2.3.1`, `1.0` in a title; a date such as `3.5.2026` is none.
fn has_version(text: &Text) -> bool {
    text.tokens.iter().enumerate().any(|(at, token)| {
        let part = |at: usize| text.at(at).filter(|token| token.is_number() && !token.spaced);
        let lead = token.is_number() && (token.end - token.start) < 4;
        let two = lead && text.is(at + 1, '.') && text.glued(at + 1) && part(at + 2).is_some();
        let year = text.is(at + 3, '.') && part(at + 4).is_some_and(|token| token.digits(4).is_some());
        let inside = at > 1 && text.is(at - 1, '.') && !token.spaced && text.glued(at - 1);
        let clock = text.at(at + 2).is_some_and(|token| token.digits(2).is_some())
            && (text.has(at + 3, Class::HourWord) || text.has(at + 3, Class::Pm) || text.has(at + 3, Class::Am));
        let version = two && !year && !inside && !clock;
        // "v1", "version 12"
        let lettered = text.written(at).eq_ignore_ascii_case("v") && part(at + 1).is_some();
        version
            || lettered
            || token.is_word() && text.has(at, Class::ReleasedBefore) && text.at(at + 1).is_some_and(Token::is_number)
    })
}

/// "#12", "12. Treffen", "No. 5", "vol. 3": a title that counts.
fn counts_editions(text: &Text) -> bool {
    text.tokens.iter().enumerate().any(|(at, token)| {
        let hash = at > 0 && text.is(at - 1, '#') && !token.spaced;
        let ordinal = token.is_ordinal()
            || text.is(at + 1, '.') && text.glued(at + 1) && text.at(at + 2).is_some_and(|t| t.capital);
        token.small().is_some() && (hash || ordinal) || token.digits(3).is_some() && hash
    })
}
