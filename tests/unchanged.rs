//! What does not change costs nothing and moves nothing; what changes is told once, under the name it had.

mod common;

use common::{Board, POSTS, nth_post, post};
use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

const NOW: &str = "2026-12-01T12:00:00Z";
const LATER: &str = "2026-12-01T13:00:00Z";

/// Posts that were written a while ago: what is seconds old is looked at again, as it may still change.
fn posts(board: &Board, count: usize) {
    let earlier = SystemTime::now() - Duration::from_secs(3600);
    for n in 0..count {
        let name = format!("posts/post-{n:04}.md");
        board.write(&name, nth_post(n, ""));
        fs::File::options().write(true).open(board.path(&name)).unwrap().set_modified(earlier).unwrap();
    }
}

fn picnic(title: &str, day: &str) -> String {
    post(title, "2026-11-05T10:00:00Z", &format!("startDate: {day}"), "Bring gloves.")
}

#[test]
fn the_same_input_twice_touches_no_file_but_the_health_page() {
    let board = Board::new(POSTS);
    posts(&board, 30);
    board.write("posts/calendar.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:weekly@x\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/Lisbon:20261103T190000\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Open shed\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    board.run_well(NOW);
    let before = board.output();
    let told = board.run(LATER, &["--all", "-v"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(told.out.contains("0 documents read, 0 artifacts rendered, 0 written"), "{}", told.out);
    assert!(board.output() == before, "the second run touched a file");
    assert!(board.published("health.json").contains("2026-12-01T13:00:00"), "the health page tells of the last run");
}

#[test]
fn the_next_day_moves_only_what_depends_on_the_day() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2026-12-02"));
    board.run_well(NOW);
    let before = board.output();
    board.run_well("2026-12-03T12:00:00Z");
    let after = board.output();
    let moved: Vec<&String> = after.keys().filter(|name| after[*name] != before[*name]).collect();
    let daily = |name: &&&String| {
        name.ends_with("index.html")
            || name.ends_with("embed.html")
            || name.ends_with("embed.inc")
            || name.ends_with("manifest.json")
    };
    assert!(moved.contains(&&"index.html".to_owned()), "what was upcoming is past: {moved:?}");
    assert_eq!(moved.iter().filter(|name| !daily(name)).collect::<Vec<_>>(), Vec::<&&String>::new());
}

/// User instructions of a run, counted by valgrind: the same wherever it is counted.
fn instructions(board: &Board, now: &str) -> u64 {
    let plain = board.command(now, &["--all"]);
    let counts = board.path("counts");
    let mut counted = Command::new("valgrind");
    counted
        .args(["--tool=callgrind", "--log-file=/dev/null"])
        .arg(format!("--callgrind-out-file={}", counts.display()));
    counted.arg(plain.get_program()).args(plain.get_args()).current_dir(board.root());
    let output = counted.output().expect("valgrind is needed to count instructions");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&counts).unwrap();
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    total.and_then(|total| total.trim().parse().ok()).expect("callgrind counts")
}

/// The first run over 1,000 posts takes more instructions than one over a quarter of them, so that much is enough to count.
#[test]
fn a_second_run_over_1000_posts_takes_at_most_a_tenth_of_the_first_one_s_instructions() {
    let quarter = Board::new(POSTS);
    posts(&quarter, 250);
    let first = instructions(&quarter, NOW);
    let board = Board::new(POSTS);
    posts(&board, 1000);
    board.run_well(NOW);
    let second = instructions(&board, LATER);
    eprintln!("{first} instructions for a quarter, then {second}: {:.1} %", second as f64 * 100.0 / first as f64);
    assert!(second * 10 <= first, "{second} instructions after {first}");
}

#[test]
fn an_edited_title_and_date_are_the_same_event_revised() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.write("posts/b.md", picnic("Net mending", "2027-02-01"));
    board.run_well(NOW);
    let (before, other) = (board.event("Picnic"), board.event("Net mending"));
    board.write("posts/a.md", picnic("Big picnic", "2027-02-02"));
    board.run_well(LATER);
    let after = board.event("Big picnic");
    assert_eq!(after.get("UID"), before.get("UID"));
    assert_eq!((before.number("SEQUENCE"), after.number("SEQUENCE")), (0, 1));
    assert_eq!(before.get("LAST-MODIFIED"), Some("20261105T100000Z"));
    assert_eq!(after.get("LAST-MODIFIED"), Some("20261201T130000Z"));
    assert_eq!(after.get("DTSTAMP"), Some("20261201T130000Z"));
    assert_eq!(after.get("DTSTART"), Some("20270202"));
    assert_eq!(board.event("Net mending"), other, "others stay as they are, byte for byte");
    assert_eq!(board.events().len(), 2);
}

#[test]
fn white_space_and_tags_raise_no_sequence() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.run_well(NOW);
    let before = board.event("Picnic");
    board.write(
        "posts/a.md",
        picnic("Picnic", "2027-02-01\ntags: [water]").replace("Bring gloves.", "\n\nBring\ngloves.\n"),
    );
    board.run_well(LATER);
    let after = board.event("Picnic");
    assert_eq!(after.get("CATEGORIES"), Some("water"));
    for stays in ["SEQUENCE", "LAST-MODIFIED", "DTSTAMP"] {
        assert_eq!(after.get(stays), before.get(stays), "{stays}");
    }
}

