//! What waits for a person: unsure words and sources that are not trusted, and what becomes of it.

mod common;

use common::{Board, POSTS, calendar_of as calendar, post};

fn now(day: u32) -> String {
    format!("2026-11-{day:02}T12:00:00Z")
}

fn regatta() -> String {
    post(
        "Regatta",
        "2026-10-05T10:00:00Z",
        "startDate: 2027-02-12\naddress: \"Weir Bridge\"",
        "Bring paper of eighty grams.",
    )
}

fn folder(id: &str, trust: &str) -> String {
    let trust = if trust.is_empty() { String::new() } else { format!("trust = \"{trust}\"\n") };
    format!("[[source]]\nid = \"{id}\"\n{trust}from.directory = {{ path = \"{id}\", include = [\"*.ics\"] }}\n")
}

#[test]
fn what_is_unsure_waits_until_it_is_approved_and_goes_when_it_is_refused() {
    let board = Board::new(&format!("{POSTS}\n[review]\nconfidence = 1\n"));
    board.write(
        "posts/walk.md",
        post("Spring walk", "2026-10-05T10:00:00Z", "", "The spring walk takes place on 3 March 2027 in Turku."),
    );
    board.run_well(&now(1));
    assert_eq!(board.titles(), Vec::<String>::new());
    board.write(
        "overrides.toml",
        "[[event]]\nmatch = \"posts path:walk.md\"\napprove = true\nplace = \"Turku, the square\"\n",
    );
    board.run_well(&now(2));
    let event = board.event("Spring walk");
    assert_eq!(event.get("LOCATION"), Some("Turku\\, the square"));
    let id = event.get("UID").unwrap().to_owned();
    board.write(
        "posts/walk.md",
        post(
            "Spring walk, once more",
            "2026-10-05T10:00:00Z",
            "",
            "The spring walk takes place on 4 March 2027 in Turku.",
        ),
    );
    board.run_well(&now(3));
    assert_eq!(board.event("Spring walk\\, once more").get("UID"), Some(id.as_str()));
    board.write("overrides.toml", "[[event]]\nmatch = \"posts path:walk.md\"\nrefuse = true\n");
    board.run_well(&now(4));
    assert_eq!(board.titles(), Vec::<String>::new());
    board.write("overrides.toml", format!("[[event]]\nmatch = \"{id}\"\napprove = true\n"));
    board.run_well(&now(5));
    assert_eq!(board.event("Spring walk\\, once more").get("UID"), Some(id.as_str()));
}

