//! Whole posts of invented communities: what a file says and what comes out.

use crate::model::{DeclaredValue, Entry, EntryKind, EventStatus, Key, Link, Stamp};
use crate::read::cost::assert_linear;
use crate::read::tests::document;
use crate::read::{Read, read};
use proptest::prelude::*;

fn file(key: &str, text: &str) -> Read {
    read(&document(key, None, text.as_bytes()))
}

fn post(text: &str) -> Entry {
    entry("posts/a.md", text)
}

fn entry(key: &str, text: &str) -> Entry {
    let mut read = file(key, text);
    assert_eq!(read.problems, [], "{text}");
    assert_eq!(read.entries.len(), 1, "{text}");
    read.entries.remove(0)
}

fn html(key: &str, body: &str) -> String {
    entry(key, &format!("---\ntitle: A\n---\n{body}")).html.trim().to_owned()
}

fn start(entry: &Entry) -> Option<(&DeclaredValue, u32, &str)> {
    entry.declared.start.as_ref().map(|s| (&s.value, s.line, s.field.as_str()))
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_hugo_post_in_toml_is_read() {
    let text = "+++\ntitle = \"Spring `meetup` &amp; cake\"\ndate = 2025-03-01T09:00:00+02:00\nlastmod = 2025-03-02\nauthor = \"Ada Bell\"\n\
        tags = [\"meetup\", \"cake\"]\nslug = \"spring\"\n[cover]\nimage = \"hall.jpg\"\nalt = \"The hall\"\n+++\n\nCome **along**.\n";
    let entry = entry("content/posts/2025-03-01-spring.md", text);
    assert_eq!(entry.title, "Spring meetup & cake");
    assert_eq!(entry.published, Some(Stamp::At("2025-03-01T09:00:00+02:00".parse().unwrap())));
    assert_eq!(entry.updated, Some(Stamp::Day(day("2025-03-02"))));
    assert_eq!(entry.authors[0].name, "Ada Bell");
    assert_eq!(entry.tags, ["meetup", "cake"]);
    assert_eq!(entry.slug.as_deref(), Some("spring"));
    assert_eq!((entry.images[0].url.as_str(), entry.images[0].alt.as_deref()), ("hall.jpg", Some("The hall")));
    assert_eq!(entry.html, "<p>Come <strong>along</strong>.</p>\n");
    assert_eq!(entry.keys, [Key::Path("content/posts/2025-03-01-spring.md".into())]);
    assert!(start(&entry).is_none(), "`date` is never the event's");
}

#[test]
fn a_jekyll_post_takes_its_date_from_its_name_and_its_tags_from_words() {
    let entry = entry(
        "_posts/2025-03-14-pi-day.md",
        "---\r\ntitle: \"Pi day\"\r\ntags: math fun\r\ncategory: Community Calls\r\npermalink: /:year/:title/\r\n---\r\nHello\r\n",
    );
    assert_eq!(entry.published, Some(Stamp::Day(day("2025-03-14"))));
    assert_eq!(entry.tags, ["math", "fun", "Community Calls"]);
    assert_eq!(entry.url, None);
    assert_eq!(entry.html, "<p>Hello</p>\n");
}

#[test]
fn a_zola_page_keeps_taxonomies_and_extra() {
    let entry = post(
        "+++\ntitle = 'A'\nauthors = ['Ada Bell', 'Cy Dahl']\npath = 'events/a'\n[taxonomies]\ntags = ['x']\n[extra]\nstart_date = 2025-05-06\nvenue = 'Quay 3'\n+++\n",
    );
    assert_eq!(entry.authors.len(), 2);
    assert_eq!(entry.url.as_deref(), Some("/events/a"));
    assert_eq!(entry.tags, ["x"]);
    assert_eq!(start(&entry), Some((&DeclaredValue::Day(day("2025-05-06")), 8, "start_date")));
    assert_eq!(entry.declared.place.as_deref(), Some("Quay 3"));
}

#[test]
fn json_front_matter_and_a_byte_order_mark_are_read() {
    let entry = post("\u{feff}{\n  \"title\": \"A\",\n  \"startDate\": \"2025-05-06\"\n}\n\nHello");
    assert_eq!(start(&entry).map(|s| s.1), Some(3));
    assert_eq!(entry.html, "<p>Hello</p>\n");
}

#[test]
fn event_fields_join_days_and_clock_times() {
    let text = "---\ntitle: A\nevent:\n  start: 2025-03-14\n  time: 18:30 - 01:00\n  timezone: Europe/Helsinki\n  location:\n    name: Harbour Hall\n    street: Quay 3\n    city: Turku\n    geo: {lat: '60.45', lon: '22.26'}\n\
        registration: https://r.example/1\nmap: https://m.example/\nhosts:\n- name: Ada Bell\n  url: https://ada.example/\nregistration_deadline: 1 March 2025\nstatus: cancelled\nrrule: RRULE:FREQ=WEEKLY\n---\n";
    let entry = post(text);
    let declared = &entry.declared;
    let at = |day_: &str, h, m| DeclaredValue::Local(day(day_).and_hms_opt(h, m, 0).unwrap());
    assert_eq!(start(&entry), Some((&at("2025-03-14", 18, 30), 4, "start")));
    assert_eq!(declared.end.as_ref().map(|e| &e.value), Some(&at("2025-03-15", 1, 0)));
    assert_eq!(declared.zone.as_deref(), Some("Europe/Helsinki"));
    assert_eq!(declared.place.as_deref(), Some("Harbour Hall"));
    assert_eq!(declared.address, ["Quay 3", "Turku"]);
    assert_eq!(declared.coordinates, Some((60.45, 22.26)));
    assert_eq!(declared.status, Some(EventStatus::Cancelled));
    assert_eq!(declared.organizers[0].url.as_deref(), Some("https://ada.example/"));
    assert_eq!(declared.registration_deadline.as_ref().map(|d| &d.value), Some(&DeclaredValue::Day(day("2025-03-01"))));
    assert_eq!(declared.recurrence.as_ref().map(|r| r.rules.clone()), Some(vec!["FREQ=WEEKLY".to_owned()]));
    let link = |rel: &str, href: &str| Link { rel: rel.to_owned(), href: href.to_owned() };
    assert_eq!(entry.links, [link("registration", "https://r.example/1"), link("map", "https://m.example/")]);
}

#[test]
fn an_event_may_be_told_under_the_names_of_any_generator() {
    let at = DeclaredValue::Local(day("2026-05-04").and_hms_opt(18, 0, 0).unwrap());
    for fields in [
        "starts_at: 2026-05-04 18:00",
        "start_time: 2026-05-04 18:00",
        "begin: 2026-05-04 18:00",
        "dtstart: 2026-05-04 18:00",
        "event.start: 2026-05-04 18:00",
        "eventDate: 2026-05-04\ntime: 18:00–20:00",
        "dates: {start: 2026-05-04 18:00, end: 2026-05-04 20:00}",
        "when: {start: 2026-05-04 18:00}",
        "event: {date: 2026-05-04 18:00}",
        "extra: {event_start: 2026-05-04T18:00}",
    ] {
        let entry = post(&format!("---\ntitle: A\n{fields}\n---\n"));
        assert_eq!(start(&entry).map(|start| start.0), Some(&at), "{fields}");
    }
    for (fields, place, address) in [
        ("city: Turku\ncountry: Finland", "Turku, Finland", &[][..]),
        ("venue: Old mill\ncity: Turku", "Old mill", &["Turku"]),
        ("venue: Old mill, Turku\ncity: Turku", "Old mill, Turku", &[]),
        ("venue: {name: Old mill, address: Quay 3}\ncity: Turku", "Old mill", &["Quay 3", "Turku"]),
    ] {
        let entry = post(&format!("---\ntitle: A\n{fields}\n---\n"));
        assert_eq!(entry.declared.place.as_deref(), Some(place), "{fields}");
        assert_eq!(entry.declared.address, address, "{fields}");
    }
}

#[test]
fn each_generator_s_headers_and_file_names_are_read() {
    let day = |text: &str| Some(Stamp::Day(day(text)));
    for (key, text) in [
        ("content/a.md", "Title: Bat walk\nDate: 2026-03-01\nTags: bats\n\nCome."),
        ("posts/a.md", "<!--\n.. title: Bat walk\n.. date: 2026-03-01\n.. tags: bats\n-->\n\nCome."),
        ("_posts/2026-03-01-bat-walk.md", "---\ntags: [bats]\n---\nCome."),
        ("blog/2026/03/01-bat-walk.md", "---\ntags: [bats]\n---\nCome."),
        ("blog/2026/03/01/bat-walk.mdx", "---\ntags: [bats]\n---\nCome."),
        ("content/posts/2026-03-01-bat-walk/index.md", "---\ntags: [bats]\n---\nCome."),
        ("content/bat-walk/index.pt-br.md", "---\ndate: 2026-03-01\ntags: [bats]\n---\nCome."),
        ("content/bat-walk.md", "+++\ndate = 2026-03-01\n[taxonomies]\ntags = ['bats']\n+++\nCome."),
        ("_posts/2026-03-01-bat-walk.html", "---\ntags: bats\n---\n<p>Come.</p>"),
        ("posts/2026-03-01-bat-walk.html", "---json\n{\"tags\": \"bats\"}\n---\n<p>Come.</p>"),
    ] {
        let entry = entry(key, text);
        assert_eq!((entry.title.as_str(), entry.published), ("Bat walk", day("2026-03-01")), "{key}");
        assert_eq!(entry.tags, ["bats"], "{key}");
        assert_eq!(entry.html.trim(), "<p>Come.</p>", "{key}");
    }
}

#[test]
fn a_value_that_is_no_date_costs_that_field_alone() {
    let read = file("posts/a.md", "---\ntitle: A\nstart: 14th of Marchember\nend: TBA\n---\nText");
    assert_eq!(read.entries.len(), 1);
    assert!(read.entries[0].declared.start.is_none());
    assert_eq!(
        read.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "turku-js: posts/a.md:3: expected a day such as 2025-03-14 in `start`, but found `14th of Marchember`\n  hint: front matter dates are written year-month-day"
        ]
    );
}

