//! digest → store: a document that is new or changed is read once and kept with what was read; kept ones are read again when the rules change.

use super::gather::Gather;
use super::{Progress, RunError, guarded};
use crate::compose::READING_VERSION;
use crate::config::Settings;
use crate::merge::{Carried, Carry, Cause, Cut, carry, cut, keep_wanted};
use crate::model::*;
use crate::store::{KeptDocument, StoreError, hash};
use chrono::{DateTime, Utc};
use std::hash::{DefaultHasher, Hash, Hasher};

impl Gather<'_> {
    /// Where the settings or the program have changed since the last run: what sources that are no longer configured told leaves the board, and
    /// kept documents that were read by an older noticeboard or by other rules are read again, without asking their source.
    pub(super) fn follow_the_settings(&mut self) -> Result<(), RunError> {
        let print = fingerprint(self.settings);
        if self.store.meta(READ_BY)?.as_ref() == Some(&print) {
            return self.store.read_for_a_time()?.iter().try_for_each(|source| self.read_anew(source));
        }
        self.removed_sources()?;
        let settings = self.settings;
        settings.sources.iter().try_for_each(|source| self.read_anew(&source.id))?;
        if !self.options.stop.is_asked() {
            self.store.set_meta(READ_BY, &print)?;
        }
        Ok(())
    }

    fn read_anew(&mut self, source: &SourceId) -> Result<(), RunError> {
        match self.learn(source)?.filter(|_| !self.options.stop.is_asked()) {
            Some(name) => self.read_anew_of(source, &name),
            None => Ok(()),
        }
    }

    pub(super) fn read_anew_of(&mut self, source: &SourceId, name: &str) -> Result<(), RunError> {
        for key in self.store.read_otherwise(source, name)? {
            if self.options.stop.is_asked() {
                return Ok(());
            }
            let Some(kept) = self.store.document(&key)? else { continue };
            if is_read_by(&kept.reading_rules, name, self.options.now) {
                continue;
            }
            let document = match self.store.last_good(&key) {
                Ok(Some(document)) => document,
                Ok(None) => {
                    // It tells what was forgotten, so it is not kept: its source is asked for it anew.
                    self.store.replace_reading(&key, &kept.reading, name, false)?;
                    self.store.forget_version(&key)?;
                    continue;
                }
                Err(StoreError::Unpackable) => {
                    self.ask_for_another(kept, name)?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let same_rules = kept.reading_rules.split_once('/').map(|(_, rules)| rules)
                == name.split_once('/').map(|(_, rules)| rules);
            let cause = if same_rules { Cause::Upgrade } else { Cause::Rules };
            let (reading, name) = match (kept.gone, cause) {
                (true, Cause::Rules) => (keep_wanted(kept.reading, &self.carry_on(&key, cause)), name.to_owned()),
                (true, _) => (kept.reading, name.to_owned()),
                (false, _) => {
                    self.read += 1;
                    let (new, has_stopped) = guarded::read(&document, &self.rules);
                    let new = cut(source, new, &self.forgotten).reading;
                    let is_last = hash(&document.bytes) == kept.hash;
                    if !is_last && guarded::has_stopped(&kept.reading_rules) {
                        // The document at which it stopped is not in the store: its source is asked for it anew.
                        self.store.forget_version(&key)?;
                    }
                    let name = if has_stopped { guarded::stopped(name) } else { name.to_owned() };
                    (self.read_again(&document, new, is_last, kept.reading, cause), name)
                }
            };
            let (reading, name) = self.in_its_time(reading, &name);
            self.store.replace_reading(&key, &reading, &name, same_rules)?;
            self.uncommitted += 1;
            self.pause()?;
        }
        Ok(())
    }

    /// Reads a document that has arrived, and keeps it.
    pub(super) fn document(&mut self, mut document: Document) -> Result<(), RunError> {
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        let Some(name) = self.learn(&key.source)? else { return Ok(()) };
        self.options.tell(&Progress::Document(key.clone()));
        *self.fetched.entry(key.source.clone()).or_default() += 1;
        let hash = hash(&document.bytes);
        let kept = self.store.document(&key)?;
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| kept.hash == hash && is_read_by(&kept.reading_rules, &name, self.options.now) && !kept.gone)
        {
            if kept.reading.suspicion.is_some_and(|suspicion| !suspicion.believed) {
                // What was missed is back.
                let reading = Reading { suspicion: None, ..kept.reading.clone() };
                self.store.replace_reading(&key, &reading, &kept.reading_rules, false)?;
            }
            return Ok(self.store.note_version(&kept.key, &document.version)?);
        }
        document.first_seen = self.store.first_seen(&key)?.or(Some(self.options.now));
        self.read += 1;
        self.uncommitted += 1;
        let (new, has_stopped) = guarded::read(&document, &self.rules);
        let Cut { reading: new, cut, whole } = cut(&key.source, new, &self.forgotten);
        if whole && kept.is_none() {
            return Ok(());
        }
        let name = if has_stopped { guarded::stopped(&name) } else { name };
        let reading = match kept {
            None => new,
            Some(kept) => match self.carried(&kept.reading, new, &document, Cause::Changed) {
                Carried::Reading(reading) => *reading,
                Carried::Unread(reading) => {
                    self.left_out += reading.problems.len();
                    self.unread.insert(key.source);
                    return Ok(self.store.keep_unread(&document, &hash, &reading, &name)?);
                }
                Carried::Suspected(reading, problem) => {
                    self.missing.remove(&key);
                    self.held.insert(key.source.clone());
                    self.suspected.insert(key.clone());
                    self.problem(problem);
                    return Ok(self.store.replace_reading(&key, &reading, &kept.reading_rules, false)?);
                }
                Carried::Brake(problem) => {
                    self.missing.remove(&key);
                    self.held.insert(key.source);
                    self.problem(problem);
                    return Ok(());
                }
            },
        };
        self.renamed.extend(reading.renamed.iter().map(|renamed| (key.source.clone(), renamed.clone())));
        self.left_out += reading.problems.len();
        if reading.problems.iter().any(|problem| problem.kind == ProblemKind::Read) {
            self.unread.insert(key.source.clone());
        }
        if reading.site.is_some() {
            self.store.clear_meta(READ_BY)?;
        }
        if let Some(pace) = reading.pace.clone() {
            self.paces.insert(key.source.clone(), pace);
        }
        let (reading, name) = self.in_its_time(reading, &name);
        self.store.keep(&document, &hash, &reading, &name, self.options.now)?;
        if cut {
            self.store.erase_bytes(&key)?;
        }
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
    fn read_again(&self, document: &Document, new: Reading, is_last: bool, old: Reading, cause: Cause) -> Reading {
        let mut reading = match self.carried(&old, new, document, cause) {
            Carried::Reading(reading) | Carried::Unread(reading) => *reading,
            Carried::Suspected(..) | Carried::Brake(_) => return old,
        };
        if !is_last {
            reading.problems.extend(old.problems.into_iter().filter(|problem| problem.kind == ProblemKind::Read));
        }
        reading
    }

    /// A new reading with what the old one had more.
    fn carried(&self, old: &Reading, new: Reading, document: &Document, cause: Cause) -> Carried {
        let key = DocumentKey { source: document.source.clone(), key: document.key.clone() };
        carry(old, new, &self.carry_on(&key, cause))
    }

    /// The copy of a document in the store is damaged: what was read of it stays, and its source is asked for it anew.
    fn ask_for_another(&mut self, kept: KeptDocument, name: &str) -> Result<(), RunError> {
        let KeptDocument { key, mut reading, .. } = kept;
        let message =
            "its copy in the store is damaged, so it could not be read anew; what was read of it before stays";
        let problem = Problem::new(ProblemKind::Read, message).at(&key.source, &key.key);
        reading.problems =
            vec![problem.hint("its source is asked for it anew; if that is gone, restore a copy of the store")];
        self.store.replace_reading(&key, &reading, name, true)?;
        Ok(self.store.forget_version(&key)?)
    }

    fn carry_on<'c>(&'c self, document: &'c DocumentKey, cause: Cause) -> Carry<'c> {
        Carry {
            cause,
            rules: &self.rules,
            document,
            today: self.today,
            now: self.options.now,
            accept: self.options.accept,
        }
    }
}

/// Between the name of the rules a reading was made by and the moment until which it holds.
const UNTIL: &str = " until ";

/// True for a reading that was made by the rules of that name and still holds.
fn is_read_by(reading: &str, name: &str, now: DateTime<Utc>) -> bool {
    let Some(rest) = reading.strip_prefix(name) else { return false };
    let until = rest.strip_prefix(UNTIL).and_then(|until| until.parse::<DateTime<Utc>>().ok());
    rest.is_empty() || guarded::is_stopped(rest) || until.is_some_and(|until| now < until)
}

/// Under which name the store keeps by what all kept documents were read.
pub(super) const READ_BY: &str = "read by";

/// All of the settings that reach into a reading, and the version of the reading code. Only compared with that of the last run.
fn fingerprint(settings: &Settings) -> String {
    let rules = &settings.rules;
    let sources: Vec<_> = settings.sources.iter().map(|source| (&source.id, rules.sources.get(&source.id))).collect();
    let site = (&rules.site.language, &rules.site.zone);
    let aliases: Vec<_> = rules.tag_aliases.iter().collect();
    let text = serde_json::to_vec(&(sources, site, aliases, rules.publish_confidence, rules.publish_emails));
    let mut hasher = DefaultHasher::new();
    (text.unwrap_or_default(), &rules.places).hash(&mut hasher);
    format!("{READING_VERSION}/{}/{:016x}", env!("CARGO_PKG_VERSION"), hasher.finish())
}

/// What a reading by these rules is called: the version of the reading code, and a hash of all rules that reach into a reading.
pub(super) fn rules_name(rules: &Rules, source: &SourceId) -> String {
    let site = (&rules.site.language, &rules.site.zone);
    let aliases: Vec<_> = rules.tag_aliases.iter().collect();
    let text =
        serde_json::to_vec(&(rules.sources.get(source), site, aliases, rules.publish_confidence, rules.publish_emails));
    let mut text = text.unwrap_or_default();
    if !rules.places.is_empty() {
        text.extend(serde_json::to_vec(&rules.places).unwrap_or_default());
    }
    format!("{READING_VERSION}/{}", hash(&text))
}
