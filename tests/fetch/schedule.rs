//! Whole runs, hour after hour, over a server that says when it wants to be asked.

use super::server::{Reply, Server, reply};
use noticeboard::config;
use noticeboard::pipeline::{self, Options};
use noticeboard::report::Report;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const FEED: &[u8] =
    b"<rss version='2.0'><channel><title>Ponds</title><ttl>180</ttl><item><title>Frogs are back</title>\
    <link>https://ponds.example/frogs/</link><pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>";
const PLAIN: &[u8] = b"<rss version='2.0'><channel><title>Ponds</title><item><title>Frogs are back</title>\
    <link>https://ponds.example/frogs/</link><pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>";

/// What the server answers from now on: status, header fields, body.
type Answer = (&'static str, Vec<String>, &'static [u8]);

struct Site {
    server: Server,
    answer: Arc<Mutex<Answer>>,
    folder: TempDir,
}

impl Site {
    async fn open(answer: Answer) -> Self {
        let answer = Arc::new(Mutex::new(answer));
        let current = Arc::clone(&answer);
        let server = Server::start(move |_, request| -> Reply {
            let (status, headers, body) = current.lock().unwrap().clone();
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            match request.starts_with("GET /new") {
                true => reply("200 OK", &[], body),
                false => reply(status, &headers, body),
            }
        })
        .await;
        Self { server, answer, folder: tempfile::tempdir().unwrap() }
    }

    fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The address of its feed, with credentials.
    fn address(&self) -> String {
        self.server.address.replace("http://", "http://reader:secret@")
    }

    /// A run that minute of the first of December; answers with the paths that were asked.
    async fn run_with(&self, minute: i64, all: bool) -> (Vec<String>, Report) {
        let text = format!(
            "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"UTC\"\n[[source]]\nid = \"site\"\n\
             from.http = {{ url = \"{}/feed\", timeout = 5, allow_private = true }}\n",
            self.address()
        );
        let settings = config::parse(&text, Path::new("noticeboard.toml"), self.folder.path()).unwrap();
        let midnight: chrono::DateTime<chrono::Utc> = "2026-12-01T00:00:00Z".parse().unwrap();
        let before = self.server.requests().len();
        let options = Options { all, ..Options::at(midnight + chrono::TimeDelta::minutes(minute)) };
        let report = pipeline::run(&settings, &options).await.unwrap();
        let asked = self.server.requests().into_iter().skip(before);
        (asked.filter_map(|request| Some(request.split(' ').nth(1)?.to_owned())).collect(), report)
    }

    async fn run(&self, minute: i64) -> usize {
        self.run_with(minute, false).await.0.len()
    }
}

fn ok(headers: &[&str], body: &'static [u8]) -> Answer {
    ("200 OK", headers.iter().map(|header| (*header).to_owned()).collect(), body)
}

#[tokio::test]
async fn a_source_is_asked_again_when_server_and_feed_say() {
    let site = Site::open(ok(&["Cache-Control: max-age=7200"], PLAIN)).await;
    assert_eq!((site.run(0).await, site.run(60).await, site.run(121).await), (1, 0, 1));
    assert_eq!(site.run_with(125, true).await.0.len(), 1, "--all asks whatever the schedule");
    let site = Site::open(ok(&[], FEED)).await;
    assert_eq!((site.run(0).await, site.run(120).await, site.run(180).await), (1, 0, 1), "ttl");
}

#[tokio::test]
async fn a_source_that_rests_is_asked_less_often() {
    let site = Site::open(ok(&[], PLAIN)).await;
    assert_eq!((site.run(0).await, site.run(15).await), (1, 1));
    let day = 24 * 60;
    assert_eq!((site.run(day).await, site.run(day + 60).await, site.run(day + 150).await), (1, 0, 1));
}

