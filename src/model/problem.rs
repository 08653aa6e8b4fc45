//! Something left out or doubtful; where, why, and what would help.

use super::SourceId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that was left out or looks wrong. Told to the maintainer once, not every hour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// What sort of trouble.
    pub kind: ProblemKind,
    /// The source it concerns; none for the run as a whole.
    pub source: Option<SourceId>,
    /// The file or address inside the source, if one can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Line in the subject, from 1; 0 if none can be named.
    #[serde(default)]
    pub line: u32,
    /// What was expected and what was found: lower case, no full stop, odd values in backticks.
    pub message: String,
    /// What would help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The sorts of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A source could not be fetched; its last good events stay.
    Fetch,
    /// A document, or a part of one, could not be read and was left out.
    Read,
    /// A structured field could not be understood.
    Field,
    /// A page contradicts itself; both values are named.
    Contradiction,
    /// Two sources disagree on one event; both values are named.
    Disagreement,
    /// A decision in the overrides file that does not fit what there is.
    Override,
    /// Something was held back because it looks like an accident (the brake).
    Brake,
    /// An output or the store is in the way of itself.
    Output,
}

impl Problem {
    /// A problem without a place yet; see the `at` and `hint` helpers.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, source: None, subject: None, line: 0, message: message.into(), hint: None }
    }

    /// Names the source, and the file or address inside it.
    #[must_use]
    pub fn at(mut self, source: &SourceId, subject: &str) -> Self {
        self.source = Some(source.clone());
        self.subject = (!subject.is_empty()).then(|| subject.to_owned());
        self
    }

    /// Names the line, from 1.
    #[must_use]
    pub fn line(mut self, line: u32) -> Self {
        self.line = line;
        self
    }

    /// Says what would help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What makes it the same problem in the next run: everything but the line and the hint, and of what the brake holds also the numbers, which change by the day.
    pub fn identity(&self) -> String {
        let source = self.source.as_ref().map_or("", |s| s.as_str());
        let subject = self.subject.as_deref().unwrap_or("");
        let message = if self.kind == ProblemKind::Brake { "" } else { self.message.as_str() };
        format!("{:?}\t{source}\t{subject}\t{message}", self.kind)
    }
}

impl fmt::Display for Problem {
    /// `source: subject:line: message`, then the hint on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}: ")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, "{subject}:")?;
            if self.line > 0 {
                write!(f, "{}:", self.line)?;
            }
            write!(f, " ")?;
        }
        write!(f, "{}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_brake_holds_is_one_problem_however_many_events_it_counts_today() {
        let held = |n: u32| Problem::new(ProblemKind::Brake, format!("{n} of 9 events are gone")).identity();
        assert_eq!(held(5), held(6));
        let other = |text: &str| Problem::new(ProblemKind::Read, text).identity();
        assert_ne!(other("a"), other("b"));
    }

    #[test]
    fn a_problem_says_where_what_and_a_way_out() {
        let problem =
            Problem::new(ProblemKind::Field, "expected a day such as 2025-03-14 in `start`, but found `14th of March`")
                .at(&SourceId::new("helsinki-rust").unwrap(), "posts/2025-03-meetup.md")
                .line(4)
                .hint("front matter dates are written year-month-day");
        assert_eq!(
            problem.to_string(),
            "helsinki-rust: posts/2025-03-meetup.md:4: expected a day such as 2025-03-14 in `start`, but found `14th of March`\n  hint: front matter dates are written year-month-day"
        );
    }
}
