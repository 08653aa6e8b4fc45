//! When and where, as front matter declares it.
//!
//! In: the fields of a post, also those under `event`, `extra` and `params`. Out: [`Declared`] and [`Link`]s. Only inside of `event` is `date` read here:
//! elsewhere it says when the notice was published. A value that is no date costs that field alone and becomes a [`Problem`].

use super::dates::{self, Clock};
use super::fields::{EVENT_MAPS, Scopes, is_placeholder, no_date, people};
use super::value::{Field, Value, get};
use crate::model::{Declared, DeclaredTime, DeclaredValue, Entry, EventStatus, Link, Problem, Recurrence};
use chrono::{Days, NaiveDateTime};

pub(in crate::read) const START: &[&str] = &[
    "startdate",
    "datestart",
    "start",
    "starts",
    "startdatetime",
    "startsat",
    "dtstart",
    "eventstart",
    "eventstartdate",
    "eventdate",
    "eventdatetime",
    "begin",
    "begins",
    "begindate",
    "begindatetime",
    "beginsat",
    "beginat",
    "startat",
    "startson",
    "starton",
    "eventbegin",
    "eventstartdatetime",
    "eventstarts",
    "datefrom",
    "fromdate",
    "firstday",
];
pub(in crate::read) const END: &[&str] = &[
    "enddate",
    "dateend",
    "end",
    "ends",
    "enddatetime",
    "endsat",
    "dtend",
    "eventend",
    "eventenddate",
    "finish",
    "finishdate",
    "endat",
    "endson",
    "endon",
    "eventends",
    "eventenddatetime",
    "dateto",
    "todate",
    "lastday",
];
const START_TIME: &[&str] = &["starttime", "timestart", "eventtime", "time", "eventstarttime", "begintime"];
const END_TIME: &[&str] = &["endtime", "timeend", "eventendtime", "finishtime"];
const ZONE: &[&str] = &["timezone", "tz", "tzid", "zone", "eventtimezone", "timezonename", "timezoneid"];
const PLACE: &[&str] =
    &["location", "venue", "place", "where", "eventlocation", "eventvenue", "venuename", "locationname", "placename"];
const ROOM: &[&str] = &["room", "roomname", "roomfullname"];
/// What stands beside a venue or for it, from narrow to wide.
const TOWN: &[&[&str]] = &[&["city", "town", "locality"], &["region", "state"], &["country"]];
const REGISTRATION: &[&str] = &[
    "registration",
    "registerform",
    "register",
    "registrationurl",
    "registrationlink",
    "registrationform",
    "registerurl",
    "registerlink",
    "rsvp",
    "rsvpurl",
    "rsvplink",
    "tickets",
    "ticketurl",
    "ticketlink",
    "ticketsurl",
    "signup",
    "signupurl",
    "signuplink",
];
const LINKS: &[(&str, &[&str])] = &[
    ("registration", REGISTRATION),
    ("map", &["map", "mapurl", "maplink", "googlemaps", "osm"]),
    ("video", &["video", "videourl", "videolink", "recording", "recordingurl", "youtube", "videos"]),
    ("slides", &["slides", "slidesurl", "slideslink"]),
    (
        "online",
        &[
            "online",
            "onlineurl",
            "onlinelink",
            "stream",
            "streamurl",
            "livestream",
            "livestreamurl",
            "meetingurl",
            "meetinglink",
            "meeting",
            "zoom",
            "zoomurl",
            "zoomlink",
            "joinurl",
            "joinlink",
            "jitsi",
            "onlinelocation",
            "onlinelocations",
        ],
    ),
];

/// Until when talks are proposed.
const PAPERS: &[&str] = &[
    "cfpenddate",
    "cfpend",
    "cfpends",
    "cfpdeadline",
    "cfpcloses",
    "cfpuntil",
    "submissiondeadline",
    "papersdeadline",
];

