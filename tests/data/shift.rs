//! No rule knows these files by name: all dates five weeks later, files renamed and the town another one, the board moves alike.

use super::board::{Board, Event, NOW, Site, files};
use super::data;
use super::dates::later;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Five weeks, so that the weekdays stay right.
const SHIFT: TimeDelta = TimeDelta::weeks(5);
const TOWN: &str = "Sinaia";
const OTHER_TOWN: &str = "Brașov";

/// The text as the author would have written it five weeks later, in the other town.
fn moved(text: &str, year: i32) -> String {
    later(text, year, SHIFT).replace(TOWN, OTHER_TOWN)
}

/// The names that are replaced, in paths and in links: of posts (behind the date), and of folders with a digit in them.
fn names(paths: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for path in paths.keys() {
        let parts: Vec<&str> = path.split('/').collect();
        let (file, folders) = parts.split_last().unwrap();
        let stem = file.rsplit_once('.').map_or(*file, |(stem, _)| stem);
        if let Some((day, rest)) = stem.split_at_checked(10).filter(|(day, _)| day.parse::<chrono::NaiveDate>().is_ok())
        {
            let moved = later(day, 0, SHIFT);
            names.insert(format!("{moved}{rest}"), format!("{moved}-renamed{rest}"));
        }
        for folder in folders.iter().filter(|folder| folder.contains(|c: char| c.is_ascii_digit())) {
            let words = folder.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
            names.insert((*folder).to_owned(), format!("{words}-renamed"));
        }
    }
    names
}

/// Puts the new names where an old one stands as a whole.
fn renamed(text: &str, names: &BTreeMap<String, String>) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|c: char| !is_part(c) && c != '.') {
        let word = part.trim_end_matches(|c: char| !is_part(c));
        let (stem, end) = names
            .keys()
            .filter(|name| word.starts_with(name.as_str()))
            .max_by_key(|name| name.len())
            .map_or((word, ""), |name| word.split_at(name.len()));
        let whole = end.is_empty() || end.starts_with('.');
        out.push_str(names.get(stem).filter(|_| whole).map_or(stem, String::as_str));
        out.push_str(end);
        out.push_str(&part[word.len()..]);
    }
    out
}

/// The whole site five weeks later.
fn later_site(of: &Path) -> (TempDir, BTreeMap<String, String>) {
    let folder = tempfile::tempdir().unwrap();
    let all = files(of);
    let names = names(&all);
    for (path, bytes) in &all {
        let year = path.split(['/', '-']).find_map(|part| part.parse().ok().filter(|year| (2000..2100).contains(year)));
        let text = renamed(&moved(std::str::from_utf8(bytes).unwrap(), year.unwrap_or(2022)), &names);
        let file = folder.path().join(renamed(&later(path, 0, SHIFT), &names));
        assert!(!file.exists(), "{} stands for two files", file.display());
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    (folder, names)
}

/// What is to move alike: page, title, times, rule and place of each event.
fn seen(board: &Board) -> Vec<String> {
    let line = |event: Event| {
        // The coordinates are the town's, and the later site is in another one.
        let mut place = event.0["place"].clone();
        place.as_object_mut().map(|place| place.remove("coordinates"));
        let rule = &event.0["recurrence"]["rules"];
        format!("{:?}  {:?}  {:?}  {rule}  {place}", event.page(), event.title(), event.times())
    };
    let mut all: Vec<String> = board.events().into_iter().map(line).collect();
    all.sort();
    all
}

fn moves_alike(site: Site) {
    let (folder, names) = later_site(&site.path);
    let now = NOW.parse::<DateTime<Utc>>().unwrap();
    let mut expected: Vec<String> =
        seen(&Board::of(&site)).iter().map(|line| renamed(&moved(line, 2022), &names)).collect();
    expected.sort();
    let found = seen(&Board::at(&site.at(folder.path().to_owned()), &(now + SHIFT).to_rfc3339()));
    let lost: Vec<&String> = expected.iter().filter(|line| !found.contains(line)).collect();
    let new: Vec<&String> = found.iter().filter(|line| !expected.contains(line)).collect();
    assert!(expected.len() > 5, "only {} events", expected.len());
    assert!(
        lost.is_empty() && new.is_empty(),
        "of {} events expected but not found:\n{lost:#?}\nfound but not expected:\n{new:#?}",
        expected.len()
    );
}

#[test]
fn the_old_site_five_weeks_later() {
    let Some(data) = data() else { return };
    moves_alike(Site::old(&data));
}

#[test]
fn the_new_site_five_weeks_later() {
    let Some(data) = data() else { return };
    moves_alike(Site::new(&data));
}

#[test]
fn the_meet_up_in_another_town() {
    let Some(data) = data() else { return };
    let site = Site::old(&data);
    let (folder, _) = later_site(&site.path);
    let calendar = Board::of(&site.at(folder.path().to_owned())).calendar();
    let event = calendar
        .split("BEGIN:VEVENT")
        .find(|event| event.contains("DTSTART;VALUE=DATE:20221118"))
        .expect("no event on 18 November 2022");
    for line in ["DTEND;VALUE=DATE:20221121", "LOCATION:Brașov\\, Romania", "CATEGORIES:community"] {
        assert!(event.lines().any(|found| found == line), "{line} is missing in{event}");
    }
}
