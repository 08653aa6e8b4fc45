//! What a source's page offers: its calendars, its feed, the pages of its events.
//!
//! In: their addresses, read from the page, each with the validators of its last answer. Out: their documents, keyed by their addresses, if they
//! changed. They are asked one after the other, by the rules of the source, first those that were never had, and each run begins elsewhere, so
//! that every one has its turn some day; one that fails costs no other, and where all fail the source has.
//! What their servers say about when to ask again holds for the source.

use super::{Http, HttpError};
use crate::fetch::{Answered, Asking, FetchError, Validators, without_credentials};
use crate::model::{Offer, Problem, ProblemKind};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;
use url::Url;

/// All of their servers together may take so many times as long as one.
const MOST_TIMES: u32 = 4;

impl Http {
    /// Asks what the page offers; the page itself was asked before.
    pub(super) async fn fetch_offered(&self, asking: &Asking) -> Result<Answered, FetchError> {
        let most = asking.taken() + Duration::from_secs(self.timeout) * MOST_TIMES;
        let mut answered = asking.answered(vec![self.key()]);
        let (mut left_alone, mut failed) = (BTreeSet::new(), Vec::new());
        let offers = asking.known.offered.iter();
        let offers = offers.map(|(url, validators)| (without_credentials(url.as_str()), url, validators));
        let offers = in_turn(offers, |(key, ..)| asking.known.versions.contains_key(key), asking.net.now);
        for (at, (key, url, validators)) in offers.into_iter().enumerate() {
            if at >= Offer::MOST_ASKED || left_alone.contains(&url.host_str()) || asking.taken() > most {
                // It may well be there: what is known of it stays.
                answered.present.push(key);
                continue;
            }
            match self.offered_at(url).one(asking, validators, None).await {
                Ok((validators, told)) => {
                    answered.told = answered.told.and(&told);
                    answered.offered.insert(key.clone(), validators);
                    answered.present.push(key);
                }
                Err(FetchError::Http(error)) => {
                    let error = error.elsewhere();
                    if error.is_busy() {
                        left_alone.insert(url.host_str());
                    }
                    answered.told = answered.told.and(&error.told());
                    answered.present.extend((!error.is_gone()).then(|| key.clone()));
                    failed.push((key, error));
                }
                Err(error) => return Err(error),
            }
        }
        if answered.offered.is_empty() && !failed.is_empty() {
            return Err(failed.swap_remove(0).1.into());
        }
        for (key, error) in failed {
            asking.problem(problem(&error, asking, &key)).await?;
        }
        answered.present.sort_unstable();
        answered.present.dedup();
        Ok(answered)
    }

    /// The same rules for another address. What a page says must not open the private network, nor tell credentials to others.
    fn offered_at(&self, url: &Url) -> Self {
        let Ok(own) = super::address(&self.url) else { return self.clone() };
        let allow_private = self.allow_private && own.origin() == url.origin();
        let there = Self { url: super::with_credentials_of(&own, url.clone()).into(), allow_private, ..self.clone() };
        if own.origin() == url.origin() {
            return there;
        }
        Self { secret: None, headers: std::collections::BTreeMap::new(), ..there }
    }
}

/// First what we never had, then the rest, each from another beginning in each run.
fn in_turn<T>(offers: impl Iterator<Item = T>, is_had: impl Fn(&T) -> bool, now: DateTime<Utc>) -> Vec<T> {
    let (mut had, mut never): (Vec<T>, Vec<T>) = offers.partition(is_had);
    // Scattered, since runs that are a day apart would begin at the same one where their number divides a day.
    let mut turn = DefaultHasher::new();
    now.timestamp().hash(&mut turn);
    for part in [&mut never, &mut had] {
        let at = turn.finish().checked_rem(part.len() as u64).unwrap_or(0);
        part.rotate_left(usize::try_from(at).unwrap_or(0));
    }
    never.append(&mut had);
    never
}

fn problem(error: &HttpError, asking: &Asking, key: &str) -> Problem {
    let problem = Problem::new(ProblemKind::Fetch, format!("the source's page leads here: {error}"));
    let problem = problem.at(&asking.source, key);
    match error.hint() {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// Kept as text beside the document.
impl Validators {
    /// The text.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What such a text says; nothing where it is none.
    pub(crate) fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_offers_elsewhere_gets_no_credentials_and_stays_out_of_the_private_network() {
        let page = Http { allow_private: true, ..Http::at("http://me:secret@10.0.0.5/events/") };
        let at = |url: &str| page.offered_at(&Url::parse(url).unwrap());
        let same = at("http://you@10.0.0.5/all.ics");
        assert_eq!((same.url.as_str(), same.allow_private), ("http://me:secret@10.0.0.5/all.ics", true));
        for other in
            ["http://10.0.0.6/all.ics", "http://10.0.0.5:8080/all.ics", "https://me:x@calendar.example/all.ics"]
        {
            let other = at(other);
            assert!(!other.allow_private && !other.url.contains('@'), "{}", other.url);
        }
    }
}
