//! Runs that end before all sources have: stopped by a signal, or out of time.

use super::server::{Reply, Server, reply};
use noticeboard::config::{self, Settings};
use noticeboard::pipeline::{self, Options, Progress, RunError, Stop};
use noticeboard::report::Report;
use noticeboard::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Far more than anything here takes, far less than what hangs would take.
const SOON: Duration = Duration::from_secs(15);

/// A server whose `/hangs…` say nothing until they are mended; every other path has a feed of its own.
async fn server(mended: Arc<AtomicBool>) -> Server {
    Server::start(move |_, request| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        if path.starts_with("/hangs") && !mended.load(Ordering::SeqCst) {
            return Reply::Silence;
        }
        let feed = format!(
            "<rss version='2.0'><channel><title>Ponds</title><item><title>Frogs at {path}</title>\
             <link>https://ponds.example{path}/</link><pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
        );
        reply("200 OK", &[], feed.as_bytes())
    })
    .await
}

fn config(server: &Server, paths: &[&str], fetch: &str) -> String {
    let mut text = format!(
        "[site]\ntitle = \"Ponds\"\nurl = \"https://board.example/\"\ntime_zone = \"UTC\"\n[output]\ndirectory = \"public\"\n[store]\n\
         sqlite = \"board.db\"\n[fetch]\nspacing = 0\n{fetch}\n"
    );
    for path in paths {
        text.push_str(&format!(
            "[[source]]\nid = \"{path}\"\nfrom.http = {{ url = \"{}/{path}\", timeout = 40, allow_private = true }}\n",
            server.address
        ));
    }
    text
}

fn settings(text: &str, folder: &Path) -> Settings {
    config::parse(text, &folder.join("noticeboard.toml"), folder).unwrap_or_else(|error| panic!("{error}"))
}

/// Noon, so many minutes later.
fn at(minutes: i64) -> Options {
    let noon: chrono::DateTime<chrono::Utc> = "2026-12-01T12:00:00Z".parse().unwrap();
    Options::at(noon + chrono::TimeDelta::minutes(minutes))
}

/// What is published but `health.*`.
fn published(folder: &TempDir) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.path().join("public")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(files.insert(path.clone(), std::fs::read(path).unwrap())),
            }
        }
    }
    let name = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
    files
        .into_iter()
        .map(|(path, bytes)| (name(path), bytes))
        .filter(|(path, _)| !path.to_string_lossy().contains("health."))
        .collect()
}

