//! The words a person types: arguments in, exit code out. One file a command.
//!
//! Exit codes: 0 published, or nothing to do; 1 nothing could be published, or a signal came before; 2 wrong command line or config;
//! 3 published, and something new needs a person.

mod check;
mod eval;
mod explain;
mod forget;
mod html;
mod inspect;
mod log;
mod posts;
mod preview;
mod review;
mod run;
mod schema;
mod screen;
mod shown;
mod signals;
mod store;
mod underline;
mod words;

use crate::config::{self, Settings};
use crate::model::SourceId;
use crate::pipeline::{RunError, Stop};
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use screen::Screen;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Duration;
use tracing::level_filters::LevelFilter;

/// The program's version, and that of the time zones it knows.
static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (time zones of {})", env!("CARGO_PKG_VERSION"), crate::zone::data_version()));

/// Gathers a community's events from its posts, repositories, feeds and calendars, and publishes one board.
#[derive(Debug, Parser)]
#[command(name = "noticeboard", version = VERSION.as_str(), max_term_width = 100)]
struct Cli {
    /// The config file; else config/noticeboard.toml or noticeboard.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the sources and publish the board
    Run(run::RunArgs),
    /// Say what is wrong with the config and the documents; publish nothing
    Check(check::CheckArgs),
    /// Show what would be read from an address or a file, and from which words
    Preview(preview::PreviewArgs),
    /// Show where every field of an event comes from
    Explain(explain::ExplainArgs),
    /// Decide what waits for a person, such as what was unsure
    Review(review::ReviewArgs),
    /// Take an event, a post or all of a source out of the store and every output, for good
    Forget(forget::ForgetArgs),
    /// Copy the store, with all that was ever read
    Store(store::StoreArgs),
    /// Print the JSON Schema of the config file, for editors
    Schema,
    /// Read posts from a file of JSON lines and print the events found in each, for measuring
    #[command(hide = true)]
    Eval(eval::EvalArgs),
    /// Print what the rooms hand to each other, for those who work on them
    #[command(hide = true)]
    Inspect(inspect::InspectArgs),
}

/// What several commands take.
#[derive(Debug, Args)]
struct Common {
    /// Take this for the current time, such as 2026-03-14T09:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    now: Option<DateTime<Utc>>,
    /// Tell more
    #[arg(short, long)]
    verbose: bool,
    /// Write what happens to standard error: error, warn, info or debug
    #[arg(long, value_name = "LEVEL", env = "NOTICEBOARD_LOG", hide_env = true, value_parser = log::level, default_value = "off", hide_default_value = true)]
    log: LevelFilter,
}

/// What a reading is shown as, where not as plain text.
#[derive(Debug, Args)]
struct Form {
    /// Print a web page
    #[arg(long)]
    html: bool,
    /// Print JSON: entries, their text, and each event's fields with the words and the rule that gave them
    #[arg(long, conflicts_with = "html")]
    json: bool,
}

impl Form {
    /// The page or JSON that was asked for, if one was.
    fn of(&self, shown: &shown::Shown) -> Option<String> {
        match self.json {
            true => serde_json::to_string_pretty(shown).ok(),
            false => self.html.then(|| html::page(shown)),
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Published, or nothing to do.
    Well = 0,
    /// Nothing could come of it.
    Failed = 1,
    /// Wrong command line or config.
    Misused = 2,
    /// Something needs a person.
    NeedsPerson = 3,
}

/// Reads the arguments and does what they say. `now` is the clock of the whole run.
pub fn main(args: impl IntoIterator<Item = OsString>, now: DateTime<Utc>) -> ExitCode {
    let screen = Screen::of_process();
    let exit = match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(cli, now, &screen),
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() { Exit::Misused } else { Exit::Well }
        }
    };
    ExitCode::from(exit as u8)
}

fn dispatch(cli: Cli, now: DateTime<Utc>, screen: &Screen) -> Exit {
    let config = cli.config.as_deref();
    let exit = match cli.command {
        Command::Run(args) => run::run(config, &args, now, screen),
        Command::Check(args) => {
            settings(config, screen).and_then(|settings| check::check(settings, &args, now, screen))
        }
        Command::Preview(args) => preview::preview(config, &args, now, screen),
        Command::Explain(args) => {
            settings(config, screen).and_then(|settings| explain::explain(settings, &args, screen))
        }
        Command::Review(args) => {
            settings(config, screen).and_then(|settings| review::review(settings, &args, now, screen))
        }
        Command::Forget(args) => {
            settings(config, screen).and_then(|settings| forget::forget(settings, &args, now, screen))
        }
        Command::Store(args) => settings(config, screen).and_then(|settings| store::store(&settings, &args, screen)),
        Command::Schema => Ok(schema::schema(screen)),
        Command::Eval(args) => eval::eval(&args, screen),
        Command::Inspect(args) => inspect::inspect(&args, screen),
    };
    exit.unwrap_or_else(|exit| exit)
}

/// Finds and loads the config, or tells what is wrong with it.
fn settings(config: Option<&Path>, screen: &Screen) -> Result<Settings, Exit> {
    config::find(config, Path::new(".")).and_then(|file| config::load(&file)).map_err(|error| {
        screen.complain(&error.to_string());
        Exit::Misused
    })
}

/// The source that `--only` names.
fn only(name: Option<&str>, settings: &Settings, screen: &Screen) -> Result<Option<SourceId>, Exit> {
    let Some(name) = name else { return Ok(None) };
    if let Some(source) = settings.sources.iter().find(|source| source.id.as_str() == name) {
        return Ok(Some(source.id.clone()));
    }
    let ids = || settings.sources.iter().map(|source| source.id.as_str());
    let meant = config::did_you_mean(name, ids()).map(|text| format!("; {text}")).unwrap_or_default();
    screen.complain(&format!("--only: unknown source `{name}`, expected {}{meant}", config::one_of(ids())));
    Err(Exit::Misused)
}

/// What still runs on other threads when the work is done, such as a look-up of a name that nobody answers, is not waited for longer.
const LET_GO: Duration = Duration::from_millis(200);

/// Runs what waits for the network; an error is told here and becomes an exit code. A signal asks for its `stop`, and the
/// words with it say what becomes of the work; without one it ends the process.
fn wait_for<T>(
    work: impl Future<Output = Result<T, RunError>>,
    stop: Option<(&Stop, String)>,
    screen: &Screen,
) -> Result<T, Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let failed = |error: String| {
        screen.complain(&error);
        Exit::Failed
    };
    let runtime = runtime.map_err(|error| failed(format!("cannot start: {error}")))?;
    let mut stopped = RunError::Stopped.to_string();
    if let Some((stop, told)) = stop {
        stopped.clone_from(&told);
        runtime.spawn(signals::watch(stop.clone(), told));
    }
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(LET_GO);
    done.map_err(|error| failed(if matches!(error, RunError::Stopped) { stopped } else { error.to_string() }))
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.with_timezone(&Utc))
        .map_err(|_| "expected a moment such as 2026-03-14T09:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }
}
