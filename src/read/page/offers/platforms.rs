//! What platforms publish beside their pages, at addresses that the pages seldom name.
//!
//! In: a page at its own address. Out: the public calendar, programme or feed of what it shows, if the page is of a platform that has such: told by the
//! server's name, where there is only one server, else by a mark in the page. No keys are needed for any of them.

use crate::model::OfferKind;
use crate::read::page::Page;
use serde_json::Value;
use url::Url;

type Offered = Option<(OfferKind, Url)>;

/// What the platform of a page publishes of what the page shows.
pub(super) fn offer(page: &Page, own: &Url) -> Offered {
    let path = own.path().trim_matches('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let shown = Shown { page, own, parts: &parts };
    [meetup, luma, mobilizon, indico, pretalx, discourse, github, gitlab, forgejo].iter().find_map(|of| of(&shown))
}

/// A page with its address in parts.
struct Shown<'a> {
    page: &'a Page,
    own: &'a Url,
    parts: &'a [&'a str],
}

impl Shown<'_> {
    fn is_at(&self, hosts: &[&str]) -> bool {
        let host = self.own.host_str().unwrap_or_default();
        hosts.contains(&host.strip_prefix("www.").unwrap_or(host))
    }

    fn is_made_by(&self, name: &str) -> bool {
        self.page.meta("generator").is_some_and(|generator| generator.to_ascii_lowercase().starts_with(name))
    }

    /// True where an element of that kind says the word.
    fn says(&self, selector: &str, word: &str) -> bool {
        self.page.first(selector).is_some_and(|element| self.page.words(element).contains(word))
    }

    /// The same server at another path.
    fn at(&self, path: &str) -> Option<Url> {
        let mut url = self.own.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        (url.path() != self.own.path()).then_some(url)
    }

    fn calendar(&self, path: &str) -> Offered {
        Some((OfferKind::Calendar, self.at(path)?))
    }

    fn feed(&self, path: &str) -> Offered {
        Some((OfferKind::Feed, self.at(path)?))
    }
}

/// Of a group's page and of its list of events.
fn meetup(shown: &Shown) -> Offered {
    const OTHERS: &[&str] = &[
        "find",
        "topics",
        "cities",
        "apps",
        "about",
        "blog",
        "help",
        "home",
        "login",
        "register",
        "lp",
        "pro",
        "members",
        "start",
        "media",
        "account",
        "messages",
        "your-events",
        "your-groups",
    ];
    let is_language = |part: &str| part.len() == 5 && part.as_bytes().get(2) == Some(&b'-');
    let parts = match shown.parts {
        [first, rest @ ..] if is_language(first) && !matches!(rest, [] | ["events", ..]) => rest,
        parts => parts,
    };
    let (group, rest) = parts.split_first()?;
    let shows_all = matches!(rest, [] | ["events"] | ["events", "past" | "calendar"]);
    let is_group = shown.is_at(&["meetup.com"]) && shows_all && !OTHERS.contains(group);
    is_group.then(|| shown.calendar(&format!("/{group}/events/ical/"))).flatten()
}

/// Of a calendar's page, whose number stands in the data that it is drawn from. Pages of towns show the calendars of others.
fn luma(shown: &Shown) -> Offered {
    if !shown.is_at(&["lu.ma", "luma.com"]) {
        return None;
    }
    let data = shown.page.first("script#__NEXT_DATA__").map(|script| script.text().collect::<String>());
    let data: Option<Value> = data.and_then(|text| serde_json::from_str(&text).ok());
    let drawn = || {
        let calendar = data.as_ref()?.pointer("/props/pageProps/initialData")?;
        let is_calendar = calendar.get("kind").is_none_or(|kind| kind == "calendar");
        calendar.pointer("/data/calendar/api_id")?.as_str().filter(|_| is_calendar)
    };
    let id = match shown.parts {
        ["calendar", id, ..] => Some(*id),
        _ => drawn(),
    };
    Some((OfferKind::Calendar, luma_calendar(id?)?))
}

/// The public address of one of Luma's calendars.
pub(super) fn luma_calendar(id: &str) -> Option<Url> {
    let number = id.strip_prefix("cal-")?;
    let is_id = (8..=40).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| Url::parse(&format!("https://api.lu.ma/ics/get?entity=calendar&id={id}")).ok()).flatten()
}

/// Of a group, and of a whole server.
fn mobilizon(shown: &Shown) -> Offered {
    // Feeds of a group of another server are there.
    let is_here = |group: &str| group.strip_prefix('@').is_some_and(|name| !name.contains('@'));
    let is_its = shown.says("noscript", "obilizon doesn't work");
    match shown.parts {
        [group] | [group, "events"] if is_here(group) && is_its => shown.calendar(&format!("/{group}/feed/ics")),
        [] | ["search"] | ["events"] if is_its => shown.calendar("/feed/instance/ics"),
        _ => None,
    }
}

