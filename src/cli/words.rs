//! Values of the model in words for a terminal.

use crate::model::{DeadlineKind, Event, EventStatus, Facts, Place, Reason, Recurrence, Revised, SightingRole, When};
use chrono::NaiveDateTime;

/// `1 event`, `2 events`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Days and hours: `2027-02-12 to 2027-02-14`, `2026-12-05 10:00 to 16:00 Europe/Dublin`.
pub(super) fn when(when: &When) -> String {
    match when {
        When::AllDay { first, last } if first == last => first.to_string(),
        When::AllDay { first, last } => format!("{first} to {last}"),
        When::Zoned { start, end, zone } => format!("{} {zone}", clock(*start, *end)),
        When::Instant { start, end } => format!("{} UTC", clock(start.naive_utc(), end.map(|end| end.naive_utc()))),
    }
}

fn clock(start: NaiveDateTime, end: Option<NaiveDateTime>) -> String {
    let hours = |time: NaiveDateTime| time.format("%H:%M").to_string();
    match end {
        None => format!("{} {}", start.date(), hours(start)),
        Some(end) if end.date() == start.date() => format!("{} {} to {}", start.date(), hours(start), hours(end)),
        Some(end) => format!("{} {} to {} {}", start.date(), hours(start), end.date(), hours(end)),
    }
}

/// `FREQ=WEEKLY;BYDAY=TH, 2 dates more, 1 left out`.
pub(super) fn recurrence(recurrence: &Recurrence) -> String {
    let mut parts = recurrence.rules.clone();
    let counts = [
        (recurrence.dates.len(), "more"),
        (recurrence.except.len(), "left out"),
        (recurrence.overrides.len(), "changed"),
    ];
    parts.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", count(*n, "date"))));
    parts.join(", ")
}

/// Where, in one line.
pub(super) fn place(place: &Place) -> Option<String> {
    let attendance = place.attendance.map(|attendance| format!("{attendance:?}").to_lowercase());
    let parts = [place.line(), place.online.as_ref().map(ToString::to_string), attendance];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether it takes place.
pub(super) fn status(status: &EventStatus) -> String {
    match status {
        EventStatus::Scheduled => "scheduled".to_owned(),
        EventStatus::Tentative => "tentative".to_owned(),
        EventStatus::Cancelled => "cancelled".to_owned(),
        EventStatus::Postponed => "postponed".to_owned(),
        EventStatus::Moved { from } => format!("moved from {from}"),
    }
}

fn deadline_kind(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Registration => "registration until",
        DeadlineKind::CallForPapers => "proposals until",
        DeadlineKind::Other => "until",
    }
}

/// How a document tells of an event.
pub(super) fn role(role: SightingRole) -> &'static str {
    match role {
        SightingRole::Calendar => "the event itself",
        SightingRole::Announcement => "announcement",
        SightingRole::Recap => "looking back",
    }
}

