//! Text → content lines → components (RFC 5545 §3.1, §3.6), each with its line in the file.
//!
//! Lenient on purpose: lines that are none are skipped, a component that is never ended is noted and kept.

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;

/// A property with its parameters; the value is as written, still escaped. It borrows from the text where its line is not folded.
#[derive(Debug, Clone, Default)]
pub(super) struct Property<'t> {
    /// In capital letters, like those of the parameters.
    pub name: Cow<'t, str>,
    pub params: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    pub value: Cow<'t, str>,
    pub line: u32,
}

/// How a component ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ended {
    #[default]
    Properly,
    /// Another one began, or an outer one ended, before it did.
    Cut,
    /// The file ended.
    ByFile,
}

/// A component with its properties; of those inside it only VTIMEZONE's are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Component<'t> {
    pub name: Cow<'t, str>,
    pub properties: Vec<Property<'t>>,
    pub parts: Vec<Component<'t>>,
    pub line: u32,
    pub ended: Ended,
}

/// Components nest four deep in practice; what lies deeper is dropped.
const DEEPEST: usize = 8;
/// So many properties hold most events.
const USUAL_PROPERTIES: usize = 16;
/// So far into a line is looked for what encodes its value: a line may grow by thousands of others.
const LONGEST_HEAD: usize = 1_000;

impl<'t> Property<'t> {
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    fn into_owned(self) -> Property<'static> {
        let own = |text: Cow<str>| Cow::Owned(text.into_owned());
        let params = self.params.into_iter().map(|(name, value)| (own(name), own(value))).collect();
        Property { name: own(self.name), params, value: own(self.value), line: self.line }
    }

    /// The value of a TEXT property (§3.3.11).
    pub fn text(&self) -> Cow<'_, str> {
        unescape(&self.value)
    }

    /// The values of a list of TEXT, split at commas that are not escaped.
    pub fn texts(&self) -> Vec<String> {
        if !self.value.contains('\\') {
            return self.value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        }
        let mut parts = vec![String::new()];
        let mut escaped = false;
        for c in self.value.chars() {
            if c == ',' && !escaped {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push(c);
            }
            escaped = c == '\\' && !escaped;
        }
        parts.iter().map(|part| unescape(part).trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }
}

impl<'t> Component<'t> {
    pub fn first(&self, name: &str) -> Option<&Property<'t>> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property<'t>> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The trimmed text of a property, if there is any.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = match self.first(name)?.text() {
            Cow::Owned(text) if text.trim().len() == text.len() => text,
            text => text.trim().to_owned(),
        };
        (!text.is_empty()).then_some(text)
    }
}