/// What a run that nobody disturbs makes of it, in a folder of its own.
async fn undisturbed(text: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    pipeline::run(&settings(text, folder.path()), &at(0)).await.unwrap();
    published(&folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_keeps_what_it_had_and_the_next_one_completes_it() {
    let (mended, folder) = (Arc::new(AtomicBool::new(false)), tempfile::tempdir().unwrap());
    let server = server(Arc::clone(&mended)).await;
    let text = config(&server, &["quick", "hangs"], "");
    let settings = settings(&text, folder.path());
    let (tell, mut ended) = tokio::sync::mpsc::unbounded_channel();
    let progress = move |progress: &Progress| {
        if let Progress::Fetched { source, .. } = progress {
            let _ = tell.send(source.to_string());
        }
    };
    let options = Options { progress: Some(Box::new(progress)), ..at(0) };
    let (stop, began) = (options.stop.clone(), Instant::now());
    let path = settings.store.clone();
    let disturb = async {
        assert_eq!(ended.recv().await.as_deref(), Some("quick"));
        let write = move || Store::open(&path).unwrap().begin().unwrap();
        tokio::task::spawn_blocking(write).await.unwrap();
        assert!(began.elapsed() < SOON, "others can write while the run waits for the network");
        stop.stop();
    };
    let (result, ()) = tokio::join!(pipeline::run(&settings, &options), disturb);
    assert!(matches!(result, Err(RunError::Stopped)));
    assert!(began.elapsed() < SOON, "it stopped after {:?}", began.elapsed());
    assert_eq!(published(&folder).len(), 0);
    let quick = noticeboard::model::SourceId::new("quick").unwrap();
    let store = Store::open(&settings.store).unwrap();
    assert_eq!(store.count_documents(&quick).unwrap(), 1, "what it had is kept");

    mended.store(true, Ordering::SeqCst);
    drop(store);
    pipeline::run(&settings, &at(0)).await.unwrap();
    assert_eq!(published(&folder), undisturbed(&text).await);
}

#[tokio::test]
async fn a_run_that_is_stopped_while_it_settles_or_publishes_leaves_the_board_as_it_was() {
    let server = server(Arc::new(AtomicBool::new(true))).await;
    let text = config(&server, &["one", "two"], "");
    for stage in ["digest", "settle"] {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(&text, folder.path());
        let stop = Stop::default();
        let stopping = stop.clone();
        let progress = move |progress: &Progress| {
            if matches!(progress, Progress::Stage { name, .. } if *name == stage) {
                stopping.stop();
            }
        };
        let options = Options { progress: Some(Box::new(progress)), stop, ..at(0) };
        let result = pipeline::run(&settings, &options).await;
        assert!(matches!(result, Err(RunError::Stopped)), "after {stage}: {result:?}");
        let store = Store::open(&settings.store).unwrap();
        assert_eq!(store.count_posts().unwrap(), 0, "after {stage}");
        assert!(!folder.path().join("public/feed.atom").exists(), "after {stage}");
        drop(store);
        pipeline::run(&settings, &at(0)).await.unwrap();
        assert_eq!(published(&folder), undisturbed(&text).await, "after {stage}");
    }
}

/// Waits until something is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < SOON, "{what}: not within {SOON:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_program_and_whatever_it_has_started() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let server = server(Arc::new(AtomicBool::new(false))).await;
    let repository = "[[source]]\nid = \"repository\"\nfrom.git = { url = \"http://127.0.0.1:9/ponds.git\", allow_private = true }\n";
    std::fs::write(folder.path().join("noticeboard.toml"), config(&server, &["quick", "hangs"], "") + repository)
        .unwrap();
    // A git that hangs, with a helper that hangs as well.
    let pids = folder.path().join("pids");
    let script = format!("#!/bin/sh\nsleep 60 &\necho $$ >>'{0}'\necho $! >>'{0}'\nwait\n", pids.display());
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    std::fs::write(folder.path().join("bin/git"), script).unwrap();
    std::fs::set_permissions(folder.path().join("bin/git"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    for signal in ["-TERM", "-INT"] {
        let _ = std::fs::remove_file(&pids);
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_noticeboard"));
        program.current_dir(folder.path()).args(["run", "--all", "--now", "2026-12-01T12:00:00Z"]).env("PATH", &path);
        let mut child = program.stderr(std::process::Stdio::piped()).spawn().unwrap();
        let started = || std::fs::read_to_string(&pids).unwrap_or_default().lines().count() >= 2;
        let asked = server.requests().len();
        wait_until("git and both sources asked", || started() && server.requests().len() >= asked + 2);
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        wait_until("the program ends", || child.try_wait().unwrap().is_some());
        let output = child.wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(words.starts_with("stopped; ") && words.lines().count() == 1, "{words}");
        for pid in std::fs::read_to_string(&pids).unwrap().lines() {
            wait_until("git is gone", || {
                let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
                stat.is_empty() || stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
            });
        }
    }
}

#[tokio::test]
async fn sources_that_were_not_reached_come_first_in_the_next_run_and_none_starves() {
    let (mended, folder) = (Arc::new(AtomicBool::new(false)), tempfile::tempdir().unwrap());
    let server = server(Arc::clone(&mended)).await;
    let paths = ["hangs-1", "hangs-2", "hangs-3", "hangs-4", "good-1", "good-2", "good-3"];
    let text = config(&server, &paths, "total = 1\nat_once = 2");
    let settings = settings(&text, folder.path());
    let mut reports: Vec<Report> = Vec::new();
    for run in 0..3 {
        reports.push(pipeline::run(&settings, &at(run * 15)).await.unwrap());
    }
    assert_eq!(reports.iter().map(|report| report.unreached).collect::<Vec<_>>(), [5, 5, 2]);
    assert_eq!(
        reports.iter().map(|report| report.posts).collect::<Vec<_>>(),
        [0, 0, 3],
        "those behind the others had their turn"
    );
    assert_eq!(reports.iter().map(|report| report.new_problems.len()).collect::<Vec<_>>(), [3, 2, 0]);
    let told = |words: &str| {
        let mut told = reports[0].new_problems.iter().map(ToString::to_string);
        told.find(|problem| problem.contains(words)).unwrap_or_else(|| panic!("{words}: {:?}", reports[0].new_problems))
    };
    let problem = told("1 s");
    assert!(problem.contains("raise `total`") && problem.contains("5 of 7"), "{problem}");
    let problem = told("cut short");
    assert!(problem.contains("hangs-") && problem.contains("shorter `timeout`"), "{problem}");
    let hangs = noticeboard::model::SourceId::new("hangs-1").unwrap();
    let state = Store::open(&settings.store).unwrap().source(&hangs).unwrap();
    assert!(state.failures == 2 && state.next_due.is_some(), "it is left alone longer each time: {state:?}");
    let asked: BTreeSet<String> =
        server.requests().iter().filter_map(|request| Some(request.split(' ').nth(1)?.to_owned())).collect();
    assert_eq!(asked.len(), 7, "{asked:?}");
    mended.store(true, Ordering::SeqCst);
    let report = pipeline::run(&settings, &at(60)).await.unwrap();
    assert_eq!((report.unreached, report.posts, report.gone_problems.len()), (0, 7, 5));
}

#[tokio::test]
async fn what_a_page_offers_is_asked_although_another_source_hangs_until_the_end() {
    let server = Server::start(|_, request| {
        let feed = "<rss version='2.0'><channel><title>Ponds</title><item><title>Frogs</title><link>https://ponds.example/frogs/</link>\
                    <pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>";
        let page = "<!doctype html><html><head><title>Ponds</title><link rel=alternate type='application/rss+xml' href='/feed'></head><body></body></html>";
        match request.split(' ').nth(1).unwrap_or_default() {
            "/page" => reply("200 OK", &["Content-Type: text/html"], page.as_bytes()),
            "/feed" => reply("200 OK", &["Content-Type: application/rss+xml"], feed.as_bytes()),
            _ => Reply::Silence,
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&config(&server, &["hangs", "page"], "total = 5"), folder.path());
    let report = pipeline::run(&settings, &at(0)).await.unwrap();
    assert_eq!((report.unreached, report.posts, report.stale.len()), (0, 1, 1), "{:?}", report.new_problems);
}

#[tokio::test]
async fn a_run_that_asks_nobody_on_the_network_takes_no_problem_of_the_network_away() {
    let server = server(Arc::new(AtomicBool::new(false))).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&config(&server, &["hangs-1", "hangs-2"], "total = 1\nat_once = 1"), folder.path());
    assert_eq!(pipeline::run(&settings, &at(0)).await.unwrap().unreached, 1);
    let health = std::fs::read_to_string(folder.path().join("public/health.json")).unwrap();
    assert!(health.contains("\"state\": \"unasked\"") && !health.contains("\"state\": \"ok\""), "{health}");
    let report = pipeline::run(&settings, &Options { offline: true, ..at(1) }).await.unwrap();
    assert_eq!(report.gone_problems.len(), 0);
    assert!(report.standing_problems.iter().any(|problem| problem.to_string().contains("raise `total`")));
}
