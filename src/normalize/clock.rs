//! On which clock the hours of an event are.
//!
//! The text's own zone word says it, else the zone of the event's place, else the source's, else the site's. A zone word of the wrong half of
//! the year (`CET` in July) means clock time all the same, and is told.

use super::Context;
use super::place::Where;
use crate::gazetteer;
use crate::model::*;
use crate::zone::{self, ZoneWord};
use chrono::NaiveDateTime;

/// In every problem about a zone word, which is told once a document.
const UNDERSTOOD: &str = "understood as clock time in";

/// The clock of hours that name none.
pub(super) struct Clock {
    zone: ZoneId,
    /// The source's or site's.
    configured: ZoneId,
    /// The words that say where, if it is the place's clock.
    place: Option<Evidence>,
}

impl Clock {
    /// The source's, else the site's.
    pub fn configured(context: &Context) -> Self {
        Self { zone: context.zone().clone(), configured: context.zone().clone(), place: None }
    }

    /// The place's, else the configured one. What takes place online only is nowhere; the source's default place does not
    /// stand against the zone that was configured beside it.
    pub fn of(context: &Context, place: &Where) -> Self {
        let is_somewhere = place.is_somewhere() && (!place.is_default || context.source.zone.is_none());
        let line = place.line().filter(|_| is_somewhere);
        let zone = line.as_deref().and_then(|line| zone_of(line, place.town)).and_then(zone::by_name);
        match (zone, line) {
            (Some(zone), Some(quote)) => {
                let confidence = place.evidence.get("place").map_or(1.0, |evidence| evidence.confidence);
                let rule = "zone of the place".to_owned();
                Self { zone, configured: context.zone().clone(), place: Some(Evidence { quote, rule, confidence }) }
            }
            _ => Self::configured(context),
        }
    }

    /// True where the place or the source's configuration told it; else it is the site's.
    pub fn is_told(&self, context: &Context) -> bool {
        self.place.is_some() || context.source.zone.is_some()
    }

    /// The clocks that hours may be on that name none, the likelier one first.
    pub fn zones(&self) -> [&ZoneId; 2] {
        [&self.zone, &self.configured]
    }

    /// The place's words, where they decide on the clock of what the given words leave open.
    pub fn place_for(&self, word: Option<&str>) -> Option<Evidence> {
        self.place.clone().filter(|_| word.and_then(zone::by_word).is_none())
    }

    /// What hours with this zone word are in.
    pub fn read(&self, word: Option<&str>, local: NaiveDateTime) -> ZoneWord {
        let named = word.and_then(|word| Some((word, zone::by_word(word)?)));
        let Some((word, meant)) = named else { return ZoneWord::Zone(self.zone.clone()) };
        let is_there = word.trim() == "GMT" && self.is_in_britain() || self.keeps(word, local);
        if is_there { ZoneWord::Zone(self.zone.clone()) } else { meant }
    }

    /// Tells of a zone word that does not fit its day.
    pub fn misfit(&self, context: &Context, word: &str, local: NaiveDateTime, quote: &str) -> Option<Problem> {
        let misfit = zone::misfit(word, local)?;
        let is_british = ["GMT", "BST"].contains(&word.trim().to_uppercase().as_str());
        if self.keeps(word, local) || is_british && !self.is_in_britain() {
            return None;
        }
        let ZoneWord::Zone(zone) = self.read(Some(word), local) else { return None };
        let (fitting, day) = (misfit.fitting, local.date());
        let message =
            format!("expected `{fitting}` on {day}, but found `{}` in `{quote}`; {UNDERSTOOD} {zone}", word.trim());
        let problem = context.problem(ProblemKind::Contradiction, message);
        let literal = misfit.literal.to_string();
        Some(problem.hint(format!("write `{fitting}`, or `UTC{literal}` if that is what is meant")))
    }

    /// The word does not fit where it is mostly used, but at the place the clocks show just that: `MST` in Phoenix in July.
    fn keeps(&self, word: &str, local: NaiveDateTime) -> bool {
        let offset = zone::offset_at(zone::to_utc(local, &self.zone), &self.zone);
        self.place.is_some() && zone::misfit(word, local).is_some_and(|misfit| misfit.literal == offset)
    }

    fn is_in_britain(&self) -> bool {
        self.place.is_some() && self.zone.as_str() == "Europe/London"
    }
}

/// True if it is about a zone word that does not fit its day.
pub(super) fn is_of_misfit(problem: &Problem) -> bool {
    problem.message.contains(UNDERSTOOD)
}

/// The zone of a line's town, else of its country, where that has only one.
fn zone_of(line: &str, town: Option<gazetteer::Town>) -> Option<&'static str> {
    if let Some(town) = town {
        return Some(town.zone);
    }
    let (before, last) = line.rsplit_once(',').unwrap_or(("", line));
    // `Springfield, GA` is not in Gabon, and where several places are named the last isn't all of them.
    let is_one = !line.contains([';', '|', '\n', '/']) && gazetteer::region(last.trim()).is_none();
    let zone = gazetteer::country_zone(gazetteer::country(last.trim())?).filter(|_| is_one)?;
    let elsewhere = |part: &str| gazetteer::resolve(part).is_some_and(|town| town.zone != zone);
    (!before.split(',').any(elsewhere)).then_some(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_alone_gives_its_zone_where_it_has_one_and_is_no_state_of_another() {
        for (line, zone) in [
            ("Finland", Some("Europe/Helsinki")),
            ("Old Mill, Nowhereby, Denmark", Some("Europe/Copenhagen")),
            ("Germany", Some("Europe/Berlin")),
            ("USA", None),
            ("Springhole, GA", None),
            ("Georgia", None),
            ("Paris, Finland", None),
            ("Norway; Japan", None),
            ("Harbour Hall", None),
            ("", None),
        ] {
            assert_eq!(zone_of(line, None), zone, "{line}");
        }
    }
}
