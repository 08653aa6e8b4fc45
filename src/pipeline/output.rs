//! publish → write: the files that show what changed are rendered beside, listed in the store, and moved into place.

use super::{Options, RunError, crash_point};
use crate::config::Settings;
use crate::model::*;
use crate::publish::{self, Artifact, Publisher, Shows, SliceKind, SliceLink, View, health};
use crate::report::Report;
use crate::store::{Shown, Store, StoreSlice, hash};
use crate::write::{Folder, Move, OpenList, WriteError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Raised whenever a publisher renders the same board otherwise than before.
const PUBLISH_VERSION: u32 = 1;

/// Under which names the store keeps the list of what is still to be moved, and what the last publication was like.
const OPEN_LIST: &str = "open list";
pub(super) const PUBLISHED: &str = "published";

/// What the last publication was like: where nothing of it changed, only what shows a changed post or event is rendered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Published {
    /// Hash of everything in the config that reaches into an artifact, and of our version.
    settings: String,
    /// The day it was published on.
    day: Option<NaiveDate>,
    /// Hash of the list of slices.
    slices: String,
    /// When every file was last seen to be there.
    #[serde(default)]
    seen: Option<DateTime<Utc>>,
}

/// So long a published file that somebody has deleted may be missed: looking for every one of them in every run takes longer than the rest of it.
const LOOKED_FOR_AFTER: TimeDelta = TimeDelta::hours(1);

impl Published {
    /// True where nothing but the board itself can have changed since, and all files were there a moment ago.
    fn is_as(&self, now: &Published, moment: DateTime<Utc>) -> bool {
        let of = |published: &Published| (published.settings.clone(), published.day, published.slices.clone());
        let since = self.seen.map(|seen| moment.signed_duration_since(seen));
        of(self) == of(now) && since.is_some_and(|since| (TimeDelta::zero()..LOOKED_FOR_AFTER).contains(&since))
    }
}

/// Renders what changed into the folder's staging place and lists it in the store. Nothing is moved yet.
pub(super) fn stage(
    settings: &Settings,
    options: &Options,
    store: &Store,
    folder: &mut Folder,
    shown: &BTreeSet<Shown>,
    report: &mut Report,
) -> Result<(), RunError> {
    let slices = slices(settings, store)?;
    let before: Published =
        store.meta(PUBLISHED)?.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let today = crate::zone::to_local(options.now, &settings.rules.site.zone).date();
    let mut now = Published {
        settings: fingerprint(settings),
        day: Some(today),
        slices: hash(format!("{slices:?}").as_bytes()),
        seen: Some(options.now),
    };
    // Then the files of slices that show no change are not looked at.
    let stands = before.is_as(&now, options.now) && own_files(settings).all(|file| folder.has(file));
    if stands {
        now.seen = before.seen;
    }
    let publishers: Vec<&dyn Publisher> = publish::in_use(&settings.output.publish).collect();

    let mut list = OpenList::default();
    let mut wanted: BTreeSet<String> = health::FILES.iter().map(|file| (*file).to_owned()).collect();
    wanted.extend(settings.output.review.then(|| publish::review::FILE.to_owned()));
    for (kind, folder_name) in std::iter::once((SliceKind::Board, String::new())).chain(
        slices.iter().filter(|s| !stands || is_touched(&s.kind, shown)).map(|s| (s.kind.clone(), s.folder.clone())),
    ) {
        let mut slice: Option<StoreSlice> = None;
        for publisher in &publishers {
            for artifact in publisher.artifacts().iter().filter(|artifact| artifact.sliced || kind == SliceKind::Board)
            {
                let path = format!("{folder_name}{}", artifact.file);
                wanted.insert(path.clone());
                let is_due = before.settings != now.settings
                    || (artifact.daily && (before.day != now.day || before.slices != now.slices))
                    || shows(artifact, &kind, shown)
                    || !folder.has(&path);
                if !is_due {
                    continue;
                }
                options.stop.check()?;
                if slice.is_none() {
                    slice =
                        Some(StoreSlice { store, view: view(settings, store, &kind, &folder_name, &slices, today)? });
                }
                let Some(slice) = slice.as_mut() else { continue };
                let staged = folder.stage(&path, &mut |out| publisher.render(artifact, slice, out))?;
                report.artifacts_rendered += 1;
                if staged.changed {
                    report.artifacts_written += 1;
                    list.moves.push(Move { path: staged.path, hash: staged.hash, rank: artifact.rank });
                }
                crash_point("rendered one");
            }
        }
    }
    if !stands {
        list.removals = folder.ours().filter(|path| !wanted.contains(*path)).map(str::to_owned).collect();
    }
    list.removals.sort_by(|a, b| rank_of(b).cmp(&rank_of(a)).then_with(|| b.cmp(a)));
    folder.sync()?;
    if !list.moves.is_empty() || !list.removals.is_empty() {
        store.set_meta(OPEN_LIST, &serde_json::to_string(&list).map_err(crate::store::StoreError::from)?)?;
    }
    if now != before {
        store.set_meta(PUBLISHED, &serde_json::to_string(&now).map_err(crate::store::StoreError::from)?)?;
    }
    report.stage("publish", report.artifacts_rendered, 0);
    report.stage("write", report.artifacts_written, report.artifacts_rendered - report.artifacts_written);
    Ok(())
}

