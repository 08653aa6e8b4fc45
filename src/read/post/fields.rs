//! The general fields of front matter: title, authors, tags, pictures, addresses, dates of the notice, whether it may be shown.
//!
//! In: [`Field`]s of Hugo, Zola, Jekyll or a Next- or Astro-style site. Out: an [`Entry`] without text. Keys count in any case and
//! with any separator. Event dates are read by [`super::event_fields`]; `date` is when the notice was published, never the event's.

use super::dates;
use super::markdown::plain_line;
use super::value::{Field, Value, get};
use crate::model::{Entry, Image, Person, Problem, ProblemKind, Stamp};

const TITLE: &[&str] = &["title"];
const SUMMARY: &[&str] = &["description", "summary", "excerpt", "subtitle", "abstract", "lead", "teaser", "descr"];
const PUBLISHED: &[&str] = &[
    "publisheddate",
    "published",
    "pubdate",
    "datepublished",
    "publishedat",
    "publicationdate",
    "posted",
    "date",
    "publishdate",
    "created",
    "createdat",
];
const UPDATED: &[&str] = &[
    "lastmod",
    "updated",
    "modified",
    "lastmodified",
    "lastmodifiedat",
    "updateddate",
    "updatedat",
    "datemodified",
    "lastupdated",
];
const PICTURES: &[&str] = &[
    "image",
    "cover",
    "thumbnail",
    "featuredimage",
    "coverimage",
    "heroimage",
    "imgurl",
    "imageurl",
    "banner",
    "images",
    "ogimage",
    "previewimage",
    "socialimage",
    "header",
];
/// Maps whose fields count as if they stood at the top.
const NESTED: &[&str] = &["extra", "params"];

/// Maps that tell of the event alone.
pub(super) const EVENT_MAPS: &[&str] = &["event", "eventinfo", "eventdetails", "dates", "when"];

/// Front matter with its nested maps, in the order in which fields are looked up.
pub(super) struct Scopes<'a>(Vec<&'a [Field]>);

impl<'a> Scopes<'a> {
    /// The top, then `extra` and `params`.
    pub fn of(fields: &'a [Field]) -> Self {
        let nested = NESTED.iter().filter_map(|name| get(fields, name)).map(|f| f.value.fields());
        Self(std::iter::once(fields).chain(nested).filter(|fields| !fields.is_empty()).collect())
    }

    /// The `event` maps and those of its dates, then everything else.
    pub fn with_event_first(fields: &'a [Field]) -> Self {
        let plain = Self::of(fields).0;
        let names = EVENT_MAPS.iter().flat_map(|name| plain.iter().filter_map(|scope| get(scope, name)));
        let inner = names.map(|f| f.value.fields());
        Self(inner.filter(|fields| !fields.is_empty()).chain(plain.iter().copied()).collect())
    }

    /// The first of `names` that says something.
    pub fn find(&self, names: &[&str]) -> Option<&'a Field> {
        self.all(names).next()
    }

    /// Every field of one of `names` that says something, names first.
    pub fn all<'b>(&'b self, names: &'b [&str]) -> impl Iterator<Item = &'a Field> + 'b {
        names
            .iter()
            .flat_map(|name| self.0.iter().filter_map(move |fields| get(fields, name)))
            .filter(|field| !is_blank(&field.value))
    }

    /// The text of the first of `names` that has one.
    pub fn text(&self, names: &[&str]) -> Option<&'a str> {
        self.all(names).find_map(|field| field.value.text())
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) | Value::Number(text) => text.trim().is_empty(),
        Value::List(values) => values.iter().all(is_blank),
        Value::Map(fields) => fields.is_empty(),
        Value::Bool(_) => false,
    }
}

/// An entry with everything that general fields say.
pub(in crate::read) fn entry(fields: &[Field], problems: &mut Vec<Problem>) -> Entry {
    let scopes = Scopes::of(fields);
    let mut entry = Entry {
        title: scopes.text(TITLE).map(plain_line).unwrap_or_default(),
        summary: scopes.text(SUMMARY).map(plain_line).filter(|s| !s.is_empty()),
        language: scopes.text(&["language", "lang", "locale"]).filter(|l| is_language(l)).map(|l| l.replace('_', "-")),
        published: stamp(&scopes, PUBLISHED, problems),
        updated: stamp(&scopes, UPDATED, problems),
        authors: scopes
            .all(&["authors", "author", "by"])
            .map(|f| people(&f.value))
            .find(|p| !p.is_empty())
            .unwrap_or_default(),
        tags: tags(&scopes),
        images: images(&scopes),
        hidden: hidden(&scopes),
        not_before: scopes.text(&["publishdate"]).and_then(dates::moment),
        not_after: scopes.text(&["expirydate"]).and_then(dates::moment),
        ..Entry::default()
    };
    address(&scopes, &mut entry);
    entry
}

