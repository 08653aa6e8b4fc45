//! A document that is sound but says nothing, where the one before said much: at first that is taken for an accident.

use super::carry::{Carry, Cause};
use crate::model::*;
use chrono::TimeDelta;

/// Fewer entries than this may well go all at once.
const MUCH: usize = 4;

/// It is believed when so many good answers in a row said the same: a run now and then by hand is no proof.
const ANSWERS: u32 = 3;

/// And for at least so long: a server that is being moved is mended within a day, and whoever looks after the board was told in time.
const PATIENCE: TimeDelta = TimeDelta::days(1);

/// What to think of a document that says nothing.
pub(super) enum Emptied {
    /// It says something, or is known to say nothing.
    No,
    /// So far it is not believed.
    Suspected(Suspicion, Problem),
    /// It has said nothing for long enough.
    Believed(Suspicion),
}

/// Judges a new reading beside the old one.
pub(super) fn emptied(old: &Reading, new: &Reading, on: &Carry) -> Emptied {
    let all = old.posts.len().max(old.sightings.iter().filter(|sighting| sighting.missing == 0).count());
    let much = old.told.unwrap_or(all);
    if on.cause != Cause::Changed || !says_nothing(new) || much < MUCH {
        return Emptied::No;
    }
    // A moment that is yet to come was told by a clock that went wrong.
    let before = old.suspicion.filter(|known| known.since <= on.now && known.says == 0);
    let known = before.unwrap_or(Suspicion { since: on.now, answers: 0, believed: false, says: 0 });
    let known = Suspicion { answers: known.answers.saturating_add(1), ..known };
    if known.believed || on.accept || is_proven(&known, on) {
        return Emptied::Believed(Suspicion { believed: true, ..known });
    }
    let since = known.since.format("%Y-%m-%d %H:%M UTC");
    let message = format!(
        "expected some entries, as there were {much} before, but since {since} there are none; nothing was changed"
    );
    let problem = Problem::new(ProblemKind::Brake, message)
        .at(&on.document.source, &on.document.key)
        .hint("look at it in a browser; if it is really empty now, run once with `--accept`, else it is believed after a day of such answers");
    Emptied::Suspected(known, problem)
}

/// True where enough good answers over enough time have said the same.
pub(super) fn is_proven(known: &Suspicion, on: &Carry) -> bool {
    known.answers >= ANSWERS && on.now.signed_duration_since(known.since) >= PATIENCE
}

/// True where nothing is told, nothing is kept back, and nothing went wrong.
fn says_nothing(new: &Reading) -> bool {
    let tells = !(new.posts.is_empty() && new.sightings.is_empty() && new.unsure.is_empty());
    !tells && new.hidden.is_empty() && new.problems.is_empty() && new.site.is_none() && new.offer.is_none()
}
