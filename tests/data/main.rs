//! A real community's files, read whole: the days, places, people, links and contradictions that a careful person finds in them.
//!
//! The files lie in the folder that `NOTICEBOARD_SHARED` names (`tests/run` sets it); without it nothing is checked here, and a line says so.
//! Facts come from the JSON beside the files. Everything is done by the real program, as its users do it.

mod board;
#[path = "../common/mod.rs"]
mod common;
mod dates;
mod hackathons;
mod meetup;
mod shift;
mod whole;

use std::path::PathBuf;

/// The folder with the two snapshots, if there is one.
fn data() -> Option<PathBuf> {
    let shared = std::env::var_os("NOTICEBOARD_SHARED");
    if shared.is_none() {
        eprintln!("##  NOT CHECKED: NOTICEBOARD_SHARED names no folder, so no real document was looked at");
    }
    Some(PathBuf::from(shared?).join("data"))
}
