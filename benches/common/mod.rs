//! What the benches share: posts as documents, and the rules they are read by.

use noticeboard::model::{Document, Entry, Rules, Site, SourceId, SourceRules};
use noticeboard::normalize::Context;
use noticeboard::{extract, read, zone};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A document as a file of a repository.
pub fn document(name: &str, text: String) -> Document {
    Document {
        source: source(),
        key: name.to_owned(),
        url: None,
        media_type: None,
        bytes: text.into_bytes(),
        version: String::new(),
        first_seen: None,
    }
}

fn source() -> SourceId {
    SourceId::new("bench").expect("an id")
}

/// The defaults of the config, with one source.
pub fn rules() -> Rules {
    let site = Site::nowhere(zone::by_name("UTC").expect("a zone")).expect("an address");
    let mut rules = Rules::plain(site);
    rules.sources.insert(source(), SourceRules::plain(source(), 0));
    rules
}

/// A document that was read, and what of it goes to the extractor.
pub struct Prepared {
    /// The document.
    pub document: Document,
    /// Its format, told by `read`.
    pub read: read::Read,
}

impl Prepared {
    /// Reads the document.
    pub fn of(document: Document) -> Self {
        let read = read::read(&document);
        Self { document, read }
    }

    /// Extracts each entry; the number of found events.
    pub fn extract(&self, rules: &Rules) -> usize {
        let Some(context) = Context::new(&self.document, self.read.format, rules) else { return 0 };
        let found = |entry: &Entry| extract::extract(&context.prose(entry)).found.len();
        self.read.entries.iter().map(found).sum()
    }
}

/// A line that nobody overlooks: something was not measured.
pub fn loud(text: &str) {
    let line = "#".repeat(100);
    eprintln!("{line}\n##  {text}\n{line}");
}
