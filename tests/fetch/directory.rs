use super::{Outcome, ask_with, net};
use noticeboard::fetch::directory::Directory;
use noticeboard::fetch::{Known, Origin};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

pub fn origin(path: &Path, include: &[&str], exclude: &[&str]) -> Origin {
    let owned = |globs: &[&str]| globs.iter().map(|g| (*g).to_owned()).collect();
    Origin::Directory(Directory { path: path.to_owned(), include: owned(include), exclude: owned(exclude) })
}

async fn ask(folder: &TempDir, known: Known) -> Outcome {
    ask_with(origin(folder.path(), &[], &[]), known, net(folder.path())).await
}

/// Writes a file that looks as if it had been there for an hour.
fn settled(folder: &TempDir, key: &str, text: &[u8]) {
    written(folder, key, text, SystemTime::now() - Duration::from_secs(3600));
}

fn written(folder: &TempDir, key: &str, text: &[u8], when: SystemTime) {
    let path = folder.path().join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.set_modified(when).unwrap();
}

#[tokio::test]
async fn chosen_files_come_in_order_and_hidden_ones_do_not() {
    let folder = tempfile::tempdir().unwrap();
    for key in ["b.md", "a/z.mdx", "a/b/calendar.ics", ".git/x.md", "logo.png"] {
        settled(&folder, key, b"text");
    }
    let outcome = ask(&folder, Known::default()).await;
    assert_eq!(
        outcome.documents.iter().map(|d| d.key.as_str()).collect::<Vec<_>>(),
        ["b.md", "a/z.mdx", "a/b/calendar.ics"]
    );
    assert_eq!(outcome.present(), ["a/b/calendar.ics", "a/z.mdx", "b.md"]);
    assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
}

#[tokio::test]
async fn an_unchanged_file_comes_once_and_a_changed_one_again() {
    let folder = tempfile::tempdir().unwrap();
    settled(&folder, "a.md", b"one");
    settled(&folder, "b.md", b"two");
    let first = ask(&folder, Known::default()).await;
    let known = first.known(Known::default());
    let second = ask(&folder, known.clone()).await;
    assert!(second.documents.is_empty());
    assert_eq!(second.present(), ["a.md", "b.md"]);
    settled(&folder, "b.md", b"twice");
    fs::remove_file(folder.path().join("a.md")).unwrap();
    let third = ask(&folder, known).await;
    assert_eq!(third.keys(), ["b.md"]);
    assert_eq!(third.present(), ["b.md"]);
}

#[tokio::test]
async fn a_file_written_just_now_is_read_again_next_time() {
    let folder = tempfile::tempdir().unwrap();
    // A minute ahead, so that a slow machine does not make it old.
    written(&folder, "a.md", b"one", SystemTime::now() + Duration::from_secs(60));
    let first = ask(&folder, Known::default()).await;
    assert_eq!(first.documents[0].version, "");
    let second = ask(&folder, first.known(Known::default())).await;
    assert_eq!(second.keys(), ["a.md"]);
}

#[tokio::test]
async fn a_file_too_large_is_one_problem_and_has_not_vanished() {
    let folder = tempfile::tempdir().unwrap();
    settled(&folder, "good.md", b"text");
    File::create(folder.path().join("huge.md")).unwrap().set_len(17 * 1024 * 1024).unwrap();
    let outcome = ask(&folder, Known::default()).await;
    assert_eq!(outcome.keys(), ["good.md"]);
    assert_eq!(outcome.present(), ["good.md", "huge.md"]);
    assert_eq!(outcome.problems.len(), 1);
    assert_eq!(
        outcome.problems[0].to_string(),
        "turku-js: huge.md: expected at most 16 MiB, but found 17825792 bytes\n  hint: leave it out with `exclude`, or split it"
    );
}

#[tokio::test]
async fn a_missing_folder_fails_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = ask_with(origin(&folder.path().join("gone"), &[], &[]), Known::default(), net(folder.path())).await;
    assert_eq!(outcome.failure(), "expected a folder that can be read, but found nothing");
    assert!(outcome.failed.unwrap().hint.unwrap().contains("`path`"));
    let file = folder.path().join("file.md");
    fs::write(&file, "x").unwrap();
    let outcome = ask_with(origin(&file, &[], &[]), Known::default(), net(folder.path())).await;
    assert_eq!(outcome.failure(), "expected a folder that can be read, but found a file");
}

#[tokio::test]
async fn globs_that_choose_nothing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    settled(&folder, "a.md", b"text");
    let outcome = ask_with(origin(folder.path(), &["posts/*.md"], &[]), Known::default(), net(folder.path())).await;
    assert!(outcome.present().is_empty());
    assert!(outcome.problems[0].message.contains("choose no file"), "{:?}", outcome.problems);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;

    #[tokio::test]
    async fn a_link_out_of_the_folder_is_a_problem_and_never_followed() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.md"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        settled(&folder, "good.md", b"text");
        symlink(outside.path().join("secret.md"), folder.path().join("evil.md")).unwrap();
        symlink(outside.path(), folder.path().join("evil")).unwrap();
        symlink("../nowhere.md", folder.path().join("dangling.md")).unwrap();
        symlink("/etc/hostname", folder.path().join("logo.png")).unwrap();
        let outcome = ask(&folder, Known::default()).await;
        assert_eq!(outcome.keys(), ["good.md"]);
        assert_eq!(outcome.present(), ["good.md"]);
        let mut subjects: Vec<_> = outcome.problems.iter().map(|p| p.subject.clone().unwrap()).collect();
        subjects.sort();
        assert_eq!(subjects, ["dangling.md", "evil", "evil.md"]);
    }

    #[tokio::test]
    async fn a_link_inside_is_the_file_it_leads_to_and_loops_end() {
        let folder = tempfile::tempdir().unwrap();
        settled(&folder, "posts/a.md", b"text");
        settled(&folder, ".private/b.md", b"secret");
        symlink("posts/a.md", folder.path().join("alias.md")).unwrap();
        symlink("..", folder.path().join("posts/loop")).unwrap();
        symlink(".private/b.md", folder.path().join("b.md")).unwrap();
        let outcome = ask(&folder, Known::default()).await;
        assert_eq!(outcome.keys(), ["alias.md", "posts/a.md"]);
        assert_eq!(outcome.problems.len(), 1, "{:?}", outcome.problems);
        assert_eq!(outcome.problems[0].subject.as_deref(), Some("b.md"));
    }

    #[tokio::test]
    async fn odd_names_and_pipes_cost_nothing_else() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        settled(&folder, "good.md", b"text");
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
        fs::write(folder.path().join(name), "text").unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.md")).status();
        let outcome = ask(&folder, Known::default()).await;
        assert_eq!(outcome.keys(), ["good.md"]);
        let expected = if made.is_ok_and(|status| status.success()) { 2 } else { 1 };
        assert_eq!(outcome.problems.len(), expected, "{:?}", outcome.problems);
    }
}
