//! A mistake of ours in reading one document costs that document, and is not made again and again.

use crate::compose::digest;
use crate::model::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Between the name of the rules and the version of the program that stopped at a document.
const STOPPED: &str = " stopped in ";

/// What one document says; and whether reading it stopped at a mistake of ours, of which only a problem is said then.
pub(super) fn read(document: &Document, rules: &Rules) -> (Reading, bool) {
    // It is a pure function: nothing half done outlives it.
    let reading = catch_unwind(AssertUnwindSafe(|| {
        panic_point(&document.key);
        digest(document, rules)
    }));
    match reading {
        Ok(reading) => (reading, false),
        Err(_) => (Reading { problems: vec![problem(document)], ..Reading::default() }, true),
    }
}

fn problem(document: &Document) -> Problem {
    let message = "reading it stopped at a mistake in noticeboard itself; it is read again when it changes, or by another version";
    Problem::new(ProblemKind::Read, message)
        .at(&document.source, &document.key)
        .hint("please report it, with the document if it is public")
}

/// What a reading is called that was tried by these rules and stopped.
pub(super) fn stopped(rules_name: &str) -> String {
    format!("{rules_name}{STOPPED}{}", env!("CARGO_PKG_VERSION"))
}

/// True for the rest of such a name, behind that of the rules, if it was this version that stopped.
pub(super) fn is_stopped(rest: &str) -> bool {
    rest.strip_prefix(STOPPED) == Some(env!("CARGO_PKG_VERSION"))
}

/// True for the name of a reading that was tried by any version and stopped.
pub(super) fn has_stopped(name: &str) -> bool {
    name.contains(STOPPED)
}

/// Where tests of debug builds let reading a document of that key stop.
fn panic_point(key: &str) {
    if cfg!(debug_assertions) && std::env::var_os("NOTICEBOARD_PANIC_AT").is_some_and(|at| at == key) {
        panic!("reading was told to stop here");
    }
}
