//! Looking without changing anything: check, preview, explain.

use super::{Options, RunError, gather, lock, overrides, schedule, settle};
use crate::compose;
use crate::config::Settings;
use crate::extract;
use crate::fetch::{self, Arrival, Due, Http, Known, Net, Origin};
use crate::model::*;
use crate::normalize::{self, Context};
use crate::read;
use crate::report::{Checked, CheckedSource, Explained, Preview, PreviewEntry, Report};
use crate::store::{Attempt, SourceState, Store, StoreError};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use url::Url;

/// What every source would give, and everything that is wrong with it. Local sources are read; of others the kept documents are, or with `live`
/// they are asked, unless their server wants to be left alone for now.
pub async fn check(settings: &Settings, options: Options, live: bool) -> Result<Checked, RunError> {
    let options = Options { offline: !live, dry_run: true, all: true, accept: true, ..options };
    // Repositories are kept in one place, where only one may work at a time.
    let lock = if live { lock::take(&settings.store)? } else { None };
    if live && lock.is_none() {
        let busy = "another run is at work on this board\n  hint: check again when it has ended";
        return Err(RunError::Asked(busy.to_owned()));
    }
    let store = Store::in_memory()?;
    let waiting = kept(settings, &options, live, &store)?;
    let mut report = Report::begin(settings.sources.len(), settings.output.directory.clone());
    gather::documents(settings, &options, &store, &mut report).await?;
    settle::touched(settings, &options, &store, &mut report)?;
    overrides::tell(settings, &store, Store::open_existing(&settings.store)?.as_ref())?;
    let mut checked = Checked { sources: Vec::new(), problems: store.problems()? };
    let mut attempts: BTreeMap<SourceId, Attempt> =
        report.asked.into_iter().filter(|_| live).map(|asked| (asked.source, asked.attempt)).collect();
    for source in settings.sources.iter().filter(|source| is_looked_at(&source.id, &options)) {
        let attempt = attempts.remove(&source.id).filter(|_| !source.origin.is_local());
        let format = if attempt.is_some() { format_of(settings, &store, &source.id)? } else { None };
        let waits_until = waiting.get(&source.id).copied();
        checked.sources.push(CheckedSource { attempt, format, waits_until, ..checked_source(&store, &source.id)? });
    }
    Ok(checked)
}

fn is_looked_at(id: &SourceId, options: &Options) -> bool {
    options.only.as_ref().is_none_or(|only| only == id)
}

/// Takes over what is kept of the sources that are not asked. Answers which of them are not because their server wants to be left alone.
fn kept(
    settings: &Settings,
    options: &Options,
    live: bool,
    store: &Store,
) -> Result<BTreeMap<SourceId, DateTime<Utc>>, RunError> {
    let mut waiting = BTreeMap::new();
    let Some(real) = Store::open_existing(&settings.store)? else { return Ok(waiting) };
    store.set_forgotten(&real.forgotten()?)?;
    let mut keys = Vec::new();
    for source in settings.sources.iter().filter(|source| !source.origin.is_local()) {
        let SourceState { last_tried, wait_until, address, .. } = real.source(&source.id)?;
        let state = SourceState { last_tried, wait_until, address, ..SourceState::default() };
        let waits = schedule::must_wait(&state, options.now) && state.address == Some(source.origin.subject());
        if live && waits && is_looked_at(&source.id, options) {
            store.set_source(&source.id, &state)?;
            waiting.extend(state.wait_until.map(|until| (source.id.clone(), until)));
        } else if live {
            continue;
        }
        keys.extend(real.documents_of(&source.id)?.into_iter().filter(|(_, gone)| !gone).map(|(key, _)| key));
    }
    let documents = keys.into_iter().filter_map(|key| match real.last_good(&key) {
        Err(StoreError::Unpackable) => tell_damage(store, &key).err().map(Err),
        document => document.transpose(),
    });
    gather::kept(settings, options, store, documents)?;
    Ok(waiting)
}

/// The kept copy of a document can't be unpacked: the others are looked at all the same.
fn tell_damage(store: &Store, key: &DocumentKey) -> Result<(), StoreError> {
    let problem = Problem::new(ProblemKind::Read, "its copy in the store is damaged, so it was not looked at")
        .at(&key.source, &key.key)
        .hint("ask its source with `check --live`; a run mends the copy when the document changes");
    store.set_problems(&format!("copy of {} {}", key.source, key.key), &[problem])
}

/// What the document at a source's address is written in.
fn format_of(settings: &Settings, store: &Store, id: &SourceId) -> Result<Option<&'static str>, RunError> {
    let Some(follow) = settings.rules.sources.get(id).and_then(|rules| rules.follow.as_ref()) else { return Ok(None) };
    let document = store.last_good(&DocumentKey { source: id.clone(), key: follow.page.clone() })?;
    Ok(document.map(|document| format_name(read::read(&document).format)))
}

