//! fetch → digest → store: what is new or changed is read once and kept; what is gone is noticed.

use super::{Options, Progress, RunError, crash_point};
use crate::compose::{READING_VERSION, digest};
use crate::config::{Settings, Source};
use crate::fetch::{self, Answered, Arrival, Due, Failed, Known, Net, Validators};
use crate::merge::{Carried, Carry, Cause, carry, keep_wanted};
use crate::model::*;
use crate::report::{Asked, Report};
use crate::store::{Attempt, SourceState, Store, hash};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// So many documents are kept in one transaction: a run that is killed loses no more, and the next goes on from there.
const BATCH: usize = 200;

/// Asks the sources that are due and keeps what they answer.
pub(super) async fn documents(
    settings: &Settings,
    options: &Options,
    store: &Store,
    report: &mut Report,
) -> Result<(), RunError> {
    let mut gather = Gather::new(settings, options, store)?;
    gather.begin()?;
    gather.removed_sources()?;
    store.prune_attempts(options.now)?;
    gather.read_anew()?;
    let due = gather.due()?;
    let asked = due.len();
    options.tell(&Progress::Started { sources: asked });
    let net = Net {
        user_agent: Net::user_agent(settings.rules.site.url.as_str()),
        limits: settings.fetch.clone(),
        git_folder: git_folder(settings),
    };
    let offered = gather.take(due, net.clone()).await?;
    gather.take(offered, net).await?;
    gather.commit()?;
    report.documents_read = gather.read;
    report.asked = std::mem::take(&mut gather.asked);
    report.followed = std::mem::take(&mut gather.followed);
    let failed = gather.failed;
    report.stage("fetch", asked - failed, failed);
    let failing = store.failing()?;
    report.stale = failing.into_iter().filter(|source| gather.rules_names.contains_key(source)).collect();
    report.stage("digest", gather.read, gather.left_out);
    Ok(())
}

/// Reads documents that were kept elsewhere, as if their sources had just sent them.
pub(super) fn kept(
    settings: &Settings,
    options: &Options,
    store: &Store,
    documents: Vec<Document>,
) -> Result<(), RunError> {
    let mut gather = Gather::new(settings, options, store)?;
    documents.into_iter().try_for_each(|document| gather.document(document))
}

/// Where remote repositories are kept between runs.
fn git_folder(settings: &Settings) -> std::path::PathBuf {
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
    pub(super) rules: Rules,
    /// By source: what a reading made by its rules is called.
    pub(super) rules_names: BTreeMap<SourceId, String>,
    /// Missing events as they were when the run began, to be counted once a run.
    missing: BTreeMap<DocumentKey, BTreeSet<String>>,
    problems: BTreeMap<SourceId, Vec<Problem>>,
    /// Sources of which the brake holds a document: it must be sent again next time.
    pub(super) held: BTreeSet<SourceId>,
    /// Sources that sent what could not be read: what their servers told with it means little.
    pub(super) unread: BTreeSet<SourceId>,
    /// Answers of pages that offer something, until that was asked.
    pub(super) waiting: BTreeMap<SourceId, Answered>,
    /// What was asked because a page offers it.
    pub(super) followed: Vec<(SourceId, Offer)>,
    pub(super) fetched: BTreeMap<SourceId, usize>,
    /// How often each feed that was read says that it is worth asking.
    pub(super) paces: BTreeMap<SourceId, Pace>,
    asked: Vec<Asked>,
    failed: usize,
    read: usize,
    left_out: usize,
    pub(super) uncommitted: usize,
}

impl<'a> Gather<'a> {
    fn new(settings: &'a Settings, options: &'a Options, store: &'a Store) -> Result<Self, RunError> {
        let mut gather = Self {
            settings,
            options,
            store,
            today: crate::zone::to_local(options.now, &settings.rules.site.zone).date(),
            sources: settings.sources.iter().map(|source| (&source.id, source)).collect(),
            rules: settings.rules.clone(),
            rules_names: BTreeMap::new(),
            missing: BTreeMap::new(),
            problems: BTreeMap::new(),
            held: BTreeSet::new(),
            unread: BTreeSet::new(),
            waiting: BTreeMap::new(),
            followed: Vec::new(),
            fetched: BTreeMap::new(),
            paces: BTreeMap::new(),
            asked: Vec::new(),
            failed: 0,
            read: 0,
            left_out: 0,
            uncommitted: 0,
        };
        for source in &settings.sources {
            gather.learn_site(&source.id)?;
            for key in store.with_missing(&source.id)? {
                if let Some(kept) = store.document(&key)? {
                    let missing = kept
                        .reading
                        .sightings
                        .iter()
                        .filter(|s| s.missing > 0 && s.missing < settings.rules.vanish_after_runs);
                    gather.missing.insert(key, missing.filter_map(|s| s.keys.first().map(Key::text)).collect());
                }
            }
        }
        Ok(gather)
    }

