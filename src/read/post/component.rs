//! What a shortcode or a component is worth as plain HTML.
//!
//! In: a name with its arguments, whether Hugo, Zola, Liquid or JSX wrote it. Out: a figure, a link, or nothing. The names are families
//! (`img`, `Image`, `figure`, `StaticImage`), as every site makes up its own.

use super::markdown::inline_html;
use html_escape::{encode_double_quoted_attribute as attribute, encode_text};

/// What takes the place of a shortcode or component.
#[derive(Debug, PartialEq)]
pub(super) enum Rendered {
    Nothing,
    /// HTML that ends a paragraph.
    Block(String),
    /// HTML inside a paragraph.
    Inline(String),
    /// Text that Markdown is still to read, such as an address inside a link.
    Plain(String),
}

/// Arguments, by name or by position.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Args(Vec<(Option<String>, String)>);

impl Args {
    /// Adds one.
    pub fn push(&mut self, name: Option<&str>, value: &str) {
        self.0.push((name.map(str::to_owned), value.trim().to_owned()));
    }

    /// The first of these names that says something.
    pub fn named(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|wanted| {
            let same = |(name, value): &&(Option<String>, String)| {
                name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(wanted)) && !value.is_empty()
            };
            self.0.iter().find(same).map(|(_, value)| value.as_str())
        })
    }

    /// The nth argument without a name.
    pub fn positional(&self, n: usize) -> Option<&str> {
        self.0.iter().filter(|(name, _)| name.is_none()).nth(n).map(|(_, value)| value.as_str())
    }

    /// Takes the first argument without a name out.
    pub fn take_first(&mut self) -> Option<String> {
        let at = self.0.iter().position(|(name, _)| name.is_none())?;
        Some(self.0.remove(at).1)
    }

    /// Arguments as shortcodes write them: `src="a" 'b' c, d=1`. Backticks quote too; a backslash escapes inside quotes.
    pub fn parse(text: &str) -> Self {
        let mut args = Self::default();
        let mut rest = text.trim_start_matches(SEPARATORS);
        while !rest.is_empty() {
            let (word, after) = token(rest);
            let next = after.trim_start();
            match next.strip_prefix('=') {
                Some(value) if !word.is_empty() => {
                    let (value, after) = token(value.trim_start());
                    args.push(Some(&word), &value);
                    rest = after;
                }
                Some(value) => rest = value,
                None => {
                    args.push(None, &word);
                    rest = after;
                }
            }
            rest = rest.trim_start_matches(SEPARATORS);
        }
        args
    }
}

const SEPARATORS: [char; 6] = [' ', '\t', '\n', '\r', ',', ')'];

fn token(text: &str) -> (String, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => quoted(text, quote),
        Some(_) => {
            let end = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | ')')).unwrap_or(text.len());
            // An address may hold `=`; only names before the first one count.
            let (word, rest) = text.split_at(end);
            (word.to_owned(), rest)
        }
        None => (String::new(), text),
    }
}

fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' if quote != '`' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

/// HTML for one shortcode or component.
pub(super) fn render(name: &str, args: &Args) -> Rendered {
    let lower = name.to_ascii_lowercase();
    let source = args.named(&["src", "source", "image", "img", "file", "path", "filename"]);
    if let Some(link) = video(&lower, args) {
        return Rendered::Inline(link);
    }
    match lower.as_str() {
        "ref" | "relref" | "link" => {
            return args
                .named(&["path"])
                .or(args.positional(0))
                .map_or(Rendered::Nothing, |to| Rendered::Plain(page_link(to)));
        }
        "post_url" => return args.positional(0).map_or(Rendered::Nothing, |to| Rendered::Plain(page_link(to))),
        _ => {}
    }
    let about_pictures = ["img", "image", "fig", "photo", "picture"].iter().any(|word| lower.contains(word));
    let picture = match source {
        Some(source) if about_pictures || is_picture(source) => Some(source),
        Some(_) => None,
        None => args.positional(0).filter(|first| is_picture(first) || (about_pictures && first.contains('/'))),
    };
    if let Some(picture) = picture {
        return Rendered::Block(figure(picture, args));
    }
    labelled_link(args).map_or(Rendered::Nothing, Rendered::Inline)
}

fn is_picture(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"].iter().any(|ending| path.ends_with(ending))
}

fn figure(source: &str, args: &Args) -> String {
    let title = args.named(&["title"]);
    let caption = args.named(&["caption", "description", "legend", "figcaption"]);
    let alt = args.named(&["alt"]).or_else(|| args.positional(1).filter(|_| args.named(&["src"]).is_none()));
    let mut img = format!("<img src=\"{}\" alt=\"{}\"", attribute(source), attribute(alt.unwrap_or_default()));
    if let Some(title) = title {
        img.push_str(&format!(" title=\"{}\"", attribute(title)));
    }
    img.push('>');
    if let Some(link) = args.named(&["link", "href"]) {
        img = format!("<a href=\"{}\">{img}</a>", attribute(link));
    }
    let words = match (title, caption) {
        (Some(title), Some(caption)) if title != caption => {
            let colon = if title.ends_with(['.', ':', '!', '?']) { "" } else { ":" };
            Some(format!("{title}{colon} {caption}"))
        }
        (title, caption) => caption.or(title).map(str::to_owned),
    };
    let caption = words.map(|words| format!("<figcaption>{}</figcaption>", inline_html(&words))).unwrap_or_default();
    format!("<figure>{img}{caption}</figure>")
}

/// A link to a film, for shortcodes and components named after one.
fn video(name: &str, args: &Args) -> Option<String> {
    let id = args.named(&["id", "videoid", "youtubeid", "embedid"]).or(args.positional(0));
    let plain_id =
        |id: &&str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let address = args.named(&["src", "url", "href", "video"]).or_else(|| id.filter(|id| id.contains("://")));
    let href = match (address, id.filter(plain_id)) {
        (Some(address), _) if ["video", "youtube", "vimeo", "peertube"].iter().any(|word| name.contains(word)) => {
            address.to_owned()
        }
        (_, Some(id)) if name.contains("youtube") => format!("https://www.youtube.com/watch?v={id}"),
        (_, Some(id)) if name.contains("vimeo") => format!("https://vimeo.com/{id}"),
        _ => return None,
    };
    let label = args.named(&["title", "label", "alt", "caption", "description"]).unwrap_or("Video");
    Some(format!("<a href=\"{}\">{}</a>", attribute(&href), encode_text(label)))
}

/// A button or card that says in its arguments where it leads and what is written on it.
fn labelled_link(args: &Args) -> Option<String> {
    let href = args.named(&["href", "link", "url", "to"])?;
    let label = args.named(&["text", "label", "title", "name"])?;
    let leads = href.contains("://") || href.starts_with(['/', '#', '.']) || href.starts_with("mailto:");
    leads.then(|| format!("<a href=\"{}\">{}</a>", attribute(href), encode_text(label)))
}

/// The address of a page by the path of its file: no extension, no `index`. Safe inside Markdown's `(…)`.
fn page_link(path: &str) -> String {
    let (path, fragment) = path.split_once('#').map_or((path, None), |(path, fragment)| (path, Some(fragment)));
    let path =
        [".md", ".mdx", ".markdown", ".html"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    let path = path.strip_prefix("_posts/").unwrap_or(path);
    let path = ["_index", "index"]
        .iter()
        .find_map(|name| path.strip_suffix(name))
        .filter(|p| p.is_empty() || p.ends_with('/'))
        .unwrap_or(path);
    let mut link = String::new();
    for c in path.chars() {
        match c {
            ' ' => link.push_str("%20"),
            '(' => link.push_str("%28"),
            ')' => link.push_str("%29"),
            '<' | '>' | '"' | '{' | '}' | '\n' | '\r' => {}
            c => link.push(c),
        }
    }
    if let Some(fragment) = fragment {
        link.push('#');
        link.extend(fragment.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
    }
    link
}

/// Code that a shortcode holds, as a block.
pub(super) fn code_block(code: &str) -> Rendered {
    Rendered::Block(format!("<pre><code>{}</code></pre>", encode_text(code.trim_matches('\n'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_keeps_picture_title_alt_caption_and_link() {
        let args =
            Args::parse("src=\"a b.png\" title='Night \"1\"' alt=`x` caption=\"The *hall*\" link=/h/ class=wide");
        assert_eq!(
            render("figure", &args),
            Rendered::Block(
                "<figure><a href=\"/h/\"><img src=\"a b.png\" alt=\"x\" title=\"Night &quot;1&quot;\"></a><figcaption>Night \"1\": The <em>hall</em></figcaption></figure>".to_owned()
            )
        );
    }

    #[test]
    fn a_reference_becomes_a_link_without_extension() {
        for (path, link) in [
            ("posts/x.md", "posts/x"),
            ("/posts/_index.md", "/posts/"),
            ("x y.mdx#at-the-hall", "x%20y#at-the-hall"),
            ("_posts/2025-01-01-x.md", "2025-01-01-x"),
        ] {
            assert_eq!(page_link(path), link, "{path}");
        }
    }

    #[test]
    fn films_become_links_and_unknown_things_vanish() {
        assert_eq!(
            render("youtube", &Args::parse("dQw4-_x")),
            Rendered::Inline("<a href=\"https://www.youtube.com/watch?v=dQw4-_x\">Video</a>".to_owned())
        );
        assert_eq!(render("toc", &Args::parse("depth=2")), Rendered::Nothing);
        assert_eq!(
            render("button", &Args::parse("href=\"https://r.example\" text=\"Register\"")),
            Rendered::Inline("<a href=\"https://r.example\">Register</a>".to_owned())
        );
    }
}
