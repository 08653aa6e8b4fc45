//! Addresses of posts as the generator of their site makes them, by its configuration.

use super::address::{Path, encode};
use crate::model::{Entry, EntryKind, Generator, SiteConfig};
use chrono::Datelike;
use url::Url;

/// The address of the post in the file at `key`; `None` where the configuration does not tell it for certain.
pub(super) fn address(site: &SiteConfig, key: &str, entry: &Entry) -> Option<Url> {
    let path = match site.generator? {
        Generator::Hugo => hugo(site, key, entry)?,
        Generator::Jekyll => jekyll(site, key, entry)?,
        Generator::Zola => zola(key, entry)?,
    };
    site.base.as_ref()?.join(&format!("./{}", encode(path.trim_start_matches('/')))).ok()
}

/// `content/walks/lake.md` → `walks/lake/`, or what the pattern of its section says; other languages lie in a folder of their own.
fn hugo(site: &SiteConfig, key: &str, entry: &Entry) -> Option<String> {
    let (root, language) = folder_of(site, key)?;
    let (key, language) = match language {
        Some(language) => (key.to_owned(), Some(language)),
        None => suffixed(site, key),
    };
    let path = Path::of(&key, root, entry.slug.as_deref());
    let section = path.path.split('/').next().unwrap_or_default();
    let is_page = entry.kind != EntryKind::Section && path.path.contains('/');
    let pattern = site.permalinks.get(section).or_else(|| site.permalinks.get("")).filter(|_| is_page);
    let below = match pattern {
        Some(pattern) => expanded(pattern, |name| match name {
            "section" => Some(section.to_owned()),
            "sections" => Some(path.dir.clone()),
            "title" => Some(hugo_name(&entry.title)),
            "slug" => Some(entry.slug.clone().unwrap_or_else(|| hugo_name(&entry.title))),
            "filename" | "contentbasename" => Some(path.file.clone()),
            "slugorfilename" | "slugorcontentbasename" => Some(entry.slug.clone().unwrap_or(path.file.clone())),
            _ => of_day(name, entry),
        })?,
        None => path.path.clone(),
    };
    let usual = site.language.as_deref().unwrap_or("en");
    let language = language.or(Some(usual).filter(|_| !site.languages.is_empty()));
    let language = language.filter(|language| site.language_in_path || *language != usual);
    let all: Vec<&str> =
        language.into_iter().chain([below.trim_matches('/')]).filter(|part| !part.is_empty()).collect();
    let address = all.join("/").to_lowercase().replace(' ', "-");
    let end = if address.is_empty() {
        ""
    } else if site.ugly && is_page {
        ".html"
    } else {
        "/"
    };
    Some(address + end)
}

/// The folder of the content that the file lies in, and the language whose own it is.
fn folder_of<'s>(site: &'s SiteConfig, key: &str) -> Option<(&'s str, Option<&'s str>)> {
    let own =
        site.languages.iter().filter_map(|(language, folder)| Some((folder.as_deref()?, Some(language.as_str()))));
    let all = own.chain([(site.content.as_deref().unwrap_or("content"), None)]);
    let is_in = |folder: &str| key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    all.filter(|(folder, _)| is_in(folder)).max_by_key(|(folder, _)| folder.len())
}

/// `lake.fr.md` is the French `lake.md`.
fn suffixed<'s>(site: &'s SiteConfig, key: &str) -> (String, Option<&'s str>) {
    match (suffix(site, key), key.rsplit_once('.')) {
        (Some(language), Some((stem, extension))) => {
            let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
            (format!("{stem}.{extension}"), Some(language))
        }
        _ => (key.to_owned(), None),
    }
}

fn suffix<'s>(site: &'s SiteConfig, key: &str) -> Option<&'s str> {
    let (_, language) = key.rsplit_once('.')?.0.rsplit_once('.')?;
    site.languages.keys().map(String::as_str).find(|known| known.eq_ignore_ascii_case(language))
}

