//! `events.ics`: every event, to subscribe to.
//!
//! iCalendar (RFC 5545) with the calendar properties of RFC 7986. DTSTAMP and LAST-MODIFIED are when the event last changed (§3.8.7.2, no METHOD),
//! so an unchanged event keeps its bytes. A VTIMEZONE stands before the events for each zone they use (§3.6.5).

mod lines;
mod times;

use super::{Artifact, Publisher, Shows, Slice, View, plain, text, words};
use crate::model::{Event, EventStatus, Override};
use lines::{Lines, escape, quoted};
use std::io;
use times::{ZoneYears, Zones};

/// Renders events as iCalendar.
pub struct ICalendar;

const CALENDAR: Artifact = Artifact {
    file: "events.ics",
    media_type: "text/calendar",
    title: "Calendar",
    shows: Shows::Events,
    sliced: true,
    daily: false,
    rank: 0,
};

/// Bytes of text in a DESCRIPTION: calendar applications cut at about 8 KB, and the page has the rest.
const DESCRIPTION: usize = 6_000;

impl Publisher for ICalendar {
    fn name(&self) -> &'static str {
        "icalendar"
    }

    fn artifacts(&self) -> &'static [Artifact] {
        &[CALENDAR]
    }

    /// Walks the events twice: zones come before the events that use them.
    fn render(&self, _: &Artifact, slice: &mut dyn Slice, out: &mut dyn io::Write) -> io::Result<()> {
        let view = slice.view().clone();
        let mut years = ZoneYears::default();
        let mut count = 0;
        slice.times(&mut |when, recurrence, changed| {
            count += 1;
            years.add(when, recurrence, changed);
            Ok(())
        })?;
        let zones = years.zones();
        let mut lines = Lines::new(out);
        head(&mut lines, &view)?;
        zones.lines().try_for_each(|line| lines.line(line))?;
        if count == 0 {
            nothing_yet(&mut lines, &view)?;
        }
        slice.events(&mut |event| series(&mut lines, event, &view, &zones))?;
        lines.line("END:VCALENDAR")
    }
}

fn head(lines: &mut Lines, view: &View) -> io::Result<()> {
    lines.line("BEGIN:VCALENDAR")?;
    lines.line("VERSION:2.0")?;
    lines.line("PRODID:-//Noticeboard//Noticeboard//EN")?;
    lines.line("CALSCALE:GREGORIAN")?;
    lines.text("NAME", &view.title())?;
    lines.text("X-WR-CALNAME", &view.title())?;
    if let Some(words) = &view.site.description {
        lines.text("X-WR-CALDESC", &text::line(words))?;
    }
    lines.value("URL", &text::address(&view.base))?;
    lines.value("SOURCE;VALUE=URI", &view.address(CALENDAR.file))?;
    lines.line("REFRESH-INTERVAL;VALUE=DURATION:PT4H")?;
    lines.line("X-PUBLISHED-TTL:PT4H")
}

/// A calendar must hold a component (§3.4). A VFREEBUSY without a busy time says the truth about an empty one, and no application shows it.
fn nothing_yet(lines: &mut Lines, view: &View) -> io::Result<()> {
    lines.line("BEGIN:VFREEBUSY")?;
    lines.value("UID", text::feed_urn(view).trim_start_matches("urn:uuid:"))?;
    lines.line("DTSTAMP:19700101T000000Z")?;
    lines.line("END:VFREEBUSY")
}

/// An event, and each of its occurrences that differs.
fn series(lines: &mut Lines, event: &Event, view: &View, zones: &Zones) -> io::Result<()> {
    let facts = &event.facts;
    lines.line("BEGIN:VEVENT")?;
    names(lines, event)?;
    for (name, value) in times::start_and_end(&facts.when, zones) {
        lines.value(&name, &value)?;
    }
    if let Some(recurrence) = &facts.recurrence {
        recurrence.rules.iter().try_for_each(|rule| lines.value("RRULE", rule))?;
        for (name, moments) in [("RDATE", &recurrence.dates), ("EXDATE", &recurrence.except)] {
            for moment in moments {
                let (name, value) = times::occurrence(name, moment, &facts.when, zones);
                lines.value(&name, &value)?;
            }
        }
    }
    let place = facts.place.location();
    told(lines, &Told { title: &facts.title, place, status: &facts.status }, event, view)?;
    lines.line("END:VEVENT")?;
    let mut seen = std::collections::BTreeSet::new();
    for change in facts.recurrence.iter().flat_map(|recurrence| &recurrence.overrides) {
        let id = times::occurrence("RECURRENCE-ID", &change.of, &facts.when, zones);
        if seen.insert(id.clone()) {
            occurrence(lines, id, change, event, view, zones)?;
        }
    }
    Ok(())
}

