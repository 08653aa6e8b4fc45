//! Calendars that other services show, and that pages embed or link to as pages.
//!
//! In: a page at its own address. Out: the public iCalendar address of each calendar of Nextcloud, Outlook and Luma that it shows or is.

use super::platforms::luma_calendar;
use super::{Here, Page};
use url::Url;

/// The calendars that a page is, embeds or links to.
pub(super) fn calendars(page: &Page, here: &Here) -> Vec<Url> {
    let signs = ["/apps/calendar/", "/public-calendars/", "/owa/calendar/", "/embed/calendar/cal-"];
    let selectors = ["iframe", "a"].iter().zip(["src", "href"]).chain([(&"iframe", "data-src")]);
    let shown = selectors.flat_map(|(element, name)| {
        let selector = signs.map(|sign| format!("{element}[{name}*='{sign}' i]")).join(", ");
        page.all(&selector)
            .into_iter()
            .filter_map(move |element| here.absolute(element.attr(name)?))
            .collect::<Vec<_>>()
    });
    std::iter::once(here.own.clone()).chain(shown).flat_map(|url| public(&url)).collect()
}

/// The public addresses of what is shown there.
fn public(url: &Url) -> Vec<Url> {
    let nextcloud = nextcloud(url).unwrap_or_default();
    nextcloud.into_iter().chain(exported(url)).chain(outlook(url)).chain(luma(url)).collect()
}

/// `/apps/calendar/p/TOKEN`, or several with a hyphen between them; `index.php` and a folder may stand before.
fn nextcloud(url: &Url) -> Option<Vec<Url>> {
    let (before, after) = url.path().split_once("/apps/calendar/")?;
    let after = after.strip_prefix("p/").or_else(|| after.strip_prefix("embed/"))?;
    let before = before.strip_suffix("/index.php").unwrap_or(before);
    let is_token = |token: &&str| (10..=64).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_alphanumeric());
    let tokens = after.split('/').next()?.split('-').filter(is_token).take(10);
    let address = |token: &str| {
        let mut public = url.clone();
        public.set_path(&format!("{before}/remote.php/dav/public-calendars/{token}"));
        public.set_query(Some("export"));
        public
    };
    Some(tokens.map(address).collect())
}

/// The address at which Nextcloud's calendar is published, with the word that makes it one file.
fn exported(url: &Url) -> Option<Url> {
    url.path().contains("/remote.php/dav/public-calendars/").then(|| {
        let mut public = url.clone();
        public.set_query(Some("export"));
        public
    })
}

/// `…/owa/calendar/…/calendar.html`, or `index.html`; where one books an appointment there is no calendar.
fn outlook(url: &Url) -> Option<Url> {
    let is_its = matches!(url.host_str()?, "outlook.office365.com" | "outlook.office.com" | "outlook.live.com");
    let (folder, file) =
        url.path().rsplit_once('/').filter(|(folder, _)| is_its && folder.starts_with("/owa/calendar/"))?;
    let file = match file {
        "calendar.html" | "index.html" | "calendar.ics" => "calendar.ics",
        "reachcalendar.html" | "reachcalendar.ics" => "reachcalendar.ics",
        _ => return None,
    };
    let mut public = url.clone();
    public.set_path(&format!("{folder}/{file}"));
    public.set_query(None);
    Some(public)
}

/// `lu.ma/embed/calendar/cal-…/events`.
fn luma(url: &Url) -> Option<Url> {
    let is_its = matches!(url.host_str()?, "lu.ma" | "luma.com" | "www.luma.com");
    let id = url.path().strip_prefix("/embed/calendar/").filter(|_| is_its)?.split('/').next()?;
    luma_calendar(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_elsewhere_has_a_public_address() {
        let cases: &[(&str, &[&str])] = &[
            (
                "https://cloud.example/apps/calendar/p/Ab3dEf6hIj9kLm2n",
                &["https://cloud.example/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n?export"],
            ),
            (
                "https://cloud.example/nc/index.php/apps/calendar/embed/Ab3dEf6hIj9kLm2n-Zy8xWv5uTs2rQp4o/listMonth/now?x=1",
                &[
                    "https://cloud.example/nc/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n?export",
                    "https://cloud.example/nc/remote.php/dav/public-calendars/Zy8xWv5uTs2rQp4o?export",
                ],
            ),
            ("https://cloud.example/apps/calendar/dayGridMonth/now", &[]),
            (
                "https://cloud.example/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n/",
                &["https://cloud.example/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n/?export"],
            ),
            (
                "https://outlook.office365.com/owa/calendar/0a1b@pond.example/c2d3/calendar.html",
                &["https://outlook.office365.com/owa/calendar/0a1b@pond.example/c2d3/calendar.ics"],
            ),
            (
                "https://outlook.live.com/owa/calendar/0000/d7f4/cid-12/index.html",
                &["https://outlook.live.com/owa/calendar/0000/d7f4/cid-12/calendar.ics"],
            ),
            ("https://outlook.office365.com/owa/calendar/pond@pond.example/bookings/", &[]),
            ("https://pond.example/owa/calendar/a/calendar.html", &[]),
            (
                "https://lu.ma/embed/calendar/cal-Ab3dEf6hIj9kLm2/events?lt=light",
                &["https://api.lu.ma/ics/get?entity=calendar&id=cal-Ab3dEf6hIj9kLm2"],
            ),
            ("https://lu.ma/embed/calendar/cal-%22/events", &[]),
        ];
        for (shown, expected) in cases {
            let found: Vec<String> = public(&Url::parse(shown).unwrap()).into_iter().map(String::from).collect();
            assert_eq!(found, *expected, "{shown}");
        }
    }
}