/// `_posts/2025-03-14-lake.md` → `2025/03/14/lake.html`, or what the pattern says.
fn jekyll(site: &SiteConfig, key: &str, entry: &Entry) -> Option<String> {
    const STYLES: [(&str, &str); 3] = [
        ("date", "/:categories/:year/:month/:day/:title.html"),
        ("pretty", "/:categories/:year/:month/:day/:title/"),
        ("none", "/:categories/:title.html"),
    ];
    let content = site.content.as_deref().unwrap_or_default();
    let below = key.strip_prefix(content)?.trim_start_matches('/').strip_prefix("_posts/")?;
    let path = Path::of(below, "", entry.slug.as_deref());
    let pattern = site.permalinks.get("").map_or("date", String::as_str);
    let pattern = STYLES.iter().find(|(name, _)| *name == pattern).map_or(pattern, |(_, pattern)| pattern);
    expanded(pattern, |name| match name {
        "title" | "slug" => Some(path.slug.clone()),
        "output_ext" => Some(".html".to_owned()),
        // Categories and tags are not told apart here.
        "categories" => entry.tags.is_empty().then(String::new),
        _ => of_day(name, entry),
    })
}

/// `content/walks/2025-03-14-lake.md` → `walks/lake/`.
fn zola(key: &str, entry: &Entry) -> Option<String> {
    let below = key.strip_prefix("content/")?;
    let path = Path::of(below, "", entry.slug.as_deref());
    let is_section = entry.kind == EntryKind::Section;
    let last = if is_section { &path.file } else { &path.slug };
    let all = [path.dir.as_str(), last].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let address = all.to_lowercase().replace([' ', '_'], "-");
    Some(if address.is_empty() { address } else { address + "/" })
}

/// The pattern with its `:names` filled in, without doubled slashes; `None` where one is not known.
fn expanded(pattern: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut parts = pattern.split(':');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at_checked(end)?;
        out.push_str(&value(name)?);
        out.push_str(rest);
    }
    while out.contains("//") {
        out = out.replace("//", "/");
    }
    Some(out)
}

fn of_day(name: &str, entry: &Entry) -> Option<String> {
    let day = entry.published.as_ref()?.day();
    Some(match name {
        "year" => format!("{:04}", day.year()),
        "month" => format!("{:02}", day.month()),
        "day" => format!("{:02}", day.day()),
        "i_month" => day.month().to_string(),
        "i_day" => day.day().to_string(),
        _ => return None,
    })
}

