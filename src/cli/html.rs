//! A reading as a web page of its own: the text with the words marked, the reading as a table beneath. No script, nothing from elsewhere.

use super::screen::printable;
use super::shown::{Field, Shown, ShownEntry, ShownEvent};
use super::underline;

const STYLE: &str = include_str!("html.css");

/// The whole page.
pub(super) fn page(shown: &Shown) -> String {
    let title = escaped(&shown.title);
    let format = shown.format.as_ref().map(|format| format!("<p class=\"note\">{}</p>\n", escaped(format)));
    let mut body: String = shown.entries.iter().map(entry).collect();
    if shown.entries.is_empty() {
        body.push_str("<p>Nothing to read in it.</p>\n");
    }
    if !shown.problems.is_empty() {
        let items: String = shown.problems.iter().map(|problem| format!("<li>{}</li>\n", escaped(problem))).collect();
        body.push_str(&format!("<section>\n<h2>Problems</h2>\n<ul class=\"problems\">\n{items}</ul>\n</section>\n"));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{}{body}</main>\n</body>\n</html>",
        format.unwrap_or_default()
    )
}

fn entry(entry: &ShownEntry) -> String {
    let mut out = format!("<article>\n<h2>{}</h2>\n", escaped(&entry.title));
    if let Some(url) = &entry.url {
        out.push_str(&format!("<p class=\"note\">{}</p>\n", linked(url)));
    }
    if let Some(published) = &entry.published {
        out.push_str(&format!("<p class=\"note\">published {}</p>\n", escaped(published)));
    }
    if let Some(reason) = &entry.skipped {
        out.push_str(&format!("<p class=\"note\">not published: {}</p>\n", escaped(reason)));
    }
    out.push_str(&text(entry));
    out.extend(entry.events.iter().map(event));
    if entry.events.is_empty() && entry.skipped.is_none() {
        out.push_str("<p class=\"note\">no event</p>\n");
    }
    out.push_str("</article>\n");
    out
}

fn text(entry: &ShownEntry) -> String {
    let quotes = entry.quotes();
    let piece = |piece: &underline::Piece| {
        let words = escaped(&piece.words);
        match piece.quote.and_then(|at| quotes.get(at)) {
            Some(quote) => {
                let (kind, told) = (quote.kind.word(), escaped(&quote.told));
                format!("<mark class=\"{kind}\" title=\"{told}\">{words}</mark>")
            }
            None => words,
        }
    };
    let paragraphs = underline::pieces(&entry.text, &quotes);
    let paragraphs: String =
        paragraphs.iter().map(|pieces| format!("<p>{}</p>\n", pieces.iter().map(piece).collect::<String>())).collect();
    if paragraphs.is_empty() { paragraphs } else { format!("<div class=\"text\">\n{paragraphs}</div>\n") }
}

fn event(event: &ShownEvent) -> String {
    let rows: String = event.fields.iter().chain(&event.history).map(row).collect();
    format!(
        "<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">field</th><th scope=\"col\">value</th>\
         <th scope=\"col\">words</th><th scope=\"col\">rule</th><th scope=\"col\">confidence</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        escaped(&event.heading())
    )
}

fn row(field: &Field) -> String {
    let value: Vec<String> = field.value.lines().map(linked).collect();
    let from = field.source.as_ref().zip(field.document.as_ref());
    let from = from.map(|(source, document)| format!(" title=\"{}: {}\"", escaped(source), escaped(document)));
    format!(
        "<tr class=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td{}>{}</td><td>{}</td></tr>\n",
        field.kind.word(),
        escaped(&field.name),
        value.join("<br>"),
        field.quote.as_deref().map(escaped).unwrap_or_default(),
        from.unwrap_or_default(),
        field.rule.as_deref().map(escaped).unwrap_or_default(),
        field.confidence.map(|sure| format!("{sure:.2}")).unwrap_or_default(),
    )
}

/// An address as a link; any other text as it is.
fn linked(text: &str) -> String {
    let shown = escaped(text);
    match crate::model::web_url(text) {
        Some(url) => format!("<a href=\"{}\" rel=\"noreferrer nofollow\">{shown}</a>", escaped(url.as_str())),
        None => shown,
    }
}

/// Text that may stand between tags and inside double quotes.
fn escaped(text: &str) -> String {
    html_escape::encode_quoted_attribute(&printable(text)).into_owned()
}
