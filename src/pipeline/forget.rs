//! `noticeboard forget`: a text leaves the store and all outputs for good, in one transaction like that of a run.
//!
//! In: a name that a person gave. Out: the store and the folder without it, and what was taken away. What is remembered is only the salted
//! hash of its names, by which the next import leaves it out.

use super::gather::git_folder;
use super::{Options, RunError, crash_point, health, lock, output, rest, settle};
use crate::config::Settings;
use crate::merge::{self, event_names, names_asked_for, post_names, source_name};
use crate::model::*;
use crate::report::Report;
use crate::store::{KeptDocument, Named, Store};
use crate::write::Folder;
use std::collections::BTreeSet;

/// What was taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// The source, if it was one.
    pub source: Option<SourceId>,
    /// Titles of events.
    pub events: Vec<String>,
    /// Titles of posts.
    pub posts: Vec<String>,
    /// Titles of posts that tell of it, but of other events too: they stay.
    pub told_among_others: Vec<String>,
    /// Kept documents of which nothing or not all is kept any more.
    pub documents: usize,
    /// The sources that told it.
    pub told_by: BTreeSet<SourceId>,
}

/// Takes away what the name leads to: a source, an event or a post. `None` where it leads to nothing.
pub fn forget(settings: &Settings, options: &Options, what: &str) -> Result<Option<Erased>, RunError> {
    let (_lock, store) = open(settings)?;
    store.begin_erasing()?;
    let mut folder = match options.dry_run {
        true => None,
        false => {
            rest::forget(&store)?;
            let mut folder = Folder::open(&settings.output.directory)?;
            output::finish_open_list(&store, &mut folder)?;
            Some(folder)
        }
    };
    store.begin()?;
    let mut report = Report::begin(settings.sources.len(), settings.output.directory.clone());
    let erased = match SourceId::new(what.trim()).filter(|id| is_source(settings, &store, id)) {
        Some(source) => Some(forget_source(settings, options, &store, &mut report, &source, what)?),
        None => forget_named(settings, options, &store, &mut report, what)?,
    };
    let (Some(erased), Some(folder)) = (&erased, &mut folder) else {
        store.rollback()?;
        return Ok(erased);
    };
    store.erase_told()?;
    store.note_unscrubbed()?;
    // Then every file is rendered anew, whatever was to be seen in it.
    store.clear_meta(output::PUBLISHED)?;
    output::stage(settings, options, &store, folder, &BTreeSet::new(), &mut report)?;
    store.commit()?;
    crash_point("forgotten");
    output::finish_open_list(&store, folder)?;
    report.standing_problems = store.problems()?;
    health::write(settings, options, &store, folder, &mut report)?;
    for source in &erased.told_by {
        // Its copy of a repository may hold what the repository itself has no more.
        let _ = std::fs::remove_dir_all(git_folder(settings).join(source.as_str()));
    }
    store.scrub()?;
    Ok(Some(erased.clone()))
}

/// Lets in again what was forgotten together with something of that name; answers whether there was anything. The next run reads it.
pub fn let_in_again(settings: &Settings, what: &str) -> Result<bool, RunError> {
    let (_lock, store) = open(settings)?;
    rest::forget(&store)?;
    store.begin()?;
    let known = store.known_sources()?;
    let names = names_asked_for(what, settings.sources.iter().map(|source| &source.id).chain(&known));
    let deeds = store.let_in_again(&names)?;
    store.commit()?;
    Ok(deeds > 0)
}

fn open(settings: &Settings) -> Result<(std::fs::File, Store), RunError> {
    let path = settings.store.display();
    if !settings.store.exists() {
        return Err(RunError::Asked(format!(
            "{path}: no store yet, so nothing is known\n  hint: `noticeboard run` makes one"
        )));
    }
    let busy = || RunError::Asked("a run is at work\n  hint: try again when it has ended".to_owned());
    let lock = lock::take(&settings.store)?.ok_or_else(busy)?;
    Ok((lock, Store::open(&settings.store)?))
}

