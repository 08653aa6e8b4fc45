//! Where words go: standard output and standard error, on a terminal or not.
//!
//! Whatever comes from a document may hold escape sequences; control characters never reach the terminal.

use std::io::{self, IsTerminal, Write};

/// The two outputs of the process, and what may be done on them.
pub(super) struct Screen {
    /// Answers are read by a person.
    pub out_is_terminal: bool,
    /// Progress is watched by a person.
    pub err_is_terminal: bool,
    /// Underlines may be drawn with escape sequences (<https://no-color.org>).
    pub styled: bool,
}

impl Screen {
    /// The process's own.
    pub fn of_process() -> Self {
        let out_is_terminal = io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { out_is_terminal, err_is_terminal: io::stderr().is_terminal(), styled: out_is_terminal && !plain }
    }

    /// An answer: one or more lines to standard output.
    pub fn say(&self, text: &str) {
        self.say_drawn(&printable(text));
    }

    /// An answer that is already printable and may hold our own escape sequences.
    pub fn say_drawn(&self, text: &str) {
        // A reader that has gone away (`| head`) is no trouble of ours.
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// A problem: to standard error.
    pub fn complain(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", printable(text));
    }
}

/// Replaces the one progress line on standard error; an empty text takes it away.
pub(super) fn progress_line(text: &str) {
    let line: String = printable(text).chars().filter(|c| *c != '\n').take(78).collect();
    let mut err = io::stderr().lock();
    let _ = write!(err, "\r\u{1b}[2K{line}");
    let _ = err.flush();
}

/// The text without control characters and direction overrides; line ends stay.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_of_documents_stay_out() {
        assert_eq!(printable("a\u{1b}[31mb\r\nc\u{202e}"), "a[31mb\nc");
    }
}
