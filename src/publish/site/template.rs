//! The templates of all pages. Every value that goes in is escaped, unless it was made safe here.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Output, State, Value};
use std::io;
use std::sync::LazyLock;

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("base.html")),
    ("events.html", include_str!("events.html")),
    ("index.html", include_str!("index.html")),
    ("embed.html", include_str!("../embed/embed.html")),
    ("fragment.html", include_str!("../embed/fragment.html")),
    ("health.html", include_str!("health.html")),
    ("review.html", include_str!("review.html")),
];

static PAGES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    pages.set_formatter(format_value);
    pages.add_global("style", Value::from_safe_string(include_str!("style.css").to_owned()));
    for (name, source) in TEMPLATES {
        pages.add_template(name, source)?;
    }
    Ok(pages)
});

/// Escapes as HTML asks, but leaves the slashes of addresses alone, which minijinja's own formatter does not.
fn format_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let text = value.to_string();
    let text = if value.is_safe() { text.into() } else { html_escape::encode_quoted_attribute(&text) };
    out.write_str(&text).map_err(minijinja::Error::from)
}

/// Renders a page.
pub fn render(name: &str, context: Value, out: &mut dyn io::Write) -> io::Result<()> {
    let pages = PAGES.as_ref().map_err(io::Error::other)?;
    let page = pages.get_template(name).map_err(io::Error::other)?;
    let text = page.render(context).map_err(io::Error::other)?;
    out.write_all(text.trim_start().as_bytes())?;
    out.write_all(b"\n")
}
