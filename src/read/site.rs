//! The configuration of a site's generator → [`SiteConfig`]: what Hugo, Jekyll and Zola call the address of their site, and how they make those of its pages.

use super::post::{Field, Value, json, toml, yaml};
use crate::model::{Generator, SiteConfig, web_url};
use std::collections::BTreeMap;
use url::Url;

/// More languages or sections are no site's.
const MOST: usize = 200;
/// Names that stand in new configurations until somebody writes the right one.
const UNTOLD: [&str; 4] = ["example.com", "example.org", "example.net", "localhost"];

/// Reads the file at `key`; `None` where it configures no site.
pub(super) fn read(text: &str, key: &str) -> Option<SiteConfig> {
    let (path, extension) = key.rsplit_once('.')?;
    let value = match extension {
        "toml" => toml(text),
        "json" => json(text),
        _ => yaml(text),
    };
    let value = value.ok()?;
    let fields = value.fields();
    match path.strip_prefix("config/_default/") {
        Some("languages") => Some(SiteConfig { languages: languages(fields), ..hugo(&[]) }),
        Some("permalinks") => Some(SiteConfig { permalinks: permalinks(fields), ..hugo(&[]) }),
        Some(_) => Some(hugo(fields)),
        None if path == "_config" => jekyll(fields),
        None if path == "zola" || field(fields, "base_url").is_some() => Some(zola(fields)),
        None if path == "hugo" || field(fields, "baseurl").is_some() => Some(hugo(fields)),
        None => None,
    }
}

fn hugo(fields: &[Field]) -> SiteConfig {
    let table = |name: &str| field(fields, name).map(Value::fields).unwrap_or_default();
    SiteConfig {
        generator: Some(Generator::Hugo),
        base: text(fields, "baseurl").and_then(front_page),
        content: text(fields, "contentdir").map(folder),
        languages: languages(table("languages")),
        language: text(fields, "defaultcontentlanguage").map(str::to_lowercase),
        language_in_path: field(fields, "defaultcontentlanguageinsubdir").is_some_and(Value::is_true),
        ugly: field(fields, "uglyurls").is_some_and(Value::is_true),
        permalinks: permalinks(table("permalinks")),
    }
}

fn languages(fields: &[Field]) -> BTreeMap<String, Option<String>> {
    let tables = fields.iter().filter(|field| matches!(field.value, Value::Map(_))).take(MOST);
    tables.map(|field| (field.name.to_lowercase(), text(field.value.fields(), "contentdir").map(folder))).collect()
}

/// `posts = "/:year/:slug/"`, or the same below `page`.
fn permalinks(fields: &[Field]) -> BTreeMap<String, String> {
    let pages = field(fields, "page").map(Value::fields).filter(|fields| !fields.is_empty()).unwrap_or(fields);
    let pattern = |field: &Field| Some((folder(&field.name), field.value.text()?.to_owned()));
    pages.iter().take(MOST).filter_map(pattern).collect()
}

fn zola(fields: &[Field]) -> SiteConfig {
    let base = text(fields, "base_url").and_then(front_page);
    SiteConfig { generator: Some(Generator::Zola), base, ..SiteConfig::default() }
}

/// `None` for Hexo's, which has the same name and other rules.
fn jekyll(fields: &[Field]) -> Option<SiteConfig> {
    if ["source_dir", "public_dir"].iter().any(|name| field(fields, name).is_some()) {
        return None;
    }
    let base = text(fields, "url").and_then(|url| {
        let below = text(fields, "baseurl").unwrap_or_default().trim_matches('/');
        front_page(&format!("{}/{below}", url.trim_end_matches('/')))
    });
    let permalink = text(fields, "permalink").unwrap_or("date");
    Some(SiteConfig {
        generator: Some(Generator::Jekyll),
        base,
        content: text(fields, "source").map(folder),
        permalinks: [(String::new(), permalink.to_owned())].into(),
        ..SiteConfig::default()
    })
}

/// An absolute address that ends in `/`, if it is anybody's.
fn front_page(base: &str) -> Option<Url> {
    let mut url = web_url(base)?;
    let host = url.host_str()?.trim_start_matches("www.").to_owned();
    if UNTOLD.contains(&host.as_str()) || url.query().is_some() {
        return None;
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url.set_fragment(None);
    Some(url)
}

fn folder(written: &str) -> String {
    written.trim().trim_start_matches("./").trim_matches('/').to_owned()
}

/// The value of that name, whatever its case: Hugo's names have none.
fn field<'a>(fields: &'a [Field], name: &str) -> Option<&'a Value> {
    fields.iter().rev().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| &field.value)
}

fn text<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    field(fields, name)?.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hugo_tells_its_site_languages_and_patterns() {
        let config = "baseURL = 'https://lake.example/club'\ndefaultContentLanguage = 'fi'\nuglyurls = true\n[permalinks]\nposts = '/:year/:slug/'\n\
                      [languages.fi]\ncontentDir = 'content/fi'\n[languages.en]\nweight = 2\n";
        let site = read(config, "hugo.toml").unwrap();
        assert_eq!(site.base.unwrap().as_str(), "https://lake.example/club/");
        assert_eq!(site.languages["fi"].as_deref(), Some("content/fi"));
        assert_eq!((site.languages["en"].as_deref(), site.language.as_deref(), site.ugly), (None, Some("fi"), true));
        assert_eq!(site.permalinks["posts"], "/:year/:slug/");
        let nested =
            read("page:\n  posts: /:slug/\nsection:\n  posts: /x/\n", "config/_default/permalinks.yaml").unwrap();
        assert_eq!(nested.permalinks.into_iter().collect::<Vec<_>>(), [("posts".to_owned(), "/:slug/".to_owned())]);
    }

    #[test]
    fn jekyll_and_zola_tell_their_site() {
        let site = read("url: https://lake.example\nbaseurl: /club\npermalink: pretty\n", "_config.yml").unwrap();
        assert_eq!(
            (site.base.unwrap().as_str(), site.permalinks[""].as_str()),
            ("https://lake.example/club/", "pretty")
        );
        let site = read("base_url = 'https://lake.example'\n", "config.toml").unwrap();
        assert_eq!((site.generator, site.base.unwrap().as_str()), (Some(Generator::Zola), "https://lake.example/"));
    }

    #[test]
    fn what_configures_nothing_or_nobodys_site_is_told_apart() {
        assert_eq!(read("events: [a, b]\n", "config.yml"), None);
        assert_eq!(read("url: https://lake.example\nsource_dir: source\n", "_config.yml"), None);
        assert_eq!(read("baseURL = 'https://lake.example", "hugo.toml"), None, "broken");
        for base in ["https://example.org/", "http://localhost:1313/", "/", "//lake.example/", "lake.example"] {
            let site = read(&format!("baseURL = '{base}'"), "hugo.toml").unwrap();
            assert_eq!(site.base, None, "{base}");
        }
    }
}