fn checked_source(store: &Store, id: &SourceId) -> Result<CheckedSource, RunError> {
    let mut checked = CheckedSource::new(id.clone());
    for (key, _) in store.documents_of(id)? {
        let Some(kept) = store.document(&key)? else { continue };
        if kept.reading.site.is_some() {
            // The configuration of the site comes along with the documents that were asked for.
            continue;
        }
        checked.documents += 1;
        checked.posts += kept.reading.posts.len();
        checked.events += kept.reading.sightings.len();
        checked.unsure.extend(kept.reading.unsure.into_iter().map(|maybe| (key.key.clone(), maybe)));
        if kept.reading.posts.is_empty() {
            checked.skipped.extend(kept.reading.skipped.map(|reason| (key.key, reason)));
        }
    }
    Ok(checked)
}

/// What would be read from an address or a file, by the rules of the source it belongs to if there is one.
pub async fn preview(settings: Option<&Settings>, what: &str, now: DateTime<Utc>) -> Result<Preview, RunError> {
    let source = SourceId::new("preview").ok_or_else(|| RunError::Asked("no source".into()))?;
    let (mut document, problems) = match web_url(&what.replacen("webcal://", "https://", 1)) {
        Some(url) => fetched(&source, url.as_str(), true, now).await?,
        None => (on_disk(&source, what)?, Vec::new()),
    };
    document.first_seen = Some(now);
    let rules = rules_for(settings, &mut document)?;
    let mut preview = Preview { title: what.to_owned(), problems, ..Preview::default() };
    match compose::digest(&document, &rules).offer {
        Some(offer) => {
            let more = if offer.urls.len() > 1 { " and more" } else { "" };
            let first = offer.urls.first().map(Url::as_str).unwrap_or_default();
            preview.format = format!("a web page that offers {}, read in its stead: {first}{more}", offer.kind.told());
            for url in offer.urls.into_iter().take(Offer::MOST_ASKED) {
                follow(&document, &url, &rules, &mut preview).await;
            }
        }
        None => preview.format = format_name(read_into(&document, &rules, &mut preview)).to_owned(),
    }
    Ok(preview)
}

/// Adds what would be read from an address that a page offers.
async fn follow(page: &Document, url: &Url, rules: &Rules, preview: &mut Preview) {
    // What was typed may be anywhere; what a page says may not lead into the private network.
    let is_near = page.url.as_ref().is_some_and(|page| page.origin() == url.origin());
    match fetched(&page.source, url.as_str(), is_near, page.first_seen.unwrap_or_default()).await {
        Ok((mut document, problems)) => {
            document.first_seen = page.first_seen;
            preview.problems.extend(problems);
            read_into(&document, rules, preview);
        }
        Err(error) => {
            preview.problems.push(Problem::new(ProblemKind::Fetch, error.to_string()).at(&page.source, url.as_str()));
        }
    }
}

/// Adds what would be read from a document.
fn read_into(document: &Document, rules: &Rules, preview: &mut Preview) -> Option<Format> {
    let what = &document.key;
    let records = rules.sources.get(&document.source).and_then(|source| source.records.as_ref());
    let read = read::read_by(document, records);
    preview.problems.extend(read.problems);
    if read.entries.is_empty() {
        let reason = read.skipped.map(|reason| PreviewEntry {
            title: what.clone(),
            skipped: Some(reason),
            ..PreviewEntry::default()
        });
        preview.entries.extend(reason);
    }
    for entry in read.entries {
        let Some(context) = Context::new(document, read.format, rules) else { continue };
        let shown = entry_preview(&context, entry, &mut preview.problems);
        preview.entries.push(shown);
    }
    read.format
}

fn entry_preview(context: &Context, entry: Entry, problems: &mut Vec<Problem>) -> PreviewEntry {
    let extraction =
        if entry.kind.is_prose() { extract::extract(&context.prose(&entry)) } else { Extraction::default() };
    let mut shown = PreviewEntry {
        title: clean_line(&entry.title),
        text: normalize::text_of(&entry.html),
        ..PreviewEntry::default()
    };
    let mut reading = Reading::default();
    normalize::normalize(context, entry, extraction, &mut reading);
    if let Some((_, post)) = reading.posts.first() {
        shown.url.clone_from(&post.url);
        shown.published = post.published;
    }
    shown.url = shown.url.or(reading.address);
    shown.skipped = reading.skipped.filter(|_| reading.sightings.is_empty() && reading.posts.is_empty());
    (shown.events, shown.unsure) = (reading.sightings, reading.unsure);
    problems.extend(reading.problems);
    shown
}

