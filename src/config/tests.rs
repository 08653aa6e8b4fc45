//! Config files with mistakes, and what is said about them.

use super::*;

const SOUND: &str = r#"
[site]
title = "Open  Ponds"
url = "https://ponds.example/events"
time_zone = "europe/helsinki"

[[source]]
id = "blog"
from.git = { url = "../site", include = ["posts/**/*.md"] }
root = "/content/"
link = "https://ponds.example/{path}/"
tags = ["Meet-Up", "pond"]

[[source]]
id = "calendar"
title = "The calendar"
from.http = { url = "webcal://ponds.example/all.ics" }
priority = 2
language = "fi"
time_zone = "Europe/Stockholm"

[tags.aliases]
meetup = ["meet-up", "meetups"]
"#;

fn check(text: &str) -> Result<Settings, ConfigError> {
    parse(text, Path::new("config/noticeboard.toml"), Path::new("/srv/ponds/config"))
}

fn told(text: &str) -> String {
    check(text).expect_err("this file has mistakes").to_string()
}

/// Only the first lines of the mistakes.
fn sentences(text: &str) -> Vec<String> {
    match check(text) {
        Err(ConfigError::Mistakes(mistakes)) => {
            mistakes.iter().map(|m| format!("{}:{}: {}", m.line, m.column, m.message)).collect()
        }
        other => panic!("expected mistakes, but found {other:?}"),
    }
}

