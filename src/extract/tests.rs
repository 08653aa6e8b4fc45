//! A table of texts and what is read out of them; and that no text whatever does harm.

use super::{Prose, extract};
use crate::model::{About, Attendance, EventStatus, Extraction, Found, TimeSpan, Verdict};
use chrono::NaiveDate;
use proptest::prelude::*;

/// Below this nothing is published.
const SURE: f32 = 0.5;

fn read_on(published: &str, title: &str, html: &str) -> Extraction {
    let published = published.parse().ok();
    extract(&Prose { title, summary: None, html, published, seen: None, language: "en" })
}

fn day(day: NaiveDate) -> String {
    day.to_string()
}

fn span(at: &TimeSpan) -> String {
    let mut out = day(at.first);
    if let Some(last) = at.last {
        out += &format!("..{last}");
    }
    if let Some(from) = at.from {
        out += &format!(" {}", from.format("%H:%M"));
    }
    if let Some(to) = at.to {
        out += &format!("-{}", to.format("%H:%M"));
    }
    if let Some(zone) = &at.zone {
        out += &format!(" {zone}");
    }
    out
}

fn when(found: &Found) -> Option<String> {
    found.statements.iter().find_map(|statement| match &statement.about {
        About::When(at) => Some(span(at)),
        About::Repeats { rule, from, to, zone, .. } => {
            let clock =
                |time: &Option<chrono::NaiveTime>| time.map(|t| t.format("%H:%M").to_string()).unwrap_or_default();
            Some(format!("{rule} {}-{} {}", clock(from), clock(to), zone.clone().unwrap_or_default()))
        }
        _ => None,
    })
}

/// Days and hours of all events that are sure enough.
fn sure(extraction: &Extraction) -> String {
    let sure = extraction.found.iter().filter(|found| found.confidence >= SURE);
    sure.filter_map(when).collect::<Vec<_>>().join("; ")
}

fn place(extraction: &Extraction) -> String {
    let statements = extraction.found.iter().flat_map(|found| &found.statements);
    let mut places = statements.filter_map(|statement| match &statement.about {
        About::Place { name, address, room } => {
            Some([room, name, address].into_iter().flatten().cloned().collect::<Vec<_>>().join(" | "))
        }
        About::Online { name, .. } => Some(format!("online: {name}")),
        _ => None,
    });
    places.next().unwrap_or_default()
}

