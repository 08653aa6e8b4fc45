//! What becomes of a source when it has ended: with a good answer, or with none.

use super::gather::Gather;
use super::{Progress, RunError};
use crate::fetch::{self, Answered, Failed};
use crate::model::*;
use crate::report::Asked;
use crate::store::{Attempt, SourceState};
use std::collections::BTreeSet;

impl Gather<'_> {
    /// Keeps what a good answer tells of its source.
    pub(super) fn answered(&mut self, answered: Answered) -> Result<(), RunError> {
        let answered = self.whole(answered);
        self.learn(&answered.source)?;
        if !self.held.contains(&answered.source) {
            self.note_offered(&answered)?;
        }
        let source = answered.source.clone();
        self.absent(&source, &answered.present)?;
        self.trust_again(&source, &answered.present)?;
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

    /// Keeps that a source gave no good answer, and says what is shown of it.
    pub(super) fn failed(&mut self, failed: Failed) -> Result<(), RunError> {
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
        self.store.set_source(&source, &self.after_failure(&source, state, &told))?;
        tracing::warn!("{problem}");
        // What was said of its files stands until it answers again.
        self.store.set_problems(&format!("fetch {source}"), &[problem])?;
        self.failed += 1;
        self.ended(source, false, &attempt)
    }

    /// Remembers what asking a source was like, and tells that it has ended.
    fn ended(&mut self, source: SourceId, good: bool, attempt: &fetch::Attempt) -> Result<(), RunError> {
        let attempt = Attempt {
            at: self.options.now,
            good,
            status: attempt.status,
            received: attempt.received,
            took: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
            documents: self.fetched.get(&source).copied().unwrap_or(0),
            events: 0, // Counted when they are settled.
        };
        self.uncommitted += 1;
        self.options.tell(&Progress::Fetched { source: source.clone(), attempt: attempt.clone() });
        self.asked.push(Asked { source, attempt });
        Ok(())
    }

    /// A document that is there and did not say nothing this time is as it was before, whether it was sent or its source said that it is known:
    /// what comes later is a new suspicion.
    fn trust_again(&self, source: &SourceId, present: &[String]) -> Result<(), RunError> {
        let suspected = self.store.suspected(source)?;
        if suspected.is_empty() {
            return Ok(());
        }
        let present: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        let is_back = |key: &&DocumentKey| !self.suspected.contains(*key) && present.contains(key.key.as_str());
        Ok(suspected.iter().filter(is_back).try_for_each(|key| self.store.clear_suspicion(key))?)
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