fn is_source(settings: &Settings, store: &Store, id: &SourceId) -> bool {
    settings.sources.iter().any(|source| source.id == *id)
        || store.known_sources().is_ok_and(|known| known.contains(id))
}

/// All that a source told goes, but for what others tell too.
fn forget_source(
    settings: &Settings,
    options: &Options,
    store: &Store,
    report: &mut Report,
    source: &SourceId,
    what: &str,
) -> Result<Erased, RunError> {
    let named = store.told_by(source)?;
    let mut erased = Erased { source: Some(source.clone()), ..Erased::default() };
    erased.told_by.insert(source.clone());
    for (key, _) in store.documents_of(source)? {
        store.drop_document(&key)?;
        erased.documents += 1;
    }
    store.erase_source(source)?;
    store.remember_forgotten(&BTreeSet::from([source_name(source), asked(what)]))?;
    settle::touched(settings, options, store, report)?;
    for id in &named.events {
        if !store.is_living_event(id)? {
            erased.events.extend(store.event(id)?.map(|event| event.facts.title));
            store.erase_event(id)?;
        }
    }
    for id in &named.posts {
        if !store.is_living_post(id)? {
            erased.posts.extend(store.post(id)?.map(|post| post.facts.title));
            store.erase_post(id)?;
        }
    }
    Ok(erased)
}

/// An event or post goes wherever it is told, and a post goes with the events that only it tells, an event with the posts that tell only of it.
fn forget_named(
    settings: &Settings,
    options: &Options,
    store: &Store,
    report: &mut Report,
    what: &str,
) -> Result<Option<Erased>, RunError> {
    let named = store.named(what)?;
    if named == Named::default() {
        return Ok(None);
    }
    refuse_several(&named, what)?;
    let mut erased = Erased::default();
    let named = whole(store, named, &mut erased)?;
    let mut names = names_of(store, &named)?;
    names.insert(asked(what));
    for id in named.events.iter().map(EventId::as_str).chain(named.posts.iter().map(PostId::as_str)) {
        names.insert(format!("id {id}"));
        names.extend(id.get(..8).map(|short| format!("id {short}")));
    }
    let forgotten = store.remember_forgotten(&names)?;
    for id in &named.events {
        erased.events.extend(store.event(id)?.map(|event| event.facts.title));
        store.erase_event(id)?;
    }
    for id in &named.posts {
        erased.posts.extend(store.post(id)?.map(|post| post.facts.title));
        store.erase_post(id)?;
    }
    each_document(store, &mut |kept| {
        let KeptDocument { key, reading, reading_rules, .. } = kept;
        let cut = merge::cut(&key.source, reading, &forgotten);
        if cut.cut {
            erased.documents += 1;
            erased.told_by.insert(key.source.clone());
            match cut.whole {
                true => store.drop_document(&key)?,
                false => {
                    store.replace_reading(&key, &cut.reading, &reading_rules, false)?;
                    store.erase_bytes(&key)?;
                }
            }
        }
        Ok(())
    })?;
    settle::touched(settings, options, store, report)?;
    Ok(Some(erased))
}

/// What a person asked for is remembered as such, so that the same words undo it.
fn asked(what: &str) -> String {
    format!("asked {}", what.trim().trim_start_matches("urn:uuid:"))
}

/// The beginning of several ids names none of them.
fn refuse_several(named: &Named, what: &str) -> Result<(), RunError> {
    let begins = |id: &str| id.starts_with(what.trim());
    let events = named.events.iter().filter(|id| begins(id.as_str())).count();
    let posts = named.posts.iter().filter(|id| begins(id.as_str())).count();
    if events + posts > 1 {
        let text = format!("`{what}` is the beginning of {} ids, expected more of it", events + posts);
        return Err(RunError::Asked(text + "\n  hint: events.json in the output lists all ids"));
    }
    Ok(())
}

fn each_document(store: &Store, each: &mut dyn FnMut(KeptDocument) -> Result<(), RunError>) -> Result<(), RunError> {
    for source in store.known_sources()? {
        for (key, _) in store.documents_of(&source)? {
            if let Some(kept) = store.document(&key)? {
                each(kept)?;
            }
        }
    }
    Ok(())
}

