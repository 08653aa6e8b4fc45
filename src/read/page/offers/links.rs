//! Links to pages of single events.
//!
//! In: a page, and what its structured data lists. Out: addresses on the same server: those listed, else those below a folder that is named
//! after events, such as `/events/spring-choir`, where its text has several.

use super::{Here, distinct};
use crate::read::page::Page;
use scraper::ElementRef;
use url::Url;

/// Fewer links make no list.
const LEAST: usize = 2;

/// What folders of events are called.
const FOLDERS: &[&str] = &[
    "event",
    "events",
    "veranstaltung",
    "veranstaltungen",
    "termin",
    "termine",
    "meetup",
    "meetups",
    "meeting",
    "meetings",
    "agenda",
    "calendar",
    "kalender",
    "calendario",
    "calendrier",
    "evenement",
    "evenements",
    "evenementen",
    "%c3%a9v%c3%a9nement",
    "%c3%a9v%c3%a9nements",
    "evento",
    "eventos",
    "evenimente",
    "eventi",
    "tapahtuma",
    "tapahtumat",
    "evenemang",
    "handelser",
    "arrangement",
    "arrangementer",
    "begivenheder",
    "wydarzenie",
    "wydarzenia",
    "akce",
    "udalosti",
    "esemenyek",
    "dogodki",
    "dogadaji",
    "dogadjaji",
    "sundmused",
    "renginiai",
    "pasakumi",
    "etkinlik",
    "etkinlikler",
    "sobytiya",
    "meropriyatiya",
    "whats-on",
    "gigs",
    "concerts",
    "konzerte",
    "workshops",
    "talks",
    "hackathons",
    "conferences",
    "webinars",
    "happenings",
];

/// What stands below such a folder and is no event.
const OTHERS: &[&str] = &[
    "page",
    "category",
    "categories",
    "tag",
    "tags",
    "feed",
    "list",
    "month",
    "week",
    "day",
    "today",
    "map",
    "archive",
    "archives",
    "past",
    "upcoming",
    "all",
    "new",
    "create",
    "add",
    "submit",
    "search",
    "login",
    "venue",
    "venues",
    "organizer",
    "organizers",
    "speakers",
    "series",
    "ical",
    "rss",
];

/// What lists of posts are called.
const POSTS: &[&str] =
    &["blog", "blogi", "news", "posts", "articles", "aktuelles", "nyheter", "noticias", "actualites", "uutiset"];

/// True for the address of a site's front page, or of a list of its events or posts: `/`, `/en/`, `/index.html`, `/blog/`.
pub(super) fn is_list(own: &Url) -> bool {
    let path = own.path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && !part.starts_with("index.")).collect();
    match segments.as_slice() {
        [] => true,
        [language] if language.len() == 2 => true,
        [.., last] => FOLDERS.contains(last) || POSTS.contains(last),
    }
}

/// The addresses of event pages.
pub(super) fn events(page: &Page, here: &Here, listed: &[String]) -> Vec<Url> {
    let is_near = |url: &Url| host(url) == host(here.own);
    let listed = distinct(listed.iter().filter_map(|href| here.absolute(href)).filter(is_near));
    if !listed.is_empty() {
        return listed;
    }
    let links = page.all("a[href]").into_iter().filter(|link| !is_in_the_frame(*link));
    let near = links.filter_map(|link| here.absolute(link.attr("href")?)).filter(is_near);
    let found = distinct(near.filter(|url| is_event(url) || is_ticket(url)));
    if found.len() >= LEAST { found } else { Vec::new() }
}

/// `www.` in front makes no other server.
fn host(url: &Url) -> Option<(&str, Option<u16>)> {
    let host = url.host_str()?;
    Some((
        host.strip_prefix("www.").unwrap_or(host),
        url.port_or_known_default().filter(|port| !matches!(port, 80 | 443)),
    ))
}

fn is_in_the_frame(link: ElementRef<'_>) -> bool {
    let outer = link.ancestors().filter_map(ElementRef::wrap);
    outer.map(|element| element.value().name()).any(|name| ["nav", "footer", "aside"].contains(&name))
}

/// True below a folder of events, but for its own lists and archives.
fn is_event(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let folder = segments.iter().rposition(|segment| FOLDERS.contains(segment));
    let Some(rest) = folder.and_then(|at| segments.get(at + 1..)) else { return false };
    let is_number = |segment: &&str| segment.len() <= 4 && segment.bytes().all(|byte| byte.is_ascii_digit());
    let is_data = [".ics", ".xml", ".rss", ".json", ".pdf", ".jpg", ".png"].iter().any(|end| path.ends_with(end));
    // A year or month alone is an archive; below it are events.
    let names_one = rest.iter().any(|segment| !is_number(segment));
    names_one && !is_data && !rest.iter().any(|segment| OTHERS.contains(segment))
}

/// True for an event's page at Eventbrite: `/e/pond-walk-tickets-123`.
fn is_ticket(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).starts_with("eventbrite.") && url.path().starts_with("/e/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_pages_and_lists_are_told_from_pages_of_their_own() {
        let cases = [
            ("/", true),
            ("/en/", true),
            ("/index.html", true),
            ("/blog/", true),
            ("/club/events", true),
            ("/about/", false),
            ("/events/spring-choir", false),
        ];
        for (path, expected) in cases {
            let url = Url::parse("https://turku.example").unwrap().join(path).unwrap();
            assert_eq!(is_list(&url), expected, "{path}");
        }
    }

    #[test]
    fn pages_of_events_are_told_from_lists_and_archives() {
        let cases = [
            ("/events/spring-choir", true),
            ("/en/veranstaltungen/2027/05/fest/", true),
            ("/turku-js/events/301234567/", true),
            ("/calendar/events/fair", true),
            ("/events/2027/05/", false),
            ("/events/", false),
            ("/events/page/2", false),
            ("/events/category/music/", false),
            ("/events/month/2027-05", false),
            ("/events/all.ics", false),
            ("/blog/spring-choir", false),
        ];
        for (path, expected) in cases {
            let url = Url::parse("https://turku.example").unwrap().join(path).unwrap();
            assert_eq!(is_event(&url), expected, "{path}");
        }
    }
}
