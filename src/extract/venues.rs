//! What tells a venue, an address or a ticket office from other names and links.

use super::language::Class;
use super::tokens::{Text, Token};
use crate::gazetteer;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// To a venue of the internet of this name.
    Online(&'static str),
    /// To where one registers or buys tickets.
    Tickets,
    /// To a map.
    Map,
}

use Leads::{Map, Online, Tickets};

/// Hosts (with all below them) and the beginning of the path; sorted by host.
#[rustfmt::skip]
const HOSTS: &[(&str, &str, Leads)] = &[
    ("billetweb.fr", "", Tickets), ("community.cncf.io", "", Tickets), ("connpass.com", "", Tickets), ("discord.com", "", Online("Discord")),
    ("discord.gg", "", Online("Discord")), ("docs.google.com", "/forms", Tickets), ("doity.com.br", "", Tickets), ("doorkeeper.jp", "", Tickets),
    ("evenium.net", "", Tickets), ("eventbrite.ca", "", Tickets), ("eventbrite.co.uk", "", Tickets), ("eventbrite.com", "", Tickets), ("eventbrite.de", "", Tickets),
    ("eventbrite.es", "", Tickets), ("eventbrite.fr", "", Tickets), ("eventbrite.it", "", Tickets), ("eventfrog.ch", "", Tickets),
    ("eventfrog.de", "", Tickets), ("eventyay.com", "", Tickets), ("forms.gle", "", Tickets),
    ("framaforms.org", "", Tickets), ("gather.town", "", Online("Gather")), ("goo.gl", "/maps", Map), ("google.com", "/maps", Map),
    ("gotomeeting.com", "", Online("GoTo")), ("gotowebinar.com", "", Online("GoTo")), ("guild.host", "", Tickets), ("helloasso.com", "", Tickets),
    ("hopin.com", "", Online("Hopin")), ("konfhub.com", "", Tickets), ("livestorm.co", "", Online("Livestorm")), ("lu.ma", "", Tickets),
    ("luma.com", "", Tickets), ("maps.app.goo.gl", "", Map), ("maps.apple.com", "", Map), ("maps.google.com", "", Map), ("maps.google.de", "", Map),
    ("mapy.cz", "", Map), ("matrix.to", "", Online("Matrix")), ("meet.ffmuc.net", "", Online("Jitsi")), ("meet.google.com", "", Online("Google Meet")),
    ("meet.jit.si", "", Online("Jitsi")), ("meetup.com", "", Tickets), ("openstreetmap.org", "", Map), ("osm.org", "", Map),
    ("peatix.com", "", Tickets), ("pretix.eu", "", Tickets), ("streamyard.com", "", Online("StreamYard")), ("sympla.com.br", "", Tickets),
    ("teams.live.com", "", Online("Microsoft Teams")), ("teams.microsoft.com", "", Online("Microsoft Teams")), ("ti.to", "", Tickets),
    ("tickettailor.com", "", Tickets), ("tito.io", "", Tickets), ("twitch.tv", "", Online("Twitch")), ("universe.com", "", Tickets),
    ("webex.com", "", Online("Webex")), ("weezevent.com", "", Tickets), ("whereby.com", "", Online("Whereby")),
    ("workadventu.re", "", Online("WorkAdventure")), ("xing-events.com", "", Tickets), ("yandex.ru", "/maps", Map), ("youtube.com", "/live", Online("YouTube")),
    ("zoom.us", "", Online("Zoom")), ("zoomgov.com", "", Online("Zoom")),
];

/// What runs on a community's own host, by its first label.
fn labelled(label: &str) -> Option<Leads> {
    match label {
        "bbb" | "bigbluebutton" => Some(Online("BigBlueButton")),
        "jitsi" => Some(Online("Jitsi")),
        "mumble" => Some(Online("Mumble")),
        "venueless" => Some(Online("Venueless")),
        "events" | "gancio" | "indico" | "mobilizon" | "pretix" | "ticket" | "tickets" => Some(Tickets),
        _ => None,
    }
}

