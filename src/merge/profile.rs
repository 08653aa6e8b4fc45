//! A sighting → its title, place, links and people as they are compared with those of others.

use super::Placed;
use super::words::{Title, has, is_same_word, place_words, words};
use crate::gazetteer::{self, Town};
use crate::model::*;
use chrono::{DateTime, Utc};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// What of a sighting is compared, looked up once.
pub(super) struct Profile<'s> {
    pub(super) placed: &'s Placed,
    pub(super) title: Title,
    /// Words of the title without those of the place.
    pub(super) own: BTreeSet<String>,
    /// Those before a colon, a dash or a bracket, where there is more behind.
    pub(super) head: BTreeSet<String>,
    /// Words of the place's line, in order.
    pub(super) place: Vec<String>,
    town: OnceCell<Option<Town>>,
    venue: OnceCell<Vec<String>>,
    /// Addresses of the event itself, as texts of [`Key::Url`].
    pub(super) links: BTreeSet<String>,
    /// Names of people and groups, folded.
    pub(super) people: BTreeSet<String>,
    /// When it starts, if that moment is known.
    pub(super) start: Option<DateTime<Utc>>,
}

impl<'s> Profile<'s> {
    pub(super) fn of(placed: &'s Placed) -> Self {
        let facts = &placed.sighting.facts;
        let title = Title::of(&facts.title);
        let place: Vec<String> = facts.place.line().map(|line| place_words(&line)).unwrap_or_default();
        let among: BTreeSet<String> = place.iter().cloned().collect();
        let without_place = |words: BTreeSet<String>| words.into_iter().filter(|word| !has(&among, word)).collect();
        let own = without_place(title.telling.clone());
        let head = head_of(&facts.title).map(|head| without_place(Title::of(head).telling)).unwrap_or_default();
        let links = [&facts.links.page, &facts.links.registration].into_iter().flatten().map(Key::url);
        let named = placed.sighting.keys.iter().filter(|key| matches!(key, Key::Url(_))).cloned();
        let links = links.chain(named).filter(is_no_meeting).map(|key| key.text()).collect();
        let people = facts.organizers.iter().map(|person| words(&person.name).join(" ")).collect();
        Self {
            placed,
            title,
            own,
            head,
            place,
            town: OnceCell::new(),
            venue: OnceCell::new(),
            links,
            people,
            start: start(&facts.when),
        }
    }

    pub(super) fn town(&self) -> Option<Town> {
        *self.town.get_or_init(|| gazetteer::resolve(&self.placed.sighting.facts.place.line()?))
    }

    /// The words of the place without its town's.
    pub(super) fn venue(&self) -> &[String] {
        self.venue.get_or_init(|| self.without_town())
    }

    fn without_town(&self) -> Vec<String> {
        let line = self.facts().place.line().unwrap_or_default();
        let is_area = |part: &str| {
            gazetteer::is_town(part) || gazetteer::country(part).is_some() || gazetteer::region(part).is_some()
        };
        let parts = line.split([',', ';', '/']).map(str::trim).filter(|part| !part.is_empty() && !is_area(part));
        let town = self.town().map(|town| words(town.name)).unwrap_or_default();
        let is_town = |word: &String| town.iter().any(|name| is_same_word(word, name));
        parts.flat_map(words).filter(|word| !is_town(word)).collect()
    }

    pub(super) fn facts(&self) -> &'s Facts {
        &self.placed.sighting.facts
    }

    pub(super) fn source(&self) -> &'s SourceId {
        &self.placed.document.source
    }
}

/// The moment of a start that is one.
pub(super) fn start(when: &When) -> Option<DateTime<Utc>> {
    (!when.is_all_day()).then(|| crate::zone::start_of(when))
}

/// Addresses of online meetings and of whole sites name no single event.
pub(super) fn counts(key: &Key) -> bool {
    match key {
        Key::Uid(uid) => uid.len() > 3,
        Key::Url(url) => is_no_meeting(key) && !is_home(url),
        _ => false,
    }
}

/// `town.example`: a whole site.
pub(super) fn is_home(url: &str) -> bool {
    url.split_once('/').is_none_or(|(_, path)| path.is_empty())
}

fn is_no_meeting(key: &Key) -> bool {
    const MEETING_HOSTS: &[&str] = &[
        "zoom.us",
        "meet.google.com",
        "teams.microsoft.com",
        "meet.jit.si",
        "discord.gg",
        "discord.com",
        "youtube.com",
        "twitch.tv",
        "whereby.com",
        "webex.com",
        "matrix.to",
        "t.me",
    ];
    let Key::Url(url) = key else { return false };
    let host = url.split('/').next().unwrap_or_default();
    !MEETING_HOSTS.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
}

/// What stands before a colon, dash or bracket that more follows.
fn head_of(title: &str) -> Option<&str> {
    let end =
        [": ", " – ", " — ", " - ", " (", ", ", " @ ", " | "].into_iter().filter_map(|mark| title.find(mark)).min()?;
    title.get(..end).filter(|head| !head.trim().is_empty())
}