#[test]
fn a_tag_alias_reaches_old_posts_without_their_source() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01\ntags: [get-together]"));
    board.run_well(NOW);
    let before = board.event("Picnic");
    fs::rename(board.path("posts"), board.path("elsewhere")).unwrap();
    board.configure(&format!("{POSTS}\n[tags.aliases]\nmeetup = [\"get-together\"]\n"));
    board.run(LATER, &[]);
    let after = board.event("Picnic");
    assert_eq!(after.get("CATEGORIES"), Some("meetup"));
    assert_eq!(after.get("SEQUENCE"), before.get("SEQUENCE"));
    assert!(board.published("tags/meetup/feed.atom").contains("Picnic"));
    assert!(!board.published("tags/get-together/feed.atom").contains("Picnic"), "a slice that empties stays, empty");
}

#[test]
fn a_published_file_deleted_by_hand_comes_back() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.run_well(NOW);
    let before = board.output();
    for file in ["events.ics", "sources/posts/feed.rss"] {
        board.remove(&format!("public/{file}"));
    }
    board.run_well(LATER);
    assert_eq!(common::bytes(&board.output()), common::bytes(&before));
}

#[test]
fn a_deleted_file_of_a_slice_comes_back_within_the_hour_and_at_once_with_one_of_the_board() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.run_well(NOW);
    let before = board.output();
    let gone = |board: &Board| before.len() - board.output().len();
    board.remove("public/sources/posts/feed.rss");
    board.run_well("2026-12-01T12:10:00Z");
    assert_eq!(gone(&board), 1);
    board.run_well(LATER);
    assert_eq!(gone(&board), 0);
    board.remove("public/sources/posts/feed.rss");
    board.remove("public/events.ics");
    board.run_well("2026-12-01T13:10:00Z");
    assert_eq!(gone(&board), 0);
    board.remove("public/sources/posts/feed.rss");
    board.write("posts/b.md", picnic("Net mending", "2027-02-03"));
    board.run_well("2026-12-01T13:20:00Z");
    assert!(
        board.published("sources/posts/feed.rss").contains("Net mending"),
        "a slice that shows a change is looked at"
    );
}

#[test]
fn a_lost_output_folder_comes_back_whole() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.run_well(NOW);
    let before = board.output();
    fs::remove_dir_all(board.path("public")).unwrap();
    board.run_well(LATER);
    assert_eq!(common::bytes(&board.output()), common::bytes(&before));
}

#[test]
fn a_publisher_taken_out_takes_its_files_along_and_nobody_else_s() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.write("public/CNAME", "board.paperboats.example");
    board.write("public/sources/posts/notes.txt", "mine");
    board.run_well(NOW);
    let config = fs::read_to_string(board.path("noticeboard.toml")).unwrap();
    let publish = "directory = \"public\"\npublish = [\"atom\", \"icalendar\", \"page\"]";
    board.write("noticeboard.toml", config.replace("directory = \"public\"", publish));
    board.run_well(LATER);
    let left = board.output();
    for gone in ["feed.rss", "feed.json", "events.json", "sources/posts/feed.rss"] {
        assert!(!left.contains_key(gone), "{gone} stayed");
    }
    for stays in ["CNAME", "sources/posts/notes.txt", "feed.atom", "events.ics", "index.html"] {
        assert!(left.contains_key(stays), "{stays} is gone");
    }
    for (name, (bytes, _)) in left.iter().filter(|(name, _)| !name.starts_with(".noticeboard/")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("feed.rss") && !text.contains("feed.json"), "{name} still refers to a removed file");
    }
}

#[test]
fn a_foreign_file_in_the_way_is_not_overwritten() {
    let board = Board::new(POSTS);
    board.write("posts/a.md", picnic("Picnic", "2027-02-01"));
    board.write("public/feed.atom", "mine");
    let told = board.run(NOW, &[]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.err.contains("feed.atom"), "{}", told.err);
    assert_eq!(board.published("feed.atom"), "mine");
}

#[test]
fn a_post_appears_at_its_publish_date_and_leaves_at_its_expiry_date_without_being_touched() {
    let board = Board::new(POSTS);
    let fields = "publishDate: 2026-12-01T05:30:00Z\nexpiryDate: 2026-12-01T08:30:00Z\nstartDate: 2027-01-10";
    board.write("posts/regatta.md", post("Regatta", "2026-12-01", fields, "On the weir."));
    board.write("posts/other.md", post("Other", "2026-11-06", "", "Text."));
    let shown = |hour: u32| {
        board.run_well(&format!("2026-12-01T{hour:02}:00:00Z"));
        (board.published("feed.atom").contains("Regatta"), board.titles().contains(&"Regatta".to_owned()))
    };
    assert_eq!(shown(5), (false, false));
    assert_eq!(shown(6), (true, true));
    assert_eq!(shown(8), (true, true));
    assert_eq!(shown(9), (false, false));
}
