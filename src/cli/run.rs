//! `noticeboard run`: the main job, and what is told of it.
//!
//! On a terminal: one progress line, then one summary. Elsewhere silent, unless something is new: then the problems, and exit code 3.

use super::screen::{Screen, printable, progress_line};
use super::words::count;
use super::{Common, Exit, log, only, settings, wait_for};
use crate::config::{self, Settings};
use crate::model::{Offer, Renamed};
use crate::pipeline::{self, Listener, Options, Progress, RunError};
use crate::report::{self, Report, Run};
use crate::write;
use chrono::{DateTime, Utc};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;
use tracing::level_filters::LevelFilter;
use url::Url;

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Publish into this folder instead of the config's
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Use this SQLite file instead of the config's
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Ask only this source; the others stay as they are known
    #[arg(long, value_name = "SOURCE")]
    only: Option<String>,
    /// Ask every source now, whatever its schedule
    #[arg(long)]
    all: bool,
    /// Ask nobody over the network
    #[arg(long)]
    offline: bool,
    /// Change neither store nor output
    #[arg(long)]
    dry_run: bool,
    /// End with code 3 while any problem stands, told before or not
    #[arg(long)]
    strict: bool,
    /// Publish changes that were held back because they look like an accident
    #[arg(long)]
    accept: bool,
    /// Write what the run did into this file, as JSON; - for standard output
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write metrics for Prometheus into this file
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    metrics: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

impl RunArgs {
    /// True for a run that nothing is asked of but to publish what is new.
    fn is_plain(&self) -> bool {
        let flags = self.all || self.offline || self.dry_run || self.strict || self.accept || self.common.verbose;
        let elsewhere = self.output.is_some() || self.store.is_some() || self.only.is_some();
        !flags && !elsewhere && self.report.is_none() && self.metrics.is_none()
    }
}

pub(super) fn run(config: Option<&Path>, args: &RunArgs, now: DateTime<Utc>, screen: &Screen) -> Result<Exit, Exit> {
    let began = Instant::now();
    log::begin(args.common.log);
    let now = args.common.now.unwrap_or(now);
    if args.is_plain() && !screen.out_is_terminal && is_at_rest(config, now) {
        tracing::info!("nothing is due");
        return Ok(Exit::Well);
    }
    let mut settings = settings(config, screen).inspect_err(|_| {
        let ended = Err("the config has mistakes, or there is none");
        write_files(args, &Run { now, took: began.elapsed(), dry_run: args.dry_run, ended }, screen);
    })?;
    let only = only(args.only.as_deref(), &settings, screen)?;
    settings.output.directory = args.output.as_deref().map_or(settings.output.directory, from_here);
    settings.store = args.store.as_deref().map_or(settings.store, from_here);
    if args.output.is_some() || args.store.is_some() {
        settings.text.clear();
    }
    let options = Options {
        only,
        all: args.all,
        offline: args.offline,
        dry_run: args.dry_run,
        accept: args.accept,
        overview: args.metrics.is_some(),
        progress: watcher(args.common.log, screen),
        ..Options::at(now)
    };
    let mut failure = None;
    let work = async {
        let result = pipeline::run(&settings, &options).await;
        if options.progress.is_some() {
            progress_line("");
        }
        failure = result.as_ref().err().map(ToString::to_string);
        result
    };
    let report = wait_for(work, Some((&options.stop, RunError::Stopped.to_string())), screen);
    let ended = match (&report, &failure) {
        (Ok(report), _) => Ok(report),
        (Err(_), why) => Err(why.as_deref().unwrap_or("it was stopped, or could not start")),
    };
    let ended = Run { now, took: began.elapsed(), dry_run: args.dry_run, ended };
    let is_written = write_files(args, &ended, screen);
    let telling = tell(&report?, args, &settings, screen.out_is_terminal);
    telling.problems.iter().for_each(|text| screen.complain(text));
    // Where the report goes to standard output, it is all that goes there.
    let say = |text: &String| if to_stdout(args) { screen.complain(text) } else { screen.say(text) };
    telling.news.iter().for_each(say);
    Ok(if is_written { telling.exit } else { Exit::NeedsPerson })
}

/// True where the last run has noted that there is nothing to do yet.
fn is_at_rest(file: Option<&Path>, now: DateTime<Utc>) -> bool {
    let glance = config::find(file, Path::new(".")).ok().and_then(|file| config::glance(&file));
    glance.is_some_and(|glance| pipeline::is_at_rest(&glance, now))
}

fn to_stdout(args: &RunArgs) -> bool {
    args.report.as_deref() == Some(Path::new("-"))
}

