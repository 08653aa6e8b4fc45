//! Pages without events of their own: which text is theirs, and what they say of themselves.

use super::page;
use crate::model::{Entry, Stamp};

fn entry(html: &str) -> Entry {
    page(html).entries.into_iter().next().unwrap()
}

fn text(html: &str) -> String {
    let html = entry(html).html;
    let words = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_stands_around_a_text_does_not_reach_it() {
    let blog = "<title>Frogs</title><body class='has-sidebar cookies-unset'><div id=cookie-notice>Cookies until 2030 <button>OK</button></div>\
        <header class=site-header><a href=/>Ponds</a><ul class=menu><li>About</ul></header><div id=content><article><header><h1>Frogs</h1></header>\
        <p>We count them.</p><div class=sharedaddy>Share</div><footer>Filed under frogs</footer><div id=comments>No!</div></article>\
        <article class=teaser><h2>Toads in July</h2></article></div><div id=secondary class='widget-area'>Next: 10 August</div><div id=footer>Closed at Christmas</div>";
    let system = "<title>Frogs</title><body><div role=navigation>Home</div><div class='cc-window cookie-consent'>Cookies</div><ul class=breadcrumb><li>Home</ul>\
        <div class=page><h1>Frogs</h1><p>We count them.</p><p style='display: none'>Draft</p><p hidden>Old</p></div><div role=complementary>Toads</div><div role=contentinfo>Closed</div>";
    let theme = "<title>Frogs</title><body><div class='menu layout'><div class=entry-content><p>Frogs We count them.</p></div><div>Toads</div></div>";
    let bare = "<title>Frogs</title><h1>Frogs</h1><p>We count them.";
    let cases = [
        (blog, "Frogs We count them. Filed under frogs"),
        (system, "Frogs We count them."),
        (theme, "Frogs We count them."),
        (bare, "Frogs We count them."),
    ];
    for (html, expected) in cases {
        assert_eq!(text(html), expected, "{html}");
    }
}

#[test]
fn what_a_page_says_of_itself_is_read_wherever_it_says_it() {
    let day = |day: &str| Some(Stamp::Day(day.parse().unwrap()));
    let cases = [
        (
            "<meta name='DCTERMS.date' content=2026-10-01><meta name=author content='Ana'>",
            day("2026-10-01"),
            Some("Ana"),
        ),
        (
            "<script type='application/ld+json'>{\"@graph\": [{\"@type\": \"BlogPosting\", \"datePublished\": \"2026-10-01\", \"author\": {\"@id\": \"#a\"}}, {\"@id\": \"#a\", \"@type\": \"Person\", \"name\": \"Ana\"}]}</script>",
            day("2026-10-01"),
            Some("Ana"),
        ),
        (
            "<main><time datetime=2027-05-04>4 May</time><time class=published datetime=2026-10-01></time><a rel=author href=/ana>Ana</a></main>",
            day("2026-10-01"),
            Some("Ana"),
        ),
        ("<main>On <time datetime=2027-05-04>4 May</time></main>", None, None),
        ("<article><time class=published datetime=2026-10-01></time>A</article><article>B</article>", None, None),
    ];
    for (html, published, author) in cases {
        let entry = entry(&format!("<title>Frogs</title>{html}<p>Text"));
        let name = entry.authors.first().map(|person| person.name.as_str());
        assert_eq!((entry.published, name), (published, author), "{html}");
    }
}

#[test]
fn open_graph_stands_in_for_what_html_leaves_out() {
    let entry = entry(
        "<title>x</title><meta property='og:title' content='Frogs'><meta property='og:url' content='https://turku.example/frogs'>\
         <meta property='og:locale' content=pt_BR><meta name='twitter:image' content=/f.jpg><p>Text",
    );
    assert_eq!((entry.title.as_str(), entry.url.as_deref()), ("Frogs", Some("https://turku.example/frogs")));
    assert_eq!((entry.language.as_deref(), entry.images[0].url.as_str()), (Some("pt-BR"), "/f.jpg"));
}
