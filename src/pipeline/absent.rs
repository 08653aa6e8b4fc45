//! Documents that a source has no more: moved to another name, told elsewhere, or gone.

use super::RunError;
use super::gather::Gather;
use crate::merge::with_approved;
use crate::model::*;
use crate::store::KeptDocument;
use std::collections::BTreeSet;

impl Gather<'_> {
    /// What a moved document told keeps its ids. What no other document tells leaves the board if it is a post; an event is missing from now on.
    pub(super) fn absent(&mut self, source: &SourceId, present: &[String]) -> Result<(), RunError> {
        let present: BTreeSet<&str> = present.iter().map(String::as_str).collect();
        let mut absent = Vec::new();
        for (key, gone) in self.store.documents_of(source)? {
            if gone || present.contains(key.key.as_str()) {
                continue;
            }
            let Some(mut kept) = self.store.document(&key)? else { continue };
            kept.reading = with_approved(kept.reading, source, &self.settings.rules);
            if let Some(moved) = self.store.new_with_bytes(&kept)? {
                self.store.hand_over(&kept, &moved)?;
                self.store.drop_document(&key)?;
                continue;
            }
            self.forget_what_is_told_elsewhere(&mut kept)?;
            absent.push(kept);
        }
        if self.is_accident(source, &absent)? {
            return Ok(());
        }
        for kept in absent {
            self.miss(kept)?;
        }
        Ok(())
    }

    /// A calendar at a new address, a feed cut in two: an event that another document of the source tells is not lost with this one.
    fn forget_what_is_told_elsewhere(&self, kept: &mut KeptDocument) -> Result<(), RunError> {
        let mut own = Vec::new();
        for sighting in std::mem::take(&mut kept.reading.sightings) {
            if !self.store.is_told_elsewhere(kept, &sighting)? {
                own.push(sighting);
            }
        }
        kept.reading.sightings = own;
        Ok(())
    }

    /// Losing most of several upcoming events at once looks like an accident at the source: the brake holds it.
    fn is_accident(&mut self, source: &SourceId, absent: &[KeptDocument]) -> Result<bool, RunError> {
        if absent.is_empty() {
            return Ok(false);
        }
        let upcoming =
            |s: &&Sighting| s.missing == 0 && (s.facts.recurrence.is_some() || s.facts.when.last_day() >= self.today);
        let lost = absent.iter().flat_map(|kept| &kept.reading.sightings).filter(upcoming).count();
        let all = self.store.count_upcoming_of(source, self.today)?;
        let accident = lost >= 4 && lost * 2 > all && !self.options.accept;
        if accident {
            self.problem(
                Problem::new(
                    ProblemKind::Brake,
                    format!(
                        "{lost} of {all} upcoming events are gone, with {} documents; nothing was changed",
                        absent.len()
                    ),
                )
                .at(source, "")
                .hint("if they are really gone, run once with `--accept`"),
            );
        }
        Ok(accident)
    }

    /// The document is gone: its posts leave now, its events are missing from now on.
    fn miss(&mut self, kept: KeptDocument) -> Result<(), RunError> {
        let sightings = kept
            .reading
            .sightings
            .into_iter()
            .map(|s| Sighting { missing: s.missing.max(1), post: None, ..s })
            .collect();
        let reading = Reading { sightings, skipped: Some("the document is gone".to_owned()), ..Reading::default() };
        self.uncommitted += 1;
        if reading.sightings.is_empty() {
            return Ok(self.store.drop_document(&kept.key)?);
        }
        self.store.replace_reading(&kept.key, &reading, &kept.reading_rules, false)?;
        Ok(self.store.mark_gone(&kept.key)?)
    }
}
