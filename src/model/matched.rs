//! Why several tellings are one event.

use super::DocumentKey;
use serde::{Deserialize, Serialize};

/// Two tellings of one event, and what joined them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The stronger telling.
    pub one: Telling,
    /// The other.
    pub other: Telling,
    /// What spoke for it and against it, strongest first.
    pub reasons: Vec<Reason>,
}

/// Where an event is told, and under which title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// The document.
    pub document: DocumentKey,
    /// The title there.
    pub title: String,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was seen: `same moment`.
    pub text: String,
    /// How much it speaks for one event (positive) or two (negative), as logarithm of odds; 0 where it decides alone.
    pub weight: f32,
}

impl Reason {
    /// What decides alone.
    pub fn alone(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: 0.0 }
    }
}

impl Match {
    /// The sum of all weights.
    pub fn score(&self) -> f32 {
        self.reasons.iter().map(|reason| reason.weight).sum()
    }
}