/// Letters from the right, mixed into a number.
const fn with(mixed: u32, byte: u8) -> u32 {
    (mixed ^ byte as u32).wrapping_mul(0x0100_0193).rotate_left(7)
}

/// One bit for each of [`HOSTS`], by its letters.
const SIEVE: [u64; 8] = {
    let (mut sieve, mut host) = ([0; 8], 0);
    while host < HOSTS.len() {
        let (mut mixed, mut at) = (0, HOSTS[host].0.len());
        while at > 0 {
            at -= 1;
            mixed = with(mixed, HOSTS[host].0.as_bytes()[at]);
        }
        sieve[(mixed % 512 / 64) as usize] |= 1 << (mixed % 64);
        host += 1;
    }
    sieve
};

/// What a path on a known host leads to.
fn known(host: &str, path: &str) -> Option<Leads> {
    let from = HOSTS.partition_point(|(known, ..)| *known < host);
    let mut own = HOSTS.iter().skip(from).take_while(|(known, ..)| *known == host);
    own.find(|(_, begins, _)| path.starts_with(begins)).map(|(.., leads)| *leads)
}

/// What a link leads to, where its host tells.
pub fn leads(href: &str) -> Option<Leads> {
    if href.starts_with("geo:") {
        return Some(Map);
    }
    let slash = memchr::memchr(b'/', href.as_bytes())?;
    let rest = href.get(slash..)?.strip_prefix("//")?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#' | b':')).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.get(..host.len().min(80)).unwrap_or_default();
    // From the right, `com`, `meetup.com`, `www.meetup.com`: the sieve lets few through that are not known.
    let mut mixed = 0;
    let mut found = None;
    for (at, byte) in host.bytes().enumerate().rev() {
        mixed = with(mixed, byte);
        if (at == 0 || host.as_bytes().get(at - 1) == Some(&b'.'))
            && SIEVE[(mixed % 512 / 64) as usize] >> (mixed % 64) & 1 == 1
        {
            found = known(host.get(at..).unwrap_or_default(), path).or(found);
        }
    }
    if found.is_some() {
        return found;
    }
    labelled(host.split('.').next().unwrap_or_default())
}

/// The name of the venue of the internet that a link leads to.
pub fn online_venue(href: &str) -> Option<&'static str> {
    match leads(href) {
        Some(Online(name)) => Some(name),
        _ => None,
    }
}

/// The link leads to a map.
pub fn is_map_link(href: &str) -> bool {
    leads(href) == Some(Map)
}

/// A name of a kind of place: "Fore Street", "Old Mill", "Palacio de Cristal"; with a year at its end it is an event's.
pub fn is_venue(text: &Text, from: usize, end: usize) -> bool {
    let words = (from..end).filter(|at| text.at(*at).is_some_and(Token::is_word)).count();
    let year = text.at(end.saturating_sub(1)).is_some_and(|token| token.digits(4).is_some());
    let kind = |at: usize| text.has(at, Class::Venue) && (words > 1 || text.written(at).chars().count() > 7);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_sorted_and_found_with_all_below_them() {
        assert!(HOSTS.is_sorted_by_key(|(host, ..)| *host));
        let cases = [
            ("https://www.meetup.com/pond-club/events/1/", Some(Tickets)),
            ("https://us02web.zoom.us/j/1", Some(Online("Zoom"))),
            ("https://www.google.com/maps/place/x", Some(Map)),
            ("https://www.google.com/search?q=maps", None),
            ("https://bbb.ponds.example/b/x", Some(Online("BigBlueButton"))),
            ("https://notzoom.us.example/", None),
            ("geo:60.1,24.9", Some(Map)),
            ("/events/", None),
        ];
        for (href, expected) in cases {
            assert_eq!(leads(href), expected, "{href}");
        }
    }
}