fn check(published: &str, title: &str, cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let html = if text.starts_with('<') { (*text).to_owned() } else { format!("<p>{text}</p>") };
        let read = sure(&read_on(published, title, &html));
        if read.trim_end() != *expected {
            wrong.push(format!("{text}\n    read: {read}\n    not:  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// All told on 3 March 2025, a Monday.
#[test]
fn dates_of_an_announced_workshop() {
    check(
        "2025-03-03",
        "Knitting workshop",
        &[
            ("The workshop takes place on 14 March 2025.", "2025-03-14"),
            ("The workshop takes place on March 14th, 2025.", "2025-03-14"),
            ("The workshop takes place on Mar. 14.", "2025-03-14"),
            ("The workshop takes place on the 14th of March.", "2025-03-14"),
            ("The workshop takes place on 2025-03-14.", "2025-03-14"),
            ("The workshop takes place on 2025/03/14.", "2025-03-14"),
            ("The workshop takes place on 14.03.2025.", "2025-03-14"),
            ("The workshop takes place on 14/03/2025.", "2025-03-14"),
            ("The workshop takes place on 03/14/2025.", "2025-03-14"),
            ("The workshop takes place on 3/4/2025, not on 15/4/2025.", "2025-04-03"),
            ("The workshop takes place on 14-Mar-2025.", "2025-03-14"),
            ("The workshop takes place on Friday, 14 March.", "2025-03-14"),
            ("The workshop takes place on 14 March (Friday).", "2025-03-14"),
            ("The workshop takes place on 10 January.", "2026-01-10"),
            ("The workshop takes place on Wednesday, 14 January.", "2026-01-14"),
            ("The workshop takes place this Saturday.", "2025-03-08"),
            ("The workshop takes place next Tuesday at 18:30.", "2025-03-04 18:30"),
            ("The workshop takes place tomorrow at 6 p.m.", "2025-03-04 18:00"),
        ],
    );
}

#[test]
fn ranges_and_lists_of_days() {
    check(
        "2025-02-03",
        "Knitting workshop",
        &[
            ("The workshop takes place between the 14th and the 16th of October.", "2025-10-14..2025-10-16"),
            ("The workshop takes place on October 22-23, 2025.", "2025-10-22..2025-10-23"),
            ("The workshop takes place September 15–16.", "2025-09-15..2025-09-16"),
            ("The workshop takes place from 30 March to 2 April 2025.", "2025-03-30..2025-04-02"),
            ("The workshop takes place from August 29 to September 10, 2025.", "2025-08-29..2025-09-10"),
            ("The workshop takes place on the 22nd–23rd of May.", "2025-05-22..2025-05-23"),
            ("The workshop takes place Saturday and Sunday, June 14-15, 2025.", "2025-06-14..2025-06-15"),
            ("The workshop takes place June 23 - July 12, 2025.", "2025-06-23..2025-07-12"),
            ("The workshop takes place on 3, 4 and 5 May.", "2025-05-03..2025-05-05"),
            ("The workshop takes place on May 3, 4 and 5.", "2025-05-03..2025-05-05"),
            ("The workshop takes place 30 December 2025 to 2 January 2026.", "2025-12-30..2026-01-02"),
            ("The workshop takes place 30 December to 2 January 2026.", "2025-12-30..2026-01-02"),
            ("The workshop takes place 06.-08.03.2025.", "2025-03-06..2025-03-08"),
            ("The workshop takes place 2025-05-03 to 2025-05-05.", "2025-05-03..2025-05-05"),
            ("The workshop takes place on Feb 7th and Feb 8th 2026.", "2026-02-07..2026-02-08"),
            ("The workshop takes place August 4 – August 8, 4pm–8pm CEST.", "2025-08-04..2025-08-08"),
            (
                "The workshop takes place from Friday 6 June 18:00 to Sunday 8 June 14:00.",
                "2025-06-06..2025-06-08 18:00-14:00",
            ),
            ("The workshop takes place on May 3, 20 people have signed up.", "2025-05-03"),
            ("The workshop takes place October 28--November 1, 2025.", "2025-10-28..2025-11-01"),
            ("The workshop takes place Sat 5 April, 10am - 4pm; Sun 6 April, 10am - 2pm.", "2025-04-05..2025-04-06"),
            ("The workshop takes place September, 18-22, 2025.", "2025-09-18..2025-09-22"),
        ],
    );
}

#[test]
fn hours_and_zones() {
    check(
        "2025-02-03",
        "Knitting workshop",
        &[
            ("The workshop takes place on 14 March 2025, 8:30am to 5pm CEST.", "2025-03-14 08:30-17:00 CEST"),
            ("The workshop takes place on 14 March 2025 at 18:30.", "2025-03-14 18:30"),
            ("The workshop takes place on 14 March 2025, 4pm-7pm CEST.", "2025-03-14 16:00-19:00 CEST"),
            ("The workshop takes place on 14 March 2025 from 9:00 to 17:00.", "2025-03-14 09:00-17:00"),
            ("The workshop takes place on 14 March 2025 at 19:00 (Helsinki time).", "2025-03-14 19:00 Helsinki time"),
            ("The workshop takes place on 14 March 2025, 17:00 UTC / 19:00 CEST.", "2025-03-14 17:00 UTC"),
            ("The workshop takes place on 14 March 2025, 17:00 UTC+2.", "2025-03-14 17:00 UTC+2"),
            ("The workshop takes place on 14 March 2025, 17:00 Europe/Berlin.", "2025-03-14 17:00 Europe/Berlin"),
            ("The workshop takes place at 17:00 CET on Friday 14 March 2025.", "2025-03-14 17:00 CET"),
            ("The workshop takes place on 14 March 2025, 9–11am.", "2025-03-14 09:00-11:00"),
            ("The workshop takes place on 14 March 2025, 10-2pm.", "2025-03-14 10:00-14:00"),
            ("The workshop takes place on 14 March 2025, 17.00–18.00 CET.", "2025-03-14 17:00-18:00 CET"),
            (
                "The workshop takes place on 14 March 2025 @ 10:00-10:50 AM Mountain Time.",
                "2025-03-14 10:00-10:50 Mountain Time",
            ),
            ("The workshop takes place on 14 March 2025 at noon.", "2025-03-14 12:00"),
            ("<h2>When</h2><p>14 March 2025</p><p>Time: 18:00 - 20:00</p>", "2025-03-14 18:00-20:00"),
        ],
    );
}

#[test]
fn repetitions() {
    check(
        "2025-02-03",
        "Meetings of the weavers",
        &[
            ("The technical meeting is every Wednesday at 13:00 CET.", "FREQ=WEEKLY;BYDAY=WE 13:00- CET"),
            ("Weekly planning meetings occur Wednesday at 13:00 CET.", "FREQ=WEEKLY;BYDAY=WE 13:00- CET"),
            ("We meet every Saturday between 09:00 and 13:00 CET.", "FREQ=WEEKLY;BYDAY=SA 09:00-13:00 CET"),
            ("We meet every first Thursday of the month at 19:00.", "FREQ=MONTHLY;BYDAY=1TH 19:00-"),
            ("We meet every other Monday at 6pm.", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO 18:00-"),
            ("Our call is monthly on the 2nd Tuesday at 17:00 UTC.", "FREQ=MONTHLY;BYDAY=2TU 17:00- UTC"),
            ("We meet on the last Friday of each month at 20:00.", "FREQ=MONTHLY;BYDAY=-1FR 20:00-"),
            ("The call is on Tuesdays and Thursdays at 9am ET.", "FREQ=WEEKLY;BYDAY=TU,TH 09:00- ET"),
            ("The call is every two weeks on Friday at 15:00.", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR 15:00-"),
            (
                "<ul><li>When: every Tuesday, 16:00–17:00 (Europe/Helsinki)</li><li>Where: <a href='https://meet.jit.si/x'>Jitsi</a></li></ul>",
                "FREQ=WEEKLY;BYDAY=TU 16:00-17:00 Europe/Helsinki",
            ),
            ("The call is every Monday at 18:00, beginning 3 March 2025.", "FREQ=WEEKLY;BYDAY=MO 18:00-"),
            (
                "<p>A weekly call occurs Monday at 10:00 CET.</p><p>A weekly dojo is held each Friday at 16:00 CET.</p>",
                "FREQ=WEEKLY;BYDAY=MO 10:00- CET; FREQ=WEEKLY;BYDAY=FR 16:00- CET",
            ),
        ],
    );
}

#[test]
fn the_event_s_own_date_among_others() {
    check(
        "2025-02-03",
        "Knitting workshop",
        &[
            (
                "The workshop takes place on 14 March 2025. Please register by Friday, 7 March 2025, 11am CET.",
                "2025-03-14",
            ),
            ("Deadline for papers: 1 March 2025. The workshop takes place on 14 March 2025.", "2025-03-14"),
            ("Running since 1 May 2018, the workshop takes place on 14 March 2025.", "2025-03-14"),
            (
                "<table><tr><th>What</th><th>Details</th></tr><tr><td>Application deadline</td><td>1 March 2025</td></tr><tr><td>Event dates</td><td>14–15 March 2025</td></tr></table>",
                "2025-03-14..2025-03-15",
            ),
            (
                "<ul><li><b>When:</b> Friday, 14 March 2025, 18:00</li><li><b>Where:</b> Old Mill</li></ul>",
                "2025-03-14 18:00",
            ),
            (
                "<p>Join the workshop, held March 14-15, 2025!</p><h3>Schedule</h3><h4>Friday, March 14, 2025</h4><table><tr><th>Time (CET)</th><th>Session</th></tr><tr><td>10:00 - 10:15</td><td>Welcome</td></tr></table><h4>Saturday, March 15, 2025</h4><table><tr><td>10:00 - 12:00</td><td>Socks</td></tr></table>",
                "2025-03-14..2025-03-15",
            ),
            (
                "<h3>Programme</h3><h4>Friday, March 14, 2025</h4><table><tr><td>10:00 - 10:15</td><td>Welcome</td></tr></table><h4>Saturday, March 15, 2025</h4><table><tr><td>10:00 - 12:00</td><td>Socks</td></tr></table>",
                "2025-03-14..2025-03-15",
            ),
            (
                "The workshop was to be on 14 March 2025, see <code>2024-01-01</code>.<pre>2023-01-01</pre>",
                "2025-03-14",
            ),
        ],
    );
}

#[test]
fn a_date_that_may_be_two_days_is_not_guessed() {
    check("2025-03-03", "Knitting workshop", &[("The workshop takes place on 3/4/2025.", "")]);
    let read = read_on("2025-03-03", "Knitting workshop", "<p>The workshop takes place on 3/4/2025.</p>");
    let days: Vec<String> = read.found.iter().filter_map(when).collect();
    assert_eq!(days, ["2025-04-03", "2025-03-04"], "both are for a person to look at");
}

#[test]
fn the_greater_event_s_days_are_not_the_event_s_own() {
    let text = "We organise it as part of YarnCon. YarnCon takes place March 12-16, 2025. The workshop takes place on March 14, 2025.";
    check("2025-02-03", "Knitting workshop", &[(text, "2025-03-14")]);
}

#[test]
fn what_is_no_event() {
    let cases = [
        ("Loom v0.16.1 released", "We released v0.16.1 on 14 March 2025. It fixes 20 bugs."),
        ("Release 2.4.0 is out", "Since 1 January 2025 we merged 40 changes."),
        ("How to warp a loom", "In May 2025 we wrote this tutorial; it may take 14 minutes."),
        ("An interview with a weaver", "She was born on 5 May 1980 and joined us in 2018."),
        ("Thousand stars", "We reached a thousand stars on 14 March 2025."),
        ("Status report on looms", "By 14 March 2025 I had finished the shuttle."),
        ("Call us", "Phone +49 14 3 2025, price 14.03, pages 14-16, RFC 5545, commit 2025abc."),
        ("Why looms march on", "They march 14 miles, and may 5 of them rest."),
        ("Looms", ""),
        ("", ""),
    ];
    for (title, text) in cases {
        let read = sure(&read_on("2025-03-15", title, &format!("<p>{text}</p>")));
        assert_eq!(read, "", "{title}: {text}");
    }
}

#[test]
fn looking_back() {
    let text = "<p>It took place in the shape of a three-day trip to Turku, Finland between the 14th and the 16th of October.</p>";
    let read = read_on("2022-10-20", "Weavers' Meet-up '22", text);
    assert_eq!(sure(&read), "2022-10-14..2022-10-16");
    let found = &read.found[0];
    assert_eq!(found.verdict, Verdict::Recap);
    assert_eq!(found.statements[0].evidence.quote, "between the 14th and the 16th of October");
    let place = found.statements.iter().find(|s| matches!(s.about, About::Place { .. })).unwrap();
    assert_eq!(place.about, About::Place { name: Some("Turku, Finland".into()), address: None, room: None });
    assert_eq!(place.evidence.quote, "trip to Turku, Finland");
    // A Wednesday: the weekend before it.
    let weekend = read_on(
        "2022-10-26",
        "Weavers' hackathon",
        "<p>Last weekend, we had a great hackathon. It was organized in Turku.</p>",
    );
    assert_eq!((sure(&weekend).as_str(), weekend.found[0].verdict), ("2022-10-22..2022-10-23", Verdict::Recap));
}

#[test]
fn places() {
    let cases = [
        ("The workshop will be held at the Old Mill.", "Old Mill"),
        ("The workshop takes place in Turku, Finland.", "Turku, Finland"),
        ("The workshop takes place at <a href='/m'>the old Town Hall by the river</a>.", "old Town Hall by the river"),
        ("The address is <a href='/m'>Dr. Weaver Street 3, 20100 Turku</a>.", "Dr. Weaver Street 3, 20100 Turku"),
        ("Where: Harbour Hall<br>When: 14 March 2025", "Harbour Hall"),
        ("Venue: Room 2, Harbour Hall, Quay 3, Turku", "Room 2 | Harbour Hall, Quay 3, Turku"),
        ("Location: online (Zoom)", "online: Zoom"),
        ("Location: to be announced", ""),
        ("Join us on <a href='https://meet.jit.si/x'>Jitsi</a>.", "online: Jitsi"),
        ("Support is given on Discord.", ""),
        ("The talk is in German.", ""),
    ];
    for (text, expected) in cases {
        let html = format!("<p>The workshop takes place on 14 March 2025.</p><p>{text}</p>");
        assert_eq!(place(&read_on("2025-02-03", "Knitting workshop", &html)), expected, "{text}");
    }
}

#[test]
fn repeating_events_have_their_own_titles() {
    let html = "<h2>Calls</h2><p>Weekly planning meetings occur Wednesday at 13:00 CET on <a href='https://meet.jit.si/x'>Jitsi</a>.</p>\
        <h2>More</h2><p>A weekly dojo is for learning. This occurs every Saturday between 09:00 and 13:00 CET.</p>";
    let read = read_on("2025-02-03", "Meetings", html);
    let told: Vec<_> = read.found.iter().map(|f| (f.title.as_deref(), f.heading.as_deref())).collect();
    assert_eq!(told, [(Some("Weekly planning meetings"), Some("Calls")), (Some("Weekly dojo"), Some("More"))]);
    assert!(
        read.found[0]
            .statements
            .iter()
            .any(|s| matches!(&s.about, About::Online { href: Some(_), name } if name == "Jitsi"))
    );
    assert_eq!(read.found[1].statements.len(), 1);
}

#[test]
fn a_moved_event_tells_its_earlier_day() {
    let read =
        read_on("2025-04-02", "Hack night", "<p>The hack night on 17 April has been moved to 24 April, 19:00.</p>");
    let from = "2025-04-17".parse().unwrap();
    assert!(read.found[0].statements.iter().any(|s| s.about == About::Status(EventStatus::Moved { from })));
}

#[test]
fn how_one_may_attend() {
    let cases = [
        ("The workshop takes place face-to-face with the possibility to join virtually.", Some(Attendance::Mixed)),
        ("This is an online workshop.", Some(Attendance::Online)),
        ("This is a hybrid workshop.", Some(Attendance::Mixed)),
        ("This is an in-person workshop.", Some(Attendance::Offline)),
        ("Bring yarn.", None),
    ];
    for (text, expected) in cases {
        let read = read_on(
            "2025-02-03",
            "Knitting workshop",
            &format!("<p>It takes place on 14 March 2025.</p><p>{text}</p>"),
        );
        let told = read.found.iter().flat_map(|found| &found.statements).find_map(|statement| match statement.about {
            About::Attendance(mode) => Some(mode),
            _ => None,
        });
        assert_eq!(told, expected, "{text}");
    }
}

#[test]
fn a_list_of_several_events() {
    let html = "<h2>Upcoming events</h2><ul>\
        <li>2025-03-14 | Turku, FI | <a href='/a'>Weavers</a><ul><li><a href='/a/1'><b>Socks for all</b></a></li></ul></li>\
        <li>21 March 2025 (online): <a href='/b'>Yarn talk</a></li></ul>";
    let read = read_on("2025-03-03", "What's on", html);
    let told: Vec<_> =
        read.found.iter().map(|f| (f.verdict, f.title.as_deref(), f.link.as_deref(), f.heading.as_deref())).collect();
    let heading = Some("Upcoming events");
    let expected = [
        (Verdict::Listed, Some("Socks for all"), Some("/a/1"), heading),
        (Verdict::Listed, Some("Yarn talk"), Some("/b"), heading),
    ];
    assert_eq!(told, expected);
    assert_eq!(sure(&read), "2025-03-14; 2025-03-21");
}

#[test]
fn a_table_or_headings_may_list_events_too() {
    let table = "<table><tr><th>Date</th><th>Event</th></tr><tr><td>14 June 2025</td><td><a href='/h'>Hackathon</a></td></tr>\
        <tr><td>1–3 July 2025</td><td>YarnConf</td></tr><tr><td>9 July 2025</td><td>Talk</td></tr></table>";
    let headings =
        "<h2>Hackathon</h2><p>14 June 2025, Turku</p><h2>YarnConf</h2><p>1–3 July 2025 in Turku, Finland</p>";
    let titles = |read: &Extraction| read.found.iter().filter_map(|f| f.title.clone()).collect::<Vec<_>>().join(", ");
    let read = read_on("2025-05-10", "Calendar", table);
    assert_eq!(
        (sure(&read).as_str(), titles(&read).as_str()),
        ("2025-06-14; 2025-07-01..2025-07-03; 2025-07-09", "Hackathon, YarnConf, Talk")
    );
    let read = read_on("2025-05-10", "Events", headings);
    assert_eq!(
        (sure(&read).as_str(), titles(&read).as_str()),
        ("2025-06-14; 2025-07-01..2025-07-03", "Hackathon, YarnConf")
    );
}

#[test]
fn deadlines_sessions_and_status_are_told_apart() {
    let html = "<p>The workshop takes place on March 14, 2025.</p><p>Register by Friday, March 7, 2025, 11am CET.</p>\
        <h3>Schedule</h3><h4>Friday, March 14, 2025</h4><table><tr><th>Time (CET)</th><th>Session</th><th>Who</th></tr>\
        <tr><td>10:00 - 10:15</td><td>Welcome</td><td>Ada</td></tr></table>";
    let read = read_on("2025-02-03", "CANCELLED: Knitting workshop", html);
    let statements = &read.found[0].statements;
    assert!(
        statements.iter().any(|s| matches!(&s.about, About::Deadline { at, .. } if span(at) == "2025-03-07 11:00 CET"))
    );
    assert!(statements.iter().any(|s| matches!(&s.about, About::Session { title, at, speaker: Some(who) }
        if title == "Welcome" && who == "Ada" && span(at) == "2025-03-14 10:00-10:15 CET")));
    assert!(statements.iter().any(|s| s.about == About::Status(EventStatus::Cancelled)));
}

#[test]
fn long_and_hostile_texts_cost_only_their_length() {
    let texts = [
        "9".repeat(100_000),
        "1/2/".repeat(100_000),
        "<ul><li>".repeat(20_000) + "5 May 2025",
        "May 1, ".repeat(100_000),
        "1, ".repeat(100_000),
        "every ".repeat(100_000),
        "weekly ".repeat(100_000),
        "<a href=\"".repeat(50_000),
        "<a href='x'>in Turku, </a>".repeat(20_000),
        "<table><tr><td>5 May 2025<td>10:00".repeat(10_000),
        "in A ".repeat(100_000),
        "A, ".repeat(100_000),
        "&amp".repeat(100_000),
        "5 May 2025 online at 10:00 ".repeat(400_000),
    ];
    for text in texts {
        let start: String = text.chars().take(20).collect();
        let before = std::time::Instant::now();
        read_on("2025-02-03", "Workshop", &text);
        assert!(before.elapsed().as_secs() < 60, "{start}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(title in any::<String>(), html in any::<String>()) {
        read_on("2025-02-03", &title, &html);
    }

    #[test]
    fn no_text_of_dates_and_tags_panics(words in prop::collection::vec(prop::sample::select(vec![
        "May", "14", "14th", "-", "–", "to", "and", ",", "2025", "31", "Feb", "10:00", "pm", "every", "Monday", "weekly", "of the month", "last",
        "weekend", "<table>", "<tr>", "<td>", "</td>", "<li>", "<h2>", "</h2>", "<b>", "When:", "Where:", "at", "in", "Turku", "UTC", "+", "2", "/", ".", "(",
        ")", "9999", "İ", "ẞ", "\u{301}", "<br>", "online", "Zoom", "address is", "the", "<a href=x>", "</a>", "between", "0", "24:00",
    ]), 0..60), glue in prop::sample::select(vec!["", " "])) {
        read_on("9999-12-31", "May 31 workshop", &words.join(glue));
        read_on("", "workshop", &words.join(glue));
    }
}
