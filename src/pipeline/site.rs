//! What the configuration of a source's site tells is part of its rules, where the settings have no link rule.
//!
//! It is one of the source's documents, and may come behind the posts that need it: those are read once more.

use super::RunError;
use super::gather::Gather;
use super::reading::rules_name;
use crate::model::{SiteConfig, SourceId, SourceRules};

impl Gather<'_> {
    /// Takes what is kept of the site's configuration into the rules.
    pub(super) fn learn_site(&mut self, source: &SourceId) -> Result<(), RunError> {
        // An address on the web has rules to follow, and no files.
        let is_open = |rules: &&mut SourceRules| rules.link.is_none() && rules.follow.is_none();
        if let Some(rules) = self.rules.sources.get_mut(source).filter(is_open) {
            rules.site = Some(self.store.site_of(source)?).filter(|site| *site != SiteConfig::default());
        }
        self.rules_names.insert(source.clone(), rules_name(&self.rules, source));
        Ok(())
    }

    /// Reads the posts of a source anew whose site is configured otherwise than when they were read.
    pub(super) fn site_may_have_changed(&mut self, source: &SourceId) -> Result<(), RunError> {
        let before = self.rules_names.get(source).cloned();
        self.learn_site(source)?;
        match self.rules_names.get(source).filter(|now| before.as_ref() != Some(now)).cloned() {
            Some(name) => self.read_anew_of(source, &name),
            None => Ok(()),
        }
    }
}