/// Fills in what the fields say of the event.
pub(in crate::read) fn declare(fields: &[Field], entry: &mut Entry, problems: &mut Vec<Problem>) {
    let scopes = Scopes::with_event_first(fields);
    entry.links = links(&scopes);
    let declared = &mut entry.declared;
    declared.start = time(&scopes, START, problems).or_else(|| when(&scopes)).or_else(|| moment(&scopes, START_TIME));
    declared.start = declared.start.take().or_else(|| own_date(fields));
    declared.end = time(&scopes, END, problems).or_else(|| moment(&scopes, END_TIME));
    declared.zone = scopes.text(ZONE).map(str::to_owned);
    clock_times(&scopes, declared);
    declared.registration_deadline = time(
        &scopes,
        &["registrationdeadline", "registerby", "deadline", "rsvpdeadline", "signupdeadline", "registrationends"],
        problems,
    );
    declared.papers_deadline = time(&scopes, PAPERS, problems).or_else(|| {
        let inside = scopes.all(&["cfp", "callforpapers"]).map(|field| field.value.fields());
        inside
            .into_iter()
            .find_map(|fields| moment(&Scopes::of(fields), &["until", "deadline", "end", "enddate", "closes"]))
    });
    declared.recurrence = recurrence(&scopes);
    declared.status = status(&scopes);
    declared.organizers = scopes
        .all(&["organizers", "organizer", "organisers", "organiser", "hosts", "host"])
        .map(|f| people(&f.value))
        .find(|p| !p.is_empty())
        .unwrap_or_default();
    place(&scopes, entry);
}

/// The first field that is named as one that holds a start.
pub(in crate::read) fn start_field(fields: &[Field]) -> Option<&Field> {
    Scopes::with_event_first(fields).find(START)
}

fn time(scopes: &Scopes<'_>, names: &[&str], problems: &mut Vec<Problem>) -> Option<DeclaredTime> {
    for field in scopes.all(names) {
        if matches!(field.value, Value::Bool(_)) || is_placeholder(&field.value) {
            continue;
        }
        let value = field.value.text().and_then(dates::parse).or_else(|| in_parts(&field.value));
        match value {
            Some(value) => return Some(declared_time(field, value)),
            None => problems.push(no_date(field)),
        }
    }
    None
}

/// `start: { date: 2025-03-14, time: 18:30, tz: Europe/Helsinki }`, `start: { local: 2025-03-14T18:30, timezone: … }`.
fn in_parts(value: &Value) -> Option<DeclaredValue> {
    let text = |names: &[&str]| names.iter().find_map(|name| get(value.fields(), name)?.value.text());
    let day = dates::parse(text(&["date", "datetime", "local"])?)?;
    let clock = text(&["time"]).and_then(dates::parse_clock);
    let zone = text(ZONE).filter(|zone| dates::is_zone_word(zone));
    let value = match (day, clock) {
        (DeclaredValue::Day(day), Some(clock)) => DeclaredValue::Local(day.and_time(clock.start)),
        (value, _) => value,
    };
    Some(match (value, zone) {
        (DeclaredValue::Local(time), Some(zone)) => DeclaredValue::Zoned(time, zone.to_owned()),
        (value, _) => value,
    })
}

/// `when` is as often prose as a date, so only a date counts and nothing else is a mistake.
fn when(scopes: &Scopes<'_>) -> Option<DeclaredTime> {
    scopes.all(&["when"]).find_map(|field| Some(declared_time(field, dates::parse(field.value.text()?)?)))
}

/// `start_time` may hold the day, too.
fn moment(scopes: &Scopes<'_>, names: &[&str]) -> Option<DeclaredTime> {
    scopes.all(names).find_map(|field| Some(declared_time(field, dates::parse(field.value.text()?)?)))
}

/// The `date` in an `event` map is the event's.
fn own_date(fields: &[Field]) -> Option<DeclaredTime> {
    let own: Vec<&[Field]> = Scopes::of(fields).all(EVENT_MAPS).map(|field| field.value.fields()).collect();
    own.into_iter().find_map(|fields| moment(&Scopes::of(fields), &["date", "day", "datetime"]))
}

fn declared_time(field: &Field, value: DeclaredValue) -> DeclaredTime {
    let raw = match &field.value {
        Value::Map(parts) => parts.iter().filter_map(|part| part.value.text()).take(4).collect::<Vec<_>>().join(" "),
        value => value.text().unwrap_or_default().to_owned(),
    };
    DeclaredTime { field: field.name.clone(), raw, line: field.line, value }
}

