//! `noticeboard inspect`: what the readers make of one file, for those who measure them.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;

const FEED: &str = "<rss version='2.0'><channel><title>Lake</title><item><title>Swim</title><link>/swim/</link>\
    <description>Cold &lt;script&gt;x()&lt;/script&gt;&lt;b&gt;water&lt;/b&gt;</description><pubDate>Fri, 14 Mar 2025 10:00:00 +0200</pubDate></item></channel></rss>";

fn said(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("noticeboard").unwrap().arg("inspect").args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_feed_tells_all_it_says_with_nothing_active() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feed.xml");
    fs::write(&file, FEED).unwrap();
    let file = file.to_str().unwrap();
    let facts = json(&said(&["--facts", file, "--base", "https://lake.example/feed"]));
    assert_eq!((facts["format"].as_str(), facts["feed"]["title"].as_str()), (Some("rss20"), Some("Lake")));
    let entry = &facts["entries"][0];
    assert_eq!(entry["url"], "https://lake.example/swim/");
    assert_eq!(entry["summary"], "Cold <b>water</b>");
    assert_eq!(entry["published"], "2025-03-14T08:00:00Z");
    let both = said(&["facts", file, file]);
    assert_eq!(both.lines().map(|line| json(line)["facts"]["format"].clone()).collect::<Vec<_>>(), ["rss20", "rss20"]);
}

#[test]
fn cases_are_read_with_what_their_server_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    let case = r#"{"id": "a", "kind": "feed", "file": "feed.xml", "http": {"url": "https://lake.example/feed", "headers": {"content-location": "/pond/", "Content-Language": "fi"}}}"#;
    let cases = folder.path().join("cases.jsonl");
    fs::write(&cases, format!("{case}\n{{\"id\": \"b\", \"kind\": \"rrule\"}}\nno JSON\n")).unwrap();
    let said = said(&["cases", cases.to_str().unwrap()]);
    let answer = json(said.trim());
    assert_eq!((answer["id"].as_str(), answer["facts"]["feed"]["language"].as_str()), (Some("a"), Some("fi")));
}

#[test]
fn a_date_is_told_in_utc_and_what_is_none_as_an_empty_line() {
    assert_eq!(said(&["date", "Fri, 14 Mar 2025 10:00 CET", "soon"]), "2025-03-14T09:00:00Z\n\n");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let output = Command::cargo_bin("noticeboard").unwrap().args(["inspect", "facts", "nowhere.xml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere.xml"));
}
