//! schema.org events in microdata (HTML §5) and RDFa Lite 1.1.
//!
//! In: a parsed page. Out: its items as the objects that JSON-LD would hold, from which [`super::jsonld`] makes entries. `itemref` and prefixes
//! other than schema.org's are not followed.

use super::Page;
use scraper::ElementRef;
use serde_json::{Map, Value};

/// How a page says what belongs to an item.
struct Syntax {
    /// Marks an item.
    scope: &'static str,
    /// Names what the item is.
    kind: &'static str,
    /// Names a property.
    property: &'static str,
}

const SYNTAXES: [Syntax; 2] = [
    Syntax { scope: "itemscope", kind: "itemtype", property: "itemprop" },
    Syntax { scope: "typeof", kind: "typeof", property: "property" },
];

/// The items of a page that are no property of another one.
pub(super) fn items(page: &Page) -> Value {
    let of = |syntax: &'static Syntax| {
        let outer = page.all(&format!("[{}]:not([{}])", syntax.scope, syntax.property));
        outer.into_iter().map(|element| Value::Object(item(element, syntax)))
    };
    SYNTAXES.iter().flat_map(of).collect()
}

fn item(element: ElementRef<'_>, syntax: &Syntax) -> Map<String, Value> {
    let mut object = Map::new();
    let kinds = element.attr(syntax.kind).unwrap_or_default().split_ascii_whitespace();
    object.insert("@type".to_owned(), kinds.map(Value::from).collect());
    properties(element, syntax, &mut object);
    object
}

/// Collects what belongs to the item; the depth of a page is bounded.
fn properties(element: ElementRef<'_>, syntax: &Syntax, object: &mut Map<String, Value>) {
    for child in element.child_elements() {
        let is_item = child.attr(syntax.scope).is_some();
        for name in child.attr(syntax.property).into_iter().flat_map(str::split_ascii_whitespace) {
            let name = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
            let value = if is_item { Value::Object(item(child, syntax)) } else { value(child, name).into() };
            if let Value::Array(values) = object.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                values.push(value);
            }
        }
        if !is_item {
            properties(child, syntax, object);
        }
    }
}

/// The value of a property (HTML §5.2.4). `content` counts on every element, as everybody writes it.
fn value(element: ElementRef<'_>, name: &str) -> String {
    let is_name = matches!(name, "name" | "description" | "summary");
    let address = || match element.value().name() {
        // The words of a link are what a name says, wherever it leads.
        _ if is_name => None,
        "a" | "area" | "link" => element.attr("href"),
        "img" | "audio" | "video" | "source" | "iframe" | "embed" | "track" => element.attr("src"),
        "object" => element.attr("data"),
        "time" => element.attr("datetime"),
        "data" | "meter" => element.attr("value"),
        _ => None,
    };
    let written = element.attr("content").or_else(address);
    written.map_or_else(|| words(element), |written| written.trim().to_owned())
}

/// The text of an element, white space collapsed.
pub(super) fn words(element: ElementRef<'_>) -> String {
    crate::model::clean_line(&element.text().collect::<Vec<_>>().join(" "))
}
