//! schema.org events in JSON-LD, and in objects of the same form that other syntaxes are made into.
//!
//! In: the text of one `<script type="application/ld+json">`. Out: an [`Entry`] for each Event or subtype, wherever it stands (`@graph`, lists, `mainEntity`).
//! A bare-day `endDate` is inclusive. Sub-events stay inside their event.

use super::image;
use crate::model::{
    Declared, DeclaredTime, DeclaredValue, Entry, EntryKind, EventStatus, Image, Link, Person, clean_line,
};
use crate::read::post::{parse_date, parse_stamp};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The events of one block.
pub(super) fn events(text: &str) -> Result<Vec<Entry>, String> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        // Blocks without events are none of our business, broken or not.
        Err(_) if !text.contains("Event") && !text.contains("Festival") && !text.contains("Hackathon") => {
            return Ok(Vec::new());
        }
        Err(_) => serde_json::from_str(&repaired(text))
            .map_err(|error| error.to_string().split(" at line ").next().unwrap_or_default().to_owned())?,
    };
    Ok(within(&value))
}

/// The events of a value, wherever they stand in it.
pub(super) fn within(value: &Value) -> Vec<Entry> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found.into_iter().filter_map(entry).collect()
}

/// Without what real pages put around and into JSON: comment and CDATA wrappers, comments, raw control characters, trailing commas.
fn repaired(text: &str) -> String {
    let mut text = text.trim();
    // A comment in front of the JSON goes whole; one around it only loses its ends.
    while let Some((_, rest)) = text.strip_prefix("<!--").and_then(|rest| rest.split_once("-->"))
        && !rest.trim().is_empty()
    {
        text = rest.trim();
    }
    for (open, close) in [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>")]
    {
        text = text.strip_prefix(open).unwrap_or(text).trim();
        text = text.strip_suffix(close).unwrap_or(text).trim();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.trim_end_matches(';').chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                out.push(c);
                out.extend(chars.next());
                continue;
            }
            '/' if !quoted && chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for c in chars.by_ref().skip(1) {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                continue;
            }
            '/' if !quoted && chars.peek() == Some(&'/') => {
                while chars.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            '}' | ']' if !quoted => {
                let kept = out.trim_end();
                out.truncate(kept.strip_suffix(',').unwrap_or(kept).len());
            }
            _ => {}
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// Finds events; `serde_json` bounds the depth.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a Object>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        Value::Object(object) if is_event(object) => found.push(object),
        Value::Object(object) => object.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn types(object: &Object) -> Vec<&str> {
    let bare = |name: &'static str| object.get(name).map(members).unwrap_or_default();
    let all = [bare("@type"), bare("type")].concat();
    all.into_iter().filter_map(Value::as_str).map(|t| t.rsplit(['/', '#', ':']).next().unwrap_or(t)).collect()
}

fn is_event(object: &Object) -> bool {
    // Broadcasts and deliveries are events of schema.org's own kind that nobody attends.
    let other = ["PublicationEvent", "BroadcastEvent", "OnDemandEvent", "DeliveryEvent"];
    types(object).iter().any(|t| {
        (t.ends_with("Event") || ["Festival", "Hackathon", "CourseInstance", "EventSeries"].contains(t))
            && !other.contains(t)
    })
}

fn members(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().collect(),
        other => vec![other],
    }
}

fn text(object: &Object, name: &str) -> Option<String> {
    let value = object.get(name).map(members)?.into_iter().find_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => {
            inner.get("@value").or_else(|| inner.get("name")).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    })?;
    Some(html_escape::decode_html_entities(&value).trim().to_owned()).filter(|text| !text.is_empty())
}

fn entry(object: &Object) -> Option<Entry> {
    let title = clean_line(&text(object, "name")?);
    let description = text(object, "description").unwrap_or_default();
    let mut entry = Entry {
        kind: EntryKind::Event,
        title,
        html: description_html(&description),
        url: text(object, "url").or_else(|| text(object, "@id").filter(|id| id.contains("://"))),
        updated: text(object, "dateModified").and_then(|t| parse_stamp(&t)),
        published: text(object, "datePublished").and_then(|t| parse_stamp(&t)),
        tags: keywords(object),
        images: object.get("image").map(images).unwrap_or_default(),
        language: text(object, "inLanguage"),
        declared: Declared {
            start: time(object, "startDate"),
            end: time(object, "endDate"),
            status: status(object),
            organizers: object.get("organizer").map(people).unwrap_or_default(),
            ..Declared::default()
        },
        ..Entry::default()
    };
    for place in object.get("location").map(members).unwrap_or_default() {
        location(place, &mut entry);
    }
    for offer in object.get("offers").map(members).unwrap_or_default() {
        let href = offer.as_object().and_then(|offer| text(offer, "url"));
        if let Some(href) =
            href.filter(|href| Some(href) != entry.url.as_ref() && !entry.links.iter().any(|link| &link.href == href))
        {
            entry.links.push(Link { rel: "registration".to_owned(), href });
        }
    }
    Some(entry)
}

/// A description is text or HTML; nothing says which.
fn description_html(text: &str) -> String {
    if text.contains("</") || text.contains("<br") {
        return text.to_owned();
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    paragraphs.map(|p| format!("<p>{}</p>", html_escape::encode_text(p).replace('\n', "<br>"))).collect()
}

fn keywords(object: &Object) -> Vec<String> {
    let values = object.get("keywords").map(members).unwrap_or_default();
    values
        .into_iter()
        .filter_map(Value::as_str)
        .flat_map(|words| words.split(','))
        .map(clean_line)
        .filter(|w| !w.is_empty())
        .collect()
}

fn time(object: &Object, name: &str) -> Option<DeclaredTime> {
    let raw = text(object, name)?;
    Some(DeclaredTime { field: name.to_owned(), value: parse_date(&raw)?, raw, line: 0 })
}

fn status(object: &Object) -> Option<EventStatus> {
    let word = text(object, "eventStatus")?;
    let from = text(object, "previousStartDate").and_then(|t| parse_date(&t)).map(|value: DeclaredValue| value.day());
    match word.rsplit(['/', '#', ':']).next()? {
        "EventCancelled" | "EventCanceled" => Some(EventStatus::Cancelled),
        "EventPostponed" => Some(EventStatus::Postponed),
        "EventRescheduled" => Some(from.map_or(EventStatus::Scheduled, |from| EventStatus::Moved { from })),
        "EventScheduled" | "EventMovedOnline" => Some(EventStatus::Scheduled),
        _ => None,
    }
}

fn images(value: &Value) -> Vec<Image> {
    let url = |value: &Value| match value {
        Value::String(url) => Some(url.clone()),
        Value::Object(object) => text(object, "url").or_else(|| text(object, "contentUrl")),
        _ => None,
    };
    members(value).into_iter().filter_map(url).filter(|url| !url.trim().is_empty()).map(image).collect()
}

fn people(value: &Value) -> Vec<Person> {
    let person = |value: &Value| match value {
        Value::String(name) => Some(Person { name: clean_line(name), ..Person::default() }),
        Value::Object(object) => Some(Person {
            name: clean_line(&text(object, "name")?),
            url: text(object, "url"),
            email: text(object, "email"),
        }),
        _ => None,
    };
    members(value).into_iter().filter_map(person).filter(|p| !p.name.is_empty()).collect()
}

fn location(value: &Value, entry: &mut Entry) {
    let object = match value {
        Value::String(place) if place.contains("://") => return online(place.clone(), entry),
        Value::String(place) => {
            let place = clean_line(&html_escape::decode_html_entities(place));
            entry.declared.place = entry.declared.place.take().or(Some(place).filter(|p| !p.is_empty()));
            return;
        }
        Value::Object(object) => object,
        _ => return,
    };
    if types(object).contains(&"VirtualLocation") {
        if let Some(url) = text(object, "url") {
            online(url, entry);
        }
        return;
    }
    let address = object.get("address").map(address_lines).unwrap_or_default();
    let declared = &mut entry.declared;
    if declared.place.is_none() {
        declared.place = text(object, "name").map(|name| clean_line(&name));
    }
    if declared.address.is_empty() {
        declared.address = address;
    }
    if declared.place.is_none() && !declared.address.is_empty() {
        declared.place = Some(std::mem::take(&mut declared.address).join(", "));
    }
    let geo = object.get("geo").map(members).unwrap_or_default().into_iter().find_map(Value::as_object);
    let geo = geo.unwrap_or(object);
    let degree = |name| text(geo, name).and_then(|t| t.parse::<f64>().ok());
    let coordinates = degree("latitude").zip(degree("longitude")).filter(|(a, b)| a.abs() <= 90.0 && b.abs() <= 180.0);
    declared.coordinates = declared.coordinates.or(coordinates);
}

fn online(href: String, entry: &mut Entry) {
    entry.links.push(Link { rel: "online".to_owned(), href });
}

fn address_lines(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.first().map(address_lines).unwrap_or_default(),
        Value::String(text) => text.lines().map(clean_line).filter(|line| !line.is_empty()).collect(),
        Value::Object(object) => {
            let parts = ["streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"];
            parts.iter().filter_map(|name| text(object, name)).map(|line| clean_line(&line)).collect()
        }
        _ => Vec::new(),
    }
}
