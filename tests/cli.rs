//! The program as a person meets it: exit codes, messages, help, and the files that are shipped with it.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with a config in it.
fn folder(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("noticeboard.toml"), config).unwrap();
    folder
}

/// Exit code, standard output and standard error of a command line.
fn noticeboard(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("noticeboard").unwrap().current_dir(folder).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const MISTAKEN: &str = r#"[site]
title = "Open ponds"
url = "https://ponds.example/"
time_zone = "Europe/Helsinky"

[[source]]
id = "blog"
from.git = { url = "https://git.example/site", brnch = "main" }
"#;

#[test]
fn a_mistaken_config_is_told_line_by_line_with_exit_code_2() {
    let folder = folder(MISTAKEN);
    for command in [&["run"][..], &["check"], &["explain", "x"], &["preview", "x.md"]] {
        let (code, out, err) = noticeboard(folder.path(), command);
        assert_eq!((code, out.as_str()), (2, ""), "{command:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(err, @r#"
noticeboard.toml:4:13: unknown time zone `Europe/Helsinky`, expected a name such as `Europe/Bucharest`
  |
4 | time_zone = "Europe/Helsinky"
  |             ^^^^^^^^^^^^^^^^^
noticeboard.toml:8:48: unknown key `brnch`, expected `url`, `branch`, `include`, `exclude` or `allow_private`
  |
8 | from.git = { url = "https://git.example/site", brnch = "main" }
  |                                                ^^^^^ did you mean `branch`?
"#);
        }
    }
}

#[test]
fn a_missing_config_is_told_with_a_way_out() {
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = noticeboard(empty.path(), &["run"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r"
no config file: expected `config/noticeboard.toml` or `noticeboard.toml`
  hint: write one (README.md has one to copy), or name yours with --config FILE
");
    let (code, _, err) = noticeboard(empty.path(), &["check", "--config", "mine.toml"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r"
no config file: expected `mine.toml`
  hint: write one (README.md has one to copy), or name yours with --config FILE
");
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    let folder = folder(&MISTAKEN.replace("Helsinky", "Helsinki").replace("brnch", "branch"));
    for words in [&[][..], &["rnu"], &["run", "--quick"], &["preview"], &["run", "--now", "tomorrow"]] {
        let (code, out, err) = noticeboard(folder.path(), words);
        assert_eq!((code, out.as_str()), (2, ""), "{words:?}");
        assert!(!err.is_empty(), "{words:?}");
    }
    let (code, _, err) = noticeboard(folder.path(), &["run", "--only", "blgo"]);
    assert_eq!((code, err.as_str()), (2, "--only: unknown source `blgo`, expected `blog`; did you mean `blog`?\n"));
}

#[test]
fn help_lists_the_commands_that_exist() {
    let (code, out, _) = noticeboard(Path::new("."), &["--help"]);
    assert_eq!(code, 0);
    let listed: Vec<&str> = out
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(listed, ["run", "check", "preview", "explain", "review", "forget", "store", "schema", "help"]);
    for command in listed {
        assert_eq!(noticeboard(Path::new("."), &[command, "--help"]).0, if command == "help" { 2 } else { 0 });
    }
}

#[test]
fn the_schema_is_json_and_closed() {
    let empty = tempfile::tempdir().unwrap();
    let (code, out, err) = noticeboard(empty.path(), &["schema"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], serde_json::json!(["site", "source"]));
    assert_eq!(schema["properties"]["source"]["items"]["additionalProperties"], false);
}

const POSTS: &str = r#"{"id": "fair", "language": "en", "published": "2026-03-01", "title": "Kite fair", "format": "markdown", "body": "Join us for the kite fair from the 5th to the 7th of June 2026 in Turku, Finland.", "gold": 7}
{"id": "notes", "language": "en", "published": "2026-03-01", "title": "Release notes", "format": "html", "body": "<p>Version 1.2 mends three leaks.</p>"}

{"id": "broken"
{"id": "evening", "language": "en", "published": null, "title": "Knot evening", "format": "mdx", "body": "Join our knot evening on 12 May 2026 at 18:30 CEST, online."}
"#;

#[test]
fn eval_answers_each_post_with_a_line_and_tells_which_line_is_no_post() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), POSTS).unwrap();
    let (code, out, err) = noticeboard(folder.path(), &["eval", "posts.jsonl"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.starts_with("posts.jsonl:4: expected a post as a JSON object") && err.lines().count() == 1, "{err}");
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = answers.iter().filter_map(|answer| answer["id"].as_str()).collect();
    assert_eq!(ids, ["fair", "notes", "evening"]);
    let fair = &answers[0]["events"][0];
    assert_eq!((fair["start"].as_str(), fair["end"].as_str()), (Some("2026-06-05"), Some("2026-06-07")));
    assert_eq!((fair["location"].as_str(), fair["all_day"].as_bool()), (Some("Turku, Finland"), Some(true)));
    assert_eq!(
        (answers[1]["events"].as_array().unwrap().len(), answers[1]["review"].as_array().unwrap().len()),
        (0, 0)
    );
    let evening = &answers[2]["events"][0];
    assert_eq!(
        (evening["start"].as_str(), evening["tz"].as_str()),
        (Some("2026-05-12T18:30:00+02:00"), Some("Europe/Berlin"))
    );
    assert_eq!(evening["online"], true);
    assert_eq!(noticeboard(folder.path(), &["eval", "none.jsonl"]).0, 1);
}

#[test]
fn eval_weighs_by_the_table_it_is_given_or_says_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let posts: Vec<&str> = POSTS.lines().filter(|line| !line.contains("broken")).collect();
    fs::write(folder.path().join("posts.jsonl"), posts.join("\n")).unwrap();
    fs::write(folder.path().join("never.toml"), "any = -50.0\n").unwrap();
    fs::write(folder.path().join("wrong.toml"), "no-such-evidence = 1.0\n").unwrap();
    let with = |file| noticeboard(folder.path(), &["eval", "posts.jsonl", "--scores", file]);
    let (code, out, _) = with("never.toml");
    assert_eq!((code, out.matches("\"events\":[]").count()), (0, 3), "{out}");
    let (code, out, err) = with("wrong.toml");
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "--scores: wrong.toml: expected a piece of evidence, found `no-such-evidence`\n");
    assert_eq!(with("none.toml").0, 2);
}

#[test]
fn inspect_prints_the_evidence_of_every_date() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("posts.jsonl"), POSTS).unwrap();
    let (code, out, err) = noticeboard(folder.path(), &["inspect", "evidence", "posts.jsonl", "posts.jsonl"]);
    assert_eq!((code, err.lines().count()), (1, 2), "{err}");
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 6);
    let fair = &answers[0]["candidates"][0];
    assert_eq!((fair["first"].as_str(), fair["last"].as_str()), (Some("2026-06-05"), Some("2026-06-07")));
    assert!(fair["evidence"].as_array().unwrap().contains(&"any".into()), "{fair}");
    assert_eq!(answers[1], serde_json::json!({"id": "notes", "candidates": []}));
}

#[test]
fn the_configs_we_show_are_sound() {
    noticeboard::config::load(Path::new("config/noticeboard.toml")).unwrap_or_else(|error| panic!("{error}"));
    let readme = fs::read_to_string("README.md").unwrap();
    let shown: Vec<&str> = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!shown.is_empty(), "README.md shows no config");
    let is_config = |text: &&&str| text.contains("[site]");
    let by_hand = shown.iter().filter(|text| !is_config(text)).copied().collect::<Vec<&str>>().concat();
    assert!(by_hand.contains("[[apart]]"), "README.md shows nothing that is decided by hand");
    for config in shown.iter().filter(is_config) {
        let folder = folder(config);
        fs::write(folder.path().join("overrides.toml"), &by_hand).unwrap();
        noticeboard::config::load(&folder.path().join("noticeboard.toml")).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_readme_names_every_command_and_every_room() {
    let readme = fs::read_to_string("README.md").unwrap();
    for command in ["run", "check", "preview", "explain", "review", "schema"] {
        assert!(readme.contains(&format!("`noticeboard {command}")), "README.md does not tell of `{command}`");
    }
    for entry in fs::read_dir("src").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(readme.contains(&name), "the map in README.md has no `{name}`");
    }
}