/// Of a category, and of the front page, which is that of the outermost one.
fn indico(shown: &Shown) -> Offered {
    let number = match shown.parts {
        [] => "0",
        ["category", number] => number,
        _ => return None,
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let mark = "#category-calendar-link, a[href*='getindico.io' i], a[href*='indico-software.org' i]";
    let is_its = || shown.page.first(mark).is_some() || shown.says("#footer, footer", "Powered by Indico");
    (is_number && is_its()).then(|| shown.calendar(&format!("/category/{number}/events.ics"))).flatten()
}

/// The programme of a conference.
fn pretalx(shown: &Shown) -> Offered {
    let (event, rest) = shown.parts.split_first()?;
    let is_whole = matches!(rest, [] | ["schedule", ..] | ["talk" | "speaker" | "sessions" | "featured" | "cfp"]);
    let is_event = is_whole && !["orga", "api", "p", "me", "common"].contains(event) && shown.is_made_by("pretalx");
    is_event.then(|| shown.calendar(&format!("/{event}/schedule/export/schedule.xml"))).flatten()
}

/// The topics of a category, of a tag, or the latest; the events of the forum where it has a page of them.
fn discourse(shown: &Shown) -> Offered {
    if !shown.is_made_by("discourse") {
        return None;
    }
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    match shown.parts {
        [] | ["latest"] => shown.feed("/latest.rss"),
        ["upcoming-events", ..] => shown.calendar("/discourse-post-event/events.json"),
        ["tag", tag] => shown.feed(&format!("/tag/{tag}.rss")),
        ["c", rest @ ..] => {
            let end = rest.iter().position(is_number)?;
            shown.feed(&format!("/c/{}.rss", rest.get(..=end)?.join("/")))
        }
        _ => None,
    }
}

/// The releases of a repository.
fn github(shown: &Shown) -> Offered {
    const OTHERS: &[&str] = &[
        "orgs",
        "topics",
        "collections",
        "sponsors",
        "features",
        "marketplace",
        "settings",
        "apps",
        "users",
        "search",
        "about",
        "security",
        "enterprise",
        "solutions",
        "resources",
        "explore",
        "trending",
        "login",
        "pricing",
        "site",
        "readme",
        "events",
        "customer-stories",
        "notifications",
        "stars",
        "organizations",
        "codespaces",
    ];
    let (owner, name) = repository(shown.parts)?;
    let is_its = shown.is_at(&["github.com"]) && !OTHERS.contains(&owner);
    is_its.then(|| shown.feed(&format!("/{owner}/{name}/releases.atom"))).flatten()
}

/// The releases of a project, which may lie in groups of groups.
fn gitlab(shown: &Shown) -> Offered {
    let of_project = shown.page.attribute("body", "data-page").is_some_and(|name| name.starts_with("projects:"));
    let is_its = of_project && shown.page.meta("og:site_name").is_some_and(|name| name == "GitLab");
    let rest = shown.parts.iter().position(|part| *part == "-").unwrap_or(shown.parts.len());
    let (project, rest) = shown.parts.split_at_checked(rest)?;
    let shows_all = project.len() >= 2 && matches!(rest, [] | ["-", "releases" | "tags"]);
    (is_its && shows_all).then(|| shown.feed(&format!("/{}/-/releases.atom", project.join("/")))).flatten()
}

/// The releases of a repository; Gitea, from which Forgejo comes, has them at the same address.
fn forgejo(shown: &Shown) -> Offered {
    let (owner, name) = repository(shown.parts)?;
    let is_its = || {
        let keywords = shown.page.meta("keywords").unwrap_or_default().to_ascii_lowercase();
        let footer =
            "a[href^='https://forgejo.org' i], a[href^='https://about.gitea.com' i], a[href^='https://gitea.io' i]";
        keywords.contains("forgejo") || keywords.contains("gitea") || shown.page.first(footer).is_some()
    };
    let is_repository = shown.page.first(".page-content.repository").is_some() && is_its();
    is_repository.then(|| shown.feed(&format!("/{owner}/{name}/releases.atom"))).flatten()
}

/// The owner and name of a repository whose own page or list of releases this is.
fn repository<'a>(parts: &[&'a str]) -> Option<(&'a str, &'a str)> {
    match parts {
        [owner, name] | [owner, name, "releases" | "tags"] => Some((owner, name)),
        _ => None,
    }
}
