//! The demo board, from the command line to the published files.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

/// Publishes the demo board into a folder of the test's own.
fn run(folder: &TempDir, now: &str, further: &[&str]) -> Output {
    let mut command = Command::cargo_bin("noticeboard").unwrap();
    command.args(["run", "--config", "config/noticeboard.toml", "--now", now]);
    command.arg("--output").arg(folder.path().join("public")).arg("--store").arg(folder.path().join("board.db"));
    command.args(further).output().unwrap()
}

fn text(folder: &TempDir, file: &str) -> String {
    fs::read_to_string(folder.path().join("public").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every published file with its content and the time of its last change, except `health.*`.
fn files(root: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("health.") {
                let changed = fs::metadata(&path).unwrap().modified().unwrap();
                all.insert(name, (fs::read(&path).unwrap(), changed));
            }
        }
    }
    all
}

#[test]
fn the_demo_board_publishes_without_a_word_of_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&folder, "2026-11-23T12:00:00Z", &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), told.as_str()), (Some(0), ""));
    assert!(output.stdout.is_empty(), "without a terminal a good run is silent");
    for file in ["index.html", "feed.atom", "feed.rss", "feed.json", "events.ics", "events.json"] {
        assert!(!text(&folder, file).is_empty(), "{file} is empty");
    }
}

#[test]
fn the_demo_boards_events_have_the_days_its_authors_wrote() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, "2026-11-23T12:00:00Z", &[]);
    let calendar = text(&folder, "events.ics").replace("\r\n ", "");
    for line in [
        "SUMMARY:Winter camp at the lighthouse",
        "DTSTART;VALUE=DATE:20270212",
        "DTEND;VALUE=DATE:20270215",
        "DTSTART;TZID=Europe/Dublin:20261205T100000",
        "DTEND;TZID=Europe/Dublin:20261205T160000",
        "RRULE:FREQ=WEEKLY;BYDAY=TH",
    ] {
        assert!(calendar.contains(line), "{line} is missing in:\n{calendar}");
    }
    for absent in ["Bench", "house numbers", "Sewing", "map room", "20270125"] {
        assert!(!calendar.contains(absent), "{absent} is no event");
    }
    let feed = text(&folder, "feed.atom");
    assert!(feed.contains("Bench 0.4"), "a release note is a post");
    for hidden in ["Sewing", "map room"] {
        assert!(!feed.contains(hidden), "{hidden} must not be published");
    }
}

#[test]
fn a_second_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, "2026-11-23T12:00:00Z", &[]);
    let before = files(&folder.path().join("public"));
    let output = run(&folder, "2026-11-23T13:00:00Z", &["--all", "-v"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(before == files(&folder.path().join("public")), "the second run touched a file");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("0 documents read, 0 artifacts rendered, 0 written"), "{told}");
}

#[test]
fn something_is_upcoming_whenever_it_is_run() {
    for now in ["2026-11-23T12:00:00Z", "2031-07-01T12:00:00Z", "2049-02-03T12:00:00Z"] {
        let folder = tempfile::tempdir().unwrap();
        let output = run(&folder, now, &["-v"]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.contains("upcoming)") && !told.contains("(0 upcoming)"), "{now}: {told}");
    }
}

#[test]
fn a_dry_run_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&folder, "2026-11-23T12:00:00Z", &["--dry-run", "-v"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("would publish"));
    assert!(!folder.path().join("public").exists());
}

#[test]
fn slices_that_nobody_wants_are_not_published_and_leave_no_link() {
    let folder = TempDir::new().unwrap();
    let text = std::fs::read_to_string("config/noticeboard.toml").unwrap();
    let demo = std::fs::canonicalize("config/demo").unwrap();
    let publish = |slices: &str| {
        let text = text.replace("path = \"demo", &format!("path = \"{}", demo.display()));
        let text = text.replace("[output]\n", &format!("[output]\nslices = {slices}\n"));
        let config = folder.path().join("noticeboard.toml");
        std::fs::write(&config, text.replace("../public", "public").replace("../noticeboard.db", "x.db")).unwrap();
        Command::cargo_bin("noticeboard").unwrap().arg("--config").arg(&config).arg("run").assert().success();
    };
    let has = |name: &str| folder.path().join("public").join(name).exists();
    publish(r#"["tags", "sources"]"#);
    assert!(has("tags") && has("sources/mends/feed.atom"));
    publish(r#"["tags"]"#);
    assert!(has("tags") && !has("sources/mends/feed.atom") && has("feed.atom"));
    let page = std::fs::read_to_string(folder.path().join("public/index.html")).unwrap();
    assert!(page.contains("tags/") && !page.contains("sources/mends/"));
}
