//! What is left of sources that are no longer configured.

use super::RunError;
use super::gather::{Gather, git_folder};
use crate::model::SourceId;

impl Gather<'_> {
    /// What a source that is no longer configured told leaves the board; its ids are kept for a return.
    pub(super) fn removed_sources(&mut self) -> Result<(), RunError> {
        for source in self.store.known_sources()? {
            if !self.sources.contains_key(&source) {
                for (key, _) in self.store.documents_of(&source)? {
                    self.store.drop_document(&key)?;
                }
                self.store.forget_source(&source)?;
                self.store.set_problems(&format!("source {source}"), &[])?;
                self.store.set_problems(&format!("fetch {source}"), &[])?;
                self.remove_repository(&source);
            }
        }
        Ok(())
    }

    /// Its copy of a repository, if it has one, would only take up room. Where it can't be removed that does no harm.
    fn remove_repository(&self, source: &SourceId) {
        if !self.options.dry_run {
            let _ = std::fs::remove_dir_all(git_folder(self.settings).join(source.as_str()));
        }
    }
}
