//! `schedule.json`: `{"schedule": {"conference": {"title": …, "days": [{"date": …, "rooms": {"Hall": [{…}]}}]}}}`.

use super::{Conference, Day, Schedule, Talk};
use crate::model::{Problem, ProblemKind};
use serde_json::{Map, Value};

/// True where the conference stands in its place, or where nobody can tell because the text breaks off.
pub(super) fn is_schedule(text: &str) -> bool {
    serde_json::from_str::<Value>(text).map_or(true, |value| conference(&value).is_some())
}

/// The programme in a text.
pub(super) fn schedule(text: &str) -> Schedule {
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(0);
            let message = format!("expected a programme, found an error: {error}");
            return Schedule {
                broken: Some(Problem::new(ProblemKind::Read, message).line(line)),
                ..Schedule::default()
            };
        }
    };
    let Some(fields) = conference(&value) else { return Schedule::default() };
    let mut conference = Conference::of(|name| text_of(fields, name));
    conference.base_url = conference.base_url.or_else(|| text_of(value.get("schedule")?.as_object()?, "base_url"));
    let keywords = fields.get("keywords").and_then(Value::as_array);
    conference.keywords = keywords.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let days = fields.get("days").and_then(Value::as_array);
    let days = days.into_iter().flatten().filter_map(Value::as_object).map(day).collect();
    Schedule { conference, days, broken: None }
}

fn conference(value: &Value) -> Option<&Map<String, Value>> {
    value.get("schedule")?.get("conference")?.as_object()
}

fn day(fields: &Map<String, Value>) -> Day {
    let rooms = fields.get("rooms").and_then(Value::as_object);
    let talks = rooms.into_iter().flatten().flat_map(|(room, talks)| {
        let talks = talks.as_array().into_iter().flatten().filter_map(Value::as_object);
        talks.map(move |fields| talk(fields, room))
    });
    Day { date: text_of(fields, "date"), start: text_of(fields, "day_start"), talks: talks.collect() }
}

fn talk(fields: &Map<String, Value>, room: &str) -> Talk {
    let mut talk = Talk::of(|name| text_of(fields, name));
    talk.room = talk.room.or_else(|| Some(room.to_owned()));
    let persons = fields.get("persons").and_then(Value::as_array).into_iter().flatten();
    let name = |person: &Value| match person {
        Value::String(name) => Some(name.clone()),
        Value::Object(fields) => {
            ["public_name", "full_public_name", "name"].iter().find_map(|name| text_of(fields, name))
        }
        _ => None,
    };
    talk.speakers = persons.filter_map(name).collect();
    talk
}

/// A field that says something. Some programmes give titles by language; the first of them counts.
fn text_of(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match fields.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(languages) => languages.get("en").or_else(|| languages.values().next())?.as_str()?.to_owned(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}