/// Writes the report and the metrics that were asked for; false where one could not be written.
fn write_files(args: &RunArgs, run: &Run, screen: &Screen) -> bool {
    let mut is_written = true;
    let mut write = |path: &Path, text: String| {
        if let Err(error) = write::replace(path, text.as_bytes()) {
            screen.complain(&error.to_string());
            is_written = false;
        }
    };
    if let Some((path, json)) = args.report.as_deref().zip(report::json(run).ok()) {
        match to_stdout(args) {
            true => screen.say_drawn(json.trim_end()),
            false => write(path, json),
        }
    }
    // The run that is at work on the board will tell of it.
    if let Some(path) = args.metrics.as_deref().filter(|_| !run.ended.is_ok_and(|report| report.busy)) {
        write(path, report::metrics(run));
    }
    is_written
}

/// A path of the command line counts from where the person is.
pub(super) fn from_here(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Keeps one line of progress on standard error, if a person watches there and no log is written.
pub(super) fn watcher(log: LevelFilter, screen: &Screen) -> Option<Listener> {
    let sums = Mutex::new((0, 0, 0));
    let is_watched = screen.err_is_terminal && log == LevelFilter::OFF;
    is_watched.then_some(Box::new(move |progress: &Progress| {
        let mut sums = sums.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match progress {
            Progress::Started { sources } => sums.0 = *sources,
            Progress::Fetched { attempt, .. } => {
                sums.1 += 1;
                sums.2 += attempt.documents;
            }
            Progress::Followed { .. } | Progress::Document(_) => {}
            Progress::Stage { name, done, .. } => return progress_line(&format!("{name} {done}")),
        }
        let (sources, answered, documents) = *sums;
        progress_line(&format!("fetch {answered} of {} · {}", count(sources, "source"), count(documents, "document")));
    }))
}

/// What is told of a run, where, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Telling {
    /// For standard output.
    news: Vec<String>,
    /// For standard error.
    problems: Vec<String>,
    exit: Exit,
}

fn tell(report: &Report, args: &RunArgs, settings: &Settings, terminal: bool) -> Telling {
    let talk = terminal || args.common.verbose;
    let mut telling = Telling { news: Vec::new(), problems: Vec::new(), exit: Exit::Well };
    if report.busy {
        let held = "another run is at work on this board; this one did nothing".to_owned();
        telling.news.extend(talk.then_some(held));
        return telling;
    }
    telling.problems.extend(report.new_problems.iter().map(ToString::to_string));
    if args.strict {
        telling.problems.extend(report.standing_problems.iter().map(ToString::to_string));
    }
    telling.news.extend(report.gone_problems.iter().map(|problem| format!("solved: {problem}")));
    if args.common.verbose {
        telling.news.push(stage_table(report));
    }
    if talk {
        telling.news.push(summary(report, args.dry_run, settings));
    }
    let stands = args.strict && !report.standing_problems.is_empty();
    if stands || !report.new_problems.is_empty() {
        telling.exit = Exit::NeedsPerson;
    }
    telling
}

/// `published 12 events (3 upcoming) and 27 posts from 3 sources into public/; open public/index.html`
fn summary(report: &Report, dry_run: bool, settings: &Settings) -> String {
    let folder = shown(&report.output);
    let events = format!("{} ({} upcoming)", count(report.events, "event"), report.upcoming);
    let (posts, sources) = (count(report.posts, "post"), count(report.sources, "source"));
    let verb = if dry_run { "would publish" } else { "published" };
    let mut text = format!("{verb} {events} and {posts} from {sources} into {folder}/");
    if !dry_run && settings.output.publish.iter().any(|name| name == "page") {
        text.push_str(&format!("; open {folder}/index.html"));
    }
    if report.waiting > 0 {
        let wait = if report.waiting == 1 { "waits" } else { "wait" };
        text.push_str(&format!("\n{} {wait} for `noticeboard review`", count(report.waiting, "event")));
    }
    if !report.stale.is_empty() {
        let stale: Vec<&str> = report.stale.iter().map(|source| source.as_str()).collect();
        text.push_str(&format!("\nas last known, for want of a good answer: {}", stale.join(", ")));
    }
    let standing = report.standing_problems.len();
    if standing > 0 {
        text.push_str(&format!(
            "\n{} told before still stand; `noticeboard check` lists them",
            count(standing, "problem")
        ));
    }
    text
}

