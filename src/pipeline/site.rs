//! What is known of a source before anything of it changes in a run. It is learnt when the source's turn comes: most have none.
//!
//! What the configuration of a source's site tells is part of its rules, where the settings have no link rule.
//! It is one of the source's documents, and may come behind the posts that need it: those are read once more.

use super::RunError;
use super::gather::Gather;
use super::reading::{READ_BY, rules_name};
use crate::model::*;

impl Gather<'_> {
    /// Learns what is kept of a source. Answers with what a reading made by its rules is called; nothing for a source that is not configured.
    pub(super) fn learn(&mut self, source: &SourceId) -> Result<Option<String>, RunError> {
        if !self.rules_names.contains_key(source) && self.sources.contains_key(source) {
            self.learn_site(source)?;
            self.learn_missing(source)?;
        }
        Ok(self.rules_names.get(source).cloned())
    }

    /// Missing events are counted once a run, as they were when it began.
    fn learn_missing(&mut self, source: &SourceId) -> Result<(), RunError> {
        for key in self.store.with_missing(source)? {
            let Some(kept) = self.store.document(&key)? else { continue };
            let most = self.settings.rules.vanish_after_runs;
            let missing = kept.reading.sightings.iter().filter(|s| s.missing > 0 && s.missing < most);
            self.missing.insert(key, missing.filter_map(|s| s.keys.first().map(Key::text)).collect());
        }
        Ok(())
    }

    /// Takes what is kept of the site's configuration into the rules.
    fn learn_site(&mut self, source: &SourceId) -> Result<(), RunError> {
        // An address on the web has rules to follow, and no files.
        let is_open = |rules: &&SourceRules| rules.link.is_none() && rules.follow.is_none();
        if let Some(rules) = self.rules.sources.get(source).filter(is_open) {
            let site = Some(self.store.site_of(source)?).filter(|site| *site != SiteConfig::default());
            if rules.site != site
                && let Some(rules) = self.rules.to_mut().sources.get_mut(source)
            {
                rules.site = site;
            }
        }
        self.rules_names.insert(source.clone(), rules_name(&self.rules, source));
        Ok(())
    }

    /// Reads the posts of a source anew whose site is configured otherwise than when they were read.
    pub(super) fn site_may_have_changed(&mut self, source: &SourceId) -> Result<(), RunError> {
        let before = self.rules_names.get(source).cloned();
        self.learn_site(source)?;
        match self.rules_names.get(source).filter(|now| before.as_ref() != Some(now)).cloned() {
            Some(name) => {
                // If this is interrupted, the next run looks through all.
                self.store.clear_meta(READ_BY)?;
                self.read_anew_of(source, &name)
            }
            None => Ok(()),
        }
    }
}
