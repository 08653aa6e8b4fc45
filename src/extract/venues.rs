//! What tells a venue, an address or a ticket office from other names and links.

use super::gazetteer;
use super::language::Class;
use super::tokens::{Text, Token};

/// Venues of the internet: the host (and beginning of the path) of their links, and their names.
#[rustfmt::skip]
const ONLINE_VENUES: &[(&str, &str)] = &[
    ("zoom.us", "Zoom"), ("zoomgov.com", "Zoom"), ("meet.google.com", "Google Meet"),
    ("teams.microsoft.com", "Microsoft Teams"), ("teams.live.com", "Microsoft Teams"), ("meet.jit.si", "Jitsi"),
    ("jitsi.", "Jitsi"), ("discord.gg", "Discord"), ("discord.com", "Discord"), ("bbb.", "BigBlueButton"),
    ("bigbluebutton.", "BigBlueButton"), ("webex.com", "Webex"), ("twitch.tv", "Twitch"), ("youtube.com/live", "YouTube"),
    ("matrix.to", "Matrix"), ("gotomeeting.com", "GoTo"), ("gotowebinar.com", "GoTo"), ("whereby.com", "Whereby"),
    ("gather.town", "Gather"), ("hopin.com", "Hopin"), ("workadventu.re", "WorkAdventure"), ("meet.ffmuc.net", "Jitsi"),
    ("mumble.", "Mumble"), ("venueless.", "Venueless"), ("livestorm.co", "Livestorm"), ("streamyard.com", "StreamYard"),
];

/// Names of venues of the internet, in lower case, as they stand in running text.
#[rustfmt::skip]
pub const ONLINE_NAMES: &[&str] = &[
    "discord", "zoom", "jitsi", "google meet", "microsoft teams", "ms teams", "bigbluebutton", "big blue button",
    "webex", "twitch", "youtube", "matrix", "irc", "teams", "gather.town", "gather town", "whereby", "mumble", "bbb",
    "google hangouts", "hangouts", "skype", "venueless", "workadventure",
];

/// Where one registers or buys tickets.
#[rustfmt::skip]
const TICKETS: &[&str] = &[
    "meetup.com/", "eventbrite.", "ti.to/", "tito.io", "pretix.", "lu.ma/", "luma.com/", "indico", "xing-events", "eventfrog",
    "billetweb", "weezevent", "helloasso", "sympla", "doity.com", "konfhub", "hopin.com", "connpass.com", "doorkeeper.jp",
    "peatix.com", "mobilizon", "gancio", "bevy.com", "community.cncf.io", "tickettailor", "universe.com", "eventyay",
    "forms.gle", "docs.google.com/forms", "framaforms", "limesurvey", "evenium", "guild.host", "tickets", "eventos",
];

/// Maps.
const MAPS: &[&str] = &["maps.google.", "google.com/maps", "goo.gl/maps", "maps.app.goo.gl", "openstreetmap.org", "osm.org", "maps.apple.com", "mapy.cz", "yandex.ru/maps", "geo:"];

fn holds(href: &str, all: &[&str]) -> bool {
    let start = href.get(..href.len().min(200)).unwrap_or(href);
    all.iter().any(|part| start.contains(part))
}

/// The link leads to where one registers.
pub fn is_ticket_link(href: &str) -> bool {
    holds(href, TICKETS)
}

/// The link leads to a map.
pub fn is_map_link(href: &str) -> bool {
    holds(href, MAPS)
}

/// The link leads to a venue of the internet.
pub fn is_online_link(href: &str) -> bool {
    online_venue(href).is_some()
}

/// The name of the venue of the internet that a link leads to.
pub fn online_venue(href: &str) -> Option<&'static str> {
    let (_, rest) = href.split_once("//").unwrap_or(("", href));
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let at_label = |host: &str| rest.find(host).is_some_and(|at| at == 0 || at < 60 && rest.as_bytes().get(at - 1) == Some(&b'.'));
    ONLINE_VENUES.iter().find(|(host, _)| at_label(host)).map(|(_, name)| *name)
}

/// A name of a kind of place: "Fore Street", "Old Mill", "Palacio de Cristal"; with a year at its end it is an event's.
pub fn is_venue(text: &Text, from: usize, end: usize) -> bool {
    let words = (from..end).filter(|at| text.at(*at).is_some_and(Token::is_word)).count();
    let year = text.at(end.saturating_sub(1)).is_some_and(|token| token.digits(4).is_some());
    let kind = |at: usize| {
        let long = text.written(at).chars().count() > 7;
        text.has(at, Class::Venue) && (words > 1 || long)
    };
    !year && (from..end).any(kind)
}

/// A house number, and a town behind a comma.
pub fn is_address(name: &str) -> bool {
    let numbered = |part: &str| {
        part.split(' ').count() > 1
            && part.split(' ').any(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()))
    };
    name.contains(", ") && name.split(", ").any(numbered)
}

/// True where a name ends with a country or region behind a comma.
pub fn ends_with_country(name: &str) -> bool {
    let Some((_, last)) = name.rsplit_once(", ") else { return false };
    let last = last.trim();
    let last = last.strip_prefix("the ").unwrap_or(last);
    gazetteer::country(last).is_some() || gazetteer::region(last).is_some()
}