#[test]
fn front_matter_that_cannot_be_read_costs_its_fields_not_the_post_and_names_the_line() {
    for (text, line) in [
        ("+++\ntitle = \"A\"\ndate = oops oops\n+++\nText", 3),
        ("---\ntitle: A\ntags: [a, b\n---\nText", 3),
        ("---\ntitle: \"A\" B\n---\nText", 2),
        ("---\ntitle: A\nText without an end", 1),
        ("{\n  \"title\": \"A\",\n  \"b\": oops\n}\n", 3),
    ] {
        let read = file("posts/a.md", text);
        assert_eq!(read.entries.len(), 1, "{text}");
        assert_eq!(read.entries[0].title, "A", "{text}");
        assert_eq!(read.problems.len(), 1, "{text}");
        let found = read.problems[0].line;
        assert!(found == line || found == line + 1, "{}", read.problems[0]);
    }
}

#[test]
fn the_message_names_the_language_and_what_the_parser_wanted() {
    let message = |text: &str| file("posts/a.md", text).problems[0].to_string();
    assert_eq!(
        message("+++\ntitle = \"A\"\ntags = [1, 2\n+++\n"),
        "turku-js: posts/a.md:3: expected front matter in TOML, found an error: unclosed array, expected `]`\n  hint: the rest of the post is read; a field that cannot be read counts as missing"
    );
    assert_eq!(
        message("---\ntitle: A\nby: Ada: Bell\n---\n"),
        "turku-js: posts/a.md:3: expected front matter in YAML, found an error: mapping values are not allowed in this context\n  hint: the rest of the post is read; a field that cannot be read counts as missing"
    );
}