#[test]
fn a_sound_file_becomes_settings() {
    let settings = check(SOUND).unwrap();
    let site = &settings.rules.site;
    assert_eq!((site.title.as_str(), site.url.as_str()), ("Open Ponds", "https://ponds.example/events/"));
    assert_eq!((site.zone.as_str(), site.language.as_str()), ("Europe/Helsinki", "en"));
    assert_eq!(settings.output.directory, Path::new("/srv/ponds/config/public"));
    assert_eq!(settings.store, Path::new("/srv/ponds/config/noticeboard.db"));
    assert_eq!(settings.output.publish, crate::publish::names().collect::<Vec<_>>());
    let blog = &settings.rules.sources[&SourceId::new("blog").unwrap()];
    assert_eq!((blog.title.as_str(), blog.root.as_str(), blog.order), ("blog", "content", 0));
    let tags: Vec<&str> = blog.tags.iter().map(|tag| tag.as_str()).collect();
    assert_eq!(tags, ["meetup", "pond"], "aliases reach a source's own tags");
    assert_eq!(blog.link.as_ref().unwrap().site_root.as_str(), "https://ponds.example/");
    match (&settings.sources[0].origin, &settings.sources[1].origin) {
        (Origin::Git(git), Origin::Http(http)) => {
            assert_eq!(git.url, "/srv/ponds/config/../site");
            assert_eq!(http.url, "webcal://ponds.example/all.ics");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!((settings.rules.publish_confidence, settings.rules.vanish_after_runs), (0.5, 3));
}

#[test]
fn a_misspelt_key_is_underlined_with_what_may_have_been_meant() {
    let text = SOUND.replace("include =", "brnch = \"main\", include =");
    insta::assert_snapshot!(told(&text), @r#"
config/noticeboard.toml:9:31: unknown key `brnch`, expected `url`, `branch`, `include`, `exclude` or `allow_private`
  |
9 | from.git = { url = "../site", brnch = "main", include = ["posts/**/*.md"] }
  |                               ^^^^^ did you mean `branch`?
"#);
}

#[test]
fn every_mistake_is_told_not_just_the_first() {
    insta::assert_snapshot!(told(r#"
[site]
title = "  "
url = "ponds.example"
time_zone = "Europe/Helsinky"
language = "english!"
colour = "green"

[[source]]
id = "Blog"
from.git = { url = "ext::sh -c id", include = ["posts/{a"], brnch = "x" }
link = "https://ponds.example/{pth}/"
priority = "high"
tags = [""]

[[source]]
id = "cal"
from.htpp = { url = "https://ponds.example/" }

[[source]]
id = "cal"
from.directory = { include = ["*.md"] }
only_tags = ["a"]
without_tags = ["b", "a"]

[[source]]
title = "nameless"

[tags.aliases]
meetup = ["meet-up", "talk"]
meeting = ["meet-up"]
talk = 3

[review]
confidence = 60

[output]
publish = ["atom", "icla", "json", "atom"]
"#), @r#"
config/noticeboard.toml:3:9: expected some text in `title`, but found none
  |
3 | title = "  "
  |         ^^^^
config/noticeboard.toml:4:7: expected an address such as `https://example.org/` in `url`, but found `ponds.example`
  |
4 | url = "ponds.example"
  |       ^^^^^^^^^^^^^^^ did you mean `https://ponds.example`?
config/noticeboard.toml:5:13: unknown time zone `Europe/Helsinky`, expected a name such as `Europe/Bucharest`
  |
5 | time_zone = "Europe/Helsinky"
  |             ^^^^^^^^^^^^^^^^^
config/noticeboard.toml:6:12: expected a language such as `en` or `pt-BR`, but found `english!`
  |
6 | language = "english!"
  |            ^^^^^^^^^^
config/noticeboard.toml:7:1: unknown key `colour`, expected `title`, `description`, `url`, `time_zone` or `language`
  |
7 | colour = "green"
  | ^^^^^^
config/noticeboard.toml:10:6: expected lower-case letters, digits and hyphens in `id`, but found `Blog`
   |
10 | id = "Blog"
   |      ^^^^^^
config/noticeboard.toml:11:20: expected the address or path of a git repository, but found a transport that runs a program, or no host
   |
11 | from.git = { url = "ext::sh -c id", include = ["posts/{a"], brnch = "x" }
   |                    ^^^^^^^^^^^^^^^
config/noticeboard.toml:11:47: expected a glob, but found `posts/{a`: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
   |
11 | from.git = { url = "ext::sh -c id", include = ["posts/{a"], brnch = "x" }
   |                                               ^^^^^^^^^^^^
config/noticeboard.toml:11:61: unknown key `brnch`, expected `url`, `branch`, `include`, `exclude` or `allow_private`
   |
11 | from.git = { url = "ext::sh -c id", include = ["posts/{a"], brnch = "x" }
   |                                                             ^^^^^ did you mean `branch`?
config/noticeboard.toml:12:31: unknown placeholder `{pth}` in `link`, expected `{path}`, `{dir}`, `{file}`, `{slug}`, `{year}`, `{month}` or `{day}`
   |
12 | link = "https://ponds.example/{pth}/"
   |                               ^^^^^ did you mean `{path}`?
config/noticeboard.toml:13:12: expected a whole number from -1000 to 1000, but found `high` in `priority`
   |
13 | priority = "high"
   |            ^^^^^^
config/noticeboard.toml:14:9: expected a tag, but found an empty one
   |
14 | tags = [""]
   |         ^^
config/noticeboard.toml:18:6: unknown key `htpp`, expected `directory`, `git` or `http`
   |
18 | from.htpp = { url = "https://ponds.example/" }
   |      ^^^^ did you mean `http`?
config/noticeboard.toml:21:6: expected an id of its own for each source, but `cal` is used above
   |
21 | id = "cal"
   |      ^^^^^
config/noticeboard.toml:22:18: expected the key `path` in `from.directory`, but it is missing
   |
22 | from.directory = { include = ["*.md"] }
   |                  ^^^^^^^^^^^^^^^^^^^^^^
config/noticeboard.toml:24:16: `a` is in `only_tags` and in `without_tags`: nothing passes both
   |
24 | without_tags = ["b", "a"]
   |                ^^^^^^^^^^
config/noticeboard.toml:26:1: expected the key `from` in `[[source]]`, but it is missing
   |
26 | [[source]]
   | ^^^^^^^^^^
config/noticeboard.toml:26:1: expected the key `id` in `[[source]]`, but it is missing
   |
26 | [[source]]
   | ^^^^^^^^^^
config/noticeboard.toml:30:11: `meet-up` leads two ways: to `meetup` and to `meeting`
   |
30 | meetup = ["meet-up", "talk"]
   |           ^^^^^^^^^
config/noticeboard.toml:32:8: expected a list such as `["one", "two"]`, but found `3` in `talk`
   |
32 | talk = 3
   |        ^
config/noticeboard.toml:35:14: expected a number from 0 to 1, but found `60` in `confidence`
   |
35 | confidence = 60
   |              ^^
config/noticeboard.toml:38:20: expected `atom`, `rss`, `json`, `icalendar`, `events-json` or `page`, but found `icla` in `publish`
   |
38 | publish = ["atom", "icla", "json", "atom"]
   |                    ^^^^^^
config/noticeboard.toml:38:36: `atom` is listed twice in `publish`
   |
38 | publish = ["atom", "icla", "json", "atom"]
   |                                    ^^^^^^
"#);
}

#[test]
fn an_empty_file_is_told_what_it_needs() {
    insta::assert_snapshot!(sentences("").join("\n"), @r"
1:1: expected a table `[[source]]` in this file, but it is missing
1:1: expected a table `[site]` in this file, but it is missing
");
    insta::assert_snapshot!(sentences("source = []\n[site]\n").join("\n"), @r"
1:10: expected at least one `[[source]]`, but there is none
2:1: expected the key `time_zone` in `[site]`, but it is missing
2:1: expected the key `title` in `[site]`, but it is missing
2:1: expected the key `url` in `[site]`, but it is missing
");
}

#[test]
fn a_file_that_is_no_toml_is_told_where() {
    insta::assert_snapshot!(told("[site]\ntitle = Ponds\n"), @r"
config/noticeboard.toml:2:9: string values must be quoted, expected literal string
  |
2 | title = Ponds
  |         ^^^^^
");
    let text =
        "[site\ntitle = Ponds\nurl = \"https://ponds.example/\ntime_zone = 'Europe/Helsinki'\n= 3\n[[source]]\nid\n";
    insta::assert_snapshot!(sentences(text).join("\n"), @r"
1:6: unclosed table, expected `]`
5:1: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
7:3: key with no value, expected `=`
");
    insta::assert_snapshot!(told("[site]\ntitle = \"a\"\ntitle = \"b\"\n"), @r#"
config/noticeboard.toml:3:1: duplicate key
  |
3 | title = "b"
  | ^^^^^
"#);
}

#[test]
fn outputs_and_inputs_keep_out_of_each_other() {
    let text = format!("{SOUND}\n[output]\ndirectory = \"..\"\n");
    insta::assert_snapshot!(sentences(&text).join("\n"), @r"
26:13: expected a folder of its own in `directory`, but the config lies inside it
26:13: expected the store outside of `output.directory`, else it is published with the rest
");
    let text = format!(
        "{SOUND}\n[output]\ndirectory = \"../public\"\n[store]\nsqlite = \"../public/x.db\"\n[[source]]\nid = \"d\"\nfrom.directory = {{ path = \"../public/sub\" }}\n"
    );
    insta::assert_snapshot!(sentences(&text).join("\n"), @r"
28:10: expected the store outside of `output.directory`, else it is published with the rest
31:27: expected a folder outside of `output.directory`, else the board reads itself
");
}

#[test]
fn odd_bytes_and_odd_shapes_never_panic() {
    for text in [
        "\u{feff}[site]",
        "site = 1",
        "source = {}",
        "[[site]]",
        "[source]",
        "source = [1]",
        "[[source]]\nfrom = \"git\"",
        "tags = []",
        "é = \"",
        "[[source]]\nfrom = {}",
    ] {
        assert!(check(text).is_err(), "{text}");
    }
    for at in (0..SOUND.len()).filter(|&at| SOUND.is_char_boundary(at)) {
        let _ = check(&SOUND[..at]);
        let _ = check(&format!("{}é{}", &SOUND[..at], &SOUND[at..]));
    }
}

#[test]
fn what_an_origin_says_of_its_own_keys_is_underlined_in_the_file() {
    let text = SOUND.replace("../site", "ext::sh -c id").replace("webcal:", "gopher:");
    insta::assert_snapshot!(told(&text), @r#"
config/noticeboard.toml:9:20: expected the address or path of a git repository, but found a transport that runs a program, or no host
  |
9 | from.git = { url = "ext::sh -c id", include = ["posts/**/*.md"] }
  |                    ^^^^^^^^^^^^^^^
config/noticeboard.toml:17:21: expected an address such as `https://example.org/feed.xml`, but found the scheme `gopher`
   |
17 | from.http = { url = "gopher://ponds.example/all.ics" }
   |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#);
    let text =
        SOUND.replace("posts/**/*.md\"] }", "posts/{a\"], branch = \"a..b\", colour = 1 }").replace("../site", "-x");
    insta::assert_snapshot!(sentences(&text).join("\n"), @r"
9:20: expected the address or path of a git repository, but found one that is empty, begins with `-` or has control characters
9:36: expected a glob, but found `posts/{a`: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
9:59: expected the name of a branch, but found `a..b`
9:67: unknown key `colour`, expected `url`, `branch`, `include`, `exclude` or `allow_private`
");
}

#[test]
fn what_is_followed_is_named_in_the_order_in_which_it_is_preferred() {
    let with = |more: &str| SOUND.replace("all.ics\" }", &format!("all.ics\"{more} }}"));
    let followed = |more: &str| {
        let settings = check(&with(more)).unwrap();
        let rules = settings.rules.sources.values().find_map(|source| source.follow.clone()).unwrap();
        rules.kinds.into_iter().map(crate::model::OfferKind::name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(followed(""), "calendar events feed");
    assert_eq!(followed(", follow = [\"feed\", \"calendar\"]"), "feed calendar");
    assert_eq!(followed(", follow = []"), "");
    let told = sentences(&with(", follow = [\"calender\"]"));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("expected `calendar`, `events` or `feed`, but found `calender` in `follow`"), "{told:?}");
}

#[test]
fn what_is_usually_followed_leaves_the_rules_of_a_source_what_they_were() {
    let rules = |more: &str| {
        let settings = check(&SOUND.replace("all.ics\" }", &format!("all.ics\"{more} }}"))).unwrap();
        settings.rules.sources.into_values().find(|source| source.follow.is_some()).unwrap()
    };
    let written = |rules: &crate::model::SourceRules| serde_json::to_string(rules).unwrap();
    let plain = rules("");
    let without = crate::model::SourceRules { follow: None, ..plain.clone() };
    assert_eq!(written(&plain), written(&without));
    let chosen = written(&rules(", follow = [\"feed\"]"));
    assert!(chosen.contains(r#""follow":{"kinds":["feed"]}"#), "{chosen}");
}

#[test]
fn a_missing_file_is_told_with_a_way_out() {
    let empty = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(find(None, empty.path()).unwrap_err(), @r"
no config file: expected `config/noticeboard.toml` or `noticeboard.toml`
  hint: write one (README.md has one to copy), or name yours with --config FILE
");
    insta::assert_snapshot!(find(Some(Path::new("x.toml")), empty.path()).unwrap_err(), @r"
no config file: expected `x.toml`
  hint: write one (README.md has one to copy), or name yours with --config FILE
");
    fs::write(empty.path().join("noticeboard.toml"), SOUND).unwrap();
    assert_eq!(find(None, empty.path()).unwrap(), Path::new("noticeboard.toml"));
    fs::create_dir(empty.path().join("config")).unwrap();
    fs::write(empty.path().join("config/noticeboard.toml"), SOUND).unwrap();
    assert_eq!(find(None, empty.path()).unwrap(), Path::new("config/noticeboard.toml"));
}

const EXAMPLE: &str = "config/noticeboard.toml";

#[test]
fn the_example_is_sound() {
    let settings = load(Path::new(EXAMPLE)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(settings.sources.len(), 3);
    assert!(settings.output.directory.ends_with("public") && settings.store.ends_with("noticeboard.db"));
}

#[test]
fn the_example_explains_every_key() {
    let text = fs::read_to_string(EXAMPLE).unwrap();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut keys = Vec::new();
    keys_of(&schema(), &mut keys);
    assert!(keys.len() > 30, "the schema has lost its keys: {keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !words.contains(&key.as_str())).collect();
    assert!(missing.is_empty(), "{EXAMPLE} does not explain {missing:?}");
}

fn keys_of(schema: &serde_json::Value, keys: &mut Vec<String>) {
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        keys.push(key.clone());
        keys_of(inner, keys);
    }
    keys_of_each(&schema["oneOf"], keys);
    if schema["items"].is_object() {
        keys_of(&schema["items"], keys);
    }
}

fn keys_of_each(variants: &serde_json::Value, keys: &mut Vec<String>) {
    for variant in variants.as_array().into_iter().flatten() {
        keys_of(variant, keys);
    }
}

#[test]
fn the_schema_knows_nothing_that_the_walk_does_not() {
    let text = schema().to_string();
    for word in ["$ref", "anyOf", "allOf", "pattern\"", "patternProperties"] {
        assert!(!text.contains(word), "shape.rs does not understand `{word}`");
    }
}