#[tokio::test]
async fn a_source_that_fails_is_left_alone_longer_each_time_and_its_problem_waits_a_day() {
    let site = Site::open(ok(&[], PLAIN)).await;
    site.run(0).await;
    site.answers(("404 Not Found", Vec::new(), b""));
    let mut asked = Vec::new();
    for quarter in 1..96 {
        let (paths, report) = site.run_with(quarter * 15, false).await;
        assert_eq!(report.new_problems, [], "a source that worked gets a day");
        assert_eq!(report.stale.len(), 1, "and is told as stale, asked or not");
        if !paths.is_empty() {
            asked.push(quarter);
        }
    }
    assert!((6..=10).contains(&asked.len()), "{asked:?}");
    let pauses: Vec<i64> = asked.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(pauses.is_sorted(), "{pauses:?}");
    let (_, report) = site.run_with(96 * 15 + 600, false).await;
    assert_eq!((report.new_problems.len(), report.posts), (1, 1), "then it is told, and what it said stays");
    site.answers(ok(&[], PLAIN));
    let (_, report) = site.run_with(96 * 30 + 600, false).await;
    assert_eq!((report.stale.len(), report.gone_problems.len()), (0, 1));
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_left_alone_whoever_asks() {
    let site = Site::open(("503 Service Unavailable", vec!["Retry-After: 10800".to_owned()], b"")).await;
    assert_eq!(site.run(0).await, 1);
    assert_eq!((site.run_with(60, true).await.0.len(), site.run_with(179, true).await.0.len()), (0, 0));
    site.answers(ok(&[], PLAIN));
    assert_eq!(site.run(181).await, 1);
}

#[tokio::test]
async fn what_moved_for_good_is_asked_there_and_told() {
    let site = Site::open(("301 Moved Permanently", vec!["Location: /new".to_owned()], PLAIN)).await;
    let (asked, report) = site.run_with(0, false).await;
    assert_eq!(asked, ["/feed", "/new"]);
    let problem = report.new_problems[0].to_string();
    assert!(problem.contains("moved for good") && problem.contains("/new") && problem.contains("hint"), "{problem}");
    assert_eq!(site.run_with(60, false).await.0, ["/new"]);
    let requests = site.server.requests();
    assert!(
        requests.iter().all(|request| request.to_ascii_lowercase().contains("authorization: basic")),
        "{requests:?}"
    );
    assert!(!problem.contains("secret"), "{problem}");
    let passing = Site::open(("302 Found", vec!["Location: /new".to_owned()], PLAIN)).await;
    passing.run(0).await;
    assert_eq!(passing.run_with(60, false).await.0, ["/feed", "/new"], "what moved for now is not remembered");
}

#[tokio::test]
async fn a_portal_that_takes_the_place_of_a_feed_is_not_believed() {
    let site = Site::open(ok(&[], PLAIN)).await;
    site.run(0).await;
    const PORTAL: &[u8] = b"<!doctype html><title>Welcome to our network</title><p>Please log in.";
    site.answers(("301 Moved Permanently", vec!["Location: /new".to_owned()], PORTAL));
    let (asked, report) = site.run_with(60, false).await;
    assert_eq!((asked.len(), report.posts), (2, 1), "what the feed said stays");
    assert!(report.new_problems.iter().all(|problem| !problem.message.contains("moved")), "{:?}", report.new_problems);
    site.answers(ok(&[], PLAIN));
    let (asked, report) = site.run_with(75, false).await;
    assert_eq!((asked, report.gone_problems.len()), (vec!["/feed".to_owned()], 1), "its own address is asked again");
}

#[tokio::test]
async fn what_is_gone_for_good_is_not_asked_any_more() {
    let site = Site::open(ok(&[], PLAIN)).await;
    site.run(0).await;
    site.answers(("410 Gone", Vec::new(), b""));
    assert_eq!((site.run(60).await, site.run(10 * 24 * 60).await), (1, 0));
    let (_, report) = site.run_with(11 * 24 * 60, false).await;
    assert_eq!((report.posts, report.stale.len()), (1, 1));
    site.answers(ok(&[], PLAIN));
    assert_eq!(site.run_with(12 * 24 * 60, true).await.0.len(), 1, "--all asks once more");
    assert_eq!(site.run(13 * 24 * 60).await, 1);
}

const FIVE: &[u8] = b"<rss version='2.0'><channel><title>Ponds</title>\
    <item><title>Frogs</title><link>https://ponds.example/frogs/</link></item>\
    <item><title>Newts</title><link>https://ponds.example/newts/</link></item>\
    <item><title>Toads</title><link>https://ponds.example/toads/</link></item>\
    <item><title>Herons</title><link>https://ponds.example/herons/</link></item>\
    <item><title>Reeds</title><link>https://ponds.example/reeds/</link></item></channel></rss>";
const NO_ITEMS: &[u8] = b"<rss version='2.0'><channel><title>Ponds</title></channel></rss>";
const NO_EVENTS: &[u8] = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ponds\r\nEND:VCALENDAR\r\n";
const LOGIN: &[u8] = b"<!doctype html><title>Log in</title><p>Please log in to see the ponds.";

/// A calendar of five walks in the next year.
fn walks() -> &'static [u8] {
    let event = |n: u32| {
        format!(
            "BEGIN:VEVENT\r\nUID:walk-{n}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:2027010{n}T100000Z\r\nSUMMARY:Walk {n}\r\nEND:VEVENT\r\n"
        )
    };
    let events: String = (1..=5).map(event).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//ponds\r\n{events}END:VCALENDAR\r\n").into_bytes().leak()
}

