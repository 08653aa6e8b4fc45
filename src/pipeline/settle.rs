//! settle: whatever the run touched is decided anew, block by block, and written to the store.

use super::{Options, RunError, crash_point, overrides};
use crate::config::Settings;
use crate::merge::{self, Change, Changes, Settled, Situation};
use crate::model::*;
use crate::report::Report;
use crate::store::{Readings, Shown, Store};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// An upgrade may change this share of the upcoming events before the brake asks a person.
const UPGRADE_MAY_CHANGE: f64 = 0.1;

/// Settles posts, then events. Answers with the parts of the board in which something changed.
pub(super) fn touched(
    settings: &Settings,
    options: &Options,
    store: &Store,
    report: &mut Report,
) -> Result<BTreeSet<Shown>, RunError> {
    overrides::touch(settings, store)?;
    if store.is_settled()? {
        overrides::tell(settings, store, None)?;
        report.stage("settle", 0, 0);
        return Ok(BTreeSet::new());
    }
    let mut shown = posts(settings, options, store)?;
    crash_point("posts settled");
    let held = brake(settings, options, store)?;
    let mut walk = store.walk(&settings.rules)?;
    let (mut settled, mut left) = (0, 0);
    while let Some(block) = walk.next_block()? {
        options.stop.check()?;
        let upgraded = block.upgraded;
        let situation = Situation { rules: &settings.rules, now: options.now, upgraded: &upgraded };
        let changes = merge::settle(block.sightings, &block.known, &situation);
        if held && is_ours_to_hold(&changes, &upgraded) {
            left += changes.settled.len();
            continue;
        }
        walk.settled(&changes);
        settled += changes.told().filter(|s| s.change != Change::None).count();
        shown.extend(store.apply(&changes.settled)?);
        shown.extend(store.hide(&changes.hidden)?);
        store.set_waiting(&changes, &upgraded)?;
    }
    shown.extend(store.withdraw(&walk.untold())?);
    store.note_shown(&shown)?;
    if held {
        store.keep_upgraded_touched()?;
    } else {
        store.clear_touched()?;
    }
    overrides::tell(settings, store, None)?;
    report.stage("settle", settled, left);
    Ok(shown)
}

fn posts(settings: &Settings, options: &Options, store: &Store) -> Result<BTreeSet<Shown>, RunError> {
    let groups = store.touched_post_groups()?;
    let mut shown = BTreeSet::new();
    let mut first_imports = Vec::new();
    // A board that was never published has no subscribers yet whom a first import could flood.
    if !groups.is_empty() && store.meta(super::output::PUBLISHED)?.is_some() {
        for source in &settings.sources {
            if !store.has_posts(&source.id)? {
                first_imports.push(&source.id);
            }
        }
    }
    let upgraded = store.upgraded_documents()?;
    let (mut readings, mut new) = (Readings::default(), BTreeSet::new());
    for group in groups {
        options.stop.check()?;
        let (told, known) = store.post_group(&group, &mut readings)?;
        let situation = Situation { rules: &settings.rules, now: options.now, upgraded: &upgraded };
        let (posts, _) = merge::settle_posts(told, &known, &situation);
        if posts.is_empty() {
            store.untell_posts(&group)?;
        }
        for settled in posts {
            shown.extend(store.apply_post(&settled)?);
            if !first_imports.is_empty() && !known.posts.contains_key(&settled.post.id) {
                new.insert(settled.post.id);
            }
        }
    }
    shown.extend(store.withdraw_posts()?);
    for source in first_imports {
        store.hold_flood(source, &new)?;
    }
    Ok(shown)
}

/// Whether an upgrade of our own reading would change so many upcoming events that a person should look first.
fn brake(settings: &Settings, options: &Options, store: &Store) -> Result<bool, RunError> {
    if options.accept || !store.touched()?.iter().any(|(_, upgraded)| *upgraded) {
        store.set_problems("upgrade", &[])?;
        return Ok(false);
    }
    let today = crate::zone::to_local(options.now, &settings.rules.site.zone).date();
    let (_, upcoming) = store.count_events(today)?;
    let mut changing = 0;
    let mut walk = store.walk(&settings.rules)?;
    while let Some(block) = walk.next_block()? {
        options.stop.check()?;
        let situation = Situation { rules: &settings.rules, now: options.now, upgraded: &block.upgraded };
        let changes = merge::settle(block.sightings, &block.known, &situation);
        changing += changes.settled.iter().filter(|s| is_held(s, &block.upgraded) && !is_over(s, today)).count();
    }
    let held = changing > 1 && changing as f64 > upcoming as f64 * UPGRADE_MAY_CHANGE;
    let problem = Problem::new(
        ProblemKind::Brake,
        format!("this noticeboard reads {changing} of {upcoming} upcoming events otherwise than the one before; they were left as they were"),
    )
    .hint("look at them with `noticeboard check`, then run once with `--accept`");
    store.set_problems("upgrade", if held { std::slice::from_ref(&problem) } else { &[] })?;
    Ok(held)
}

fn is_over(settled: &Settled, today: NaiveDate) -> bool {
    settled.event.facts.recurrence.is_none() && settled.event.facts.when.last_day() < today
}

/// A weighty change that only our own reading has made.
fn is_held(settled: &Settled, upgraded: &BTreeSet<DocumentKey>) -> bool {
    settled.change == Change::Weighty && settled.members.iter().all(|(document, _)| upgraded.contains(document))
}

fn is_ours_to_hold(changes: &Changes, upgraded: &BTreeSet<DocumentKey>) -> bool {
    changes.settled.iter().any(|settled| is_held(settled, upgraded))
}
