//! Statements about where, in the making.

use crate::model::{About, Attendance, Evidence, Statement};

/// So many tokens of a block are looked at for places.
pub const MOST_TOKENS: usize = 600;

/// So many characters of the words are kept.
const MOST_QUOTED: usize = 300;

/// Says how one may attend.
pub fn attends(mode: Attendance, quote: &str, confidence: f32) -> Statement {
    Statement { about: About::Attendance(mode), evidence: evidence(quote, "attendance-words", confidence) }
}

/// Says that it takes place there, by a name.
pub fn place(name: &str, quote: &str, rule: &str, confidence: f32) -> Statement {
    let about = About::Place { name: Some(line(name)), address: None, room: None };
    Statement { about, evidence: evidence(quote, rule, confidence) }
}

/// The words and the rule of a statement.
pub fn evidence(quote: &str, rule: &str, confidence: f32) -> Evidence {
    Evidence { quote: short_line(quote, MOST_QUOTED), rule: rule.to_owned(), confidence }
}

/// The first characters of a text in one line.
pub fn short_line(text: &str, most: usize) -> String {
    let mut line = line(text);
    if let Some((end, _)) = line.char_indices().nth(most) {
        line.truncate(end);
    }
    line
}

/// A text in one line, white space collapsed.
pub fn line(text: &str) -> String {
    let is_line = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && memchr::memmem::find(text.as_bytes(), b"  ").is_none();
    if is_line {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
