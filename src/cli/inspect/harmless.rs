//! Markup as a feed has it, without anything active: drawings and formulas stay, which what is published leaves out.
//!
//! Markup that holds nothing active and no relative address is printed as it was written.

use ammonia::{Builder, UrlRelative};
use scraper::Html;
use url::Url;

/// Markup that nests deeper, or is longer, is not looked at.
const DEEPEST: usize = 256;
const LONGEST: usize = 2 * 1024 * 1024;

/// Elements of drawings and formulas that only show something.
const DRAWINGS: &[&str] = &[
    "svg",
    "g",
    "path",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "rect",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "marker",
    "linearGradient",
    "radialGradient",
    "stop",
    "math",
    "mrow",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
];
const ATTRIBUTES: &[&str] = &[
    "xmlns",
    "xmlns:xlink",
    "xlink:href",
    "xlink:show",
    "xlink:type",
    "version",
    "baseProfile",
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "d",
    "points",
    "transform",
    "fill",
    "stroke",
    "stroke-width",
    "opacity",
    "offset",
    "dir",
    "class",
    "id",
];

/// The markup without anything active, its addresses counted from `base`.
pub(super) fn harmless(html: &str, base: Option<&Url>) -> String {
    if html.len() > LONGEST || crate::model::nests_deeper(html, DEEPEST) {
        return String::new();
    }
    let relative = base.map_or(UrlRelative::PassThrough, |base| UrlRelative::RewriteWithBase(base.clone()));
    let cleaned = Builder::default()
        .add_tags(DRAWINGS)
        .add_generic_attributes(ATTRIBUTES)
        .link_rel(None)
        .url_relative(relative)
        .clean(html)
        .to_string();
    // What the parser itself drops (`<frame>`) is not told apart by the trees.
    let tags = |html: &str| html.match_indices('<').filter(|(at, _)| !html[at + 1..].starts_with('/')).count();
    let as_written = tags(html) == tags(&cleaned) && Html::parse_fragment(html).root_element().inner_html() == cleaned;
    if as_written { html.to_owned() } else { cleaned }
}