fn unescape(value: &str) -> Cow<'_, str> {
    if memchr(b'\\', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let Some((mut before, mut rest)) = value.split_once('\\') else { return Cow::Borrowed(value) };
    let mut out = String::with_capacity(value.len());
    loop {
        out.push_str(before);
        let mut chars = rest.chars();
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            // Exporters in PHP escape the apostrophe, too.
            Some(other @ ('\\' | ';' | ',' | ':' | '\'')) => out.push(other),
            // No escape at all: somebody means the backslash.
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
        rest = chars.as_str();
        match rest.split_once('\\') {
            Some((next, behind)) => (before, rest) = (next, behind),
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// All components on the outermost level, usually one VCALENDAR.
pub(super) fn components(text: &str) -> Vec<Component<'_>> {
    let mut done: Vec<Component> = Vec::new();
    let mut open: Vec<Component> = Vec::new();
    properties(text, |property| match &*property.name {
        "BEGIN" => {
            let name = property.value.trim().to_ascii_uppercase();
            // An event can't hold another: the first was never ended.
            if name == "VEVENT"
                && let Some(at) = open.iter().position(|component| component.name == "VEVENT")
            {
                close(&mut open, &mut done, at, Ended::Cut);
            }
            let properties = Vec::with_capacity(if name == "VEVENT" { USUAL_PROPERTIES } else { 0 });
            let (name, line) = (Cow::Owned(name), property.line);
            open.push(Component { name, properties, line, ..Component::default() });
        }
        "END" => {
            let name = property.value.trim();
            if let Some(at) = open.iter().rposition(|component| component.name.eq_ignore_ascii_case(name)) {
                close(&mut open, &mut done, at + 1, Ended::Cut);
                close(&mut open, &mut done, at, Ended::Properly);
            }
        }
        _ => {
            if let Some(component) = open.last_mut() {
                component.properties.push(property);
            }
        }
    });
    close(&mut open, &mut done, 0, Ended::ByFile);
    done
}

/// Ends the components from place `at` on, innermost first, each going into the one around it.
fn close<'t>(open: &mut Vec<Component<'t>>, done: &mut Vec<Component<'t>>, at: usize, ended: Ended) {
    while open.len() > at {
        let Some(mut component) = open.pop() else { return };
        component.ended = ended;
        let depth = open.len();
        match open.last_mut() {
            Some(outer) if depth < DEEPEST => outer.parts.push(component),
            Some(_) => {}
            None => done.push(component),
        }
    }
}

/// Unfolds lines (§3.1) and hands on the property of each.
fn properties<'t>(text: &'t str, mut take: impl FnMut(Property<'t>)) {
    let mut logical: Cow<str> = Cow::Borrowed("");
    let (mut began, mut number) = (0u32, 0u32);
    let mut rest = Some(text.trim_start_matches('\u{feff}'));
    while let Some((physical, behind)) = rest.map(first_line) {
        rest = behind;
        number = number.saturating_add(1);
        if let Some(more) = physical.strip_prefix([' ', '\t']) {
            logical.to_mut().push_str(more);
        } else if logical.ends_with('=') && is_quoted_printable(&logical) {
            logical.to_mut().extend(["\r\n", physical]);
        } else if is_stray(physical, &logical) {
            // Somebody forgot to escape a line break in a text.
            logical.to_mut().extend(["\\n", physical]);
        } else {
            if let Some(property) = line(std::mem::replace(&mut logical, Cow::Borrowed(physical)), began) {
                take(property);
            }
            began = number;
        }
    }
    line(logical, began).into_iter().for_each(take);
}

/// The text up to the end of its first line, and what is behind: carriage returns, a line feed or both end a line.
fn first_line(text: &str) -> (&str, Option<&str>) {
    let end = memchr2(b'\n', b'\r', text.as_bytes());
    let Some((line, behind)) = end.and_then(|end| text.split_at_checked(end)) else { return (text, None) };
    let behind = behind.trim_start_matches('\r');
    (line, Some(behind.strip_prefix('\n').unwrap_or(behind)))
}

/// The property of a line, which borrows what the line does.
fn line(line: Cow<'_, str>, number: u32) -> Option<Property<'_>> {
    match line {
        Cow::Borrowed(line) => property(line, number),
        Cow::Owned(line) => property(&line, number).map(Property::into_owned),
    }
}

fn is_quoted_printable(line: &str) -> bool {
    let start = line.as_bytes();
    let start = start.get(..LONGEST_HEAD).unwrap_or(start);
    let head = memchr(b':', start).and_then(|colon| start.get(..colon)).unwrap_or_default();
    memchr2(b'Q', b'q', head).is_some() && memmem::find(&head.to_ascii_uppercase(), b"QUOTED-PRINTABLE").is_some()
}

/// True for a line that can't be a property, after one that holds text of several lines.
fn is_stray(line: &str, before: &str) -> bool {
    if !["DESCRIPTION", "X-ALT-DESC"].iter().any(|name| before.starts_with(name)) {
        return false;
    }
    let name_ends = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(line.len());
    let looks_right = name_ends > 0 && line.get(name_ends..).is_some_and(|rest| rest.starts_with([':', ';']));
    // Old Mozilla calendars fold between the name and the value.
    let is_name = line.bytes().all(|b| b.is_ascii_uppercase() || b == b'-');
    !looks_right && !is_name && !line.trim().is_empty()
}

/// `NAME;PARAM=value:value`. Values of dates hold no colon, so theirs begins after the last: some write a bare one into TZID.
fn property(line: &str, number: u32) -> Option<Property<'_>> {
    let name_ends = memchr2(b':', b';', line.as_bytes())?;
    let name = name(line.get(..name_ends)?)?;
    let rest = line.get(name_ends..)?;
    let is_date = matches!(&*name, "DTSTART" | "DTEND" | "EXDATE" | "RDATE" | "RECURRENCE-ID");
    let value_begins = if is_date { rest.rfind(':')? } else { first_colon(rest)? };
    let mut value = Cow::Borrowed(rest.get(value_begins + 1..)?);
    let Some(params) = rest.get(1..value_begins).filter(|params| !params.is_empty()) else {
        return Some(Property { name, params: Vec::new(), value, line: number });
    };
    if is_quoted_printable(line) {
        value = Cow::Owned(quoted_printable(&value));
    }
    Some(Property { name, params: parameters(params), value, line: number })
}

/// The name of a property in capital letters, as nearly all are written; `None` for what is none.
fn name(written: &str) -> Option<Cow<'_, str>> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !written.is_empty() && written.bytes().all(|byte| fits(byte) && !byte.is_ascii_lowercase()) {
        return Some(Cow::Borrowed(written));
    }
    // vCalendar 1.0 groups properties: `item1.SUMMARY`.
    let name = written.trim().rsplit('.').next().unwrap_or_default();
    (!name.is_empty() && name.bytes().all(fits)).then(|| capitals(name))
}

