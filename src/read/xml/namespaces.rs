//! XML namespaces, each with the prefix used for it here.

/// Namespace names in small letters, without `/` at their end; the plain one for RSS's own.
const KNOWN: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/atom", "atom"),
    ("http://purl.org/atom/ns#", "atom"),
    ("http://purl.org/rss/1.0", ""),
    ("http://my.netscape.com/rdf/simple/0.9", ""),
    ("http://my.netscape.com/publish/formats/rss-0.91.dtd", ""),
    ("http://channel.netscape.com/rdf/simple/0.9", ""),
    ("http://backend.userland.com/rss", ""),
    ("http://backend.userland.com/rss091", ""),
    ("http://backend.userland.com/rss2", ""),
    ("http://blogs.law.harvard.edu/tech/rss", ""),
    ("http://cyber.law.harvard.edu/rss/rss.html", ""),
    ("http://purl.org/net/rss1.1#", ""),
    ("http://www.rssboard.org/rss-specification", ""),
    ("http://purl.org/dc/elements/1.1", "dc"),
    ("http://purl.org/dc/elements/1.0", "dc"),
    ("http://purl.org/dc/terms", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content", "content"),
    ("http://purl.org/rss/1.0/modules/syndication", "sy"),
    ("http://purl.org/rss/1.0/modules/event", "ev"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://video.search.yahoo.com/mrss", "media"),
    ("http://tools.search.yahoo.com/mrss", "media"),
    ("urn:ietf:params:xml:ns:xcal", "xcal"),
    ("urn:ietf:params:xml:ns:icalendar-2.0", ""),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.georss.org/georss", "georss"),
    ("http://www.opengis.net/gml", "gml"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#", "geo"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("http://creativecommons.org/ns#license", "cc"),
    ("http://web.resource.org/cc", "cc"),
    ("http://backend.userland.com/creativecommonsrssmodule", "creativecommons"),
    ("http://webns.net/mvcb", "admin"),
    ("http://www.w3.org/2007/app", "app"),
    ("http://purl.org/atom/app#", "app"),
];

/// Our prefix for a namespace; none for one that says nothing to us.
pub(super) fn ours(namespace: &str) -> Option<&'static str> {
    let namespace = namespace.trim().to_ascii_lowercase();
    let namespace = namespace.trim_end_matches('/');
    KNOWN.iter().find(|(known, _)| *known == namespace).map(|(_, ours)| *ours)
}
