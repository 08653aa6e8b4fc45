//! What is wrong with a config file: where, what was expected, what was found, and the words themselves, underlined.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// Why there are no [`Settings`](super::Settings).
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No config file where one is looked for.
    #[error("no config file: expected {}\n  hint: write one (README.md has one to copy), or name yours with --config FILE", or(.looked))]
    NotFound {
        /// The files looked for, in backticks.
        looked: Vec<String>,
    },
    /// There is one, but it can't be read.
    #[error("{}: cannot be read: {error}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It was read, and these are its mistakes, in the file's order.
    #[error("{}", join(.0))]
    Mistakes(Vec<Mistake>),
}

/// One mistake in a config file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What was expected and what was found.
    pub message: String,
    /// The file, as it was named.
    pub file: String,
    /// The line of the file with the words underlined.
    pub excerpt: String,
}

/// A mistake that does not know its file yet.
#[derive(Debug)]
pub(super) struct Finding {
    /// Which bytes of the file.
    pub span: Range<usize>,
    /// What was expected and what was found.
    pub message: String,
    /// What may have been meant, shown under the words.
    pub label: Option<String>,
}

impl Finding {
    /// Names the file and copies out the line.
    pub fn in_file(self, file: &str, text: &str) -> Mistake {
        let start = floor_boundary(text, self.span.start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_text = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let line_end = line_start + line_text.len();
        let end = floor_boundary(text, self.span.end).clamp(start, line_end.max(start));
        let line = before.matches('\n').count() + 1;
        let span = start - line_start..end - line_start;
        Mistake {
            line,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message: self.message,
            file: file.to_owned(),
            excerpt: excerpt(line_text, line, span, self.label),
        }
    }
}

fn excerpt(line_text: &str, line: usize, span: Range<usize>, label: Option<String>) -> String {
    let annotation = AnnotationKind::Primary.span(span).label(label);
    let snippet = Snippet::source(line_text).line_start(line).annotation(annotation);
    let group = Group::with_level(Level::ERROR).element(snippet);
    let drawn = Renderer::plain().render(&[group]);
    let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}\n{}", self.file, self.line, self.column, self.message, self.excerpt)
    }
}

fn join(mistakes: &[Mistake]) -> String {
    let all: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
    all.join("\n")
}

/// `a`, `b` or `c`; the words come with their backticks.
pub(super) fn or(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Puts words in backticks and an `or` between them.
pub(crate) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    or(&quoted)
}

/// `did you mean …?` where one of the known words is close.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let allowed = 1 + word.chars().count() / 4;
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_shows_its_line_with_the_words_underlined() {
        let text = "[site]\ntitle = \"Réparons\"\nlien = 1\n";
        let at = text.find("Rép").unwrap();
        let finding = Finding { span: at..at + "Réparons".len(), message: "too short".into(), label: None };
        insta::assert_snapshot!(finding.in_file("a.toml", text), @r#"
a.toml:2:10: too short
  |
2 | title = "Réparons"
  |          ^^^^^^^^
"#);
        let finding = Finding { span: 5000..9000, message: "beyond the end".into(), label: None };
        assert_eq!(finding.in_file("a.toml", text).line, 4);
    }

    #[test]
    fn only_close_words_are_suggested() {
        assert_eq!(did_you_mean("brnch", ["url", "branch"]).as_deref(), Some("did you mean `branch`?"));
        assert_eq!(did_you_mean("icla", ["atom", "rss"]), None);
    }
}
