//! Which address an entry has, and from where its links count.

use super::{Context, site};
use crate::model::*;
use chrono::Datelike;
use url::Url;

/// The entry's canonical address: the one it names itself, else what the source's link rule or the configuration of its site makes of its
/// path, else where it was read from.
pub(super) fn canonical(context: &Context, entry: &Entry) -> (Option<Url>, Option<Problem>) {
    if let Some(own) = entry.url.as_deref()
        && let Some(url) = own_address(context, entry, own)
    {
        return (Some(url), None);
    }
    // A list of events may name each of them as its address does.
    let rule = context.source.link.as_ref();
    let names_itself = entry.kind == EntryKind::Event && entry.slug.is_some();
    let by_slug = rule.is_some_and(|rule| names_itself && rule.template.contains("{slug}"));
    if context.document.url.is_some() && !by_slug {
        let is_page = context.format.is_some_and(|format| format.is_post() || format == Format::Html);
        return (context.document.url.clone().filter(|_| is_page && entry.kind != EntryKind::Event), None);
    }
    if entry.kind == EntryKind::Event && !by_slug {
        return (None, None);
    }
    match rule.map(|rule| expand(rule, context, entry)) {
        None => {
            let site = context.source.site.as_ref();
            (site.and_then(|site| site::address(site, &context.document.key, entry)), None)
        }
        Some(Ok(url)) => (Some(url), None),
        Some(Err(message)) => (None, Some(context.problem(ProblemKind::Field, message))),
    }
}

/// An address that an entry names: absolute, or counted from the page's site.
fn own_address(context: &Context, entry: &Entry, own: &str) -> Option<Url> {
    if let Some(url) = web_url(own) {
        return Some(url);
    }
    if own.contains("://") {
        return None;
    }
    if let Some(root) = site_root(context).filter(|_| context.document.url.is_none()) {
        return root.join(own.trim_start_matches('/')).ok().filter(is_web);
    }
    let base = entry.base.as_deref().and_then(web_url).or_else(|| context.document.url.clone())?;
    base.join(own).ok().filter(is_web)
}

/// What relative links in the entry's text count from.
pub(super) fn link_base(context: &Context, entry: &Entry, url: Option<&Url>) -> Option<Url> {
    let named = entry.base.as_deref().and_then(|base| match &context.document.url {
        Some(from) => from.join(base).ok().filter(is_web),
        None => web_url(base),
    });
    let site = || site_root(context).cloned();
    named.or_else(|| url.cloned()).or_else(|| context.document.url.clone()).or_else(site)
}

/// Where the source's site begins.
fn site_root<'c>(context: &'c Context) -> Option<&'c Url> {
    let told = || context.source.site.as_ref()?.base.as_ref();
    context.source.link.as_ref().map(|rule| &rule.site_root).or_else(told)
}

/// An absolute web address made of one that may be relative.
pub(super) fn absolute(href: &str, base: Option<&Url>) -> Option<Url> {
    web_url(href).or_else(|| {
        let href = href.trim();
        let joined = base?.join(href).ok()?;
        (!href.is_empty()).then_some(joined).filter(is_web)
    })
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn expand(rule: &LinkRule, context: &Context, entry: &Entry) -> Result<Url, String> {
    let path = Path::of(&context.document.key, &context.source.root, entry.slug.as_deref());
    let mut text = rule.template.clone();
    if text.contains("{year}") || text.contains("{month}") || text.contains("{day}") {
        let Some(day) = entry.published.map(|stamp| stamp.day()) else {
            return Err(format!("expected a publication date for the address `{}`, but found none", rule.template));
        };
        text = text.replace("{year}", &format!("{:04}", day.year()));
        text = text.replace("{month}", &format!("{:02}", day.month()));
        text = text.replace("{day}", &format!("{:02}", day.day()));
    }
    let text = [("{path}", &path.path), ("{dir}", &path.dir), ("{file}", &path.file), ("{slug}", &path.slug)]
        .iter()
        .fold(text, |text, (name, value)| text.replace(name, &encode(value)));
    let (scheme, rest) = text.split_once("://").ok_or("the link rule has no scheme")?;
    let mut rest = rest.to_owned();
    while rest.contains("//") {
        rest = rest.replace("//", "/");
    }
    web_url(&format!("{scheme}://{rest}"))
        .ok_or_else(|| format!("expected a web address, but the link rule gave `{text}`"))
}

/// Keeps a file's name from becoming a query, a fragment or a way up.
pub(super) fn encode(path: &str) -> String {
    let safe = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace('\\', "%5C");
    safe.split('/').map(|part| if part == ".." || part == "." { "%2E" } else { part }).collect::<Vec<_>>().join("/")
}

/// The parts of a document's path that a link rule may name.
pub(super) struct Path {
    pub path: String,
    pub dir: String,
    pub file: String,
    pub slug: String,
}

impl Path {
    pub fn of(key: &str, root: &str, slug: Option<&str>) -> Self {
        let below = key.strip_prefix(root).filter(|rest| root.is_empty() || rest.starts_with('/')).unwrap_or(key);
        let below = below.trim_start_matches('/');
        let (dir, name) = below.rsplit_once('/').unwrap_or(("", below));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
        let (dir, file) = match stem {
            "index" | "_index" => dir.rsplit_once('/').unwrap_or(("", dir)),
            _ => (dir, stem),
        };
        let dated = file.get(..11).filter(|lead| is_dated(lead)).map_or(file, |lead| &file[lead.len()..]);
        let undated = if dated.is_empty() { file } else { dated };
        let last = slug.unwrap_or(file);
        let path = if dir.is_empty() { last.to_owned() } else { format!("{dir}/{last}") };
        Self { path, dir: dir.to_owned(), file: file.to_owned(), slug: slug.unwrap_or(undated).to_owned() }
    }
}

/// `2025-03-14-` before a name.
fn is_dated(lead: &str) -> bool {
    lead.ends_with('-') && lead.get(..10).is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_extension_and_index() {
        let path = |key: &str| Path::of(key, "content", None).path;
        assert_eq!(path("content/blog/2025-03-14-spring-walk.md"), "blog/2025-03-14-spring-walk");
        assert_eq!(path("content/hikes/lake/index.mdx"), "hikes/lake");
        assert_eq!(path("content/hikes/_index.md"), "hikes");
        assert_eq!(path("content/_index.md"), "");
        assert_eq!(path("contents/x.md"), "contents/x");
        assert_eq!(Path::of("_posts/2025-03-14-spring-walk.md", "", None).slug, "spring-walk");
        assert_eq!(Path::of("posts/a.md", "posts", Some("b")).path, "b");
    }

    #[test]
    fn a_file_name_cannot_leave_the_site() {
        assert_eq!(encode("a/../b?x#y"), "a/%2E/b%3Fx%23y");
    }
}