/// Every field that says something: its name (as in the provenance) and its value, in the order people ask for them.
pub(super) fn fields(facts: &Facts) -> Vec<(&'static str, String)> {
    let links = &facts.links;
    let deadlines: Vec<String> = facts
        .deadlines
        .iter()
        .map(|deadline| format!("{} {}", deadline_kind(deadline.kind), when(&deadline.at)))
        .collect();
    let sessions: Vec<String> =
        facts.sessions.iter().map(|session| format!("{} {}", when(&session.when), session.title)).collect();
    let people: Vec<&str> = facts.organizers.iter().map(|person| person.name.as_str()).collect();
    let tags: Vec<&str> = facts.tags.iter().map(|tag| tag.as_str()).collect();
    let images: Vec<&str> = facts.images.iter().map(|image| image.url.as_str()).collect();
    let text = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
    let list = |items: &[&str], between: &str| (!items.is_empty()).then(|| items.join(between));
    let lines = |items: &[String]| (!items.is_empty()).then(|| items.join("\n"));
    let at = facts.place.coordinates.map(|at| format!("{:.4}, {:.4}", at.latitude, at.longitude));
    let all = [
        ("title", Some(facts.title.clone())),
        ("summary", facts.summary.clone()),
        ("when", Some(when(&facts.when))),
        ("zone", zone_of_place(facts)),
        ("recurrence", facts.recurrence.as_ref().map(recurrence)),
        ("place", place(&facts.place)),
        ("coordinates", at),
        ("status", Some(status(&facts.status))),
        ("deadlines", lines(&deadlines)),
        ("sessions", lines(&sessions)),
        ("organizers", list(&people, ", ")),
        ("tags", list(&tags, ", ")),
        ("page", text(&links.page)),
        ("registration", text(&links.registration)),
        ("video", text(&links.video)),
        ("map", text(&links.map)),
        ("images", list(&images, "\n")),
        ("language", facts.language.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The zone, where it needs words of its own: those that say when name none.
fn zone_of_place(facts: &Facts) -> Option<String> {
    match &facts.when {
        When::Zoned { zone, .. } if facts.provenance.contains_key("zone") => Some(zone.to_string()),
        _ => None,
    }
}

/// `same moment (+3.0)`
pub(super) fn reason(reason: &Reason) -> String {
    if reason.weight == 0.0 { reason.text.clone() } else { format!("{} ({:+.1})", reason.text, reason.weight) }
}

/// When an event changed, and what it was before, a line for each field.
pub(super) fn revised(revised: &Revised) -> String {
    let or_none = |text: String| if text.is_empty() { "unknown".to_owned() } else { text };
    let was = [
        revised.title.as_ref().map(|title| format!("title was {title}")),
        revised.when.as_ref().map(|was| format!("when was {}", when(was))),
        revised.recurrence.as_ref().map(|was| format!("recurrence was {}", or_none(recurrence(was)))),
        revised.place.as_ref().map(|was| format!("place was {}", or_none(place(was).unwrap_or_default()))),
        revised.status.as_ref().map(|was| format!("status was {}", status(was))),
        revised.text.then(|| "links, deadlines or text were others".to_owned()),
    ];
    let head = format!("{} (sequence {})", revised.at.format("%Y-%m-%d %H:%M UTC"), revised.sequence);
    [Some(head)].into_iter().chain(was).flatten().collect::<Vec<_>>().join("\n")
}

/// What Noticeboard itself knows of an event.
pub(super) fn history(event: &Event) -> Vec<(&'static str, String)> {
    let sources: Vec<&str> = event.sources.iter().map(|source| source.as_str()).collect();
    let minute = |moment: chrono::DateTime<chrono::Utc>| moment.format("%Y-%m-%d %H:%M UTC").to_string();
    let mut all = vec![
        ("id", event.id.to_string()),
        ("sources", sources.join(", ")),
        ("first seen", minute(event.revision.first_seen)),
        ("changed", format!("{} (sequence {})", minute(event.revision.last_changed), event.revision.sequence)),
    ];
    if event.vanished {
        all.push(("vanished", "its source no longer has it".to_owned()));
    }
    all
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{
        CleanHtml, Deadline, EventLinks, Evidence, Key, Provenance, Sighting, SourceId, SourceRevision, Tag,
    };
    use chrono::NaiveDate;

    /// An event read from prose.
    pub fn lighthouse_camp() -> Facts {
        let day = |month, day| NaiveDate::from_ymd_opt(2027, month, day).unwrap();
        let from = |quote: &str, rule: &str| Provenance {
            source: SourceId::new("mends").unwrap(),
            document: "posts/camp.md".into(),
            evidence: Evidence { quote: quote.into(), rule: rule.into(), confidence: 0.93 },
        };
        Facts {
            title: "Winter camp".into(),
            summary: None,
            html: CleanHtml::default(),
            when: When::AllDay { first: day(2, 12), last: day(2, 14) },
            recurrence: None,
            place: Place { name: Some("Gull Point".into()), ..Place::default() },
            status: EventStatus::Scheduled,
            deadlines: vec![Deadline { kind: DeadlineKind::Registration, at: When::day(day(1, 25)) }],
            sessions: vec![],
            organizers: vec![],
            tags: ["camp", "free software"].into_iter().filter_map(Tag::new).collect(),
            links: EventLinks { page: "https://quillhaven.example/posts/camp/".parse().ok(), ..EventLinks::default() },
            images: vec![],
            language: None,
            provenance: [
                ("title".into(), from("Winter camp", "front matter title")),
                ("when".into(), from("from the 12th to the 14th of February 2027", "range of days")),
                ("place".into(), from("in Gull Point", "in a place")),
            ]
            .into(),
        }
    }

    /// That event as a post tells of it.
    pub fn camp(facts: Facts) -> Sighting {
        Sighting {
            keys: vec![Key::Path("posts/camp.md".into())],
            facts,
            board_day: None,
            zone_guessed: false,
            role: SightingRole::Announcement,
            confidence: 0.93,
            unsure: false,
            post: Some(0),
            mentions: vec![],
            revision: SourceRevision::default(),
            missing: 0,
        }
    }

    #[test]
    fn times_are_told_with_their_zone_and_ends_only_where_known() {
        let at = |hour, minute| NaiveDate::from_ymd_opt(2026, 12, 5).unwrap().and_hms_opt(hour, minute, 0).unwrap();
        let instant = When::Instant { start: at(10, 0).and_utc(), end: Some(at(16, 30).and_utc()) };
        assert_eq!(when(&instant), "2026-12-05 10:00 to 16:30 UTC");
        assert_eq!(when(&When::Instant { start: at(10, 0).and_utc(), end: None }), "2026-12-05 10:00 UTC");
        assert_eq!(when(&When::day(at(0, 0).date())), "2026-12-05");
    }
}
