//! What the maintainer decides by hand, through the whole program: it holds whatever sources do, and is told where it holds nothing.

mod common;

use common::{Board, POSTS, calendar_of as calendar, post};

const SOURCES: &str = r#"
[[source]]
id = "posts"
from.directory = { path = "posts" }
link = "https://paperboats.example/{path}/"

[[source]]
id = "town"
from.directory = { path = "town", include = ["*.ics"] }
"#;

fn now(day: u32) -> String {
    format!("2026-11-{day:02}T12:00:00Z")
}

fn regatta(edition: usize) -> String {
    let text = format!("Bring paper of eighty grams. This is what we wrote the {edition}th time.");
    post("Regatta", "2026-10-05T10:00:00Z", "startDate: 2027-02-12\naddress: \"Weir Bridge\"", &text)
}

fn board() -> Board {
    let board = Board::new(SOURCES);
    board.write("posts/regatta.md", regatta(0));
    board.write(
        "town/all.ics",
        calendar(&[("fair@town.example", "20270301", "Boat fair"), ("swap@town.example", "20270401", "Paper swap")]),
    );
    board
}

#[test]
fn a_correction_holds_through_ten_imports_and_is_one_change() {
    let board = board();
    board.run_well(&now(1));
    assert_eq!(board.event("Regatta").number("SEQUENCE"), 0);
    let id = board.event("Regatta").get("UID").unwrap().to_owned();
    let by_hand = "[[event]]\nmatch = \"posts path:regatta.md\"\ntitle = \"The winter regatta\"\nstart = 2027-02-13T10:00\nend = \"2027-02-13 16:00\"\nplace = \"Old Laundry\"\ntags = [\"Races\"]\n";
    board.write("overrides.toml", by_hand);
    for day in 2..12 {
        board.write("posts/regatta.md", regatta(day as usize));
        board.run_well(&now(day));
        let event = board.event("The winter regatta");
        assert_eq!(event.get("UID"), Some(id.as_str()), "day {day}");
        assert_eq!(event.number("SEQUENCE"), 1, "day {day}");
        assert_eq!(event.get("DTSTART"), Some("20270213T100000"), "day {day}");
        assert_eq!(event.get("DTEND"), Some("20270213T160000"), "day {day}");
        assert_eq!(event.get("LOCATION"), Some("Old Laundry"), "day {day}");
        assert_eq!(event.get("CATEGORIES"), Some("races"), "day {day}");
    }
    let told = board.tell(&["explain", "regatta.md"]);
    assert!(told.out.contains("overrides: overrides.toml: rule decided by hand"), "{}", told.out);
    board.remove("overrides.toml");
    board.run_well(&now(12));
    assert_eq!(board.event("Regatta").number("SEQUENCE"), 2);
}

#[test]
fn what_is_hidden_is_gone_at_once_and_comes_back_under_its_id() {
    let board = board();
    board.run_well(&now(1));
    let id = board.event("Boat fair").get("UID").unwrap().to_owned();
    let names = [
        id.as_str(),
        &id[..8],
        &format!("boat-fair-{}", &id[..8]),
        "uid:fair@town.example",
        "town uid:fair@town.example",
    ];
    for (nth, name) in names.into_iter().enumerate() {
        let day = 2 + 2 * nth as u32;
        board.write("overrides.toml", format!("[[event]]\nmatch = \"{name}\"\nnote = \"not ours\"\nhide = true\n"));
        board.run_well(&now(day));
        assert_eq!(board.titles(), ["Paper swap", "Regatta"], "{name}");
        assert!(!board.published("events.json").contains("Boat fair"), "{name}");
        board.write("overrides.toml", "");
        board.run_well(&now(day + 1));
        assert_eq!(board.event("Boat fair").get("UID"), Some(id.as_str()), "{name}");
        assert_eq!(board.event("Boat fair").number("SEQUENCE"), 0, "{name}");
    }
}

#[test]
fn what_is_hidden_stays_so_under_another_title_and_day_and_guid() {
    let feed = |guid: &str, title: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>x</title><link>https://x.example/</link><item><guid isPermaLink=\"false\">{guid}</guid><link>https://x.example/fair/</link><title>{title}</title><pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate><description>The fair takes place on 3 March 2027 in Turku.</description></item></channel></rss>"
        )
    };
    let board = Board::new(&SOURCES.replace("*.ics", "*.xml"));
    board.write("posts/notes.md", post("Notes", "2026-10-05T10:00:00Z", "", "We folded."));
    board.write("town/all.xml", feed("one", "Boat fair"));
    board.run_well(&now(1));
    let id = board.event("Boat fair").get("UID").unwrap().to_owned();
    board.write("overrides.toml", format!("[[event]]\nmatch = \"{id}\"\nhide = true\n"));
    for (day, guid, title) in
        [(2, "one", "Boat fair"), (3, "two", "Boat fair"), (4, "three", "The big fair"), (5, "three", "Fair")]
    {
        board.write("town/all.xml", feed(guid, title));
        board.run_well(&now(day));
        assert_eq!(board.titles(), Vec::<String>::new(), "{guid}");
    }
}

