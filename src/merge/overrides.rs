//! What the maintainer has decided by hand, applied: who may publish, what is hidden, what is corrected.
//!
//! In: the sightings of a block and the decisions. Out: those that make events, those that wait for a person and why, and corrected facts.
//! A correction is a change of the event like any other.

use super::{Changes, Cluster, KnownEvents, Placed, Waits};
use crate::model::*;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// By which names decisions call a sighting.
pub(super) fn named<'r>(placed: &Placed, known: &KnownEvents, rules: &'r Rules) -> Named<'r> {
    let source = &placed.document.source;
    let alias = |key: &str| known.aliases.get(&(source.clone(), key.to_owned()));
    rules.overrides.named(source, &placed.sighting, alias)
}

/// Whether a sighting may make an event.
pub enum Passes {
    /// It may.
    Freely,
    /// It waits for a person.
    Waits(Waits),
    /// It is left out for good.
    Refused,
}

/// Whether the sighting may make an event, by the decisions about its names and the trust in its source.
pub fn passes(source: &SourceId, sighting: &Sighting, named: &Named, rules: &Rules) -> Passes {
    let deed = rules.overrides.about(named).into_iter().rev().find_map(|decided| decided.deed);
    let trust = rules.sources.get(source).map_or(Trust::Publish, |source| source.trust);
    match (deed, trust) {
        (Some(Deed::Refuse), _) => Passes::Refused,
        (Some(Deed::Approve), _) => Passes::Freely,
        (_, Trust::Approval) => Passes::Waits(Waits::ForApproval),
        _ if sighting.unsure => Passes::Waits(Waits::Unsure),
        (_, Trust::Review) => Passes::Waits(Waits::ForReview),
        (_, Trust::Publish) => Passes::Freely,
    }
}

/// What a document says, with what is approved of its unsure events among the sure ones: those are published, so that they don't vanish unnoticed.
pub fn with_approved(mut reading: Reading, source: &SourceId, rules: &Rules) -> Reading {
    if rules.overrides.is_empty() || reading.unsure.is_empty() {
        return reading;
    }
    let is_approved = |sighting: &Sighting| {
        let named = rules.overrides.named(source, sighting, |_| None);
        matches!(passes(source, sighting, &named, rules), Passes::Freely)
    };
    let (approved, unsure) = std::mem::take(&mut reading.unsure).into_iter().partition(is_approved);
    reading.unsure = unsure;
    reading.sightings.extend::<Vec<Sighting>>(approved);
    reading
}

/// The sightings that make events. What is refused, gone or waits is noted; what waits for a source of trust to tell of it too comes second.
pub(super) fn sift(
    sightings: Vec<Placed>,
    known: &KnownEvents,
    rules: &Rules,
    changes: &mut Changes,
) -> (Vec<Placed>, Vec<Placed>) {
    let (mut free, mut reviewed) = (Vec::new(), Vec::new());
    for placed in sightings {
        let named = named(&placed, known, rules);
        match passes(&placed.document.source, &placed.sighting, &named, rules) {
            Passes::Freely => free.push(placed),
            Passes::Waits(_) if placed.sighting.missing > 0 => changes.left_out.push((placed.document, placed.index)),
            Passes::Waits(Waits::ForReview) => reviewed.push(placed),
            Passes::Waits(why) => changes.waiting.push((placed, why)),
            Passes::Refused => changes.left_out.push((placed.document, placed.index)),
        }
    }
    forget_former(&mut free, changes);
    (free, reviewed)
}

/// Of an event that was sure once and is so no more the former reading stays, until the one of today is approved.
fn forget_former(free: &mut Vec<Placed>, changes: &mut Changes) {
    let unsure = free.iter().filter(|placed| placed.sighting.unsure);
    let today: BTreeSet<(DocumentKey, Vec<Key>)> =
        unsure.map(|placed| (placed.document.clone(), placed.sighting.keys.clone())).collect();
    if today.is_empty() {
        return;
    }
    free.retain(|placed| {
        let stays = placed.sighting.unsure || !today.contains(&(placed.document.clone(), placed.sighting.keys.clone()));
        if !stays {
            changes.left_out.push((placed.document.clone(), placed.index));
        }
        stays
    });
}

/// The decisions about an event, in the file's order.
pub(super) fn about<'r>(cluster: &Cluster, known: &KnownEvents, rules: &'r Rules) -> Vec<&'r EventOverride> {
    if rules.overrides.is_empty() {
        return Vec::new();
    }
    let all: Named = cluster.iter().flat_map(|placed| named(placed, known, rules)).collect();
    rules.overrides.about(&all)
}

/// True where the last word on an event is to hide it.
pub(super) fn is_hidden(decided: &[&EventOverride]) -> bool {
    decided.iter().rev().find_map(|decided| decided.deed) == Some(Deed::Hide)
}

/// Corrects what is decided otherwise than told. Where days are, sources need not agree on them any more.
pub(super) fn fix(facts: &mut Facts, decided: &[&EventOverride], rules: &Rules, problems: &mut Vec<Problem>) {
    for fixes in decided.iter().map(|decided| &decided.fixes) {
        let mut fixed = Fixed { facts, file: rules.overrides.file() };
        fixed.all(fixes, rules);
        if fixes.start.is_some() {
            problems.retain(|problem| problem.kind != ProblemKind::Disagreement);
        }
    }
}