/// The names of the files that are made for the board as a whole.
pub(super) fn own_files(settings: &Settings) -> impl Iterator<Item = &'static str> {
    publish::in_use(&settings.output.publish).flat_map(|publisher| publisher.artifacts()).map(|artifact| artifact.file)
}

/// The rank of what we once wrote there: pages are taken away before what they link to.
fn rank_of(path: &str) -> u8 {
    let file = path.rsplit('/').next().unwrap_or(path);
    let artifacts = publish::ALL.iter().flat_map(|publisher| publisher.artifacts());
    artifacts.filter(|artifact| artifact.file == file).map(|artifact| artifact.rank).max().unwrap_or(0)
}

/// Moves into place what a run has listed, this one or one that was killed, and takes away what is no longer wanted.
pub(super) fn finish_open_list(store: &Store, folder: &mut Folder) -> Result<(), RunError> {
    let Some(json) = store.meta(OPEN_LIST)? else { return Ok(()) };
    let list: OpenList = serde_json::from_str(&json).map_err(crate::store::StoreError::from)?;
    match folder.finish(&list, &mut |step| crash_point(step)) {
        Ok(_) => {}
        // Somebody emptied the folder, or the config names another: everything is rendered again.
        Err(WriteError::Gone { .. }) => store.clear_meta(PUBLISHED)?,
        Err(error) => return Err(error.into()),
    }
    crash_point("moved");
    Ok(store.clear_meta(OPEN_LIST)?)
}

/// Everything of the config that reaches into an artifact.
fn fingerprint(settings: &Settings) -> String {
    let titles: Vec<(&SourceId, &str)> =
        settings.rules.sources.iter().map(|(id, source)| (id, source.title.as_str())).collect();
    let parts = (
        &settings.rules.site,
        titles,
        &settings.output.publish,
        &settings.output.directory,
        settings.rules.publish_emails,
        settings.output.review,
    );
    let version = (PUBLISH_VERSION, env!("CARGO_PKG_VERSION"), crate::zone::data_version());
    hash(&serde_json::to_vec(&(parts, version)).unwrap_or_default())
}

/// The slices of the board that are wanted: its sources, and every tag that has or once had something.
fn slices(settings: &Settings, store: &Store) -> Result<Vec<SliceLink>, RunError> {
    let mut slices = Vec::new();
    if settings.output.slices.contains(SliceKind::TAGS) {
        for tag in store.tags()? {
            slices.push(SliceLink { folder: format!("tags/{}/", folder_name(&tag)), kind: SliceKind::Tag(tag) });
        }
    }
    if settings.output.slices.contains(SliceKind::SOURCES) {
        for source in &settings.sources {
            let rules = settings.rules.sources.get(&source.id);
            let title = rules.map_or_else(|| source.id.to_string(), |rules| rules.title.clone());
            let kind = SliceKind::Source(source.id.clone(), title);
            slices.push(SliceLink { folder: format!("sources/{}/", source.id), kind });
        }
    }
    slices.sort_by(|a, b| a.kind.cmp(&b.kind));
    Ok(slices)
}

/// A tag's folder. Tags that a slug does not spell out fully get a few digits of a hash, so that no two share a folder.
fn folder_name(tag: &Tag) -> String {
    let slug = slug(tag.as_str());
    if slug == tag.as_str() {
        return slug;
    }
    let digits = &hash(tag.as_str().as_bytes())[..8];
    if slug.is_empty() { digits.to_owned() } else { format!("{slug}-{digits}") }
}

fn view(
    settings: &Settings,
    store: &Store,
    kind: &SliceKind,
    folder: &str,
    slices: &[SliceLink],
    today: NaiveDate,
) -> Result<View, RunError> {
    let site = settings.rules.site.clone();
    let base = site.url.join(folder).unwrap_or_else(|_| site.url.clone());
    Ok(View {
        base,
        kind: kind.clone(),
        today,
        posts_updated: store.posts_updated(kind)?,
        publish: settings.output.publish.clone(),
        slices: slices.to_vec(),
        publish_emails: settings.rules.publish_emails,
        site,
    })
}

/// What a changed post and a changed event of a slice are noted as.
fn noted(kind: &SliceKind) -> (Shown, Shown) {
    match kind {
        SliceKind::Board => (Shown::BoardPost, Shown::BoardEvent),
        SliceKind::Tag(tag) => (Shown::TagPost(tag.to_string()), Shown::TagEvent(tag.to_string())),
        SliceKind::Source(id, _) => (Shown::SourcePost(id.to_string()), Shown::SourceEvent(id.to_string())),
    }
}

/// Whether anything of a slice has changed.
fn is_touched(kind: &SliceKind, shown: &BTreeSet<Shown>) -> bool {
    let (post, event) = noted(kind);
    !shown.is_empty() && (shown.contains(&post) || shown.contains(&event))
}

/// Whether a changed part of the board is shown by an artifact of a slice.
fn shows(artifact: &Artifact, kind: &SliceKind, shown: &BTreeSet<Shown>) -> bool {
    let (post, event) = noted(kind);
    match artifact.shows {
        Shows::Posts => shown.contains(&post),
        Shows::Events => shown.contains(&event),
        Shows::Both => shown.contains(&post) || shown.contains(&event),
        Shows::Neither => false,
    }
}