fn format_name(format: Option<Format>) -> &'static str {
    match format {
        Some(Format::Markdown) => "Markdown",
        Some(Format::Mdx) => "MDX",
        Some(Format::AsciiDoc) => "AsciiDoc",
        Some(Format::Rst) => "reStructuredText",
        Some(Format::Org) => "Org",
        Some(Format::Records) => "a list of events",
        Some(Format::Schedule) => "a conference's programme",
        Some(Format::Atom) => "Atom",
        Some(Format::Rss) => "RSS",
        Some(Format::JsonFeed) => "JSON Feed",
        Some(Format::ICalendar) => "iCalendar",
        Some(Format::Html) => "a web page",
        None => "unknown format",
    }
}

async fn fetched(
    source: &SourceId,
    url: &str,
    allow_private: bool,
    now: DateTime<Utc>,
) -> Result<(Document, Vec<Problem>), RunError> {
    let http = Http { allow_private, ..Http::at(url) };
    let due = vec![Due { source: source.clone(), origin: Origin::Http(http), known: Known::default() }];
    let net = Net::new(Net::user_agent(""), fetch::Limits::default(), std::path::PathBuf::new(), now);
    let mut arrivals = fetch::due(due, net);
    let (mut document, mut problems) = (None, Vec::new());
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Document(arrived) => document = Some(arrived),
            Arrival::Problem(problem) | Arrival::Failed(fetch::Failed { problem, .. }) => problems.push(problem),
            Arrival::Begun(_) | Arrival::Answered(_) => {}
        }
    }
    let told = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    document.map(|document| (document, problems)).ok_or(RunError::Asked(told))
}

fn on_disk(source: &SourceId, path: &str) -> Result<Document, RunError> {
    let bytes = std::fs::read(path).map_err(|error| RunError::File { path: path.into(), error })?;
    Ok(Document {
        source: source.clone(),
        key: path.to_owned(),
        url: None,
        media_type: None,
        bytes,
        version: String::new(),
        first_seen: None,
    })
}

/// The rules of the configured source that the document belongs to, else plain ones.
fn rules_for(settings: Option<&Settings>, document: &mut Document) -> Result<Rules, RunError> {
    if let Some(settings) = settings {
        let path = std::fs::canonicalize(&document.key).ok();
        for source in &settings.sources {
            let below = match (&source.origin, &path) {
                (Origin::Directory(folder), Some(path)) => {
                    std::fs::canonicalize(&folder.path).ok().and_then(|root| below(path, &root))
                }
                (Origin::Git(git), Some(path)) => {
                    std::fs::canonicalize(&git.url).ok().and_then(|root| below(path, &root))
                }
                (Origin::Http(http), None) => (http.url == document.key).then(|| document.key.clone()),
                _ => None,
            };
            if let Some(key) = below {
                document.source = source.id.clone();
                document.key = key;
                return Ok(settings.rules.clone());
            }
        }
    }
    let mut rules = settings
        .map(|settings| settings.rules.clone())
        .or_else(plain_rules)
        .ok_or_else(|| RunError::Asked("no time zone data".into()))?;
    let follow = Some(Follow { page: document.key.clone(), kinds: OfferKind::ALL.to_vec() });
    let source = SourceRules { follow, ..SourceRules::plain(document.source.clone(), rules.sources.len()) };
    rules.sources.insert(document.source.clone(), source);
    Ok(rules)
}

fn below(path: &Path, root: &Path) -> Option<String> {
    Some(path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/"))
}

fn plain_rules() -> Option<Rules> {
    Some(Rules::plain(Site::nowhere(crate::zone::by_name("UTC")?)?))
}

/// An event by id, beginning of an id, UID, path or page address, with the posts about it.
pub fn explain(settings: &Settings, what: &str) -> Result<Option<Explained>, RunError> {
    let Some(store) = Store::open_existing(&settings.store)? else {
        return Err(RunError::Asked(format!(
            "{}: no store yet\n  hint: run `noticeboard run` first",
            settings.store.display()
        )));
    };
    let Some(event) = store.find_events(what)?.into_iter().next() else { return Ok(None) };
    let ids: BTreeSet<&PostId> = event.announced_in.iter().chain(&event.recapped_in).collect();
    let mut posts = Vec::new();
    for id in ids {
        posts.extend(store.post(id)?);
    }
    let (matches, revisions) = (store.matches(&event.id)?, store.revisions(&event.id)?);
    let (names, hidden) = (store.names_of(&event.id)?, !store.is_living_event(&event.id)?);
    Ok(Some(Explained { event, posts, matches, revisions, names, hidden }))
}
