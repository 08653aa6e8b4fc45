//! Content lines: folding at 75 octets (RFC 5545 §3.1) and escaping (§3.3.11). Nothing that reaches here can begin a line of its own.

use crate::model::is_clean;
use std::io;

/// Octets of a line, its CRLF not counted.
const WIDTH: usize = 75;

/// Writes content lines.
pub struct Lines<'a> {
    out: &'a mut dyn io::Write,
}

impl<'a> Lines<'a> {
    /// Writes to `out`.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Self { out }
    }

    /// A whole line, without its end, as it stands but for forbidden characters and folding.
    pub fn line(&mut self, line: &str) -> io::Result<()> {
        let clean: String;
        let mut rest = line;
        if !line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            clean = line.chars().filter(|c| is_clean(*c) && *c != '\n').collect();
            rest = &clean;
        }
        let mut room = WIDTH;
        while rest.len() > room {
            let end = (0..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(room);
            let (full, more) = rest.split_at(end);
            self.out.write_all(full.as_bytes())?;
            self.out.write_all(b"\r\n ")?;
            (rest, room) = (more, WIDTH - 1);
        }
        self.out.write_all(rest.as_bytes())?;
        self.out.write_all(b"\r\n")
    }

    /// A property whose value needs no escaping: a date, an address, a number. `name` carries its parameters.
    pub fn value(&mut self, name: &str, value: &str) -> io::Result<()> {
        self.line(&format!("{name}:{value}"))
    }

    /// A property of type TEXT.
    pub fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.value(name, &escape(text))
    }
}

/// A TEXT value (§3.3.11).
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b';' | b',');
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, more) = rest.split_at(rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len()));
        out.push_str(plain);
        let mut chars = more.chars();
        match chars.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\t') => out.push(' '),
            Some(c @ ('\\' | ';' | ',')) => out.extend(['\\', c]),
            Some(c) if is_clean(c) => out.push(c),
            _ => {}
        }
        rest = chars.as_str();
    }
    out
}

/// A parameter value in quotes; what may not stand there is written as RFC 6868 asks.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\n' | '\t' => out.push(' '),
            c if is_clean(c) => out.push(c),
            _ => {}
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        Lines::new(&mut out).text("SUMMARY", text).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn unescaped(value: &str) -> String {
        let mut chars = value.chars();
        let mut out = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.push(chars.next().map(|c| if c == 'n' { '\n' } else { c }).unwrap()),
                c => out.push(c),
            }
        }
        out
    }

    proptest! {
        #[test]
        fn any_text_folds_at_75_octets_and_comes_back(text in "(?s).{0,300}") {
            let lines = written(&text);
            for line in lines.strip_suffix("\r\n").unwrap().split("\r\n") {
                prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
            }
            let unfolded = lines.replace("\r\n ", "");
            let value = unfolded.strip_prefix("SUMMARY:").unwrap().strip_suffix("\r\n").unwrap();
            let kept: String = text.chars().filter(|c| is_clean(*c)).map(|c| if c == '\t' { ' ' } else { c }).collect();
            prop_assert_eq!(unescaped(value), kept);
        }
    }

    #[test]
    fn a_line_break_in_a_value_begins_no_line() {
        assert_eq!(written("tea\r\nEND:VEVENT"), "SUMMARY:tea\\nEND:VEVENT\r\n");
        let mut out = Vec::new();
        Lines::new(&mut out).value("URL", "https://x.example/\r\nATTENDEE:y").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "URL:https://x.example/ATTENDEE:y\r\n");
    }

    #[test]
    fn a_quote_in_a_parameter_does_not_end_it() {
        assert_eq!(quoted("Ada \"A\" ^L"), "\"Ada ^'A^' ^^L\"");
    }
}
