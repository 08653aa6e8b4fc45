//! Which of the dates is the event's: every mention gets a role, and those that may be the event's get points.

use super::blocks::BlockKind;
use super::grammar::clock::Hours;
use super::grammar::relative::{Relative, Which};
use super::language::{find_phrase, has_phrase};
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::resolve::resolve;
use crate::model::{DeadlineKind, TimeSpan};
use chrono::{Datelike, NaiveDate, Weekday};

/// What a mention is.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// Perhaps the event's, with so many points.
    Event(f32),
    /// A last day for something.
    Deadline(DeadlineKind),
    /// A day or item of the programme.
    Session,
    /// History, housekeeping, or nothing that we can place in time.
    None,
}

/// A mention, its days and its role.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Index of the mention.
    pub mention: usize,
    /// Days and hours.
    pub span: TimeSpan,
    /// What it is.
    pub role: Role,
    /// The form the date is written in.
    pub rule: &'static str,
    /// It was read with its own year, and no weekday contradicts.
    pub plain: bool,
}

/// The days of each mention and its role, without those that cannot be placed in time.
pub fn judge(page: &Page, sessions: &[usize]) -> Vec<Judged> {
    let mut judged = Vec::new();
    for (index, mention) in page.mentions.iter().enumerate() {
        let Some((span, rule, plain)) = span(page, mention) else { continue };
        let role = if sessions.contains(&mention.block) { Role::Session } else { role(page, mention, &span, plain) };
        judged.push(Judged { mention: index, span, role, rule, plain });
    }
    judged
}

/// Days and hours of a mention.
pub fn span(page: &Page, mention: &Mention) -> Option<(TimeSpan, &'static str, bool)> {
    let past =
        has_phrase(&mention.before, page.words.past) || page.past && !has_phrase(&mention.before, page.words.next);
    match &mention.what {
        What::Dates(dates, hours) => {
            let found = resolve(dates, &page.years, past)?;
            let mut span = TimeSpan { last: found.last, ..TimeSpan::day(found.first) };
            if span.last.is_none() && has_phrase(tail(mention.before.trim_end(), 3), page.words.weekend_of) {
                span = weekend(span.first).unwrap_or(span);
            }
            match (&dates.hours, hours, found.last) {
                ([Some(from), Some(to)], _, Some(_)) if from.to.is_none() && to.to.is_none() => {
                    span.from = Some(from.from);
                    span.to = Some(to.from);
                    span.zone = to.zone.clone().or(from.zone.clone());
                }
                (_, Some(hours), None) => set_hours(&mut span, hours),
                ([Some(hours), _], None, None) => set_hours(&mut span, hours),
                _ => {}
            }
            Some((span, dates.rule, !found.weekday_clash && !found.guessed))
        }
        What::Relative(relative, hours) => {
            let (first, last) = relative.days(page.years.anchor?, past)?;
            let mut span = TimeSpan { last, ..TimeSpan::day(first) };
            if let (Some(hours), None) = (hours, last) {
                set_hours(&mut span, hours);
            }
            Some((span, "relative-day", false))
        }
        What::Repeats(_) | What::Hours(_) => None,
    }
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

fn role(page: &Page, mention: &Mention, span: &TimeSpan, plain: bool) -> Role {
    let label = page.label(mention);
    if moved_here(page, mention) {
        return Role::Event(points(page, mention, label, span, plain) + 3.0);
    }
    if let Some(kind) = deadline(page, mention, label) {
        return Role::Deadline(kind);
    }
    let tail = tail(&mention.before, 3);
    if label != Some(Label::When) && has_phrase(tail, page.words.history_before)
        || has_phrase(tail, page.words.label_other_dates)
        || has_phrase(self::tail(mention.before.trim_end(), 1), page.words.after)
    {
        return Role::None;
    }
    Role::Event(points(page, mention, label, span, plain))
}

/// "has been moved to …": this is the new date.
pub fn moved_here(page: &Page, mention: &Mention) -> bool {
    has_phrase(tail(&mention.before, 5), page.words.moved_to)
}

/// The last `count` words.
pub(super) fn tail(text: &str, count: usize) -> &str {
    let from = text.rmatch_indices(' ').nth(count - 1).map_or(0, |(at, _)| at + 1);
    text.get(from..).unwrap_or_default()
}

fn deadline(page: &Page, mention: &Mention, label: Option<Label>) -> Option<DeadlineKind> {
    let words = page.words;
    let heading = page.heading(mention.block).unwrap_or_default();
    let range = matches!(&mention.what, What::Dates(dates, _) if dates.range);
    let labelled = label == Some(Label::Deadline);
    let before = has_phrase(tail(&mention.before, 3), words.deadline_before) && !range;
    let said = find_phrase(&mention.before, words.deadline_any);
    let happens = rfind(&mention.before, words.event_verbs);
    let in_clause = said.is_some_and(|said| happens.is_none_or(|happens| happens < said)) && label != Some(Label::When);
    let behind =
        has_phrase(head(&mention.after, 5), words.deadline_any) && label != Some(Label::When) && happens.is_none();
    let by_heading = has_phrase(&heading, words.deadline_any) && label != Some(Label::When);
    if !(labelled || before || in_clause || behind || by_heading) {
        return None;
    }
    let mut context = mention.clause();
    if let Some(cell) = page.block(mention).filter(|block| block.is_row()).and_then(|block| block.cell(0)) {
        context.push_str(&cell.to_lowercase());
    }
    context.push_str(&heading);
    Some(if has_phrase(&context, words.registration) {
        DeadlineKind::Registration
    } else if has_phrase(&context, words.papers) {
        DeadlineKind::CallForPapers
    } else {
        DeadlineKind::Other
    })
}

fn head(text: &str, count: usize) -> &str {
    let to = text.match_indices(' ').nth(count).map_or(text.len(), |(at, _)| at);
    text.get(..to).unwrap_or_default()
}

fn rfind(text: &str, phrases: &[&str]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| text.rfind(phrase)).max()
}

