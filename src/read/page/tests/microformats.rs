//! Events in microformats, old and new.

use super::page;
use crate::model::{Declared, EventStatus};
use crate::read::page::moment::parse;

fn event(html: &str) -> Declared {
    let read = page(&format!("<title>A</title>{html}"));
    assert_eq!((read.entries.len(), read.entries[0].title.as_str()), (1, "Choir"), "{html}");
    read.entries.into_iter().next().unwrap().declared
}

#[test]
fn times_stand_in_attributes_in_parts_or_in_the_text() {
    let cases = [
        ("<time class=dt-start datetime=2027-05-04T18:00Z>x</time>", "2027-05-04T18:00Z", None),
        ("<data class=dt-start value=2027-05-04></data>", "2027-05-04", None),
        ("<p class=dt-start>2027-05-04 6pm</p>", "2027-05-04T18:00", None),
        (
            "<p class=dt-start><i class=value-title title=2027-05-04T18:00-08:00></i>4 May</p>",
            "2027-05-04T18:00-08:00",
            None,
        ),
        (
            "<p class=dt-start><i class=value>6:30p.m.</i> <abbr class=value title=2027-124>4 May</abbr></p>",
            "2027-05-04T18:30",
            None,
        ),
        (
            "<p class=dt-start><i class=value>2027-05-04</i> <i class=value>18:00</i> <i class=value>+0200</i></p>",
            "2027-05-04T18:00+02:00",
            None,
        ),
        (
            "<time class=dt-start datetime=2027-05-04T18:00+02:00>x</time><i class=dt-end>1am</i>",
            "2027-05-04T18:00+02:00",
            Some("2027-05-05T01:00+02:00"),
        ),
        (
            "<time class=dt-start datetime=2027-05-04T18:00>x</time><i class=dt-duration>PT2H</i>",
            "2027-05-04T18:00",
            Some("2027-05-04T20:00"),
        ),
    ];
    for (times, start, end) in cases {
        let new = format!("<div class=h-event><b class=p-name>Choir</b> {times}</div>");
        let old = new.replace("h-event", "vevent").replace("p-name", "summary").replace("dt-start", "dtstart");
        for html in [&new, &old.replace("dt-end", "dtend").replace("dt-duration", "duration")] {
            let declared = event(html);
            assert_eq!(declared.start.map(|start| start.value), parse(start), "{html}");
            assert_eq!(declared.end.map(|end| end.value), end.and_then(parse), "{html}");
        }
    }
}

#[test]
fn what_an_event_includes_from_elsewhere_is_its_own() {
    let common = "<div id=common><b class=summary>Choir</b> <span class='location adr'><i class=locality>Turku</i>, <i class=country-name>Finland</i></span></div>";
    let start = "<time class=dtstart datetime=2027-05-04>4 May</time>";
    for own in [
        format!("<div class=vevent>{start}<object data='#common' class=include></object></div>"),
        format!(
            "<div class=vevent>{start}<a href='#common' class=include></a><a href='#common' class=include></a></div>"
        ),
        format!("<div class=vevent itemref='common nothing'>{start}</div>"),
        format!("<table><tr><td class=vevent headers=common>{start}</td></tr></table>"),
    ] {
        assert_eq!(event(&format!("{own}{common}")).place.as_deref(), Some("Turku, Finland"), "{own}");
    }
    let circle = format!(
        "<div id=all><div class=vevent>{start}<b class=summary>Choir</b><a href='#all' class=include></a></div></div>"
    );
    assert_eq!(event(&circle).place, None);
}

#[test]
fn an_event_around_others_is_their_frame_unless_it_has_a_day() {
    let inner =
        "<div class=h-event><b class=p-name>Choir</b><time class=dt-start datetime=2027-05-04>4 May</time></div>";
    event(&format!("<div class=h-feed><div class=h-event><h1 class=p-name>Season</h1>{inner}</div></div>"));
    let own = inner.replace(
        "</div>",
        "<div class='p-x h-event'><b class=p-name>Solo</b><time class=dt-start datetime=2027-05-05></time></div></div>",
    );
    event(&own);
}

#[test]
fn places_holders_and_status_are_read() {
    let html = "<div class=h-event><time class=dt-start datetime=2027-05-04>4 May</time><b class=p-name>Choir</b><i class=p-status>cancelled</i>\
         <div class='p-organizer h-card'><a class='p-name u-url' href=https://us.example/>Us</a></div>\
         <div class='p-location h-card'><b class=p-name>Hall</b> <span class='p-adr h-adr'><i class=p-street-address>Quay 3</i></span>\
         <data class=p-latitude value=60.45></data><data class=p-longitude value=22.26></data></div></div>";
    let declared = event(html);
    assert_eq!((declared.place.as_deref(), declared.address.join(", ").as_str()), (Some("Hall"), "Quay 3"));
    assert_eq!((declared.coordinates, declared.status), (Some((60.45, 22.26)), Some(EventStatus::Cancelled)));
    assert_eq!(
        (declared.organizers[0].name.as_str(), declared.organizers[0].url.as_deref()),
        ("Us", Some("https://us.example/"))
    );
    let implied = "<div class=h-event>Choir <time class=dt-start datetime=2027-05-04></time></div>";
    assert_eq!(event(implied).place, None);
}
