//! Any bytes as a post, page, feed or calendar: nothing panics, quoted words stand in the text, and how sure we are lies between 0 and 1.
//!
//! The bytes are taken as lines: language, day of publication, title, and below them the text, which is read as HTML by the extractor and in
//! every format by the whole way. The same text twice gives the same twice.

#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use noticeboard::compose::digest;
use noticeboard::extract::{self, Prose};
use noticeboard::model::{Document, Rules, Sighting, Site, SourceId, SourceRules};
use noticeboard::{normalize, zone};
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let site = Site::nowhere(zone::by_name("Europe/Helsinki").expect("a zone")).expect("an address");
    let mut rules = Rules::plain(site);
    rules.sources.insert(source(), SourceRules::plain(source(), 0));
    rules
});

fn source() -> SourceId {
    SourceId::new("fuzz").expect("an id")
}

fuzz_target!(|bytes: &[u8]| {
    let all = String::from_utf8_lossy(bytes);
    let mut parts = all.splitn(4, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let (language, published, title, text) = (next(), next(), next(), next());
    extracted(language, published.trim().parse().ok(), title, text);
    digested("post.md", &format!("---\ntitle: Kites\ndate: {published}\nlanguage: {language}\n---\n{text}"));
    for name in ["post.md", "page.html", "https://fuzz.example/page.html", "feed.xml", "feed.json", "calendar.ics"] {
        digested(name, text);
    }
});

fn extracted(language: &str, published: Option<NaiveDate>, title: &str, html: &str) {
    let prose = Prose { title, summary: None, html, published, seen: published, language };
    let extraction = extract::extract(&prose);
    assert_eq!(extraction, extract::extract(&prose), "the same text gives the same");
    let texts = [letters(title), letters(html), letters(&normalize::text_of(html)), letters(&untagged(html))];
    for found in &extraction.found {
        assert!((0.0..=1.0).contains(&found.confidence), "{found:?}");
        for statement in &found.statements {
            let evidence = &statement.evidence;
            assert!((0.0..=1.0).contains(&evidence.confidence), "{statement:?}");
            let quote = letters(&evidence.quote);
            let told = texts.iter().any(|text| text.contains(&quote));
            // Broken markup is read differently by everybody, and control characters vanish; then its plain letters stand there in
            // their order.
            let broken = html.contains(|c: char| matches!(c, '<' | '&') || c.is_control() && c != '\n');
            let plain: String = quote.chars().filter(char::is_ascii).collect();
            let in_order = || texts.iter().any(|text| is_within(&plain, text));
            assert!(
                told || broken && in_order(),
                "quoted words that do not stand there: {statement:?}"
            );
        }
    }
}

/// Letters and digits only: markup, white space and the spelling of dashes are no difference.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters stand in the text in this order.
fn is_within(letters: &str, text: &str) -> bool {
    let mut left = text.chars();
    letters.chars().all(|letter| left.any(|c| c == letter))
}

fn untagged(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|c| {
            inside = *c == '<' || inside && *c != '>';
            !inside
        })
        .collect()
}

fn digested(name: &str, text: &str) {
    let document = Document {
        source: source(),
        key: name.to_owned(),
        url: url::Url::parse(name).ok(),
        media_type: None,
        bytes: text.as_bytes().to_vec(),
        version: String::new(),
        first_seen: None,
    };
    let reading = digest(&document, &RULES);
    reading.sightings.iter().chain(&reading.unsure).for_each(sound);
}

fn sound(event: &Sighting) {
    assert!((0.0..=1.0).contains(&event.confidence), "{event:?}");
    assert!(event.facts.when.first_day() <= event.facts.when.last_day(), "{event:?}");
    assert!(event.facts.provenance.values().all(|from| (0.0..=1.0).contains(&from.evidence.confidence)), "{event:?}");
}