/// "Saturday 24 May", where that day is a Saturday.
pub(super) fn names_its_weekday(mention: &Mention, span: &TimeSpan) -> bool {
    let What::Dates(dates, _) = &mention.what else { return false };
    dates.days.first().and_then(|day| day.weekday) == Some(span.first.weekday())
}

fn points(page: &Page, mention: &Mention, label: Option<Label>, span: &TimeSpan, plain: bool) -> f32 {
    let words = page.words;
    let Some(block) = page.block(mention) else { return 0.0 };
    let clause = mention.clause();
    let mut points = 0.0;
    let mut add = |yes: bool, value: f32| points += if yes { value } else { 0.0 };
    add(block.kind == BlockKind::Title, 5.0);
    add(block.kind == BlockKind::Summary, 3.5);
    add(matches!(label, Some(Label::When)), 4.5);
    add(block.is_heading(), 1.0);
    add(block.bold.iter().take(50).any(|bold| bold.touches(mention.start, mention.end)), 1.5);
    add(mention.block <= 3, 1.5);
    add(mention.block > 3 && mention.block <= 8, 0.5);
    add(mention.block > 25, -1.0);
    let (verb, noun) = (has_phrase(&clause, words.event_verbs), has_phrase(&clause, words.event_nouns));
    add(verb, 1.5);
    add(noun, 1.0);
    add(verb && noun && mention.block <= 8, 0.5);
    add(has_phrase(&mention.before, words.past), 1.7);
    add(has_phrase(&mention.before, words.another), -2.0);
    add(page.host.as_ref().is_some_and(|host| mention.before.starts_with(host.as_str())), -2.5);
    add(matches!(block.kind, BlockKind::Quote), -1.0);
    add(matches!(block.kind, BlockKind::Row { .. }) && label != Some(Label::When), -2.5);
    add(span.from.is_some(), 1.0);
    add(span.last.is_some(), 0.7);
    add(plain, 0.5);
    add(!noun && has_phrase(&clause, words.disturbances), -2.5);
    let bare = matches!(mention.what, What::Relative(Relative::Weekday(Which::Bare, _), _));
    add(matches!(mention.what, What::Relative(..)), if span.from.is_some() { -0.3 } else { -1.0 });
    add(bare, -1.5);
    if let Some(published) = page.years.published {
        let ahead = (span.first - published).num_days();
        add((0..=330).contains(&ahead), 1.0);
        // Services stop, polls close and bins are emptied by weekday and clock too: these say more only of what is called an event.
        let exact = (0..=330).contains(&ahead) && (noun || page.invites);
        add(exact && names_its_weekday(mention, span), 0.7);
        add(exact && span.from.is_some() && span.to.is_some(), 0.5);
        add((-400..-7).contains(&ahead), -0.5);
        add(!(-400..=500).contains(&ahead), -2.5);
    }
    points
}
