//! `--log LEVEL`: what happens, line by line, on standard error. Silent unless asked for.
//!
//! Only Noticeboard's own lines: what the packages below it would say of a request may hold what is secret.

use super::screen::printable;
use std::io::{self, Write};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

/// The words for the levels, each with all before it.
const LEVELS: [(&str, LevelFilter); 5] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
];

/// A level of the command line or the environment; an empty one is none.
pub(super) fn level(text: &str) -> Result<LevelFilter, String> {
    let known = |name: &str| name == text || text.is_empty() && name == "off";
    let found = LEVELS.iter().find(|(name, _)| known(name));
    found.map(|(_, level)| *level).ok_or_else(|| "expected `error`, `warn`, `info`, `debug` or `off`".to_owned())
}

/// Begins to write what is of that level or above.
pub(super) fn begin(level: LevelFilter) {
    if level == LevelFilter::OFF {
        return;
    }
    let lines = tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_target(false);
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    // It fails only where something else listens already.
    let _ = tracing::subscriber::set_global_default(lines.with_writer(|| Lines(io::stderr())).finish().with(ours));
}

/// Passes on whole lines, fit for a terminal: one event is one line, whatever a source has put into it.
struct Lines<W>(W);

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = printable(String::from_utf8_lossy(line).trim_end()).replace('\n', " ");
        self.0.write_all(format!("{text}\n").as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_printable_line() {
        let mut lines = Lines(Vec::new());
        lines.write_all("INFO a\nERROR forged \u{1b}[31m\u{202e}b\r\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(lines.0).unwrap(), "INFO a ERROR forged [31mb\n");
    }

    #[test]
    fn levels_are_words() {
        assert_eq!((level("info"), level("")), (Ok(LevelFilter::INFO), Ok(LevelFilter::OFF)));
        assert!(level("loud").is_err());
    }
}
