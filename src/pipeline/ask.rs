//! Whom to ask, in which order, and who was not reached.

use super::RunError;
use super::gather::Gather;
use super::schedule::SLACK;
use crate::config::Source;
use crate::fetch::{Attempt, Due, Failed, Known, Told, Validators};
use crate::merge::source_name;
use crate::model::{Problem, ProblemKind, SourceId};
use crate::store::SourceState;
use std::collections::{BTreeSet, HashMap};
use tokio::time::Instant;

impl Gather<'_> {
    /// The sources that are due, most urgent first: those that were never tried, then those that were not tried for longest.
    pub(super) fn due(&self) -> Result<Vec<Due>, RunError> {
        let mut due = Vec::new();
        let now = self.options.now;
        let resting = match self.options.all || self.options.only.is_some() {
            true => HashMap::new(),
            false => self.store.resting(now, now + SLACK)?,
        };
        for source in &self.settings.sources {
            let asked = self.options.only.as_ref().is_none_or(|only| *only == source.id);
            if self.is_forgotten(&source.id)? {
                continue;
            }
            if !source.origin.is_local()
                && let Some(address) = resting.get(source.id.as_str())
                && self.is_at(source, address)
            {
                continue;
            }
            let state = self.state(&source.id)?;
            if !asked || !source.origin.is_local() && (self.options.offline || !self.is_due(&state)) {
                continue;
            }
            let validators = Validators { etag: state.etag, last_modified: state.last_modified };
            let versions = self.store.versions(&source.id)?;
            // A moment that is yet to come was told by a clock that went wrong.
            let last_tried = state.last_tried.filter(|tried| *tried <= now);
            let is_due = Due {
                source: source.id.clone(),
                origin: source.origin.clone(),
                known: Known { versions, validators, moved_to: state.moved_to, ..Known::default() },
            };
            due.push((last_tried, is_due));
        }
        due.sort_by_key(|(last_tried, _)| *last_tried);
        Ok(due.into_iter().map(|(_, due)| due).collect())
    }

    /// A source that was forgotten on request is not asked, and told if the config still names it.
    fn is_forgotten(&self, source: &SourceId) -> Result<bool, RunError> {
        let is_forgotten = self.forgotten.has(&source_name(source));
        if is_forgotten {
            let message = "this source was forgotten on request, but the config still names it; it is not asked";
            let problem = Problem::new(ProblemKind::Fetch, message).at(source, "");
            let hint =
                format!("take it out of the config, or let it in again with `noticeboard forget --undo {source}`");
            self.store.set_problems(&format!("source {source}"), &[problem.hint(hint)])?;
        }
        Ok(is_forgotten)
    }

    /// Where losses are accepted, what could not be read is sent once more, though its source has nothing newer.
    pub(super) fn ask_again_for_what_is_accepted(&self) -> Result<(), RunError> {
        if !self.options.accept {
            return Ok(());
        }
        for source in &self.settings.sources {
            let is_meant = self.options.only.as_ref().is_none_or(|only| *only == source.id);
            if is_meant && (source.origin.is_local() || !self.options.offline) {
                self.store.unread(&source.id)?.iter().try_for_each(|key| self.store.forget_version(key))?;
            }
        }
        Ok(())
    }

    /// True for a source that has that address in the settings.
    fn is_at(&self, source: &Source, address: &str) -> bool {
        let follow = self.settings.rules.sources.get(&source.id).and_then(|rules| rules.follow.as_ref());
        follow.map_or_else(|| source.origin.subject() == address, |follow| follow.page == address)
    }

    /// Of the sources that were to be asked, how many have not ended, for want of time or because the run is to stop. Who was not even begun
    /// comes first next time. Who was begun in vain has failed once the time is over, so that servers that hang starve nobody; after a stop it
    /// only comes after the others.
    pub(super) fn unreached(&mut self, asked: Vec<SourceId>) -> Result<usize, RunError> {
        let ended: BTreeSet<SourceId> = self.asked.iter().map(|asked| asked.source.clone()).collect();
        let all = asked.len();
        let left = asked.into_iter().filter(|source| !ended.contains(source));
        let (in_vain, unreached): (Vec<SourceId>, Vec<SourceId>) =
            left.partition(|source| self.begun.contains_key(source));
        if self.options.stop.is_asked() {
            for source in &in_vain {
                let state = SourceState { last_tried: Some(self.options.now), ..self.state(source)? };
                self.store.set_source(source, &state)?;
            }
            return Ok(in_vain.len() + unreached.len());
        }
        in_vain.into_iter().try_for_each(|source| self.cut_short(source))?;
        let total = self.settings.fetch.total;
        let message = format!(
            "asking took longer than the {total} s that it may take; the sources not reached come first in the next run"
        );
        let hint = format!(
            "raise `total` in `[fetch]`, or run more often; {} of {all} sources were not reached this time",
            unreached.len()
        );
        let problem = Problem::new(ProblemKind::Fetch, message).hint(hint);
        // Who asks one source only, or none on the network, learns nothing of the others.
        if !unreached.is_empty() || self.options.only.is_none() && !self.options.offline {
            self.store.set_problems("run", if unreached.is_empty() { &[] } else { std::slice::from_ref(&problem) })?;
        }
        Ok(unreached.len())
    }

    /// A source that was asked until the time was over has failed.
    fn cut_short(&mut self, source: SourceId) -> Result<(), RunError> {
        let took = self.begun.get(&source).map(Instant::elapsed).unwrap_or_default();
        let subject = self.sources.get(&source).map(|source| source.origin.subject()).unwrap_or_default();
        let problem = Problem::new(ProblemKind::Fetch, "asking it was cut short when the run's time was over")
            .at(&source, &subject)
            .hint("give it a shorter `timeout`, or the run more time with `total` in `[fetch]`");
        let attempt = Attempt { took, ..Attempt::default() };
        self.failed(Failed { source, problem, told: Told::default(), attempt })
    }

    /// By what a source is asked whether it has changed.
    pub(super) fn validators(&self, source: &SourceId) -> Result<Validators, RunError> {
        let state = self.store.source(source)?;
        Ok(Validators { etag: state.etag, last_modified: state.last_modified })
    }
}
