//! Pages of platforms, which publish calendars and feeds beside them.

use super::page_at;

/// The offers of a page, a line each.
fn offers(address: &str, html: &str) -> Vec<String> {
    let read = page_at(address, html);
    let urls = |offer: &crate::model::Offer| offer.urls.iter().map(|url| format!(" {url}")).collect::<String>();
    read.offers.iter().map(|offer| format!("{}{}", offer.kind.name(), urls(offer))).collect()
}

const MOBILIZON: &str = "<title>Ponds</title><noscript><strong>We're sorry but Mobilizon doesn't work properly without JavaScript enabled.</strong></noscript>";
const INDICO: &str = "<title>Talks · Indico</title><a href='https://getindico.io'>Powered by Indico v3.3</a>";
const OLD_INDICO: &str =
    "<title>Talks</title><div id=footer class=footer><span>Powered by <a href='/about'>Indico</a></span></div>";
const PRETALX: &str = "<meta name=generator content=pretalx><title>Kelp</title><a href='/kelp/talk/AB12CD/'>A talk</a>";
const DISCOURSE: &str = "<meta name=generator content='Discourse 3.4.0 - https://github.com/discourse/discourse'><title>Forum</title>\
    <link rel=alternate type='application/rss+xml' title='Latest posts' href='/posts.rss'>\
    <a href='/c/events/12'>Events</a><a href='/c/events/walks/13'>Walks</a>";
const GITHUB: &str = "<title>pond/nets</title><link rel=alternate type='application/atom+xml' title='Recent Commits to nets:main' href='/pond/nets/commits/main.atom'>\
    <a href='/pond/nets/blob/main/walks.ics'>walks.ics</a>";
const GITLAB: &str = "<html><head><meta content='GitLab' property='og:site_name'><title>Nets</title></head><body data-page='projects:show' data-project='nets'>Nets</body></html>";
const GROUP: &str = "<html><head><meta content='GitLab' property='og:site_name'><title>Nets</title></head><body data-page='groups:show'>Nets</body></html>";
const FORGEJO: &str = "<meta name=keywords content='git,forge,forgejo'><title>Nets</title><div role=main class='page-content repository file list'>Nets</div>";
const CODEBERG: &str = "<title>Nets</title><div role=main class='page-content repository releases'>Nets</div><footer><a href='https://forgejo.org'>Powered by Forgejo</a></footer>";
const LUMA: &str = r#"<title>Ponds</title><script id="__NEXT_DATA__" type="application/json">{"props": {"pageProps": {"initialData": {"kind": "calendar",
    "data": {"featured_items": [{"calendar": {"api_id": "cal-OtherOther12"}}], "calendar": {"api_id": "cal-Ab3dEf6hIj9kLm2"}}}}}}</script>"#;
const TOWN: &str = r#"<title>Turku</title><script id="__NEXT_DATA__" type="application/json">{"props": {"pageProps": {"initialData": {"kind": "discover-place",
    "data": {"calendar": {"api_id": "cal-Ab3dEf6hIj9kLm2"}}}}}}</script>"#;

