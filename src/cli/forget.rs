//! `noticeboard forget`: somebody asks to be taken off. Shows what would go, asks, and says what is beyond its reach.

use super::Exit;
use super::run::from_here;
use super::screen::Screen;
use super::words::count;
use crate::config::Settings;
use crate::pipeline::{self, Erased, Options, RunError};
use chrono::{DateTime, Utc};
use clap::Args;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// What no program here can take back.
const BEYOND_REACH: &str = "not within reach: what readers and calendar apps have already fetched, copies on other sites and in search engines,
copies made by `noticeboard store backup`, older commits of a branch that the output was pushed to, the sources
themselves (ask their authors), and other texts that only mention it";

#[derive(Debug, Args)]
pub(super) struct ForgetArgs {
    /// An event (its id, the beginning of one, a UID or an address), a post's address, or a source
    #[arg(value_name = "URL|EVENT|SOURCE")]
    what: String,
    /// Let in again what was forgotten under that name
    #[arg(long, conflicts_with_all = ["dry_run", "yes"])]
    undo: bool,
    /// Show what would be forgotten, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Don't ask first; needed where no person is at the terminal
    #[arg(short, long)]
    yes: bool,
    /// Use this SQLite file instead of the config's
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Publish into this folder instead of the config's
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Take this for the current time, such as 2026-03-14T09:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = super::moment)]
    now: Option<DateTime<Utc>>,
}

pub(super) fn forget(
    mut settings: Settings,
    args: &ForgetArgs,
    now: DateTime<Utc>,
    screen: &Screen,
) -> Result<Exit, Exit> {
    settings.store = args.store.as_deref().map_or(settings.store, from_here);
    settings.output.directory = args.output.as_deref().map_or(settings.output.directory, from_here);
    let failed = |error: RunError| {
        screen.complain(&error.to_string());
        Exit::Failed
    };
    if args.undo {
        return undo(&settings, &args.what, screen);
    }
    let is_asked = !args.dry_run && !args.yes;
    if is_asked && !io::stdin().is_terminal() {
        screen.complain(
            "forget: nobody is here to be asked, expected `--yes` or `--dry-run`\n  hint: look with `--dry-run` first",
        );
        return Err(Exit::Misused);
    }
    let mut options = Options::at(args.now.unwrap_or(now));
    if !args.yes {
        options.dry_run = true;
        let found = pipeline::forget(&settings, &options, &args.what).map_err(failed)?;
        screen.say(&told(&found.ok_or_else(|| nothing(&args.what, screen))?, "would be forgotten"));
        if args.dry_run {
            return Ok(Exit::Well);
        }
        if !is_agreed() {
            screen.say("nothing was changed");
            return Ok(Exit::Well);
        }
        options.dry_run = false;
    }
    let erased = pipeline::forget(&settings, &options, &args.what).map_err(failed)?;
    let erased = erased.ok_or_else(|| nothing(&args.what, screen))?;
    screen.say(&format!("{}\n{BEYOND_REACH}", told(&erased, "forgotten")));
    Ok(Exit::Well)
}

fn undo(settings: &Settings, what: &str, screen: &Screen) -> Result<Exit, Exit> {
    match pipeline::let_in_again(settings, what) {
        Ok(true) => {
            screen.say(&format!("`{what}` is let in again; the next run asks every source anew"));
            return Ok(Exit::Well);
        }
        Ok(false) => screen.complain(&format!(
            "nothing was forgotten under the name `{what}`\n  hint: names are kept as hashes only; give the one that was given to forget it, its whole id, or its address"
        )),
        Err(error) => screen.complain(&error.to_string()),
    }
    Err(Exit::Failed)
}

fn nothing(what: &str, screen: &Screen) -> Exit {
    screen.complain(&format!(
        "nothing is known under the name `{what}`, expected a source, an id, the beginning of one, a UID, or the address of an event or post\n  hint: events.json in the output lists all ids and addresses"
    ));
    Exit::Failed
}

/// Anything but a yes is a no.
fn is_agreed() -> bool {
    let mut out = io::stdout().lock();
    let _ = write!(out, "forget it for good? [y/N] ");
    let _ = out.flush();
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// So many titles are listed.
const LISTED: usize = 20;

fn told(erased: &Erased, deed: &str) -> String {
    let Erased { source, events, posts, documents, .. } = erased;
    let of =
        source.as_ref().map_or(String::new(), |source| format!(" of source {source}, which is not asked any more"));
    let mut lines = vec![format!(
        "{deed}: {}, {} and {}{of}",
        count(events.len(), "event"),
        count(posts.len(), "post"),
        count(*documents, "kept document"),
    )];
    for (kind, titles) in [("event", events), ("post", posts)] {
        lines.extend(titles.iter().take(LISTED).map(|title| format!("  {kind}  {title}")));
        lines.extend((titles.len() > LISTED).then(|| format!("  and {} more", count(titles.len() - LISTED, kind))));
    }
    lines.extend(erased.told_among_others.iter().map(|title| {
        format!("stays: the post `{title}` tells of other events too; give its address to forget all of it")
    }));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_listed_and_so_is_what_stays() {
        let erased = Erased {
            events: (1..=22).map(|n| format!("Walk {n}")).collect(),
            posts: vec!["A walk".to_owned()],
            told_among_others: vec!["What's on".to_owned()],
            documents: 1,
            ..Erased::default()
        };
        let told = told(&erased, "would be forgotten");
        assert!(
            told.starts_with("would be forgotten: 22 events, 1 post and 1 kept document\n  event  Walk 1\n"),
            "{told}"
        );
        assert!(told.contains("  and 2 events more\n  post  A walk\nstays: the post `What's on`"), "{told}");
    }
}
