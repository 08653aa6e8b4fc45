//! Whole runs over pages that offer a calendar, event pages or a feed.

use super::server::{Reply, Server, reply};
use noticeboard::config;
use noticeboard::pipeline::{self, Options};
use noticeboard::report::Report;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A site whose pages change as the test goes. What it has once sent it answers with 304.
#[derive(Clone, Default)]
struct Pages(Arc<Mutex<BTreeMap<String, String>>>);

impl Pages {
    fn put(&self, path: &str, text: &str) {
        self.0.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    fn remove(&self, path: &str) {
        self.0.lock().unwrap().remove(path);
    }

    fn answer(&self, request: &str) -> Reply {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let pages = self.0.lock().unwrap();
        let Some(text) = pages.get(path) else { return reply("404 Not Found", &[], b"") };
        let etag = format!("\"of-{}\"", text.len());
        if request.contains(&etag) {
            return reply("304 Not Modified", &[], b"");
        }
        let kind = match path {
            _ if path.ends_with(".ics") => "text/calendar",
            _ if path.ends_with(".xml") => "application/rss+xml",
            _ => "text/html",
        };
        reply("200 OK", &[&format!("Content-Type: {kind}"), &format!("ETag: {etag}")], text.as_bytes())
    }
}

struct Site {
    server: Server,
    pages: Pages,
    folder: TempDir,
}

impl Site {
    async fn open(pages: &[(&str, &str)]) -> Self {
        let site = Pages::default();
        pages.iter().for_each(|(path, text)| site.put(path, text));
        let answering = site.clone();
        let server = Server::start(move |_, request| answering.answer(request)).await;
        Self { server, pages: site, folder: tempfile::tempdir().unwrap() }
    }

    /// One run of a board whose one source is the site's page at `/events/`, in that hour.
    async fn run(&self, hour: u32, more: &str) -> Report {
        let text = format!(
            "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"Europe/Helsinki\"\n[[source]]\nid = \"site\"\n\
             from.http = {{ url = \"{}/events/\", timeout = 5, allow_private = true{more} }}\n",
            self.server.address
        );
        let settings = config::parse(&text, Path::new("noticeboard.toml"), self.folder.path()).unwrap();
        let now = format!("2026-12-01T{hour:02}:00:00Z").parse().unwrap();
        pipeline::run(&settings, &Options::at(now)).await.unwrap()
    }

    /// The lines of the published calendar that begin so, in order.
    fn published(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("public/events.ics")).unwrap();
        let mut found: Vec<String> =
            text.lines().filter_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned()).collect();
        found.sort_unstable();
        found
    }

    /// The paths that were asked since the last time.
    fn asked(&self, before: usize) -> Vec<String> {
        let requests = self.server.requests();
        requests.iter().skip(before).filter_map(|request| Some(request.split(' ').nth(1)?.to_owned())).collect()
    }
}