/// Every event that one of these documents tells in that post.
fn told_in_post(store: &Store, post: &PostId) -> Result<BTreeSet<EventId>, RunError> {
    let mut all = BTreeSet::new();
    for key in store.documents_of_post(post)? {
        let Some(kept) = store.document(&key)? else { continue };
        let (events, posts) = store.told_in(kept.id)?;
        for (sighting, event) in kept.reading.sightings.iter().zip(events) {
            let is_told = sighting.post.and_then(|at| posts.get(at)).is_some_and(|told| told.as_ref() == Some(post));
            all.extend(event.filter(|_| is_told));
        }
    }
    Ok(all)
}

/// True if nothing but these posts tells of the event.
fn is_told_only_in(store: &Store, event: &EventId, told: &BTreeSet<PostId>) -> Result<bool, RunError> {
    for key in store.documents_of_event(event)? {
        let Some(kept) = store.document(&key)? else { continue };
        let (events, posts) = store.told_in(kept.id)?;
        for (sighting, _) in kept.reading.sightings.iter().zip(events).filter(|(_, is)| is.as_ref() == Some(event)) {
            let post = sighting.post.and_then(|at| posts.get(at)).and_then(Option::as_ref);
            if !post.is_some_and(|post| told.contains(post)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The events that only these posts tell, and the posts that tell of nothing but these events.
fn whole(store: &Store, mut named: Named, erased: &mut Erased) -> Result<Named, RunError> {
    let mut events = named.events.clone();
    for post in &named.posts {
        for event in told_in_post(store, post)? {
            if is_told_only_in(store, &event, &named.posts)? {
                events.insert(event);
            }
        }
    }
    named.events = events;
    let mut about = BTreeSet::new();
    for id in &named.events {
        if let Some(event) = store.event(id)? {
            about.extend(event.announced_in.into_iter().chain(event.recapped_in));
        }
    }
    for post in about {
        if named.posts.contains(&post) {
            continue;
        }
        if told_in_post(store, &post)?.is_subset(&named.events) {
            named.posts.insert(post);
        } else {
            erased.told_among_others.extend(store.post(&post)?.map(|post| post.facts.title));
        }
    }
    Ok(named)
}

/// All names by which they are told or ever were, but for those that something else has too.
fn names_of(store: &Store, named: &Named) -> Result<BTreeSet<String>, RunError> {
    let (mut own, mut others, mut told) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for id in &named.events {
        own.extend(store.aliases_of_event(id)?.into_iter().flat_map(|(source, key)| event_names(&source, [key])));
    }
    for id in &named.posts {
        own.extend(store.aliases_of_post(id)?.into_iter().flat_map(|(source, key)| post_names(&source, [key])));
    }
    each_document(store, &mut |kept| {
        let (events, posts) = store.told_in(kept.id)?;
        let source = &kept.key.source;
        for (sighting, event) in kept.reading.sightings.iter().zip(events) {
            let names = event_names(source, sighting.keys.iter().map(Key::text));
            match event.is_some_and(|event| named.events.contains(&event)) {
                true => told.push((names, merge::titled_event(source, sighting))),
                false => others.extend(names),
            }
        }
        for ((keys, facts), post) in kept.reading.posts.iter().zip(posts) {
            let keys = keys.iter().chain(&facts.url.as_ref().map(Key::url)).map(Key::text).collect::<Vec<_>>();
            let names = post_names(source, keys);
            match post.is_some_and(|post| named.posts.contains(&post)) {
                true => told.push((names, merge::titled_post(source, facts))),
                false => others.extend(names),
            }
        }
        Ok(())
    })?;
    own.extend(told.iter().flat_map(|(names, _)| names.iter().cloned()));
    own.retain(|name| !others.contains(name));
    let nameless = told.into_iter().filter(|(names, _)| !names.iter().any(|name| own.contains(name)));
    let titled: Vec<String> = nameless.map(|(_, titled)| titled).collect();
    own.extend(titled);
    Ok(own)
}