/// Facts under correction.
struct Fixed<'f> {
    facts: &'f mut Facts,
    file: &'f str,
}

impl Fixed<'_> {
    fn all(&mut self, fixes: &Fixes, rules: &Rules) {
        if let Some(title) = &fixes.title {
            self.facts.title.clone_from(title);
            self.by("title", title.clone());
        }
        self.when(fixes, rules);
        self.place(fixes);
        if let Some(status) = &fixes.status {
            self.facts.status = status.clone();
            self.by("status", format!("{status:?}").to_lowercase());
        }
        if let Some(url) = &fixes.url {
            self.facts.links.page = Some(url.clone());
            self.by("page", url.to_string());
        }
        if let Some(tags) = &fixes.tags {
            self.facts.tags = tags.iter().cloned().collect();
            self.by("tags", tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", "));
        }
    }

    fn when(&mut self, fixes: &Fixes, rules: &Rules) {
        if fixes.start.is_none() && fixes.end.is_none() && fixes.zone.is_none() {
            return;
        }
        let Some(when) = fixed_when(&self.facts.when, fixes, &rules.site.zone) else { return };
        if let Some(recurrence) = &mut self.facts.recurrence
            && when.is_all_day() != self.facts.when.is_all_day()
        {
            // Single occurrences are named by the kind of time that is no longer theirs.
            *recurrence = Recurrence { rules: std::mem::take(&mut recurrence.rules), ..Recurrence::default() };
        }
        self.facts.when = when;
        let told: Vec<String> = [fixes.start, fixes.end].into_iter().flatten().map(written).collect();
        self.facts.provenance.remove("zone");
        self.by("when", told.join(" to "));
    }

    fn place(&mut self, fixes: &Fixes) {
        let place = &mut self.facts.place;
        if let Some(line) = &fixes.place {
            let attendance = place.attendance.filter(|attendance| *attendance != Attendance::Online);
            let is_mixed = place.attendance == Some(Attendance::Online) && place.online.is_some();
            let attendance = if is_mixed { Some(Attendance::Mixed) } else { attendance };
            *place = Place { name: Some(line.clone()), online: place.online.clone(), attendance, ..Place::default() };
            self.facts.provenance.remove("coordinates");
            self.by("place", line.clone());
        }
        if let Some(url) = &fixes.online {
            self.facts.place.online = Some(url.clone());
            self.by("online", url.to_string());
        }
    }

    fn by(&mut self, field: &str, quote: String) {
        let Some(source) = SourceId::new("overrides") else { return };
        let evidence = Evidence { quote, rule: "decided by hand".to_owned(), confidence: 1.0 };
        let provenance = Provenance { source, document: self.file.to_owned(), evidence };
        self.facts.provenance.insert(field.to_owned(), provenance);
    }
}

fn written(edge: Edge) -> String {
    match edge {
        Edge::Day(day) => day.to_string(),
        Edge::Clock(clock) => clock.format("%Y-%m-%d %H:%M").to_string(),
        Edge::Moment(moment) => moment.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// Start, end and zone as decided, the rest as told. A start that is decided leaves no end of the old one. None where the two do not fit.
fn fixed_when(told: &When, fixes: &Fixes, site: &ZoneId) -> Option<When> {
    let (start, end, own_zone) = match told {
        When::AllDay { first, last } => (Edge::Day(*first), (first != last).then_some(Edge::Day(*last)), None),
        When::Zoned { start, end, zone } => (Edge::Clock(*start), end.map(Edge::Clock), Some(zone)),
        When::Instant { start, end } => (Edge::Moment(*start), end.map(Edge::Moment), None),
    };
    let zone = fixes.zone.as_ref().or(own_zone).unwrap_or(site);
    let end = fixes.end.or(end.filter(|_| fixes.start.is_none()));
    span(fixes.start.unwrap_or(start), end, zone)
}

/// What begins and ends there; none where it would end before it begins.
fn span(start: Edge, end: Option<Edge>, zone: &ZoneId) -> Option<When> {
    let moment = |edge: Edge| -> Option<DateTime<Utc>> {
        match edge {
            Edge::Day(_) => None,
            Edge::Clock(clock) => Some(crate::zone::to_utc(clock, zone)),
            Edge::Moment(moment) => Some(moment),
        }
    };
    match start {
        Edge::Day(first) => {
            let last = match end {
                None => first,
                Some(Edge::Day(last)) => last,
                Some(Edge::Clock(_) | Edge::Moment(_)) => return None,
            };
            (first <= last).then_some(When::AllDay { first, last })
        }
        Edge::Clock(start) => {
            let end = match end {
                None => None,
                Some(Edge::Clock(end)) => Some(end),
                Some(Edge::Moment(end)) => Some(crate::zone::to_local(end, zone)),
                Some(Edge::Day(_)) => return None,
            };
            end.is_none_or(|end| start < end).then(|| When::Zoned { start, end, zone: zone.clone() })
        }
        Edge::Moment(start) => {
            let end = match end {
                None => None,
                Some(edge) => Some(moment(edge)?),
            };
            end.is_none_or(|end| start < end).then_some(When::Instant { start, end })
        }
    }
}

/// True where what begins and ends there is no span of time.
pub fn is_no_span(start: Edge, end: Edge, zone: &ZoneId) -> bool {
    span(start, Some(end), zone).is_none()
}

#[cfg(test)]
#[path = "overrides_tests.rs"]
mod tests;
