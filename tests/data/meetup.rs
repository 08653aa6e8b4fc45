//! The post this project was conceived from: one post, one event.

use super::board::{Board, Site};
use super::data;

const PAGE: &str = "https://unikraft.org/blog/2022-10-14-unikraft-community-meetup/";

/// The VEVENT of the meet-up.
fn in_calendar(board: &Board) -> String {
    let calendar = board.calendar();
    let mut events = calendar.split("BEGIN:VEVENT").filter(|event| event.contains(PAGE.trim_end_matches('/')));
    let event = events.next().expect("the meet-up is not in the calendar").to_owned();
    assert_eq!(events.next(), None, "the meet-up is in the calendar more than once");
    event
}

/// The Atom entry of the post, its content as HTML.
fn in_feed(board: &Board) -> String {
    let feed = board.text("sources/site/feed.atom");
    let entries: Vec<&str> =
        feed.split("<entry>").filter(|entry| entry.contains(&format!("href=\"{PAGE}\""))).collect();
    let mut own = entries.iter().filter(|entry| entry.contains("Community Meet-up") && entry.contains("<author>"));
    let entry = own.next().unwrap_or_else(|| panic!("no entry links to {PAGE}"));
    html_escape::decode_html_entities(entry).into_owned()
}

#[test]
fn the_meet_up_is_one_post_and_one_event() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::old(&data));
    assert_eq!(board.posts_of(PAGE).len(), 1);
    assert_eq!(board.events_of(PAGE).len(), 1);
}

#[test]
fn the_meet_up_is_in_the_calendar_on_its_days_and_in_its_town() {
    let Some(data) = data() else { return };
    let event = in_calendar(&Board::of(&Site::old(&data)));
    for line in [
        "DTSTART;VALUE=DATE:20221014",
        "DTEND;VALUE=DATE:20221017",
        "LOCATION:Sinaia\\, Romania",
        "CATEGORIES:community",
    ] {
        assert!(event.lines().any(|found| found == line), "{line} is missing in{event}");
    }
}

#[test]
fn the_meet_up_s_post_has_its_author_day_pictures_and_links() {
    let Some(data) = data() else { return };
    let board = Board::of(&Site::old(&data));
    let entry = in_feed(&board);
    for wanted in ["<name>Andrei Mutu</name>", "<published>2022-10-14T09:00:00+01:00</published>", "term=\"community\""]
    {
        assert!(entry.contains(wanted), "{wanted} is missing in\n{entry}");
    }
    assert!(entry.contains("https://unikraft.org/blog/2022-10-14-unikraft-reaches-1k-github-stars/"), "{entry}");
    for picture in ["2022-10-15_team_A.JPG", "2022-10-15_team_B.jpeg", "2022-10-15_main_presentation.jpg"] {
        assert!(entry.contains(&format!("src=\"https://unikraft.org/assets/imgs/{picture}\"")), "{picture}: {entry}");
    }
    assert_eq!(entry.matches("<img ").count(), 3);
    for word in ["Răzvan", "Câinelui", "Peleș", "pălincă"] {
        assert!(entry.contains(word), "{word} is spoilt in\n{entry}");
    }
    assert!(!entry.contains("{{"), "a shortcode is left over in\n{entry}");
}

#[test]
fn explain_quotes_the_words_that_gave_days_and_place() {
    let Some(data) = data() else { return };
    let told = Board::of(&Site::old(&data)).program(&["explain", PAGE]);
    for words in ["between the 14th and the 16th of October", "trip to Sinaia, Romania"] {
        assert!(told.contains(words), "`{words}` is not quoted in\n{told}");
    }
}