#[test]
fn a_repeated_key_is_told_and_the_last_one_counts() {
    let read = file("posts/a.md", "---\ntitle: A\ntitle: B\n---\n");
    assert_eq!(read.entries[0].title, "B");
    assert!(read.problems[0].message.contains("expected the key `title` once"));
    assert_eq!(read.problems[0].line, 3);
}

#[test]
fn yaml_keeps_the_spelling_of_numbers_and_bounds_aliases() {
    assert_eq!(post("---\ntitle: 1.10\n---\n").title, "1.10");
    assert_eq!(post("---\ntitle: No\nlanguage: no\n---\n").language.as_deref(), Some("no"));
    let mut bomb = "---\ntitle: A\na0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..12 {
        let last = i - 1;
        bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![format!("*a{last}"); 9].join(",")));
    }
    assert_eq!(file("posts/a.md", &format!("{bomb}---\n")).problems.len(), 1);
}

#[test]
fn only_what_looks_like_a_language_in_a_name_is_one() {
    for (name, language) in [
        ("walk.fr.md", Some("fr")),
        ("walk.nds.md", Some("nds")),
        ("walk.pt-br.md", Some("pt-br")),
        ("walk.zh-Hant.md", Some("zh-Hant")),
        ("walk.draft.md", None),
        ("fest.april.md", None),
        ("fest.2026.md", None),
        ("walk.a-b-c.md", None),
    ] {
        assert_eq!(entry(name, "---\ntitle: A\n---\n").language.as_deref(), language, "{name}");
    }
}