/// Joins `startTime`, `endTime` and `time` with bare days.
fn clock_times(scopes: &Scopes<'_>, declared: &mut Declared) {
    let clock = |names| scopes.all(names).find_map(|f| Some((f, dates::parse_clock(f.value.text()?)?)));
    let Some(start) = &mut declared.start else { return };
    let DeclaredValue::Day(day) = start.value else { return };
    let Some((field, first)) = clock(START_TIME) else { return };
    let begins = day.and_time(first.start);
    start.raw = format!("{} {}", start.raw, field.value.text().unwrap_or_default());
    start.value = in_zone(begins, &first);
    let last = clock(END_TIME).map(|(field, last)| (field, last.start));
    let Some((field, ends)) = last.or_else(|| first.end.map(|end| (field, end))) else { return };
    let raw = field.value.text().unwrap_or_default();
    let end_day = declared.end.as_ref().map(|end| end.value.clone());
    let (name, raw, line, ends) = match (&declared.end, end_day) {
        (Some(end), Some(DeclaredValue::Day(day))) => {
            (end.field.clone(), format!("{} {raw}", end.raw), end.line, day.and_time(ends))
        }
        (Some(_), _) => return,
        _ => (field.name.clone(), raw.to_owned(), field.line, after(begins, day.and_time(ends))),
    };
    declared.end = Some(DeclaredTime { field: name, raw, line, value: in_zone(ends, &first) });
}

/// An end that would come before its start is on the next day: `22:00 - 02:00`.
fn after(start: NaiveDateTime, end: NaiveDateTime) -> NaiveDateTime {
    if end > start { end } else { end.checked_add_days(Days::new(1)).unwrap_or(end) }
}

fn in_zone(time: NaiveDateTime, clock: &Clock) -> DeclaredValue {
    match &clock.zone {
        Some(zone) => DeclaredValue::Zoned(time, zone.clone()),
        None => DeclaredValue::Local(time),
    }
}

fn recurrence(scopes: &Scopes<'_>) -> Option<Recurrence> {
    let field = scopes.all(&["rrule", "recurrence", "recurring", "repeat"]).next()?;
    let rules: Vec<String> = field
        .value
        .members()
        .iter()
        .filter_map(Value::text)
        .flat_map(str::lines)
        .map(|rule| rule.trim().strip_prefix("RRULE:").unwrap_or(rule).trim().to_owned())
        .filter(|rule| rule.to_ascii_uppercase().contains("FREQ="))
        .collect();
    (!rules.is_empty()).then(|| Recurrence { rules, ..Recurrence::default() })
}

fn status(scopes: &Scopes<'_>) -> Option<EventStatus> {
    let flag = |names: &[&str]| scopes.all(names).any(|f| f.value.is_true());
    if flag(&["cancelled", "canceled"]) {
        return Some(EventStatus::Cancelled);
    }
    if flag(&["postponed"]) {
        return Some(EventStatus::Postponed);
    }
    match scopes.text(&["eventstatus", "status"])?.to_ascii_lowercase().as_str() {
        "cancelled" | "canceled" => Some(EventStatus::Cancelled),
        "postponed" => Some(EventStatus::Postponed),
        "tentative" | "provisional" => Some(EventStatus::Tentative),
        "confirmed" | "scheduled" => Some(EventStatus::Scheduled),
        _ => None,
    }
}

fn links(scopes: &Scopes<'_>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (rel, names) in LINKS {
        for field in scopes.all(names) {
            for href in field.value.members().iter().filter_map(href) {
                if !links.iter().any(|known| known.rel == *rel && known.href == href) {
                    links.push(Link { rel: (*rel).to_owned(), href: href.to_owned() });
                }
            }
        }
    }
    links
}

/// An address, or the address in a map.
fn href(value: &Value) -> Option<&str> {
    let text = match value {
        Value::Map(fields) => ["url", "href", "link", "src"].iter().find_map(|n| get(fields, n)?.value.text())?,
        other => other.text()?,
    };
    let relative = text.starts_with('/') && !text.contains(char::is_whitespace);
    (is_web(text) || relative || text.starts_with("mailto:")).then_some(text)
}

fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

