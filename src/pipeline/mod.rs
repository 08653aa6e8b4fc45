//! The table of contents: fetch → digest → settle → publish → write.

mod absent;
mod ask;
mod ended;
mod follow;
mod forget;
mod gather;
mod guarded;
mod health;
mod lock;
mod log;
mod look;
mod output;
mod overrides;
mod reading;
mod removed;
mod rest;
mod review;
mod schedule;
mod settle;
mod site;
mod stop;

use crate::config::Settings;
use crate::model::{DocumentKey, Offer, SourceId};
use crate::report::Report;
use crate::store::{Attempt, Store, StoreError};
use crate::write::{Folder, WriteError};
use chrono::{DateTime, TimeDelta, Utc};
use std::path::PathBuf;
use thiserror::Error;

pub use forget::{Erased, forget, let_in_again};
pub use look::{check, explain, preview};
pub use rest::is_at_rest;
pub use review::{Review, review};
pub use stop::Stop;

/// A source that worked until now gets so long to come back before anybody is called.
const PATIENCE: TimeDelta = TimeDelta::days(1);

/// Who is told about progress.
pub type Listener = Box<dyn Fn(&Progress) + Send + Sync>;

/// How a run is to go.
pub struct Options {
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// Ask this source only.
    pub only: Option<SourceId>,
    /// Ask every source now, whatever its schedule.
    pub all: bool,
    /// Ask local sources only.
    pub offline: bool,
    /// Change neither store nor output.
    pub dry_run: bool,
    /// Accept what the brake holds.
    pub accept: bool,
    /// Also tell how every source is doing where nothing has changed.
    pub overview: bool,
    /// Told about progress, if anybody wants to know.
    pub progress: Option<Listener>,
    /// Stops the run before its end.
    pub stop: Stop,
}

impl Options {
    /// A plain run at that moment.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now,
            only: None,
            all: false,
            offline: false,
            dry_run: false,
            accept: false,
            overview: false,
            progress: None,
            stop: Stop::default(),
        }
    }

    fn tell(&self, progress: &Progress) {
        log::log(progress);
        if let Some(tell) = &self.progress {
            tell(progress);
        }
    }

    /// Tells that the report's last stage has ended.
    fn tell_stage(&self, report: &Report) {
        if let Some(stage) = report.stages.last() {
            self.tell(&Progress::Stage { name: stage.name, done: stage.done, left_out: stage.left_out });
        }
    }
}

/// What happens just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// So many sources are asked.
    Started {
        /// How many.
        sources: usize,
    },
    /// A source has ended.
    Fetched {
        /// Which.
        source: SourceId,
        /// What asking it was like.
        attempt: Attempt,
    },
    /// A new or changed document has arrived.
    Document(DocumentKey),
    /// What a source's page offers is asked next.
    Followed {
        /// Which.
        source: SourceId,
        /// What.
        offer: Offer,
    },
    /// A stage has ended.
    Stage {
        /// Its verb.
        name: &'static str,
        /// What it handed on.
        done: usize,
        /// What it left out.
        left_out: usize,
    },
}

/// Why nothing could be published; what was there is untouched.
#[derive(Debug, Error)]
pub enum RunError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file or folder beside them.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file or address that was asked for.
    #[error("{0}")]
    Asked(String),
    /// It was asked to stop.
    #[error("stopped; what was gathered is kept, and the next run goes on from there")]
    Stopped,
}

/// One whole run: the only function that touches all edges.
pub async fn run(settings: &Settings, options: &Options) -> Result<Report, RunError> {
    let mut report = Report::begin(settings.sources.len(), settings.output.directory.clone());
    let Some(_lock) = lock::take(&settings.store)? else {
        return Ok(Report { busy: true, ..report });
    };
    let store = Store::open(&settings.store)?;
    if options.dry_run {
        store.begin()?;
        gather::documents(settings, options, &store, &mut report).await?;
        settle::touched(settings, options, &store, &mut report)?;
        note_attempts(&store, &mut report)?;
        count(settings, options, &store, &mut report)?;
        report.standing_problems = store.problems()?;
        store.rollback()?;
        return Ok(report);
    }
    rest::forget(&store)?;
    let mut folder = Folder::open(&settings.output.directory)?;
    output::finish_open_list(&store, &mut folder)?;
    gather::documents(settings, options, &store, &mut report).await?;
    options.tell_stage(&report);
    crash_point("gathered");

    store.begin()?;
    let shown = settle::touched(settings, options, &store, &mut report)?;
    note_attempts(&store, &mut report)?;
    options.tell_stage(&report);
    crash_point("settled");
    output::stage(settings, options, &store, &mut folder, &shown, &mut report)?;
    options.tell_stage(&report);
    options.stop.check()?;
    crash_point("before commit");
    store.commit()?;
    crash_point("committed");
    output::finish_open_list(&store, &mut folder)?;

    tell(options, &store, &mut report)?;
    count(settings, options, &store, &mut report)?;
    review::write(settings, options, &store, &mut folder)?;
    health::write(settings, options, &store, &mut folder, &mut report)?;
    rest::note(settings, options, &store)?;
    store.scrub()?;
    store.shrink(options.now.date_naive())?;
    Ok(report)
}

/// Keeps what asking each source was like, with the events that are known from it now that they are settled.
fn note_attempts(store: &Store, report: &mut Report) -> Result<(), RunError> {
    for asked in &mut report.asked {
        asked.attempt.events = store.count_events_of(&asked.source)?;
        store.note_attempt(&asked.source, &asked.attempt)?;
    }
    Ok(())
}

fn count(settings: &Settings, options: &Options, store: &Store, report: &mut Report) -> Result<(), RunError> {
    let today = crate::zone::to_local(options.now, &settings.rules.site.zone).date();
    (report.events, report.upcoming) = store.count_events(today)?;
    report.waiting = store.count_waiting(today)?;
    report.posts = store.count_posts()?;
    Ok(())
}

/// Sorts problems into those to tell now and those told before.
fn tell(options: &Options, store: &Store, report: &mut Report) -> Result<(), RunError> {
    let mut patient = std::collections::BTreeSet::new();
    for source in store.failing()? {
        let state = store.source(&source)?;
        let failing = state.failing_since.map(|since| options.now.signed_duration_since(since));
        let is_recent = failing.is_some_and(|failing| (TimeDelta::zero()..PATIENCE).contains(&failing));
        if state.last_good.is_some() && is_recent {
            patient.insert(source);
        }
    }
    let quiet = |problem: &crate::model::Problem| {
        problem.kind == crate::model::ProblemKind::Fetch
            && problem.source.as_ref().is_some_and(|source| patient.contains(source))
    };
    store.begin()?;
    let told = store.tell(options.now, &quiet)?;
    store.commit()?;
    let new: std::collections::BTreeSet<String> = told.new.iter().map(crate::model::Problem::identity).collect();
    report.standing_problems = told.standing.into_iter().filter(|problem| !new.contains(&problem.identity())).collect();
    (report.new_problems, report.gone_problems) = (told.new, told.gone);
    Ok(())
}

/// Where tests of debug builds make the process die, to see that the next run mends everything.
fn crash_point(name: &str) {
    if cfg!(debug_assertions) && std::env::var_os("NOTICEBOARD_CRASH_AT").is_some_and(|at| at == name) {
        std::process::abort();
    }
}