fn is_language(text: &str) -> bool {
    (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn stamp(scopes: &Scopes<'_>, names: &[&str], problems: &mut Vec<Problem>) -> Option<Stamp> {
    for field in scopes.all(names) {
        // `published: false` is Jekyll's way to hide a post, `date: false` a template's default.
        if matches!(field.value, Value::Bool(_)) || field.value.is_false() || field.value.is_true() {
            continue;
        }
        match field.value.text().and_then(dates::parse_stamp) {
            Some(stamp) => return Some(stamp),
            None if !is_placeholder(&field.value) => problems.push(no_date(field)),
            None => {}
        }
    }
    None
}

/// True for what people write where they do not know yet, and for Go's zero time.
pub(super) fn is_placeholder(value: &Value) -> bool {
    let Some(text) = value.text() else { return false };
    let lower = text.to_ascii_lowercase();
    ["tba", "tbd", "tbc", "none", "n/a", "-", "?", "unknown", "null"].contains(&lower.as_str())
        || lower.starts_with("0001-01-01")
}

/// Says that a field is no date.
pub(super) fn no_date(field: &Field) -> Problem {
    let found = match &field.value {
        Value::Text(text) | Value::Number(text) => {
            format!("`{}`", text.chars().take(60).collect::<String>().replace('\n', " "))
        }
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a table".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Null => "nothing".to_owned(),
    };
    Problem::new(
        ProblemKind::Field,
        format!("expected a day such as 2025-03-14 in `{}`, but found {found}", field.name),
    )
    .line(field.line)
    .hint("front matter dates are written year-month-day")
}

/// People from a name, a list of names, or maps with `name`, `url`, `email`.
pub(super) fn people(value: &Value) -> Vec<Person> {
    match value {
        Value::Text(text) | Value::Number(text) => {
            split_names(text).into_iter().map(person).filter(|p| !p.name.is_empty()).collect()
        }
        Value::List(values) => values
            .iter()
            .flat_map(|v| match v {
                Value::Text(text) | Value::Number(text) => {
                    vec![person(text)].into_iter().filter(|p| !p.name.is_empty()).collect()
                }
                other => people(other),
            })
            .collect(),
        Value::Map(fields) => {
            let text = |names: &[&str]| names.iter().find_map(|n| get(fields, n)?.value.text()).map(str::to_owned);
            match text(&["name", "title", "fullname", "displayname"]) {
                Some(name) => {
                    let url = text(&["url", "link", "website", "homepage", "href"]);
                    vec![Person { name: plain_line(&name), url, email: text(&["email", "mail"]) }]
                }
                None => Vec::new(),
            }
        }
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// `Ada Bell and Cy Dahl` are two; `Bell, Ada` is one, as is a company with a comma.
fn split_names(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> =
        text.split([',', ';', '&']).flat_map(|p| p.split(" and ")).map(str::trim).filter(|p| !p.is_empty()).collect();
    if pieces.iter().all(|p| p.split_whitespace().count() >= 2) { pieces } else { vec![text] }
}

/// `Ada Bell <ada@example.org>`, or a Markdown link.
fn person(text: &str) -> Person {
    let text = text.trim();
    if let Some((name, rest)) = text.strip_suffix('>').and_then(|t| t.split_once('<')) {
        let (url, email) = if rest.contains('@') { (None, Some(rest)) } else { (Some(rest), None) };
        return Person { name: plain_line(name), url: url.map(str::to_owned), email: email.map(str::to_owned) };
    }
    let link = text.strip_prefix('[').and_then(|t| t.strip_suffix(')')).and_then(|t| t.split_once("]("));
    if let Some((name, url)) = link {
        return Person { name: plain_line(name), url: Some(url.to_owned()), email: None };
    }
    Person { name: plain_line(text), ..Person::default() }
}

fn tags(scopes: &Scopes<'_>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let taxonomies: Vec<&[Field]> = scopes.all(&["taxonomies"]).map(|f| f.value.fields()).collect();
    let taxonomies = Scopes(taxonomies);
    for scope in [scopes, &taxonomies] {
        for name in ["tags", "tag", "categories", "category", "keywords", "topics"] {
            for field in scope.all(&[name]) {
                tag_words(name, &field.value, &mut tags);
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| !tag.is_empty() && seen.insert(tag.clone()));
    tags
}

fn tag_words(name: &str, value: &Value, out: &mut Vec<String>) {
    match value {
        Value::List(values) => values.iter().for_each(|v| match v {
            Value::Text(text) | Value::Number(text) => out.push(text.trim().to_owned()),
            Value::Map(fields) => out.extend(
                ["name", "title", "label"].iter().find_map(|n| get(fields, n)?.value.text()).map(str::to_owned),
            ),
            _ => {}
        }),
        Value::Text(text) if text.contains(',') => out.extend(text.split(',').map(|t| t.trim().to_owned())),
        // Jekyll: a plain string holds one word a tag; the singular keys hold one tag.
        Value::Text(text) if matches!(name, "tags" | "categories") => {
            out.extend(text.split_whitespace().map(str::to_owned))
        }
        Value::Text(text) | Value::Number(text) => out.push(text.trim().to_owned()),
        _ => {}
    }
}

fn images(scopes: &Scopes<'_>) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    let alt = scopes.text(&["imagealt", "coveralt", "thumbnailalt", "heroimagealt", "alt"]);
    for field in scopes.all(PICTURES) {
        for value in field.value.members() {
            if let Some(image) = picture(value, alt)
                && !images.iter().any(|known| known.url == image.url)
            {
                images.push(image);
            }
        }
    }
    images
}

fn picture(value: &Value, alt: Option<&str>) -> Option<Image> {
    match value {
        Value::Text(text) if is_address(text.trim()) => {
            Some(Image { url: text.trim().to_owned(), alt: alt.map(str::to_owned), title: None })
        }
        Value::Map(fields) => {
            let text = |names: &[&str]| names.iter().find_map(|n| get(fields, n)?.value.text()).map(str::to_owned);
            let url = text(&["src", "url", "image", "path", "file", "filename", "feature", "overlayimage"])?;
            Some(Image {
                url,
                alt: text(&["alt", "alttext"]).or_else(|| alt.map(str::to_owned)),
                title: text(&["caption", "title"]),
            })
        }
        _ => None,
    }
}

fn is_address(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace) && (text.contains('.') || text.contains('/'))
}

fn hidden(scopes: &Scopes<'_>) -> Option<String> {
    let said = |name: &str| scopes.all(&[name]).next().map(|f| &f.value);
    if said("draft").is_some_and(Value::is_true)
        || said("status").and_then(Value::text).is_some_and(|s| s.eq_ignore_ascii_case("draft"))
    {
        return Some("draft".to_owned());
    }
    if said("published").is_some_and(Value::is_false) {
        return Some("published: false".to_owned());
    }
    ["private", "hidden", "unlisted"].into_iter().find(|name| said(name).is_some_and(Value::is_true)).map(str::to_owned)
}

/// The page's own address. Placeholders (`/:year/:title/`) are the site generator's business.
fn address(scopes: &Scopes<'_>, entry: &mut Entry) {
    let named = scopes.all(&["url", "permalink", "path"]).filter_map(|f| f.value.text());
    let own =
        named.filter(|url| !url.replace("://", "").contains(':')).find(|url| is_address(url) || !url.contains(' '));
    entry.url = own.map(rooted);
    match scopes.text(&["slug"]) {
        Some(slug) if slug.starts_with('/') => entry.url = entry.url.take().or(Some(slug.to_owned())),
        Some(slug) if !slug.contains("://") => entry.slug = Some(slug.trim_matches('/').to_owned()),
        _ => {}
    }
}

/// Addresses in front matter count from the site's root, with or without a leading slash.
fn rooted(url: &str) -> String {
    if url.starts_with('/') || url.contains("://") { url.to_owned() } else { format!("/{url}") }
}
