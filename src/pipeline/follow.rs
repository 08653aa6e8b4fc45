//! What a source's page offers is asked when the page has answered, and counts as documents of the same source.

use super::gather::Gather;
use super::{Progress, RunError};
use crate::fetch::{Answered, Due, Known, Validators};
use crate::model::*;

impl Gather<'_> {
    /// What is to be asked now that the source's page has answered, if it offers anything. The source has ended only after that.
    pub(super) fn offered(&mut self, answered: &Answered) -> Result<Option<Due>, RunError> {
        let id = &answered.source;
        let Some(source) = self.sources.get(id).copied() else { return Ok(None) };
        let follow = self.settings.rules.sources.get(id).and_then(|rules| rules.follow.as_ref());
        let Some(follow) = follow.filter(|_| !self.waiting.contains_key(id)) else { return Ok(None) };
        let page = DocumentKey { source: id.clone(), key: follow.page.clone() };
        let Some(offer) = self.store.offer(&page)? else { return Ok(None) };
        let noted = self.store.validators(id)?;
        let with_validators = |url: &url::Url| {
            let known = noted.get(url.as_str()).map(|text| Validators::from_text(text));
            (url.clone(), known.unwrap_or_default())
        };
        let offered = offer.urls.iter().map(with_validators).collect();
        let known = Known { versions: self.store.versions(id)?, offered, ..Known::default() };
        self.options.tell(&Progress::Followed { source: id.clone(), offer: offer.clone() });
        self.followed.push((id.clone(), offer));
        Ok(Some(Due { source: id.clone(), origin: source.origin.clone(), known }))
    }

    /// The answer of a source as a whole: of its page, and of what that offers.
    pub(super) fn whole(&mut self, answered: Answered) -> Answered {
        match self.waiting.remove(&answered.source) {
            Some(page) => Answered { validators: page.validators, told: page.told.and(&answered.told), ..answered },
            None => answered,
        }
    }

    /// Notes by what each document that was followed to is asked next time.
    pub(super) fn note_offered(&self, answered: &Answered) -> Result<(), RunError> {
        for (key, validators) in &answered.offered {
            let key = DocumentKey { source: answered.source.clone(), key: key.clone() };
            self.store.note_validators(&key, &validators.to_text())?;
        }
        Ok(())
    }
}
