//! `review.html`: what waits for a person, with the words that gave each fact and the lines that decide it.
//!
//! In: what waits. Out: one page without scripts, and the lines of the overrides file for one decision. Not in [`super::ALL`]: it is for
//! the maintainer, is linked nowhere, and is written only where the config asks for it, as it shows what is not published.

use super::site::template;
use super::{text, words};
use crate::merge::Waits;
use crate::model::Facts;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use std::io;

/// The file.
pub const FILE: &str = "review.html";

/// What the page shows.
#[derive(Debug, Clone)]
pub struct ReviewView {
    /// The board's title.
    pub title: String,
    /// Whether there is an `index.html` beside it to link to.
    pub page: bool,
    /// What waits, in calendar order.
    pub items: Vec<ReviewItem>,
    /// How many more wait.
    pub more: usize,
}

/// One event that waits.
#[derive(Debug, Clone)]
pub struct ReviewItem {
    /// Title of the source.
    pub source: String,
    /// The document that tells of it.
    pub document: String,
    /// What it tells.
    pub facts: Facts,
    /// Why it waits.
    pub why: Waits,
    /// The name that stands for it alone.
    pub name: String,
}

#[derive(Serialize)]
struct Item {
    title: String,
    when: String,
    place: Option<String>,
    page: Option<String>,
    source: String,
    document: String,
    why: &'static str,
    words: Vec<Words>,
    decisions: Vec<Decision>,
}

#[derive(Serialize)]
struct Words {
    field: String,
    quote: String,
    rule: String,
    sure: String,
}

#[derive(Serialize)]
struct Decision {
    what: &'static str,
    lines: String,
}

/// Why something waits, for people.
pub fn why(why: Waits) -> &'static str {
    match why {
        Waits::Unsure => "not sure enough to be published",
        Waits::ForReview => "no source of trust tells of it",
        Waits::ForApproval => "its source publishes nothing without approval",
    }
}

/// An entry of the overrides file: `decided` is key and value of each line, the value as text or already TOML.
pub fn entry(name: &str, note: &str, decided: &[(&str, String)]) -> String {
    let lines: String = decided.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    format!("[[event]]\nmatch = {}\nnote = {}\n{lines}", quoted(name), quoted(note))
}

/// A TOML string (TOML 1.0.0, "String").
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Renders the page.
pub fn render(view: &ReviewView, out: &mut dyn io::Write) -> io::Result<()> {
    let items = Value::from(Serde(view.items.iter().map(item).collect::<Vec<_>>()));
    let summary = match view.items.len() + view.more {
        0 => "Nothing waits.".to_owned(),
        1 => "1 event waits for a decision.".to_owned(),
        many => format!("{many} events wait for a decision."),
    };
    let (title, page, more) = (text::title(&view.title), view.page, view.more);
    template::render("review.html", context! { title, page, summary, items, more }, out)
}

fn item(item: &ReviewItem) -> Item {
    let facts = &item.facts;
    let yes = || "true".to_owned();
    let title = text::line(&facts.title);
    let decide = |what, decided: &[(&str, String)]| Decision { what, lines: entry(&item.name, &facts.title, decided) };
    let fix = [("approve", yes()), ("start", quoted(&facts.when.first_day().to_string())), ("place", quoted("..."))];
    Item {
        when: words::when(&facts.when),
        place: facts.place.location().map(|line| text::line(&line)),
        page: facts.links.page.as_ref().map(text::address),
        source: text::line(&item.source),
        document: text::line(&item.document),
        why: why(item.why),
        words: words_of(facts),
        decisions: vec![
            decide("Approve", &[("approve", yes())]),
            decide("Approve otherwise", &fix),
            decide("Refuse", &[("refuse", yes())]),
        ],
        title,
    }
}

fn words_of(facts: &Facts) -> Vec<Words> {
    let told = facts.provenance.iter().filter(|(_, from)| !from.evidence.quote.is_empty());
    let words = told.map(|(field, from)| Words {
        field: field.clone(),
        quote: text::line(&from.evidence.quote),
        rule: text::line(&from.evidence.rule),
        sure: format!("{:.2}", from.evidence.confidence),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::When;

    #[test]
    fn any_title_can_be_quoted() {
        for text in ["plain", "with \"quotes\" and \\", "tab\tand\u{1}", "Ștefan’s 東京"] {
            let line = format!("a = {}", quoted(text));
            let value: toml::Table = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(value["a"].as_str(), Some(text));
        }
    }

    #[test]
    fn the_page_shows_words_and_lines_and_escapes_both() {
        let day = When::day("2027-03-01".parse().unwrap());
        let mut facts = crate::publish::sample::event("<b>Fair</b>", day).facts;
        let from = crate::model::Provenance {
            source: crate::model::SourceId::new("town").unwrap(),
            document: "a.md".into(),
            evidence: crate::model::Evidence {
                quote: "on \"the\" first <of> March".into(),
                rule: "day".into(),
                confidence: 0.4,
            },
        };
        facts.provenance.insert("when".into(), from);
        let item = ReviewItem {
            source: "The town".into(),
            document: "a.md".into(),
            facts,
            why: Waits::Unsure,
            name: "town path:a.md".into(),
        };
        let view = ReviewView { title: "Boats".into(), page: true, items: vec![item], more: 0 };
        let mut out = Vec::new();
        render(&view, &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        for part in [
            "1 event waits",
            "note = &quot;&lt;b&gt;Fair&lt;/b&gt;&quot;",
            "on &quot;the&quot; first &lt;",
            "match = &quot;town path:a.md&quot;",
            "refuse = true",
            "noindex",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("<b>") && !page.contains("<script"), "{page}");
    }
}
