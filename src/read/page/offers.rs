//! What a page offers to read in its stead: its calendars, the pages of its events, its feed.
//!
//! In: a parsed page, its address, and what its structured data only lists. Out: an [`Offer`] for each kind that there is. What embeds a calendar
//! of Google, Nextcloud, Outlook or Luma offers its public address, and so do the pages of platforms that name none themselves.

mod google;
mod hosted;
mod links;
mod platforms;

use super::Page;
use crate::model::{Key, Offer, OfferKind};
use scraper::ElementRef;
use std::collections::BTreeSet;
use url::Url;

/// The media types of `rel=alternate` (HTML §4.6.7.1) that feeds have, the best first.
const FEEDS: [&str; 4] =
    ["application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml"];

/// What the page at the address `own` offers. One that `tells` something itself is meant for that, unless its address is that of a list.
pub(super) fn offers(page: &Page, own: &Url, listed: &[String], tells: bool) -> Vec<Offer> {
    let base = page.attribute("base[href]", "href").and_then(|base| own.join(&base).ok());
    let here = Here { own, base: base.as_ref().unwrap_or(own) };
    let whole = calendars(page, &here);
    let has_whole = !whole.is_empty();
    let feed = if tells && !links::is_list(own) { None } else { feed(page, &here) };
    let platform = platforms::offer(page, own);
    let is_whole = has_whole || platform.as_ref().is_some_and(|(kind, _)| *kind == OfferKind::Calendar);
    let several = match platform {
        // What its pages link to besides are its own lists, files and commits.
        Some((OfferKind::Feed, url)) => {
            [(OfferKind::Calendar, whole), (OfferKind::Feed, vec![url]), (OfferKind::Events, vec![])]
        }
        Some((kind, url)) if !has_whole => [(kind, vec![url]), (OfferKind::Events, vec![]), (OfferKind::Feed, vec![])],
        _ => [
            (OfferKind::Calendar, if has_whole { whole } else { single_calendars(page, &here) }),
            (OfferKind::Events, links::events(page, &here, listed)),
            (OfferKind::Feed, feed.into_iter().collect()),
        ],
    };
    let offers = several.into_iter().filter(|(_, urls)| !urls.is_empty());
    offers.map(|(kind, urls)| Offer { kind, urls, is_whole: kind != OfferKind::Calendar || is_whole }).collect()
}

/// Where the page is.
struct Here<'a> {
    own: &'a Url,
    base: &'a Url,
}

impl Here<'_> {
    /// The address that a link leads to, if it is on the web and no part of the page itself. `webcal:` is `https:`.
    fn absolute(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        let scheme = href.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        let mut url = match scheme {
            Some((scheme, rest)) if matches!(scheme.as_str(), "webcal" | "webcals") => {
                Url::parse(&format!("https:{rest}")).ok()?
            }
            _ => self.base.join(href).ok()?,
        };
        url.set_fragment(None);
        let is_other = Key::url(&url) != Key::url(self.own);
        (matches!(url.scheme(), "http" | "https") && url.has_host() && is_other).then_some(url)
    }
}

/// No address twice, and not too many.
fn distinct(urls: impl Iterator<Item = Url>) -> Vec<Url> {
    let mut seen = BTreeSet::new();
    urls.filter(|url| seen.insert(Key::url(url))).take(Offer::MOST).collect()
}

/// Whole calendars.
fn calendars(page: &Page, here: &Here) -> Vec<Url> {
    let alternates = page.all("link[rel~='alternate' i][type^='text/calendar' i]");
    let subscribed = page.all("a[href^='webcal:' i], a[href^='webcals:' i]");
    let linked = alternates.into_iter().chain(subscribed);
    let whole = linked.filter_map(|link| here.absolute(link.attr("href")?));
    distinct(whole.chain(google::calendars(page)).chain(hosted::calendars(page, here)))
}

/// Calendars of single events.
fn single_calendars(page: &Page, here: &Here) -> Vec<Url> {
    let single = page.all("a[href*='.ics' i], a[href*='ical=1' i]").into_iter();
    distinct(single.filter_map(|link| here.absolute(link.attr("href")?)).filter(is_calendar))
}

fn is_calendar(url: &Url) -> bool {
    url.path().to_ascii_lowercase().ends_with(".ics")
        || url.query_pairs().any(|pair| pair == ("ical".into(), "1".into()))
}

/// The first feed of the best type that is not one of comments.
fn feed(page: &Page, here: &Here) -> Option<Url> {
    let is_own = |text: Option<&str>| !text.unwrap_or_default().to_ascii_lowercase().contains("comment");
    let of_type = |kind: &&str| {
        let links = page.all(&format!("link[rel~='alternate' i][type^='{kind}' i]"));
        let own = |link: &ElementRef<'_>| is_own(link.attr("href")) && is_own(link.attr("title"));
        links.into_iter().filter(own).find_map(|link| here.absolute(link.attr("href")?))
    };
    FEEDS.iter().find_map(of_type)
}
