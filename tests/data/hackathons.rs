//! What a careful person reads out of the new site's pages, and what the board says.

use super::board::{Board, Site};
use super::data;
use chrono::NaiveDate;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What is expected of the page or post.
struct Expected {
    facts: Value,
    site: PathBuf,
}

impl Expected {
    fn path(&self) -> &str {
        self.facts["path"].as_str().unwrap()
    }

    /// Where the page is on the web, without the slash at the end: where its author says, else where its path leads.
    fn page(&self) -> String {
        let path = self.path();
        let text = std::fs::read_to_string(self.site.join(path)).unwrap();
        let slug = text.lines().find_map(|line| line.strip_prefix("slug: /"));
        let own = path.trim_start_matches("content/").trim_end_matches(".mdx").trim_end_matches("/index");
        format!("https://unikraft.org/{}", slug.unwrap_or(own))
    }

    fn day(&self, field: &str) -> Option<NaiveDate> {
        self.facts[field].as_str().map(|text| text[..10].parse().unwrap())
    }

    fn days(&self) -> (NaiveDate, NaiveDate) {
        (self.day("start").unwrap(), self.day("end").unwrap())
    }

    fn is_hackathon(&self) -> bool {
        self.path().contains("/hackathons/")
    }
}

fn expected(data: &Path) -> Vec<Expected> {
    let text = std::fs::read_to_string(data.join("unikraft-2026.expected.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    all.into_iter().map(|facts| Expected { facts, site: data.join("unikraft-2026") }).collect()
}

#[test]
fn of_fifteen_hackathons_at_least_thirteen_have_exactly_the_right_days() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::new(&data));
    let all: Vec<Expected> = expected(&data).into_iter().filter(Expected::is_hackathon).collect();
    assert_eq!(all.len(), 15);
    let wrong: Vec<String> = all
        .iter()
        .filter(|one| board.events_of(&one.page()).first().map(|event| event.days()) != Some(one.days()))
        .map(|one| {
            let found: Vec<_> = board.events_of(&one.page()).iter().map(|event| event.days()).collect();
            format!("{}: expected {:?}, found {found:?}", one.path(), one.days())
        })
        .collect();
    for line in &wrong {
        eprintln!("{line}");
    }
    assert!(wrong.len() <= 2, "{} of 15 are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_page_gives_one_event() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::new(&data));
    let calendar = board.calendar();
    for one in expected(&data).iter().filter(|one| one.is_hackathon()) {
        let titles: Vec<&str> = board.events_of(&one.page()).iter().map(|event| event.title()).collect();
        assert_eq!(titles.len(), 1, "{}: {titles:?}", one.path());
        let urls = calendar
            .lines()
            .filter(|line| line.strip_prefix("URL:").is_some_and(|url| url.trim_end_matches('/') == one.page()));
        assert_eq!(urls.count(), 1, "{} in the calendar", one.path());
    }
}

#[test]
fn contradictions_are_reported_with_both_values() {
    let Some(data) = data() else { return };
    let told = Board::of(&Site::new(&data)).program(&["check"]);
    let mut count = 0;
    for one in expected(&data).iter().filter(|one| one.facts.get("conflict").is_some()) {
        let conflict = &one.facts["conflict"];
        let (declared, words) = (conflict["front_matter"].as_str().unwrap(), conflict["text"].as_str().unwrap());
        let start = one.day("start").unwrap().to_string();
        let names_both = |line: &&str| line.contains(declared) && (line.contains(&start) || line.contains(words));
        let about = told.lines().filter(|line| line.starts_with(&format!("site: {}:", one.path())));
        assert_eq!(
            about.clone().filter(names_both).count(),
            1,
            "{declared} against {start} in {:?}",
            about.collect::<Vec<_>>()
        );
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn what_is_no_event_is_not_in_the_calendar() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::new(&data));
    let calendar = board.calendar();
    for one in expected(&data).iter().filter(|one| one.facts["not_an_event"] == true) {
        assert_eq!(board.posts_of(&one.page()).len(), 1, "{} is a post", one.path());
        let name = one.page().rsplit('/').next().unwrap().to_owned();
        assert!(
            !calendar.lines().any(|line| line.starts_with("URL:") && line.contains(&name)),
            "{name} is in the calendar"
        );
        assert_eq!(board.events_of(&one.page()).len(), 0, "{name} is an event");
    }
}

#[test]
fn a_deadline_is_never_a_day_of_the_event() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::new(&data));
    for one in expected(&data).iter() {
        let Some(deadline) = one.day("deadline") else { continue };
        for event in board.events_of(&one.page()) {
            let (first, last) = event.days();
            assert!(!(first..=last).contains(&deadline), "{}: {deadline} is within {first} to {last}", one.path());
        }
    }
}

#[test]
fn a_recap_joins_the_event_it_looks_back_on() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::new(&data));
    let all = expected(&data);
    let mut count = 0;
    for one in &all {
        let Some(of) = one.facts["recap_of"].as_str() else { continue };
        let page = all.iter().find(|other| other.path() == of).unwrap().page();
        let events = board.events_of(&page);
        assert_eq!(events.len(), 1, "{of}");
        assert_eq!(events[0].days(), one.days());
        let post = board.posts_of(&one.page())[0]["id"].clone();
        let recaps = events[0].0["recapped_in"].as_array().cloned().unwrap_or_default();
        assert!(recaps.contains(&post), "{} is not among {recaps:?} of {of}", one.path());
        assert_eq!(board.events_of(&one.page()).len(), 0, "{} made an event of its own", one.path());
        count += 1;
    }
    assert_eq!(count, 1);
}