fn place(scopes: &Scopes<'_>, entry: &mut Entry) {
    let declared = &mut entry.declared;
    for field in scopes.all(PLACE) {
        match &field.value {
            Value::Map(fields) => place_map(fields, entry),
            Value::List(values) => {
                let lines: Vec<&str> = values.iter().filter_map(Value::text).collect();
                declared.place = (!lines.is_empty()).then(|| lines.join(", "));
            }
            Value::Text(text) if is_web(text.trim()) => {
                entry.links.push(Link { rel: "online".to_owned(), href: text.trim().to_owned() });
                continue;
            }
            Value::Text(text) | Value::Number(text) => declared.place = Some(text.trim().to_owned()),
            Value::Null | Value::Bool(_) => continue,
        }
        break;
    }
    let declared = &mut entry.declared;
    // A room alone may be anything; beside a venue it is the place itself.
    if let (Some(place), Some(room)) = (&mut declared.place, scopes.text(ROOM))
        && room.len() <= 100
        && !place.to_lowercase().contains(&room.to_lowercase())
    {
        *place = format!("{room}, {place}");
    }
    if let Some(field) = scopes.find(&["address", "eventaddress", "venueaddress", "streetaddress"]) {
        declared.address = lines(&field.value);
    }
    town(scopes, declared);
    if declared.coordinates.is_none() {
        declared.coordinates =
            scopes.all(&["coordinates", "geo", "latlng", "latlon"]).find_map(|f| coordinates(&f.value));
    }
}

/// The town and country beside a venue, or alone.
fn town(scopes: &Scopes<'_>, declared: &mut Declared) {
    let parts = TOWN.iter().filter_map(|names| scopes.text(names));
    // A region or state alone may be anything.
    let names_one = scopes.text(&["city", "town", "locality", "country"]).is_some();
    if !names_one || parts.clone().any(|part| part.len() > 100) {
        return;
    }
    match &declared.place {
        None if declared.address.is_empty() => declared.place = Some(parts.collect::<Vec<_>>().join(", ")),
        place => {
            let told = |part: &&str| {
                place.iter().chain(&declared.address).any(|known| known.to_lowercase().contains(&part.to_lowercase()))
            };
            let more: Vec<String> = parts.filter(|part| !told(part)).map(str::to_owned).collect();
            declared.address.extend(more);
        }
    }
}

fn place_map(fields: &[Field], entry: &mut Entry) {
    let text = |names: &[&str]| names.iter().find_map(|n| get(fields, n)?.value.text()).map(str::to_owned);
    let declared = &mut entry.declared;
    let mut address = get(fields, "address").map(|f| lines(&f.value)).unwrap_or_default();
    for names in [
        &["street", "streetaddress"][..],
        &["postcode", "postalcode", "zip"],
        &["city", "town", "locality"],
        &["region", "state"],
        &["country"],
    ] {
        address.extend(text(names).filter(|line| !address.contains(line)));
    }
    declared.place = text(&["name", "title", "venue", "room"]);
    if declared.place.is_none() && !address.is_empty() {
        declared.place = Some(std::mem::take(&mut address).join(", "));
    }
    declared.address = address;
    declared.coordinates = get(fields, "geo")
        .or_else(|| get(fields, "coordinates"))
        .and_then(|f| coordinates(&f.value))
        .or_else(|| coordinates(&Value::Map(fields.to_vec())));
    for (rel, names) in [("online", &["online", "onlineurl", "stream"][..]), ("map", &["map", "mapurl"])] {
        if let Some(href) = text(names).filter(|href| is_web(href)) {
            entry.links.push(Link { rel: rel.to_owned(), href });
        }
    }
}

fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Map(fields) => fields.iter().filter_map(|f| f.value.text()).map(str::to_owned).collect(),
        other => other
            .members()
            .iter()
            .filter_map(Value::text)
            .flat_map(str::lines)
            .map(|line| line.trim().trim_end_matches(',').to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
    }
}

/// `60.17, 24.94`, a list of two, or a map; out of range is none.
fn coordinates(value: &Value) -> Option<(f64, f64)> {
    let (latitude, longitude) = match value {
        Value::Text(text) => text.split_once(',').map(|(a, b)| (a.trim(), b.trim()))?,
        Value::List(values) => (values.first()?.text()?, values.get(1)?.text()?),
        Value::Map(fields) => {
            let text = |names: &[&str]| names.iter().find_map(|n| get(fields, n)?.value.text());
            (text(&["lat", "latitude"])?, text(&["lon", "lng", "long", "longitude"])?)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    };
    let (latitude, longitude): (f64, f64) = (latitude.parse().ok()?, longitude.parse().ok()?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}
