//! How fast feeds and calendars are read, beside others over the same bytes; and how much memory that takes, by the size of the document.
//!
//! One thread, its own CPU time, all by turns, the median of several passes. Feeds: invented posts of mixed lengths, their HTML once in
//! CDATA and once escaped, against feed-rs and against quick-xml going through the same bytes and doing nothing. Calendars: invented events
//! in a zone, one in ten a series, against calcard's parse. The words `feed` and `calendar` ask for one of them.

mod memory;

use noticeboard::model::{Document, SourceId};
use noticeboard::read;
use quick_xml::events::Event;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Duration;

/// The median of so many passes counts.
const PASSES: usize = 15;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let wants = |name: &str| asked.is_empty() || asked.iter().any(|word| name.starts_with(word.as_str()));
    let feeds = [("feed, bodies in CDATA", feed(true, 500)), ("feed, bodies escaped", feed(false, 500))];
    for (name, text) in feeds.into_iter().filter(|(name, _)| wants(name)) {
        let document = document("https://lake.example/feed.xml", "application/rss+xml", &text);
        let entries = read::read(&document).entries.len();
        let theirs = feed_rs::parser::parse(text.as_bytes()).map_or(0, |feed| feed.entries.len());
        assert_eq!(entries, theirs, "both read all of {name}");
        let all: [&dyn Fn(); 3] = [
            &|| drop(black_box(read::read(&document))),
            &|| drop(black_box(feed_rs::parser::parse(text.as_bytes()))),
            &|| {
                black_box(scan(&text));
            },
        ];
        tell(name, text.len(), &["noticeboard", "feed-rs", "bare quick-xml"], &all);
        tell_memory(text.len(), &|| read::read(&document));
    }
    if wants("feed") {
        let text = feed(true, 1_000);
        let document = document("https://lake.example/feed.xml", "application/rss+xml", &text);
        println!("a feed twice as long");
        tell_memory(text.len(), &|| read::read(&document));
    }
    if !wants("calendar") {
        return;
    }
    let text = calendar();
    let document = document("https://lake.example/all.ics", "text/calendar", &text);
    assert_eq!(read::read(&document).entries.len(), 2_000);
    let all: [&dyn Fn(); 2] =
        [&|| drop(black_box(read::read(&document))), &|| drop(black_box(calcard::icalendar::ICalendar::parse(&text)))];
    tell("calendar", text.len(), &["noticeboard", "calcard's parse"], &all);
    tell_memory(text.len(), &|| read::read(&document));
}

/// Prints how much memory some work held at most, the document itself not counted.
fn tell_memory<T>(bytes: usize, work: &dyn Fn() -> T) {
    let most = memory::most_held(work) as f64;
    println!("  at most {:.1} MB held, {:.1} times the document", most / 1e6, most / bytes as f64);
}

/// Prints MB/s of each, and how ours stands to the others.
fn tell(name: &str, bytes: usize, names: &[&str], all: &[&dyn Fn()]) {
    let mut spent = vec![Vec::new(); all.len()];
    for _ in 0..PASSES {
        for (times, work) in spent.iter_mut().zip(all) {
            let begun = cpu();
            work();
            times.push((cpu() - begun).as_secs_f64());
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let speeds: Vec<f64> = spent.iter_mut().map(|times| bytes as f64 / 1e6 / median(times)).collect();
    println!("{name} ({:.1} MB)", bytes as f64 / 1e6);
    for (who, speed) in names.iter().zip(&speeds) {
        println!("  {who:<16} {speed:8.1} MB/s   noticeboard is {:.2} of it", speeds[0] / speed);
    }
}

/// What this thread has spent on a processor.
fn cpu() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), spent.tv_nsec.unsigned_abs() as u32)
}

fn document(url: &str, media_type: &str, text: &str) -> Document {
    Document {
        source: SourceId::new("lake").expect("an id"),
        key: url.into(),
        url: url.parse().ok(),
        media_type: Some(media_type.into()),
        bytes: text.into(),
        version: String::new(),
        first_seen: None,
    }
}

fn scan(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return count,
            Ok(event) => count += event.len(),
        }
    }
}

const SENTENCES: [&str; 6] = [
    "<p>On Saturday we met at the boat house and <a href=\"https://lake.example/walks/\">walked around the lake</a>, in rain &amp; wind.</p>\n",
    "<p>There was <strong>soup</strong>, there was bread, and Aino told how the <em>old mill</em> was saved by three brothers and a goat.</p>\n",
    "<ul>\n<li>Bring a towel</li>\n<li>Bring a friend</li>\n<li>Leave the dog at home &mdash; or tell us before</li>\n</ul>\n",
    "<h2>How it went</h2>\n<p>Nobody fell in. The next swim is in spring, when the ice has gone and the &ldquo;sauna&rdquo; is warm.</p>\n",
    "<pre><code>let lake = Lake::new();\nif lake.depth() &lt; 3.0 { return Err(\"too shallow\"); }\n</code></pre>\n",
    "<p>Thanks to all who helped, cooked, rowed, carried chairs, washed up and kept the fire burning until the last of us went home.</p>\n",
];

fn feed(in_cdata: bool, entries: usize) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>The Lake</title>\
         <link>https://lake.example/</link><description>Swims and walks</description><language>en</language>\n",
    );
    for n in 0..entries {
        let mut body = String::new();
        // From one paragraph to some thirty pages.
        for m in 0..(2 + n * n % 157) {
            body.push_str(SENTENCES[(n + m) % SENTENCES.len()]);
        }
        let body = match in_cdata {
            true => format!("<![CDATA[{body}]]>"),
            false => body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        };
        let (day, weekday) = (n % 28 + 1, ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"][n % 28 % 7]);
        let _ = write!(
            out,
            "<item><title>Walk {n} &amp; swim</title><link>https://lake.example/{n}/</link><guid isPermaLink=\"false\">lake-{n}</guid>\
             <dc:creator>Aino Virta</dc:creator><pubDate>{weekday}, {day:02} Mar 2024 10:00:00 +0200</pubDate><category>Walks</category>\
             <category>Swims</category><description>Nobody fell in.</description><content:encoded>{body}</content:encoded></item>\n",
        );
    }
    out + "</channel></rss>\n"
}

fn calendar() -> String {
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//lake.example//board//EN\r\n");
    for n in 0..2_000 {
        let (month, day) = (n % 12 + 1, n % 28 + 1);
        let rule = if n % 10 == 0 { "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=10\r\n" } else { "" };
        let _ = write!(
            out,
            "BEGIN:VEVENT\r\nUID:{n}@lake.example\r\nDTSTAMP:20240101T000000Z\r\nDTSTART;TZID=Europe/Helsinki:2024{month:02}{day:02}T180000\r\n\
             DTEND;TZID=Europe/Helsinki:2024{month:02}{day:02}T200000\r\n{rule}SUMMARY:Walk {n}\\, with soup\r\nLOCATION:Boat house\\, Lakeside 3\\, \
             Turku\r\nDESCRIPTION:We walk around the lake and eat soup.\\n\\nBring a towel\\, a friend and\r\n  good shoes\\; the path is wet.\r\n\
             CATEGORIES:WALKS,SWIMS\r\nURL:https://lake.example/{n}/\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n",
        );
    }
    out + "END:VCALENDAR\r\n"
}
