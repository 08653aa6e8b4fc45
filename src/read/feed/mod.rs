//! Entries from Atom and RSS feeds.

use super::Read;
use crate::model::{Document, Format};

/// Reads a feed.
pub fn read(text: &str, document: &Document, format: Format) -> Read {
    let _ = (text, document);
    Read { format: Some(format), ..Read::default() }
}