/// Each stage with its counts.
fn stage_table(report: &Report) -> String {
    let width = report.stages.iter().map(|stage| stage.name.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = report
        .stages
        .iter()
        .map(|stage| {
            let left_out = if stage.left_out > 0 { format!("  {} left out", stage.left_out) } else { String::new() };
            format!("{:width$}  {:>6}{left_out}", stage.name, stage.done)
        })
        .collect();
    lines.extend(report.followed.iter().map(|(source, offer)| format!("{source}: {}", followed(offer))));
    lines.extend(report.renamed.iter().map(|(source, is)| {
        let Renamed { title, was, is } = is;
        printable(&format!(
            "{source}: `{title}` has other names than before (`{was}`, now `{is}`); it is taken for the same"
        ))
    }));
    let (read, made) = (count(report.documents_read, "document"), count(report.artifacts_rendered, "artifact"));
    lines.push(format!("{read} read, {made} rendered, {} written", report.artifacts_written));
    lines.join("\n")
}

/// `its page offers events: https://a.example/events/choir and 7 more`
fn followed(offer: &Offer) -> String {
    let first = offer.urls.first().map(Url::as_str).unwrap_or_default();
    let more = match offer.urls.len() {
        0 | 1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    printable(&format!("its page offers {}, read in its stead: {first}{more}", offer.kind.told()))
}

/// A path as a person here would type it.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    path.strip_prefix(&here).ok().filter(|rest| !rest.as_os_str().is_empty()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use crate::model::{Problem, ProblemKind, SourceId};
    use crate::report::Stage;
    use clap::Parser;

    fn args(words: &[&str]) -> RunArgs {
        match Cli::parse_from([&["noticeboard", "run"], words].concat()).command {
            Command::Run(args) => args,
            other => panic!("{other:?}"),
        }
    }

    fn report() -> Report {
        Report {
            stages: vec![
                Stage { name: "fetch", done: 31, left_out: 0 },
                Stage { name: "normalize", done: 38, left_out: 3 },
            ],
            documents_read: 31,
            events: 12,
            upcoming: 3,
            posts: 1,
            sources: 3,
            output: "/srv/public".into(),
            ..Report::default()
        }
    }

    fn problem(text: &str) -> Problem {
        Problem::new(ProblemKind::Fetch, text).at(&SourceId::new("blog").unwrap(), "a.md").hint("try again")
    }

    fn telling(report: &Report, words: &[&str], terminal: bool) -> Telling {
        let settings = config::load(Path::new("config/noticeboard.toml")).unwrap();
        tell(report, &args(words), &settings, terminal)
    }

    #[test]
    fn a_good_run_is_one_line_on_a_terminal_and_silent_elsewhere() {
        let seen = telling(&report(), &[], true);
        let line =
            "published 12 events (3 upcoming) and 1 post from 3 sources into /srv/public/; open /srv/public/index.html";
        assert_eq!(seen, Telling { news: vec![line.into()], problems: vec![], exit: Exit::Well });
        assert_eq!(telling(&report(), &[], false), Telling { news: vec![], problems: vec![], exit: Exit::Well });
    }

    #[test]
    fn a_new_problem_is_told_everywhere_and_an_old_one_only_when_strict() {
        let news = Report { new_problems: vec![problem("no answer")], ..report() };
        let told = telling(&news, &[], false);
        assert_eq!(told.problems, ["blog: a.md: no answer\n  hint: try again"]);
        assert_eq!((told.exit, told.news.len()), (Exit::NeedsPerson, 0));
        let standing = Report { standing_problems: vec![problem("no answer")], ..report() };
        assert_eq!(telling(&standing, &[], false), Telling { news: vec![], problems: vec![], exit: Exit::Well });
        assert!(
            telling(&standing, &[], true).news[0]
                .ends_with("\n1 problem told before still stand; `noticeboard check` lists them")
        );
        let strict = telling(&standing, &["--strict"], false);
        assert_eq!((strict.exit, strict.problems.len()), (Exit::NeedsPerson, 1));
        let gone = Report { gone_problems: vec![problem("no answer")], ..report() };
        assert_eq!(telling(&gone, &[], false).exit, Exit::Well);
        assert_eq!(telling(&gone, &[], false).news.len(), 1);
    }

    #[test]
    fn a_busy_board_is_no_trouble() {
        let busy = Report { busy: true, ..Report::default() };
        assert_eq!(telling(&busy, &[], false), Telling { news: vec![], problems: vec![], exit: Exit::Well });
        assert_eq!(telling(&busy, &[], true).news, ["another run is at work on this board; this one did nothing"]);
    }

    #[test]
    fn the_stage_table_lists_what_was_left_out() {
        insta::assert_snapshot!(telling(&report(), &["-v"], false).news.join("\n"), @r"
fetch          31
normalize      38  3 left out
31 documents read, 0 artifacts rendered, 0 written
published 12 events (3 upcoming) and 1 post from 3 sources into /srv/public/; open /srv/public/index.html
");
    }
}