/// What Hugo makes of a title in an address: small letters, digits and marks of any script with single hyphens.
fn hugo_name(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_whitespace() && (out.is_empty() || out.ends_with('-')) => {}
            c if c.is_whitespace() => out.push('-'),
            '-' if out.ends_with('-') => {}
            c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '~') => out.push(c),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Stamp;

    fn entry(title: &str, slug: Option<&str>) -> Entry {
        Entry {
            title: title.to_owned(),
            slug: slug.map(str::to_owned),
            published: Some(Stamp::Day(chrono::NaiveDate::from_ymd_opt(2025, 3, 4).unwrap())),
            ..Entry::default()
        }
    }

    fn site(generator: Generator, permalinks: &[(&str, &str)]) -> SiteConfig {
        let owned = |(section, pattern): &(&str, &str)| ((*section).to_owned(), (*pattern).to_owned());
        SiteConfig {
            generator: Some(generator),
            base: Some("https://lake.example/club/".parse().unwrap()),
            permalinks: permalinks.iter().map(owned).collect(),
            ..SiteConfig::default()
        }
    }

    fn told(site: &SiteConfig, key: &str, entry: &Entry) -> Option<String> {
        address(site, key, entry).map(|url| url.as_str().strip_prefix("https://lake.example/club/").unwrap().to_owned())
    }

    #[test]
    fn hugo_follows_folders_and_patterns() {
        let plain = entry("To the Lake: again!", None);
        let simple = site(Generator::Hugo, &[]);
        let dated = site(Generator::Hugo, &[("walks", "/:year/:month/:slug/"), ("odd", "/:weekday/:title")]);
        for (site, key, expected) in [
            (&simple, "content/walks/Lake Two.md", Some("walks/lake-two/")),
            (&simple, "content/walks/lake/index.md", Some("walks/lake/")),
            (&simple, "content/about.md", Some("about/")),
            (&simple, "README.md", None),
            (&dated, "content/walks/lake.md", Some("2025/03/to-the-lake-again/")),
            (&dated, "content/swims/lake.md", Some("swims/lake/")),
            (&dated, "content/odd/lake.md", None),
        ] {
            assert_eq!(told(site, key, &plain).as_deref(), expected, "{key}");
        }
        assert_eq!(told(&dated, "content/walks/lake.md", &entry("x", Some("b"))).as_deref(), Some("2025/03/b/"));
        let ugly = SiteConfig { ugly: true, ..simple };
        assert_eq!(told(&ugly, "content/walks/lake.md", &plain).as_deref(), Some("walks/lake.html"));
    }

    #[test]
    fn each_language_of_hugo_has_its_place() {
        let plain = entry("Lake", None);
        let mut two = site(Generator::Hugo, &[]);
        two.languages = [("en".to_owned(), Some("content/en".to_owned())), ("fi".to_owned(), None)].into();
        for (in_path, key, expected) in [
            (false, "content/en/walks/lake.md", "walks/lake/"),
            (false, "content/walks/lake.fi.md", "fi/walks/lake/"),
            (false, "content/walks/lake.md", "walks/lake/"),
            (true, "content/en/walks/lake.md", "en/walks/lake/"),
            (true, "content/walks/lake.md", "en/walks/lake/"),
            (true, "content/walks/lake.fi.md", "fi/walks/lake/"),
        ] {
            two.language_in_path = in_path;
            assert_eq!(told(&two, key, &plain).as_deref(), Some(expected), "{key} {in_path}");
        }
    }

    #[test]
    fn jekyll_and_zola_follow_their_own_rules() {
        let plain = entry("Lake", None);
        let tagged = Entry { tags: vec!["walks".to_owned()], ..plain.clone() };
        let post = "_posts/2025-03-04-Lake.md";
        let jekyll = |pattern: &str| site(Generator::Jekyll, &[("", pattern)]);
        assert_eq!(told(&jekyll("date"), post, &plain).as_deref(), Some("2025/03/04/Lake.html"));
        assert_eq!(told(&jekyll("pretty"), post, &plain).as_deref(), Some("2025/03/04/Lake/"));
        assert_eq!(told(&jekyll("/blog/:title/"), post, &tagged).as_deref(), Some("blog/Lake/"));
        assert_eq!(told(&jekyll("date"), post, &tagged), None);
        assert_eq!(told(&jekyll("ordinal"), "about.md", &plain), None);
        let zola = site(Generator::Zola, &[]);
        assert_eq!(told(&zola, "content/walks/2025-03-04-lake_two.md", &plain).as_deref(), Some("walks/lake-two/"));
        assert_eq!(told(&zola, "content/walks/x/index.md", &entry("x", Some("y"))).as_deref(), Some("walks/y/"));
    }

    #[test]
    fn a_file_name_cannot_lead_away_from_the_site() {
        let plain = entry("Lake", None);
        for key in [
            "content//evil.example/x.md",
            "content/../../x.md",
            "content/a?b#c/x.md",
            "content/http:/evil.example/x.md",
        ] {
            let url = address(&site(Generator::Hugo, &[]), key, &plain);
            assert!(url.is_none_or(|url| url.as_str().starts_with("https://lake.example/club/")), "{key}");
        }
    }
}
