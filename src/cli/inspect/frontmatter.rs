//! `inspect frontmatter FILE`: the fields above a post's text as JSON, and the text.
//!
//! Strict, unlike `run`: front matter that cannot be read is an error with its line. Days and times are text, as JSON has none; so are the
//! numbers that JSON has not (`inf`, `nan`).

use super::{answer, document};
use crate::cli::Exit;
use crate::cli::screen::Screen;
use crate::read;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct FrontmatterArgs {
    /// A post
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// What is printed of a post.
#[derive(Debug, Serialize)]
struct Answer {
    data: serde_json::Value,
    body: String,
}

pub(super) fn print(args: &FrontmatterArgs, screen: &Screen) -> Result<Exit, Exit> {
    let document = document(&args.file, None, None, screen)?;
    let (data, body) = read::front_matter(&document).map_err(|problem| {
        screen.complain(&problem.to_string());
        Exit::Failed
    })?;
    answer(&Answer { data, body }, screen)
}
