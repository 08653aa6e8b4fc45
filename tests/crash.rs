//! Killed at any moment, a run leaves a whole board behind, and the next one ends where it would have ended.

mod common;

use common::{Board, copy_folder, files, nth_post};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const FIRST: &str = "2026-12-01T12:00:00Z";
const SECOND: &str = "2026-12-02T12:00:00Z";
const SITE: &str = "board.paperboats.example/";

/// Runs are killed at so many moments of each of two runs: 50 in all.
const MOMENTS: usize = 25;

type Bytes = BTreeMap<String, Vec<u8>>;

/// A board before a run that is going to be killed, and after the same run left alone.
struct Scene {
    sources: String,
    now: &'static str,
    /// A board whose output and store are the state before.
    before: Board,
    old: Bytes,
    new: Bytes,
    took: Duration,
}

impl Scene {
    /// What a run makes of that state when nobody disturbs it.
    fn new(before: Board, sources: String, now: &'static str) -> Self {
        let mut scene = Self { old: published(&before), sources, now, before, new: Bytes::new(), took: Duration::ZERO };
        let reference = scene.copy();
        let started = Instant::now();
        reference.run_well(now);
        scene.took = started.elapsed();
        scene.new = published(&reference);
        assert_ne!(scene.old, scene.new, "nothing to be disturbed");
        scene
    }

    /// The state before, on a board of its own. Posts are shared by all.
    fn copy(&self) -> Board {
        let board = Board::new(&self.sources);
        for folder in ["public", "state"].iter().filter(|folder| self.before.path(folder).exists()) {
            copy_folder(&self.before.path(folder), &board.path(folder));
        }
        board
    }

    /// What a killed run left is a whole board, and the next run completes it.
    fn check(&self, board: &Board, killed: &str) {
        let left = published(board);
        for (name, found) in left.iter().filter(|(name, _)| !name.starts_with(".noticeboard/")) {
            let whole = [&self.old, &self.new].iter().any(|known| known.get(name) == Some(found));
            assert!(whole, "{killed}: {name} is neither the old nor the new file");
        }
        let gone = self.old.keys().filter(|name| self.new.contains_key(*name) && !left.contains_key(*name));
        assert_eq!(gone.collect::<Vec<_>>(), Vec::<&String>::new(), "{killed}: lost");
        assert_eq!(dangling(&left), BTreeSet::new(), "{killed}: refers to what is not there");
        opens(board, killed);
        let told = board.run(self.now, &[]);
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{killed}: the next run");
        let then = published(board);
        let differs = |name: &&String| then.get(*name) != self.new.get(*name);
        let names: BTreeSet<&String> = then.keys().chain(self.new.keys()).filter(differs).collect();
        assert_eq!(names, BTreeSet::new(), "{killed}: differs after the next run");
    }
}

/// All files of the output but `health.*`.
fn published(board: &Board) -> Bytes {
    board.output().into_iter().map(|(name, (bytes, _))| (name, bytes)).collect()
}

/// The store can be opened and read, also by a second look at a copy of it.
fn opens(board: &Board, killed: &str) {
    if !board.path("state/board.db").exists() {
        return;
    }
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&board.path("state"), copy.path());
    let store = noticeboard::store::Store::open(&copy.path().join("board.db"));
    let store = store.unwrap_or_else(|error| panic!("{killed}: {error}"));
    store.count_posts().unwrap_or_else(|error| panic!("{killed}: {error}"));
}

/// References of our files to files of ours that are not there: `from → to`. A folder is there if anything is in it.
fn dangling(files: &Bytes) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for (name, bytes) in files.iter().filter(|(name, _)| !name.starts_with(".noticeboard/")) {
        let text = String::from_utf8_lossy(bytes);
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let absolute = text.match_indices(SITE).map(|(at, _)| word(&text[at + SITE.len()..]).to_owned());
        let mut targets: Vec<String> = absolute.collect();
        if name.ends_with(".html") || name.ends_with(".inc") {
            for attribute in ["href=\"", "src=\""] {
                let values = text.match_indices(attribute).map(|(at, _)| word(&text[at + attribute.len()..]));
                targets.extend(values.filter(|value| is_relative(value)).filter_map(|value| below(folder, value)));
            }
        }
        for target in targets.iter().map(|target| target.split(['#', '?']).next().unwrap_or_default()) {
            let there = match target.strip_suffix('/') {
                _ if target.is_empty() => true,
                Some(_) => files.keys().any(|known| known.starts_with(target)),
                None => files.contains_key(target) || target.starts_with("health."),
            };
            if !there {
                missing.insert(format!("{name} → {target}"));
            }
        }
    }
    missing
}

/// Up to where an address ends.
fn word(text: &str) -> &str {
    text.split(|c: char| c.is_whitespace() || "\"'<>\\&,;)".contains(c)).next().unwrap_or_default()
}

fn is_relative(target: &str) -> bool {
    !target.is_empty() && !target.starts_with('#') && !target.starts_with("//") && !target.contains(':')
}

fn below(folder: &str, target: &str) -> Option<String> {
    let base = url::Url::parse(&format!("https://{SITE}{folder}/").replace("//board", "//board")).ok()?;
    let base = if folder.is_empty() { url::Url::parse(&format!("https://{SITE}")).ok()? } else { base };
    Some(base.join(target).ok()?.path().trim_start_matches('/').to_owned())
}