#[test]
fn drafts_private_pages_and_windows_of_time_are_marked() {
    for (field, why) in
        [("draft: true", "draft"), ("published: false", "published: false"), ("private: yes", "private")]
    {
        assert_eq!(post(&format!("---\ntitle: A\n{field}\n---\n")).hidden.as_deref(), Some(why));
    }
    let entry = post("---\ntitle: A\ndraft: false\npublishDate: 2025-01-02\nexpiryDate: 2025-02-03T04:05:06Z\n---\n");
    assert_eq!(entry.hidden, None);
    assert_eq!(entry.not_before.map(|t| t.to_rfc3339()).as_deref(), Some("2025-01-02T00:00:00+00:00"));
    assert_eq!(entry.not_after.map(|t| t.to_rfc3339()).as_deref(), Some("2025-02-03T04:05:06+00:00"));
}

#[test]
fn the_title_comes_from_the_fields_the_first_heading_or_the_file_name() {
    let headed = post("Intro\n\n# Hello *there*\n\nText\n");
    assert_eq!((headed.title.as_str(), headed.html.as_str()), ("Hello there", "<p>Intro</p>\n<p>Text</p>\n"));
    assert_eq!(entry("posts/2025-03-14-pi-day.md", "---\ntags: [a]\n---\nText").title, "Pi day");
    assert_eq!(entry("posts/pi-day/index.md", "---\ntags: [a]\n---\nText").title, "Pi day");
    assert_eq!(file("LICENSE.md", "Just text").skipped.as_deref(), Some("no front matter and no heading"));
    assert_eq!(entry("blog/_index.md", "---\ntitle: Blog\n---\n").kind, EntryKind::Section);
}

#[test]
fn hugo_shortcodes_become_plain_html() {
    assert_eq!(
        html("a.md", "Before\n{{< figure\n  src=\"a.png\"\n  title=\"The hall\"\n  alt=\"A hall\" >}}\nAfter"),
        "<p>Before</p>\n<figure><img src=\"a.png\" alt=\"A hall\" title=\"The hall\"><figcaption>The hall</figcaption></figure>\n<p>After</p>"
    );
    assert_eq!(
        html("a.md", "{{< note >}}\nBring **cake**.\n{{< /note >}}\n\n{{% tip %}}Or tea.{{% /tip %}}"),
        "<p>Bring <strong>cake</strong>.</p>\n<p>Or tea.</p>"
    );
    assert_eq!(
        html("a.md", "See [it]({{< relref \"posts/x.md#top\" >}}).<!--more-->"),
        "<p>See <a href=\"posts/x#top\">it</a>.</p>"
    );
    assert_eq!(
        html("a.md", "{{< youtube abc_1 >}}"),
        "<p><a href=\"https://www.youtube.com/watch?v=abc_1\">Video</a></p>"
    );
    assert_eq!(html("a.md", "{{< highlight go >}}\na < b\n{{< /highlight >}}"), "<pre><code>a &lt; b</code></pre>");
    assert_eq!(
        html("a.md", "{{< button link=\"https://r.example\" >}}Register{{< /button >}} {{< card url=\"/x\" >}}"),
        "<p><a href=\"https://r.example\">Register</a></p>"
    );
    assert_eq!(html("a.md", "{{< open without end\n\ntext {{< toc >}}!"), "<p>open without end</p>\n<p>text !</p>");
}