#[test]
fn a_name_that_stands_for_nothing_is_told_with_its_line() {
    let board = board();
    board.write("overrides.toml", "# by hand\n\n[[event]]\nmatch = \"uid:fair@town.example\"\nhide = true\n\n[[event]]\nmatch = \"uid:none@town.example\"\nhide = true\n");
    let told = board.run(&now(1), &[]);
    assert_eq!(told.code, Some(3));
    assert!(
        told.err.contains("overrides.toml:8: `uid:none@town.example` names no event that is known\n  hint: "),
        "{}",
        told.err
    );
    assert_eq!(board.run(&now(2), &[]).err, "", "it is told once");
    board.remove("town/all.ics");
    board.configure(POSTS);
    let told = board.run(&now(3), &[]);
    assert!(told.err.contains("overrides.toml:4: `uid:fair@town.example` names no event"), "{}", told.err);
    board.configure(SOURCES);
    board.write("town/all.ics", calendar(&[("fair@town.example", "20270301", "Boat fair")]));
    let told = board.run(&now(4), &[]);
    assert!(!told.err.contains("overrides.toml:4"), "{}", told.err);
    assert_eq!(board.titles(), ["Regatta"]);
}

#[test]
fn a_correction_of_several_events_is_told() {
    let board = board();
    board.write("overrides.toml", "[[event]]\nmatch = \"uid:fair@town.example\"\ntitle = \"Fair\"\n");
    board.write(
        "town/b.ics",
        calendar(&[("b@town.example", "20270501", "Boat fair")])
            .replace("SUMMARY", "URL:https://town.example/x/y\r\nSUMMARY"),
    );
    board.write(
        "town/c.ics",
        calendar(&[("c@town.example", "20270601", "Other")])
            .replace("SUMMARY", "URL:https://town.example/x/y\r\nSUMMARY"),
    );
    board.run_well(&now(1));
    assert_eq!(board.titles(), ["Boat fair", "Fair", "Other", "Paper swap", "Regatta"]);
    board.write("overrides.toml", "[[event]]\nmatch = \"https://town.example/x/y\"\ntitle = \"Fair\"\n");
    let told = board.run(&now(2), &[]);
    assert!(told.err.contains("overrides.toml:2: `url:town.example/x/y` names 2 events"), "{}", told.err);
}

#[test]
fn a_broken_file_of_overrides_ends_the_run_as_a_broken_config_does() {
    let board = board();
    board.run_well(&now(1));
    let before = board.output();
    board.write("overrides.toml", "[[event]]\nmatch = \"uid:x\"\nhde = true\n");
    let told = board.run(&now(2), &[]);
    assert_eq!(told.code, Some(2));
    assert!(told.err.starts_with("overrides.toml:3:1: unknown key `hde`, expected `match`, "), "{}", told.err);
    assert!(board.output() == before);
}

fn folder(id: &str, trust: &str) -> String {
    let trust = if trust.is_empty() { String::new() } else { format!("trust = \"{trust}\"\n") };
    format!("[[source]]\nid = \"{id}\"\n{trust}from.directory = {{ path = \"{id}\", include = [\"*.ics\"] }}\n")
}

#[test]
fn what_is_said_to_be_one_event_is_one_until_that_is_said_no_more() {
    for by_id in [false, true] {
        let board = Board::new(&(folder("town", "") + &folder("quay", "")));
        let write =
            |file: &str, further: &[(&str, &str, &str)], own| board.write(file, calendar(&[further, &[own]].concat()));
        let (fair, market) =
            (("a@town.example", "20270301", "Boat fair"), ("b@quay.example", "20270501", "Schiffchenmarkt"));
        write("town/all.ics", &[], fair);
        write("quay/all.ics", &[], market);
        board.run_well(&now(1));
        let id = |title: &str| board.event(title).get("UID").unwrap().to_owned();
        let ids = [id("Boat fair"), id("Schiffchenmarkt")];
        let names = if by_id {
            [ids[0].clone(), ids[1][..8].to_owned()]
        } else {
            ["uid:a@town.example".into(), "uid:b@quay.example".into()]
        };

        board.write("overrides.toml", format!("[[together]]\nmatch = [\"{}\", \"{}\"]\n", names[0], names[1]));
        let told = board.run(&now(2), &[]);
        assert!(
            told.err.contains("`Boat fair` is on 2027-03-01 by town and on 2027-05-01 by quay")
                && !told.err.contains("names no"),
            "{}",
            told.err
        );
        let one = id("Boat fair");
        assert!(board.titles() == ["Boat fair"] && ids.contains(&one));

        // Both documents change at once, and the events in them stand elsewhere.
        write("town/all.ics", &[("c@town.example", "20270701", "Regatta")], fair);
        write("quay/all.ics", &[("d@quay.example", "20270801", "Lanterns")], market);
        board.run_well(&now(3));
        assert_eq!(
            (board.titles(), id("Boat fair")),
            (["Boat fair", "Lanterns", "Regatta"].map(str::to_owned).to_vec(), one.clone())
        );
        // Then only one of them.
        write(
            "quay/all.ics",
            &[("e@quay.example", "20270801", "Lanterns"), ("d@quay.example", "20270801", "Lanterns")],
            market,
        );
        board.run_well(&now(4));
        assert_eq!((board.titles().len(), id("Boat fair")), (4, one));

        board.remove("overrides.toml");
        board.run_well(&now(5));
        assert_eq!([id("Boat fair"), id("Schiffchenmarkt")], ids, "both are called as before");
    }
}