/// Every `step`th post of the community: by sevens they have one tag, so that there are fewer files to move.
fn posts(folder: &Path, count: usize, step: usize, edition: impl Fn(usize) -> &'static str) {
    fs::create_dir_all(folder).unwrap();
    for n in 0..count {
        fs::write(folder.join(format!("post-{n:04}.md")), nth_post(n * step, edition(n))).unwrap();
    }
}

fn source(id: &str, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "\n[[source]]\nid = \"{id}\"\nfrom.directory = {{ path = \"{folder}\" }}\nlink = \"https://paperboats.example/{{path}}/\"\n"
    )
}

/// A run on an empty output, and one that finds a tenth of the posts changed.
fn two_scenes(folder: &TempDir, count: usize, step: usize) -> [Scene; 2] {
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    posts(&old, count, step, |_| "");
    posts(&new, count, step, |n| if n % 10 == 4 { ", second edition" } else { "" });
    let finished = Board::new(&source("posts", &old));
    finished.run_well(FIRST);
    [
        Scene::new(Board::new(&source("posts", &old)), source("posts", &old), FIRST),
        Scene::new(finished, source("posts", &new), SECOND),
    ]
}

/// Does the work on both cores.
fn on_two_cores(work: usize, one: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(at) = Some(next.fetch_add(1, Ordering::SeqCst)).filter(|at| *at < work) {
                    one(at);
                }
            });
        }
    });
}

#[test]
fn killed_at_any_moment_a_run_leaves_a_whole_board_and_the_next_one_completes_it() {
    let folder = tempfile::tempdir().unwrap();
    for scene in &two_scenes(&folder, 1000, 1) {
        let hits = AtomicUsize::new(0);
        on_two_cores(MOMENTS, |at| {
            let board = scene.copy();
            let moment = scene.took.mul_f64((at as f64 + 0.5) / MOMENTS as f64);
            let mut child = board.command(scene.now, &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(moment);
            child.kill().unwrap();
            let was_killed = child.wait().unwrap().signal() == Some(9);
            hits.fetch_add(usize::from(was_killed), Ordering::SeqCst);
            scene.check(&board, &format!("killed after {moment:?} of {:?}", scene.took));
        });
        let hits = hits.load(Ordering::SeqCst);
        assert!(hits >= MOMENTS / 4, "only {hits} of {MOMENTS} hit a run at work");
    }
}

/// The names that the pipeline gives the steps of a run; those of `forget` are walked in `tests/forget.rs`.
fn named_steps() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, (bytes, _)) in files(Path::new("src/pipeline")).into_iter().filter(|(name, _)| name != "forget.rs") {
        let text = String::from_utf8(bytes).unwrap();
        names.extend(text.split("crash_point(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    assert!(names.contains("before commit") && names.contains("moved"), "{names:?}");
    names
}

/// Lets a run die at a step, and sees that it did.
fn die_at(scene: &Scene, step: &str) {
    let board = scene.copy();
    let status = board.command(scene.now, &[]).env("NOTICEBOARD_CRASH_AT", step).output().unwrap().status;
    assert_eq!(status.signal(), Some(6), "`{step}` was not reached");
    scene.check(&board, &format!("died at `{step}`"));
}

#[test]
fn dying_at_any_step_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for scene in &two_scenes(&folder, 40, 7) {
        let changed = scene.new.iter().filter(|(name, bytes)| scene.old.get(*name) != Some(*bytes));
        let moves =
            changed.filter(|(name, _)| !name.starts_with(".noticeboard/")).map(|(name, _)| format!("move {name}"));
        let steps: Vec<String> = named_steps()
            .into_iter()
            .filter(|step| step != "batch kept")
            .chain(["claim".into(), "manifest".into()])
            .chain(moves)
            .collect();
        on_two_cores(steps.len(), |at| die_at(scene, &steps[at]));
    }
}

#[test]
fn dying_between_two_batches_of_documents_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for scene in &two_scenes(&folder, 250, 7)[..1] {
        die_at(scene, "batch kept");
    }
}

#[test]
fn dying_while_a_source_leaves_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (stays, leaves) = (folder.path().join("stays"), folder.path().join("leaves"));
    posts(&stays, 20, 7, |_| "");
    fs::create_dir_all(&leaves).unwrap();
    fs::write(leaves.join("regatta.md"), common::post("Regatta", "2026-11-01", "startDate: 2027-06-05", "Come all."))
        .unwrap();
    let board = Board::new(&(source("stays", &stays) + &source("leaves", &leaves)));
    board.run_well(FIRST);
    let scene = Scene::new(board, source("stays", &stays), SECOND);
    let removed: Vec<String> =
        scene.old.keys().filter(|name| !scene.new.contains_key(*name)).map(|name| format!("remove {name}")).collect();
    assert!(removed.len() > 3, "{removed:?}");
    on_two_cores(removed.len(), |at| die_at(&scene, &removed[at]));
    die_at(&scene, "manifest");
}

#[test]
fn the_check_itself_notices_half_files_and_dangling_links() {
    let folder = tempfile::tempdir().unwrap();
    let [scene, _] = two_scenes(&folder, 4, 7);
    let board = scene.copy();
    board.run_well(FIRST);
    assert_eq!(dangling(&published(&board)), BTreeSet::new());
    let mut torn = published(&board);
    torn.remove("feed.atom");
    assert!(!dangling(&torn).is_empty(), "a missing feed goes unnoticed");
    let half = &torn["events.ics"][..torn["events.ics"].len() / 2];
    fs::write(board.path("public/events.ics"), half).unwrap();
    let noticed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scene.check(&board, "torn")));
    assert!(noticed.is_err(), "half a file goes unnoticed");
}