fn calendar(titles: &[&str]) -> String {
    let events: String = titles
        .iter()
        .map(|title| {
            format!("BEGIN:VEVENT\r\nUID:{title}@x\r\nDTSTART;VALUE=DATE:20270504\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n")
        })
        .collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn event_page(title: &str, day: &str) -> String {
    format!(
        r#"<!doctype html><title>{title}</title><script type="application/ld+json">{{"@type": "Event", "name": "{title}", "startDate": "{day}"}}</script><a href="/events/deeper">x</a><a href="/events/deep">x</a>"#
    )
}

const OFFERS: &str = "<!doctype html><title>Ponds</title><link rel=alternate type='text/calendar' href='/all.ics'><link rel=alternate \
     type='application/rss+xml' href='/feed.xml'><main><p>Welcome.</p><a href=/events/choir>Choir</a> <a href=/events/fair>Fair</a></main>";

#[tokio::test]
async fn the_calendar_of_a_page_is_read_in_its_stead_and_asked_again_only_for_what_changed() {
    let site = Site::open(&[("/events/", OFFERS), ("/all.ics", &calendar(&["Choir", "Fair"]))]).await;
    let report = site.run(1, "").await;
    assert_eq!(site.published("SUMMARY:"), ["Choir", "Fair"]);
    assert_eq!((report.new_problems.len(), report.posts, report.followed.len()), (0, 0, 1));
    assert_eq!(site.asked(0), ["/events/", "/all.ics"]);
    let report = site.run(2, "").await;
    assert_eq!((report.documents_read, report.events, report.new_problems.len()), (0, 2, 0));
    let requests = site.server.requests();
    assert!(requests.iter().skip(2).all(|request| request.contains("if-none-match")), "{requests:?}");
    site.pages.put("/all.ics", &calendar(&["Choir", "Fair", "Ice swimming"]));
    site.run(3, "").await;
    assert_eq!(site.published("SUMMARY:"), ["Choir", "Fair", "Ice swimming"]);
}

#[tokio::test]
async fn pages_of_events_are_followed_once_each_and_no_deeper() {
    let site = Site::open(&[
        ("/events/", OFFERS),
        ("/events/choir", &event_page("Choir", "2027-05-04")),
        ("/events/fair", &event_page("Fair", "2027-06-05")),
    ])
    .await;
    let report = site.run(1, ", follow = [\"events\", \"calendar\"]").await;
    assert_eq!(
        (site.published("SUMMARY:"), report.new_problems.len()),
        (vec!["Choir".to_owned(), "Fair".to_owned()], 0)
    );
    let mut asked = site.asked(0);
    asked.sort_unstable();
    assert_eq!(asked, ["/events/", "/events/choir", "/events/fair"]);
    // What is no longer linked has left the source, and is cancelled when it stays away.
    site.pages.put("/events/", &OFFERS.replace("/events/fair", "/events/late-night"));
    site.pages.put("/events/late-night", &event_page("Late night", "2027-07-01"));
    for hour in 2..=4 {
        site.run(hour, ", follow = [\"events\"]").await;
    }
    assert_eq!(site.published("SUMMARY:").len(), 3);
    assert_eq!(site.published("STATUS:CANCELLED").len(), 1);
}

#[tokio::test]
async fn an_address_that_fails_costs_no_other_and_what_was_known_stays() {
    let site = Site::open(&[
        ("/events/", OFFERS),
        ("/events/choir", &event_page("Choir", "2027-05-04")),
        ("/events/fair", &event_page("Fair", "2027-06-05")),
    ])
    .await;
    site.run(1, ", follow = [\"events\"]").await;
    site.pages.remove("/events/choir");
    let report = site.run(2, ", follow = [\"events\"]").await;
    assert_eq!((report.new_problems.len(), report.stale.len(), report.events), (1, 0, 2));
    let told = report.new_problems[0].to_string();
    assert!(told.contains("/events/choir: the source's page leads here: expected a document"), "{told}");
}

#[tokio::test]
async fn where_all_that_a_page_offers_fails_the_source_has_failed_and_what_was_known_stays() {
    let site = Site::open(&[("/events/", OFFERS), ("/all.ics", &calendar(&["Choir"]))]).await;
    site.run(1, "").await;
    site.pages.remove("/all.ics");
    for hour in 2..=6 {
        let report = site.run(hour, "").await;
        assert_eq!((report.new_problems.len(), report.stale.len()), (0, 1), "a day's patience");
    }
    assert_eq!((site.published("SUMMARY:"), site.published("STATUS:CANCELLED").len()), (vec!["Choir".to_owned()], 0));
    let report = Site::open(&[("/events/", OFFERS)]).await.run(1, "").await;
    let told = report.new_problems[0].to_string();
    assert!(told.contains("/all.ics: expected a document, but the server answered `404"), "{told}");
}

#[tokio::test]
async fn a_page_with_events_of_its_own_or_told_not_to_follow_is_read_alone() {
    let own = event_page("Gala", "2027-05-04")
        .replace("<title>", "<link rel=alternate type='text/calendar' href='/all.ics'><title>");
    let site = Site::open(&[("/events/", &own), ("/all.ics", &calendar(&["Choir"]))]).await;
    site.run(1, "").await;
    assert_eq!((site.published("SUMMARY:"), site.asked(0)), (vec!["Gala".to_owned()], vec!["/events/".to_owned()]));
    let site = Site::open(&[("/events/", OFFERS)]).await;
    let report = site.run(1, ", follow = []").await;
    assert_eq!((site.asked(0), report.new_problems.len()), (vec!["/events/".to_owned()], 0));
}

#[tokio::test]
async fn a_feed_is_read_where_a_page_offers_nothing_better() {
    let page = OFFERS.replace("text/calendar", "text/plain").replace("/events/choir", "/choir");
    let feed = "<rss version='2.0'><channel><title>Ponds</title><link>https://ponds.example/</link><item><title>Choir night on 4 May 2027</title>\
         <guid>1</guid><link>https://ponds.example/choir</link><pubDate>Tue, 10 Nov 2026 10:00:00 GMT</pubDate><description>Join us on 4 May 2027 at 18:00 in the hall.</description></item></channel></rss>";
    let site = Site::open(&[("/events/", &page), ("/feed.xml", feed)]).await;
    let report = site.run(1, "").await;
    assert_eq!(
        (report.posts, report.events, site.asked(0)),
        (1, 1, vec!["/events/".to_owned(), "/feed.xml".to_owned()])
    );
}

#[tokio::test]
async fn the_page_of_a_conference_leads_to_its_programme() {
    let page = "<meta name=generator content=pretalx><title>Kelp</title><p>Soon.</p>";
    let programme = "<?xml version='1.0'?><schedule><conference><acronym>kelp</acronym><title>Kelp Congress</title><start>2027-05-07</start><end>2027-05-08</end></conference>\
        <day date='2027-05-07'><room name='Cove'><event><date>2027-05-07T11:00:00+01:00</date><duration>00:45</duration><title>Nets</title></event></room></day></schedule>";
    let site = Site::open(&[("/events/", page), ("/events/schedule/export/schedule.xml", programme)]).await;
    let report = site.run(1, "").await;
    assert_eq!(report.followed.len(), 1);
    assert_eq!(site.published("SUMMARY:"), ["Kelp Congress"]);
    assert_eq!(site.published("DTSTART;VALUE=DATE:"), ["20270507"]);
    assert_eq!(site.asked(0).last().map(String::as_str), Some("/events/schedule/export/schedule.xml"));
}

#[tokio::test]
async fn an_event_told_in_prose_stays_where_a_file_of_it_is_linked() {
    let page = "<!doctype html><title>Choir night on 4 May 2027</title><article><p>Join us on 4 May 2027 at 18:00 in the hall.</p>\
         <a href='/choir.ics'>Add to your calendar</a></article>";
    let site = Site::open(&[("/events/", page), ("/choir.ics", &calendar(&["Choir"]))]).await;
    let report = site.run(1, "").await;
    assert_eq!((report.events, site.asked(0)), (1, vec!["/events/".to_owned()]));
    let silent = "<!doctype html><title>Choir</title><article><p>We sing.</p><a href='/choir.ics'>When</a></article>";
    let site = Site::open(&[("/events/", silent), ("/choir.ics", &calendar(&["Choir"]))]).await;
    site.run(1, "").await;
    assert_eq!(site.published("SUMMARY:"), ["Choir"]);
}

#[tokio::test]
async fn what_a_longer_list_leaves_no_time_to_ask_stays_on_the_board() {
    let site = Site::open(&[
        ("/events/", OFFERS),
        ("/events/choir", &event_page("Choir", "2027-05-04")),
        ("/events/fair", &event_page("Fair", "2027-06-05")),
    ])
    .await;
    let more = ", follow = [\"events\"]";
    site.run(1, more).await;
    let links: String = (0..30).map(|number| format!("<a href=/events/walk-{number}>Walk</a>")).collect();
    for number in 0..30 {
        site.pages.put(&format!("/events/walk-{number}"), &event_page(&format!("Walk {number}"), "2027-07-01"));
    }
    site.pages.put("/events/", &OFFERS.replace("<p>Welcome.", &format!("{links}<p>Welcome.")));
    for hour in 2..=5 {
        site.run(hour, more).await;
    }
    assert_eq!((site.published("SUMMARY:").len(), site.published("STATUS:CANCELLED").len()), (32, 0));
}