/// An occurrence that differs from its series.
fn occurrence(
    lines: &mut Lines,
    id: (String, String),
    change: &Override,
    event: &Event,
    view: &View,
    zones: &Zones,
) -> io::Result<()> {
    let facts = &event.facts;
    lines.line("BEGIN:VEVENT")?;
    names(lines, event)?;
    lines.value(&id.0, &id.1)?;
    for (name, value) in times::start_and_end(&change.when, zones) {
        lines.value(&name, &value)?;
    }
    let told_here = Told {
        title: change.title.as_deref().unwrap_or(&facts.title),
        place: change.place.clone().or_else(|| facts.place.location()),
        status: if change.cancelled { &EventStatus::Cancelled } else { &facts.status },
    };
    told(lines, &told_here, event, view)?;
    lines.line("END:VEVENT")
}

/// Its name and its revision.
fn names(lines: &mut Lines, event: &Event) -> io::Result<()> {
    let changed = times::utc(event.revision.last_changed);
    lines.value("UID", event.uid())?;
    lines.value("DTSTAMP", &changed)?;
    lines.value("CREATED", &times::utc(event.revision.first_seen))?;
    lines.value("LAST-MODIFIED", &changed)?;
    lines.value("SEQUENCE", &event.revision.sequence.to_string())
}

/// What an occurrence may say differently from its series.
struct Told<'a> {
    title: &'a str,
    place: Option<String>,
    status: &'a EventStatus,
}

fn told(lines: &mut Lines, told: &Told, event: &Event, view: &View) -> io::Result<()> {
    let facts = &event.facts;
    lines.text("SUMMARY", &text::title(told.title))?;
    let description = description(event, told.status);
    if !description.is_empty() {
        lines.text("DESCRIPTION", &description)?;
    }
    if let Some(place) = &told.place {
        lines.text("LOCATION", &text::line(place))?;
    }
    if let Some(at) = facts.place.coordinates.filter(|at| at.latitude.abs() <= 90.0 && at.longitude.abs() <= 180.0) {
        lines.value("GEO", &format!("{:.6};{:.6}", at.latitude, at.longitude))?;
    }
    let (status, busy) = match told.status {
        EventStatus::Scheduled | EventStatus::Moved { .. } => ("CONFIRMED", !facts.when.is_all_day()),
        EventStatus::Tentative => ("TENTATIVE", !facts.when.is_all_day()),
        EventStatus::Postponed => ("TENTATIVE", false),
        EventStatus::Cancelled => ("CANCELLED", false),
    };
    lines.value("STATUS", status)?;
    lines.value("TRANSP", if busy { "OPAQUE" } else { "TRANSPARENT" })?;
    connections(lines, event, view)
}

/// Tags, addresses, people.
fn connections(lines: &mut Lines, event: &Event, view: &View) -> io::Result<()> {
    let facts = &event.facts;
    if !facts.tags.is_empty() {
        let tags: Vec<String> = facts.tags.iter().map(|tag| escape(&text::line(tag.as_str()))).collect();
        lines.value("CATEGORIES", &tags.join(","))?;
    }
    if let Some(page) = &facts.links.page {
        lines.value("URL", &text::address(page))?;
    }
    if let Some(online) = &facts.place.online {
        lines.value("CONFERENCE;VALUE=URI;LABEL=\"Join online\"", &text::address(online))?;
    }
    if let Some(image) = facts.images.iter().find_map(|image| text::written_address(&image.url)) {
        lines.value("IMAGE;VALUE=URI", &image)?;
    }
    let with_address = |person| text::email(person, view).map(|email| (person, email));
    if let Some((person, email)) = facts.organizers.iter().find_map(with_address) {
        let name = quoted(&text::title(&person.name));
        lines.value(&format!("ORGANIZER;CN={name}"), &format!("mailto:{email}"))?;
    }
    Ok(())
}

/// The text, and in words what many applications do not show from the other properties.
fn description(event: &Event, status: &EventStatus) -> String {
    let facts = &event.facts;
    let mut parts = Vec::new();
    parts.extend(match status {
        EventStatus::Cancelled => Some("Cancelled.".to_owned()),
        EventStatus::Postponed => Some("Postponed: the new date is not known yet.".to_owned()),
        EventStatus::Moved { from } => Some(format!("Moved from {}.", words::day(*from))),
        EventStatus::Tentative => Some("Not yet confirmed.".to_owned()),
        EventStatus::Scheduled => None,
    });
    let body = text::no_markup(&plain::plain_text(&facts.html, DESCRIPTION));
    parts.extend((!body.is_empty()).then_some(body).or_else(|| facts.summary.as_deref().map(text::line)));
    let names: Vec<String> = facts.organizers.iter().map(|person| text::line(&person.name)).collect();
    let links = [
        ("Join online", &facts.place.online),
        ("Register", &facts.links.registration),
        ("Recording", &facts.links.video),
        ("More", &facts.links.page),
    ];
    let mut last: Vec<String> = facts.deadlines.iter().map(words::deadline).collect();
    last.extend((!names.is_empty()).then(|| format!("Organised by {}", names.join(", "))));
    last.extend(
        links.iter().filter_map(|(what, url)| url.as_ref().map(|url| format!("{what}: {}", text::address(url)))),
    );
    parts.extend((!last.is_empty()).then(|| last.join("\n")));
    parts.join("\n\n")
}

#[cfg(test)]
mod tests;
