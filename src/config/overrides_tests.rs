//! Files of overrides: what is understood, and what is said about mistakes.

use crate::config::{ConfigError, decide};
use crate::model::*;
use std::path::Path;

fn rules() -> Rules {
    let mut site = Site::nowhere(crate::zone::by_name("Europe/Dublin").unwrap()).unwrap();
    site.url = web_url("https://board.ponds.example/").unwrap();
    Rules::plain(site)
}

fn decided(text: &str) -> Result<Rules, ConfigError> {
    let mut rules = rules();
    let folder = Path::new("/srv/ponds");
    decide(&mut rules, text, &folder.join("overrides.toml"), folder).map(|()| rules)
}

fn told(text: &str) -> String {
    decided(text).expect_err("this file has mistakes").to_string()
}

#[test]
fn an_event_is_named_in_many_ways() {
    for (written, text) in [
        ("cb2df639-3407-8405-8cea-85a77a6b3cf2", "id:cb2df639-3407-8405-8cea-85a77a6b3cf2"),
        ("urn:uuid:CB2DF639-3407-8405-8cea-85a77a6b3cf2", "id:cb2df639-3407-8405-8cea-85a77a6b3cf2"),
        ("cb2df639", "id:cb2df639"),
        ("winter-camp-cb2df639", "id:cb2df639"),
        ("https://board.ponds.example/events/winter-camp-cb2df639/", "id:cb2df639"),
        ("https://ponds.example/camp/#top", "url:ponds.example/camp"),
        ("uid:camp@ponds.example", "uid:camp@ponds.example"),
        ("  blog   path:posts/a b.md", "blog path:posts/a b.md"),
        ("blog https://ponds.example/camp", "blog url:ponds.example/camp"),
        ("blog cb2df639", "blog id:cb2df639"),
    ] {
        let rules = decided(&format!("[[event]]\nmatch = \"{written}\"\nhide = true\n")).unwrap();
        assert_eq!(rules.overrides.events()[0].name.text, text, "{written}");
    }
    let rules = decided("[[event]]\nsource = \"blog\"\nmatch = \"path:a.md\"\nhide = true\n").unwrap();
    let name = &rules.overrides.events()[0].name;
    assert_eq!((name.text.as_str(), name.line), ("blog path:a.md", 3));
}

#[test]
fn moments_are_written_as_toml_or_as_text() {
    for (written, expected) in [
        ("2026-05-03", "Day(2026-05-03)"),
        ("\"2026-05-03\"", "Day(2026-05-03)"),
        ("2026-05-03T18:00", "Clock(2026-05-03T18:00:00)"),
        ("2026-05-03 18:00:00", "Clock(2026-05-03T18:00:00)"),
        ("\"2026-05-03 18:00\"", "Clock(2026-05-03T18:00:00)"),
        ("2026-05-03T18:00:00Z", "Moment(2026-05-03T18:00:00Z)"),
        ("\"2026-05-03 18:00+02:00\"", "Moment(2026-05-03T16:00:00Z)"),
    ] {
        let rules = decided(&format!("[[event]]\nmatch = \"cb2df639\"\nstart = {written}\n"));
        let rules = rules.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(format!("{:?}", rules.overrides.events()[0].fixes.start.unwrap()), expected, "{written}");
    }
}

