//! One event out of its sightings: who gives which fact, and what that changes.

use super::{Change, Cluster, KnownEvents, Placed, Settled, Situation, days, identity, overrides};
use crate::model::*;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// Makes the event of a cluster and compares it with what was known.
pub(super) fn event(
    id: EventId,
    cluster: Cluster,
    known: &KnownEvents,
    situation: &Situation,
    decided: &[&EventOverride],
) -> Settled {
    let mut problems = Vec::new();
    let old = known.events.get(&id);
    let mut facts = merged(&cluster, situation.rules, &mut problems);
    let vanished = vanish(&mut facts, &cluster, old, situation);
    overrides::fix(&mut facts, decided, situation.rules, &mut problems);
    let posts = |wanted: fn(SightingRole) -> bool| {
        let ids = cluster.iter().filter(|placed| wanted(placed.sighting.role)).filter_map(|placed| placed.post.clone());
        ids.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let mut sources: Vec<SourceId> = Vec::new();
    for placed in &cluster {
        if !sources.contains(&placed.document.source) {
            sources.push(placed.document.source.clone());
        }
    }
    let mut event = Event {
        id,
        announced_in: posts(|role| role != SightingRole::Recap),
        recapped_in: posts(|role| role == SightingRole::Recap),
        sources,
        revision: first_revision(&cluster, situation.now),
        facts,
        vanished,
    };
    let change = match old {
        None => Change::New,
        Some(old) => revise(&mut event, old, &cluster, situation),
    };
    let revised = old.filter(|_| change >= Change::Text).map(|old| revised(&event, old, situation));
    let aliases: BTreeSet<_> = cluster.iter().flat_map(identity::own_keys).collect();
    let members = cluster.into_iter().map(|placed| (placed.document, placed.index)).collect();
    Settled { event, members, aliases: aliases.into_iter().collect(), problems, change, matches: Vec::new(), revised }
}

/// What the old event says of the fields in which the new one differs.
fn revised(new: &Event, old: &Event, situation: &Situation) -> Revised {
    let (a, b) = (&new.facts, &old.facts);
    let recurrence = (a.recurrence != b.recurrence).then(|| b.recurrence.clone().unwrap_or_default());
    Revised {
        at: situation.now,
        sequence: new.revision.sequence,
        title: (a.title != b.title).then(|| b.title.clone()),
        when: (a.when != b.when).then(|| b.when.clone()),
        recurrence,
        place: (!a.place.same_for_people(&b.place)).then(|| b.place.clone()),
        status: (a.status != b.status).then(|| b.status.clone()),
        text: a.links != b.links
            || a.deadlines != b.deadlines
            || a.summary != b.summary
            || a.html.words() != b.html.words(),
    }
}

fn first_revision(cluster: &Cluster, now: DateTime<Utc>) -> Revision {
    let lead = &cluster[0].sighting;
    Revision {
        first_seen: now,
        last_changed: lead.revision.last_modified.filter(|at| *at <= now).unwrap_or(now),
        sequence: lead.revision.sequence.unwrap_or(0).min(1_000_000),
        verdict: if lead.role == SightingRole::Recap { Verdict::Recap } else { Verdict::Announcement },
    }
}

/// Carries the revision on and moves it as far as the change asks for.
fn revise(event: &mut Event, old: &Event, cluster: &Cluster, situation: &Situation) -> Change {
    let only_our_reading_changed = cluster.iter().all(|placed| situation.upgraded.contains(&placed.document));
    if !only_our_reading_changed {
        moved(&mut event.facts, &old.facts, situation);
    }
    let change = compare(event, old);
    let source_sequence = event.revision.sequence;
    event.revision = old.revision.clone();
    if event.announced_in != old.announced_in && !event.announced_in.is_empty() {
        event.revision.verdict = Verdict::Announcement;
    }
    match change {
        Change::Weighty => {
            event.revision.sequence = (old.revision.sequence.saturating_add(1)).max(source_sequence);
            event.revision.last_changed = situation.now.max(old.revision.last_changed);
        }
        Change::Text if !only_our_reading_changed => {
            event.revision.last_changed = situation.now.max(old.revision.last_changed);
        }
        _ => {}
    }
    change
}

/// An upcoming event that takes place on other days than was told before says so, until it is back on them.
fn moved(facts: &mut Facts, old: &Facts, situation: &Situation) {
    let (now, before) = (facts.when.first_day(), old.when.first_day());
    let from = match old.status {
        EventStatus::Moved { from } => from,
        EventStatus::Scheduled | EventStatus::Tentative | EventStatus::Postponed => before,
        EventStatus::Cancelled => return,
    };
    let was_moved = matches!(old.status, EventStatus::Moved { .. });
    let moves = now != before && before >= situation.today();
    let is_single = facts.recurrence.is_none() && old.recurrence.is_none();
    if is_single && facts.status == EventStatus::Scheduled && (moves || was_moved) && now != from {
        facts.status = EventStatus::Moved { from };
    }
}

/// How much of an event differs from what was known.
fn compare(new: &Event, old: &Event) -> Change {
    let (a, b) = (&new.facts, &old.facts);
    let same_for_subscribers = a.title == b.title
        && a.when == b.when
        && a.recurrence == b.recurrence
        && a.place.same_for_people(&b.place)
        && a.status == b.status;
    if !same_for_subscribers {
        return Change::Weighty;
    }
    let words = |facts: &Facts| facts.html.words();
    if a.links != b.links
        || a.deadlines != b.deadlines
        || a.summary != b.summary
        || (a.html != b.html && words(a) != words(b))
    {
        return Change::Text;
    }
    let revision = old.revision.clone();
    let same = Event { revision, ..new.clone() } == *old;
    if same { Change::None } else { Change::Quiet }
}

/// The facts of a cluster: its leading sighting's, filled in by the others.
fn merged(cluster: &Cluster, rules: &Rules, problems: &mut Vec<Problem>) -> Facts {
    let mut facts = cluster[0].sighting.facts.clone();
    let mut zone_guessed = cluster[0].sighting.zone_guessed;
    for placed in &cluster[1..] {
        let other = &placed.sighting.facts;
        let is_recap = placed.sighting.role == SightingRole::Recap;
        if !is_recap {
            if zone_guessed && !placed.sighting.zone_guessed && !other.when.is_all_day() {
                // Who says the zone knows better than our guess.
                take_when(&mut facts, other);
                zone_guessed = false;
            }
            decide_when(&mut facts, cluster, placed, rules, problems);
        }
        fill(&mut facts, other);
    }
    facts.tags = cluster
        .iter()
        .flat_map(|placed| placed.sighting.facts.tags.iter().cloned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    facts
}

/// Of twins that agree on the days the timed one gives `when`; where they disagree the stronger one stays and a problem names both.
fn decide_when(facts: &mut Facts, cluster: &Cluster, placed: &Placed, rules: &Rules, problems: &mut Vec<Problem>) {
    let other = &placed.sighting.facts;
    let [ours, theirs] = days::on_one_clock(&facts.when, &other.when, &rules.site.zone);
    if ours == theirs {
        if facts.when.is_all_day() && !other.when.is_all_day() {
            take_when(facts, other);
        }
        return;
    }
    let lead = &cluster[0].document;
    if lead.source == placed.document.source || facts.recurrence.is_some() || other.recurrence.is_some() {
        return;
    }
    let title = |source: &SourceId| rules.sources.get(source).map_or(source.as_str(), |s| s.title.as_str()).to_owned();
    problems.push(
        Problem::new(
            ProblemKind::Disagreement,
            format!(
                "`{}` is on {} by {} and on {} by {}; the first was believed",
                facts.title,
                days::in_words(ours),
                title(&lead.source),
                days::in_words(theirs),
                title(&placed.document.source)
            ),
        )
        .at(&placed.document.source, &placed.document.key)
        .hint("correct one of them, or give the source that is right a higher `priority`"),
    );
}

fn take_when(facts: &mut Facts, other: &Facts) {
    facts.when = other.when.clone();
    facts.recurrence = other.recurrence.clone().or(facts.recurrence.take());
    ["when", "zone"].iter().for_each(|field| take_provenance(facts, other, field));
}

/// As many people and as many pictures an event takes from its twins.
const MOST: usize = 100;

/// Fills in what is still open. Status, days and cancellation are never filled in.
fn fill(facts: &mut Facts, other: &Facts) {
    if facts.place.line().is_none() && facts.place.online.is_none() && !other.place.is_empty() {
        facts.place = other.place.clone();
        ["place", "coordinates", "online", "attendance"].iter().for_each(|field| take_provenance(facts, other, field));
    }
    facts.summary = facts.summary.take().or_else(|| other.summary.clone());
    if facts.html.is_empty() {
        facts.html = other.html.clone();
    }
    if facts.deadlines.is_empty() {
        facts.deadlines = other.deadlines.clone();
    }
    if facts.sessions.is_empty() {
        facts.sessions = other.sessions.clone();
    }
    let links = &mut facts.links;
    links.page = links.page.take().or_else(|| other.links.page.clone());
    links.registration = links.registration.take().or_else(|| other.links.registration.clone());
    links.video = links.video.take().or_else(|| other.links.video.clone());
    links.map = links.map.take().or_else(|| other.links.map.clone());
    for person in &other.organizers {
        if facts.organizers.len() < MOST && !facts.organizers.iter().any(|known| known.name == person.name) {
            facts.organizers.push(person.clone());
        }
    }
    for image in &other.images {
        if facts.images.len() < MOST && !facts.images.iter().any(|known| known.url == image.url) {
            facts.images.push(image.clone());
        }
    }
}

fn take_provenance(facts: &mut Facts, other: &Facts, field: &str) {
    if let Some(provenance) = other.provenance.get(field) {
        facts.provenance.insert(field.to_owned(), provenance.clone());
    }
}

/// An upcoming event that its sources no longer have is kept as last known and marked; after some runs it is cancelled.
/// Once its day is over, it stays as it then was.
fn vanish(facts: &mut Facts, cluster: &Cluster, old: Option<&Event>, situation: &Situation) -> bool {
    let missing = cluster.iter().map(|placed| placed.sighting.missing).min().unwrap_or(0);
    if missing == 0 {
        return false;
    }
    let before = old.filter(|old| old.vanished);
    let upcoming = is_upcoming(facts, situation);
    let was_cancelled = before.is_some_and(|old| old.facts.status == EventStatus::Cancelled);
    if was_cancelled || (upcoming && missing >= situation.rules.vanish_after_runs) {
        facts.status = EventStatus::Cancelled;
    }
    upcoming || before.is_some()
}

fn is_upcoming(facts: &Facts, situation: &Situation) -> bool {
    let last = match &facts.recurrence {
        None => Some(facts.when.last_day()),
        Some(recurrence) => crate::recur::last_day(&facts.when, recurrence),
    };
    last.is_none_or(|last| last >= situation.today())
}