    fn begin(&mut self) -> Result<(), RunError> {
        if !self.options.dry_run {
            self.store.begin()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), RunError> {
        if !self.options.dry_run {
            self.store.commit()?;
        }
        self.uncommitted = 0;
        Ok(())
    }

    fn pause(&mut self) -> Result<(), RunError> {
        if self.uncommitted >= BATCH {
            self.commit()?;
            crash_point("batch kept");
            self.begin()?;
        }
        Ok(())
    }

    /// Asks these sources and keeps what arrives. Answers with what their pages offer, which is still to be asked.
    async fn take(&mut self, due: Vec<Due>, net: Net) -> Result<Vec<Due>, RunError> {
        let mut next = Vec::new();
        let mut arrivals = fetch::due(due, net);
        while let Some(arrival) = arrivals.recv().await {
            match arrival {
                Arrival::Document(document) => self.document(document)?,
                Arrival::Problem(problem) => self.problem(problem),
                Arrival::Answered(answered) => match self.offered(&answered)? {
                    Some(due) => {
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

    /// What a source that is no longer configured told leaves the board; its ids are kept for a return.
    fn removed_sources(&mut self) -> Result<(), RunError> {
        for source in self.store.known_sources()? {
            if !self.rules_names.contains_key(&source) {
                for (key, _) in self.store.documents_of(&source)? {
                    self.store.drop_document(&key)?;
                }
                self.store.forget_source(&source)?;
                self.store.set_problems(&format!("source {source}"), &[])?;
                self.store.set_problems(&format!("fetch {source}"), &[])?;
            }
        }
        Ok(())
    }

    /// Kept documents that were read by an older noticeboard or by other rules are read again, without asking their source.
    fn read_anew(&mut self) -> Result<(), RunError> {
        let names = self.rules_names.clone();
        names.iter().try_for_each(|(source, name)| self.read_anew_of(source, name))
    }

    pub(super) fn read_anew_of(&mut self, source: &SourceId, name: &str) -> Result<(), RunError> {
        for key in self.store.read_otherwise(source, name)? {
            let (Some(kept), Some(document)) = (self.store.document(&key)?, self.store.last_good(&key)?) else {
                continue;
            };
            if is_read_by(&kept.reading_rules, name, self.options.now) {
                continue;
            }
            let same_rules = kept.reading_rules.split_once('/').map(|(_, rules)| rules)
                == name.split_once('/').map(|(_, rules)| rules);
            let cause = if same_rules { Cause::Upgrade } else { Cause::Rules };
            let reading = match (kept.gone, cause) {
                (true, Cause::Rules) => keep_wanted(kept.reading, &self.carry_on(&key, cause)),
                (true, _) => kept.reading,
                (false, _) => {
                    self.read += 1;
                    self.read_again(&document, hash(&document.bytes) == kept.hash, kept.reading, cause)
                }
            };
            let (reading, name) = self.in_its_time(reading, name);
            self.store.replace_reading(&key, &reading, &name, same_rules)?;
            self.uncommitted += 1;
            self.pause()?;
        }
        Ok(())
    }

    fn due(&self) -> Result<Vec<Due>, RunError> {
        let mut due = Vec::new();
        for source in &self.settings.sources {
            let asked = self.options.only.as_ref().is_none_or(|only| *only == source.id);
            let state = self.state(&source.id)?;
            if !asked || !source.origin.is_local() && (self.options.offline || !self.is_due(&state)) {
                continue;
            }
            let validators = Validators { etag: state.etag, last_modified: state.last_modified };
            let versions = self.store.versions(&source.id)?;
            due.push(Due {
                source: source.id.clone(),
                origin: source.origin.clone(),
                known: Known { versions, validators, moved_to: state.moved_to, ..Known::default() },
            });
        }
        Ok(due)
    }

    fn validators(&self, source: &SourceId) -> Result<Validators, RunError> {
        let state = self.store.source(source)?;
        Ok(Validators { etag: state.etag, last_modified: state.last_modified })
    }

    fn document(&mut self, mut document: Document) -> Result<(), RunError> {
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        let Some(name) = self.rules_names.get(&key.source).cloned() else { return Ok(()) };
        self.options.tell(&Progress::Document(key.clone()));
        *self.fetched.entry(key.source.clone()).or_default() += 1;
        let hash = hash(&document.bytes);
        let kept = self.store.document(&key)?;
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.hash == hash && is_read_by(&kept.reading_rules, &name, self.options.now) && !kept.gone)
        {
            return Ok(self.store.note_version(&kept.key, &document.version)?);
        }
        document.first_seen = self.store.first_seen(&key)?.or(Some(self.options.now));
        self.read += 1;
        self.uncommitted += 1;
        let reading = match kept {
            None => digest(&document, &self.rules),
            Some(kept) => match self.carried(&kept.reading, &document, Cause::Changed) {
                Carried::Reading(reading) => *reading,
                Carried::Unread(reading) => {
                    self.left_out += reading.problems.len();
                    self.unread.insert(key.source);
                    return Ok(self.store.keep_unread(&document, &hash, &reading, &name)?);
                }
                Carried::Brake(problem) => {
                    self.missing.remove(&key);
                    self.held.insert(key.source);
                    self.problem(problem);
                    return Ok(());
                }
            },
        };
        self.left_out += reading.problems.len();
        if reading.problems.iter().any(|problem| problem.kind == ProblemKind::Read) {
            self.unread.insert(key.source.clone());
        }
        if let Some(pace) = reading.pace.clone() {
            self.paces.insert(key.source.clone(), pace);
        }
        let (reading, name) = self.in_its_time(reading, &name);
        self.store.keep(&document, &hash, &reading, &name, self.options.now)?;
        Ok(())
    }

    /// What is not to be shown yet, or no longer, is left out until its time; the name says when it is to be read again.
    fn in_its_time(&self, reading: Reading, name: &str) -> (Reading, String) {
        let now = self.options.now;
        let (before, after) = (reading.not_before, reading.not_after);
        let reason = match (before.filter(|at| now < *at), after.filter(|at| *at <= now)) {
            (Some(at), _) => Some(format!("not to be published before {}", at.format("%Y-%m-%d %H:%M UTC"))),
            (None, Some(at)) => Some(format!("not to be published after {}", at.format("%Y-%m-%d %H:%M UTC"))),
            (None, None) => None,
        };
        let next = before.into_iter().chain(after).filter(|at| now < *at).min();
        let name = next.map_or_else(|| name.to_owned(), |at| format!("{name}{UNTIL}{}", at.to_rfc3339()));
        match reason {
            Some(reason) => (Reading { skipped: Some(reason), problems: reading.problems, ..Reading::default() }, name),
            None => (reading, name),
        }
    }

    /// The last good document read anew. Where the source's last answer could not be read, that is still to be told.
    fn read_again(&self, document: &Document, is_last: bool, old: Reading, cause: Cause) -> Reading {
        let mut reading = match self.carried(&old, document, cause) {
            Carried::Reading(reading) | Carried::Unread(reading) => *reading,
            Carried::Brake(_) => return old,
        };
        if !is_last {
            reading.problems.extend(old.problems.into_iter().filter(|problem| problem.kind == ProblemKind::Read));
        }
        reading
    }

    /// A new reading with what the old one had more.
    fn carried(&self, old: &Reading, document: &Document, cause: Cause) -> Carried {
        let new = digest(document, &self.rules);
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        carry(old, new, &self.carry_on(&key, cause))
    }

    fn carry_on<'c>(&'c self, document: &'c DocumentKey, cause: Cause) -> Carry<'c> {
        Carry { cause, rules: &self.rules, document, today: self.today, accept: self.options.accept }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.left_out += 1;
        if let Some(source) = problem.source.clone() {
            self.problems.entry(source).or_default().push(problem);
        }
    }

    fn answered(&mut self, answered: Answered) -> Result<(), RunError> {
        let answered = self.whole(answered);
        if !self.held.contains(&answered.source) {
            self.note_offered(&answered)?;
        }
        let source = answered.source.clone();
        self.absent(&source, &answered.present)?;
        self.site_may_have_changed(&source)?;
        self.count_missing(&source)?;
        let validators = match self.held.contains(&source) {
            true => self.validators(&source)?,
            false => answered.validators,
        };
        let state = self.after_answer(&source, &answered.told)?;
        if let Some(there) = &state.moved_to {
            let message = format!("the source has moved for good to `{there}`, where it is asked now");
            let problem = Problem::new(ProblemKind::Fetch, message).at(&source, there.as_str());
            self.problem(problem.hint("put that address into the config"));
        }
        let state = SourceState { etag: validators.etag, last_modified: validators.last_modified, ..state };
        self.store.set_source(&source, &state)?;
        let problems = self.problems.remove(&source).unwrap_or_default();
        self.store.set_problems(&format!("source {source}"), &problems)?;
        self.store.set_problems(&format!("fetch {source}"), &[])?;
        self.ended(source, true, &answered.attempt)
    }

    fn failed(&mut self, failed: Failed) -> Result<(), RunError> {
        let Failed { source, mut problem, told, attempt } = failed;
        self.waiting.remove(&source);
        let state = self.state(&source)?;
        let known = self.store.count_events_of(&source)?;
        if known > 0 {
            let since =
                state.last_good.map(|at| format!(" from {}", at.format("%Y-%m-%d %H:%M UTC"))).unwrap_or_default();
            problem.hint = Some(format!(
                "{}the {known} events known{since} stay on the board",
                problem.hint.map(|hint| format!("{hint}; ")).unwrap_or_default()
            ));
        }
        tracing::warn!("{problem}");
        self.store.set_source(&source, &self.after_failure(&source, state, &told))?;
        // What was said of its files stands until it answers again.
        self.store.set_problems(&format!("fetch {source}"), &[problem])?;
        self.failed += 1;
        self.ended(source, false, &attempt)
    }

    /// Keeps what asking a source was like, and tells that it has ended.
    fn ended(&mut self, source: SourceId, good: bool, attempt: &fetch::Attempt) -> Result<(), RunError> {
        let attempt = Attempt {
            at: self.options.now,
            good,
            status: attempt.status,
            received: attempt.received,
            took: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
            documents: self.fetched.get(&source).copied().unwrap_or(0),
            events: self.store.count_events_of(&source)?,
        };
        self.store.note_attempt(&source, &attempt)?;
        self.uncommitted += 1;
        self.options.tell(&Progress::Fetched { source: source.clone(), attempt: attempt.clone() });
        self.asked.push(Asked { source, attempt });
        Ok(())
    }

    /// One more good answer without the events that were missing when the run began.
    fn count_missing(&mut self, source: &SourceId) -> Result<(), RunError> {
        let of_source: Vec<DocumentKey> = self.missing.keys().filter(|key| key.source == *source).cloned().collect();
        for key in of_source {
            let Some(names) = self.missing.remove(&key).filter(|names| !names.is_empty()) else { continue };
            let Some(mut kept) = self.store.document(&key)? else { continue };
            if kept.reading.problems.iter().any(|problem| problem.kind == ProblemKind::Read) {
                continue; // No good answer: what we could not read may well tell of them.
            }
            for sighting in &mut kept.reading.sightings {
                if sighting.missing > 0 && sighting.keys.first().is_some_and(|first| names.contains(&first.text())) {
                    sighting.missing += 1;
                }
            }
            self.store.replace_reading(&key, &kept.reading, &kept.reading_rules, false)?;
        }
        Ok(())
    }
}

/// Between the name of the rules a reading was made by and the moment until which it holds.
const UNTIL: &str = " until ";

/// True for a reading that was made by the rules of that name and still holds.
fn is_read_by(reading: &str, name: &str, now: DateTime<Utc>) -> bool {
    let Some(rest) = reading.strip_prefix(name) else { return false };
    let until = rest.strip_prefix(UNTIL).and_then(|until| until.parse::<DateTime<Utc>>().ok());
    rest.is_empty() || until.is_some_and(|until| now < until)
}

/// What a reading by these rules is called: the version of the reading code, and a hash of all rules that reach into a reading.
pub(super) fn rules_name(rules: &Rules, source: &SourceId) -> String {
    let site = (&rules.site.language, &rules.site.zone);
    let aliases: Vec<_> = rules.tag_aliases.iter().collect();
    let text =
        serde_json::to_vec(&(rules.sources.get(source), site, aliases, rules.publish_confidence, rules.publish_emails));
    let text = text.unwrap_or_default();
    format!("{READING_VERSION}/{}", hash(&text))
}