#[test]
fn every_mistake_is_told_with_its_place() {
    insta::assert_snapshot!(told("[[event]]\nmatch = \"the camp\"\nhide = true\n"), @r#"
overrides.toml:2:9: expected an id, an address, or a name as `explain` prints it, such as `blog path:posts/a.md`, in `match`, but found `the camp`
  |
2 | match = "the camp"
  |         ^^^^^^^^^^
"#);
    insta::assert_snapshot!(told("[[event]]\nmatch = \"path:a.md\"\nhide = 1\n"), @r#"
overrides.toml:2:9: expected the source before `path:a.md`, as such a name counts only there
  |
2 | match = "path:a.md"
  |         ^^^^^^^^^^^ write `SOURCE path:a.md`
overrides.toml:3:8: expected `true` or `false`, but found `1` in `hide`
  |
3 | hide = 1
  |        ^
"#);
    for (text, expected) in [
        ("[[event]]\nhide = true\n", "1:1: expected the key `match` in `[[event]]`, but it is missing"),
        ("[[event]]\nmatch = \"cb2df639\"\n", "2:9: expected what becomes of it, such as `hide = true`"),
        (
            "[[event]]\nmatch = \"cb2df639\"\nhide = true\napprove = true\n",
            "2:9: expected one of `hide`, `approve` and `refuse`",
        ),
        ("[[event]]\nmatch = \"cb2df639\"\nstart = 18:00:00\n", "3:9: expected a day such as 2026-05-03 or a time"),
        ("[[event]]\nmatch = \"cb2df639\"\nstart = 99999-01-01\n", "3:"),
        (
            "[[event]]\nmatch = \"cb2df639\"\nstart = 2026-05-03\nend = 2026-05-02\n",
            "4:7: expected an end after `start`",
        ),
        (
            "[[event]]\nmatch = \"cb2df639\"\nstatus = \"gone\"\n",
            "3:10: expected `scheduled`, `tentative`, `cancelled` or `postponed`",
        ),
        ("[[event]]\nmatch = \"cb2df639\"\nurl = \"camp\"\n", "3:7: expected an address such as"),
        (
            "[[event]]\nmatch = \"cb2df639\"\ntime_zone = \"Dublin\"\nstart = 2026-05-03\n",
            "3:13: unknown time zone `Dublin`",
        ),
        ("[[event]]\nmatch = \"cb2df639\"\ntitle = \" \"\n", "3:9: expected some text in `title`"),
        ("[[together]]\nmatch = [\"cb2df639\"]\n", "2:9: expected two or more names in `match`, but found 1"),
        ("[[apart]]\nmatch = [\"uid:a@x\", \"uid:a@x\"]\n", "2:21: `uid:a@x` is named twice"),
        ("[tags]\n\"a\" = \" \"\n", "2:7: expected a spelling and the tag to use"),
        ("[places]\n\"a\" = 3\n", "2:7: expected text in quotes, but found `3` in `a`"),
        ("[[events]]\n", "1:3: unknown key `events`, expected `event`, "),
        ("[[event]\n", "1:"),
    ] {
        let told = told(text);
        assert!(told.starts_with(&format!("overrides.toml:{expected}")), "{text}{told}");
    }
}

#[test]
fn spellings_of_tags_lead_on_from_those_of_the_config() {
    let mut rules = rules();
    let tag = |text: &str| Tag::new(text).unwrap();
    rules.tag_aliases = [(tag("meet-up"), tag("meetup")), (tag("race"), tag("races"))].into();
    let text = "[tags]\nMeetup = \"gathering\"\nraces = \"race\"\n";
    decide(&mut rules, text, Path::new("overrides.toml"), Path::new("")).unwrap();
    let expected = [("meet-up", "gathering"), ("meetup", "gathering"), ("races", "race")];
    assert_eq!(rules.tag_aliases, expected.map(|(from, to)| (tag(from), tag(to))).into());
}

#[test]
fn every_key_of_the_described_file_is_understood() {
    let described = std::fs::read_to_string("config/overrides.toml").unwrap();
    assert!(decided(&described).unwrap().overrides.is_empty(), "the demo decides nothing");
    let in_use: Vec<&str> = described
        .lines()
        .filter_map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with([' ']) && !rest.is_empty()))
        .collect();
    let rules = decided(&in_use.join("\n")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((rules.overrides.events().len(), rules.overrides.bonds().len(), rules.places.len()), (4, 2, 1));
    let fixes = serde_json::to_value(&rules.overrides.events()[0].fixes).unwrap();
    assert!(fixes.as_object().unwrap().values().all(|fix| !fix.is_null()), "every key is described: {fixes}");
}

#[test]
fn any_bytes_end_in_rules_or_mistakes() {
    use proptest::prelude::*;
    let word = prop::sample::select(vec![
        "[[event]]\n",
        "[[together]]\n",
        "[tags]\n",
        "match",
        "start",
        "hide",
        " = ",
        "\"",
        "[",
        "]",
        "true",
        "2026-05-03",
        "uid:",
        "é",
        "\n",
        "\\u0000",
    ]);
    let texts = prop::collection::vec(word, 0..40).prop_map(|words| words.concat());
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) }, |(text in texts)| {
        let _ = decided(&text);
    });
}
