//! A date of a text on the scales: its days, its role, what speaks for it and how likely it is the event's.

use super::language::Class;
use super::mentions::Mention;
use super::scores::Evidence;
use crate::model::{Role, TimeSpan};

/// A mention, its days and what speaks for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Index of the mention; none for days that several mentions give together.
    pub mention: Option<usize>,
    /// The block that names them.
    pub block: usize,
    /// Days and hours.
    pub span: TimeSpan,
    /// What its words say it is.
    pub role: Role,
    /// The form the date is written in.
    pub rule: &'static str,
    /// It was read with its own year, and no weekday contradicts.
    pub plain: bool,
    /// What speaks for and against it being the event's.
    pub evidence: Vec<Evidence>,
    /// How likely it is the event's, 0 to 1.
    pub likelihood: f32,
}

impl Judged {
    /// It may be an event's date.
    pub fn is_candidate(&self) -> bool {
        self.role == Role::Event
    }
}

/// "has been moved to …": this is the new date.
pub fn moved_here(mention: &Mention) -> bool {
    mention.near.has(Class::MovedTo)
}
