//! `schedule.xml`: `<schedule><conference>…</conference><day date="…"><room name="…"><event>…</event></room></day></schedule>`.

use super::{Conference, Day, Schedule, Talk};
use crate::model::{Problem, ProblemKind};
use crate::read::xml::{self, Around, Node};

/// The programme in a text.
pub(super) fn schedule(text: &str) -> Schedule {
    let walked = xml::walk(text, &[], &Around::default(), &mut |_, _| true);
    let days: Vec<Day> = walked.feed.elements().filter(|node| node.is("day")).map(day).collect();
    let conference = walked.feed.elements().find(|node| node.is("conference"));
    let conference = conference.map(|node| Conference::of(|name| node.plain(name))).unwrap_or_default();
    let broken = walked.broken.map(|line| {
        let talks: usize = days.iter().map(|day| day.talks.len()).sum();
        let message = format!("the programme breaks off after {talks} talks; what came before is kept");
        Problem::new(ProblemKind::Read, message).line(line)
    });
    Schedule { conference, days, broken }
}

fn day(node: &Node) -> Day {
    let mut talks = Vec::new();
    for child in node.elements() {
        let name = child.word("name");
        let events = child.elements().filter(|event| child.is("room") && event.is("event"));
        talks.extend(events.map(|event| talk(event, name.as_deref())));
        if child.is("event") {
            talks.push(talk(child, None));
        }
    }
    Day { date: node.word("date"), start: node.word("start"), talks }
}

fn talk(node: &Node, room: Option<&str>) -> Talk {
    let mut talk = Talk::of(|name| node.plain(name));
    talk.line = node.line;
    talk.room = talk.room.or_else(|| room.map(str::to_owned));
    let persons = node.elements().filter(|child| child.is("persons")).flat_map(Node::elements);
    let name = |person: &Node| person.plain("name").or_else(|| Some(person.text().trim().to_owned()));
    talk.speakers = persons.filter(|person| person.is("person")).filter_map(name).collect();
    talk
}