#[test]
fn one_event_by_its_uid_is_two_where_that_is_said() {
    let board = Board::new(&(folder("town", "") + &folder("quay", "")));
    board.write("town/all.ics", calendar(&[("a@town.example", "20270301", "Boat fair")]));
    board.write("quay/all.ics", calendar(&[("a@town.example", "20270301", "Boat fair at the quay")]));
    board.run_well(&now(1));
    assert_eq!(board.titles(), ["Boat fair"]);
    let id = board.event("Boat fair").get("UID").unwrap().to_owned();
    board.write("overrides.toml", "[[apart]]\nmatch = [\"town uid:a@town.example\", \"quay uid:a@town.example\"]\nnote = \"ours is on the water\"\n");
    for day in 2..5 {
        board.run_well(&now(day));
        assert_eq!(board.titles(), ["Boat fair", "Boat fair at the quay"]);
        assert_eq!(board.event("Boat fair").get("UID"), Some(id.as_str()));
    }
    board.remove("overrides.toml");
    board.run_well(&now(5));
    assert_eq!(board.titles(), ["Boat fair"]);
    assert_eq!(board.event("Boat fair").get("UID"), Some(id.as_str()));
}

#[test]
fn tags_and_places_get_the_spelling_of_the_board() {
    let board = board();
    board.write("posts/regatta.md", regatta(1).replace("startDate", "tags: [Racing, Boats]\nstartDate"));
    board.run_well(&now(1));
    assert_eq!(board.event("Regatta").get("CATEGORIES"), Some("boats,racing"));
    board.write(
        "overrides.toml",
        "[tags]\n\"racing\" = \"races\"\n\n[places]\n\"weir  BRIDGE\" = \"The weir, by the bridge\"\n",
    );
    board.run_well(&now(2));
    let event = board.event("Regatta");
    assert_eq!(event.get("CATEGORIES"), Some("boats,races"));
    assert_eq!(event.get("LOCATION"), Some("The weir\\, by the bridge"));
    board.remove("overrides.toml");
    board.run_well(&now(3));
    assert_eq!(board.event("Regatta").get("LOCATION"), Some("Weir Bridge"));
}

#[test]
fn explain_takes_and_prints_the_names_that_an_override_may_use() {
    let board = board();
    board.run_well(&now(1));
    let told = board.tell(&["explain", "posts path:regatta.md"]);
    assert!(
        told.out.contains("\nnames        posts url:paperboats.example/regatta\n             posts path:regatta.md\n"),
        "{}",
        told.out
    );
    board.write("overrides.toml", "[[event]]\nmatch = \"posts path:regatta.md\"\nhide = true\n");
    board.run_well(&now(2));
    let told = board.tell(&["explain", "posts path:regatta.md"]);
    assert!(told.out.contains("\nhidden       off the board\n"), "{}", told.out);
}

#[test]
fn what_comes_later_joins_what_it_is_said_to_be() {
    let board = Board::new(&(folder("town", "") + &folder("quay", "")));
    board.write("quay/other.ics", calendar(&[("x@quay.example", "20270801", "Lanterns")]));
    board.write("town/all.ics", calendar(&[("a@town.example", "20270301", "Boat fair")]));
    board.write("overrides.toml", "[[together]]\nmatch = [\"uid:a@town.example\", \"quay uid:b@quay.example\"]\n");
    board.run(&now(1), &[]);
    assert_eq!(board.titles(), ["Boat fair", "Lanterns"]);
    board.write("quay/all.ics", calendar(&[("b@quay.example", "20270501", "Schiffchenmarkt")]));
    board.run(&now(2), &[]);
    assert_eq!(board.titles(), ["Boat fair", "Lanterns"]);
}
