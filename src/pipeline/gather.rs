//! fetch → digest → store: what is new or changed is read once and kept; what is gone is noticed.

use super::{Options, Progress, RunError, crash_point};
use crate::config::{Settings, Source};
use crate::fetch::{self, Answered, Arrival, Arrivals, Due, Net};
use crate::model::*;
use crate::report::{Asked, Report};
use crate::store::{Store, StoreError};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// A transaction in which something was kept waits so long for more.
const BREATH: Duration = Duration::from_millis(200);

/// No transaction stays open longer while documents arrive: others who want to write wait 30 s.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many documents are kept in one transaction: a run that is killed loses no more, and the next goes on from there.
const BATCH: usize = 200;

/// Where pages offer something, a fifth of the time is kept for asking that: pages that hang take the rest at most.
const KEPT_FOR_OFFERS: u32 = 5;

/// Asks the sources that are due and keeps what they answer.
pub(super) async fn documents(
    settings: &Settings,
    options: &Options,
    store: &Store,
    report: &mut Report,
) -> Result<(), RunError> {
    let mut gather = Gather::new(settings, options, store);
    gather.begin()?;
    gather.forgotten = store.forgotten()?;
    store.prune_attempts(options.now)?;
    gather.follow_the_settings()?;
    gather.ask_again_for_what_is_accepted()?;
    let due = gather.due()?;
    let asked: Vec<SourceId> = due.iter().map(|due| due.source.clone()).collect();
    options.tell(&Progress::Started { sources: asked.len() });
    let user_agent = Net::user_agent(settings.rules.site.url.as_str());
    let net = Net::new(user_agent, settings.fetch.clone(), git_folder(settings), options.now);
    let offered = gather.take(due, net.clone()).await?;
    gather.take(offered, net).await?;
    gather.begin()?;
    report.unreached = gather.unreached(asked)?;
    gather.commit()?;
    options.stop.check()?;
    report.documents_read = gather.read;
    report.asked = std::mem::take(&mut gather.asked);
    report.followed = std::mem::take(&mut gather.followed);
    report.renamed = std::mem::take(&mut gather.renamed);
    let failed = gather.failed;
    report.stage("fetch", report.asked.len() - failed, failed + report.unreached);
    let failing = store.failing()?;
    report.stale = failing.into_iter().filter(|source| gather.sources.contains_key(source)).collect();
    report.stage("digest", gather.read, gather.left_out);
    Ok(())
}

/// Reads documents that were kept elsewhere, as if their sources had just sent them.
pub(super) fn kept(
    settings: &Settings,
    options: &Options,
    store: &Store,
    documents: impl Iterator<Item = Result<Document, StoreError>>,
) -> Result<(), RunError> {
    let mut gather = Gather::new(settings, options, store);
    gather.forgotten = store.forgotten()?;
    for document in documents {
        gather.document(document?)?;
    }
    Ok(())
}

/// Where remote repositories are kept between runs.
pub(super) fn git_folder(settings: &Settings) -> std::path::PathBuf {
    settings.store.parent().map(|folder| folder.join(".noticeboard-git")).unwrap_or_default()
}

pub(super) struct Gather<'a> {
    pub(super) settings: &'a Settings,
    pub(super) options: &'a Options,
    pub(super) store: &'a Store,
    pub(super) today: NaiveDate,
    /// The sources of the settings by their names.
    pub(super) sources: BTreeMap<&'a SourceId, &'a Source>,
    /// The rules of the settings, and what configurations of sites have told beside them.
    pub(super) rules: Cow<'a, Rules>,
    /// By source whose turn has come: what a reading made by its rules is called.
    pub(super) rules_names: BTreeMap<SourceId, String>,
    /// What was forgotten on request is left out of all that is read.
    pub(super) forgotten: Forgotten,
    /// Missing events of those sources as they were when the run began, to be counted once a run.
    pub(super) missing: BTreeMap<DocumentKey, BTreeSet<String>>,
    pub(super) problems: BTreeMap<SourceId, Vec<Problem>>,
    /// Sources of which the brake holds a document: it must be sent again next time.
    pub(super) held: BTreeSet<SourceId>,
    /// Documents that said nothing in this run, and are not believed.
    pub(super) suspected: BTreeSet<DocumentKey>,
    /// Sources that sent what could not be read: what their servers told with it means little.
    pub(super) unread: BTreeSet<SourceId>,
    /// Answers of pages that offer something, until that was asked.
    pub(super) waiting: BTreeMap<SourceId, Answered>,
    /// What was asked because a page offers it.
    pub(super) followed: Vec<(SourceId, Offer)>,
    /// Entries that have got other names and were known again.
    pub(super) renamed: Vec<(SourceId, Renamed)>,
    pub(super) fetched: BTreeMap<SourceId, usize>,
    /// How often each feed that was read says that it is worth asking.
    pub(super) paces: BTreeMap<SourceId, Pace>,
    pub(super) asked: Vec<Asked>,
    pub(super) failed: usize,
    pub(super) read: usize,
    pub(super) left_out: usize,
    pub(super) uncommitted: usize,
    /// When the open transaction was begun.
    began: Instant,
    /// Sources whose turn to be asked has come, and when.
    pub(super) begun: BTreeMap<SourceId, Instant>,
}

