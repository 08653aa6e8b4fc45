//! Both snapshots whole, from a folder and from a repository: no file is lost on the way.

use super::board::{Board, Site, files};
use super::data;
use noticeboard::compose::digest;
use noticeboard::model::{Document, Rules, SourceId};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What became of a file.
fn fate(path: &str, bytes: &[u8], rules: &Rules) -> Option<&'static str> {
    let document = Document {
        source: SourceId::new("site").unwrap(),
        key: path.to_owned(),
        url: None,
        media_type: None,
        bytes: bytes.to_owned(),
        version: String::new(),
        first_seen: None,
    };
    let reading = digest(&document, rules);
    match (reading.posts.len(), reading.skipped, reading.problems.len()) {
        (1.., _, _) => Some("post"),
        (0, Some(_), _) => Some("skipped"),
        (0, None, 1..) => Some("problem"),
        (0, None, 0) => None,
    }
}

fn no_file_is_lost(site: &Site) {
    let board = Board::of(site);
    let told = board.program(&["check", "-v"]);
    let root = format!("{}/", site.root);
    let all: Vec<(String, Vec<u8>)> =
        files(&site.path).into_iter().filter(|(path, _)| path.starts_with(&root)).collect();
    assert!(told.contains(&format!("site: {} documents, ", all.len())), "{} files, but\n{told}", all.len());

    let rules = board.rules();
    let mut posts = 0;
    for (path, bytes) in &all {
        match fate(path, bytes, &rules) {
            Some("post") => posts += 1,
            Some("skipped") => {
                assert!(told.contains(&format!("  skipped {path}: ")), "check does not say why {path} is skipped")
            }
            Some(_) => assert!(told.contains(&format!("site: {path}:")), "check does not name {path}"),
            None => panic!("{path} is neither a post, nor skipped for a reason, nor a problem"),
        }
    }
    assert!(posts > 30, "only {posts} posts");
    assert_eq!(board.posts().len(), posts, "posts on the board");
}

#[test]
fn no_file_of_the_old_site_is_lost() {
    let Some(data) = data() else { return };
    no_file_is_lost(&Site::old(&data));
}

#[test]
fn no_file_of_the_new_site_is_lost() {
    let Some(data) = data() else { return };
    no_file_is_lost(&Site::new(&data));
}

/// A repository with everything of a folder committed.
fn repository(of: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files(of) {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let git = |words: &[&str]| {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "core.autocrlf=false"]);
        let output = command.current_dir(folder.path()).args(words).output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "All"]);
    folder
}

fn a_repository_gives_the_same_board(site: Site) {
    let repository = repository(&site.path);
    let from_folder = Board::of(&site).files();
    let from_git = Board::of(&Site { git: true, ..site.at(repository.path().to_owned()) }).files();
    let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&from_folder), names(&from_git));
    for (path, bytes) in &from_folder {
        assert!(from_git[path] == *bytes, "{path} differs between folder and repository");
    }
}

#[test]
fn a_repository_of_the_old_site_gives_the_same_board() {
    let Some(data) = data() else { return };
    a_repository_gives_the_same_board(Site::old(&data));
}

#[test]
fn a_repository_of_the_new_site_gives_the_same_board() {
    let Some(data) = data() else { return };
    a_repository_gives_the_same_board(Site::new(&data));
}