#[test]
fn a_page_of_a_platform_offers_what_that_publishes_of_it() {
    let plain = "<title>Ponds</title>";
    let cases = [
        ("https://www.meetup.com/turku-ponds/", plain, "calendar https://www.meetup.com/turku-ponds/events/ical/"),
        (
            "https://www.meetup.com/fr-FR/turku-ponds/events/?type=upcoming",
            plain,
            "calendar https://www.meetup.com/turku-ponds/events/ical/",
        ),
        ("https://www.meetup.com/find/", plain, ""),
        ("https://www.meetup.com/turku-ponds/events/301/", plain, ""),
        ("https://lu.ma/ponds", LUMA, "calendar https://api.lu.ma/ics/get?entity=calendar&id=cal-Ab3dEf6hIj9kLm2"),
        (
            "https://luma.com/calendar/cal-Ab3dEf6hIj9kLm2",
            plain,
            "calendar https://api.lu.ma/ics/get?entity=calendar&id=cal-Ab3dEf6hIj9kLm2",
        ),
        ("https://lu.ma/turku", TOWN, ""),
        ("https://ponds.example/ponds", LUMA, ""),
        ("https://mobilizon.example/@ponds", MOBILIZON, "calendar https://mobilizon.example/@ponds/feed/ics"),
        ("https://mobilizon.example/@ponds@far.example/events", MOBILIZON, ""),
        ("https://mobilizon.example/", MOBILIZON, "calendar https://mobilizon.example/feed/instance/ics"),
        ("https://social.example/@ponds", plain, ""),
        ("https://indico.example/category/12/", INDICO, "calendar https://indico.example/category/12/events.ics"),
        ("https://indico.example/", OLD_INDICO, "calendar https://indico.example/category/0/events.ics"),
        ("https://shop.example/category/12/", plain, ""),
        (
            "https://pretalx.example/kelp/",
            PRETALX,
            "calendar https://pretalx.example/kelp/schedule/export/schedule.xml",
        ),
        (
            "https://talks.example/kelp/schedule/v/1.0/#day1",
            PRETALX,
            "calendar https://talks.example/kelp/schedule/export/schedule.xml",
        ),
        ("https://pretalx.example/kelp/talk/AB12CD/", PRETALX, ""),
        (
            "https://forum.example/c/events/walks/13/l/latest?page=1",
            DISCOURSE,
            "feed https://forum.example/c/events/walks/13.rss",
        ),
        ("https://forum.example/tag/walks", DISCOURSE, "feed https://forum.example/tag/walks.rss"),
        ("https://forum.example/", DISCOURSE, "feed https://forum.example/latest.rss"),
        (
            "https://forum.example/upcoming-events",
            DISCOURSE,
            "calendar https://forum.example/discourse-post-event/events.json",
        ),
        ("https://github.com/pond/nets", GITHUB, "feed https://github.com/pond/nets/releases.atom"),
        ("https://github.com/pond/nets/releases", GITHUB, "feed https://github.com/pond/nets/releases.atom"),
        ("https://github.com/topics/ponds", plain, ""),
        ("https://github.com/pond", plain, ""),
        ("https://gitlab.example/pond/deep/nets", GITLAB, "feed https://gitlab.example/pond/deep/nets/-/releases.atom"),
        (
            "https://gitlab.example/pond/nets/-/releases",
            GITLAB,
            "feed https://gitlab.example/pond/nets/-/releases.atom",
        ),
        ("https://gitlab.example/pond/deep", GROUP, ""),
        ("https://git.example/pond/nets", FORGEJO, "feed https://git.example/pond/nets/releases.atom"),
        ("https://codeberg.org/pond/nets/releases", CODEBERG, "feed https://codeberg.org/pond/nets/releases.atom"),
        ("https://git.example/pond/nets/issues", FORGEJO, ""),
    ];
    for (address, html, expected) in cases {
        let expected: Vec<&str> = [expected].into_iter().filter(|line| !line.is_empty()).collect();
        assert_eq!(offers(address, html), expected, "{address}");
    }
}

#[test]
fn what_the_page_itself_names_counts_more() {
    let linked = format!("{GITHUB}<a href='webcal://ponds.example/all.ics'>Subscribe</a>");
    assert_eq!(
        offers("https://github.com/pond/nets", &linked),
        ["calendar https://ponds.example/all.ics", "feed https://github.com/pond/nets/releases.atom"]
    );
    let alternate = format!("{PRETALX}<link rel=alternate type='text/calendar' href='/kelp.ics'>");
    assert_eq!(offers("https://pretalx.example/kelp/", &alternate), ["calendar https://pretalx.example/kelp.ics"]);
    let event = r#"<script type="application/ld+json">{"@type": "Event", "name": "Pond walk", "startDate": "2027-05-04"}</script>"#;
    assert!(offers("https://www.meetup.com/turku-ponds/", event).is_empty());
}

#[test]
fn a_page_offers_the_calendar_that_it_embeds_or_is() {
    let embedded = "<title>A</title><iframe src='https://cloud.example/index.php/apps/calendar/embed/Ab3dEf6hIj9kLm2n'></iframe>\
        <a href='https://outlook.live.com/owa/calendar/0000/d7f4/cid-12/index.html'>Agenda</a>";
    assert_eq!(
        offers("https://ponds.example/", embedded),
        [
            "calendar https://cloud.example/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n?export https://outlook.live.com/owa/calendar/0000/d7f4/cid-12/calendar.ics"
        ]
    );
    assert_eq!(
        offers("https://cloud.example/apps/calendar/p/Ab3dEf6hIj9kLm2n", "<title>Calendar</title>"),
        ["calendar https://cloud.example/remote.php/dav/public-calendars/Ab3dEf6hIj9kLm2n?export"]
    );
}

#[test]
fn an_organizer_who_sells_tickets_offers_the_pages_of_the_events() {
    let html = "<title>Ponds</title><a href='/e/pond-walk-tickets-12?aff=x'>Walk</a><a href='https://www.eventbrite.com/e/pond-dive-tickets-13'>Dive</a><a href='/o/other-4'>Others</a>";
    assert_eq!(
        offers("https://www.eventbrite.com/o/ponds-123", html),
        [
            "events https://www.eventbrite.com/e/pond-walk-tickets-12?aff=x https://www.eventbrite.com/e/pond-dive-tickets-13"
        ]
    );
    assert!(offers("https://ponds.example/o/ponds-123", html).is_empty());
}