fn capitals(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Owned(name.to_ascii_uppercase()),
        false => Cow::Borrowed(name),
    }
}

fn first_colon(text: &str) -> Option<usize> {
    if text.starts_with(':') {
        return Some(0);
    }
    let mut quoted = false;
    let colon = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    });
    // A quote that is never closed hides every colon: then quotes mean nothing.
    colon.or_else(|| memchr(b':', text.as_bytes()))
}

fn parameters(text: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut quoted = false;
    let split = |c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    };
    let pairs = text.split(split).filter_map(|part| part.split_once('='));
    pairs.map(|(name, value)| (capitals(name.trim()), Cow::Borrowed(value.trim().trim_matches('"')))).collect()
}

/// RFC 2045 §6.7, for vCalendar 1.0; line breaks become the escaped ones of iCalendar.
fn quoted_printable(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => rest = after,
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).replace("\r\n", "\\n").replace(['\n', '\r'], "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_quoted_and_escaped_lines_are_read() {
        let text = "\u{feff}BEGIN:VEVENT\r\nSUMMARY;X-A=\"a:b;c\";LANGUAGE=en:Hike\\, bike\r\n  and\r\n\tswim\r\nDTSTART;TZID=GMT +02:00:20250314T180000\r\nEND:VEVENT\r\n";
        let all = components(text);
        let event = all.first().unwrap();
        assert_eq!(event.text("SUMMARY").unwrap(), "Hike, bike andswim");
        assert_eq!(event.first("SUMMARY").unwrap().param("LANGUAGE"), Some("en"));
        assert_eq!(event.first("SUMMARY").unwrap().param("X-A"), Some("a:b;c"));
        assert_eq!(event.first("DTSTART").unwrap().param("TZID"), Some("GMT +02:00"));
        assert_eq!((event.first("DTSTART").unwrap().line, event.ended), (5, Ended::Properly));
    }

    #[test]
    fn what_is_never_ended_is_noted() {
        let text =
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nBEGIN:VEVENT\nUID:b\nBEGIN:VALARM\nEND:VEVENT\nBEGIN:VEVENT\nUID:c";
        let all = components(text);
        let ends: Vec<Ended> = all[0].parts.iter().map(|event| event.ended).collect();
        assert_eq!(ends, [Ended::Cut, Ended::Properly, Ended::ByFile]);
        assert_eq!(all[0].ended, Ended::ByFile);
    }

    #[test]
    fn a_line_may_be_folded_after_its_name() {
        let all = components(
            "BEGIN:VEVENT\nDESCRIPTION\n :Long\nURL\n :https://lake.example/\nDTSTART\n ;VALUE=DATE\n :20250314\nEND:VEVENT",
        );
        assert_eq!(all[0].text("DESCRIPTION").unwrap(), "Long");
        assert_eq!(all[0].first("DTSTART").unwrap().value, "20250314");
    }

    #[test]
    fn unescaped_line_breaks_and_quoted_printable_survive() {
        let text = "BEGIN:VEVENT\nDESCRIPTION:First line\n- second line\nSUMMARY;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9=\n evening\nEND:VEVENT";
        let all = components(text);
        assert_eq!(all[0].text("DESCRIPTION").unwrap(), "First line\n- second line");
        assert!(all[0].text("SUMMARY").unwrap().starts_with("Café"));
    }

    #[test]
    fn what_is_no_escape_stays_as_written() {
        for (written, expected) in [
            (r"L\'été\, Lil\' and I", "L'été, Lil' and I"),
            (r#"24\" pipes"#, r#"24\" pipes"#),
            (r"C:\\a\b\", r"C:\a\b\"),
        ] {
            assert_eq!(unescape(written), expected);
        }
    }

    #[test]
    fn the_encoding_is_looked_for_only_where_a_line_begins() {
        let line =
            |name: &str, value: &str| format!("BEGIN:VEVENT\n{name};ENCODING=QUOTED-PRINTABLE:{value}\nEND:VEVENT");
        let long = line("SUMMARY", &"=C3=A9=\n".repeat(2_000));
        assert_eq!(components(&long)[0].text("SUMMARY").unwrap().matches('é').count(), 2_000);
        let far = line(&format!("SUMMARY;X-A={}", "é".repeat(LONGEST_HEAD)), "=C3=A9");
        assert_eq!(components(&far)[0].text("SUMMARY").unwrap(), "=C3=A9");
    }
}