#[tokio::test]
async fn a_source_that_suddenly_says_nothing_is_suspected_kept_and_told() {
    let day = 24 * 60;
    for (name, before, after, is_believed) in [
        ("an empty feed", FIVE, NO_ITEMS, true),
        ("an empty calendar", walks(), NO_EVENTS, true),
        ("a page in a feed's place", FIVE, LOGIN, false),
        ("a page in a calendar's place", walks(), LOGIN, false),
    ] {
        let site = Site::open(ok(&["ETag: \"a\""], before)).await;
        let (_, first) = site.run_with(0, false).await;
        site.answers(ok(&["ETag: \"b\""], after));
        for (run, minute) in [(0, 60), (1, 75), (2, 90), (3, 720)] {
            let (asked, report) = site.run_with(minute, true).await;
            assert_eq!(
                (asked.len(), report.posts, report.upcoming),
                (1, first.posts, first.upcoming),
                "{name}, run {run}"
            );
            assert_eq!(
                report.new_problems.len(),
                usize::from(run == 0),
                "{name}, run {run}: {:?}",
                report.new_problems
            );
            assert!(report.new_problems.iter().all(|problem| problem.hint.is_some()), "{name}");
        }
        let (_, report) = site.run_with(60 + day, true).await;
        assert_eq!(report.gone_problems.len(), usize::from(is_believed), "{name}");
        assert_eq!(
            (report.posts, report.upcoming),
            (first.posts, first.upcoming),
            "{name}: what is missing is shown for some more runs"
        );
        let (_, report) = site.run_with(75 + day, true).await;
        assert_eq!(report.new_problems, [], "{name}: it is believed for good");
        let site = Site::open(ok(&[], before)).await;
        site.run_with(0, false).await;
        site.answers(ok(&[], after));
        assert_eq!(site.run_with(60, true).await.1.new_problems.len(), 1, "{name}");
        site.answers(ok(&[], before));
        let (_, report) = site.run_with(75, true).await;
        assert_eq!(
            (report.gone_problems.len(), report.posts, report.upcoming),
            (1, first.posts, first.upcoming),
            "{name}: back again"
        );
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_silences_nothing() {
    let day = 24 * 60;
    let site = Site::open(ok(&[], PLAIN)).await;
    site.run(0).await;
    site.answers(("404 Not Found", Vec::new(), b""));
    // In a year by a clock that is wrong; then at the right time.
    assert_eq!(site.run_with(365 * day, true).await.1.new_problems.len(), 0, "a source that worked gets a day");
    assert_eq!(site.run(60).await, 1, "nobody waits for the wrong time");
    let (_, report) = site.run_with(60 + day + 60, true).await;
    assert_eq!((report.new_problems.len(), report.posts), (1, 1), "a day later it is told");
    // The same of a problem that was told in a year.
    assert_eq!(site.run_with(365 * day, true).await.1.new_problems.len(), 1, "a week later once more");
    let told = site.run_with(3 * day, true).await.1;
    assert_eq!((told.new_problems.len(), told.posts), (1, 1));
    assert_eq!(site.run_with(4 * day, true).await.1.new_problems.len(), 0);
}
