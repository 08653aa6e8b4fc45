//! `noticeboard store`: what a person does with the store as a whole.

use super::Exit;
use super::run::from_here;
use super::screen::Screen;
use crate::config::Settings;
use crate::store::Store;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct StoreArgs {
    /// Use this SQLite file instead of the config's
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Write a copy of the store into a new file, also while a run is at work
    Backup {
        /// The new file
        #[arg(value_name = "COPY")]
        file: PathBuf,
    },
}

pub(super) fn store(settings: &Settings, args: &StoreArgs, screen: &Screen) -> Result<Exit, Exit> {
    let path = args.store.as_deref().map_or_else(|| settings.store.clone(), from_here);
    let Deed::Backup { file } = &args.deed;
    let failed = |text: String| {
        screen.complain(&text);
        Exit::Failed
    };
    let store = Store::open_as_it_is(&path).map_err(|error| failed(error.to_string()))?;
    let store = store.ok_or_else(|| {
        failed(format!("{}: no store is there yet\n  hint: `noticeboard run` makes one", path.display()))
    })?;
    store.backup(&from_here(file)).map_err(|error| failed(error.to_string()))?;
    if screen.out_is_terminal {
        screen.say(&format!("copied the store to {}", file.display()));
    }
    Ok(Exit::Well)
}
