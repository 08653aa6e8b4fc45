//! Embedded Google calendars.
//!
//! In: a page with `calendar.google.com/calendar/embed?src=…`. Out: the public iCalendar address of each calendar shown there, but for
//! those of holidays and week numbers, which are nobody's events.

use crate::read::page::Page;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use url::Url;
use url::form_urlencoded::byte_serialize;

/// The calendars that a page embeds, or invites to add to one's own.
pub(super) fn calendars(page: &Page) -> impl Iterator<Item = Url> {
    let frames = page.all("iframe[src*='google.com/calendar' i], iframe[data-src*='google.com/calendar' i], a[href*='google.com/calendar' i]");
    let written = frames.into_iter().filter_map(|it| ["src", "data-src", "href"].iter().find_map(|name| it.attr(name)));
    written.filter_map(address).flat_map(|embed| ids(&embed)).filter_map(|id| public(&id))
}

/// Frames leave out the scheme now and then.
fn address(text: &str) -> Option<Url> {
    let text = text.trim();
    let full = text.strip_prefix("//").map_or_else(|| text.to_owned(), |rest| format!("https://{rest}"));
    let url = Url::parse(&full).ok()?;
    let is_google = matches!(url.host_str(), Some("calendar.google.com" | "www.google.com"));
    (is_google && url.path().contains("/calendar")).then_some(url)
}

fn ids(embed: &Url) -> Vec<String> {
    let named = embed.query_pairs().filter(|(name, _)| matches!(name.as_ref(), "src" | "cid"));
    named.map(|(_, id)| if id.contains('@') { id.into_owned() } else { decoded(&id).unwrap_or_default() }).collect()
}

fn public(id: &str) -> Option<Url> {
    let is_id = id.contains('@') && id.len() <= 200 && id.chars().all(|c| c.is_ascii_graphic());
    let of_everybody = id.contains("#holiday@") || id.contains("#weeknum@") || id.contains("#contacts@");
    let id: String = byte_serialize(id.as_bytes()).collect();
    let url = format!("https://calendar.google.com/calendar/ical/{id}/public/basic.ics");
    (is_id && !of_everybody).then(|| Url::parse(&url).ok()).flatten()
}

/// Newer embeds write the calendar's id in Base64 (RFC 4648 §4, §5), mostly without padding.
fn decoded(text: &str) -> Option<String> {
    let letters = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    String::from_utf8(STANDARD_NO_PAD.decode(letters).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_calendar_has_a_public_address() {
        let cases: [(&str, &[&str]); 5] = [
            (
                "https://calendar.google.com/calendar/embed?src=choir%40group.calendar.google.com&ctz=Europe%2FHelsinki",
                &["choir%40group.calendar.google.com"],
            ),
            (
                "//www.google.com/calendar/embed?src=a@x.example&src=en.finnish%23holiday%40group.v.calendar.google.com&src=b@x.example",
                &["a%40x.example", "b%40x.example"],
            ),
            ("https://calendar.google.com/calendar/u/0?cid=Y2hvaXJAeC5leGFtcGxl", &["choir%40x.example"]),
            ("https://calendar.google.com/calendar/embed?src=nothing", &[]),
            ("https://maps.example/calendar/embed?src=a@x.example", &[]),
        ];
        for (text, expected) in cases {
            let found = address(text).map(|url| ids(&url)).unwrap_or_default();
            let found: Vec<String> = found.iter().filter_map(|id| public(id)).map(String::from).collect();
            let expected: Vec<String> = expected
                .iter()
                .map(|id| format!("https://calendar.google.com/calendar/ical/{id}/public/basic.ics"))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