#[test]
fn zola_and_liquid_templates_become_plain_html() {
    assert_eq!(
        html("a.md", "{{ youtube(id=\"abc\") }} {% quote(by=\"Ada\") %}Hello{% end %}"),
        "<p><a href=\"https://www.youtube.com/watch?v=abc\">Video</a> Hello</p>"
    );
    assert_eq!(
        html("a.md", "{% include figure.html src=\"/a.png\" alt=\"A\" %}"),
        "<figure><img src=\"/a.png\" alt=\"A\"></figure>"
    );
    assert_eq!(
        html(
            "a.md",
            "[x]({% post_url 2025-01-01-x %}) ![y]({{ '/y.png' | relative_url }}) {{ site.title }}{% comment %}no{% endcomment %}"
        ),
        "<p><a href=\"2025-01-01-x\">x</a> <img src=\"/y.png\" alt=\"y\" /></p>"
    );
    assert_eq!(html("a.md", "{% if x %}yes{% endif %}\n{: .notice}"), "<p>yes</p>");
}

#[test]
fn boxes_keep_what_is_inside_them() {
    assert_eq!(
        html("a.md", ":::note Mind\nBring **cake**.\n:::\n\nBye"),
        "<p>Bring <strong>cake</strong>.</p>\n<p>Bye</p>"
    );
}

#[test]
fn a_jekyll_page_in_html_is_a_post() {
    let entry = entry(
        "_posts/2025-03-14-pi.html",
        "---\ntitle: Pi\n---\n<div>\n\n      <b>{{ site.title }}Hello</b>\n</div>{% include image.html src=\"a.png\" %}",
    );
    assert_eq!(entry.html.trim(), "<div>\n\n      <b>Hello</b>\n</div><figure><img src=\"a.png\" alt=\"\"></figure>");
}

#[test]
fn code_is_never_touched() {
    assert_eq!(
        html("a.md", "Use `{{< x >}}` and\n\n    {% raw %}\n"),
        "<p>Use <code>{{&lt; x &gt;}}</code> and</p>\n<pre><code>{% raw %}\n</code></pre>"
    );
    assert_eq!(html("a.md", "```\n{{</* x */>}}\n```"), "<pre><code>{{&lt; x &gt;}}\n</code></pre>");
    assert_eq!(
        html("a.mdx", "`{x} <A>`\n\n```js\nimport a from 'b'\n<A/>\n```"),
        "<p><code>{x} &lt;A&gt;</code></p>\n<pre><code class=\"language-js\">import a from 'b'\n&lt;A/&gt;\n</code></pre>"
    );
}

