//! `inspect date TEXT...`: a feed's timestamp in UTC (RFC 3339), or an empty line for what is none.

use crate::cli::Exit;
use crate::cli::screen::Screen;
use crate::read::feed::dates;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct DateArgs {
    /// Timestamps as feeds write them
    #[arg(value_name = "TEXT", required = true, allow_hyphen_values = true)]
    texts: Vec<String>,
}

pub(super) fn print(args: &DateArgs, screen: &Screen) -> Result<Exit, Exit> {
    for text in &args.texts {
        screen.say(&dates::notice_stamp(text).map(super::facts::utc).unwrap_or_default());
    }
    Ok(Exit::Well)
}
