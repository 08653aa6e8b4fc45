//! Notices as all kinds of communities write them, and what is read out of each: days, hours, zone | place. Nothing: no event is published.

use noticeboard::extract::{Prose, extract};
use noticeboard::model::{About, Found, TimeSpan, Verdict};

/// Below this nothing is published.
const SURE: f32 = 0.5;

/// Day of publication, title, text, reading.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn span(at: &TimeSpan) -> String {
    let mut out = at.first.to_string();
    out.extend(at.last.map(|last| format!("..{last}")));
    out.extend(at.from.map(|from| from.format(" %H:%M").to_string()));
    out.extend(at.to.map(|to| to.format("-%H:%M").to_string()));
    out.extend(at.zone.iter().map(|zone| format!(" {zone}")));
    out
}

fn told(found: &Found) -> String {
    let when = found.statements.iter().find_map(|statement| match &statement.about {
        About::When(at) => Some(span(at)),
        About::Repeats { rule, from, .. } => {
            Some(format!("{rule}{}", from.map(|from| from.format(" %H:%M").to_string()).unwrap_or_default()))
        }
        _ => None,
    });
    let place = found.statements.iter().find_map(|statement| match &statement.about {
        About::Place { name, address, room } => {
            Some([room, name, address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", "))
        }
        About::Online { name, .. } => Some(format!("online: {name}")),
        _ => None,
    });
    let recap = if found.verdict == Verdict::Recap { " (recap)" } else { "" };
    format!("{}{}{recap}", when.unwrap_or_default(), place.map(|place| format!(" | {place}")).unwrap_or_default())
}

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (published, title, text, expected) in cases {
        let html = if text.starts_with('<') { (*text).to_owned() } else { format!("<p>{text}</p>") };
        let published = published.parse().ok();
        let read = extract(&Prose { title, summary: None, html: &html, published, seen: published, language: "en" });
        let sure: Vec<String> = read.found.iter().filter(|found| found.confidence >= SURE).map(told).collect();
        if sure.join("; ") != *expected {
            let all: Vec<_> = read.found.iter().map(|found| (found.confidence, told(found))).collect();
            wrong.push(format!("{title}: {text}\n    read: {all:?}\n    not:  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
#[rustfmt::skip]
fn notices_of_clubs_and_parishes() {
    check(&[
        ("2025-10-28", "Come and sing", "The Dart Valley Singers invite you on Saturday 6th December, from 2 to 6.30 pm, at St Aldhelm’s Church, Fore Street, Totnes.",
            "2025-12-06 14:00-18:30 | St Aldhelm’s Church, Fore Street, Totnes"),
        ("2025-06-02", "Bake sale", "The bake sale is on 6/13/2025 from 11:30 AM to 1:00 PM in the Lincoln Elementary gym. Questions: 555-0188.",
            "2025-06-13 11:30-13:00 | Lincoln Elementary gym"),
        ("2025-06-02", "Jumble sale", "Jumble sale, Scout Hut, Wharf Lane, 14/06/2025, 10am to noon.", "2025-06-14 10:00-12:00 | Scout Hut, Wharf Lane"),
        ("2025-10-05", "Spooky hack night", "Friday 31st October, 6pm to midnight, Unit 6, Canal Works, Sheffield.",
            "2025-10-31 18:00-00:00 | Unit 6, Canal Works, Sheffield"),
        ("2025-11-12", "Repair café, Thursday", "The next one is on Thu 20 Nov, 17.30-20.00, usual place (Community Centre, Elm Road).",
            "2025-11-20 17:30-20:00 | Community Centre, Elm Road"),
        ("2025-12-20", "New Year’s swim", "As every year we greet the new year in the sea: 1 January, 11 am, Sandy Cove.", "2026-01-01 11:00 | Sandy Cove"),
        ("2025-05-12", "Change of venue", "The run on Saturday 24 May will start from the Millbrook Recreation Ground. It starts at 9am. Please arrive by 8:45.",
            "2025-05-24 09:00 | Millbrook Recreation Ground"),
        ("2025-10-02", "Live: The Copper Foxes", "Saturday 15 November, The Boiler House, Cardiff. Doors 19:00, start 20:00. £9 in advance.",
            "2025-11-15 20:00 | Boiler House, Cardiff"),
        ("2025-03-28", "The Mirrormakers live", "Fri 11 April · Blue Lantern, 77 Calle Mayor, Zaragoza, Spain · doors 8 pm, show 9 pm · tickets 12 €",
            "2025-04-11 21:00 | Blue Lantern, 77 Calle Mayor, Zaragoza, Spain"),
        ("2025-02-24", "A gathering for Tobias", "Friends are welcome to a gathering at 2pm on Saturday 8 March at the Quaker Meeting House, 188 Woodhouse Lane, Leeds.",
            "2025-03-08 14:00 | Quaker Meeting House, 188 Woodhouse Lane, Leeds"),
        ("2026-02-20", "Trail work day", "Help us! Sat., March 7, 8:30 a.m. - 2 p.m. Meet at the Ranger Station, 2200 Ridge Rd, Boulder, CO. Rain date: March 14.",
            "2026-03-07 08:30-14:00 | Ranger Station, 2200 Ridge Rd, Boulder, CO"),
        ("2025-03-17", "Spring 10k", "Entries are open for the Spring 10k on Sunday, April 27. Race starts at 10:00 a.m.; fee $35, $45 after April 10.", "2025-04-27 10:00"),
        ("2025-05-01", "Summer fair", "Join us for the summer fair on the weekend of 7 June.", "2025-06-07..2025-06-08"),
        ("2025-05-10", "Open weekend", "The garden opens on Sat/Sun 7/8 June, bring a friend.", "2025-06-07..2025-06-08"),
        ("2025-05-01", "June meetup", "We meet on the third Thursday of June at 19:00.", "2025-06-19 19:00"),
        ("2025-05-01", "May picnic", "We meet on the last Friday in May, noon–2 pm.", "2025-05-30 12:00-14:00"),
        ("2025-03-20", "Workshop", "We bind books on 26&nbsp;April&nbsp;2025, 9.30&nbsp;am&nbsp;–&nbsp;4.30&nbsp;pm.", "2025-04-26 09:30-16:30"),
    ]);
}

#[test]
#[rustfmt::skip]
fn addresses_of_many_countries() {
    let cases = [
        ("to Kulturzentrum Faust, Zur Bettfedernfabrik 3, 30451 Hannover, Germany", "Kulturzentrum Faust, Zur Bettfedernfabrik 3, 30451 Hannover, Germany"),
        ("at La Fabrique, 14 rue de la République, 69001 Lyon, France", "La Fabrique, 14 rue de la République, 69001 Lyon, France"),
        ("at the Startup House, Rua do Alecrim 26, 1200-018 Lisbon, Portugal", "Startup House, Rua do Alecrim 26, 1200-018 Lisbon, Portugal"),
        ("in the Amphithéâtre Curie, Grenoble, France", "Amphithéâtre Curie, Grenoble, France"),
        ("at Larch Farm, Nelson, BC", "Larch Farm, Nelson, BC"),
        ("in the heart of things", ""),
        ("in our Matrix room", ""),
        ("in Rust", ""),
    ];
    for (words, place) in cases {
        let html = format!("<p>The workshop is on 18 October 2025, 14:00–20:00.</p><p>Come {words}.</p>");
        let read = extract(&Prose { title: "Workshop", summary: None, html: &html, published: "2025-09-15".parse().ok(), seen: None, language: "en" });
        let told = read.found.iter().flat_map(|found| &found.statements).find_map(|statement| match &statement.about {
            About::Place { name, address, .. } => Some([name, address].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")),
            _ => None,
        });
        assert_eq!(told.unwrap_or_default(), place, "{words}");
    }
}

#[test]
#[rustfmt::skip]
fn several_occasions_in_one_text() {
    check(&[
        ("2025-04-10", "Pottery evenings", "Three evenings at the wheel: 6, 13 and 20 May 2025, from 6 to 8 pm.",
            "2025-05-06 18:00-20:00; 2025-05-13 18:00-20:00; 2025-05-20 18:00-20:00"),
        ("2025-04-10", "Pottery workshop", "The workshop takes place on 6 and 8 May 2025.", "2025-05-06..2025-05-08"),
        ("2026-01-12", "Winter lectures", "<p>All lectures begin at 18:30 and are held in the Fisher Theatre.</p><table><tr><th>Date</th><th>Speaker</th></tr>\
            <tr><td>22 January</td><td>Dr Marsh</td></tr><tr><td>5 February</td><td>Prof. Nilsen</td></tr><tr><td>19 February</td><td>Hana Ito</td></tr></table>",
            "2026-01-22 18:30 | Fisher Theatre; 2026-02-05 18:30 | Fisher Theatre; 2026-02-19 18:30 | Fisher Theatre"),
        ("2025-10-01", "October at the barn", "<p>Coming up:</p><ul><li>Saturday 11 October, 10:00–13:00: Spoon carving</li>\
            <li>Wednesday 15 October, 19:30: Film night</li><li>25–26 October: Autumn market</li></ul>",
            "2025-10-11 10:00-13:00; 2025-10-15 19:30; 2025-10-25..2025-10-26"),
        ("2025-09-05", "Concerts this autumn", "<h2>Sibelius</h2><p>Saturday 27 September, 7.30pm, Town Hall</p>\
            <h2>Bach</h2><p>Saturday 25 October, 7.30pm, St Jude’s Cathedral</p><h2>Family concert</h2><p>Saturday 29 November, 3pm, Town Hall</p>",
            "2025-09-27 19:30 | Town Hall; 2025-10-25 19:30 | St Jude’s Cathedral; 2025-11-29 15:00 | Town Hall"),
        ("2025-02-27", "Repair Saturdays", "On the first Saturday of each month, 10:00–13:00, we mend things at Unit 4, Mill Lane.", "FREQ=MONTHLY;BYDAY=1SA 10:00 | Unit 4, Mill Lane"),
        ("2025-02-27", "Calls", "Our monthly newcomers’ call is on the first Friday of every month at 18:00 UTC.", "FREQ=MONTHLY;BYDAY=1FR 18:00"),
    ]);
}

#[test]
#[rustfmt::skip]
fn moved_days_and_minutes() {
    check(&[
        ("2025-03-03", "Spring regatta postponed", "The regatta planned for Saturday 22 March has been postponed. It will now take place on Saturday 12 April.", "2025-04-12"),
        ("2025-06-01", "Minutes of 28 May 2025", "<p>Present: Ro, Jun.</p><h2>Next meeting</h2><p>25 June, 15:00 UTC</p>", "2025-06-25 15:00 UTC"),
        ("2025-08-14", "Steering group notes, 13 August 2025", "Attendees: Ro, Jun. Jun will write to the sponsors by 20 August.", "2025-08-13 (recap)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_has_a_date_but_asks_nobody_to_come() {
    check(&[
        ("2025-05-01", "Server move next week", "We will move the mail server on Thursday 8 May 2025 between 20:00 and 23:00 UTC.", ""),
        ("2025-06-10", "Road closed", "Station Road will be closed on Tuesday 17 June from 8am to 5pm. Buses stop at the Town Hall instead.", ""),
        ("2025-12-01", "Rubbish over the holidays", "<ul><li>Thursday 25 December: no collection</li><li>Saturday 27 December: grey bins</li><li>Friday 2 January: green bins</li></ul>", ""),
        ("2025-02-18", "No trains on Friday", "There will be no trains on Friday 21 February from 4:00 to 22:00 because of the strike.", ""),
        ("2025-09-01", "Heronix 5 lands in October", "The fifth version will be released on Tuesday 14 October 2025.", ""),
        ("2025-03-01", "Vote for the new logo", "Voting opens on Monday 10 March 2025 at 12:00 UTC and closes on Monday 17 March at 12:00 UTC.", ""),
        ("2025-11-10", "Christmas orders", "Order your tree by Sunday 30 November.", ""),
        ("2026-01-09", "We’re hiring a gardener", "Apply by 5pm on Friday 6 February. Interviews will be held in the week of 16 February.", ""),
        ("2025-02-11", "Save the week", "The next assembly will be in the first week of May, probably in Ghent.", ""),
        ("2025-02-20", "Remembering Tobias", "Tobias, who founded our club in 1987, died on 11 February 2025. He was born on 3 May 1943.", ""),
        ("2025-05-06", "Post-mortem of the outage", "On Saturday 3 May between 14:05 and 16:40 UTC our site could not be reached.", ""),
        ("2025-08-20", "Term dates", "Autumn term: 3 September to 19 December 2025. Spring term: 6 January to 27 March 2026.", ""),
    ]);
}

#[test]
fn one_zone_may_be_said_for_all_hours() {
    let html = "<p>The workshop is held on 15–16 September 2025. All times are in CEST.</p><table><tr><th>Date</th><th>Interval</th><th>Topic</th></tr>\
        <tr><td>15 Sep</td><td>09:00–10:00</td><td>Peat</td></tr><tr><td>15 Sep</td><td>10:00–11:00</td><td>Moss</td></tr>\
        <tr><td>16 Sep</td><td>09:00–10:00</td><td>Bogs</td></tr></table>";
    let published = "2025-06-01".parse().ok();
    let read =
        extract(&Prose { title: "Workshop on peat", summary: None, html, published, seen: None, language: "en" });
    let zones: Vec<_> = read.found[0]
        .statements
        .iter()
        .filter_map(|statement| match &statement.about {
            About::Session { at, .. } => at.from.and(at.zone.as_deref()),
            _ => None,
        })
        .collect();
    assert_eq!(zones, ["CEST"; 3]);
}
