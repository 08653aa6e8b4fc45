//! Is it an event at all: what speaks for and against, and how sure that makes us.

use super::blocks::BlockKind;
use super::language::has_phrase;
use super::page::{Label, Page, names_event};
use super::places;
use super::roles::{Judged, Role, moved_here};
use super::when::Own;
use crate::model::{EventStatus, Verdict};

/// Points for or against this text being about an event, apart from its date.
pub fn leaning(page: &Page) -> f32 {
    let words = page.words;
    let mut points = 0.0;
    let mut add = |yes: bool, value: f32| points += if yes { value } else { 0.0 };
    let noun = names_event(&page.title, words);
    add(noun, 2.0);
    add(has_phrase(&page.title, words.not_event_titles), if noun { -2.0 } else { -3.5 });
    add(has_version(&page.title), -4.0);
    add(has_phrase(&page.title, words.disturbances), -2.5);
    let invited = words.invitations.iter().filter(|phrase| has_phrase(&page.opening, &[phrase])).count();
    add(invited >= 1, 0.7);
    add(invited >= 3, 0.8);
    add(!noun && has_phrase(&page.opening, words.event_nouns), 0.5);
    add(has_label(page, Label::When), 1.0);
    add(has_label(page, Label::Where), 0.7);
    points
}

/// Points for what stands beside the event's own date: its place and its hours.
pub fn beside(page: &Page, own: &Own) -> f32 {
    let ahead = page.years.published.is_some_and(|published| own.first >= published);
    let mut points = 0.0;
    if ahead && places::stands_in(page, own.block) {
        points += 1.0;
    }
    // "1 January, 11 am, Sandy Cove": nothing but a notice is written so.
    if ahead && (own.timed || own.timed_beside) && places::beside_date(page, own.block) {
        points += 1.2;
    }
    if ahead && own.timed_beside {
        points += 1.0;
    }
    points
}

/// How sure points make us.
pub fn confidence(points: f32) -> f32 {
    let sure = 1.0 / (1.0 + (-(points - 5.0) / 1.3).exp());
    (sure * 100.0).round() / 100.0
}

/// Whether the text looks back.
pub fn verdict(page: &Page, own: &Own) -> Verdict {
    let over = page.years.published.is_none_or(|published| own.first <= published);
    if (page.past || own.past) && over { Verdict::Recap } else { Verdict::Announcement }
}

/// Moved, cancelled or postponed, and the words that say so.
pub fn status(page: &Page, judged: &[Judged]) -> Option<(EventStatus, String)> {
    let words = page.words;
    if let Some(moved) = moved(page, judged) {
        return Some(moved);
    }
    let early = page.blocks.iter().take(4);
    for (block, first) in early.zip([true, false, false, false]) {
        let lower = block.text.to_lowercase();
        let short = first || lower.len() < 200;
        for (phrases, status) in [(words.cancelled, EventStatus::Cancelled), (words.postponed, EventStatus::Postponed)]
        {
            let said = phrases.iter().find(|phrase| has_phrase(&lower, &[phrase]));
            if let Some(said) = said.filter(|said| short && (first || says_so(&lower, said, words.says_status))) {
                return Some((status, (*said).to_owned()));
            }
        }
    }
    None
}

/// "The fair on 5 May has been moved to 12 May."
fn moved(page: &Page, judged: &[Judged]) -> Option<(EventStatus, String)> {
    let new = judged
        .iter()
        .position(|item| page.mentions.get(item.mention).is_some_and(|mention| moved_here(page, mention)))?;
    let (new, old) = (judged.get(new)?, judged.get(new.checked_sub(1)?)?);
    let (to, from) = (page.mentions.get(new.mention)?, page.mentions.get(old.mention)?);
    let same = to.block == from.block && matches!(old.role, Role::Event(_)) && old.span.first != new.span.first;
    let quote = page.block(to)?.text.get(from.start..to.end)?;
    same.then(|| (EventStatus::Moved { from: old.span.first }, quote.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// "is cancelled", "has been postponed", "CANCELLED:" — not "painfully postponed by the pandemic".
fn says_so(lower: &str, said: &str, leads: &[&str]) -> bool {
    let Some((before, _)) = lower.split_once(said) else { return false };
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    before.is_empty() || leads.iter().any(|word| before.ends_with(word))
}

fn has_label(page: &Page, label: Label) -> bool {
    page.blocks.iter().take(60).any(|block| {
        let text = match block.kind {
            BlockKind::Row { .. } => block.cell(0),
            BlockKind::Heading(_) => Some(block.text.as_str()),
            _ => block.text.split_once(':').map(|(label, _)| label),
        };
        text.and_then(|text| page.label_of(text)) == Some(label)
    })
}

/// `v1.2`, `2.3.1`, `1.0` in a title.
fn has_version(title: &str) -> bool {
    title.split([' ', ':', ',', '(', ')', '/']).any(|word| {
        let number = word.trim_start_matches('v').trim_end_matches('.');
        let parts: Vec<&str> = number.split(['.', '-', '~']).collect();
        let numeric = parts
            .first()
            .is_some_and(|first| !first.is_empty() && first.len() < 4 && first.bytes().all(|b| b.is_ascii_digit()));
        let second = parts.get(1).is_some_and(|part| part.bytes().next().is_some_and(|b| b.is_ascii_digit()));
        let date = parts.len() == 3 && parts.last().is_some_and(|last| last.len() == 4);
        numeric && second && number.contains('.') && !date
    })
}