/// What waits, by title, with the reason.
fn waiting(board: &Board) -> Vec<(String, String)> {
    let told = board.tell(&["review", "--json", "--now", &now(1)]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    let items: Vec<serde_json::Value> = serde_json::from_str(&told.out).unwrap();
    let text = |item: &serde_json::Value, key: &str| item[key].as_str().unwrap().to_owned();
    items.iter().map(|item| (text(item, "title"), text(item, "why"))).collect()
}

#[test]
fn a_source_is_trusted_as_far_as_the_config_says() {
    let sources = |trust: &str| folder("town", "") + &folder("fringe", trust);
    let with_place = |text: String| text.replace("SUMMARY", "LOCATION:The fringe\r\nSUMMARY");
    let board = Board::new(&sources("review"));
    board.write("town/all.ics", calendar(&[("fair@town.example", "20270301", "Boat fair")]));
    let told = [("fair@town.example", "20270301", "Boat fair"), ("own@fringe.example", "20270401", "Fringe night")];
    board.write("fringe/all.ics", with_place(calendar(&told)));

    board.run_well(&now(1));
    assert_eq!(board.titles(), ["Boat fair"]);
    assert_eq!(board.event("Boat fair").get("LOCATION"), None, "who is not trusted fills nothing in");
    let own = ("Fringe night".to_owned(), "no source of trust tells of it".to_owned());
    assert_eq!(waiting(&board), [own], "what a source of trust tells of too does not wait");
    let id = board.event("Boat fair").get("UID").unwrap().to_owned();
    board.run_well("2026-11-01T13:00:00Z");
    assert_eq!(waiting(&board).len(), 1, "it waits also after a run without news");

    board.configure(&sources("approval"));
    board.run_well(&now(2));
    assert_eq!(board.titles(), ["Boat fair"]);
    let titles: Vec<String> = waiting(&board).into_iter().map(|(title, _)| title).collect();
    assert_eq!(titles, ["Boat fair", "Fringe night"]);

    board.write("overrides.toml", "[[event]]\nmatch = \"uid:own@fringe.example\"\napprove = true\n\n[[event]]\nmatch = \"fringe uid:fair@town.example\"\napprove = true\n");
    board.run_well(&now(3));
    assert_eq!(board.titles(), ["Boat fair", "Fringe night"]);
    assert_eq!(board.event("Boat fair").get("LOCATION"), Some("The fringe"));
    assert_eq!(board.event("Boat fair").get("UID"), Some(id.as_str()));
    assert!(waiting(&board).is_empty());

    board.remove("overrides.toml");
    board.run_well(&now(4));
    assert_eq!(board.titles(), ["Boat fair"]);
    board.configure(&sources(""));
    board.run_well(&now(5));
    assert_eq!(board.titles(), ["Boat fair", "Fringe night"]);
    assert!(waiting(&board).is_empty());
}

#[test]
fn a_source_that_is_not_trusted_joins_no_events_of_others() {
    let board = Board::new(&(folder("town", "") + &folder("quay", "") + &folder("fringe", "review")));
    board.write("town/all.ics", calendar(&[("a@town.example", "20270301", "Boat fair")]));
    board.write("quay/all.ics", calendar(&[("b@quay.example", "20270301", "Night of lanterns")]));
    let both = calendar(&[("a@town.example", "20270301", "Boat fair")]);
    board.write("fringe/all.ics", both.replace("SUMMARY", "URL:https://quay.example/lanterns\r\nSUMMARY"));
    let lanterns = calendar(&[("b@quay.example", "20270301", "Night of lanterns")]);
    board.write("quay/all.ics", lanterns.replace("SUMMARY", "URL:https://quay.example/lanterns\r\nSUMMARY"));
    board.run_well(&now(1));
    assert_eq!(board.titles(), ["Boat fair", "Night of lanterns"]);
    board.configure(&(folder("town", "") + &folder("quay", "") + &folder("fringe", "")));
    board.run_well(&now(2));
    assert_eq!(board.titles(), ["Boat fair"], "a trusted one does");
}

#[test]
fn a_review_is_answered_line_by_line_and_leaves_the_rest_of_the_file_alone() {
    let board = Board::new(&format!("{POSTS}\n[review]\nconfidence = 1\n"));
    for (name, title, day) in
        [("a", "Spring \\\"walk\\\"", 3), ("b", "Spring swim", 4), ("c", "Spring climb", 5), ("d", "Spring dive", 6)]
    {
        let text = format!("The outing takes place on {day} March 2027 in Turku.");
        board.write(&format!("posts/{name}.md"), post(title, "2026-10-05T10:00:00Z", "", &text));
    }
    board.run_well(&now(1));
    let told = board.tell(&["review", "--now", &now(1)]);
    assert!(
        told.out.contains("The outing takes place on 3 March 2027 in Turku.\n") && told.out.contains("^^^"),
        "{}",
        told.out
    );
    assert!(told.out.ends_with("4 events wait for a decision\n"), "{}", told.out);

    let before = "# ours\n[[apart]] # kept\nmatch = [\"uid:x1\", \"uid:x2\"]";
    board.write("overrides.toml", before);
    board
        .write("answers", "x\nw soon\nt The walk\nw 2027-03-10 18:00 to 2027-03-10 20:00\np Old Laundry\na\nr\ns\nq\n");
    let told = board.tell(&["review", "--now", &now(1), "--answers", "answers"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(
        told.out.contains(
            "expected a day such as 2026-05-03 or a time such as 2026-05-03T18:00 in `start`, but found `soon`"
        ),
        "{}",
        told.out
    );
    assert!(told.out.contains("2 decisions written to "), "{}", told.out);
    let after = std::fs::read_to_string(board.path("overrides.toml")).unwrap();
    let expected = "\n\n[[event]]\nmatch = \"posts url:paperboats.example/a\"\nnote = \"Spring \\\"walk\\\"\"\ntitle = \"The walk\"\nstart = \"2027-03-10 18:00\"\nend = \"2027-03-10 20:00\"\nplace = \"Old Laundry\"\napprove = true\n\n[[event]]\nmatch = \"posts url:paperboats.example/b\"\nnote = \"Spring swim\"\nrefuse = true\n";
    assert_eq!(after, format!("{before}{expected}"));

    let titles = |board: &Board| waiting(board).into_iter().map(|(title, _)| title).collect::<Vec<_>>();
    assert_eq!(titles(&board), ["Spring climb", "Spring dive"], "what was decided since the last run does not wait");
    board.run(&now(2), &[]);
    assert_eq!(board.titles(), ["The walk"]);
    assert_eq!(board.event("The walk").get("DTSTART"), Some("20270310T180000"));
    assert_eq!(titles(&board), ["Spring climb", "Spring dive"]);
}

#[test]
fn the_page_of_what_waits_is_written_where_the_config_asks_for_it() {
    let board = Board::new(&format!("{POSTS}\n[review]\nconfidence = 1\n"));
    board.write(
        "posts/a.md",
        post("Spring walk", "2026-10-05T10:00:00Z", "", "The walk takes place on 3 March 2027 in Turku."),
    );
    board.run_well(&now(1));
    assert!(!board.path("public/review.html").exists());
    let config = std::fs::read_to_string(board.path("noticeboard.toml")).unwrap();
    board.write("noticeboard.toml", config.replace("[output]\n", "[output]\nreview = true\n"));
    board.run_well(&now(2));
    let page = board.published("review.html");
    for part in [
        "1 event waits for a decision",
        "Spring walk",
        "3 March 2027",
        "match = &quot;posts url:paperboats.example/a&quot;\n",
        "approve = true",
        "refuse = true",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let before = board.output();
    assert!(
        !before.iter().any(|(name, (bytes, _))| name != "review.html"
            && String::from_utf8_lossy(bytes).contains("review.html")
            && !name.contains("manifest")),
        "it is linked nowhere"
    );
    board.run_well("2026-11-02T13:00:00Z");
    assert!(board.output() == before, "an unchanged list is not written again");
    board.write("noticeboard.toml", config);
    board.run_well(&now(3));
    assert!(!board.path("public/review.html").exists());
}

#[test]
fn the_posts_of_a_source_that_is_not_trusted_are_not_published() {
    let sources = |trust: &str| POSTS.replace("id = \"posts\"", &format!("id = \"posts\"\ntrust = \"{trust}\""));
    let board = Board::new(&sources("publish"));
    board.write("posts/a.md", regatta());
    board.run_well(&now(1));
    for (day, trust, shown) in [(2, "review", 0), (3, "publish", 1), (4, "approval", 0)] {
        board.configure(&sources(trust));
        board.run_well(&now(day));
        assert_eq!(board.published("feed.atom").matches("<entry>").count(), shown, "{trust}");
        assert_eq!(board.titles().len(), shown, "{trust}");
    }
    board.write("overrides.toml", "[[event]]\nmatch = \"posts path:a.md\"\napprove = true\n");
    board.run_well(&now(5));
    assert_eq!((board.published("feed.atom").matches("<entry>").count(), board.titles().len()), (0, 1));
}

#[test]
fn an_approved_event_that_its_source_loses_is_cancelled_after_a_while_and_not_just_gone() {
    let board = Board::new(&format!("{POSTS}\n[review]\nconfidence = 1\nvanish_after_runs = 2\n"));
    let walk = |text: &str| post("Spring walk", "2026-10-05T10:00:00Z", "", text);
    board.write("overrides.toml", "[[event]]\nmatch = \"posts path:walk.md\"\napprove = true\n");
    for is_file_gone in [false, true] {
        board.write("posts/other.md", walk("We folded."));
        board.write("posts/walk.md", walk("The spring walk takes place on 3 March 2027 in Turku."));
        board.run_well(&now(1));
        let id = board.event("Spring walk").get("UID").unwrap().to_owned();
        match is_file_gone {
            true => board.remove("posts/walk.md"),
            false => board.write("posts/walk.md", walk("We will tell you soon.")),
        }
        for (day, status) in [(2, "CONFIRMED"), (3, "CANCELLED"), (4, "CANCELLED")] {
            board.run_well(&now(day));
            let event = board.event("Spring walk");
            let found = event.get("STATUS").unwrap_or("CONFIRMED");
            assert_eq!((event.get("UID"), found), (Some(id.as_str()), status), "{is_file_gone}, day {day}");
        }
    }
}

#[test]
fn an_approved_event_stays_when_it_falls_out_of_its_feed() {
    let item = |n: u32| {
        format!(
            "<item><guid isPermaLink=\"false\">{n}</guid><title>Outing {n}</title><pubDate>Mon, 05 Oct 2026 10:00:00 GMT</pubDate><description>The outing takes place on {n} March 2027 in Turku.</description></item>"
        )
    };
    let feed = |items: &[u32]| {
        let items: String = items.iter().map(|n| item(*n)).collect();
        format!("<rss version=\"2.0\"><channel><title>x</title><link>https://x.example/</link>{items}</channel></rss>")
    };
    let board = Board::new(&(folder("town", "").replace("*.ics", "*.xml") + "\n[review]\nconfidence = 1\n"));
    board.write("town/all.xml", feed(&[1, 2]));
    board.write("overrides.toml", "[[event]]\nmatch = \"town guid:1\"\napprove = true\n");
    board.run_well(&now(1));
    for (day, items) in [(2, vec![2, 3]), (3, vec![3, 4]), (4, vec![4, 5])] {
        board.write("town/all.xml", feed(&items));
        board.run_well(&now(day));
        assert_eq!(board.titles(), ["Outing 1"], "day {day}");
    }
    board.write("town/all.xml", feed(&[1, 5]));
    board.run_well(&now(5));
    assert_eq!(board.titles(), ["Outing 1"]);
}
