//! Entries from iCalendar.

use super::Read;
use crate::model::{Document, Format};

/// Reads a calendar.
pub fn read(text: &str, document: &Document) -> Read {
    let _ = (text, document);
    Read { format: Some(Format::ICalendar), ..Read::default() }
}
