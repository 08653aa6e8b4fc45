//! Venues of the internet, and how one may attend.

use super::blocks::BlockKind;
use super::gazetteer::{ONLINE_NAMES, ONLINE_VENUES};
use super::language::{Words, has_phrase};
use super::page::Page;
use super::places::{MOST_LETTERS, attends, evidence, line, sentences};
use crate::model::{About, Attendance, Statement};

/// Venues of the internet that the event itself takes place in.
pub fn online_in(page: &Page, index: usize) -> Vec<Statement> {
    let Some(block) = page.blocks.get(index) else { return Vec::new() };
    let mut found = Vec::new();
    let text: String = block.text.chars().take(MOST_LETTERS).collect();
    for part in sentences(&text) {
        let lower = part.to_lowercase();
        let named = ONLINE_NAMES.iter().find(|name| has_phrase(&lower, &[name]));
        let link = block.links.iter().take(100).find_map(|link| {
            let venue = ONLINE_VENUES.iter().find(|(host, _)| link.href.contains(host))?;
            part.contains(block.slice(link.at)).then_some((link, venue.1))
        });
        if (named.is_none() && link.is_none()) || !joins(&lower, page.words) {
            continue;
        }
        let words = named.and_then(|name| {
            block.links.iter().take(100).find(|link| has_phrase(&block.slice(link.at).to_lowercase(), &[name]))
        });
        let href = link.map(|(link, _)| link.href.clone()).or_else(|| words.map(|link| link.href.clone()));
        let name = words.map(|link| line(block.slice(link.at)));
        let name = name.or_else(|| link.map(|(_, name)| name.to_owned()));
        let name = name.or_else(|| {
            named.and_then(|name| lower.find(name).and_then(|at| part.get(at..at + name.len())).map(str::to_owned))
        });
        let Some(name) = name else { continue };
        found.push(Statement { about: About::Online { href, name }, evidence: evidence(part, "online-venue", 0.75) });
    }
    found
}

/// The sentence is about taking part there, not about help, chat or recordings.
fn joins(lower: &str, words: &Words) -> bool {
    let takes_part = has_phrase(lower, words.taking_part)
        || has_phrase(lower, words.event_verbs)
        || has_phrase(lower, words.happens);
    takes_part && !has_phrase(lower, words.side_channels)
}

/// How one may attend, if the text says so.
pub fn attendance(page: &Page) -> Option<Statement> {
    let words = page.words;
    let mut best: Option<Statement> = None;
    for block in page.blocks.iter().take(25) {
        if matches!(block.kind, BlockKind::Quote) {
            continue;
        }
        let text: String = block.text.chars().take(MOST_LETTERS).collect();
        for part in sentences(&text) {
            let lower = part.to_lowercase();
            let on_site = has_phrase(&lower, words.on_site);
            let online = has_phrase(&lower, words.online) && joins(&lower, words);
            let about_it = has_phrase(&lower, words.event_nouns)
                || has_phrase(&lower, words.event_verbs)
                || has_phrase(&lower, words.invitations);
            let is_title = matches!(block.kind, BlockKind::Title | BlockKind::Summary);
            let mode = if has_phrase(&lower, words.hybrid) || on_site && online && about_it {
                Attendance::Mixed
            } else if on_site && about_it {
                Attendance::Offline
            } else if online && about_it || is_title && has_phrase(&lower, words.online) {
                Attendance::Online
            } else {
                continue;
            };
            // Both ways told anywhere is more than one way told here.
            let better = best
                .as_ref()
                .is_none_or(|known| known.about != About::Attendance(Attendance::Mixed) && mode == Attendance::Mixed);
            if better {
                best = Some(attends(mode, part, 0.7));
            }
        }
    }
    best
}