#[test]
fn mdx_components_keep_their_text_and_pictures() {
    let body = "import hall from './hall.png'\nimport {\n  Tabs,\n  Tab\n} from 'x'\nexport const meta = {\n\n  a: \"}\",\n}\n\n# Hi {/* gone */}\n\n<Info kind=\"x\">\n    Bring **cake** {count} {'and tea'}.\n</Info>\n\n\
        <Image src={hall} alt=\"A hall\" description=\"The hall\" style={{a: 1}} />\n\nimport duties are high.\n\n<Tabs items={[<A>x</A>, `}`]} />\n";
    assert_eq!(
        html("a.mdx", body),
        "<h1>Hi</h1>\n<p>Bring <strong>cake</strong>  and tea.</p>\n<figure><img src=\"./hall.png\" alt=\"A hall\"><figcaption>The hall</figcaption></figure>\n<p>import duties are high.</p>"
    );
    assert_eq!(
        html(
            "a.mdx",
            "<div className=\"x\" style={{a: '>'}}>\n  Hello <br/> <a href={\"/b\"} onClick={() => 1}>b</a>\n</div>"
        ),
        "<div>\n<p>Hello <br> <a href=\"/b\">b</a></p>\n</div>"
    );
    assert_eq!(
        html("a.mdx", "<Button href=\"https://r.example\">Register</Button> \\{x\\}"),
        "<p><a href=\"https://r.example\">Register</a> {x}</p>"
    );
    assert_eq!(
        html("a.mdx", "<details>\n<summary>More</summary>\n\nInner.\n\n</details>\n"),
        "<details>\n<summary>\nMore</summary>\n<p>Inner.</p>\n</details>"
    );
    assert_eq!(html("a.mdx", "<Open attr=\n\ntext </Close"), "<p>attr=</p>\n<p>text</p>");
}

#[test]
fn unbalanced_input_is_read_in_linear_time() {
    for unit in [
        "{{< \"",
        "{{",
        "{%",
        "{{< a \" >}}",
        "<A b={",
        "<A b=\"",
        "{`${",
        "`a ``b ",
        "<!--",
        "export const a = {\n",
        "</A><A>",
        "<A></B>",
        "{{/*",
        "<a ",
        "{: ",
        "> ",
        "- ",
        "[",
        "*a",
        "| ",
        "](",
        "<b>",
        "{% highlight %}",
        "\\{",
    ] {
        for key in ["a.md", "a.mdx"] {
            let text = |repeats| format!("---\ntitle: A\n---\n{}", unit.repeat(repeats));
            assert_linear(&format!("{unit} in {key}"), 2_000, text, |text| drop(file(key, text)));
        }
    }
}

/// The HTML without what stands in code.
fn outside_code(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<code").into_iter().chain(rest.find("<pre")).min() {
        out.push_str(&rest[..at]);
        out.push('¤');
        let end = if rest[at..].starts_with("<code") { "</code>" } else { "</pre>" };
        rest = rest[at..].find(end).map_or("", |length| &rest[at + length + end.len()..]);
    }
    out + rest
}

fn odd_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "{{<",
        ">}}",
        "{{%",
        "%}}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{",
        "}",
        "<",
        ">",
        "<A",
        "<A>",
        "</A>",
        "/>",
        "<b ",
        "`",
        "```\n",
        "\n",
        "\n\n",
        "    ",
        "- ",
        "> ",
        "\"",
        "'",
        "=",
        "x",
        "import a from 'b'",
        "export const x = ",
        "<!--",
        "-->",
        "*",
        "[",
        "](",
        ")",
        "é",
        "|",
        "# ",
        "/*",
        "*/",
        "${",
        "\\",
        "&lt;",
        "1.",
        "/highlight",
        "raw",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics_and_no_shortcode_is_left(text in odd_text(), fields in any::<bool>()) {
        let text = if fields { format!("---\ntitle: A\n---\n{text}") } else { format!("# A\n\n{text}") };
        for key in ["a.md", "a.mdx"] {
            for entry in file(key, &text).entries {
                let html = outside_code(&entry.html);
                for opening in ["{{<", "{{&lt;", "{{%", "{%"] {
                    prop_assert!(!html.contains(opening), "{opening} in {html} from {text}");
                }
            }
        }
    }

    #[test]
    fn no_front_matter_panics(text in "(---|\\+\\+\\+|\\{)\n?[-a-z: \\[\\]{}\"'&*!|>\n0-9.T=é#]{0,120}(\n(---|\\+\\+\\+)\n)?.{0,20}", page in any::<bool>()) {
        file(if page { "a.html" } else { "a.md" }, &text);
    }
}