impl<'a> Gather<'a> {
    fn new(settings: &'a Settings, options: &'a Options, store: &'a Store) -> Self {
        Self {
            settings,
            options,
            store,
            today: crate::zone::to_local(options.now, &settings.rules.site.zone).date(),
            sources: settings.sources.iter().map(|source| (&source.id, source)).collect(),
            rules: Cow::Borrowed(&settings.rules),
            rules_names: BTreeMap::new(),
            forgotten: Forgotten::default(),
            missing: BTreeMap::new(),
            problems: BTreeMap::new(),
            held: BTreeSet::new(),
            suspected: BTreeSet::new(),
            unread: BTreeSet::new(),
            waiting: BTreeMap::new(),
            followed: Vec::new(),
            renamed: Vec::new(),
            fetched: BTreeMap::new(),
            paces: BTreeMap::new(),
            asked: Vec::new(),
            failed: 0,
            read: 0,
            left_out: 0,
            uncommitted: 0,
            began: Instant::now(),
            begun: BTreeMap::new(),
        }
    }

    /// Opens a transaction for what is to be kept, if none is open.
    pub(super) fn begin(&mut self) -> Result<(), RunError> {
        if !self.store.is_writing() {
            self.store.begin()?;
            self.began = Instant::now();
        }
        Ok(())
    }

    /// Keeps what was gathered since [`Gather::begin`]. A dry run keeps nothing: its transaction is that of the whole run.
    pub(super) fn commit(&mut self) -> Result<(), RunError> {
        if !self.options.dry_run && self.store.is_writing() {
            self.store.commit()?;
        }
        self.uncommitted = 0;
        Ok(())
    }

    /// Between two documents: keeps a whole batch.
    pub(super) fn pause(&mut self) -> Result<(), RunError> {
        if self.uncommitted >= BATCH || self.began.elapsed() >= PATIENCE {
            self.commit()?;
            crash_point("batch kept");
            self.begin()?;
        }
        Ok(())
    }

    /// Asks these sources and keeps what arrives. Answers with what their pages offer, which is still to be asked.
    async fn take(&mut self, due: Vec<Due>, net: Net) -> Result<Vec<Due>, RunError> {
        let mut next = Vec::new();
        if due.is_empty() {
            return Ok(next);
        }
        let part_is_over = net.until - net.limits.total() / KEPT_FOR_OFFERS;
        let mut arrivals = fetch::due(due, net);
        while let Some(arrival) = self.next(&mut arrivals).await? {
            if let Arrival::Begun(source) = arrival {
                self.begun.insert(source, Instant::now());
                continue;
            }
            self.begin()?;
            match arrival {
                Arrival::Begun(_) => {}
                Arrival::Document(document) => self.document(document)?,
                Arrival::Problem(problem) => self.problem(problem),
                Arrival::Answered(answered) => match self.offered(&answered)? {
                    Some(due) => {
                        arrivals.end_by(part_is_over);
                        self.begun.remove(&answered.source);
                        self.waiting.insert(answered.source.clone(), answered);
                        next.push(due);
                    }
                    None => self.answered(answered)?,
                },
                Arrival::Failed(failed) => self.failed(failed)?,
            }
            self.pause()?;
        }
        Ok(next)
    }

    /// What arrives next; nothing when all have ended, when the time is over, or when the run is to stop.
    async fn next(&mut self, arrivals: &mut Arrivals) -> Result<Option<Arrival>, RunError> {
        if self.options.stop.is_asked() {
            return Ok(None);
        }
        if self.store.is_writing() {
            match timeout(BREATH, arrivals.recv()).await {
                Ok(arrival) => return Ok(arrival),
                // The network may take its time: nobody else who wants to write waits for it.
                Err(_) => self.commit()?,
            }
        }
        tokio::select! {
            arrival = arrivals.recv() => Ok(arrival),
            () = self.options.stop.asked() => Ok(None),
        }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.left_out += 1;
        if let Some(source) = problem.source.clone() {
            self.problems.entry(source).or_default().push(problem);
        }
    }
}
